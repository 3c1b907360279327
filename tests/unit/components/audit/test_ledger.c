/* The ledger of a node: that it grows with the audit, and what it finds. */
#include "components/audit/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/bug.h"
#include "components/audit/audit.h"
#include "crypto/keymaking.h"
#include "host/node_internal.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

#define START 1790000000000
#define YEAR_MS (365ll * 24 * 3600 * 1000)

/* A node on a file, and the clock. */
struct bench {
	const char *path;
	struct keystore *keys;
	json_t *jwk;
	struct random_seed seed;
	struct random random;
	struct node *node;
	struct instant now;
};

static void
bench_open(struct bench *b)
{
	struct node_options options = {.system = &sample_system,
	    .database = b->path,
	    .keys = b->keys,
	    .random = b->random,
	    .now = b->now};
	struct problem problem = {0};

	assert_int_equal(system_id_parse(SLICE("a/sample"), &options.id), OK);
	if (node_open(&options, &b->node, &problem))
		fail_msg("%s", problem.text);
}

static void
bench_init(struct bench *b)
{
	*b = (struct bench){.path = scratch_path(), .now = {START}};
	b->random = random_seeded(&b->seed, 7);
	b->keys = keystore_new(KEYSTORE_FAST);
	assert_int_equal(keymaking_sign(b->keys, b->now, &b->jwk), OK);
	bench_open(b);
}

static void
bench_done(struct bench *b)
{
	node_close(b->node);
	keystore_free(b->keys);
	json_decref(b->jwk);
	unlink(b->path);
}

/* Requests with a certificate without a right: each leaves an entry. */
static void
make_entries(struct bench *b, int n)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .has_certificate = true,
	    .path = SLICE("/heard/00112233445566778899aabbccddeeff")};
	struct problem problem = {0};
	struct node_reply reply = {0};
	int i;

	b->now.ms += 10;
	assert_int_equal(node_begin(b->node, b->now), OK);
	for (i = 0; i < n; i++) {
		reply = (struct node_reply){0};
		node_request(b->node, &request, &reply);
		assert_int_equal(reply.status, 403);
		node_reply_done(&reply);
	}
	assert_int_equal(node_commit(b->node, &problem), OK);
}

/* Until no timer but the housekeeping is due. */
static void
let_timers_run(struct bench *b)
{
	struct problem problem = {0};
	struct instant next = node_next_timer(b->node);
	int i;

	for (i = 0; i < 100 && next.ms <= b->now.ms + 60000; i++) {
		if (b->now.ms < next.ms)
			b->now = next;
		assert_int_equal(node_begin(b->node, b->now), OK);
		node_timers(b->node);
		assert_int_equal(node_commit(b->node, &problem), OK);
		next = node_next_timer(b->node);
	}
}

static enum err
verify(struct bench *b, struct ledger_findings *found, struct problem *problem)
{
	const json_t *keys[] = {b->jwk};
	struct system_id id;

	assert_int_equal(system_id_parse(SLICE("a/sample"), &id), OK);

	return ledger_verify(node_store(b->node), &id, keys, 1, found, problem);
}

static void
assert_whole(struct bench *b, uint64_t leaves)
{
	struct problem problem = {0};
	struct ledger_findings found;

	if (verify(b, &found, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(found.leaves, leaves);
	assert_int_equal(found.entries + found.erased, leaves);
	assert_int_equal(found.waiting, 0);
}

/* Behind the node's back. */
static void
tamper(struct bench *b, const char *sql)
{
	sqlite3 *db = NULL;
	char *why = NULL;

	node_close(b->node);
	b->node = NULL;
	assert_int_equal(sqlite3_open(b->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s", why);
	assert_int_not_equal(sqlite3_total_changes(db), 0);
	sqlite3_close(db);
	bench_open(b);
}

/* --- Growing ------------------------------------------------------------- */

static void
every_entry_becomes_a_leaf_within_a_second(void **state)
{
	struct bench b;
	struct instant next;

	(void)state;
	bench_init(&b);
	let_timers_run(&b);
	make_entries(&b, 3);
	next = node_next_timer(b.node);
	assert_in_range(next.ms, b.now.ms, b.now.ms + 1000);
	let_timers_run(&b);
	assert_whole(&b, 3);
	bench_done(&b);
}

/* 1 at a time, over the end of a page, and more than a turn takes. */
static void
sizes_of_all_kinds_verify(void **state)
{
	static const int steps[] = {1, 1, 253, 1, 1, 255, 1000, 2600};
	struct bench b;
	uint64_t sum = 0;
	size_t i;

	(void)state;
	bench_init(&b);
	for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		make_entries(&b, steps[i]);
		let_timers_run(&b);
		sum += (uint64_t)steps[i];
		assert_whole(&b, sum);
	}
	bench_done(&b);
}

static void
what_waited_when_the_process_died_is_taken_at_the_start(void **state)
{
	struct problem problem = {0};
	struct ledger_findings found;
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 5);
	let_timers_run(&b);
	make_entries(&b, 4);
	node_close(b.node);
	bench_open(&b);
	assert_int_equal(verify(&b, &found, &problem), OK);
	assert_int_equal(found.waiting, 4);
	let_timers_run(&b);
	assert_whole(&b, 9);
	bench_done(&b);
}

static void
a_stop_that_is_no_crash_leaves_nothing_waiting(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	let_timers_run(&b);
	make_entries(&b, 2300);
	node_finish(b.node, b.now);
	assert_whole(&b, 2300);
	node_finish(b.node, b.now);
	assert_whole(&b, 2300);
	bench_done(&b);
}

/* The nth write or commit fails, for every n until none does. */
static void
a_fault_at_any_write_leaves_it_whole(void **state)
{
	struct problem problem = {0};
	struct bench b;
	uint64_t n, again = 0; /* entries of the host, which writes again */
	bool pending = false;

	(void)state;
	bench_init(&b);
	make_entries(&b, 250);
	let_timers_run(&b);
	for (n = 1; !pending; n++) {
		make_entries(&b, 20);
		store_inject(node_store(b.node), n, ERR_FULL);
		b.now.ms += 2000;
		assert_int_equal(node_begin(b.node, b.now), OK);
		node_timers(b.node);
		(void)!node_commit(b.node, &problem);
		again += node_last_write(b.node) != OK;
		pending = store_inject_is_pending(node_store(b.node));
		store_inject(node_store(b.node), 0, OK);
		let_timers_run(&b);
		assert_whole(&b, 250 + 20 * n + again);
	}
	assert_true(n > 4);
	bench_done(&b);
}

static void
gaps_between_numbers_do_not_matter(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 10);
	tamper(&b, "UPDATE audit SET seq = seq * 1000");
	let_timers_run(&b);
	make_entries(&b, 300);
	let_timers_run(&b);
	assert_whole(&b, 310);
	bench_done(&b);
}

/* --- Finding ------------------------------------------------------------- */

static void
nothing_can_be_altered_unseen(void **state)
{
	static const struct {
		const char *sql, *words;
	} cases[] = {
	    {"UPDATE audit SET subject = 'x' WHERE seq = 7",
		"not that of entry 7"},
	    {"UPDATE audit SET at = at + 1 WHERE seq = 299",
		"not that of entry 299"},
	    {"DELETE FROM audit WHERE seq = 7", "the audit lacks entry 7"},
	    {"DELETE FROM audit WHERE seq = 300", "the audit lacks entry 300"},
	    {"DELETE FROM audit", "the audit lacks entry 1"},
	    {"UPDATE audit SET seq = 0 WHERE seq = 7",
		"the ledger never had entry 0"},
	    {"UPDATE ledger_tile SET hashes = zeroblob(length(hashes)) "
	     "WHERE level = 0 AND number = 1",
		"not that of entry 257"},
	    {"UPDATE ledger_tile SET hashes = zeroblob(length(hashes)) "
	     "WHERE level = 1",
		"tile 0 of level 1"},
	    {"DELETE FROM ledger_tile WHERE level = 1", "tile 0 of level 1"},
	    {"DELETE FROM ledger_tile WHERE level = 0 AND number = 1",
		"there is no whole tile 1"},
	    {"DELETE FROM ledger_page WHERE number = 0",
		"there is no whole page 0"},
	    {"UPDATE ledger_page SET secret = zeroblob(32) WHERE number = 0",
		"not that of entry 1"},
	    {"UPDATE ledger_page SET secret = NULL WHERE number = 0",
		"there are entries of the erased page 0"},
	    {"UPDATE ledger_page SET secret = NULL WHERE number = 1",
		"erased is page 1"},
	    {"UPDATE ledger_head SET size = 299", "whole page 1"},
	    {"UPDATE ledger_head SET note = replace(note, 'a/sample', "
	     "'b/sample')",
		"no checkpoint of this system"},
	    {"UPDATE ledger_head SET note = replace(note, "
	     "substr(note, 20, 4), 'AAAA')",
		"another root"},
	    {"UPDATE ledger_head SET last_seq = 301",
		"the newest leaf is not that of entry 301"},
	};
	struct problem problem = {0};
	struct ledger_findings found;
	struct bench b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		bench_init(&b);
		make_entries(&b, 300);
		let_timers_run(&b);
		assert_whole(&b, 300);
		tamper(&b, cases[i].sql);
		if (verify(&b, &found, &problem) != ERR_CORRUPT ||
		    strstr(problem.text, cases[i].words) == NULL)
			fail_msg("%s: %s", cases[i].sql, problem.text);
		bench_done(&b);
	}
}

static void
another_key_s_checkpoint_is_refused(void **state)
{
	struct problem problem = {0};
	struct ledger_findings found;
	struct signing_key *other = NULL;
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 3);
	let_timers_run(&b);
	json_decref(b.jwk);
	assert_int_equal(signing_key_generate(&other), OK);
	b.jwk = signing_key_jwk(other);
	assert_int_equal(verify(&b, &found, &problem), ERR_CORRUPT);
	assert_non_null(strstr(problem.text, "not signed by this system"));
	signing_key_free(other);
	bench_done(&b);
}

static void
a_new_key_signs_the_checkpoint_again(void **state)
{
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 3);
	let_timers_run(&b);
	node_close(b.node);
	json_decref(b.jwk);
	assert_int_equal(keymaking_sign(b.keys, b.now, &b.jwk), OK);
	bench_open(&b);
	let_timers_run(&b);
	assert_whole(&b, 3);
	bench_done(&b);
}

/* --- Erasing ------------------------------------------------------------- */

static int64_t
erase(struct bench *b, struct instant before)
{
	struct caller caller = {.role = ROLE_HOST, .request = SLICE("test")};
	struct problem problem = {0};
	struct turn turn;
	int64_t erased = -1;

	assert_int_equal(node_begin(b->node, b->now), OK);
	assert_int_equal(turn_open(b->node, &caller, &problem, &turn), OK);
	assert_int_equal(
	    turn_close(&turn, ledger_erase(&turn, before, &erased)), OK);
	assert_int_equal(node_commit(b->node, &problem), OK);

	return erased;
}

static void
erased_entries_leave_their_leaves(void **state)
{
	struct problem problem = {0};
	struct ledger_findings found;
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 600);
	let_timers_run(&b);
	assert_int_equal(erase(&b, (struct instant){START}), 0);
	b.now.ms += 9 * YEAR_MS;
	let_timers_run(&b);
	assert_whole(&b, 600);
	/* The housekeeping erases; the last page is not full and stays. */
	b.now.ms += 2 * YEAR_MS;
	let_timers_run(&b);
	assert_int_equal(verify(&b, &found, &problem), OK);
	assert_int_equal(found.erased, 512);
	/* The entries that were left, and two about the erasing. */
	assert_int_equal(found.entries, 88 + 2);
	assert_int_equal(
	    erase(&b, (struct instant){b.now.ms - 10 * YEAR_MS}), 0);
	assert_whole(&b, 602);
	bench_done(&b);
}

/* --- Proving ------------------------------------------------------------- */

static void
an_entry_is_proved_to_somebody_who_has_the_key_alone(void **state)
{
	struct arena *arena = arena_new();
	struct checkpoint_key *key = NULL;
	struct checkpoint c;
	struct ledger_proof proof;
	struct digest leaf;
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 300);
	let_timers_run(&b);
	assert_int_equal(node_begin(b.node, b.now), OK);
	assert_int_equal(
	    ledger_prove(node_store(b.node), arena, 270, &proof), OK);
	node_abort(b.node);
	assert_int_equal(proof.index, 269);
	assert_true(slice_equal_string(proof.entry.action, "denied"));
	assert_int_equal(checkpoint_parse(arena, proof.head.note, &c), OK);
	assert_int_equal(
	    checkpoint_key_new(SLICE("bango/a/sample"), b.jwk, &key), OK);
	assert_int_equal(checkpoint_verify(&c, key), OK);
	leaf = leaf_hash(proof.salt, &proof.entry);
	assert_int_equal(merkle_verify_inclusion(
			     &c.tree, proof.index, &leaf, &proof.inclusion),
	    OK);
	checkpoint_key_free(key);
	arena_free(arena);
	bench_done(&b);
}

static void
what_is_not_in_the_log_is_not_proved(void **state)
{
	struct arena *arena = arena_new();
	struct ledger_proof proof;
	struct bench b;

	(void)state;
	bench_init(&b);
	make_entries(&b, 3);
	let_timers_run(&b);
	make_entries(&b, 1);
	assert_int_equal(node_begin(b.node, b.now), OK);
	assert_int_equal(
	    ledger_prove(node_store(b.node), arena, 99, &proof), ERR_NOT_FOUND);
	assert_int_equal(
	    ledger_prove(node_store(b.node), arena, 4, &proof), ERR_NOT_FOUND);
	assert_int_equal(
	    ledger_prove(node_store(b.node), arena, 3, &proof), OK);
	node_abort(b.node);
	arena_free(arena);
	bench_done(&b);
}

/* --- Over HTTP ----------------------------------------------------------- */

static int
get(struct bench *b, const char *path, bool as_operator, struct buf *ret)
{
	struct http_call request = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = slice_of(path),
	    .has_certificate = as_operator,
	    .fingerprint = {{{9}}}};
	struct problem problem = {0};
	struct node_reply reply = {0};

	buf_clear(ret);
	assert_int_equal(node_begin(b->node, b->now), OK);
	node_request(b->node, &request, &reply);
	assert_int_equal(node_commit(b->node, &problem), OK);
	buf_add(ret, buf_slice(&reply.body));
	node_reply_done(&reply);

	return reply.status;
}

static void
checkpoint_and_tiles_are_there_for_everybody(void **state)
{
	struct bench b;
	struct buf text;

	(void)state;
	bench_init(&b);
	buf_init(&text);
	assert_int_equal(get(&b, "/checkpoint", false, &text), 404);
	make_entries(&b, 300);
	let_timers_run(&b);
	assert_int_equal(get(&b, "/checkpoint", false, &text), 200);
	assert_true(
	    slice_has_prefix(buf_slice(&text), SLICE("bango/a/sample\n300\n")));
	assert_int_equal(get(&b, "/tile/0/000", false, &text), 200);
	assert_int_equal(text.len, 8192);
	assert_int_equal(get(&b, "/tile/0/001.p/44", false, &text), 200);
	assert_int_equal(text.len, 44 * 32);
	assert_int_equal(get(&b, "/tile/0/001.p/7", false, &text), 200);
	assert_int_equal(text.len, 7 * 32);
	assert_int_equal(get(&b, "/tile/1/000.p/1", false, &text), 200);
	assert_int_equal(get(&b, "/tile/0/001.p/45", false, &text), 404);
	assert_int_equal(get(&b, "/tile/0/001", false, &text), 404);
	assert_int_equal(get(&b, "/tile/1/001", false, &text), 404);
	assert_int_equal(get(&b, "/tile/0/x001/000", false, &text), 404);
	assert_int_equal(get(&b, "/tile/0/1", false, &text), 404);
	assert_int_equal(get(&b, "/tile/9/000", false, &text), 400);
	assert_int_equal(get(&b, "/checkpoint/cosigned", false, &text), 404);
	buf_done(&text);
	bench_done(&b);
}

static void
a_proof_is_for_operators(void **state)
{
	const struct holder holder = {.fingerprint = {{{9}}},
	    .organisation = SLICE("a"),
	    .name = SLICE("one"),
	    .duties = RIGHT_BIT(DUTY_LEDGER),
	    .until.ms = INT64_MAX};
	struct problem problem = {0};
	struct bench b;
	struct buf text;

	(void)state;
	bench_init(&b);
	buf_init(&text);
	make_entries(&b, 3);
	assert_int_equal(
	    node_set_holders(b.node, &holder, 1, b.now, &problem), OK);
	let_timers_run(&b);
	assert_int_equal(get(&b, "/ledger/entries/2", false, &text), 403);
	assert_int_equal(get(&b, "/ledger/entries/2", true, &text), 200);
	assert_non_null(strstr(text.data, "\"index\":1,\"size\":5"));
	assert_int_equal(get(&b, "/ledger/entries/9", true, &text), 404);
	/* That it was asked for is an entry itself; a refusal of nobody is
	 * none. */
	let_timers_run(&b);
	assert_whole(&b, 6);
	buf_done(&text);
	bench_done(&b);
}

/* --- Rows ---------------------------------------------------------------- */

static const struct holder clerk = {.fingerprint = {{{9}}},
    .organisation = {"a", 1},
    .name = {"clerk", 5},
    .duties = RIGHT_BIT(DUTY_LEDGER),
    .until = {START + 1000000}};

/* A node that has told of its rows. */
static void
bench_with_holder(struct bench *b)
{
	struct problem problem = {0};

	bench_init(b);
	assert_int_equal(
	    node_set_holders(b->node, &clerk, 1, b->now, &problem), OK);
	let_timers_run(b);
	assert_whole(b, 2);
}

static void
assert_altered(struct bench *b, const char *words)
{
	struct problem problem = {0};
	struct ledger_findings found;

	assert_int_equal(verify(b, &found, &problem), ERR_CORRUPT);
	if (strstr(problem.text, words) == NULL)
		fail_msg("%s: not %s", problem.text, words);
}

static void
rows_that_another_program_changed_name_their_table(void **state)
{
	static const char *const changes[] = {
	    "UPDATE certificate_holder SET duties = duties || ' budget'",
	    "DELETE FROM certificate_holder",
	    ("INSERT INTO certificate_holder SELECT zeroblob(32), organisation, "
	     "name, duties, since, until, revoked FROM certificate_holder"),
	};
	struct bench b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		bench_with_holder(&b);
		tamper(&b, changes[i]);
		assert_altered(&b,
		    "table certificate_holder: its rows do not fit the sum");
		/* Work goes on, and does not hide it. */
		make_entries(&b, 3);
		let_timers_run(&b);
		assert_altered(&b, "table certificate_holder: ");
		bug_set(BUG_ROWS_UNCOMPARED);
		assert_whole(&b, 5);
		bug_set(BUG_NONE);
		bench_done(&b);
	}
}

/* The number of entries that say that rows did not fit. */
static int64_t
misfits(struct bench *b)
{
	struct counting counts = {0};
	struct turn turn = {.node = b->node, .store = node_store(b->node)};

	assert_int_equal(audit_component.count(&turn, &counts), OK);

	return counts.n == 0 ? 0 : counts.all[0].value;
}

/* Each would be counted anew, or pass as the sum of the rows. */
static const struct {
	const char *sql, *words;
} sums[] = {
    {"DELETE FROM row_sum", "table certificate_holder has lost its sum"},
    {"UPDATE row_sum SET migrations = migrations - 1",
	"table certificate_holder has a sum that was set back"},
    {("UPDATE row_sum SET sum = zeroblob(2048) "
      "WHERE name = 'certificate_holder'"),
	"table certificate_holder has another sum"},
};

static void
a_start_tells_for_ever_of_rows_that_were_altered_with_their_sum(void **state)
{
	struct bench b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		bench_with_holder(&b);
		tamper(&b, "DELETE FROM certificate_holder");
		assert_int_equal(misfits(&b), 0); /* the sum is the old one */
		tamper(&b, sums[i].sql);
		let_timers_run(&b);
		assert_altered(&b, "entry 3 found rows that another program");
		assert_altered(&b, sums[i].words);
		assert_int_equal(misfits(&b), 1);
		node_close(b.node);
		bench_open(&b);
		make_entries(&b, 3);
		let_timers_run(&b);
		assert_altered(&b, sums[i].words);
		assert_int_equal(misfits(&b), 1);
		bench_done(&b);
	}
}

static void
a_start_that_compares_no_sums_takes_any(void **state)
{
	struct problem problem = {0};
	struct ledger_findings found;
	struct bench b;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		bench_with_holder(&b);
		bug_set(BUG_SUMS_UNCOMPARED);
		tamper(&b, "DELETE FROM certificate_holder");
		tamper(&b, sums[i].sql);
		let_timers_run(&b);
		assert_int_equal(verify(&b, &found, &problem), OK);
		bug_set(BUG_NONE);
		bench_done(&b);
	}
}

/* After a crash no state says what the sum is, but one was kept. */
static void
a_sum_is_lost_although_entries_wait(void **state)
{
	const struct holder nobody = {0};
	struct problem problem = {0};
	struct bench b;

	(void)state;
	bench_with_holder(&b);
	b.now.ms += 10;
	assert_int_equal(
	    node_set_holders(b.node, &nobody, 0, b.now, &problem), OK);
	tamper(&b, "DELETE FROM row_sum");
	let_timers_run(&b);
	assert_altered(&b, "table certificate_holder has lost its sum");
	bench_done(&b);
}

static void
rows_are_right_after_a_restart_and_a_crash(void **state)
{
	const struct holder nobody = {0};
	struct problem problem = {0};
	struct bench b;

	(void)state;
	bench_with_holder(&b);
	node_close(b.node);
	bench_open(&b);
	assert_whole(&b, 2);
	let_timers_run(&b);
	assert_whole(&b, 2);
	/* Holders go, and the process dies before the ledger has it. */
	b.now.ms += 10;
	assert_int_equal(
	    node_set_holders(b.node, &nobody, 0, b.now, &problem), OK);
	node_close(b.node);
	bench_open(&b);
	let_timers_run(&b);
	assert_whole(&b, 4);
	bench_done(&b);
}

static void
a_database_without_sums_is_counted_once_and_says_so(void **state)
{
	struct problem problem = {0};
	struct bench b;

	(void)state;
	bench_init(&b);
	assert_int_equal(
	    node_set_holders(b.node, &clerk, 1, b.now, &problem), OK);
	tamper(&b, "DELETE FROM row_sum"); /* before any state */
	let_timers_run(&b);
	assert_whole(&b, 3);
	node_close(b.node);
	bench_open(&b);
	let_timers_run(&b);
	assert_whole(&b, 3);
	assert_int_equal(misfits(&b), 0);
	bench_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_entry_becomes_a_leaf_within_a_second),
	    cmocka_unit_test(sizes_of_all_kinds_verify),
	    cmocka_unit_test(
		what_waited_when_the_process_died_is_taken_at_the_start),
	    cmocka_unit_test(a_stop_that_is_no_crash_leaves_nothing_waiting),
	    cmocka_unit_test(a_fault_at_any_write_leaves_it_whole),
	    cmocka_unit_test(gaps_between_numbers_do_not_matter),
	    cmocka_unit_test(nothing_can_be_altered_unseen),
	    cmocka_unit_test(another_key_s_checkpoint_is_refused),
	    cmocka_unit_test(a_new_key_signs_the_checkpoint_again),
	    cmocka_unit_test(erased_entries_leave_their_leaves),
	    cmocka_unit_test(checkpoint_and_tiles_are_there_for_everybody),
	    cmocka_unit_test(a_proof_is_for_operators),
	    cmocka_unit_test(
		rows_that_another_program_changed_name_their_table),
	    cmocka_unit_test(
		a_start_tells_for_ever_of_rows_that_were_altered_with_their_sum),
	    cmocka_unit_test(a_start_that_compares_no_sums_takes_any),
	    cmocka_unit_test(a_sum_is_lost_although_entries_wait),
	    cmocka_unit_test(rows_are_right_after_a_restart_and_a_crash),
	    cmocka_unit_test(
		a_database_without_sums_is_counted_once_and_says_so),
	    cmocka_unit_test(
		an_entry_is_proved_to_somebody_who_has_the_key_alone),
	    cmocka_unit_test(what_is_not_in_the_log_is_not_proved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
