#include "crypto/aead.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "crypto/algorithm.h"

/* EVP counts in int. */
#define PART_MAX ((size_t)1 << 30)

/* Feed `in` through; `out` NULL for authenticated data. */
static int
update(EVP_CIPHER_CTX *ctx, struct slice in, char *out)
{
	size_t n;
	int done;

	while (in.len > 0) {
		n = in.len < PART_MAX ? in.len : PART_MAX;
		if (EVP_CipherUpdate(ctx, (unsigned char *)out, &done,
			(const unsigned char *)in.data, (int)n) != 1)
			return 0;
		in = slice_bytes(in.data + n, in.len - n);
		if (out != NULL)
			out += n;
	}

	return 1;
}

void
aead_seal(const uint8_t key[AEAD_KEY_LEN], const uint8_t nonce[AEAD_NONCE_LEN],
    struct slice aad, struct slice plain, struct buf *ret,
    uint8_t ret_tag[AEAD_TAG_LEN])
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	char *out = buf_extend(ret, plain.len);
	unsigned char none[16];
	int done;

	if (ctx == NULL ||
	    EVP_EncryptInit_ex(ctx, algorithm_aes256_gcm(), NULL, key, nonce) !=
		1 ||
	    update(ctx, aad, NULL) != 1 || update(ctx, plain, out) != 1 ||
	    EVP_EncryptFinal_ex(ctx, none, &done) != 1 ||
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_LEN, ret_tag) != 1)
		abort();
	EVP_CIPHER_CTX_free(ctx);
}

enum err
aead_open(const uint8_t key[AEAD_KEY_LEN], const uint8_t nonce[AEAD_NONCE_LEN],
    struct slice aad, struct slice sealed, const uint8_t tag[AEAD_TAG_LEN],
    struct buf *ret)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t before = ret->len;
	char *out = buf_extend(ret, sealed.len);
	unsigned char none[16], expected[AEAD_TAG_LEN];
	enum err rc = ERR_CRYPTO;
	int done;

	memcpy(expected, tag, sizeof(expected)); /* EVP wants it writable */
	if (ctx != NULL &&
	    EVP_DecryptInit_ex(ctx, algorithm_aes256_gcm(), NULL, key, nonce) ==
		1 &&
	    EVP_CIPHER_CTX_ctrl(
		ctx, EVP_CTRL_AEAD_SET_TAG, AEAD_TAG_LEN, expected) == 1 &&
	    update(ctx, aad, NULL) == 1 && update(ctx, sealed, out) == 1 &&
	    EVP_DecryptFinal_ex(ctx, none, &done) == 1)
		rc = OK;
	EVP_CIPHER_CTX_free(ctx);
	if (rc) { /* the plain text is not authentic */
		secret_wipe(out, sealed.len);
		ret->len = before;
		ERR_clear_error();
	}

	return rc;
}
