/*
 * For foreign_crypto.sh alone: crypto and pki with files and standard input
 * as their only interface, so that foreign programs can judge them.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypto/jose.h"
#include "pki/x509.h"

#define TYPE "bango-waybill"
#define INPUT_MAX (1u << 20)
#define DAY_MS 86400000
#define BEGIN ((struct instant){1795248000000}) /* 2026-11-21T08:00Z */

static enum err
write_beside(const char *folder, const char *name, struct slice content)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "%s/%s", folder, name);
	rc = file_replace(path.data, content, 0600, NULL);
	buf_done(&path);

	return rc;
}

static enum err
write_jwk(const char *folder, const char *name, json_t *jwk)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(jwk, &text);
	rc = write_beside(folder, name, buf_slice(&text));
	json_decref(jwk);
	buf_done(&text);

	return rc;
}

static enum err
make_keys(const char *folder)
{
	struct signing_key *sign = NULL;
	struct sealing_key *seal = NULL;
	struct arena *arena = arena_new();
	struct buf sign_der, seal_der;
	enum err rc;

	buf_init(&sign_der);
	buf_init(&seal_der);
	rc = signing_key_generate(&sign);
	if (rc == OK)
		rc = sealing_key_generate(&seal);
	if (rc == OK)
		rc = signing_key_encode(sign, &sign_der);
	if (rc == OK)
		rc = sealing_key_encode(seal, &seal_der);
	if (rc == OK)
		rc = write_beside(folder, "sign.der", buf_slice(&sign_der));
	if (rc == OK)
		rc = write_beside(folder, "seal.der", buf_slice(&seal_der));
	if (rc == OK)
		rc = write_jwk(folder, "sign.jwk", signing_key_jwk(sign));
	if (rc == OK)
		rc = write_beside(
		    folder, "seal.jwk", sealing_key_jwk(seal, arena));
	arena_free(arena);
	signing_key_free(sign);
	sealing_key_free(seal);
	buf_done(&sign_der);
	buf_done(&seal_der);

	return rc;
}

/* A key and a certificate, NAME.key and NAME.pem. */
static enum err
issue(struct authority *ca, const char *folder, const char *name,
    struct buf *ret_pem)
{
	static const char *const hosts[] = {"localhost", "127.0.0.1", NULL};
	const struct certificate_request request = {
	    .common_name = slice_of(name),
	    .organisation = SLICE("131041"),
	    .hosts = hosts,
	    .not_before = BEGIN,
	    .not_after = instant_plus(BEGIN, 365 * (int64_t)DAY_MS)};
	struct buf der, key, file;
	enum err rc;

	buf_init(&der);
	buf_init(&key);
	buf_init(&file);
	rc = authority_issue(ca, &request, &der, ret_pem);
	if (rc == OK)
		rc = private_key_pem(buf_slice(&der), &key);
	buf_printf(&file, "%s.key", name);
	if (rc == OK)
		rc = write_beside(folder, file.data, buf_slice(&key));
	buf_clear(&file);
	buf_printf(&file, "%s.pem", name);
	if (rc == OK)
		rc = write_beside(folder, file.data, buf_slice(ret_pem));
	buf_done(&der);
	buf_done(&key);
	buf_done(&file);

	return rc;
}

/* good.pem, revoked.pem, ca.pem; ca.crl from an authority loaded again. */
static enum err
make_certificates(const char *folder)
{
	const struct instant end = instant_plus(BEGIN, 3650 * (int64_t)DAY_MS);
	struct authority *ca = NULL;
	struct buf good, revoked, root, crl;
	enum err rc;

	buf_init(&good);
	buf_init(&revoked);
	buf_init(&root);
	buf_init(&crl);
	rc = authority_new(SLICE("Nation"), BEGIN, end, &ca);
	if (rc == OK)
		rc = issue(ca, folder, "good", &good);
	if (rc == OK)
		rc = issue(ca, folder, "revoked", &revoked);
	if (rc == OK)
		rc = authority_revoke(ca, buf_slice(&revoked), BEGIN);
	if (rc == OK)
		rc = authority_crl(
		    ca, BEGIN, instant_plus(BEGIN, 30 * (int64_t)DAY_MS), &crl);
	if (rc == OK)
		rc = authority_certificate(ca, &root);
	if (rc == OK)
		rc = write_beside(folder, "ca.pem", buf_slice(&root));
	if (rc == OK)
		rc = write_beside(folder, "ca.crl", buf_slice(&crl));
	authority_free(ca);
	buf_done(&good);
	buf_done(&revoked);
	buf_done(&root);
	buf_done(&crl);

	return rc;
}

static enum err
make(const char *folder, struct slice input, struct buf *ret)
{
	enum err rc = make_keys(folder);

	(void)input;
	(void)ret;

	return rc ? rc : make_certificates(folder);
}

static enum err
sign(const char *file, struct slice input, struct buf *ret)
{
	struct signing_key *key = NULL;
	struct buf der;
	enum err rc;

	buf_init(&der);
	rc = file_read(file, INPUT_MAX, &der, NULL);
	if (rc == OK)
		rc = signing_key_decode(buf_slice(&der), &key);
	if (rc == OK)
		rc = jws_sign(key, TYPE, input, ret);
	signing_key_free(key);
	buf_done(&der);

	return rc;
}

static enum err
read_jwk(const char *file, json_t **ret)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	rc = file_read(file, INPUT_MAX, &text, NULL);
	if (rc == OK)
		rc = json_read(buf_slice(&text), file, ret, NULL);
	buf_done(&text);

	return rc;
}

static enum err
verify(const char *file, struct slice input, struct buf *ret)
{
	struct arena *arena = arena_new();
	struct verify_key *key = NULL;
	json_t *jwk = NULL;
	struct jws jws;
	enum err rc;

	rc = read_jwk(file, &jwk);
	if (rc == OK)
		rc = verify_key_from_jwk(jwk, &key);
	if (rc == OK)
		rc = jws_parse(arena, input, TYPE, &jws);
	if (rc == OK)
		rc = jws_verify(&jws, key);
	if (rc == OK)
		buf_add(ret, jws.payload);
	verify_key_free(key);
	json_decref(jwk);
	arena_free(arena);

	return rc;
}

static enum err
seal(const char *file, struct slice input, struct buf *ret)
{
	struct arena *arena = arena_new();
	struct slice sealed = {0};
	struct buf jwk;
	enum err rc;

	buf_init(&jwk);
	rc = file_read(file, INPUT_MAX, &jwk, NULL);
	if (rc == OK)
		rc = jwe_seal(arena, buf_slice(&jwk), input, &sealed);
	buf_add(ret, sealed);
	buf_done(&jwk);
	arena_free(arena);

	return rc;
}

static enum err
unseal(const char *file, struct slice input, struct buf *ret)
{
	struct arena *arena = arena_new();
	struct sealing_key *key = NULL;
	struct slice plain = {0};
	struct buf der;
	enum err rc;

	buf_init(&der);
	rc = file_read(file, INPUT_MAX, &der, NULL);
	if (rc == OK)
		rc = sealing_key_decode(buf_slice(&der), &key);
	if (rc == OK)
		rc = jwe_open(arena, key, input, &plain);
	buf_add(ret, plain);
	sealing_key_free(key);
	buf_done(&der);
	arena_free(arena);

	return rc;
}

static const struct verb {
	const char *name;
	enum err (*run)(const char *file, struct slice input, struct buf *ret);
} verbs[] = {
    {"make", make},     /* FOLDER */
    {"sign", sign},     /* KEY.der, payload on standard input */
    {"verify", verify}, /* KEY.jwk */
    {"seal", seal},     /* KEY.jwk */
    {"open", unseal},   /* KEY.der */
};

int
main(int argc, char **argv)
{
	struct buf input, output;
	enum err rc = ERR_INPUT;
	size_t i;

	buf_init(&input);
	buf_init(&output);
	if (argc == 3)
		rc = file_read("/dev/stdin", INPUT_MAX, &input, NULL);
	for (i = 0; rc == OK && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(argv[1], verbs[i].name) == 0)
			rc = verbs[i].run(argv[2], buf_slice(&input), &output);
	}
	if (rc == OK && output.len > 0)
		fwrite(output.data, 1, output.len, stdout);
	if (rc)
		fprintf(stderr, "crypto_probe: %s\n", err_info(rc)->name);
	buf_done(&input);
	buf_done(&output);

	return rc == OK ? 0 : 1;
}
