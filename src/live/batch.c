#include "live/batch.h"

#include <event2/event.h>
#include <string.h>

#include "live/courier.h"
#include "live/revoked.h"
#include "live/tidy.h"
#include "live/work.h"
#include "wire/envelope.h"
#include "wire/http_form.h"
#include "wire/receipt.h"

/* Requests that a batch has not begun after this time, and envelopes that a posting
 * has not, are left to the next one, so that requests which arrived meanwhile are
 * answered in between. */
#define BATCH_MS 50
/* After a batch that failed, until the host's own work is tried again. */
#define AGAIN_MS 1000
/*
 * Priorities of the loop.  libevent gives sockets and clocks the middle one;
 * a batch begins when no byte can be moved: all requests that are ready share
 * it, and a peer can work on our messages meanwhile.
 */
#define PRIORITY_LATEST 0
#define PRIORITY_BATCH 2

/* --- Requests ------------------------------------------------------------- */

static void
log_refusal(struct live *live, const struct work *w)
{
	const struct problem *problem = &w->reply.problem;
	const struct http_call *call = w->call;

	if (!call->has_certificate && !live_may_tell(live))
		return;
	if (work_is_envelopes(call))
		live_log(live, "envelopes from %.*s refused: %s",
		    SLICE_ARG(call->remote), problem->text);
	else
		live_log(live, "%s %s: %d %s%s%s",
		    http_method_name(call->method),
		    w->reply.route != NULL ? w->reply.route : "(no route)",
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
		rc = problem_set(
		    problem, ERR_DENIED, "envelopes need a client certificate");
	else if (!http_media_is(w->call->content_type, ENVELOPES_MEDIA_TYPE) ||
	    w->call->content_encoding.data != NULL)
		rc = problem_set(problem, ERR_MEDIA,
		    "expected a body of the type " ENVELOPES_MEDIA_TYPE
		    ", without a Content-Encoding");
	else {
		w->intake.until = monotonic_ms() + BATCH_MS;
		rc = node_receive_part(live->options->node,
		    &w->call->fingerprint, w->call->body, &w->intake,
		    &w->receipt, problem);
	}
	w->reply.status = err_info(rc)->http_status;
}

static void
perform(struct live *live, struct work *w)
{
	if (work_is_envelopes(w->call))
		receive(live, w);
	else
		node_request(live->options->node, w->call, &w->reply);
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
	if (work_is_envelopes(w->call)) {
		if (w->reply.problem.err) {
			work_refuse(w, &w->reply.problem);
			work_free(w);
			return;
		}
		if (!w->intake.is_whole) {
			intake_keep(&w->intake);
			work_ready(live, w);
			return;
		}
		reply.content_type = RECEIPT_MEDIA_TYPE;
		reply.body = buf_slice(&w->receipt);
	} else if (w->reply.status == 0) {
		work_park(live, w);
		return;
	}
	reply.file = w->reply.file;
	w->reply.file.is_set = false; /* the server closes it */
	http_reply(w->call, &reply);
	work_free(w);
}

/* --- One batch ------------------------------------------------------------ */

static void
on_woken(void *state, const char *key)
{
	struct live *live = state;
	struct work *w, *next;

	for (w = live->parked; w != NULL; w = next) {
		next = w->next;
		if (strcmp(w->reply.wait_key, key) == 0)
			work_resume(live, w);
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
		work_refuse(w, problem);
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
			work_append(&batch->list, w);
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
	const struct clock *clock = &live->options->clock;
	struct surroundings around = {.clock = clock->now(clock->state),
	    .turned_away = live->turned_away,
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

	rc = node_commit(node, problem);
	if (rc == OK)
		tidy_note(live);

	return rc;
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

/* Log a lasting fault once.  A batch that only read does not end one of
 * writing. */
static void
note_outcome(struct live *live, enum err rc, const struct problem *problem)
{
	if (rc == OK && node_last_write(live->options->node) != OK)
		return;
	if (rc != OK && rc != live->last)
		live_log(live, "a commit failed: %s%s%s", problem->text,
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
		revoked_fetch(live);
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

void
batch_arm(struct live *live)
{
	live->batch_event = event_new(live->base, -1, 0, run_batch, live);
	live->latest_event = evtimer_new(live->base, run_batch, live);
	live->timer_event = event_new(live->base, -1, 0, on_timer, live);
	event_priority_set(live->batch_event, PRIORITY_BATCH);
	event_priority_set(live->latest_event, PRIORITY_LATEST);
}
