/* Certificates that the authority issues to a system: for TLS, and for each of its
 * signing keys. */
#include "nation/issue.h"
#include "crypto/sign.h"
#include "pki/attest.h"

void
nation_wish(const struct system_config *system, enum certificate_use use,
    struct system_wish *ret)
{
	*ret = (struct system_wish){
	    .request = {.common_name = slice_of(system->id.text),
		.organisation = slice_of(system->organisation->name)},
	    .hosts = {system->host, "localhost", "127.0.0.1", NULL}};
	if (use == CERTIFICATE_TLS)
		ret->request.hosts = ret->hosts;
}

enum err
nation_issue(struct authority *ca, const struct system_config *system,
    struct instant from, struct instant to, struct buf *ret_key,
    struct buf *ret_pem)
{
	struct system_wish wish;

	nation_wish(system, CERTIFICATE_TLS, &wish);
	wish.request.not_before = from;
	wish.request.not_after = to;

	return authority_issue(ca, &wish.request, ret_key, ret_pem);
}

static void
set_signing_times(struct certificate_request *request, struct instant made)
{
	request->not_before = instant_plus(made, -CERTIFICATE_SLACK_MS);
	request->not_after = instant_plus(made, CERTIFICATE_MS);
}

void
nation_set_times(struct system_wish *wish, enum certificate_use use,
    struct instant begin, struct instant until)
{
	struct instant made = instant_plus(begin, -KEY_ANNOUNCED_MS);

	if (use == CERTIFICATE_SIGNING) {
		set_signing_times(&wish->request, made);
		return;
	}
	wish->request.not_before = made;
	wish->request.not_after = until;
}

static enum err
attest(struct authority *ca, const struct system_config *system,
    const struct stored_key *stored, json_t *list)
{
	struct signing_key *key = NULL;
	struct system_wish wish;
	json_t *jwk = NULL;
	struct buf pem;
	enum err rc;

	nation_wish(system, CERTIFICATE_SIGNING, &wish);
	set_signing_times(&wish.request, stored->made);
	buf_init(&pem);
	rc = signing_key_decode(stored->secret, &key);
	if (rc == OK) {
		jwk = signing_key_jwk(key);
		rc = authority_attest(ca, &wish.request, jwk, &pem);
	}
	if (rc == OK)
		json_push_text(list, buf_slice(&pem));
	json_decref(jwk);
	signing_key_free(key);
	buf_done(&pem);

	return rc;
}

enum err
nation_attest(struct authority *ca, const struct system_config *system,
    const struct keystore *keys, json_t *list)
{
	const struct stored_key *stored;
	uint32_t epoch = certificates_epoch(list, keys, UINT32_MAX);
	enum err rc = OK;

	while (rc == OK &&
	    (stored = keystore_epoch(keys, "sign", ++epoch)) != NULL)
		rc = attest(ca, system, stored, list);

	return rc;
}
