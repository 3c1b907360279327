#include "crypto/lthash.h"

#include <endian.h>
#include <stdlib.h>

#include "base/arena.h"
#include "crypto/algorithm.h"

struct lthasher {
	EVP_CIPHER_CTX *ctx;
	/* The element under way, the lower byte of each number first. */
	uint16_t lanes[LTHASH_LANES];
};

struct lthasher *
lthasher_new(void)
{
	struct lthasher *h = heap_alloc(sizeof(*h));

	h->ctx = EVP_CIPHER_CTX_new();
	if (h->ctx == NULL ||
	    EVP_EncryptInit_ex(
		h->ctx, algorithm_aes256_ctr(), NULL, NULL, NULL) != 1)
		abort();

	return h;
}

void
lthasher_free(struct lthasher *h)
{
	if (h == NULL)
		return;
	EVP_CIPHER_CTX_free(h->ctx);
	free(h);
}

/* The numbers of an element. */
static void
expand(struct lthasher *h, const struct digest *element)
{
	static const uint8_t zeros[LTHASH_BYTES];
	int n = 0;

	if (EVP_EncryptInit_ex(h->ctx, NULL, NULL, element->bytes, zeros) !=
		1 ||
	    EVP_EncryptUpdate(
		h->ctx, (uint8_t *)h->lanes, &n, zeros, LTHASH_BYTES) != 1 ||
	    n != LTHASH_BYTES)
		abort();
}

/* `restrict` lets a compiler make vectors of the loops. */
static void
add_lanes(uint16_t *restrict sum, const uint16_t *restrict lanes)
{
	size_t i;

	for (i = 0; i < LTHASH_LANES; i++)
		sum[i] = (uint16_t)(sum[i] + le16toh(lanes[i]));
}

static void
remove_lanes(uint16_t *restrict sum, const uint16_t *restrict lanes)
{
	size_t i;

	for (i = 0; i < LTHASH_LANES; i++)
		sum[i] = (uint16_t)(sum[i] - le16toh(lanes[i]));
}

void
lthash_add(struct lthasher *h, const struct digest *element, struct lthash *sum)
{
	expand(h, element);
	add_lanes(sum->lanes, h->lanes);
}

void
lthash_remove(
    struct lthasher *h, const struct digest *element, struct lthash *sum)
{
	expand(h, element);
	remove_lanes(sum->lanes, h->lanes);
}

void
lthash_encode(const struct lthash *sum, uint8_t ret[LTHASH_BYTES])
{
	size_t i;

	for (i = 0; i < LTHASH_LANES; i++) {
		ret[2 * i] = (uint8_t)sum->lanes[i];
		ret[2 * i + 1] = (uint8_t)(sum->lanes[i] >> 8);
	}
}

enum err
lthash_decode(struct slice bytes, struct lthash *ret)
{
	const uint8_t *p = (const uint8_t *)bytes.data;
	size_t i;

	if (bytes.len != LTHASH_BYTES)
		return ERR_INPUT;
	for (i = 0; i < LTHASH_LANES; i++)
		ret->lanes[i] = (uint16_t)(p[2 * i] | p[2 * i + 1] << 8);

	return OK;
}
