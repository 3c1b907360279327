/*
 * How linkage codes (符号) are made and converted.
 *
 * A code is one block of AES-256 over
 *
 *   id code (8 bytes) ‖ organisation's index (4) ‖ key's epoch (2) ‖ 0 (2)
 *
 * so that the conditions of 番号法施行令27条5項 hold by construction: the code is
 * converted from the id code that stands for the Resident Record Code, which
 * cannot be restored without the key; codes of one organisation differ, as
 * do one person's codes of two organisations.  There is no table of pairs to
 * steal, and a conversion costs the same at any size.
 *
 * A code is opened with the keys of all epochs in turn, newest first.  A block
 * that does not contain that epoch, the caller's index and the zeros is not a
 * code of the caller (an arbitrary block passes with a chance of 1 in 2^64).
 */
#ifndef BANGO_SYSTEMS_NETWORK_LINKAGE_H
#define BANGO_SYSTEMS_NETWORK_LINKAGE_H

#include "crypto/keystore.h"
#include "number/linkage_code.h"
#include "systems/network/person.h"

#define LINKAGE_KEY "linkage" /* purpose in the key store */
#define LINKAGE_EPOCHS_MAX 64

/* The organisation that has a code, and the key's epoch that it is made under. */
struct code_owner {
	uint32_t organisation;
	uint16_t epoch;
};

struct linkage;

/* ERR_CRYPTO if the key store has no such key, ERR_TOO_LARGE for too many
 * epochs.  The key store is not needed afterwards. */
MUST_USE enum err
linkage_new(const struct keystore *keys, struct linkage **ret);
void linkage_free(struct linkage *linkage); /* wipes; NULL is fine */

/* The epoch under which codes are made now. */
uint16_t linkage_epoch(const struct linkage *linkage);

/* Whether the key store has the key of that epoch. */
bool linkage_has(const struct linkage *linkage, int64_t epoch);

/* ERR_NOT_FOUND if there is no key of that epoch. */
MUST_USE enum err linkage_make(const struct linkage *linkage, struct id_code id,
    struct code_owner owner, struct linkage_code *ret);
/* The id code of the person, and the epoch of the key that made the code.
 * ERR_CRYPTO if `code` is not a code of `organisation`.  Whether codes of that
 * epoch still count is not checked here (relinking.h). */
MUST_USE enum err
linkage_open(const struct linkage *linkage, const struct linkage_code *code,
    uint32_t organisation, struct id_code *ret, uint16_t *ret_epoch);
/* The code of `to` for the person whom `organisation` knows by `code`; the
 * errors are those of the two above. */
MUST_USE enum err
linkage_convert(const struct linkage *linkage, const struct linkage_code *code,
    uint32_t organisation, struct code_owner to, struct linkage_code *ret);

#endif
