#include "crypto/lthash.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/algorithm.h"

struct lthasher {
	EVP_CIPHER_CTX *ctx;
	uint8_t bytes[LTHASH_BYTES]; /* of the element under way */
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
	    EVP_EncryptUpdate(h->ctx, h->bytes, &n, zeros, LTHASH_BYTES) != 1 ||
	    n != LTHASH_BYTES)
		abort();
}

static uint16_t
lane(const uint8_t *bytes, size_t i)
{
	return (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
}

void
lthash_add(struct lthasher *h, const struct digest *element, struct lthash *sum)
{
	size_t i;

	expand(h, element);
	for (i = 0; i < LTHASH_LANES; i++)
		sum->lanes[i] = (uint16_t)(sum->lanes[i] + lane(h->bytes, i));
}

void
lthash_remove(
    struct lthasher *h, const struct digest *element, struct lthash *sum)
{
	size_t i;

	expand(h, element);
	for (i = 0; i < LTHASH_LANES; i++)
		sum->lanes[i] = (uint16_t)(sum->lanes[i] - lane(h->bytes, i));
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
	size_t i;

	if (bytes.len != LTHASH_BYTES)
		return ERR_INPUT;
	for (i = 0; i < LTHASH_LANES; i++)
		ret->lanes[i] = lane((const uint8_t *)bytes.data, i);

	return OK;
}
