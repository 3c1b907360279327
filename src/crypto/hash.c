#include "crypto/hash.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "base/arena.h"
#include "base/secret.h"
#include "crypto/algorithm.h"

#define BLOCK 64 /* of SHA-256 */

struct hasher {
	EVP_MD_CTX *ctx;
};

/* A context keeps state, so each thread makes its own, once: to make one costs
 * more than to hash a line. */
static once_flag once = ONCE_FLAG_INIT;
static tss_t context;

static void
free_context(void *ctx)
{
	EVP_MD_CTX_free(ctx);
}

static void
create_key(void)
{
	if (tss_create(&context, free_context) != thrd_success)
		abort();
}

static EVP_MD_CTX *
begun(void)
{
	EVP_MD_CTX *ctx;

	call_once(&once, create_key);
	ctx = tss_get(context);
	if (ctx != NULL)
		return ctx;
	ctx = EVP_MD_CTX_new();
	if (ctx == NULL ||
	    EVP_DigestInit_ex(ctx, algorithm_sha256(), NULL) != 1 ||
	    tss_set(context, ctx) != thrd_success)
		abort();

	return ctx;
}

/* The hash of one after the other.  To begin again wipes what was hashed. */
static struct digest
hash(const struct slice *parts, size_t n)
{
	EVP_MD_CTX *ctx = begun();
	struct digest d;
	size_t i;

	for (i = 0; i < n; i++) {
		if (parts[i].len > 0 &&
		    EVP_DigestUpdate(ctx, parts[i].data, parts[i].len) != 1)
			abort();
	}
	if (EVP_DigestFinal_ex(ctx, d.bytes, NULL) != 1 ||
	    EVP_DigestInit_ex(ctx, NULL, NULL) != 1)
		abort();

	return d;
}

struct digest
digest_of(struct slice data)
{
	return hash(&data, 1);
}

/* One of the two hashes of RFC 2104: of the padded key and the data. */
static struct digest
hash_padded(const uint8_t key[BLOCK], uint8_t pad, struct slice data)
{
	uint8_t padded[BLOCK];
	struct digest d;
	size_t i;

	for (i = 0; i < BLOCK; i++)
		padded[i] = key[i] ^ pad;
	d = hash(
	    (struct slice[]){slice_bytes(padded, sizeof(padded)), data}, 2);
	secret_wipe(padded, sizeof(padded));

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
	    EVP_DigestInit_ex(h->ctx, algorithm_sha256(), NULL) != 1)
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
