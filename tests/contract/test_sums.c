/*
 * The sums over the rows of protected tables: they follow every statement, and
 * tell what another program has changed.
 */
#include <stdio.h>
#include <string.h>

#include "tests/contract/database.h"

static void
count(struct store *store, bool first, bool stale)
{
	struct row_count found;

	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_rows_count(store, &found));
	assert_int_equal(first, found.first);
	assert_int_equal(stale, found.stale);
	assert_int_equal(OK, store_commit(store));
}

/* NULL: every table. */
static void
assert_differs(struct store *store, const char *table)
{
	const char *found = "";

	assert_int_equal(OK, store_rows_verify(store, &found));
	if (table == NULL && found != NULL)
		fail_msg("%s differs", found);
	if (table != NULL)
		assert_string_equal(table, found);
}

static struct digest
state_of(struct store *store)
{
	struct digest digest;
	struct buf tables;

	buf_init(&tables);
	(void)store_rows_state(store, &digest, &tables);
	buf_done(&tables);

	return digest;
}

/* ---- Random work ---- */

static uint64_t seed;

static int64_t
roll(int64_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;

	return (int64_t)((seed >> 33) % (uint64_t)n);
}

/* Bind the statement's parameters, as far as it has them, to anything. */
static enum err
run_with(struct store *store, int statement, const char *const *params)
{
	char name[8];
	struct query q;

	snprintf(name, sizeof(name), "p%d", (int)roll(8));
	store_query(store, statement, &q);
	for (; *params != NULL; params++) {
		if (**params == 't')
			query_text(&q, *params + 1, slice_of(name));
		else
			query_int(&q, *params + 1, roll(10) - 1);
	}

	return query_run(&q);
}

/* Statements with their parameters: 't' text, 'i' a small number, which may be
 * against a rule. */
static const struct {
	int statement;
	const char *params[4];
} work[] = {
    {SAMPLE_PERSON_UPSERT, {"iid", "tname", "iage"}},
    {SAMPLE_PERSON_UPSERT, {"iid", "tname", "iage"}},
    {SAMPLE_PERSON_NEW, {"tname"}},
    {SAMPLE_PERSON_OFFER, {"iid", "tname"}},
    {SAMPLE_PERSON_AGE_ALL, {"iyears", "ifrom"}},
    {SAMPLE_PERSON_DELETE, {"iid"}},
    {SAMPLE_NOTE_PUT, {"iperson", "iseq", "ttext"}},
    {SAMPLE_NOTE_PUT, {"iperson", "iseq", "ttext"}},
    {SAMPLE_PAIR_PUT, {"ta"}},
    {EXTRA_PUT, {"iowner", "inumber", "iamount"}},
    {EXTRA_MOVE, {"iby", "iowner", "inumber"}},
    {EXTRA_DELETE, {"iowner", "inumber"}},
};

/* Some statements in a mark, and perhaps a mark within it. */
static enum err
turn(struct store *store, int depth)
{
	enum err rc = OK;
	int64_t n = roll(4);
	size_t which;

	assert_int_equal(OK, store_mark(store));
	while (rc == OK && n-- > 0) {
		which = (size_t)roll(sizeof(work) / sizeof(work[0]));
		rc = run_with(store, work[which].statement, work[which].params);
	}
	if (rc == OK && depth < 2 && roll(3) == 0)
		(void)turn(store, depth + 1);
	if (roll(3) == 0)
		(void)state_of(store);
	if (rc == OK && roll(4) > 0)
		return store_keep(store);
	store_undo(store);

	return rc;
}

static void
transaction(struct store *store)
{
	int64_t n = 1 + roll(4);
	enum err rc;

	rc = roll(2) == 0 ? store_begin(store) : store_begin_boldly(store);
	assert_int_equal(OK, rc);
	while (n-- > 0 && !store_is_spoilt(store))
		(void)turn(store, 1);
	if (store_is_spoilt(store) || roll(5) == 0)
		store_rollback(store);
	else
		assert_int_equal(OK, store_commit(store));
}

static void
sums_follow_every_statement(void **state)
{
	struct store *store = database_open();
	int round;

	(void)state;
	seed = 7;
	count(store, false, false);
	for (round = 0; round < 400; round++) {
		transaction(store);
		assert_differs(store, NULL);
		if (round % 50 != 0)
			continue;
		store_close(store);
		store = database_open();
		assert_differs(store, NULL);
	}
	store_close(store);
}

/* ---- Other programs ---- */

static void
commit_people(void)
{
	struct store *store = database_open();
	struct query q;

	count(store, false, false);
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	typed_begin(store, SAMPLE_NOTE_PUT, &q);
	query_int(&q, "person", 2);
	query_int(&q, "seq", 1);
	query_text(&q, "text", SLICE("moved"));
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, store_commit(store));
	assert_differs(store, NULL);
	store_close(store);
}

static void
a_change_by_another_program_names_its_table(void **state)
{
	static const struct {
		const char *sql, *table;
	} changes[] = {
	    {"DELETE FROM note", "note"},
	    {"UPDATE person SET age = 41 WHERE id = 2", "person"},
	    {"INSERT INTO account (owner, number, amount) VALUES (1, 1, 1)",
		"account"},
	    {"INSERT INTO note SELECT 3, 1, text FROM note", "note"},
	    {"UPDATE row_sum SET sum = (SELECT sum FROM row_sum WHERE "
	     "name = 'note') WHERE name = 'person'",
		"person"},
	    {"INSERT INTO audit (action) VALUES ('nothing')", NULL},
	};
	struct store *store;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		commit_people();
		database_edit(changes[i].sql);
		store = database_open();
		assert_differs(store, changes[i].table);
		store_close(store);
		database_teardown(state);
		database_setup(state);
	}
}

static void
work_goes_on_beside_a_foreign_change_and_does_not_hide_it(void **state)
{
	struct store *store;

	(void)state;
	commit_people();
	database_edit("DELETE FROM note");
	store = database_open();
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 9, "new"));
	assert_int_equal(OK, store_commit(store));
	count(store, false, false);
	assert_differs(store, "note");
	store_close(store);
}

static void
each_set_of_rows_has_its_state(void **state)
{
	struct store *store;
	struct digest before, after;

	(void)state;
	commit_people();
	store = database_open();
	before = state_of(store);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 9, "new"));
	after = state_of(store);
	assert_false(digest_equal(&before, &after));
	store_rollback(store);
	after = state_of(store);
	assert_true(digest_equal(&before, &after));
	store_close(store);
}

/* The findings about the kept sums by that state. */
static void
assert_misfits(struct store *store, const char *told, const char *misfits)
{
	const struct rows_told newest = {slice_of(told), true};
	struct buf found;

	buf_init(&found);
	store_rows_compare(store, &newest, &found);
	assert_string_equal(misfits, found.len > 0 ? found.data : "");
	buf_done(&found);
}

static void
a_sum_that_is_not_the_kept_one_is_told(void **state)
{
	static const struct {
		const char *sql, *misfits;
	} changes[] = {
	    {"DELETE FROM row_sum WHERE name = 'note'",
		"table note has lost its sum"},
	    {"UPDATE row_sum SET migrations = migrations - 1 WHERE name = "
	     "'person'",
		"table person has a sum that was set back"},
	    {"UPDATE row_sum SET sum = (SELECT sum FROM row_sum WHERE "
	     "name = 'note') WHERE name = 'person'",
		"table person has another sum"},
	    {"DELETE FROM note", ""}, /* its rows were not read */
	};
	struct store *store;
	struct digest digest;
	struct buf told;
	size_t i;

	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		commit_people();
		buf_init(&told);
		store = database_open();
		(void)store_rows_state(store, &digest, &told);
		assert_misfits(store, told.data, "");
		store_close(store);
		database_edit(changes[i].sql);
		store = database_open();
		assert_misfits(store, told.data, changes[i].misfits);
		store_close(store);
		buf_done(&told);
		database_teardown(state);
		database_setup(state);
	}
}

/* ---- Migrations ---- */

/* The sample as it was before its second migration. */
static struct store *
open_old(void)
{
	static struct schema old;
	const struct schema *const schemas[] = {&old, &extra_schema};
	static const char *const tables[] = {"person", "note"};
	struct store_options options = database_options();
	struct store *store = NULL;

	old = sample_schema;
	old.n_migrations = 1;
	old.protected_tables = tables;
	old.n_protected = 2;
	assert_int_equal(OK,
	    store_open(database_location(), schemas, DATABASE_SCHEMAS, &options,
		&store, NULL));

	return store;
}

static void
after_a_migration_tables_are_counted_again(void **state)
{
	struct store *store = open_old();
	struct digest digest;
	struct query q;
	struct buf told;

	(void)state;
	buf_init(&told);
	count(store, false, false);
	put_people(store);
	assert_differs(store, NULL);
	(void)store_rows_state(store, &digest, &told);
	store_close(store);

	store = database_open();
	assert_string_equal("person", store_rows_uncounted(store));
	assert_misfits(store, told.data, "");
	count(store, false, true);
	assert_null(store_rows_uncounted(store));
	assert_differs(store, NULL);
	count(store, false, false);
	/* Rows that lack the new column. */
	assert_int_equal(OK, store_begin(store));
	store_query(store, SAMPLE_PERSON_AGE_ALL, &q);
	query_int(&q, "years", 1);
	query_int(&q, "from", 10);
	assert_int_equal(OK, query_run(&q));
	store_query(store, SAMPLE_PERSON_DELETE, &q);
	query_int(&q, "id", 1);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, store_commit(store));
	assert_differs(store, NULL);
	store_close(store);
	buf_done(&told);
}

static void
rows_that_did_not_fit_before_a_migration_have_no_sum_after_it(void **state)
{
	struct store *store = open_old();
	struct digest digest;
	struct buf told;

	(void)state;
	buf_init(&told);
	count(store, false, false);
	put_people(store);
	(void)store_rows_state(store, &digest, &told);
	store_close(store);
	database_edit("UPDATE person SET age = 77");
	store = database_open();
	assert_misfits(store, told.data, "table person has lost its sum");
	store_close(store);
	/* Dying here does not help: nobody has counted. */
	store = database_open();
	assert_misfits(store, told.data, "table person has lost its sum");
	count(store, true, true);
	store_close(store);
	buf_done(&told);
}

static void
rows_that_never_had_a_sum_are_told(void **state)
{
	struct store *store = database_open();
	struct row_count found;

	(void)state;
	put_people(store); /* nobody counts */
	assert_differs(store, NULL);
	assert_string_equal("person", store_rows_uncounted(store));
	store_close(store);
	store = database_open();
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_rows_count(store, &found));
	assert_true(found.first);
	store_rollback(store); /* and does not commit that */
	count(store, true, false);
	count(store, false, false);
	assert_differs(store, NULL);
	store_close(store);
}

static void
a_change_without_an_audit_entry_is_known(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	count(store, false, false);
	assert_int_equal(OK, store_begin(store));
	assert_false(store_rows_unaudited(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	assert_int_equal(OK, store_keep(store));
	assert_true(store_rows_unaudited(store));
	assert_int_equal(OK, store_mark(store));
	store_query(store, SAMPLE_AUDIT_PUT, &q);
	query_text(&q, "action", SLICE("put"));
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, store_keep(store));
	assert_false(store_rows_unaudited(store));
	/* Nor does the entry tell of what comes after a state. */
	(void)state_of(store);
	assert_false(store_rows_unaudited(store));
	assert_int_equal(OK, put_one(store, 2, "b"));
	assert_true(store_rows_unaudited(store));
	store_rollback(store);
	store_close(store);
}

static void
a_commit_that_fails_leaves_the_sums(void **state)
{
	static const enum err faults[] = {ERR_FULL, ERR_UNCERTAIN, ERR_BUSY};
	struct store *store = database_open();
	uint64_t i;

	(void)state;
	count(store, false, false);
	put_people(store);
	for (i = 0; i < 9; i++) {
		assert_int_equal(OK, store_begin(store));
		store_inject(store, 1 + i / 3, faults[i % 3]);
		if (put_one(store, 20 + (int64_t)i, "x") == OK)
			(void)!store_commit(store);
		store_rollback(store);
		store_inject(store, 0, OK);
		assert_int_equal(OK, store_begin(store));
		store_rollback(store);
		assert_differs(store, NULL);
	}
	store_close(store);
}

int
main(void)
{
#define TEST(f) \
	cmocka_unit_test_setup_teardown(f, database_setup, database_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(sums_follow_every_statement),
	    TEST(a_change_by_another_program_names_its_table),
	    TEST(work_goes_on_beside_a_foreign_change_and_does_not_hide_it),
	    TEST(each_set_of_rows_has_its_state),
	    TEST(a_sum_that_is_not_the_kept_one_is_told),
	    TEST(after_a_migration_tables_are_counted_again),
	    TEST(rows_that_did_not_fit_before_a_migration_have_no_sum_after_it),
	    TEST(rows_that_never_had_a_sum_are_told),
	    TEST(a_change_without_an_audit_entry_is_known),
	    TEST(a_commit_that_fails_leaves_the_sums),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
