/* The ledger of a node on this disk: entries made, and made leaves of. */
#include <stdio.h>
#include <string.h>

#include "bench/bench.h"
#include "bench/workshop.h"
#include "components/audit/ledger.h"
#include "crypto/hash.h"
#include "crypto/keymaking.h"
#include "host/node.h"
#include "nation/systems.h"

#define ENTRIES 200000
#define BATCH 1000
#define PART 20000 /* entries of a round */
/* salt (an HMAC: two), data, leaf, and one node of the tree for each leaf */
#define HASHES 5
#define HASHED 100 /* bytes, of two blocks as in the middle of those */

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

/* Requests by a certificate without a right to anything: each is a turn with an
 * entry. */
static enum err
make_entries(struct subject *s, int n, struct problem *problem)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .has_certificate = true,
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

/* The hashing that `n` leaves cannot be made without. */
static void
hash(int n)
{
	static const char text[HASHED];
	struct digest d;
	int i;

	for (i = 0; i < n * HASHES; i++)
		d = digest_of(slice_bytes(text, sizeof(text)));
	(void)d;
}

/* Entries a second of a core: made leaves, and hashed alone. */
static enum err
one_round(struct subject *s, struct bench_pairs *pairs, double *turns,
    struct problem *problem)
{
	double start = bench_processor(), made, leaves;
	enum err rc = OK;
	int i;

	for (i = 0; rc == OK && i < PART; i += BATCH)
		rc = make_entries(s, BATCH, problem);
	made = bench_processor();
	if (rc == OK)
		rc = make_leaves(s, problem);
	leaves = bench_processor();
	hash(PART);
	*turns += leaves - start;
	bench_pair(
	    pairs, PART / (leaves - made), PART / (bench_processor() - leaves));

	return rc;
}

static enum err
measure_leaves(
    struct subject *s, struct bench_report *report, struct problem *problem)
{
	struct bench_figure f = {.name = "ledger entries made leaves",
	    .unit = "/s",
	    .peer_name = "limit: SHA-256 of what a leaf needs",
	    .asked = 0.3};
	struct bench_pairs pairs = {.n = 0};
	double turns = 0;
	enum err rc = make_leaves(s, problem);
	int i;

	for (i = 0; rc == OK && i < ENTRIES; i += PART)
		rc = one_round(s, &pairs, &turns, problem);
	if (rc)
		return rc;
	bench_settle(&pairs, &pairs, &f);
	bench_add(report, &f,
	    "%d entries of the audit in %d rounds, 20 parts of 1000 a commit, "
	    "each with a signed checkpoint; SQLite, on disk; the peer is %d "
	    "hashes of %d bytes; processor time of one core",
	    ENTRIES, pairs.n, HASHES, HASHED);
	bench_add(report,
	    &(struct bench_figure){.name = "turns with an entry, made leaves",
		.unit = "/s",
		.measured = ENTRIES / turns,
		.peer_name = "limit: SHA-256 of what a leaf needs",
		.peer = f.peer},
	    "the same with the refused requests that left the entries, %d a "
	    "commit",
	    BATCH);

	return OK;
}

static enum err
measure_verification(
    struct subject *s, struct bench_report *report, struct problem *problem)
{
	double start = bench_processor(), verified;
	enum err rc = verify(s, problem);

	verified = bench_processor();
	hash(ENTRIES);
	if (rc)
		return rc;
	bench_add(report,
	    &(struct bench_figure){.name = "ledger entries verified",
		.unit = "/s",
		.measured = ENTRIES / (verified - start),
		.peer_name = "limit: SHA-256 of what a leaf needs",
		.peer = ENTRIES / (bench_processor() - verified),
		.asked = 0.36},
	    "every leaf, tile, root and signature computed again; processor "
	    "time of one core");

	return OK;
}

static enum err
run(struct bench_report *report, struct problem *problem)
{
	struct subject s = {0};
	enum err rc;

	rc = subject_open(&s, problem);
	if (rc == OK)
		rc = measure_leaves(&s, report, problem);
	if (rc == OK)
		rc = measure_verification(&s, report, problem);
	subject_close(&s);

	return rc;
}

const struct bench bench_ledger = {
    "ledger", "the log of what was done to whom, one core and a disk", run};
