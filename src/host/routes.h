/*
 * From a request to a route and its checked input.
 */
#ifndef BANGO_HOST_ROUTES_H
#define BANGO_HOST_ROUTES_H

#include "base/text.h"
#include "host/node.h"

#define PATH_PARTS_MAX 8
/* Bytes of a body, unless the route says otherwise. */
#define ROUTE_BODY_BYTES (64u << 10)

struct input {
	const struct route *route;
	struct slice names[PATH_PARTS_MAX]; /* of captures */
	struct slice parts[PATH_PARTS_MAX];
	size_t n_captures;
	void *filled; /* the struct of the route's shape */
	const struct http_call *call;
	unsigned int allowed; /* methods of the path: a bit each */
	bool is_confirmed;    /* by a second holder, or not to wait for one */
};

/* Find the route for a call's method, path and door; captures go to *ret.
 * ERR_NOT_FOUND; ERR_METHOD if the path takes other methods, ret->allowed. */
MUST_USE enum err routes_find(const struct route *routes,
    const struct http_call *call, struct input *ret, struct problem *problem);
/* The header field Allow (RFC 9110 §10.2.1) for ret->allowed. */
void routes_allow(unsigned int allowed, struct buf *ret_headers);
/* Does a body bring its fields?  Then no query does. */
bool route_has_body(const struct route *route);
/* The header fields Accept and Accept-Encoding (RFC 9110 §15.5.16). */
void routes_accept(struct buf *ret_headers);
/* Read path, query and body into the route's fields, and check every
 * field.  ERR_MEDIA for a body of another type, charset or coding. */
MUST_USE enum err input_read(struct arena *arena, const struct http_call *call,
    struct input *in, struct problem *problem);

#endif
