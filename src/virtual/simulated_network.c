/*
 * The network of the simulated host, and the faults in it: between the members,
 * at their disks, and in the members themselves.
 */
#include <assert.h>
#include <string.h>

#include "virtual/simulated_internal.h"

#define BATCH_BYTES (4u << 20)
#define LOST_AFTER_MS 2000 /* when a sender gives a batch up */
#define BACK_OFF_MS 50
/* How much later than others a delivery is that another one overtakes; a slow
 * one comes when its sender has given up. */
#define OVERTAKEN_MS 1500
#define SLOW_MS 8000
#define USUAL_MS 20   /* a delivery that takes longer is delayed */
#define WRITES_MAX 24 /* among which one fails */

static void
note_wake(void *state, const char *key)
{
	struct simulation *sim = state;

	buf_add(&sim->woken, slice_bytes(key, strlen(key) + 1));
}

static struct instant
arrival(struct simulation *sim)
{
	const struct simulation_faults *f = &sim->faults;
	int64_t delay = f->delay_min_ms +
	    simulated_below(sim, f->delay_max_ms - f->delay_min_ms);

	sim->happened[FAULT_DELAY] += delay > USUAL_MS;
	if (simulated_chance(sim, FAULT_REORDERING, f->reorder))
		delay += simulated_below(sim, OVERTAKEN_MS);
	if (simulated_chance(sim, FAULT_SLOW, f->slow))
		delay += simulated_below(sim, SLOW_MS);

	return instant_plus(sim->now, delay);
}

/* --- Partitions ---------------------------------------------------------- */

static void
cut(struct simulation *sim, size_t a, size_t b, struct instant until)
{
	sim->members[a].cut_until[b] = until;
	sim->members[b].cut_until[a] = until;
}

/* A new partition may begin with every posting. */
static void
partition(struct simulation *sim, size_t from, size_t to)
{
	const struct simulation_faults *f = &sim->faults;
	size_t i;

	if (simulated_chance(sim, FAULT_PARTITION, f->cut))
		cut(sim, from, to,
		    instant_plus(
			sim->now, simulated_below(sim, f->cut_max_ms)));
	if (!simulated_chance(sim, FAULT_PARTITION, f->isolate))
		return;
	for (i = 0; i < sim->n_members; i++) {
		if (i != to)
			cut(sim, i, to, instant_plus(sim->now, f->cut_max_ms));
	}
}

void
simulation_isolate(struct simulation *sim, const char *system, int64_t ms)
{
	struct system_id id;
	enum err rc = system_id_parse(slice_of(system), &id);

	assert(rc == OK);
	sim->members[simulated_member(sim, &id)].alone_until =
	    instant_plus(sim->now, ms);
}

static bool
is_cut(const struct simulation *sim, size_t from, size_t to)
{
	if (instant_is_before(sim->now, sim->members[from].alone_until) ||
	    instant_is_before(sim->now, sim->members[to].alone_until))
		return true;

	return sim->faults.cut_max_ms > 0 &&
	    instant_is_before(sim->now, sim->members[from].cut_until[to]);
}

/* --- Posting ------------------------------------------------------------- */

static void
repeat(struct simulation *sim, const struct event *e)
{
	struct event twin = *e;

	buf_init(&twin.bytes);
	buf_add(&twin.bytes, buf_slice(&e->bytes));
	twin.at = arrival(sim);
	event_queue_put(&sim->events, &twin);
}

static void
send_batch(struct simulation *sim, size_t from, size_t to, struct buf *batch)
{
	struct member *m = &sim->members[from];
	struct event e = {
	    .kind = EVENT_BATCH, .from = from, .to = to, .bytes = *batch};
	struct event lost = {.kind = EVENT_LOST, .from = to, .to = from};
	struct event lie;

	m->under_way[to] = true;
	e.flight = lost.flight = ++m->flights[to];
	lost.at = instant_plus(sim->now, LOST_AFTER_MS);
	event_queue_put(&sim->events, &lost);
	partition(sim, from, to);
	if (simulated_chance(sim, FAULT_DUPLICATION, sim->faults.repeat))
		repeat(sim, &e);
	if (simulated_chance(sim, FAULT_LYING, sim->faults.lie) &&
	    liar_batch(sim, &e, &lie)) {
		lie.at = arrival(sim);
		event_queue_put(&sim->events, &lie);
	}
	if (is_cut(sim, from, to) ||
	    simulated_chance(sim, FAULT_LOSS, sim->faults.lose_request)) {
		buf_done(batch);
		return;
	}
	e.at = arrival(sim);
	event_queue_put(&sim->events, &e);
}

/* Convert an instant of the member's clock to our clock. */
static struct instant
ours(const struct simulation *sim, const struct member *m, struct instant t)
{
	if (t.ms == 0)
		return t;

	return instant_plus(sim->now, t.ms - simulated_clock(sim, m).ms);
}

static void
post(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	struct posting posting;
	struct peer_info peer;
	size_t i, to;

	for (i = 0; i < node_peers(m->node); i++) {
		peer = node_peer(m->node, i);
		to = simulated_member(sim, &peer.id);
		if (peer.due.ms == 0 || m->under_way[to] ||
		    instant_is_before(sim->now, m->not_before[to]))
			continue;
		posting = (struct posting){.max_bytes = BATCH_BYTES};
		if (node_outbox(
			m->node, i, simulated_clock(sim, m), &posting) == OK)
			send_batch(sim, index, to, &posting.batch);
		else
			buf_done(&posting.batch);
	}
}

static struct instant
next_tick(const struct simulation *sim, const struct member *m)
{
	struct instant next = ours(sim, m, node_next_timer(m->node)), due;
	struct peer_info peer;
	size_t i, to;

	for (i = 0; i < node_peers(m->node); i++) {
		peer = node_peer(m->node, i);
		to = simulated_member(sim, &peer.id);
		if (peer.due.ms == 0 || m->under_way[to])
			continue;
		due = ours(sim, m, peer.due);
		if (due.ms < m->not_before[to].ms)
			due = m->not_before[to];
		if (next.ms == 0 || due.ms < next.ms)
			next = due;
	}

	return next;
}

void
simulated_kick(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	struct event tick = {.kind = EVENT_TIMER, .to = index};

	post(sim, index);
	tick.at = next_tick(sim, m);
	if (tick.at.ms == 0)
		return;
	if (tick.at.ms <= sim->now.ms)
		tick.at = instant_plus(sim->now, 1);
	if (m->tick.ms == 0 || tick.at.ms < m->tick.ms) {
		m->tick = tick.at;
		event_queue_put(&sim->events, &tick);
	}
}

/* --- Batches of turns ---------------------------------------------------- */

static enum err
any_failure(struct simulation *sim)
{
	static const enum err any[] = {ERR_FULL, ERR_IO, ERR_BUSY};

	return any[simulated_below(sim, 2)];
}

/* The first write of some turn fails: its sender shall try again later. */
static bool
perform_badly(struct simulation *sim, struct member *m,
    void (*work)(void *state), void *state)
{
	if (node_begin(m->node, simulated_clock(sim, m)))
		return false;
	store_inject(node_store(m->node), 1, ERR_BUSY);
	work(state);

	return true;
}

bool
simulated_perform(struct simulation *sim, size_t index,
    void (*work)(void *state), void *state)
{
	struct member *m = &sim->members[index];
	enum err err;

	if (simulated_chance(sim, FAULT_TORN, sim->faults.tear)) {
		err = any_failure(sim);
		if (err == ERR_BUSY)
			return perform_badly(sim, m, work, state);
		store_inject(node_store(m->node),
		    1 + (uint64_t)simulated_below(sim, WRITES_MAX), err);
	}

	return node_perform(m->node, simulated_clock(sim, m), work, state) ==
	    OK;
}

/* The commit may fail, or report that its outcome is unknown. */
static enum err
try_commit(struct simulation *sim, struct member *m)
{
	struct store *store = node_store(m->node);
	struct problem problem = {0};
	enum err rc;

	if (simulated_chance(sim, FAULT_TORN, sim->faults.tear))
		store_inject(store, 1,
		    simulated_below(sim, 1) == 0 ? ERR_UNCERTAIN
						 : any_failure(sim));
	rc = node_commit(m->node, &problem);
	if (store_inject_is_pending(store))
		store_inject(store, 0, OK);
	if (rc)
		simulated_trace(sim, 'F');

	return rc;
}

bool
simulated_commit(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	bool committed;

	if (simulated_chance(sim, FAULT_CRASH, sim->faults.crash_before)) {
		node_abort(m->node);
		simulated_crash(sim, m);
		simulated_kick(sim, index);
		return false;
	}
	if (simulated_chance(sim, FAULT_TORN, sim->faults.rip)) {
		simulated_rip(sim, m);
		simulated_kick(sim, index);
		return false;
	}
	committed = try_commit(sim, m) == OK;
	if (committed &&
	    simulated_chance(sim, FAULT_CRASH, sim->faults.crash_after)) {
		simulated_crash(sim, m);
		committed = false;
	} else if (committed)
		node_take_wakes(m->node, note_wake, sim);
	simulated_kick(sim, index);

	return committed;
}

/* --- Arriving ------------------------------------------------------------ */

struct arriving {
	struct simulation *sim;
	const struct event *event;
	struct buf *receipt;
	enum err rc;
};

static void
receive(void *state)
{
	struct arriving *a = state;
	const struct event *e = a->event;
	struct problem problem = {0};

	buf_clear(a->receipt);
	a->rc = node_receive(a->sim->members[e->to].node,
	    &a->sim->members[e->from].fingerprint,
	    slice_bytes(e->bytes.data, e->bytes.len), a->receipt, &problem);
}

/* Send a receipt back, unless it is lost. */
static void
answer(struct simulation *sim, struct event *back)
{
	struct member *m = &sim->members[back->from];

	buf_clear(&m->last_receipt);
	buf_add(&m->last_receipt, buf_slice(&back->bytes));
	if (is_cut(sim, back->from, back->to) ||
	    simulated_chance(sim, FAULT_LOSS, sim->faults.lose_receipt)) {
		buf_done(&back->bytes);
		return;
	}
	back->at = arrival(sim);
	event_queue_put(&sim->events, back);
}

static void
answer_batch(struct simulation *sim, const struct event *e)
{
	struct event back = {.kind = EVENT_RECEIPT,
	    .from = e->to,
	    .to = e->from,
	    .flight = e->flight};
	struct arriving a = {sim, e, &back.bytes, OK};

	buf_init(&back.bytes);
	if (sim->watch != NULL && e->flight != 0)
		sim->watch(sim->watch_state, &sim->members[e->from].id,
		    &sim->members[e->to].id, buf_slice(&e->bytes));
	if (simulated_chance(sim, FAULT_LYING, sim->faults.lie)) {
		liar_receipt(sim, e, &back.bytes);
		answer(sim, &back);
		return;
	}
	if (!simulated_perform(sim, e->to, receive, &a)) {
		buf_done(&back.bytes);
		return;
	}
	if (!simulated_commit(sim, e->to) || a.rc) {
		buf_done(&back.bytes);
		return;
	}
	answer(sim, &back);
}

struct settling {
	struct member *member;
	size_t peer;
	struct slice receipt;
	enum err rc;
};

static void
settle(void *state)
{
	struct settling *s = state;
	struct problem problem = {0};

	s->rc = node_settle(s->member->node, s->peer, s->receipt, &problem);
}

static void
take_receipt(struct simulation *sim, struct event *e)
{
	struct member *m = &sim->members[e->to];
	struct settling s = {.member = m, .receipt = buf_slice(&e->bytes)};
	size_t i;

	if (!m->under_way[e->from] || m->flights[e->from] != e->flight)
		return; /* given up, or the process died meanwhile */
	m->under_way[e->from] = false;
	for (i = 0; i < node_peers(m->node); i++) {
		struct peer_info peer = node_peer(m->node, i);

		if (simulated_member(sim, &peer.id) == e->from)
			break;
	}
	s.peer = i;
	if (!simulated_perform(sim, e->to, settle, &s)) {
		simulated_kick(sim, e->to);
		return;
	}
	if (s.rc)
		m->not_before[e->from] = instant_plus(sim->now, BACK_OFF_MS);
	simulated_commit(sim, e->to);
}

static void
give_up(struct simulation *sim, const struct event *e)
{
	struct member *m = &sim->members[e->to];

	if (!m->under_way[e->from] || m->flights[e->from] != e->flight)
		return;
	m->under_way[e->from] = false;
	m->not_before[e->from] = instant_plus(sim->now, BACK_OFF_MS);
	simulated_kick(sim, e->to);
}

/* --- Time ---------------------------------------------------------------- */

static void
tick(void *state)
{
	node_timers(state);
}

static void
run_timers(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	struct instant next = node_next_timer(m->node);

	m->tick.ms = 0;
	if (next.ms == 0 || instant_is_before(simulated_clock(sim, m), next) ||
	    !simulated_perform(sim, index, tick, m->node)) {
		simulated_kick(sim, index);
		return;
	}
	simulated_commit(sim, index);
}

bool
simulated_step(struct simulation *sim, struct instant end)
{
	struct instant next;
	struct event e;

	if (!event_queue_next(&sim->events, &next) ||
	    instant_is_before(end, next))
		return false;
	e = event_queue_take(&sim->events);
	if (instant_is_before(sim->now, e.at))
		sim->now = e.at;
	sim->n_events++;
	simulated_trace(sim, (uint64_t)e.at.ms);
	simulated_trace(sim, (uint64_t)e.kind << 32 | e.from << 16 | e.to);
	switch (e.kind) {
	case EVENT_BATCH:
		answer_batch(sim, &e);
		break;
	case EVENT_RECEIPT:
		take_receipt(sim, &e);
		break;
	case EVENT_LOST:
		give_up(sim, &e);
		break;
	case EVENT_TIMER:
		if (sim->members[e.to].tick.ms == e.at.ms)
			run_timers(sim, e.to);
		break;
	}
	buf_done(&e.bytes);

	return true;
}
