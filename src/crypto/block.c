#include "crypto/block.h"

#include <assert.h>
#include <limits.h>
#include <openssl/evp.h>
#include <stdlib.h>

/* As many blocks as OpenSSL's int can count in bytes. */
#define BLOCKS_MAX ((size_t)INT_MAX / BLOCK_LEN)

static const EVP_CIPHER *
cipher_of(size_t key_len)
{
	switch (key_len) {
	case 16:
		return EVP_aes_128_ecb();
	case 24:
		return EVP_aes_192_ecb();
	case 32:
		return EVP_aes_256_ecb();
	default:
		return NULL;
	}
}

/* The key's schedule, made once; ends the process if OpenSSL cannot. */
static EVP_CIPHER_CTX *
schedule(struct slice key, int encrypt)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (ctx == NULL ||
	    EVP_CipherInit_ex(ctx, cipher_of(key.len), NULL,
		(const unsigned char *)key.data, NULL, encrypt) != 1 ||
	    EVP_CIPHER_CTX_set_padding(ctx, 0) != 1)
		abort();

	return ctx;
}

enum err
block_cipher_init(struct slice key, struct block_cipher *ret)
{
	if (cipher_of(key.len) == NULL)
		return ERR_INPUT;
	ret->encrypt = schedule(key, 1);
	ret->decrypt = schedule(key, 0);

	return OK;
}

void
block_cipher_done(struct block_cipher *cipher)
{
	EVP_CIPHER_CTX_free(cipher->encrypt); /* wipes the schedule */
	EVP_CIPHER_CTX_free(cipher->decrypt);
	cipher->encrypt = NULL;
	cipher->decrypt = NULL;
}

static void
run(EVP_CIPHER_CTX *ctx, const unsigned char *in, unsigned char *out, size_t n)
{
	size_t part;
	int len, done;

	assert(ctx != NULL);
	while (n > 0) {
		part = n < BLOCKS_MAX ? n : BLOCKS_MAX;
		len = (int)(part * BLOCK_LEN);
		if (EVP_CipherUpdate(ctx, out, &done, in, len) != 1 ||
		    done != len)
			abort();
		in += len;
		out += len;
		n -= part;
	}
}

void
block_encrypt(
    const struct block_cipher *cipher, const void *in, void *out, size_t n)
{
	run(cipher->encrypt, in, out, n);
}

void
block_decrypt(
    const struct block_cipher *cipher, const void *in, void *out, size_t n)
{
	run(cipher->decrypt, in, out, n);
}
