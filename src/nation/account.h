/*
 * The account of the operating system under which a system runs, if root starts
 * the nation (`bango up --user`).
 *
 * The account owns the system's folder, and reads what all systems read; the
 * key stores of others, the authority's and the holders' stay root's, or their
 * own accounts'.
 *
 * Where root works in a folder of an account, it follows no link and gives away
 * no file that has another name elsewhere: an intruder may own that folder.
 */
#ifndef BANGO_NATION_ACCOUNT_H
#define BANGO_NATION_ACCOUNT_H

#include <sys/types.h>

#include "wire/id.h"

struct account {
	char name[64];
	char home[256];
	uid_t uid;
	gid_t gid;
};

/* The account of that name; a `%` in it stands for the system, 131041-relay.
 * ERR_DENIED if we are not root, or the account is root's; ERR_NOT_FOUND. */
MUST_USE enum err account_find(const char *name, const struct system_id *id,
    struct account *ret, struct problem *problem);

/*
 * Give the account what the system needs: its folder, the way to it through the
 * nation's, and its passphrase in `passphrases`, unless that is NULL.  ERR_DENIED
 * if the account cannot read the nation even so.
 */
MUST_USE enum err account_prepare(const struct account *account,
    const char *dir, const struct system_id *id, const char *passphrases,
    struct problem *problem);

/* Reach files as the account does, until account_leave().  NULL: as we are. */
void account_enter(const struct account *account);
void account_leave(const struct account *account);

/* Become the account for good.  False if that fails. */
bool account_become(const struct account *account);

#endif
