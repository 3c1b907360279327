/*
 * Sessions.
 *
 * A session lasts 15 minutes and is bound to the account that signed in, never to
 * another one (docs/incidents.md F9: the next person at a shared terminal).  The
 * token is 256 random bits, stored as its SHA-256.
 */
#ifndef BANGO_SYSTEMS_PORTAL_SESSION_H
#define BANGO_SYSTEMS_PORTAL_SESSION_H

#include "crypto/hash.h"
#include "host/system.h"

struct session {
	struct digest token;
	struct slice enrolment; /* in the arena */
};

/* POST /sessions: signs in.  DELETE /sessions. */
extern const struct shape session_input_shape;
MUST_USE enum err
session_begin(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
session_end(struct turn *turn, const struct input *in, struct reply *reply);
/* The session of the caller's token.  ERR_UNAUTHENTICATED if there is none. */
MUST_USE enum err session_of_caller(struct turn *turn, struct session *ret);
/* Timer: erase sessions that are over, with their requests and answers. */
MUST_USE enum err session_erase(struct turn *turn);

#endif
