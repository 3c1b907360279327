#include "live/live.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "live/courier.h"
#include "live/live_internal.h"
#include "wire/http_server.h"
#include "wire/receipt.h"

/*
 * Priorities of the loop.  libevent gives sockets and clocks the middle one;
 * a batch begins when no byte can be moved: all requests that are ready share
 * it, and a peer can work on our messages meanwhile.
 */
#define PRIORITIES 3
#define PRIORITY_LATEST 0
#define PRIORITY_BATCH 2
/* The longest time for which a flood of bytes can delay a batch. */
#define BATCH_LATEST_MS 20
/* Requests that a batch has not begun after this time are left to the next one,
 * so that requests which arrived meanwhile are answered in between. */
#define BATCH_MS 50
/*
 * While GATHER_PARKED clients wait for other systems, requests are let in
 * together, at most once in GATHER_MS.  Requests that were let in together
 * share all later batches, and each batch costs every system a flush, a
 * signature and a call.
 */
#define GATHER_MS 8
#define GATHER_PARKED 3
/* Requests that may wait for a batch; each holds a connection too. */
#define READY_MAX 512
/* A peer's envelopes at once. */
#define ENVELOPES_BYTES (16u << 20)
/* The same from a caller without a certificate, who is refused then. */
#define STRANGER_BYTES (64u << 10)
/* Lines of the log in a second about callers who were turned away. */
#define TOLD_MAX 20
/* Descriptors for the database, the peers and the log. */
#define DESCRIPTORS_OWN 128
/* After a batch that failed, until the host's own work is tried again. */
#define AGAIN_MS 1000

void
live_log(const struct live *live, const char *fmt, ...)
{
	struct buf line;
	va_list ap;
	char text[512];

	if (live->options->log == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_init(&line);
	buf_add_string(&line, text);
	live->options->log(live->options->state, line.data);
	buf_done(&line);
}

/* --- Work that waits for the next batch ---------------------------------- */

void
live_wake(struct live *live)
{
	struct timeval latest = {.tv_usec = BATCH_LATEST_MS * 1000};

	event_active(live->batch_event, EV_TIMEOUT, 0);
	if (!evtimer_pending(live->latest_event, NULL))
		event_add(live->latest_event, &latest);
}

static bool
is_envelopes(const struct http_call *call)
{
	return call->method == HTTP_POST &&
	    (call->doors & HTTP_DOOR_PEERS) != 0 &&
	    slice_equal_string(call->path, "/envelopes");
}

static void
list_add(struct work **list, struct work *w)
{
	w->next = NULL;
	while (*list != NULL)
		list = &(*list)->next;
	*list = w;
}

static void
work_free(struct work *w)
{
	if (w->expiry != NULL)
		event_free(w->expiry);
	node_reply_done(&w->reply);
	buf_done(&w->receipt);
	free(w);
}

static void answer_problem(struct work *w, const struct problem *problem);

/* Add a request to the next batch; if that has too many, turn away the last
 * request of the peer that has sent most. */
static void
make_ready(struct live *live, struct work *w)
{
	struct problem problem = {0};

	ready_add(&live->ready, w);
	live_wake(live);
	if (live->ready.n <= READY_MAX)
		return;
	w = ready_take_last(&live->ready);
	live->turned_away++;
	if (problem_set(&problem, ERR_BUSY,
		"more requests wait here than can be answered soon; try again"))
		answer_problem(w, &problem);
	work_free(w);
}

/* The gathered requests are ready now. */
static void
release(struct live *live)
{
	struct work *list = ready_take(&live->gathering), *w;

	live->released = monotonic_ms();
	event_del(live->gather_event);
	while ((w = list) != NULL) {
		list = w->next;
		make_ready(live, w);
	}
}

static void
on_gathered(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	release(state);
}

/* While other clients wait, a new request waits a moment for further ones. */
static void
gather(struct live *live, struct work *w)
{
	int64_t ms = live->released + GATHER_MS - monotonic_ms();
	struct timeval tv = {.tv_usec = ms * 1000};

	ready_add(&live->gathering, w);
	if (ms <= 0 || live->n_parked < GATHER_PARKED ||
	    live->gathering.n == READY_MAX)
		release(live);
	else if (!evtimer_pending(live->gather_event, NULL))
		event_add(live->gather_event, &tv);
}

static void
on_request(void *state, struct http_call *call)
{
	struct live *live = state;
	struct work *w = heap_array(1, sizeof(*w));

	w->live = live;
	w->call = call;
	buf_init(&w->reply.body);
	buf_init(&w->receipt);
	if (is_envelopes(call))
		make_ready(live, w);
	else
		gather(live, w);
}

static size_t
body_bytes(void *state, const struct http_call *call)
{
	struct live *live = state;

	if (is_envelopes(call))
		return call->has_certificate ? ENVELOPES_BYTES : STRANGER_BYTES;

	return node_body_bytes(live->options->node, call);
}

static void
drop_parked(struct live *live, const struct http_call *call)
{
	struct work **at, *w;

	for (at = &live->parked; (w = *at) != NULL; at = &w->next) {
		if (w->call == call) {
			*at = w->next;
			live->n_parked--;
			work_free(w);
			return;
		}
	}
}

/* A request ends with its connection: if it still waits for the batch, it is
 * not applied, as no client was told that it was. */
static void
mark_gone(struct work *list, const struct http_call *call)
{
	for (; list != NULL; list = list->next) {
		if (list->call == call) {
			list->gone = true;
			list->call = NULL;
		}
	}
}

static void
on_gone(void *state, struct http_call *call)
{
	struct live *live = state;

	drop_parked(live, call);
	mark_gone(live->ready.first, call);
	mark_gone(live->gathering.first, call);
}

/* Log a refusal, but no more than TOLD_MAX in a second. */
static void
on_refused(void *state, struct slice remote, const char *what)
{
	int64_t second = monotonic_ms() / 1000;
	struct live *live = state;

	live->turned_away++;
	if (second != live->second) {
		if (live->untold > 0)
			live_log(
			    live, "refused %lld more", (long long)live->untold);
		live->second = second;
		live->untold = 0;
		live->told = 0;
	}
	if (live->told++ < TOLD_MAX)
		live_log(live, "refused %.*s: %s", SLICE_ARG(remote), what);
	else
		live->untold++;
}

/* --- One batch ----------------------------------------------------------- */

static void
answer_problem(struct work *w, const struct problem *problem)
{
	struct http_reply reply = {
	    .status = err_info(problem->err)->http_status,
	    .content_type = "application/problem+json"};
	json_t *body = json_object();
	struct buf text;

	if (w->gone)
		return;
	buf_init(&text);
	json_put_int(body, "status", reply.status);
	json_put_text(body, "error", slice_of(err_info(problem->err)->name));
	json_put_text(body, "detail", slice_of(problem->text));
	json_write(body, &text);
	json_decref(body);
	reply.body = buf_slice(&text);
	if (reply.status == 503)
		reply.headers = SLICE("Retry-After: 1\r\n");
	http_reply(w->call, &reply);
	buf_done(&text);
}

static void
log_refusal(const struct live *live, const struct work *w)
{
	const struct problem *problem = &w->reply.problem;
	const struct http_call *call = w->call;

	if (is_envelopes(call))
		live_log(live, "envelopes from %.*s refused: %s",
		    SLICE_ARG(call->remote), problem->text);
	else
		live_log(live, "%s %.*s: %d %s%s%s",
		    http_method_name(call->method), SLICE_ARG(call->path),
		    w->reply.status, problem->text,
		    problem->detail[0] != '\0' ? " | " : "", problem->detail);
}

/* Take in a peer's envelopes.  The receipt leaves after the commit. */
static void
receive(struct live *live, struct work *w)
{
	struct problem *problem = &w->reply.problem;
	enum err rc;

	buf_clear(&w->receipt);
	if (!w->call->has_certificate)
		rc = problem_set(problem, ERR_UNAUTHENTICATED,
		    "envelopes need a client certificate");
	else
		rc = node_receive(live->options->node, &w->call->fingerprint,
		    w->call->body, &w->receipt, problem);
	w->reply.status = err_info(rc)->http_status;
}

static void
perform(struct live *live, struct work *w)
{
	if (is_envelopes(w->call))
		receive(live, w);
	else
		node_request(live->options->node, w->call, &w->reply);
}

/* A parked request is ready again. */
static void
resume(struct live *live, struct work *w)
{
	struct work **at;

	for (at = &live->parked; *at != NULL && *at != w; at = &(*at)->next)
		;
	if (*at == NULL)
		return;
	*at = w->next;
	live->n_parked--;
	make_ready(live, w);
}

static void
on_expiry(evutil_socket_t fd, short what, void *state)
{
	struct work *w = state;

	(void)fd;
	(void)what;
	w->call->waited = true;
	resume(w->live, w);
}

static void
park(struct live *live, struct work *w)
{
	struct timeval tv = {.tv_sec = w->reply.wait_seconds};

	if (w->expiry == NULL) {
		w->expiry = event_new(live->base, -1, 0, on_expiry, w);
		event_add(w->expiry, &tv);
	}
	list_add(&live->parked, w);
	live->n_parked++;
}

/* After the commit: replies leave, or wait for their key. */
static void
answer(struct live *live, struct work *w)
{
	struct http_reply reply = {.status = w->reply.status,
	    .content_type = w->reply.content_type,
	    .headers = buf_slice(&w->reply.headers),
	    .body = buf_slice(&w->reply.body)};

	if (w->gone) {
		work_free(w);
		return;
	}
	if (w->reply.problem.err && w->reply.status >= 400)
		log_refusal(live, w);
	if (is_envelopes(w->call)) {
		if (w->reply.problem.err) {
			answer_problem(w, &w->reply.problem);
			work_free(w);
			return;
		}
		reply.content_type = RECEIPT_MEDIA_TYPE;
		reply.body = buf_slice(&w->receipt);
	} else if (w->reply.status == 0) {
		park(live, w);
		return;
	}
	reply.file = w->reply.file;
	w->reply.file.is_set = false; /* the server closes it */
	http_reply(w->call, &reply);
	work_free(w);
}

static void
on_woken(void *state, const char *key)
{
	struct live *live = state;
	struct work *w, *next;

	for (w = live->parked; w != NULL; w = next) {
		next = w->next;
		if (strcmp(w->reply.wait_key, key) == 0)
			resume(live, w);
	}
}

static void
arm_timer(struct live *live)
{
	struct instant next = node_next_timer(live->options->node);
	struct instant now =
	    live->options->clock.now(live->options->clock.state);
	int64_t ms = next.ms - now.ms;
	struct timeval tv;

	if (next.ms == 0 && live->last == OK)
		return;
	if (ms < 0)
		ms = 0;
	if (ms > 60000)
		ms = 60000;
	if (live->last != OK)
		ms = AGAIN_MS;
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(live->timer_event, &tv);
}

static void
fail_all(struct work *list, const struct problem *problem)
{
	struct work *w;

	while ((w = list) != NULL) {
		list = w->next;
		answer_problem(w, problem);
		work_free(w);
	}
}

static void
answer_all(struct live *live, struct work *list)
{
	struct work *w;

	while ((w = list) != NULL) {
		list = w->next;
		w->next = NULL;
		answer(live, w);
	}
}

/* A list of works, with or without the host's own. */
struct batch {
	struct live *live;
	struct work *list;
	bool with_own;
	struct work *rest; /* left to the next batch; NULL: nothing */
};

/* Requests that wait for this key join the batch, without another commit. */
static void
join(void *state, const char *key)
{
	struct batch *batch = state;
	struct work **at = &batch->live->parked, *w;

	while ((w = *at) != NULL) {
		if (strcmp(w->reply.wait_key, key) == 0) {
			*at = w->next;
			batch->live->n_parked--;
			list_add(&batch->list, w);
		} else
			at = &w->next;
	}
}

/* Perform works from *at on until `end`, the first of the batch in any case.
 * Returns the place of the first one that is left. */
static struct work **
perform_until(struct batch *batch, struct work **at, int64_t end)
{
	while (*at != NULL && (at == &batch->list || monotonic_ms() < end)) {
		if (!(*at)->gone)
			perform(batch->live, *at);
		at = &(*at)->next;
	}

	return at;
}

static void
work_off(void *state)
{
	int64_t end = monotonic_ms() + BATCH_MS;
	struct batch *batch = state;
	struct node *node = batch->live->options->node;
	struct work **rest;

	if (batch->with_own)
		courier_settle(batch->live->courier);
	rest = perform_until(batch, &batch->list, end);
	if (batch->with_own) {
		node_timers(node);
		node_show_wakes(node, join, batch);
		rest = perform_until(batch, rest, end);
	}
	batch->rest = *rest;
}

static void
note_surroundings(const struct live *live)
{
	struct surroundings around = {.turned_away = live->turned_away,
	    .parked = live->n_parked,
	    .directory_late = live->directory_late,
	    .revocations_until = tls_revocations_until(live->options->tls)};

	size_t i;

	for (i = 0; i < HTTP_DOOR_COUNT && live->servers[i] != NULL; i++)
		around.connections += http_server_connections(live->servers[i]);
	node_note_surroundings(live->options->node, &around);
}

/* Perform a batch in one transaction; works not begun are in batch->rest. */
static enum err
perform_all(struct batch *batch, struct problem *problem)
{
	struct live *live = batch->live;
	const struct clock *clock = &live->options->clock;
	struct node *node = live->options->node;
	enum err rc;

	note_surroundings(live);
	rc = node_perform(node, clock->now(clock->state), work_off, batch);
	if (rc) {
		*problem = *store_problem(node_store(node));
		return rc;
	}

	return node_commit(node, problem);
}

/* Perform each request in a transaction of its own, so that a request that
 * cannot be written does not fail those that only read. */
static void
perform_each(struct live *live, struct work *list)
{
	struct problem problem = {0};
	struct batch batch = {.live = live};
	struct work *w;

	while ((w = list) != NULL) {
		list = w->next;
		w->next = NULL;
		batch.list = w;
		if (perform_all(&batch, &problem)) {
			fail_all(w, &problem);
			continue;
		}
		answer(live, w);
		node_take_wakes(live->options->node, on_woken, live);
	}
}

/* Log a lasting fault once. */
static void
note_outcome(struct live *live, enum err rc, const struct problem *problem)
{
	if (rc != OK && rc != live->last)
		live_log(live, "commit failed: %s%s%s", problem->text,
		    problem->detail[0] != '\0' ? " | " : "", problem->detail);
	else if (rc == OK && live->last != OK)
		live_log(live, "the database takes work again");
	live->last = rc;
}

/* The rest of a list waits for the next batch. */
static void
put_back(struct live *live, struct work **list, struct work *rest)
{
	if (rest == NULL)
		return;
	while (*list != rest)
		list = &(*list)->next;
	*list = NULL;
	ready_put_back(&live->ready, rest);
	live_wake(live);
}

/* Perform everything that is ready, in one transaction. */
static void
run_batch(evutil_socket_t fd, short what, void *state)
{
	struct live *live = state;
	struct problem problem = {0};
	struct batch batch = {.live = live, .with_own = true};
	enum err rc;

	(void)fd;
	(void)what;
	event_del(live->latest_event);
	event_del(live->batch_event);
	batch.list = ready_take(&live->ready);
	rc = perform_all(&batch, &problem);
	put_back(live, &batch.list, batch.rest);
	note_outcome(live, rc, &problem);
	if (rc == OK) {
		/* Messages that others wait for leave before the replies. */
		courier_settled(live->courier);
		courier_kick(live->courier);
		answer_all(live, batch.list);
		node_take_wakes(live->options->node, on_woken, live);
	} else {
		courier_forget(live->courier);
		if (rc == ERR_FULL)
			perform_each(live, batch.list);
		else
			fail_all(batch.list, &problem);
		courier_kick(live->courier);
	}
	arm_timer(live);
}

static void
on_timer(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	live_wake(state);
}

/* --- Beginning and end --------------------------------------------------- */

static enum err
arm_events(struct live *live)
{
	live->base = event_base_new();
	if (live->base == NULL ||
	    event_base_priority_init(live->base, PRIORITIES))
		return ERR_INTERNAL;
	live->batch_event = event_new(live->base, -1, 0, run_batch, live);
	live->latest_event = evtimer_new(live->base, run_batch, live);
	live->timer_event = event_new(live->base, -1, 0, on_timer, live);
	live->gather_event = evtimer_new(live->base, on_gathered, live);
	event_priority_set(live->batch_event, PRIORITY_BATCH);
	event_priority_set(live->latest_event, PRIORITY_LATEST);

	return live_catch_signals(live);
}

static void
live_done(struct live *live)
{
	struct work *w;
	size_t i;

	courier_free(live->courier);
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
	    "no more than %d connections at a port: the process may open %ld "
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
		.request = on_request,
		.gone = on_gone,
		.refused = on_refused,
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
		rc = open_doors(&live, problem);
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
