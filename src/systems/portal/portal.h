/*
 * The portal (マイナポータル): a resident's view of the records of provision: who
 * gave which item about them to whom, and why (番号法附則6条).
 *
 * The portal is an organisation like the others: it has a code of its own for
 * each resident who joined, and sees neither Individual Number nor contents.
 *
 *   enrol    the portal makes an enrolment, a secret and an acquisition
 *            number; the resident takes the acquisition number to the counter
 *   confirm  the counter identifies the resident; by way of jukinet and the
 *            network the portal's code arrives under the acquisition number,
 *            which all systems then delete
 *   sign in  enrolment and secret give a session of 15 minutes
 */
#ifndef BANGO_SYSTEMS_PORTAL_H
#define BANGO_SYSTEMS_PORTAL_H

#include "host/system.h"

extern const struct system portal_system;

#define PORTAL_USUAL "digital/portal" /* its id, for turn_single() */

#define PORTAL_SESSION_MS (15 * 60ll * 1000)
#define PORTAL_ENROLMENT_MS (24 * 3600ll * 1000)
#define PORTAL_OPEN_MAX 10000 /* enrolments that wait for a counter */
#define PORTAL_TRIES_MAX 5    /* wrong secrets until the lock */
#define PORTAL_LOCK_MS (3600ll * 1000)
#define PORTAL_FRESH_MS 60000 /* an answer is handed over for so long */
#define PORTAL_WAIT_MAX 60    /* seconds that a request may wait */

/* 256 random bits in base64url. */
#define PORTAL_SECRET_LEN 43

/* A new secret as text in the arena, for an enrolment or a session. */
struct slice portal_new_secret(struct turn *turn);
/* Enrolments, accounts and sessions. */
MUST_USE enum err portal_count(struct turn *turn, struct counting *counts);

#endif
