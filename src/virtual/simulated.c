#include "virtual/simulated.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/keymaking.h"
#include "crypto/sign.h"
#include "store/dump.h"
#include "virtual/simulated_internal.h"

/* --- Members ------------------------------------------------------------- */

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
	m = &sim->members[simulated_member(sim, &id)];
	node_close(m->node);
	m->node = NULL;
	sim->now = clock;
	rc = simulated_open(sim, m, problem);
	sim->now = now;
	if (rc == OK)
		simulated_kick(sim, (size_t)(m - sim->members));

	return rc;
}

enum err
simulation_rotate(struct simulation *sim, const char *system,
    const char *purpose, struct problem *problem)
{
	struct system_id id;
	struct member *m;

	if (system_id_parse(slice_of(system), &id))
		return ERR_INPUT;
	m = &sim->members[simulated_member(sim, &id)];
	keystore_add_symmetric(m->keys, purpose, &sim->random, sim->now, NULL);

	return simulation_restart(sim, system, sim->now, problem);
}

static enum err
make_keys(struct simulation *sim, struct member *m)
{
	const char *const *purpose;
	enum err rc;

	m->keys = keystore_new(KEYSTORE_FAST);
	rc = keymaking_sign(m->keys, sim->now, &m->jwk);
	if (rc == OK)
		rc = signing_key_decode(
		    keystore_current(m->keys, "sign")->secret, &m->signing);
	if (rc == OK)
		rc = keymaking_seal(m->keys, sim->now);
	for (purpose = m->system->keys;
	     rc == OK && purpose != NULL && *purpose != NULL; purpose++)
		keystore_add_symmetric(
		    m->keys, *purpose, &sim->random, sim->now, NULL);

	return rc;
}

/* All members learn of the new ones, and the new ones of all members. */
static enum err
introduce(struct simulation *sim, struct problem *problem)
{
	struct peer peers[MEMBERS_MAX];
	size_t i, from, n = sim->n_members;
	enum err rc = OK;

	for (i = 0; i < n; i++)
		peers[i] = (struct peer){.id = sim->members[i].id,
		    .url = "simulated:",
		    .key = sim->members[i].jwk,
		    .fingerprint = sim->members[i].fingerprint};
	for (i = 0; rc == OK && i < n; i++) {
		from = i < sim->n_met ? sim->n_met : 0;
		rc = node_add_peers(
		    sim->members[i].node, &peers[from], n - from, problem);
	}
	sim->n_met = n;

	return rc;
}

/* Done before the first event: adding members one by one would read every
 * directory again each time. */
static void
meet(struct simulation *sim)
{
	struct problem problem = {0};

	if (sim->n_met == sim->n_members)
		return;
	if (introduce(sim, &problem)) {
		fprintf(stderr, "simulation: %s\n", problem.text);
		abort();
	}
}

/* The certificate of somebody is the digest of the name. */
static struct fingerprint
holder_fingerprint(const char *name)
{
	return (struct fingerprint){digest_of(slice_of(name))};
}

enum err
simulated_staff(
    struct simulation *sim, struct member *m, struct problem *problem)
{
	const struct slice own = system_id_organisation(&m->id);
	struct holder holders[SIMULATION_HOLDERS] = {
	    {.organisation = own, .name = SLICE(SIMULATION_CLERK)},
	    {.organisation = own, .name = SLICE(SIMULATION_CHIEF)},
	    {.organisation = SLICE(SIMULATION_COMMISSION),
		.name = SLICE(SIMULATION_COMMISSIONER)},
	    {.organisation = SLICE(SIMULATION_COMMISSION),
		.name = SLICE(SIMULATION_VICE)},
	};
	size_t i;

	for (i = 0; i < SIMULATION_HOLDERS; i++) {
		holders[i].fingerprint =
		    holder_fingerprint(holders[i].name.data);
		holders[i].duties = DUTIES_ALL;
		holders[i].until.ms = INT64_MAX;
	}

	return node_set_holders(
	    m->node, holders, SIMULATION_HOLDERS, sim->now, problem);
}

void
simulation_act_as(
    struct simulation *sim, const char *holder, const char *second)
{
	sim->holder = holder;
	sim->second = second;
}

enum err
simulation_add(struct simulation *sim, const struct system *system,
    const char *id, const struct setting *settings, struct problem *problem)
{
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
	m->lean = (int)simulated_below(sim, 2000) - 1000;
	buf_init(&m->last_receipt);
	buf_init(&path);
	buf_printf(&path, "%s/%s.sqlite", sim->folder, m->id.text);
	*strrchr(path.data, '/') = '-';
	m->database = heap_string(buf_slice(&path));
	buf_done(&path);
	rc = make_keys(sim, m);
	if (rc == OK)
		rc = simulated_open(sim, m, problem);
	if (rc)
		return rc;
	sim->n_members++;

	return simulated_staff(sim, m, problem);
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
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	sim->trace = 0xcbf29ce484222325ull;
	buf_init(&sim->woken);
	buf_init(&sim->old);
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
		signing_key_free(sim->members[i].signing);
		json_decref(sim->members[i].jwk);
		free(sim->members[i].database);
		if (sim->members[i].has_kept)
			disk_done(&sim->members[i].kept);
		buf_done(&sim->members[i].last_receipt);
	}
	event_queue_done(&sim->events);
	free(sim->folder);
	buf_done(&sim->woken);
	buf_done(&sim->old);
	free(sim);
}

void
simulation_set_faults(
    struct simulation *sim, const struct simulation_faults *faults)
{
	size_t i;

	sim->faults = *faults;
	for (i = 0; i < sim->n_members; i++)
		sim->happened[FAULT_SKEW] +=
		    simulated_clock(sim, &sim->members[i]).ms != sim->now.ms;
}

uint64_t
simulation_happened(const struct simulation *sim, enum simulation_fault fault)
{
	return sim->happened[fault];
}

void
simulation_run(struct simulation *sim, int64_t ms)
{
	struct instant end = instant_plus(sim->now, ms);

	meet(sim);
	while (simulated_step(sim, end))
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
		if (next.ms != 0 &&
		    next.ms <= simulated_clock(sim, &sim->members[i]).ms)
			return false;
	}

	return true;
}

enum err
simulation_settle(struct simulation *sim, int64_t ms)
{
	struct instant end = instant_plus(sim->now, ms);
	size_t i;

	meet(sim);
	for (i = 0; i < sim->n_members; i++)
		simulated_kick(sim, i);
	while (!is_settled(sim)) {
		if (!simulated_step(sim, end))
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
simulation_events(const struct simulation *sim)
{
	return sim->n_events;
}

void
simulation_watch(
    struct simulation *sim, simulation_watch_fn *watch, void *state)
{
	sim->watch = watch;
	sim->watch_state = state;
}

void
simulation_listen(struct simulation *sim, simulation_log_fn *log, void *state)
{
	sim->log = log;
	sim->log_state = state;
}

void
simulation_leap(struct simulation *sim, int64_t ms)
{
	simulated_trace(sim, 'L');
	sim->happened[FAULT_SLEEP] += sim->faults.sleep > 0;
	sim->now = instant_plus(sim->now, ms);
}

enum err
simulation_dump(struct simulation *sim, json_t **ret, struct problem *problem)
{
	json_t *all = json_object(), *one;
	enum err rc = OK;
	size_t i;

	for (i = 0; rc == OK && i < sim->n_members; i++) {
		node_close(sim->members[i].node);
		sim->members[i].node = NULL;
		rc = store_dump(sim->members[i].database, &one, problem);
		if (rc == OK)
			json_put(all, sim->members[i].id.text, one);
	}
	if (rc) {
		json_decref(all);
		return rc;
	}
	*ret = all;

	return OK;
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
	meet(sim);

	return sim->members[simulated_member(sim, &id)].node;
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

/* Run until `key` is woken; false if `until` comes first. */
static bool
sleep_until(struct simulation *sim, const char *key, struct instant until)
{
	while (!was_woken(sim, key)) {
		if (!simulated_step(sim, until)) {
			sim->now = until;
			return false;
		}
	}

	return true;
}

struct asking {
	struct node *node;
	const struct http_call *call;
	struct node_reply *reply;
};

static void
ask(void *state)
{
	struct asking *a = state;

	node_request(a->node, a->call, a->reply);
}

/* ERR_UNREACHABLE: the process died during the call; the caller may try
 * again. */
static enum err
try_request(struct simulation *sim, size_t index, const struct http_call *call,
    struct node_reply *reply)
{
	struct asking a = {sim->members[index].node, call, reply};

	buf_clear(&sim->woken);
	if (!simulated_perform(sim, index, ask, &a))
		return ERR_UNREACHABLE;

	return simulated_commit(sim, index) ? OK : ERR_UNREACHABLE;
}

static enum err
request_until_answered(struct simulation *sim, size_t index,
    struct http_call *call, struct node_reply *reply)
{
	struct instant until = {0};
	enum err rc;

	for (;;) {
		rc = try_request(sim, index, call, reply);
		if (rc || reply->status != 0)
			return rc;
		if (until.ms == 0)
			until = instant_plus(
			    sim->now, reply->wait_seconds * 1000ll);
		call->resumed = true;
		call->waited = !sleep_until(sim, reply->wait_key, until);
	}
}

/* A call by the bearer of a token, or by a holder if that is empty. */
static enum err
call_once(struct simulation *sim, const struct system_id *id,
    struct http_call *call, const char *path, const char *holder,
    struct slice token, struct node_reply *ret)
{
	struct slice rest = slice_of(path);
	struct buf bearer;
	enum err rc;

	buf_init(&bearer);
	call->path = slice_cut(&rest, '?');
	call->query = rest.data != NULL ? rest : SLICE("");
	if (token.len > 0) {
		buf_printf(&bearer, "Bearer %.*s", SLICE_ARG(token));
		call->authorization = buf_slice(&bearer);
	} else {
		call->has_certificate = true;
		call->fingerprint = holder_fingerprint(holder);
	}
	rc = request_until_answered(sim, simulated_member(sim, id), call, ret);
	buf_done(&bearer);

	return rc;
}

/* The path by which a second holder confirms what waits; false if nothing
 * does. */
static bool
waits_for_second(const struct simulation *sim, const struct node_reply *reply,
    struct buf *ret)
{
	struct problem problem = {0};
	struct slice id = {0};
	json_t *answer = NULL;
	bool waits;

	if (sim->second == NULL || reply->status != 202 ||
	    json_read(buf_slice(&reply->body), "answer", &answer, &problem))
		return false;
	waits = json_get_text(answer, "pending", &id, NULL) == OK;
	if (waits)
		buf_printf(ret, "/pending/%.*s/confirmation", SLICE_ARG(id));
	json_decref(answer);

	return waits;
}

enum err
simulation_call_raw(struct simulation *sim, const char *system,
    enum http_method method, const char *path, struct slice body,
    struct slice token, int *ret_status, struct buf *ret_body)
{
	struct http_call call = {.method = method,
	    .doors = HTTP_DOOR_PEERS,
	    .content_type = SLICE("application/json"),
	    .body = body};
	struct node_reply reply = {0};
	struct system_id id;
	struct buf confirmation;
	enum err rc;

	if (system_id_parse(slice_of(system), &id))
		return ERR_INPUT;
	meet(sim);
	buf_init(&confirmation);
	buf_init(&reply.body);
	rc = call_once(sim, &id, &call, path, sim->holder, token, &reply);
	if (rc == OK && waits_for_second(sim, &reply, &confirmation))
		rc = call_once(sim, &id, &call, confirmation.data, sim->second,
		    token, &reply);
	if (rc == OK) {
		*ret_status = reply.status;
		buf_add(ret_body, buf_slice(&reply.body));
	}
	node_reply_done(&reply);
	buf_done(&confirmation);

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
