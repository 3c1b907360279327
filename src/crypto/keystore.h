/*
 * The key store: one file, sealed under a passphrase.
 *
 * Argon2id (RFC 9106) derives the sealing key from the passphrase; AES-256-GCM
 * seals the content and authenticates the header.  Each key has a purpose
 * ("sign", "seal", "tls", "number", "linkage" …), an id, and an epoch that
 * counts up from 1 with every rotation of that purpose.  Rotation adds an
 * epoch and never removes one, so old keys can still read what they sealed.
 *
 * Only this module reads or changes the file; a change replaces the whole file
 * (file_replace), so a crash leaves the old or the new one.
 *
 * The file, of mode 0600 and at most 1 MiB:
 *
 *   "bango-keystore\n"
 *   one line of JSON: {"version": 1, "kdf": "argon2id", "memory": KiB,
 *     "passes": n, "lanes": 1, "salt": 16 bytes, "cipher": "A256GCM",
 *     "nonce": 12 bytes}, bytes being base64url
 *   the sealed keys, one after another, in the order they were added
 *   the tag, 16 bytes
 *
 * Both lines, with their line feeds, are authenticated.  A key is: length of
 * the purpose (1 byte), purpose, epoch (4), kind (1: 0 symmetric, 1 private),
 * length of the id (1), id, instant made in milliseconds (8), length of the
 * secret (4), secret; numbers are big-endian.  Salt and nonce are fresh with
 * every save.  A header that asks for more than 256 MiB or 16 passes is
 * refused before any work is done.
 */
#ifndef BANGO_CRYPTO_KEYSTORE_H
#define BANGO_CRYPTO_KEYSTORE_H

#include "base/slice.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/random.h"

#define KEY_PURPOSE_MAX 31

enum key_kind {
	KEY_SYMMETRIC, /* 32 random bytes */
	KEY_PRIVATE,   /* PKCS#8 DER of a private key */
};

/* A key for each use: HMAC-SHA-256 (RFC 2104) under the stored key over
 * "bango-rest-tag" or "bango-rest-seal". */
enum key_use { KEY_USE_TAG, KEY_USE_SEAL, KEY_USES };

struct stored_key {
	char purpose[KEY_PURPOSE_MAX + 1];
	uint32_t epoch;
	enum key_kind kind;
	char id[44]; /* of the key, not secret */
	struct instant made;
	struct slice secret; /* borrowed from the key store */
	/* Keys that are made of a symmetric key (rest.h). */
	struct digest uses[KEY_USES];
};

struct keystore;

/*
 * Cost of Argon2id: KEYSTORE_STRONG for people's passphrases (64 MiB, 3
 * passes), KEYSTORE_FAST for a machine-made passphrase of 128 bits or more
 * (the file says which; both are read).
 */
enum keystore_cost { KEYSTORE_STRONG, KEYSTORE_FAST };

/* An empty key store in memory. */
struct keystore *keystore_new(enum keystore_cost cost);
/* ERR_NOT_FOUND, ERR_CRYPTO for a wrong passphrase or an altered file (they
 * cannot be told apart), ERR_CORRUPT if it is no key store of version 1. */
MUST_USE enum err keystore_open(const char *path, struct slice passphrase,
    struct keystore **ret, struct problem *problem);
/* ERR_INPUT for an empty passphrase; ERR_FULL, ERR_IO. */
MUST_USE enum err
keystore_save(struct keystore *ks, const char *path, struct slice passphrase,
    const struct random *random, struct problem *problem);
void keystore_free(struct keystore *ks); /* wipes */
/* For the next save, under another kind of passphrase. */
void keystore_set_cost(struct keystore *ks, enum keystore_cost cost);

/*
 * Add the next epoch of `purpose` (1 to KEY_PURPOSE_MAX characters): 32 fresh
 * random bytes, whose id is derived from them, or a given private key with
 * its id (at most 43 characters).  *ret_epoch may be NULL.  Pointers to older
 * keys stay good.
 */
void keystore_add_symmetric(struct keystore *ks, const char *purpose,
    const struct random *random, struct instant now, uint32_t *ret_epoch);
void keystore_add_private(struct keystore *ks, const char *purpose,
    const char *id, struct slice der, struct instant now, uint32_t *ret_epoch);

/* The newest epoch, or a given one; NULL if there is none. */
const struct stored_key *
keystore_current(const struct keystore *ks, const char *purpose);
const struct stored_key *
keystore_epoch(const struct keystore *ks, const char *purpose, uint32_t epoch);
/* For listings: index 0.. until NULL. */
const struct stored_key *keystore_at(const struct keystore *ks, size_t index);

#endif
