/*
 * From a request to a route and its checked input.
 */
#ifndef BANGO_HOST_ROUTES_H
#define BANGO_HOST_ROUTES_H

#include "base/text.h"
#include "host/node.h"

#define INPUT_FIELDS_MAX 24
#define PATH_PARTS_MAX 8

struct value {
	bool present;
	struct slice text;
	int64_t number;
	struct date date;
	const json_t *json;
};

struct input {
	const struct route *route;
	struct slice names[PATH_PARTS_MAX]; /* of captures */
	struct slice parts[PATH_PARTS_MAX];
	size_t n_captures;
	struct value values[INPUT_FIELDS_MAX];
	void *filled;     /* the struct of the route's shape */
	json_t *document; /* of the body; owned */
	struct slice raw;
	bool waited;
};

/* The route for method and path; captures go to *ret.  ERR_NOT_FOUND; a path
 * that exists with another method says so in the problem. */
MUST_USE enum err
routes_find(const struct route *routes, enum http_method method,
    struct slice path, struct input *ret, struct problem *problem);
/* Read query or body into the route's fields and check every one. */
MUST_USE enum err
input_read(struct arena *arena, const struct node_request *request,
    struct input *in, struct problem *problem);
void input_done(struct input *in);

#endif
