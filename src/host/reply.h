/*
 * Replies: what stands behind the functions of host/system.h.
 */
#ifndef BANGO_HOST_REPLY_H
#define BANGO_HOST_REPLY_H

#include "host/node.h"

struct reply {
	struct node_reply *to;
	struct arena *arena; /* of the turn */
	struct json_out out; /* begun by reply_object() */
	bool has_object;
};

/* After the handler: the object begun by reply_object() becomes the body. */
void reply_finish(struct reply *reply);

/* Problem details (RFC 9457) with the public text alone. */
void reply_problem(struct reply *reply, enum err err, struct slice request);

#endif
