#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"

#define BLOCK 64 /* of SHA-256 */

struct hasher {
	EVP_MD_CTX *ctx;
};

struct digest
digest_of(struct slice data)
{
	static const EVP_MD *sha256; /* fetched once: a fetch costs more */
	struct digest d;
	unsigned int len = sizeof(d.bytes);

	if (sha256 == NULL)
		sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (sha256 == NULL ||
	    EVP_Digest(data.data == NULL ? "" : data.data, data.len, d.bytes,
		&len, sha256, NULL) != 1)
		abort();

	return d;
}

/* One of the two hashes of RFC 2104: of the padded key and the data. */
static struct digest
hash_padded(const uint8_t key[BLOCK], uint8_t pad, struct slice data)
{
	struct buf text;
	struct digest d;
	char *at;
	size_t i;

	buf_init(&text);
	at = buf_extend(&text, BLOCK);
	for (i = 0; i < BLOCK; i++)
		at[i] = (char)(key[i] ^ pad);
	buf_add(&text, data);
	d = digest_of(buf_slice(&text));
	buf_done(&text);

	return d;
}

struct digest
digest_keyed(struct slice key, struct slice data)
{
	uint8_t block[BLOCK] = {0};
	struct digest d;

	if (key.len > BLOCK) {
		d = digest_of(key);
		key = digest_slice(&d);
	}
	if (key.len > 0)
		memcpy(block, key.data, key.len);
	d = hash_padded(block, 0x36, data);
	d = hash_padded(block, 0x5c, digest_slice(&d));
	secret_wipe(block, sizeof(block));

	return d;
}

bool
digest_equal(const struct digest *a, const struct digest *b)
{
	return secret_equal(a->bytes, b->bytes, sizeof(a->bytes));
}

struct slice
digest_slice(const struct digest *d)
{
	return slice_bytes(d->bytes, sizeof(d->bytes));
}

enum err
digest_from_bytes(struct slice bytes, struct digest *ret)
{
	return slice_copy_exact(bytes, ret->bytes, sizeof(ret->bytes));
}

struct hasher *
hasher_new(void)
{
	struct hasher *h = heap_alloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	if (h->ctx == NULL ||
	    EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL) != 1)
		abort();

	return h;
}

void
hasher_add(struct hasher *h, struct slice data)
{
	if (data.len > 0 && EVP_DigestUpdate(h->ctx, data.data, data.len) != 1)
		abort();
}

struct digest
hasher_finish(struct hasher *h)
{
	struct digest d;
	unsigned int len = sizeof(d.bytes);

	if (EVP_DigestFinal_ex(h->ctx, d.bytes, &len) != 1)
		abort();
	EVP_MD_CTX_free(h->ctx);
	free(h);

	return d;
}

bool
secret_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}
