#include "host/node.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/encode.h"
#include "host/ledger.h"
#include "host/node_internal.h"
#include "host/reply.h"
#include "host/routes.h"
#include "host/witness.h"

#define DAY_MS (24ll * 3600 * 1000)
#define INBOX_KEEP_MS (90 * DAY_MS) /* longer than an envelope is taken */
#define SENT_KEEP_MS (90 * DAY_MS)
/* An entry of the audit is kept longer than any record it speaks of. */
#define AUDIT_KEEP_MS (10 * 365 * DAY_MS)
#define HOUSEKEEPING_MS (3600 * 1000)
#define CLOCK_SLACK_MS (60 * 1000)
#define AGAIN_MS 1000
/* Turns in one batch of a timer that hurries itself on. */
#define TIMER_TURNS 20
#define LEDGER_PATIENCE_MS 10000

void
node_note(struct node *node, const char *what, struct slice which,
    const struct problem *problem)
{
	struct buf line;

	/* What is done again is said then. */
	if (node->log == NULL || store_is_spoilt(node->store))
		return;
	buf_init(&line);
	buf_printf(&line, "%s %.*s: %s", what, SLICE_ARG(which), problem->text);
	if (problem->detail[0] != '\0')
		buf_printf(&line, " [%s]", problem->detail);
	node->log(node->log_state, line.data);
	buf_done(&line);
}

/* --- Timers -------------------------------------------------------------- */

/* The oldest rows, if they are old enough; *ret_more if there may be more. */
static enum err
erase(struct turn *turn, int statement, int64_t keep_ms, bool *ret_more)
{
	struct query q;
	enum err rc;

	store_query(turn->store, statement, &q);
	query_int(&q, "before", turn->now.ms - keep_ms);
	query_int(&q, "limit", ERASE_MAX);
	rc = query_run(&q);
	if (rc == OK && query_changes(&q) == ERASE_MAX)
		*ret_more = true;

	return rc;
}

/* Forget what no repetition of an envelope can ask for any more. */
static enum err
housekeeping(struct turn *turn)
{
	int64_t erased = 0;
	bool more = false;
	enum err rc;

	rc = erase(turn, HOST_INBOX_ERASE, INBOX_KEEP_MS, &more);
	if (rc == OK)
		rc = erase(turn, HOST_SENT_ERASE, SENT_KEEP_MS, &more);
	if (rc == OK)
		rc = erase(turn, HOST_RECEIPT_ERASE, SENT_KEEP_MS, &more);
	if (rc == OK)
		rc = ledger_erase(
		    turn, instant_plus(turn->now, -AUDIT_KEEP_MS), &erased);
	if (more || erased > 0)
		turn_hurry(turn, "host.housekeeping");

	return rc;
}

static const struct timer housekeeping_timer = {"host.housekeeping",
    HOUSEKEEPING_MS, housekeeping, "forget old receipts and message ids"};

static void
arm_timers(struct node *node, struct instant now)
{
	const struct timer *t;
	size_t n = 3;

	for (t = node->system->timers; t != NULL && t->name != NULL; t++)
		n++;
	node->timers = heap_array(n, sizeof(*node->timers));
	node->timers[node->n_timers++] =
	    (struct timer_state){.timer = &housekeeping_timer, .due = now};
	node->timers[node->n_timers++] =
	    (struct timer_state){.timer = &ledger_timer, .due = now};
	node->timers[node->n_timers++] =
	    (struct timer_state){.timer = &witness_timer, .due = now};
	for (t = node->system->timers; t != NULL && t->name != NULL; t++)
		node->timers[node->n_timers++] =
		    (struct timer_state){.timer = t, .due = now};
}

struct instant
node_next_timer(const struct node *node)
{
	struct instant next = {0};
	size_t i;

	for (i = 0; i < node->n_timers; i++) {
		if (node->timers[i].due.ms == 0)
			continue;
		if (next.ms == 0 || node->timers[i].due.ms < next.ms)
			next = node->timers[i].due;
	}

	return next;
}

static void
run_soon(const struct node *node, struct timer_state *state)
{
	if (state->due.ms == 0 || state->due.ms > node->now.ms + AGAIN_MS)
		state->due.ms = node->now.ms + AGAIN_MS;
}

/* A failed timer is tried again after a second, or at its next period. */
static void
run_timer(struct node *node, struct timer_state *state)
{
	struct caller caller = {.role = ROLE_HOST};
	const struct timer *timer = state->timer;
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	state->due.ms =
	    timer->period_ms > 0 ? node->now.ms + timer->period_ms : 0;
	state->ran = true;
	rc = turn_open(node, &caller, &problem, &turn);
	if (rc == OK) {
		turn.caller.request =
		    arena_printf(turn.arena, "timer %s", timer->name);
		rc = turn_close(&turn, timer->handle(&turn));
	}
	if (rc == OK)
		return;
	node_note(node, "timer", slice_of(timer->name), &problem);
	run_soon(node, state);
}

static bool
is_due(const struct node *node, const struct timer_state *state)
{
	return state->due.ms != 0 && state->due.ms <= node->now.ms;
}

static void
run_turns(struct node *node, struct timer_state *state, int most)
{
	int turns;

	for (turns = 0; turns < most && is_due(node, state); turns++)
		run_timer(node, state);
}

/*
 * Turns for the ledger, which comes last: one in a batch without other work,
 * so that who comes meanwhile does not wait; none in another batch, unless
 * that has gone on for too long.
 */
static int
ledger_turns(const struct node *node, const struct timer_state *ledger)
{
	if (node->now.ms - ledger->due.ms >= LEDGER_PATIENCE_MS)
		return TIMER_TURNS;

	return node->n_turns == 0 ? 1 : 0;
}

void
node_timers(struct node *node)
{
	struct timer_state *end = node->timers + node->n_timers, *t;
	struct timer_state *ledger = NULL;

	for (t = node->timers; t < end; t++) {
		if (t->timer == &ledger_timer)
			ledger = t;
		else
			run_turns(node, t, TIMER_TURNS);
	}
	if (ledger != NULL)
		run_turns(node, ledger, ledger_turns(node, ledger));
}

void
node_finish(struct node *node, struct instant now)
{
	struct timer_state *state = NULL;
	struct problem problem = {0};
	size_t i;

	for (i = 0; i < node->n_timers; i++) {
		if (node->timers[i].timer == &ledger_timer)
			state = &node->timers[i];
	}
	while (state != NULL && state->due.ms != 0) {
		if (node_begin(node, now))
			return;
		run_timer(node, state);
		if (node_commit(node, &problem))
			return;
		/* Not if it failed: that is for the next start. */
		if (state->due.ms > node->now.ms)
			return;
	}
}

void
node_show_wakes(const struct node *node,
    void (*each)(void *state, const char *key), void *state)
{
	const struct buf *wakes = &node->wakes;
	size_t at;

	for (at = 0; at < wakes->len; at += strlen(wakes->data + at) + 1)
		each(state, wakes->data + at);
}

void
node_take_wakes(
    struct node *node, void (*each)(void *state, const char *key), void *state)
{
	node_show_wakes(node, each, state);
	buf_clear(&node->wakes);
}

/* --- Opening ------------------------------------------------------------- */

/*
 * A clock that was set back would date new records before old ones, so the
 * node does not start on one.
 */
static enum err
check_clock(struct node *node, struct problem *problem)
{
	char clock[INSTANT_TEXT_MAX], newest[INSTANT_TEXT_MAX];
	struct instant last = {0};
	struct query q;
	enum err rc;

	store_query(node->store, HOST_AUDIT_LAST, &q);
	rc = query_step(&q);
	if (rc == OK)
		last.ms = column_int(&q, "at");
	query_done(&q);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (node->now.ms >= last.ms - CLOCK_SLACK_MS)
		return OK;
	instant_format(node->now, clock);
	instant_format(last, newest);

	return problem_set(problem, ERR_CONFLICT,
	    "the clock says %s, but the newest record of %s is of %s; set the "
	    "clock right and start again",
	    clock, node->id.text, newest);
}

static enum err
load_signing_key(struct node *node, struct problem *problem)
{
	const struct stored_key *k = keystore_current(node->keys, "sign");

	if (k == NULL || signing_key_decode(k->secret, &node->signing))
		return problem_set(problem, ERR_CRYPTO,
		    "the key store of %s holds no signing key", node->id.text);

	return OK;
}

/* The system's start may read and write; it is a batch of one turn. */
static enum err
start_system(struct node *node, struct problem *problem)
{
	struct caller caller = {.role = ROLE_HOST, .request = SLICE("start")};
	struct turn turn;
	enum err rc;

	if (node->system->start == NULL)
		return OK;
	rc = node_begin(node, node->now);
	if (rc)
		return problem_set(problem, rc,
		    "the database of %s takes no work", node->id.text);
	rc = turn_open(node, &caller, problem, &turn);
	if (rc == OK)
		rc =
		    turn_close(&turn, node->system->start(&turn, &node->state));
	if (rc == OK)
		return node_commit(node, problem);
	store_rollback(node->store);

	return rc;
}

enum err
node_open(const struct node_options *options, struct node **ret,
    struct problem *problem)
{
	const struct schema *schemas[] = {
	    &host_schema, options->system->schema};
	struct store_options so = {
	    .now = options->now, .cache_kib = options->cache_kib};
	struct node *node = heap_array(1, sizeof(*node));
	enum err rc;

	node->system = options->system;
	node->id = options->id;
	node->keys = options->keys;
	node->settings = options->settings;
	node->random = options->random;
	node->now = options->now;
	node->log = options->log;
	node->log_state = options->log_state;
	node->arena = arena_new();
	node->batch = arena_new();
	buf_init(&node->wakes);
	rc = store_open(
	    options->database, schemas, 2, &so, &node->store, problem);
	if (rc == OK)
		rc = load_signing_key(node, problem);
	if (rc == OK)
		rc = check_clock(node, problem);
	if (rc == OK)
		rc = directory_load(node->store, &node->directory, problem);
	if (rc == OK) {
		arm_timers(node, options->now);
		rc = start_system(node, problem);
	}
	if (rc) {
		node_close(node);
		return rc;
	}
	*ret = node;

	return OK;
}

void
node_close(struct node *node)
{
	if (node == NULL)
		return;
	if (node->system->stop != NULL && node->state != NULL)
		node->system->stop(node->state);
	directory_free(node->directory);
	store_close(node->store);
	signing_key_free(node->signing);
	arena_free(node->arena);
	arena_free(node->batch);
	buf_done(&node->wakes);
	free(node->timers);
	free(node);
}

const struct system *
node_system(const struct node *node)
{
	return node->system;
}

const struct system_id *
node_id(const struct node *node)
{
	return &node->id;
}

void
node_note_surroundings(struct node *node, const struct surroundings *around)
{
	node->around = *around;
}

struct store *
node_store(struct node *node)
{
	return node->store;
}

/* --- Batches ------------------------------------------------------------- */

static void
note_beginning(struct node *node, struct instant now)
{
	size_t i;

	/* Within a run, time does not go back, whatever the clock says. */
	if (instant_is_before(node->now, now))
		node->now = now;
	for (i = 0; i < node->n_timers; i++) {
		node->timers[i].ran = false;
		node->timers[i].was = node->timers[i].due;
	}
	node->n_before = node->n;
	node->n_turns = 0;
	arena_reset(node->batch);
}

enum err
node_begin(struct node *node, struct instant now)
{
	note_beginning(node, now);

	return store_begin(node->store);
}

/* As if the batch that is open had never begun. */
static void
forget_batch(struct node *node)
{
	size_t i;

	store_rollback(node->store);
	for (i = 0; i < node->n_timers; i++)
		node->timers[i].due = node->timers[i].was;
	node->n = node->n_before;
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
}

enum err
node_perform(struct node *node, struct instant now, void (*work)(void *state),
    void *state)
{
	enum err rc;

	note_beginning(node, now);
	rc = store_begin_boldly(node->store);
	if (rc)
		return rc;
	work(state);
	if (!store_is_spoilt(node->store))
		return OK;
	node->n_repeated++;
	forget_batch(node);
	rc = node_begin(node, now);
	if (rc)
		return rc;
	work(state);

	return OK;
}

enum err
node_commit(struct node *node, struct problem *problem)
{
	enum err rc = store_commit(node->store);
	size_t i;

	node->n_batches++;
	if (store_has_written(node->store))
		node->last_write = rc;
	if (rc == OK || bug_is(BUG_COMMIT_UNCHECKED))
		return OK;
	/* What the timers did is undone, and what was settled is not. */
	for (i = 0; i < node->n_timers; i++) {
		if (node->timers[i].ran)
			run_soon(node, &node->timers[i]);
	}
	for (i = 0; i < node->directory->n_peers; i++)
		node->directory->peers[i].due.ms = 1;
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
	*problem = *store_problem(node->store);
	if (problem->text[0] == '\0')
		rc = problem_set(problem, rc, "%s", err_info(rc)->title);

	return rc;
}

void
node_abort(struct node *node)
{
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
	store_rollback(node->store);
}

/* --- Requests ------------------------------------------------------------ */

void
node_reply_done(struct node_reply *reply)
{
	buf_done(&reply->body);
}

/* Who is asking, by certificate or token. */
static void
identify(
    struct node *node, const struct node_request *request, struct caller *ret)
{
	const struct peer_certificate *c = NULL;
	struct slice bearer = SLICE("Bearer ");

	if (request->has_certificate)
		c = directory_certificate(
		    node->directory, &request->fingerprint);
	if (c != NULL && c->peer == SIZE_MAX) {
		ret->role = ROLE_OPERATOR;
		ret->name = slice_of(c->operator_name);
	} else if (c != NULL && !node->directory->peers[c->peer].revoked) {
		ret->role = ROLE_PEER;
		ret->peer = node->directory->peers[c->peer].id;
	}
	if (slice_has_prefix(request->authorization, bearer))
		ret->token =
		    slice_bytes(request->authorization.data + bearer.len,
			request->authorization.len - bearer.len);
}

static enum err
authorise(const struct route *route, struct caller *caller,
    bool has_certificate, struct problem *problem)
{
	/* A resident may come over any connection: the token counts, and the
	 * handler checks it. */
	if (route->role == ROLE_RESIDENT && caller->token.len > 0)
		caller->role = ROLE_RESIDENT;
	if (route->role == ROLE_PUBLIC || route->role == caller->role)
		return OK;
	if (route->role == ROLE_RESIDENT)
		return problem_set(problem, ERR_UNAUTHENTICATED,
		    "sign in first: this needs a session's bearer token");
	if (!has_certificate)
		return problem_set(problem, ERR_UNAUTHENTICATED,
		    "this needs a client certificate");

	return problem_set(problem, ERR_DENIED,
	    "this certificate has no right to %s", route->path);
}

/* A refusal for want of a right leaves an entry of its own. */
static void
audit_denial(struct node *node, const struct caller *caller, const char *path)
{
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	node->n.denied++;
	if (turn_open(node, caller, &problem, &turn))
		return;
	rc = turn_audit(&turn, "denied", slice_of(path), SLICE(""));
	rc = turn_close(&turn, rc);
	if (rc)
		node_note(node, "audit", SLICE("denied"), &problem);
}

static enum err
handle(struct turn *turn, const struct node_request *request, struct input *in,
    struct reply *reply)
{
	enum err rc;

	rc = input_read(turn->arena, request, in, turn->problem);
	if (rc)
		return rc;

	return in->route->handle(turn, in, reply);
}

void
node_request(struct node *node, const struct node_request *request,
    struct node_reply *ret)
{
	struct caller caller = {.role = ROLE_PUBLIC};
	struct input in = {0};
	struct reply reply = {.to = ret};
	struct turn turn;
	char id[33];
	struct message_id random;
	enum err rc;

	node->n.requests++;
	random_bytes(&node->random, random.bytes, sizeof(random.bytes));
	message_id_format(&random, id);
	caller.request = slice_of(id);
	identify(node, request, &caller);
	rc = routes_find(node->system->routes, request->method, request->path,
	    &in, &ret->problem);
	if (rc == ERR_NOT_FOUND)
		rc = routes_find(ledger_routes, request->method, request->path,
		    &in, &ret->problem);
	if (rc == ERR_NOT_FOUND)
		rc = routes_find(host_routes, request->method, request->path,
		    &in, &ret->problem);
	if (rc == OK) {
		rc = authorise(
		    in.route, &caller, request->has_certificate, &ret->problem);
		if (rc)
			audit_denial(node, &caller, in.route->path);
	}
	if (rc == OK)
		rc = turn_open(node, &caller, &ret->problem, &turn);
	if (rc == OK)
		rc = turn_close(&turn, handle(&turn, request, &in, &reply));
	if (rc)
		reply_problem(&reply, rc, slice_of(id));
	input_done(&in);
}

/* --- The directory ------------------------------------------------------- */

static enum err
put_certificate(struct node *node, const struct fingerprint *fingerprint,
    const char *peer, struct slice operator_name)
{
	struct query q;

	store_query(node->store, HOST_CERTIFICATE_PUT, &q);
	query_blob(&q, "fingerprint", digest_slice(&fingerprint->digest));
	if (peer != NULL) {
		query_text(&q, "peer", slice_of(peer));
		query_null(&q, "operator");
	} else {
		query_null(&q, "peer");
		query_text(&q, "operator", operator_name);
	}

	return query_run(&q);
}

static enum err
put_key(struct node *node, const struct peer *peer)
{
	struct verify_key *key;
	struct key_id id;
	struct query q;
	struct buf jwk;
	enum err rc;

	rc = verify_key_from_jwk(peer->key, &key);
	if (rc)
		return rc;
	id = verify_key_id(key);
	verify_key_free(key);
	buf_init(&jwk);
	json_write(peer->key, &jwk);
	store_query(node->store, HOST_PEER_KEY_PUT, &q);
	query_text(&q, "key_id", slice_of(id.text));
	query_text(&q, "peer", slice_of(peer->id.text));
	query_text(&q, "jwk", buf_slice(&jwk));
	query_int(&q, "since", node->now.ms);
	rc = query_run(&q);
	buf_done(&jwk);

	return rc;
}

static enum err
put_peer(struct node *node, const struct peer *peer)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_PEER_PUT, &q);
	query_text(&q, "id", slice_of(peer->id.text));
	query_text(&q, "url", slice_of(peer->url));
	rc = query_run(&q);
	if (rc == OK)
		rc = put_certificate(
		    node, &peer->fingerprint, peer->id.text, SLICE(""));
	if (rc == OK)
		rc = put_key(node, peer);

	return rc;
}

/* End a change of the directory, and read it anew. */
static enum err
finish_change(struct node *node, enum err rc, struct problem *problem)
{
	struct directory *fresh = NULL;

	if (rc == OK)
		rc = store_commit(node->store);
	if (rc) {
		*problem = *store_problem(node->store);
		store_rollback(node->store);
		return problem->text[0] != '\0'
		    ? rc
		    : problem_set(problem, rc, "the directory was not changed");
	}
	rc = directory_load(node->store, &fresh, problem);
	if (rc)
		return rc;
	directory_free(node->directory);
	node->directory = fresh;

	return OK;
}

enum err
node_add_peers(struct node *node, const struct peer *peers, size_t n,
    struct problem *problem)
{
	enum err rc = store_begin(node->store);
	size_t i;

	for (i = 0; rc == OK && i < n; i++)
		rc = put_peer(node, &peers[i]);

	return finish_change(node, rc, problem);
}

enum err
node_add_operator(struct node *node, const struct fingerprint *fingerprint,
    struct slice name, struct problem *problem)
{
	enum err rc = store_begin(node->store);

	if (rc == OK)
		rc = put_certificate(node, fingerprint, NULL, name);

	return finish_change(node, rc, problem);
}

enum err
node_revoke_peer(
    struct node *node, const struct system_id *id, struct problem *problem)
{
	struct query q;
	enum err rc;

	if (directory_peer(node->directory, id) == NULL)
		return problem_set(problem, ERR_NOT_FOUND,
		    "%s is not in the directory", id->text);
	rc = store_begin(node->store);
	if (rc == OK) {
		store_query(node->store, HOST_PEER_REVOKE, &q);
		query_text(&q, "id", slice_of(id->text));
		rc = query_run(&q);
	}

	return finish_change(node, rc, problem);
}

size_t
node_peers(const struct node *node)
{
	return node->directory->n_peers;
}

struct peer_info
node_peer(const struct node *node, size_t index)
{
	const struct peer_entry *p = &node->directory->peers[index];

	return (struct peer_info){p->id, p->url, p->fingerprint, p->due};
}
