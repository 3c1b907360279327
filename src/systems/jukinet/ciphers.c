#include "systems/jukinet/ciphers.h"

#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "number/ff1_digits.h"

static const struct {
	const char *purpose;
	enum ff1_length length;
} kinds[CIPHER_COUNT] = {
    [CIPHER_CODE] = {"resident-code", FF1_LENGTH_10},
    [CIPHER_NUMBER] = {"number", FF1_LENGTH_11},
};

struct ciphers {
	struct ff1_digits *ff1[CIPHER_COUNT][CIPHERS_EPOCHS_MAX];
	unsigned int epochs[CIPHER_COUNT];
};

static enum err
expand(struct ciphers *ciphers, const struct keystore *keys, enum cipher cipher)
{
	const char *purpose = kinds[cipher].purpose;
	const struct stored_key *key = keystore_current(keys, purpose);
	unsigned int epoch, newest;
	enum err rc = OK;

	if (key == NULL)
		return ERR_CRYPTO;
	newest = key->epoch;
	if (newest > CIPHERS_EPOCHS_MAX)
		return ERR_TOO_LARGE;
	for (epoch = 1; rc == OK && epoch <= newest; epoch++) {
		key = keystore_epoch(keys, purpose, epoch);
		if (key == NULL ||
		    ff1_digits_new(key->secret, kinds[cipher].length,
			&ciphers->ff1[cipher][epoch - 1]))
			rc = ERR_CRYPTO;
	}
	ciphers->epochs[cipher] = newest;

	return rc;
}

enum err
ciphers_new(const struct keystore *keys, struct ciphers **ret)
{
	struct ciphers *ciphers = heap_array(1, sizeof(*ciphers));
	enum err rc;

	rc = expand(ciphers, keys, CIPHER_CODE);
	if (rc == OK)
		rc = expand(ciphers, keys, CIPHER_NUMBER);
	if (rc) {
		ciphers_free(ciphers);
		return rc;
	}
	*ret = ciphers;

	return OK;
}

void
ciphers_free(struct ciphers *ciphers)
{
	size_t i, j;

	if (ciphers == NULL)
		return;
	for (i = 0; i < CIPHER_COUNT; i++) {
		for (j = 0; j < CIPHERS_EPOCHS_MAX; j++)
			ff1_digits_free(ciphers->ff1[i][j]);
	}
	free(ciphers);
}

unsigned int
ciphers_epoch(const struct ciphers *ciphers, enum cipher cipher)
{
	return ciphers->epochs[cipher];
}

void
ciphers_encrypt(const struct ciphers *ciphers, enum cipher cipher,
    unsigned int epoch, uint64_t *values, size_t n)
{
	assert(epoch >= 1 && epoch <= ciphers->epochs[cipher]);
	ff1_digits_encrypt(ciphers->ff1[cipher][epoch - 1], values, n);
}

void
ciphers_decrypt(const struct ciphers *ciphers, enum cipher cipher,
    unsigned int epoch, uint64_t *values, size_t n)
{
	assert(epoch >= 1 && epoch <= ciphers->epochs[cipher]);
	ff1_digits_decrypt(ciphers->ff1[cipher][epoch - 1], values, n);
}
