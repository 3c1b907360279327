/*
 * The portal (マイナポータル): a resident's view of the records of provision: who
 * gave which item about them to whom, and why (番号法附則6条).
 *
 * The portal is an organisation like the others: it has a code of its own for
 * each resident who joined, and sees neither Individual Number nor contents.
 *
 *   ticket   a municipality's counter identifies a resident and prints a
 *            ticket; by way of jukinet and the network the portal gets its code
 *            for the resident, with the ticket's digest
 *   enrol    the ticket, once and for three days, gives enrolment and secret
 *   sign in  enrolment and secret give a session of 15 minutes
 *   end      a counter ends a sign-in, and gives another ticket, or none
 */
#ifndef BANGO_SYSTEMS_PORTAL_H
#define BANGO_SYSTEMS_PORTAL_H

#include "host/system.h"

extern const struct system portal_system;

#define PORTAL_USUAL "digital/portal" /* its id, for turn_single() */

#define PORTAL_SESSION_MS (15 * 60ll * 1000)
#define PORTAL_TICKET_MS (3 * 24 * 3600ll * 1000)
#define PORTAL_ENDED_MS (366 * 24 * 3600ll * 1000)    /* said to its owner */
#define PORTAL_DEED_MS (7 * 366 * 24 * 3600ll * 1000) /* as the records */
#define PORTAL_TRIES_MAX 5 /* wrong secrets until the lock */
#define PORTAL_LOCK_MS (3600ll * 1000)
#define PORTAL_FRESH_MS 60000 /* an answer is handed over for so long */
#define PORTAL_WAIT_MAX 60    /* seconds that a request may wait */

/* 256 random bits in base64url. */
#define PORTAL_SECRET_LEN 43

/* A new secret as text in the arena, for an account or a session. */
struct slice portal_new_secret(struct turn *turn);
/* Residents, accounts, tickets and sessions. */
MUST_USE enum err portal_count(struct turn *turn, struct counting *counts);

#endif
