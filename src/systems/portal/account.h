/*
 * Accounts: from the enrolment to the portal's own code for the resident.
 *
 * The secret is 256 random bits, stored as its SHA-256: it cannot be guessed, so
 * a slow password hash would gain nothing.
 */
#ifndef BANGO_SYSTEMS_PORTAL_ACCOUNT_H
#define BANGO_SYSTEMS_PORTAL_ACCOUNT_H

#include "host/system.h"
#include "number/linkage_code.h"

/*
 * POST /enrolments: answers once with enrolment, secret and acquisition number
 * (取得番号, for the counter).  ERR_BUSY if too many enrolments wait for a
 * counter.
 */
MUST_USE enum err
account_enrol(struct turn *turn, const struct input *in, struct reply *reply);

/* acquisition.code, from the network.  ERR_NOT_FOUND if no enrolment waits for
 * any of the codes. */
MUST_USE enum err
account_take_codes(struct turn *turn, const struct message *message);

enum sign_in {
	SIGN_IN_WRONG, /* no such enrolment, or another secret */
	SIGN_IN_LOCKED,
	/* The secret is right, and the enrolment */
	SIGN_IN_OPEN, /* waits for the counter */
	SIGN_IN_HELD, /* is useless: the resident joined before */
	SIGN_IN_CONFIRMED,
};
/*
 * Check a secret, and count wrong ones; the check takes the same time for an
 * enrolment that does not exist.
 */
MUST_USE enum err account_check(struct turn *turn, struct slice enrolment,
    struct slice secret, enum sign_in *ret);

/* The portal's code for the resident of an enrolment.  ERR_NOT_FOUND. */
MUST_USE enum err account_code(
    struct turn *turn, struct slice enrolment, struct linkage_code *ret);
/* The key that requests of an enrolment wait for; text in the arena. */
struct slice account_wake_key(struct turn *turn, struct slice enrolment);

/* Timer: erase enrolments that nobody confirmed within a day. */
MUST_USE enum err account_erase(struct turn *turn);

#endif
