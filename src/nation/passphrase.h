/*
 * The passphrases of a nation: one for each system's key store, and one for the
 * authority's (docs/decisions/0051-a-passphrase-for-each.md).
 *
 * Founding leaves each beside what it opens: DIR/systems/ORG-SYSTEM/passphrase
 * and DIR/ca/passphrase.  A folder elsewhere has them as ORG-SYSTEM and `ca`.  A
 * nation of an earlier day has one for all, DIR/passphrase, which counts where
 * there is no other.
 *
 * A change seals the key store between writing `passphrase.new` and renaming it;
 * a key store that no passphrase opens is tried with that one, so that no crash
 * in between locks anybody out.
 */
#ifndef BANGO_NATION_PASSPHRASE_H
#define BANGO_NATION_PASSPHRASE_H

#include "crypto/keystore.h"
#include "wire/id.h"

#define AUTHORITY_NAME "ca"      /* in the place of a system's id */
#define PASSPHRASE_CHOSEN_MIN 15 /* characters of one that a person chose */

/* Where passphrases are; NULL, or both NULL: as founding leaves them. */
struct passphrase_place {
	const char *file;   /* with the passphrase asked for, whichever it is */
	const char *folder; /* with all of them */
};

/* Open the key store of a system, or with `id` NULL that of the authority;
 * *ret_passphrase has its passphrase, unless it is NULL.  ERR_CRYPTO if it does
 * not fit, and those of file_read() and keystore_open(). */
MUST_USE enum err nation_keystore(const char *dir, const struct system_id *id,
    const struct passphrase_place *place, struct buf *ret_passphrase,
    struct keystore **ret, struct problem *problem);

/* Make a passphrase of 256 random bits for a key store to be, write it into
 * `folder`, or beside the key store if that is NULL, and append it. */
MUST_USE enum err passphrase_make(const char *dir, const struct system_id *id,
    const char *folder, struct buf *ret, struct problem *problem);

/*
 * Give a key store another passphrase: the first line of `chosen`, with the cost
 * that fits one from a person (keystore.h), or if that is NULL a random one,
 * which is left as passphrase_make() does.  A chosen one stays where it is, and
 * the file beside the key store goes.  ERR_INPUT if it is shorter than
 * PASSPHRASE_CHOSEN_MIN.
 */
MUST_USE enum err passphrase_change(const char *dir, const struct system_id *id,
    const struct passphrase_place *place, const char *chosen,
    struct problem *problem);

#endif
