#include "live/work.h"

#include <event2/event.h>
#include <stdlib.h>

#include "base/json.h"

/* The longest time for which a flood of bytes can delay a batch. */
#define BATCH_LATEST_MS 20
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

void
live_wake(struct live *live)
{
	struct timeval latest = {.tv_usec = BATCH_LATEST_MS * 1000};

	event_active(live->batch_event, EV_TIMEOUT, 0);
	if (!evtimer_pending(live->latest_event, NULL))
		event_add(live->latest_event, &latest);
}

bool
work_is_envelopes(const struct http_call *call)
{
	return call->method == HTTP_POST &&
	    (call->doors & HTTP_DOOR_PEERS) != 0 &&
	    slice_equal_string(call->path, "/envelopes");
}

void
work_append(struct work **list, struct work *w)
{
	w->next = NULL;
	while (*list != NULL)
		list = &(*list)->next;
	*list = w;
}

void
work_free(struct work *w)
{
	if (w->expiry != NULL)
		event_free(w->expiry);
	node_reply_done(&w->reply);
	buf_done(&w->receipt);
	intake_done(&w->intake);
	free(w);
}

void
work_refuse(struct work *w, const struct problem *problem)
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
	http_reply(w->call, &reply);
	buf_done(&text);
}

/* --- Ready for a batch ----------------------------------------------------- */

void
work_ready(struct live *live, struct work *w)
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
		work_refuse(w, &problem);
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
		work_ready(live, w);
	}
}

static void
on_gathered(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	release(state);
}

void
work_arm(struct live *live)
{
	live->gather_event = evtimer_new(live->base, on_gathered, live);
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

void
work_request(void *state, struct http_call *call)
{
	struct live *live = state;
	struct work *w = heap_array(1, sizeof(*w));

	w->live = live;
	w->call = call;
	buf_init(&w->reply.body);
	buf_init(&w->receipt);
	if (work_is_envelopes(call))
		work_ready(live, w);
	else
		gather(live, w);
}

/* --- Parked --------------------------------------------------------------- */

void
work_resume(struct live *live, struct work *w)
{
	struct work **at;

	for (at = &live->parked; *at != NULL && *at != w; at = &(*at)->next)
		;
	if (*at == NULL)
		return;
	*at = w->next;
	live->n_parked--;
	work_ready(live, w);
}

static void
on_expiry(evutil_socket_t fd, short what, void *state)
{
	struct work *w = state;

	(void)fd;
	(void)what;
	w->call->waited = true;
	work_resume(w->live, w);
}

void
work_park(struct live *live, struct work *w)
{
	struct timeval tv = {.tv_sec = w->reply.wait_seconds};

	w->call->resumed = true;
	if (w->expiry == NULL) {
		w->expiry = event_new(live->base, -1, 0, on_expiry, w);
		event_add(w->expiry, &tv);
	}
	work_append(&live->parked, w);
	live->n_parked++;
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

void
work_gone(void *state, struct http_call *call)
{
	struct live *live = state;

	drop_parked(live, call);
	mark_gone(live->ready.first, call);
	mark_gone(live->gathering.first, call);
}
