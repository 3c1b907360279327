/* Certificates that the authority issues to a system: for TLS, and for each of its
 * signing keys. */
#include "nation/issue.h"
#include "crypto/sign.h"
#include "pki/attest.h"

enum err
nation_issue(struct authority *ca, const struct system_config *system,
    struct instant from, struct instant to, struct buf *ret_key,
    struct buf *ret_pem)
{
	const char *hosts[] = {system->host, "localhost", "127.0.0.1", NULL};
	const struct certificate_request request = {
	    .common_name = slice_of(system->id.text),
	    .organisation = slice_of(system->organisation->name),
	    .hosts = hosts,
	    .not_before = from,
	    .not_after = to};

	return authority_issue(ca, &request, ret_key, ret_pem);
}

static enum err
attest(struct authority *ca, const struct system_config *system,
    const struct stored_key *stored, json_t *list)
{
	const struct certificate_request request = {
	    .common_name = slice_of(system->id.text),
	    .organisation = slice_of(system->organisation->name),
	    .not_before = instant_plus(stored->made, -CERTIFICATE_SLACK_MS),
	    .not_after = instant_plus(stored->made, CERTIFICATE_MS)};
	struct signing_key *key = NULL;
	json_t *jwk = NULL;
	struct buf pem;
	enum err rc;

	buf_init(&pem);
	rc = signing_key_decode(stored->secret, &key);
	if (rc == OK) {
		jwk = signing_key_jwk(key);
		rc = authority_attest(ca, &request, jwk, &pem);
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
	uint32_t epoch = (uint32_t)json_array_size(list);
	enum err rc = OK;

	while (rc == OK &&
	    (stored = keystore_epoch(keys, "sign", ++epoch)) != NULL)
		rc = attest(ca, system, stored, list);

	return rc;
}
