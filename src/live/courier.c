#include "live/courier.h"

#include <event2/event.h>
#include <stdlib.h>
#include <string.h>

#include "live/live_internal.h"
#include "wire/http_client.h"

#define BATCH_BYTES (2u << 20)
#define CALL_TIMEOUT_MS 30000
#define RECEIPT_BYTES (1u << 20)
#define BACK_OFF_FIRST_MS 50
#define BACK_OFF_MAX_MS 30000
/* No posting is put off for longer: if one is due later than that, the clock
 * was set back meanwhile. */
#define DUE_MAX_MS 30000

/*
 * Nobody waits for a receipt to be settled, and a batch costs a flush of the
 * disk.  Receipts that are SETTLE_MS old are therefore settled in the next
 * batch that other work begins.  A batch for their own sake begins after
 * another SETTLE_LATEST_MS, or when one peer sent RECEIPTS_MAX of them.
 */
#define RECEIPTS_MAX 16
#define SETTLE_MS 20
#define SETTLE_LATEST_MS 100

/*
 * The way to one peer, by its index in the directory.  The next batch is
 * posted when the last one is answered, not only when it is settled, so that
 * both ends work at the same time.
 */
struct way {
	struct courier *courier;
	size_t peer;
	bool posted;  /* a batch is under way */
	int64_t last; /* the newest message of the batch posted last */
	struct buf receipts[RECEIPTS_MAX]; /* oldest first */
	int n_receipts;
	int64_t back_off_ms;
	int64_t not_before; /* monotonic */
};

struct courier {
	struct live *live;
	struct http_client *client;
	struct way *ways;
	size_t n_ways;
	struct event *again;
	struct event *settle;
	bool due; /* the next batch settles */
};

static void
on_again(evutil_socket_t fd, short what, void *state)
{
	(void)fd;
	(void)what;
	courier_kick(state);
}

static void
on_settle(evutil_socket_t fd, short what, void *state)
{
	struct timeval latest = {.tv_usec = SETTLE_LATEST_MS * 1000};
	struct courier *c = state;

	(void)fd;
	(void)what;
	if (c->due) {
		live_wake(c->live);
		return;
	}
	c->due = true;
	event_add(c->settle, &latest);
}

enum err
courier_new(struct live *live, struct courier **ret)
{
	struct courier *c = heap_array(1, sizeof(*c));
	enum err rc;
	size_t i;

	c->live = live;
	c->n_ways = node_peers(live->options->node);
	c->ways = heap_array(c->n_ways + 1, sizeof(*c->ways));
	for (i = 0; i < c->n_ways; i++) {
		c->ways[i].courier = c;
		c->ways[i].peer = i;
	}
	c->again = event_new(live->base, -1, 0, on_again, c);
	c->settle = event_new(live->base, -1, 0, on_settle, c);
	rc = http_client_new(live->base, live->options->tls, 1, &c->client);
	if (rc) {
		courier_free(c);
		return rc;
	}
	*ret = c;

	return OK;
}

static void
drop_receipts(struct way *w)
{
	while (w->n_receipts > 0)
		buf_done(&w->receipts[--w->n_receipts]);
}

void
courier_free(struct courier *c)
{
	size_t i;

	if (c == NULL)
		return;
	http_client_free(c->client);
	for (i = 0; i < c->n_ways; i++)
		drop_receipts(&c->ways[i]);
	event_free(c->again);
	event_free(c->settle);
	free(c->ways);
	free(c);
}

bool
courier_knows_all(const struct courier *c)
{
	return node_peers(c->live->options->node) == c->n_ways;
}

/* The peer gave no valid answer: wait longer each time. */
static void
back_off(struct way *w, const char *why)
{
	struct live *live = w->courier->live;
	struct peer_info peer = node_peer(live->options->node, w->peer);

	if (w->back_off_ms == 0)
		live_log(
		    live, "%s does not take messages: %s", peer.id.text, why);
	w->back_off_ms =
	    w->back_off_ms == 0 ? BACK_OFF_FIRST_MS : w->back_off_ms * 2;
	if (w->back_off_ms > BACK_OFF_MAX_MS)
		w->back_off_ms = BACK_OFF_MAX_MS;
	w->not_before = monotonic_ms() + w->back_off_ms;
}

static void
on_answer(void *state, const struct http_answer *answer)
{
	struct timeval soon = {.tv_usec = SETTLE_MS * 1000};
	struct way *w = state;
	char why[200];

	w->posted = false;
	if (answer->err || answer->status != 200) {
		snprintf(why, sizeof(why), "%d %s", answer->status,
		    answer->err ? answer->why : "");
		back_off(w, why);
		courier_kick(w->courier);
		return;
	}
	buf_init(&w->receipts[w->n_receipts]);
	buf_add(&w->receipts[w->n_receipts++], answer->body);
	if (w->n_receipts == RECEIPTS_MAX) {
		w->courier->due = true;
		live_wake(w->courier->live);
	} else if (!evtimer_pending(w->courier->settle, NULL))
		event_add(w->courier->settle, &soon);
	courier_kick(w->courier);
}

static void
post(struct way *w, const struct peer_info *peer, struct buf *batch)
{
	struct http_client_call call = {.method = HTTP_POST,
	    .content_type = ENVELOPES_MEDIA_TYPE,
	    .body = buf_slice(batch),
	    .server = peer->fingerprints,
	    .further = peer->n_fingerprints - 1,
	    .timeout_ms = CALL_TIMEOUT_MS,
	    .answer_bytes = RECEIPT_BYTES};
	struct buf url;

	buf_init(&url);
	buf_printf(&url, "%s/envelopes", peer->url);
	call.url = url.data;
	w->posted = true;
	http_client_send(w->courier->client, &call, on_answer, w);
	buf_done(&url);
}

/* Milliseconds until this way must be tried again; -1: not by time alone. */
static int64_t
try_way(struct way *w, struct instant now, int64_t mono)
{
	struct node *node = w->courier->live->options->node;
	struct peer_info peer = node_peer(node, w->peer);
	struct posting p = {
	    .max_bytes = BATCH_BYTES, .after = w->n_receipts > 0 ? w->last : 0};
	int64_t ahead;
	enum err rc;

	if (w->posted || w->n_receipts == RECEIPTS_MAX || peer.due.ms == 0)
		return -1;
	if (mono < w->not_before)
		return w->not_before - mono;
	ahead = peer.due.ms - now.ms;
	if (ahead > 0 && ahead <= DUE_MAX_MS)
		return ahead;
	rc = node_outbox(node, w->peer, now, &p);
	if (rc == OK) {
		w->last = p.last;
		post(w, &peer, &p.batch);
	}
	buf_done(&p.batch);
	peer = node_peer(node, w->peer);
	if (rc == ERR_NOT_FOUND && peer.due.ms > now.ms)
		return peer.due.ms - now.ms;

	if (rc == OK || rc == ERR_NOT_FOUND)
		return -1;
	back_off(w, "our own outbox cannot be read");

	return w->back_off_ms;
}

void
courier_cut(struct courier *c,
    bool (*is_cut)(void *state, const struct fingerprint *server), void *state)
{
	http_client_cut(c->client, is_cut, state);
}

void
courier_kick(struct courier *c)
{
	const struct clock *clock = &c->live->options->clock;
	struct instant now = clock->now(clock->state);
	int64_t mono = monotonic_ms(), wait, soonest = -1;
	struct timeval tv;
	size_t i;

	for (i = 0; i < c->n_ways; i++) {
		wait = try_way(&c->ways[i], now, mono);
		if (wait >= 0 && (soonest < 0 || wait < soonest))
			soonest = wait;
	}
	if (soonest < 0)
		return;
	tv.tv_sec = soonest / 1000;
	tv.tv_usec = soonest % 1000 * 1000 + 500;
	event_add(c->again, &tv);
}

void
courier_settle(struct courier *c)
{
	struct problem problem = {0};
	struct way *w;
	size_t i;
	int k;

	if (!c->due)
		return;
	for (i = 0; i < c->n_ways; i++) {
		w = &c->ways[i];
		for (k = 0; k < w->n_receipts; k++) {
			if (node_settle(c->live->options->node, w->peer,
				buf_slice(&w->receipts[k]), &problem))
				back_off(w, problem.text);
		}
	}
}

/* End the settling of receipts: it succeeded, or failed because of `why`. */
static void
end_settling(struct courier *c, const char *why)
{
	struct way *w;

	if (!c->due)
		return;
	for (w = c->ways; w < c->ways + c->n_ways; w++) {
		if (w->n_receipts > 0 && why != NULL)
			back_off(w, why);
		else if (w->n_receipts > 0)
			w->back_off_ms = 0;
		drop_receipts(w);
	}
	c->due = false;
	event_del(c->settle);
}

void
courier_settled(struct courier *c)
{
	end_settling(c, NULL);
}

void
courier_forget(struct courier *c)
{
	end_settling(c, "our own database did not commit");
}
