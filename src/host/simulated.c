#include "host/simulated.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/keymaking.h"
#include "host/event_queue.h"

#define MEMBERS_MAX 64
#define BATCH_BYTES (4u << 20)
#define LOST_AFTER_MS 2000 /* when a sender gives a batch up */
#define BACK_OFF_MS 50

struct member {
	const struct system *system;
	struct system_id id;
	char *database;
	struct keystore *keys;
	json_t *jwk;
	const struct setting *settings;
	struct fingerprint fingerprint;
	struct random_seed seed;
	struct node *node;
	/* For each other member: a batch is under way until it settles. */
	bool under_way[MEMBERS_MAX];
	struct instant not_before[MEMBERS_MAX];
	uint64_t
	    flights[MEMBERS_MAX]; /* tells a late time-out from a live one */
	struct instant tick;      /* when a timer event is queued; 0: none */
};

struct simulation {
	struct random_seed seed;
	struct random random;
	struct simulation_faults faults;
	struct instant now;
	char *folder;
	struct member members[MEMBERS_MAX];
	size_t n_members;
	struct event_queue events;
	uint64_t trace;
	struct buf woken; /* NUL-ended keys since the last look */
};

static void
trace(struct simulation *sim, uint64_t value)
{
	sim->trace = (sim->trace ^ value) * 0x100000001b3ull;
}

static bool
chance(struct simulation *sim, int per_mille)
{
	return random_below(&sim->random, 1000) < (uint64_t)per_mille;
}

static struct instant
arrival(struct simulation *sim)
{
	int64_t span = sim->faults.delay_max_ms - sim->faults.delay_min_ms;
	int64_t delay = sim->faults.delay_min_ms;

	if (span > 0)
		delay +=
		    (int64_t)random_below(&sim->random, (uint64_t)span + 1);

	return instant_plus(sim->now, delay);
}

/* --- Members ------------------------------------------------------------- */

static size_t
member_of(const struct simulation *sim, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < sim->n_members; i++) {
		if (system_id_equal(&sim->members[i].id, id))
			return i;
	}
	abort();
}

static enum err
open_member(struct simulation *sim, struct member *m, struct problem *problem)
{
	struct node_options options = {.system = m->system,
	    .id = m->id,
	    .database = m->database,
	    .keys = m->keys,
	    .settings = m->settings,
	    .random = random_seeded(&m->seed, m->seed.seed),
	    .now = sim->now};

	/* The generator goes on; it does not begin again after a crash. */
	m->seed.seed = random_u64(&sim->random);

	return node_open(&options, &m->node, problem);
}

/* The process dies and is started again. */
static void
crash(struct simulation *sim, struct member *m)
{
	struct problem problem = {0};
	enum err rc;

	trace(sim, 'C');
	node_close(m->node);
	m->node = NULL;
	memset(m->under_way, 0, sizeof(m->under_way));
	memset(m->not_before, 0, sizeof(m->not_before));
	m->tick.ms = 0;
	rc = open_member(sim, m, &problem);
	if (rc) {
		fprintf(stderr, "simulation: %s does not start again: %s\n",
		    m->id.text, problem.text);
		abort();
	}
}

enum err
simulation_restart(struct simulation *sim, const char *system,
    struct instant clock, struct problem *problem)
{
	struct instant now = sim->now;
	struct system_id id;
	struct member *m;
	enum err rc;

	if (system_id_parse(slice_of(system), &id))
		return ERR_INPUT;
	m = &sim->members[member_of(sim, &id)];
	node_close(m->node);
	m->node = NULL;
	sim->now = clock;
	rc = open_member(sim, m, problem);
	sim->now = now;

	return rc;
}

static enum err
make_keys(struct simulation *sim, struct member *m)
{
	const char *const *purpose;
	enum err rc;

	m->keys = keystore_new(KEYSTORE_FAST);
	rc = keymaking_sign(m->keys, sim->now, &m->jwk);
	if (rc == OK)
		rc = keymaking_seal(m->keys, sim->now);
	for (purpose = m->system->keys;
	     rc == OK && purpose != NULL && *purpose != NULL; purpose++)
		keystore_add_symmetric(
		    m->keys, *purpose, &sim->random, sim->now, NULL);

	return rc;
}

/* Everybody learns of the newcomer, and the newcomer of everybody. */
static enum err
introduce(struct simulation *sim, size_t newcomer, struct problem *problem)
{
	struct member *m = &sim->members[newcomer];
	struct peer peers[MEMBERS_MAX];
	enum err rc;
	size_t i;

	for (i = 0; i < sim->n_members; i++)
		peers[i] = (struct peer){.id = sim->members[i].id,
		    .url = "simulated:",
		    .key = sim->members[i].jwk,
		    .fingerprint = sim->members[i].fingerprint};
	rc = node_add_peers(m->node, peers, sim->n_members, problem);
	for (i = 0; rc == OK && i < newcomer; i++)
		rc = node_add_peers(
		    sim->members[i].node, &peers[newcomer], 1, problem);

	return rc;
}

static struct fingerprint
operator_fingerprint(void)
{
	return (struct fingerprint){digest_of(SLICE("operator"))};
}

enum err
simulation_add(struct simulation *sim, const struct system *system,
    const char *id, const struct setting *settings, struct problem *problem)
{
	struct fingerprint operator= operator_fingerprint();
	struct member *m = &sim->members[sim->n_members];
	struct buf path;
	enum err rc;

	assert(sim->n_members < MEMBERS_MAX);
	rc = system_id_parse(slice_of(id), &m->id);
	if (rc)
		return problem_set(problem, rc, "%s is no id of a system", id);
	m->system = system;
	m->settings = settings;
	m->fingerprint.digest = digest_of(slice_of(id));
	m->seed.seed = random_u64(&sim->random);
	buf_init(&path);
	buf_printf(&path, "%s/%s.sqlite", sim->folder, m->id.text);
	*strrchr(path.data, '/') = '-';
	m->database = heap_string(buf_slice(&path));
	buf_done(&path);
	rc = make_keys(sim, m);
	if (rc == OK)
		rc = open_member(sim, m, problem);
	if (rc)
		return rc;
	sim->n_members++;
	rc = introduce(sim, sim->n_members - 1, problem);
	if (rc)
		return rc;

	return node_add_operator(m->node, &operator, SLICE("clerk"), problem);
}

/* --- The network --------------------------------------------------------- */

static void
note_wake(void *state, const char *key)
{
	struct simulation *sim = state;

	buf_add(&sim->woken, slice_bytes(key, strlen(key) + 1));
}

static void
send_batch(struct simulation *sim, size_t from, size_t to, struct buf *batch)
{
	struct member *m = &sim->members[from];
	struct event e = {.kind = EVENT_BATCH, .from = from, .to = to};
	struct event lost = {.kind = EVENT_LOST, .from = to, .to = from};

	m->under_way[to] = true;
	e.flight = lost.flight = ++m->flights[to];
	lost.at = instant_plus(sim->now, LOST_AFTER_MS);
	event_queue_put(&sim->events, &lost);
	if (chance(sim, sim->faults.repeat)) {
		struct event twin = e;

		buf_init(&twin.bytes);
		buf_add(&twin.bytes, buf_slice(batch));
		twin.at = arrival(sim);
		event_queue_put(&sim->events, &twin);
	}
	if (chance(sim, sim->faults.lose_request)) {
		buf_done(batch);
		return;
	}
	e.at = arrival(sim);
	e.bytes = *batch;
	event_queue_put(&sim->events, &e);
}

/* Post what is due, and see that the timers run. */
static void
kick(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	struct event tick = {.kind = EVENT_TIMER, .to = index};
	struct posting posting;
	struct peer_info peer;
	size_t i, to;

	for (i = 0; i < node_peers(m->node); i++) {
		peer = node_peer(m->node, i);
		to = member_of(sim, &peer.id);
		if (peer.due.ms == 0 || m->under_way[to] ||
		    instant_is_before(sim->now, m->not_before[to]))
			continue;
		posting = (struct posting){.max_bytes = BATCH_BYTES};
		if (node_outbox(m->node, i, sim->now, &posting) == OK)
			send_batch(sim, index, to, &posting.batch);
		else
			buf_done(&posting.batch);
	}
	tick.at = node_next_timer(m->node);
	for (i = 0; i < node_peers(m->node); i++) {
		peer = node_peer(m->node, i);
		to = member_of(sim, &peer.id);
		if (peer.due.ms == 0 || m->under_way[to])
			continue;
		if (peer.due.ms < m->not_before[to].ms)
			peer.due = m->not_before[to];
		if (tick.at.ms == 0 || peer.due.ms < tick.at.ms)
			tick.at = peer.due;
	}
	if (tick.at.ms == 0)
		return;
	if (tick.at.ms <= sim->now.ms)
		tick.at = instant_plus(sim->now, 1);
	if (m->tick.ms == 0 || tick.at.ms < m->tick.ms) {
		m->tick = tick.at;
		event_queue_put(&sim->events, &tick);
	}
}

/*
 * End a batch of turns, unless the process dies before or after.  True if
 * what it wanted to say may leave.
 */
static bool
commit(struct simulation *sim, size_t index)
{
	struct member *m = &sim->members[index];
	struct problem problem = {0};
	bool committed;

	if (chance(sim, sim->faults.crash_before)) {
		node_abort(m->node);
		crash(sim, m);
		kick(sim, index);
		return false;
	}
	committed = node_commit(m->node, &problem) == OK;
	if (committed && chance(sim, sim->faults.crash_after)) {
		crash(sim, m);
		committed = false;
	} else if (committed)
		node_take_wakes(m->node, note_wake, sim);
	kick(sim, index);

	return committed;
}

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

static void
answer_batch(struct simulation *sim, const struct event *e)
{
	struct event back = {.kind = EVENT_RECEIPT,
	    .from = e->to,
	    .to = e->from,
	    .flight = e->flight};
	struct arriving a = {sim, e, &back.bytes, OK};

	buf_init(&back.bytes);
	if (node_perform(sim->members[e->to].node, sim->now, receive, &a))
		return;
	if (!commit(sim, e->to) || a.rc ||
	    chance(sim, sim->faults.lose_receipt)) {
		buf_done(&back.bytes);
		return;
	}
	back.at = arrival(sim);
	event_queue_put(&sim->events, &back);
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

		if (member_of(sim, &peer.id) == e->from)
			break;
	}
	s.peer = i;
	if (node_perform(m->node, sim->now, settle, &s))
		return;
	if (s.rc)
		m->not_before[e->from] = instant_plus(sim->now, BACK_OFF_MS);
	commit(sim, e->to);
}

static void
give_up(struct simulation *sim, const struct event *e)
{
	struct member *m = &sim->members[e->to];

	if (!m->under_way[e->from] || m->flights[e->from] != e->flight)
		return;
	m->under_way[e->from] = false;
	m->not_before[e->from] = instant_plus(sim->now, BACK_OFF_MS);
	kick(sim, e->to);
}

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
	if (next.ms == 0 || instant_is_before(sim->now, next) ||
	    node_perform(m->node, sim->now, tick, m->node)) {
		kick(sim, index);
		return;
	}
	commit(sim, index);
}

/* One event; false if there is none before `end`. */
static bool
step(struct simulation *sim, struct instant end)
{
	struct instant next;
	struct event e;

	if (!event_queue_next(&sim->events, &next) ||
	    instant_is_before(end, next))
		return false;
	e = event_queue_take(&sim->events);
	if (instant_is_before(sim->now, e.at))
		sim->now = e.at;
	trace(sim, (uint64_t)e.at.ms);
	trace(sim, (uint64_t)e.kind << 32 | e.from << 16 | e.to);
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

/* --- Driving it ---------------------------------------------------------- */

enum err
simulation_new(uint64_t seed, const char *folder,
    const struct simulation_faults *faults, struct instant start,
    struct simulation **ret, struct problem *problem)
{
	struct simulation *sim = heap_array(1, sizeof(*sim));

	sim->random = random_seeded(&sim->seed, seed);
	if (faults != NULL)
		sim->faults = *faults;
	sim->now = start;
	sim->trace = 0xcbf29ce484222325ull;
	buf_init(&sim->woken);
	sim->folder = heap_string(slice_of(folder));
	if (folder_make(folder, 0700, problem)) {
		simulation_free(sim);
		return ERR_IO;
	}
	*ret = sim;

	return OK;
}

void
simulation_free(struct simulation *sim)
{
	size_t i;

	if (sim == NULL)
		return;
	for (i = 0; i < sim->n_members; i++) {
		node_close(sim->members[i].node);
		keystore_free(sim->members[i].keys);
		json_decref(sim->members[i].jwk);
		free(sim->members[i].database);
	}
	event_queue_done(&sim->events);
	free(sim->folder);
	buf_done(&sim->woken);
	free(sim);
}

void
simulation_set_faults(
    struct simulation *sim, const struct simulation_faults *faults)
{
	sim->faults = *faults;
}

void
simulation_run(struct simulation *sim, int64_t ms)
{
	struct instant end = instant_plus(sim->now, ms);

	while (step(sim, end))
		;
	sim->now = end;
}

static bool
is_settled(const struct simulation *sim)
{
	size_t i, j;

	for (i = 0; i < sim->n_members; i++) {
		const struct node *node = sim->members[i].node;
		struct instant next = node_next_timer(node);

		for (j = 0; j < sim->n_members; j++) {
			if (sim->members[i].under_way[j])
				return false;
		}
		for (j = 0; j < node_peers(node); j++) {
			if (node_peer(node, j).due.ms != 0)
				return false;
		}
		if (next.ms != 0 && next.ms <= sim->now.ms)
			return false;
	}

	return true;
}

enum err
simulation_settle(struct simulation *sim, int64_t ms)
{
	struct instant end = instant_plus(sim->now, ms);
	size_t i;

	for (i = 0; i < sim->n_members; i++)
		kick(sim, i);
	while (!is_settled(sim)) {
		if (!step(sim, end))
			return ERR_BUSY;
	}

	return OK;
}

struct instant
simulation_now(const struct simulation *sim)
{
	return sim->now;
}

uint64_t
simulation_trace(const struct simulation *sim)
{
	return sim->trace;
}

struct node *
simulation_node(struct simulation *sim, const char *system)
{
	struct system_id id;

	if (system_id_parse(slice_of(system), &id))
		abort();

	return sim->members[member_of(sim, &id)].node;
}

/* --- Requests ------------------------------------------------------------ */

static bool
was_woken(struct simulation *sim, const char *key)
{
	size_t at;
	bool found = false;

	for (at = 0; at < sim->woken.len;
	     at += strlen(sim->woken.data + at) + 1)
		found = found || strcmp(sim->woken.data + at, key) == 0;
	buf_clear(&sim->woken);

	return found;
}

/* Run on until `key` is woken; false when `until` has come first. */
static bool
sleep_until(struct simulation *sim, const char *key, struct instant until)
{
	while (!was_woken(sim, key)) {
		if (!step(sim, until)) {
			sim->now = until;
			return false;
		}
	}

	return true;
}

struct asking {
	struct node *node;
	const struct node_request *request;
	struct node_reply *reply;
};

static void
ask(void *state)
{
	struct asking *a = state;

	node_reply_done(a->reply);
	memset(a->reply, 0, sizeof(*a->reply));
	buf_init(&a->reply->body);
	node_request(a->node, a->request, a->reply);
}

/* ERR_UNREACHABLE: the process died under it; the caller may try again. */
static enum err
try_request(struct simulation *sim, size_t index,
    const struct node_request *request, struct node_reply *reply)
{
	struct asking a = {sim->members[index].node, request, reply};

	buf_clear(&sim->woken);
	if (node_perform(a.node, sim->now, ask, &a))
		return ERR_UNREACHABLE;

	return commit(sim, index) ? OK : ERR_UNREACHABLE;
}

static enum err
request_until_answered(struct simulation *sim, size_t index,
    struct node_request *request, struct node_reply *reply)
{
	struct instant until = {0};
	enum err rc;

	for (;;) {
		rc = try_request(sim, index, request, reply);
		if (rc || reply->status != 0)
			return rc;
		if (until.ms == 0)
			until = instant_plus(
			    sim->now, reply->wait_seconds * 1000ll);
		request->waited = !sleep_until(sim, reply->wait_key, until);
	}
}

enum err
simulation_call_raw(struct simulation *sim, const char *system,
    enum http_method method, const char *path, struct slice body,
    struct slice token, int *ret_status, struct buf *ret_body)
{
	struct slice rest = slice_of(path);
	struct node_request request = {.method = method, .body = body};
	struct node_reply reply = {0};
	struct system_id id;
	struct buf bearer;
	enum err rc;

	if (system_id_parse(slice_of(system), &id))
		return ERR_INPUT;
	buf_init(&bearer);
	buf_init(&reply.body);
	request.path = slice_cut(&rest, '?');
	request.query = rest.data != NULL ? rest : SLICE("");
	if (token.len > 0) {
		buf_printf(&bearer, "Bearer %.*s", SLICE_ARG(token));
		request.authorization = buf_slice(&bearer);
	} else {
		request.has_certificate = true;
		request.fingerprint = operator_fingerprint();
	}
	rc = request_until_answered(sim, member_of(sim, &id), &request, &reply);
	if (rc == OK) {
		*ret_status = reply.status;
		buf_add(ret_body, buf_slice(&reply.body));
	}
	node_reply_done(&reply);
	buf_done(&bearer);

	return rc;
}

enum err
simulation_call(struct simulation *sim, const char *system,
    enum http_method method, const char *path, json_t *body, int *ret_status,
    json_t **ret)
{
	struct problem problem = {0};
	struct buf text, answer;
	enum err rc;

	buf_init(&text);
	buf_init(&answer);
	*ret = NULL;
	if (body != NULL)
		json_write(body, &text);
	json_decref(body);
	rc = simulation_call_raw(sim, system, method, path, buf_slice(&text),
	    SLICE(""), ret_status, &answer);
	if (rc == OK && answer.len > 0)
		rc = json_read(buf_slice(&answer), "answer", ret, &problem);
	buf_done(&text);
	buf_done(&answer);

	return rc;
}
