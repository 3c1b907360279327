/*
 * Requests of a live host between their arrival and their answer: they are
 * gathered, wait for a batch, and may then be parked until a key or a time.
 *
 * Inside live/ only.
 */
#ifndef BANGO_LIVE_WORK_H
#define BANGO_LIVE_WORK_H

#include "live/live_internal.h"

/* Is it a batch of a peer's envelopes, which the host takes itself? */
bool work_is_envelopes(const struct http_call *call);

/* Make the event that ends the gathering. */
void work_arm(struct live *live);
/* For a server, whose state is the struct live: a call came, or its peer
 * went. */
void work_request(void *state, struct http_call *call);
void work_gone(void *state, struct http_call *call);

/* Add to the end of a list. */
void work_append(struct work **list, struct work *work);
/* Answer with a problem, unless the peer has gone. */
void work_refuse(struct work *work, const struct problem *problem);
void work_free(struct work *work);
/* Add a request to the next batch; if that has too many, turn away the last
 * request of the peer that has sent most. */
void work_ready(struct live *live, struct work *work);
/* Wait for the key or the seconds of its reply; and be ready again. */
void work_park(struct live *live, struct work *work);
void work_resume(struct live *live, struct work *work);

#endif
