/* A request: its caller, its route, its right, its turn. */
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/bug.h"
#include "host/holder.h"
#include "host/node_internal.h"
#include "host/reply.h"
#include "host/routes.h"

void
node_reply_done(struct node_reply *reply)
{
	if (reply->file.is_set)
		close(reply->file.fd);
	reply->file.is_set = false;
	buf_done(&reply->headers);
	buf_done(&reply->body);
}

/* The token of "Bearer TOKEN"; the name of the scheme is in any case (RFC 9110
 * §11.1). */
static struct slice
read_token(struct slice authorization)
{
	struct slice rest = authorization;
	struct slice scheme = slice_cut(&rest, ' ');

	if (scheme.len != strlen("Bearer") ||
	    strncasecmp(scheme.data, "Bearer", scheme.len) != 0 ||
	    rest.data == NULL)
		return SLICE("");

	return slice_trim(rest);
}

/* Identify the caller by its certificate or token. */
static void
identify(
    const struct node *node, const struct http_call *call, struct caller *ret)
{
	const struct peer_certificate *c = NULL;
	const struct holder *h = NULL;

	ret->rights = RIGHT_BIT(RIGHT_PUBLIC);
	if (call->has_certificate) {
		c = directory_certificate(node->directory, &call->fingerprint);
		h = directory_holder(node->directory, &call->fingerprint);
	}
	if (c != NULL) {
		ret->role = ROLE_PEER;
		ret->rights |= RIGHT_BIT(RIGHT_PEER);
		ret->peer = node->directory->peers[c->peer].id;
	} else if (h != NULL) {
		ret->role = ROLE_HOLDER;
		ret->organisation = h->organisation;
		ret->name = h->name;
		ret->rights |= holder_duties(node, h);
		if ((ret->rights & DUTIES_ALL) != 0)
			ret->rights |= RIGHT_BIT(RIGHT_HOLDER);
	}
	ret->token = read_token(call->authorization);
}

static enum err
refuse_right(const struct route *route, const struct caller *caller,
    bool has_certificate, struct problem *problem)
{
	const struct duty_info *duty = duty_info(route->right);
	bool is_stranger = (caller->rights & ~RIGHT_BIT(RIGHT_PUBLIC)) == 0;

	if (route->right == RIGHT_RESIDENT)
		return problem_set(problem, ERR_UNAUTHENTICATED,
		    "sign in first: this path needs a session's bearer token");
	/* No 401: that would offer a scheme of HTTP, and none helps here. */
	if (!has_certificate)
		return problem_set(problem, ERR_DENIED,
		    "this path needs a client certificate");
	if (duty == NULL)
		return problem_set(problem, ERR_DENIED,
		    "this certificate has no right to %s", route->path);
	if (is_stranger)
		return problem_set(problem, ERR_DENIED,
		    "this certificate has no duties here now, and %s needs "
		    "\"%s\"; `bango operator` lists holders and adds them",
		    route->path, duty->name);

	return problem_set(problem, ERR_DENIED,
	    "this certificate lacks the duty \"%s\", which %s needs",
	    duty->name, route->path);
}

/* The leave that a caller has at a route. */
enum leave {
	MAY_NOT,
	MAY_WITH_SECOND, /* with the confirmation of a second holder */
	MAY,
};

static enum leave
leave_of(const struct caller *caller, const struct route *route)
{
	uint64_t right = RIGHT_BIT(route->right);

	if (bug_is(BUG_DUTIES_UNCHECKED))
		return MAY;
	if ((caller->rights & right) == 0)
		return MAY_NOT;

	return (right & DUTIES_OF_TWO) != 0 && route->method != HTTP_GET
	    ? MAY_WITH_SECOND
	    : MAY;
}

static enum err
authorise(const struct route *route, struct caller *caller,
    bool has_certificate, struct problem *problem)
{
	/* A resident may use any connection: only the token matters, and the
	 * handler checks it. */
	if (route->right == RIGHT_RESIDENT && caller->token.len > 0) {
		caller->role = ROLE_RESIDENT;
		caller->rights = RIGHT_BIT(RIGHT_RESIDENT);
	}

	return leave_of(caller, route) != MAY_NOT
	    ? OK
	    : refuse_right(route, caller, has_certificate, problem);
}

/* A refusal for a missing right leaves an entry of its own in the audit, unless
 * nobody can tell whose it was, or its organisation has made us write too much
 * today: such refusals are counted, for anybody can cause any number of them. */
static void
audit_denial(struct node *node, const struct http_call *call,
    const struct caller *caller, const char *path)
{
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	node->n.denied++;
	if (!call->has_certificate && !bug_is(BUG_ANONYMOUS_AUDITED))
		return;
	if (turn_open(node, caller, &problem, &turn))
		return;
	rc = turn_audit(&turn, "denied", slice_of(path), SLICE(""));
	if (rc == OK)
		rc = turn_tell_written(
		    &turn, node_organisation(node, &call->fingerprint));
	rc = turn_close(&turn, rc);
	if (rc && rc != ERR_BUSY)
		node_note(node, "audit", SLICE("denied"), &problem);
}

static enum err
handle(struct turn *turn, const struct http_call *call, struct input *in,
    struct reply *reply)
{
	TRY(input_read(turn->arena, call, in, turn->problem));
	if (in->filled != NULL)
		TRY(turn_check_past(turn, in->route->shape, in->filled));
	reply->arena = turn->arena;
	TRY(leave_of(&turn->caller, in->route) == MAY || in->is_confirmed
		? in->route->handle(turn, in, reply)
		: reply_pending(turn, in, reply));
	reply_finish(reply);
	if (turn->caller.role != ROLE_PEER && turn->caller.role != ROLE_HOLDER)
		return OK;

	return turn_tell_written(
	    turn, node_organisation(turn->node, &call->fingerprint));
}

/* Search the system's own routes first. */
static enum err
find_route(const struct node *node, const struct http_call *call,
    struct input *in, const struct part **ret, struct problem *problem)
{
	enum err rc = ERR_NOT_FOUND;
	size_t i;

	for (i = node->n_parts; rc == ERR_NOT_FOUND && i-- > 0;) {
		*ret = &node->parts[i];
		rc = routes_find((*ret)->component->routes, call, in, problem);
	}

	return rc;
}

enum err
request_repeat(
    struct turn *turn, const struct http_call *call, struct reply *reply)
{
	struct input in = {.is_confirmed = true};
	const struct part *part;

	TRY(find_route(turn->node, call, &in, &part, turn->problem));
	turn->state = part->state;
	TRY(input_read(turn->arena, call, &in, turn->problem));

	return in.route->handle(turn, &in, reply);
}

/* Everything that a head decides: a route at the door, and the right to it. */
static enum err
admit(const struct node *node, const struct http_call *call,
    struct caller *caller, struct input *in, const struct part **ret,
    struct problem *problem)
{
	enum err rc;

	identify(node, call, caller);
	rc = find_route(node, call, in, ret, problem);
	if (rc)
		return rc;
	if (http_call_is_foreign(call))
		return problem_set(problem, ERR_DENIED,
		    "a page of another site made this request, and is not "
		    "trusted with the caller's rights; send it from here");

	return authorise(in->route, caller, call->has_certificate, problem);
}

/* A stranger's guess.  Its body was read, as it is small, so that the connection
 * stays: another one would cost more than the guess. */
static enum err
check_guess(struct node *node, const struct route *route,
    const struct http_call *call, struct problem *problem)
{
	if (call->resumed ||
	    guesses_allow(node->guesses, route, call, node->now))
		return OK;
	node->n.denied++;

	return problem_set(problem, ERR_BUSY,
	    "your address has tried too often in vain; wait %lld seconds, and "
	    "try what you are sure of",
	    GUESSES_EVERY_MS / 1000);
}

size_t
node_body_bytes(const struct node *node, const struct http_call *call)
{
	struct caller caller = {.role = ROLE_PUBLIC};
	const struct part *part;
	struct input in = {0};

	if (admit(node, call, &caller, &in, &part, NULL) &&
	    (in.route == NULL || !bug_is(BUG_BODY_BEFORE_RIGHT)))
		return HTTP_BODY_UNREAD;

	return in.route->max_bytes != 0 ? in.route->max_bytes
					: ROUTE_BODY_BYTES;
}

struct slice
node_organisation(struct node *node, const struct fingerprint *fingerprint)
{
	const struct peer_certificate *c =
	    directory_certificate(node->directory, fingerprint);
	const struct holder *h = directory_holder(node->directory, fingerprint);

	if (c != NULL)
		return system_id_organisation(
		    &node->directory->peers[c->peer].id);

	return h != NULL ? h->organisation : SLICE("(unknown)");
}

void
node_request(
    struct node *node, const struct http_call *call, struct node_reply *ret)
{
	struct caller caller = {.role = ROLE_PUBLIC};
	struct input in = {0};
	struct reply reply = {.to = ret, .arena = node->batch};
	const struct part *part = NULL;
	struct turn turn;
	char id[33];
	struct message_id random;
	enum err rc;

	node_reply_done(ret);
	*ret = (struct node_reply){0};
	node->n.requests++;
	random_bytes(&node->random, random.bytes, sizeof(random.bytes));
	message_id_format(&random, id);
	caller.request = slice_of(id);
	rc = admit(node, call, &caller, &in, &part, &ret->problem);
	if (in.route != NULL)
		ret->route = in.route->path;
	if (rc && in.route != NULL)
		audit_denial(node, call, &caller, in.route->path);
	if (rc == OK && call->unread)
		rc = problem_set(&ret->problem, ERR_BUSY,
		    "the caller's right was new when the request came, and its "
		    "body was not read; send it again");
	if (rc == OK)
		rc = check_guess(node, in.route, call, &ret->problem);
	if (rc == OK)
		rc = turn_open(node, &caller, &ret->problem, &turn);
	if (rc == OK) {
		turn.state = part->state;
		rc = turn_close(&turn, handle(&turn, call, &in, &reply));
	}
	if (rc) {
		node_reply_done(ret);
		reply_problem(&reply, rc, slice_of(id));
	}
	if (in.route != NULL)
		guesses_note(
		    node->guesses, in.route, call, ret->status, node->now);
	if (rc == ERR_METHOD)
		routes_allow(in.allowed, &ret->headers);
	else if (rc == ERR_MEDIA)
		routes_accept(&ret->headers);
}
