/* The identity of a database: which one a node starts on, and on which not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "audit_statements.h"
#include "base/file.h"
#include "crypto/keymaking.h"
#include "host/node_internal.h"
#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

#define NOW_MS 1790000000000
#define SELF "a/sample"
#define FILE_BYTES_MAX (64u << 20)

/* A system, with its mark beside its database. */
struct world {
	const char *path;
	struct keystore *keys;
	struct mark mark;
	bool has_mark;
	enum err refuse; /* of a mark that is to be written */
	unsigned int saved;
	struct mark_place place;
	struct random_seed seed;
	int64_t now_ms;
	struct problem problem;
	struct node *node;
};

static enum err
load(void *state, struct mark *ret, struct problem *problem)
{
	struct world *w = state;

	(void)problem;
	if (!w->has_mark)
		return ERR_NOT_FOUND;
	*ret = w->mark;

	return OK;
}

static enum err
save(void *state, const struct mark *mark, struct problem *problem)
{
	struct world *w = state;

	if (w->refuse != OK)
		return problem_set(problem, w->refuse, "the mark is refused");
	w->saved++;
	w->mark = *mark;
	w->has_mark = true;

	return OK;
}

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	json_t *jwk;

	if (w == NULL)
		return -1;
	w->path = scratch_path();
	w->keys = keystore_new(KEYSTORE_FAST);
	w->now_ms = NOW_MS;
	w->place = (struct mark_place){
	    .load = load, .save = save, .state = w, .name = "the mark"};
	if (keymaking_sign(w->keys, (struct instant){NOW_MS}, &jwk))
		return -1;
	json_decref(jwk);
	*state = w;

	return 0;
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	node_close(w->node);
	keystore_free(w->keys);
	free(w);

	return 0;
}

static enum err
open_with(
    struct world *w, const struct system *system, struct adoption adoption)
{
	struct node_options options = {.system = system,
	    .database = w->path,
	    .keys = w->keys,
	    .random = random_seeded(&w->seed, (uint64_t)w->now_ms),
	    .now = {w->now_ms},
	    .place = &w->place,
	    .adoption = adoption};

	w->now_ms += 1000;
	problem_clear(&w->problem);
	assert_int_equal(system_id_parse(SLICE(SELF), &options.id), OK);

	return node_open(&options, &w->node, &w->problem);
}

static enum err
start(struct world *w)
{
	return open_with(w, &sample_system, (struct adoption){0});
}

static enum err
adopt(struct world *w, enum adoption_kind what)
{
	struct adoption adoption = {.reason = "the disk broke"};

	adoption.what = what;

	return open_with(w, &sample_system, adoption);
}

static void
stop(struct world *w)
{
	w->now_ms += 1000;
	node_finish(w->node, (struct instant){w->now_ms});
	node_close(w->node);
	w->node = NULL;
}

/* One more entry of the audit: a refusal for a missing right. */
static void
work(struct world *w)
{
	struct http_call call = {.method = HTTP_GET,
	    .doors = HTTP_DOOR_PEERS,
	    .path = SLICE("/status"),
	    .has_certificate = true};
	struct node_reply reply = {0};

	w->now_ms += 1000;
	assert_int_equal(node_begin(w->node, (struct instant){w->now_ms}), OK);
	node_request(w->node, &call, &reply);
	assert_int_equal(reply.status, 403);
	assert_int_equal(node_commit(w->node, &w->problem), OK);
	node_reply_done(&reply);
}

/* A start, some work, and an orderly stop. */
static void
work_a_day(struct world *w)
{
	assert_int_equal(start(w), OK);
	work(w);
	stop(w);
}

static void
keep(const char *from, const char *to)
{
	struct problem problem = {0};
	struct buf bytes;

	buf_init(&bytes);
	assert_int_equal(file_read(from, FILE_BYTES_MAX, &bytes, &problem), OK);
	assert_int_equal(
	    file_replace(to, buf_slice(&bytes), 0600, &problem), OK);
	buf_done(&bytes);
}

static void
says(const struct world *w, const char *words)
{
	if (strstr(w->problem.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", w->problem.text, words);
}

static int64_t
count_entries(struct world *w, const char *action)
{
	int64_t n = 0;
	struct query q;

	store_query(node_store(w->node), AUDIT_ENTRIES_AFTER, &q);
	query_int(&q, "after", 0);
	query_int(&q, "limit", 1000);
	while (query_step(&q) == OK)
		n += slice_equal_string(column_text(&q, "action"), action);
	query_done(&q);

	return n;
}

/* --- The usual start ------------------------------------------------------ */

static void
a_database_and_its_mark_get_one_id(void **state)
{
	struct world *w = *state;
	char id[33];

	work_a_day(w);
	assert_int_equal(strlen(w->mark.id), 32);
	assert_true(w->mark.worked);
	assert_int_equal(w->mark.ledger.size, 1);
	memcpy(id, w->mark.id, sizeof(id));
	work_a_day(w);
	assert_string_equal(w->mark.id, id);
	assert_int_equal(w->mark.ledger.size, 2);
}

static void
a_crash_forgets_no_more_than_a_minute_of_the_ledger(void **state)
{
	struct world *w = *state;
	int i;

	assert_int_equal(start(w), OK);
	for (i = 0; i < 3; i++) {
		work(w);
		w->now_ms += 60000;
		assert_int_equal(
		    node_begin(w->node, (struct instant){w->now_ms}), OK);
		node_timers(w->node);
		assert_int_equal(node_commit(w->node, &w->problem), OK);
	}
	/* The entry of a batch is a leaf in the next one. */
	assert_true(w->mark.ledger.size >= 2);
	node_close(w->node);
	w->node = NULL;
	assert_int_equal(start(w), OK);
}

static void
the_mark_names_no_entry_of_a_batch_that_failed(void **state)
{
	struct world *w = *state;

	assert_int_equal(start(w), OK);
	work(w);
	w->now_ms += 60000;
	assert_int_equal(node_begin(w->node, (struct instant){w->now_ms}), OK);
	node_timers(w->node);
	node_abort(w->node);
	assert_int_equal(w->mark.ledger.size, 0);
	node_close(w->node);
	w->node = NULL;
	assert_int_equal(start(w), OK);
}

static void
a_mark_that_cannot_be_written_stops_the_first_start(void **state)
{
	struct world *w = *state;

	w->refuse = ERR_FULL;
	assert_int_equal(start(w), ERR_FULL);
	says(w, "the mark is refused");
	w->refuse = OK;
	assert_int_equal(start(w), OK);
	/* Later, a system works with the mark of before. */
	w->refuse = ERR_FULL;
	work(w);
	stop(w);
	assert_int_equal(w->mark.ledger.size, 0);
	assert_int_equal(start(w), OK);
}

static void
a_first_start_that_was_cut_off_is_repeated(void **state)
{
	struct world *w = *state;

	work_a_day(w);
	/* The mark was written, and nothing else. */
	assert_int_equal(unlink(w->path), 0);
	w->mark.worked = false;
	w->mark.ledger = (struct merkle_tree){0, merkle_empty()};
	work_a_day(w);
	assert_true(w->mark.worked);
}

/* --- A database that is lost ----------------------------------------------- */

static void
a_lost_database_is_not_made_anew(void **state)
{
	struct world *w = *state;

	work_a_day(w);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(start(w), ERR_CORRUPT);
	says(w,
	    "is missing or empty, but a/sample has worked before, as the "
	    "mark says");
	says(w, "--adopt-empty REASON");
	assert_int_not_equal(access(w->path, F_OK), 0);
	assert_int_equal(adopt(w, ADOPT_OLDER), ERR_CORRUPT);
}

static void
an_empty_database_is_adopted_for_a_reason(void **state)
{
	struct world *w = *state;
	char id[33];

	work_a_day(w);
	memcpy(id, w->mark.id, sizeof(id));
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(adopt(w, ADOPT_EMPTY), OK);
	assert_int_equal(count_entries(w, "database.adopt-empty"), 1);
	assert_string_not_equal(w->mark.id, id);
	stop(w);
	assert_int_equal(w->mark.ledger.size, 1);
	/* Once is enough, and once more is no harm. */
	assert_int_equal(adopt(w, ADOPT_EMPTY), OK);
	assert_int_equal(count_entries(w, "database.adopt-empty"), 1);
}

static void
an_adoption_that_was_cut_off_is_repeated(void **state)
{
	struct world *w = *state;

	work_a_day(w);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(adopt(w, ADOPT_EMPTY), OK);
	node_close(w->node);
	w->node = NULL;
	assert_int_equal(unlink(w->path), 0);
	w->mark.worked = false;
	w->mark.given[MARK_SERIAL] = 7;
	assert_int_equal(start(w), OK);
	assert_int_equal(count_entries(w, "database.adopt-empty"), 1);
}

static void
some_systems_begin_with_no_empty_database(void **state)
{
	struct world *w = *state;
	struct system never = sample_system;

	never.never_empty = "its notes are nowhere else";
	work_a_day(w);
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(open_with(w, &never,
			     (struct adoption){ADOPT_EMPTY, "the disk broke"}),
	    ERR_CORRUPT);
	says(w, "which a/sample refuses: its notes are nowhere else");
	assert_int_not_equal(access(w->path, F_OK), 0);
}

/* --- Another database ------------------------------------------------------- */

static void
an_older_copy_is_refused_until_it_is_adopted(void **state)
{
	struct world *w = *state;
	const char *copy = scratch_path();

	work_a_day(w);
	keep(w->path, copy);
	work_a_day(w);
	keep(copy, w->path);
	assert_int_equal(start(w), ERR_CONFLICT);
	says(w, "its ledger has 1 entries, and had 2");
	says(w, "--adopt-older REASON");
	assert_int_equal(adopt(w, ADOPT_EMPTY), ERR_CONFLICT);
	assert_int_equal(adopt(w, ADOPT_OLDER), OK);
	assert_int_equal(count_entries(w, "database.adopt-older"), 1);
	stop(w);
	assert_int_equal(start(w), OK);
}

static void
a_copy_that_went_on_by_itself_is_refused(void **state)
{
	struct world *w = *state;
	const char *copy = scratch_path();
	struct mark mark;

	work_a_day(w);
	keep(w->path, copy);
	mark = w->mark;
	work_a_day(w);
	keep(w->path, scratch_path());
	/* The copy works elsewhere, for longer. */
	keep(copy, w->path);
	{
		struct mark of_here = w->mark;

		w->mark = mark;
		work_a_day(w);
		work_a_day(w);
		w->mark = of_here;
	}
	assert_int_equal(start(w), ERR_CONFLICT);
	says(w, "its ledger of 3 entries does not continue the one that had 2");
	assert_int_equal(adopt(w, ADOPT_OLDER), OK);
}

static void
a_database_of_another_nation_is_never_adopted(void **state)
{
	struct world *w = *state;
	struct mark own;

	work_a_day(w);
	own = w->mark;
	assert_int_equal(unlink(w->path), 0);
	w->has_mark = false;
	work_a_day(w);
	w->mark = own;
	assert_int_equal(start(w), ERR_CONFLICT);
	says(w, "is another database of a/sample");
	says(w, own.id);
	assert_int_equal(adopt(w, ADOPT_OLDER), ERR_CONFLICT);
	assert_int_equal(adopt(w, ADOPT_EMPTY), ERR_CONFLICT);
}

static void
a_lost_mark_is_no_new_beginning(void **state)
{
	struct world *w = *state;

	work_a_day(w);
	w->has_mark = false;
	assert_int_equal(start(w), ERR_CONFLICT);
	says(w, "the mark is missing");
	assert_int_equal(adopt(w, ADOPT_OLDER), OK);
	stop(w);
	assert_true(w->has_mark);
	assert_int_equal(start(w), OK);
}

/* --- The text of a mark ----------------------------------------------------- */

static void
a_mark_is_read_as_it_was_written(void **state)
{
	struct world *w = *state;
	struct mark back;
	struct buf text;

	work_a_day(w);
	w->mark.given[MARK_SERIAL] = 12345678901;
	w->mark.given[MARK_ORGANISATION] = 77;
	buf_init(&text);
	mark_write(&w->mark, w->keys, &text);
	assert_int_equal(
	    mark_read(buf_slice(&text), w->keys, &back, &w->problem), OK);
	assert_string_equal(back.id, w->mark.id);
	assert_true(back.worked);
	assert_int_equal(back.ledger.size, w->mark.ledger.size);
	assert_true(digest_equal(&back.ledger.root, &w->mark.ledger.root));
	assert_int_equal(back.given[MARK_SERIAL], 12345678901);
	assert_int_equal(back.given[MARK_ORGANISATION], 77);
	assert_int_equal(back.time.ms, w->mark.time.ms);
	buf_done(&text);
}

static void
a_mark_survives_a_rotation_and_no_alteration(void **state)
{
	struct world *w = *state;
	struct mark back;
	struct buf text;
	json_t *jwk;
	size_t i;

	work_a_day(w);
	buf_init(&text);
	mark_write(&w->mark, w->keys, &text);
	assert_int_equal(
	    keymaking_sign(w->keys, (struct instant){NOW_MS}, &jwk), OK);
	json_decref(jwk);
	assert_int_equal(
	    mark_read(buf_slice(&text), w->keys, &back, &w->problem), OK);
	for (i = 0; i < text.len; i += 3) {
		text.data[i] ^= 1;
		assert_int_equal(
		    mark_read(buf_slice(&text), w->keys, &back, &w->problem),
		    ERR_CRYPTO);
		text.data[i] ^= 1;
	}
	assert_int_equal(
	    mark_read(SLICE(""), w->keys, &back, &w->problem), ERR_CRYPTO);
	buf_done(&text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_database_and_its_mark_get_one_id),
	    TEST(a_crash_forgets_no_more_than_a_minute_of_the_ledger),
	    TEST(the_mark_names_no_entry_of_a_batch_that_failed),
	    TEST(a_mark_that_cannot_be_written_stops_the_first_start),
	    TEST(a_first_start_that_was_cut_off_is_repeated),
	    TEST(a_lost_database_is_not_made_anew),
	    TEST(an_empty_database_is_adopted_for_a_reason),
	    TEST(an_adoption_that_was_cut_off_is_repeated),
	    TEST(some_systems_begin_with_no_empty_database),
	    TEST(an_older_copy_is_refused_until_it_is_adopted),
	    TEST(a_copy_that_went_on_by_itself_is_refused),
	    TEST(a_database_of_another_nation_is_never_adopted),
	    TEST(a_lost_mark_is_no_new_beginning),
	    TEST(a_mark_is_read_as_it_was_written),
	    TEST(a_mark_survives_a_rotation_and_no_alteration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
