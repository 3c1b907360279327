#include "pki/attest.h"

#include <openssl/err.h>
#include <string.h>

#include "base/encode.h"
#include "base/text.h"
#include "crypto/sign.h"
#include "pki/pem.h"
#include "pki/x509_internal.h"

const struct extension x509_of_signing_key[] = {
    {NID_basic_constraints, "critical,CA:FALSE"},
    {NID_key_usage, "critical,digitalSignature"},
    {NID_subject_key_identifier, "hash"},
    {NID_authority_key_identifier, "keyid:always"},
    {NID_undef, NULL},
};

/* --- Keys ---------------------------------------------------------------- */

/* The bytes before the point in the SubjectPublicKeyInfo of a key on P-256
 * (RFC 5480 §2), and the 04 of a point that is not compressed. */
static const uint8_t spki_head[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
#define FIELD_LEN 32
#define SPKI_LEN (sizeof(spki_head) + 2 * FIELD_LEN)

/* NULL if it is no key on P-256. */
static EVP_PKEY *
key_of_jwk(const json_t *jwk)
{
	struct verify_key *checked = NULL;
	uint8_t spki[SPKI_LEN];
	const unsigned char *at = spki;
	struct slice x, y;

	if (verify_key_from_jwk(jwk, &checked))
		return NULL;
	verify_key_free(checked);
	memcpy(spki, spki_head, sizeof(spki_head));
	if (json_get_text(jwk, "x", &x, NULL) ||
	    json_get_text(jwk, "y", &y, NULL) ||
	    base64url_decode_exact(x, spki + sizeof(spki_head), FIELD_LEN) ||
	    base64url_decode_exact(
		y, spki + sizeof(spki_head) + FIELD_LEN, FIELD_LEN))
		return NULL;

	return d2i_PUBKEY(NULL, &at, SPKI_LEN);
}

static void
put_field(json_t *jwk, const char *name, const unsigned char *field)
{
	struct buf text;

	buf_init(&text);
	base64url_encode(slice_bytes(field, FIELD_LEN), &text);
	json_put_text(jwk, name, buf_slice(&text));
	buf_done(&text);
}

json_t *
x509_jwk(const X509_PUBKEY *key)
{
	unsigned char *spki = NULL;
	json_t *jwk = NULL;
	int len;

	len = i2d_X509_PUBKEY(key, &spki);
	if (len == (int)SPKI_LEN &&
	    memcmp(spki, spki_head, sizeof(spki_head)) == 0) {
		jwk = json_object();
		json_put_text(jwk, "kty", SLICE("EC"));
		json_put_text(jwk, "crv", SLICE("P-256"));
		put_field(jwk, "x", spki + sizeof(spki_head));
		put_field(jwk, "y", spki + sizeof(spki_head) + FIELD_LEN);
	}
	OPENSSL_free(spki);

	return jwk;
}

enum err
authority_attest(struct authority *ca,
    const struct certificate_request *request, const json_t *jwk,
    struct buf *ret_cert_pem)
{
	EVP_PKEY *key = key_of_jwk(jwk);
	X509 *cert = NULL;
	enum err rc;

	rc = key == NULL
	    ? ERR_CRYPTO
	    : x509_issue(ca, request, x509_of_signing_key, key, &cert);
	if (rc == OK)
		rc = x509_write(cert, ret_cert_pem);
	if (rc)
		ERR_clear_error();
	X509_free(cert);
	EVP_PKEY_free(key);

	return rc;
}

/* Signed by the anchor, which is an authority; the time is not checked. */
static bool
is_chained(X509 *cert, X509 *anchor)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	bool is = store != NULL && ctx != NULL &&
	    X509_STORE_add_cert(store, anchor) == 1 &&
	    X509_STORE_set_flags(store,
		X509_V_FLAG_X509_STRICT | X509_V_FLAG_NO_CHECK_TIME) == 1 &&
	    X509_STORE_CTX_init(ctx, store, cert, NULL) == 1 &&
	    X509_verify_cert(ctx) == 1;

	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);

	return is;
}

/* Certificates for TLS have an extended key usage, both sides of a connection;
 * those for signing none. */
static bool
has_use(X509 *cert, enum certificate_use *ret)
{
	uint32_t flags = X509_get_extension_flags(cert);

	if (X509_get_key_usage(cert) != KU_DIGITAL_SIGNATURE ||
	    (flags & EXFLAG_CA) != 0)
		return false;
	*ret = (flags & EXFLAG_XKUSAGE) != 0 ? CERTIFICATE_TLS
					     : CERTIFICATE_SIGNING;

	return *ret == CERTIFICATE_SIGNING ||
	    X509_get_extended_key_usage(cert) ==
	    (XKU_SSL_SERVER | XKU_SSL_CLIENT);
}

/* While both are valid. */
static enum err
read_times(const X509 *cert, const X509 *anchor, struct attested_key *ret)
{
	struct instant from, to;
	enum err rc;

	rc = x509_validity(anchor, &from, &to);
	if (rc == OK)
		rc = x509_validity(cert, &ret->not_before, &ret->not_after);
	if (rc)
		return rc;
	if (instant_is_before(ret->not_before, from))
		ret->not_before = from;
	if (instant_is_before(to, ret->not_after))
		ret->not_after = to;

	return OK;
}

enum err
x509_name(
    struct arena *arena, const X509_NAME *name, int nid, struct slice *ret)
{
	int at = X509_NAME_get_index_by_NID(name, nid, -1), len;
	unsigned char *text = NULL;
	enum err rc = ERR_INPUT;

	*ret = (struct slice){0};
	if (at < 0)
		return OK;
	if (X509_NAME_get_index_by_NID(name, nid, at) >= 0)
		return ERR_INPUT;
	len = ASN1_STRING_to_UTF8(
	    &text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (len < 0)
		return ERR_INPUT;
	*ret = arena_copy(arena, slice_bytes(text, (size_t)len));
	if (text_is_printable(*ret))
		rc = OK;
	OPENSSL_free(text);

	return rc;
}

/* The PEM must be spelt as we write it, with no text around it. */
static bool
is_spelt(X509 *cert, struct slice pem)
{
	struct buf again;
	bool is;

	buf_init(&again);
	is = x509_write(cert, &again) == OK &&
	    slice_equal(buf_slice(&again), pem);
	buf_done(&again);

	return is;
}

static enum err
open_certificate(
    struct arena *arena, X509 *cert, X509 *anchor, struct attested_key *ret)
{
	const X509_NAME *name = X509_get_subject_name(cert);
	enum err rc;

	if (!is_chained(cert, anchor) || !has_use(cert, &ret->use))
		return ERR_CRYPTO;
	rc = x509_name(arena, name, NID_commonName, &ret->common_name);
	if (rc == OK)
		rc = x509_name(
		    arena, name, NID_organizationName, &ret->organisation);
	if (rc == OK)
		rc = read_times(cert, anchor, ret);
	if (rc)
		return rc;
	ret->jwk = x509_jwk(X509_get_X509_PUBKEY(cert));

	return ret->jwk == NULL ? ERR_CRYPTO : OK;
}

enum err
certificate_open_any(struct arena *arena, struct slice cert_pem,
    struct slice anchor_pem, struct attested_key *ret)
{
	X509 *cert = pem_certificate(cert_pem);
	X509 *anchor = pem_certificate(anchor_pem);
	struct attested_key key = {0};
	enum err rc = ERR_INPUT;

	if (cert != NULL && anchor != NULL && is_spelt(cert, cert_pem))
		rc = open_certificate(arena, cert, anchor, &key);
	X509_free(cert);
	X509_free(anchor);
	if (rc)
		ERR_clear_error();
	else
		*ret = key;

	return rc;
}

enum err
certificate_open(struct arena *arena, struct slice cert_pem,
    struct slice anchor_pem, struct attested_key *ret)
{
	struct attested_key key;

	TRY(certificate_open_any(arena, cert_pem, anchor_pem, &key));
	if (key.use != CERTIFICATE_SIGNING) {
		json_decref(key.jwk);
		return ERR_CRYPTO;
	}
	*ret = key;

	return OK;
}
