#include "pki/revoked.h"

#include <string.h>

#include "base/secret.h"
#include "base/shape.h"
#include "crypto/jose.h"
#include "pki/pem.h"
#include "pki/x509_internal.h"

#define SPKI_DIGITS (2 * sizeof(struct digest))

static const struct field entry_fields[] = {
    OPTION(revoked_entry, spki, TEXT(SPKI_DIGITS),
	"SHA-256 of the SubjectPublicKeyInfo, in hexadecimal digits"),
    OPTION(revoked_entry, jwk, TEXT(KEY_ID_LEN),
	"thumbprint of the signing key (RFC 7638), in base64url"),
    FIELD(revoked_entry, system, TEXT(REVOKED_SYSTEM_MAX), "the key's owner"),
    FIELD(revoked_entry, since, INSTANT,
	"the instant from which the key is not trusted"),
    FIELD(revoked_entry, reason, WORD("superseded|compromised|ended"),
	"the reason"),
};
static const struct shape revoked_entry_shape =
    SHAPE(revoked_entry, entry_fields);

static const struct field list_fields[] = {
    FIELD(revoked_list, number, INT(1, INT64_MAX), "the number of the list"),
    FIELD(revoked_list, time, INSTANT, "the time at which it was signed"),
    OBJECTS(revoked_list, entries, revoked_entry, REVOKED_ENTRIES_MAX,
	"the revoked keys"),
};
static const struct shape revoked_list_shape = SHAPE(revoked_list, list_fields);

struct slice
revoked_key(const struct revoked_entry *entry)
{
	return slice_is_empty(entry->spki) ? entry->jwk : entry->spki;
}

static bool
is_hex(struct slice s)
{
	return strspn(s.data, "0123456789abcdef") >= s.len;
}

/* One key, and its text whole. */
static bool
is_fit(const struct revoked_entry *e)
{
	if (slice_is_empty(e->spki))
		return e->jwk.len == KEY_ID_LEN;

	return slice_is_empty(e->jwk) && e->spki.len == SPKI_DIGITS &&
	    is_hex(e->spki);
}

static enum err
check_entries(const struct revoked_list *list, struct problem *problem)
{
	size_t i;

	for (i = 0; i < list->n_entries; i++) {
		if (!is_fit(&list->entries[i]))
			return problem_set(problem, ERR_INPUT,
			    "the list of revoked keys, entry %zu: expected "
			    "either spki, of 64 hexadecimal digits, or jwk, of "
			    "43 characters",
			    i + 1);
	}

	return OK;
}

enum err
authority_sign_revoked(const struct authority *ca, struct arena *arena,
    const struct revoked_list *list, struct buf *ret)
{
	struct signing_key *key = NULL;
	struct problem problem = {0};
	struct slice text;
	struct buf der;
	enum err rc;

	TRY(check_entries(list, &problem));
	TRY(shape_text(&revoked_list_shape, arena, list, &text, &problem));
	buf_init(&der);
	rc = authority_key(ca, &der);
	if (rc == OK)
		rc = signing_key_decode(buf_slice(&der), &key);
	if (rc == OK)
		rc = jws_sign(key, REVOKED_TYPE, text, ret);
	signing_key_free(key);
	secret_wipe(der.data, der.len);
	buf_done(&der);

	return rc;
}

static enum err
verify(const struct jws *jws, struct slice anchor_pem)
{
	X509 *anchor = pem_certificate(anchor_pem);
	json_t *jwk =
	    anchor == NULL ? NULL : x509_jwk(X509_get_X509_PUBKEY(anchor));
	struct verify_key *key = NULL;
	enum err rc = ERR_CRYPTO;

	if (jwk != NULL && verify_key_from_jwk(jwk, &key) == OK)
		rc = jws_verify(jws, key);
	verify_key_free(key);
	json_decref(jwk);
	X509_free(anchor);

	return rc;
}

enum err
revoked_open(struct arena *arena, struct slice text, struct slice anchor_pem,
    struct revoked_list *ret, struct problem *problem)
{
	struct jws jws;

	if (text.len > REVOKED_TEXT_MAX ||
	    jws_parse(arena, text, REVOKED_TYPE, &jws))
		return problem_set(problem, ERR_INPUT,
		    "the list of revoked keys is not a JWS of the "
		    "type " REVOKED_TYPE);
	if (verify(&jws, anchor_pem))
		return problem_set(problem, ERR_CRYPTO,
		    "the list of revoked keys was not signed by this nation's "
		    "CA");
	TRY(shape_read(&revoked_list_shape, arena, jws.payload, ret, problem));

	return check_entries(ret, problem);
}
