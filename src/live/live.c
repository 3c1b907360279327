#include "live/live.h"

#include <event2/event.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "live/batch.h"
#include "live/courier.h"
#include "live/live_internal.h"
#include "live/revoked.h"
#include "live/tidy.h"
#include "live/work.h"

/* Descriptors for the database, the peers and the log. */
#define DESCRIPTORS_OWN 128

/* --- Questions of the doors ----------------------------------------------- */

static size_t
body_bytes(void *state, const struct http_call *call)
{
	struct live *live = state;

	return node_body_bytes(live->options->node, call);
}

static struct slice
organisation(void *state, const struct fingerprint *fingerprint)
{
	struct live *live = state;

	return node_organisation(live->options->node, fingerprint);
}

/* --- Keys ----------------------------------------------------------------- */

static void
on_keys(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	live_use_keys(state, LIVE_KEYS_DUE);
}

/* --- Beginning and end --------------------------------------------------- */

static enum err
arm_events(struct live *live)
{
	live->base = event_base_new();
	if (live->base == NULL ||
	    event_base_priority_init(live->base, LIVE_PRIORITIES))
		return ERR_INTERNAL;
	work_arm(live);
	batch_arm(live);
	tidy_arm(live);
	live->keys_event = evtimer_new(live->base, on_keys, live);

	return live_catch_signals(live);
}

static void
live_done(struct live *live)
{
	struct work *w;
	size_t i;

	courier_free(live->courier);
	revoked_done(live);
	for (i = 0; i < HTTP_DOOR_COUNT; i++)
		http_server_free(live->servers[i]);
	while ((w = live->parked) != NULL) {
		live->parked = w->next;
		work_free(w);
	}
	while ((w = ready_take_last(&live->ready)) != NULL ||
	    (w = ready_take_last(&live->gathering)) != NULL)
		work_free(w);
	if (live->latest_event != NULL)
		event_free(live->latest_event);
	if (live->batch_event != NULL)
		event_free(live->batch_event);
	if (live->timer_event != NULL)
		event_free(live->timer_event);
	if (live->gather_event != NULL)
		event_free(live->gather_event);
	if (live->tidy_event != NULL)
		event_free(live->tidy_event);
	if (live->keys_event != NULL)
		event_free(live->keys_event);
	if (live->signal_event != NULL)
		event_free(live->signal_event);
	if (live->signal_fd >= 0)
		close(live->signal_fd);
	if (live->base != NULL)
		event_base_free(live->base);
}

static int
count_doors(const struct live_options *options)
{
	int n = 1;
	size_t i;

	for (i = 0; i < HTTP_DOOR_COUNT - 1; i++)
		n += options->further[i].port != 0;

	return n;
}

/* As many connections as the process may have descriptors for, shared out
 * between the doors. */
static struct http_limits
find_limits(const struct live *live)
{
	struct http_limits limits = http_limits_default();
	int doors = count_doors(live->options), most;
	struct rlimit files = {0};

	if (getrlimit(RLIMIT_NOFILE, &files))
		return limits;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_NOFILE, &files);
	if (files.rlim_cur / (rlim_t)doors >= (rlim_t)limits.connections * 2)
		return limits;
	most =
	    ((int)files.rlim_cur - DESCRIPTORS_OWN) / doors - limits.handshakes;
	if (most < limits.connections)
		limits.connections = most < 1 ? 1 : most;
	live_log(live,
	    "a port takes %d connections at most: the process may open %ld "
	    "files only (ulimit -n)",
	    limits.connections, (long)files.rlim_cur);

	return limits;
}

/* An address may be a town hall, whose browsers keep six connections each. */
static enum err
open_door(struct live *live, struct http_server_options *server,
    const struct http_port *port, struct problem *problem)
{
	size_t i = 0;
	enum err rc;

	while (live->servers[i] != NULL)
		i++;
	server->door = port->door;
	server->port = port->port;
	server->limits.connections_per_peer = port->door == HTTP_DOOR_PEERS
	    ? http_limits_default().connections_per_peer
	    : server->limits.connections / 2;
	rc = http_server_new(server, &live->servers[i], problem);
	if (rc == OK && port->door != HTTP_DOOR_PEERS)
		live_log(live, "the door \"%s\" is open, on port %u",
		    http_door_name(port->door),
		    (unsigned int)http_server_port(live->servers[i]));

	return rc;
}

static enum err
open_doors(struct live *live, struct problem *problem)
{
	const struct live_options *options = live->options;
	struct http_port peers = {HTTP_DOOR_PEERS, options->port};
	struct http_server_options server = {.base = live->base,
	    .tls = options->tls,
	    .host = options->host,
	    .limits = find_limits(live),
	    .handler = {.body_bytes = body_bytes,
		.organisation = organisation,
		.is_revoked = revoked_is_cut,
		.request = work_request,
		.gone = work_gone,
		.refused = live_refused,
		.state = live}};
	enum err rc;
	size_t i;

	rc = open_door(live, &server, &peers, problem);
	for (i = 0; rc == OK && i < HTTP_DOOR_COUNT - 1; i++) {
		if (options->further[i].port != 0)
			rc = open_door(
			    live, &server, &options->further[i], problem);
	}

	return rc;
}

/* A list that cannot be read stops no system: the one in the database stays in
 * force. */
static void
first_revoked(struct live *live)
{
	struct problem problem = {0};

	if (live->options->revoked_path != NULL && revoked_read(live, &problem))
		live_log(live, "the list of revoked keys is not taken: %s",
		    problem.text);
}

enum err
live_run(const struct live_options *options, struct problem *problem)
{
	struct live live = {.options = options,
	    .signal_fd = -1,
	    .directory_late = options->directory_late};
	enum err rc;

	rc = arm_events(&live);
	if (rc == OK)
		rc = courier_new(&live, &live.courier);
	if (rc == OK)
		rc = revoked_arm(&live);
	if (rc == OK) {
		first_revoked(&live);
		live_use_keys(&live, LIVE_KEYS_DUE);
		rc = open_doors(&live, problem);
	}
	if (rc == OK) {
		if (options->ready != NULL)
			options->ready(
			    options->state, http_server_port(live.servers[0]));
		live_wake(&live);
		if (event_base_dispatch(live.base) < 0)
			rc = ERR_INTERNAL;
	}
	live_done(&live);

	return rc;
}
