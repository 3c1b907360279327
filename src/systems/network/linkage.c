#include "systems/network/linkage.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "crypto/block.h"
#include "crypto/hash.h"

struct linkage {
	struct block_cipher ciphers[LINKAGE_EPOCHS_MAX]; /* [epoch - 1] */
	bool has[LINKAGE_EPOCHS_MAX];
	uint16_t epoch; /* the newest */
};

/* --- Keys ----------------------------------------------------------------- */

enum err
linkage_new(const struct keystore *keys, struct linkage **ret)
{
	const struct stored_key *key = keystore_current(keys, LINKAGE_KEY);
	struct linkage *linkage;
	uint32_t epoch;

	if (key == NULL)
		return ERR_CRYPTO;
	if (key->epoch > LINKAGE_EPOCHS_MAX)
		return ERR_TOO_LARGE;
	linkage = heap_array(1, sizeof(*linkage));
	linkage->epoch = (uint16_t)key->epoch;
	for (epoch = 1; epoch <= linkage->epoch; epoch++) {
		key = keystore_epoch(keys, LINKAGE_KEY, epoch);
		if (key == NULL)
			continue;
		if (key->secret.len != 32 ||
		    block_cipher_init(
			key->secret, &linkage->ciphers[epoch - 1])) {
			linkage_free(linkage);
			return ERR_CRYPTO;
		}
		linkage->has[epoch - 1] = true;
	}
	*ret = linkage;

	return OK;
}

void
linkage_free(struct linkage *linkage)
{
	size_t i;

	if (linkage == NULL)
		return;
	for (i = 0; i < LINKAGE_EPOCHS_MAX; i++)
		block_cipher_done(&linkage->ciphers[i]);
	free(linkage);
}

uint16_t
linkage_epoch(const struct linkage *linkage)
{
	return linkage->epoch;
}

bool
linkage_has(const struct linkage *linkage, int64_t epoch)
{
	return epoch > 0 && epoch <= linkage->epoch && linkage->has[epoch - 1];
}

/* --- Blocks --------------------------------------------------------------- */

static void
put(uint8_t *to, uint64_t value, size_t len)
{
	while (len-- > 0) {
		to[len] = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t
get(const uint8_t *from, size_t len)
{
	uint64_t value = 0;

	while (len-- > 0)
		value = value << 8 | *from++;

	return value;
}

enum err
linkage_make(const struct linkage *linkage, struct id_code id,
    struct code_owner owner, struct linkage_code *ret)
{
	uint8_t plain[BLOCK_LEN];

	if (!linkage_has(linkage, owner.epoch))
		return ERR_NOT_FOUND;
	put(plain, id.value, 8);
	put(plain + 8, owner.organisation, 4);
	put(plain + 12, owner.epoch, 2);
	put(plain + 14, 0, 2);
	block_encrypt(&linkage->ciphers[owner.epoch - 1], plain, ret->bytes, 1);

	return OK;
}

/* The eight bytes that follow the id code in a block of `organisation`. */
static uint64_t
expected(uint32_t organisation, uint16_t epoch)
{
	return (uint64_t)organisation << 32 | (uint64_t)epoch << 16;
}

enum err
linkage_open(const struct linkage *linkage, const struct linkage_code *code,
    uint32_t organisation, struct id_code *ret, uint16_t *ret_epoch)
{
	enum err rc = ERR_CRYPTO;
	uint8_t plain[BLOCK_LEN];
	uint16_t epoch;

	for (epoch = linkage->epoch; rc != OK && epoch > 0; epoch--) {
		if (!linkage->has[epoch - 1])
			continue;
		block_decrypt(
		    &linkage->ciphers[epoch - 1], code->bytes, plain, 1);
		if (get(plain + 8, 8) == expected(organisation, epoch)) {
			ret->value = get(plain, 8);
			*ret_epoch = epoch;
			rc = OK;
		}
	}

	return rc;
}

enum err
linkage_convert(const struct linkage *linkage, const struct linkage_code *code,
    uint32_t organisation, struct code_owner to, struct linkage_code *ret)
{
	struct id_code id;
	uint16_t epoch;

	TRY(linkage_open(linkage, code, organisation, &id, &epoch));

	return linkage_make(linkage, id, to, ret);
}
