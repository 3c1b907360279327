/* The ledger of a node on this disk: entries made, and made leaves of. */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/workshop.h"
#include "components/audit/ledger.h"
#include "crypto/keymaking.h"
#include "host/node.h"
#include "nation/systems.h"

#define ENTRIES 200000
#define BATCH 1000

struct subject {
	char folder[WORKSHOP_PATH_MAX];
	char path[WORKSHOP_PATH_MAX + 16];
	struct keystore *keys;
	json_t *jwk;
	struct node *node;
	struct instant now;
};

static enum err
subject_open(struct subject *s, struct problem *problem)
{
	struct clock clock = clock_system();
	struct node_options options = {.system = system_find(SLICE("offices")),
	    .database = s->path,
	    .random = random_system(),
	    .now = clock.now(clock.state)};
	enum err rc;

	rc = workshop_folder(s->folder, problem);
	if (rc)
		return rc;
	snprintf(s->path, sizeof(s->path), "%s/data.sqlite", s->folder);
	s->now = options.now;
	s->keys = keystore_new(KEYSTORE_FAST);
	options.keys = s->keys;
	rc = keymaking_sign(s->keys, s->now, &s->jwk);
	if (rc == OK)
		rc = system_id_parse(SLICE("131041/offices"), &options.id);
	if (rc)
		return problem_set(problem, rc, "a key could not be made");

	return node_open(&options, &s->node, problem);
}

static void
subject_close(struct subject *s)
{
	node_close(s->node);
	keystore_free(s->keys);
	json_decref(s->jwk);
	workshop_remove(s->folder);
}

/* Requests without a right to anything: each is a turn with an entry. */
static enum err
make_entries(struct subject *s, int n, struct problem *problem)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/progress")};
	struct node_reply reply = {0};
	enum err rc;
	int i;

	rc = node_begin(s->node, s->now);
	for (i = 0; rc == OK && i < n; i++) {
		reply = (struct node_reply){0};
		node_request(s->node, &request, &reply);
		node_reply_done(&reply);
	}

	return rc ? rc : node_commit(s->node, problem);
}

/* One batch of timers after another, until nothing is left to do. */
static enum err
make_leaves(struct subject *s, struct problem *problem)
{
	struct instant next = node_next_timer(s->node);
	enum err rc = OK;

	while (rc == OK && next.ms <= s->now.ms + 1000) {
		s->now = instant_plus(s->now, 1000);
		rc = node_begin(s->node, s->now);
		if (rc == OK) {
			node_timers(s->node);
			rc = node_commit(s->node, problem);
		}
		next = node_next_timer(s->node);
	}

	return rc;
}

static enum err
verify(struct subject *s, struct problem *problem)
{
	struct ledger_findings found;
	const json_t *keys[] = {s->jwk};
	enum err rc;

	rc = ledger_verify(
	    node_store(s->node), node_id(s->node), keys, 1, &found, problem);
	if (rc == OK && found.entries < ENTRIES)
		rc = problem_set(
		    problem, ERR_CORRUPT, "the ledger lacks entries");

	return rc;
}

static void
add_row(struct bench_report *report, const char *what, double seconds,
    double target, const char *conditions)
{
	struct bench_result *r = bench_row(report);

	r->what = what;
	r->value = ENTRIES / seconds;
	r->unit = "entries/s";
	r->target = target;
	snprintf(r->conditions, sizeof(r->conditions), "%s", conditions);
}

static enum err
measure(struct subject *s, struct bench_report *report, struct problem *problem)
{
	double start, made = 0, leaves = 0;
	int i;
	enum err rc = make_leaves(s, problem);

	start = bench_seconds();
	for (i = 0; rc == OK && i < ENTRIES; i += BATCH)
		rc = make_entries(s, BATCH, problem);
	made = bench_seconds() - start;
	start = bench_seconds();
	if (rc == OK)
		rc = make_leaves(s, problem);
	leaves = bench_seconds() - start;
	add_row(report, "ledger entries made leaves", leaves, 50000,
	    "200000 entries of the audit, 20 parts of 1000 a commit, each "
	    "with a signed checkpoint; SQLite, on disk");
	add_row(report, "turns with an entry, made leaves", made + leaves, 0,
	    "the same with the refused requests that left the entries, 1000 "
	    "a commit");
	start = bench_seconds();
	if (rc == OK)
		rc = verify(s, problem);
	add_row(report, "ledger entries verified", bench_seconds() - start, 0,
	    "every leaf, tile, root and signature computed again, one core");

	return rc;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct subject s = {0};
	enum err rc;

	rc = subject_open(&s, problem);
	if (rc == OK)
		rc = measure(&s, report, problem);
	subject_close(&s);

	return rc;
}

const struct bench bench_ledger = {
    "ledger", "the log of what was done to whom, one core and a disk", run};
