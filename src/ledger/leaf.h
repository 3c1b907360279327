/*
 * Leaves: salted hashes of audit entries.  A leaf tells nothing to a reader who
 * does not have the entry.
 *
 *   secret   32 random bytes for each page of 256 leaves, kept by the holder
 *   salt     HMAC-SHA-256(secret, seq as 8 bytes)
 *   data     SHA-256(salt || entry encoded)
 *   leaf     SHA-256(0x00 || data)          (merkle_leaf)
 *
 * An entry is encoded as "bango-audit-v1\n", seq and instant in milliseconds
 * as 8 bytes each, then actor, action, subject, basis and request, each with
 * its length in 4 bytes in front; numbers are big-endian.
 *
 * The salt of one entry, given away with a proof, tells nothing about the salts
 * of others.  Once the secret is erased with the entries, nobody can guess the
 * entry of a leaf and check the guess; the leaf stays, and so does the tree.
 */
#ifndef BANGO_LEDGER_LEAF_H
#define BANGO_LEDGER_LEAF_H

#include "base/time.h"
#include "crypto/hash.h"

#define LEAF_SECRET_LEN 32
#define LEAF_SALT_LEN 32

/* A row of the audit, borrowed. */
struct leaf_entry {
	int64_t seq;
	struct instant at;
	struct slice actor, action, subject, basis, request;
};

void leaf_salt(const uint8_t secret[LEAF_SECRET_LEN], int64_t seq,
    uint8_t ret[LEAF_SALT_LEN]);
/* The leaf's data: the input of merkle_leaf(). */
struct digest
leaf_data(const uint8_t salt[LEAF_SALT_LEN], const struct leaf_entry *entry);
/* The leaf's hash, as it stands in the tiles of level 0. */
struct digest
leaf_hash(const uint8_t salt[LEAF_SALT_LEN], const struct leaf_entry *entry);

#endif
