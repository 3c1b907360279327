/*
 * Accounts: residents' sign-ins.  A resident has one at most; a counter begins
 * (enrolment.h) and ends it.
 *
 * The secret is 256 random bits, stored as its SHA-256: it cannot be guessed, so
 * a slow password hash would gain nothing.
 */
#ifndef BANGO_SYSTEMS_PORTAL_ACCOUNT_H
#define BANGO_SYSTEMS_PORTAL_ACCOUNT_H

#include "host/system.h"
#include "number/linkage_code.h"

/* The resident keeps these to sign in; in the arena. */
struct credentials {
	struct slice enrolment, secret;
};

/* Whether the resident has a sign-in that works. */
MUST_USE enum err
account_exists(struct turn *turn, struct slice resident, bool *ret);
/* A sign-in for a resident who has none. */
MUST_USE enum err account_begin(
    struct turn *turn, struct slice resident, struct credentials *ret);
/* The counter of a municipality ends the resident's sign-in, and its sessions. */
MUST_USE enum err account_end(
    struct turn *turn, struct slice resident, struct slice municipality);

struct sign_in {
	enum {
		SIGN_IN_WRONG, /* no such enrolment, or another secret */
		SIGN_IN_LOCKED,
		SIGN_IN_ENDED, /* the secret is right, but: */
		SIGN_IN_RIGHT,
	} state;
	struct instant ended;
	struct slice municipality; /* of the counter that ended it */
};
/*
 * Check a secret, and count wrong ones; the check takes the same time for an
 * enrolment that does not exist.
 */
MUST_USE enum err account_check(
    struct turn *turn, const struct credentials *given, struct sign_in *ret);

/* The resident of an enrolment, and the portal's code.  ERR_NOT_FOUND. */
MUST_USE enum err
account_resident(struct turn *turn, struct slice enrolment, struct slice *ret);
MUST_USE enum err account_code(
    struct turn *turn, struct slice enrolment, struct linkage_code *ret);

/* Timer: erase what ended a year ago. */
MUST_USE enum err account_erase(struct turn *turn);

#endif
