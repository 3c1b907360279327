/*
 * The contract of store.h, held by SQLite and by PostgreSQL.
 */
#include "tests/contract/database.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static enum err
open_with(const struct schema *const *schemas, unsigned int n,
    struct problem *problem)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	enum err err = store_open(
	    database_location(), schemas, n, &options, &store, problem);

	store_close(store);
	return err;
}

/* ---- Opening and migrations ---- */

static void
a_new_database_can_be_used_and_opened_again(void **state)
{
	struct store *store = database_open();

	(void)state;
	put_people(store);
	store_close(store);

	store = database_open();
	assert_int_equal(5, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	assert_int_equal(0, ask_int(store, EXTRA_TOTAL, "total"));
	store_close(store);
}

static void
a_newer_database_is_refused(void **state)
{
	struct schema old = sample_schema;
	const struct schema *const schemas[] = {&old, &extra_schema};
	struct problem problem;

	(void)state;
	store_close(database_open());
	old.n_migrations = 1;
	assert_int_equal(ERR_CONFLICT, open_with(schemas, 2, &problem));
	assert_non_null(strstr(problem.text, "newer"));
}

static void
an_older_database_is_brought_up_to_date(void **state)
{
	struct schema old = sample_schema;
	const struct schema *const schemas[] = {&old};
	struct problem problem;
	struct store *store;

	(void)state;
	old.n_migrations = 1;
	assert_int_equal(OK, open_with(schemas, 1, &problem));
	store = database_open();
	put_people(store);
	store_close(store);
}

/* A file is named, a location on a server is not. */
static void
assert_says(const struct problem *problem, const char *text)
{
	const char *file = database_is_postgresql() ? "" : database_location();
	struct buf expected;

	buf_init(&expected);
	buf_printf(&expected, "%s%s%s", file, *file != '\0' ? ": " : "", text);
	assert_string_equal(expected.data, problem->text);
	buf_done(&expected);
}

static void
another_systems_database_is_refused(void **state)
{
	struct schema other = sample_schema;
	const struct schema *const schemas[] = {&other};
	struct problem problem;

	(void)state;
	store_close(database_open());
	other.name = "other";
	assert_int_equal(ERR_CONFLICT, open_with(schemas, 1, &problem));
	assert_non_null(strstr(problem.text, "another system's"));
}

/* The system comes last: its tables are there, and those of a component that
 * only the newer program has. */
static void
a_component_of_a_newer_program_is_told_from_another_system(void **state)
{
	const struct schema *const schemas[] = {&sample_schema};
	struct problem problem;

	(void)state;
	store_close(database_open());
	assert_int_equal(ERR_CONFLICT, open_with(schemas, 1, &problem));
	assert_says(&problem,
	    "the database is newer than this program, which does not know the "
	    "tables of extra; use the newer program");
}

static void
a_database_that_was_filled_is_not_made_anew(void **state)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	struct problem problem;
	enum err err;

	(void)state;
	options.if_lost = "it is lost";
	err = store_open(database_location(), database_schemas,
	    DATABASE_SCHEMAS, &options, &store, &problem);
	assert_int_equal(ERR_CORRUPT, err);
	assert_says(&problem, "it is lost");
	assert_true(
	    database_is_postgresql() || access(database_location(), F_OK) != 0);
	store_close(database_open());
	err = store_open(database_location(), database_schemas,
	    DATABASE_SCHEMAS, &options, &store, &problem);
	assert_int_equal(OK, err);
	store_close(store);
	if (database_is_postgresql())
		return;
	assert_int_equal(0, truncate(database_location(), 0));
	err = store_open(database_location(), database_schemas,
	    DATABASE_SCHEMAS, &options, &store, &problem);
	assert_int_equal(ERR_CORRUPT, err);
}

static void
a_migration_that_fails_leaves_nothing_of_itself(void **state)
{
	static const char bad[] = "CREATE TABLE half (a BIGINT);"
				  "INSERT INTO nowhere VALUES (1);";
	struct migration migrations[3];
	struct schema broken = sample_schema;
	const struct schema *const schemas[] = {&broken, &extra_schema};
	struct problem problem;

	(void)state;
	memcpy(migrations, sample_schema.migrations, 2 * sizeof(*migrations));
	migrations[2] = (struct migration){3, "bad", bad, bad};
	broken.migrations = migrations;
	broken.n_migrations = 3;
	assert_int_equal(ERR_INTERNAL, open_with(schemas, 2, &problem));
	assert_non_null(strstr(problem.detail, "migration 3 of sample"));
	/* Table `half` is not there, and the first two migrations are. */
	migrations[2].sqlite = migrations[2].postgresql =
	    "CREATE TABLE half (a BIGINT)";
	assert_int_equal(OK, open_with(schemas, 2, &problem));
}

static void
a_second_owner_is_refused(void **state)
{
	struct store_options options = database_options();
	struct store *store = database_open(), *second = NULL;
	struct problem problem;
	int status;
	pid_t pid;

	(void)state;
	options.busy_ms = 1;
	assert_int_equal(ERR_BUSY,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &second, &problem));
	assert_non_null(strstr(problem.text, "in use by another process"));
	options.access = STORE_READ;
	assert_int_equal(ERR_BUSY,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &second, &problem));
	options.access = STORE_WRITE;

	pid = fork();
	if (pid == 0)
		_exit(store_open(database_location(), database_schemas,
			  DATABASE_SCHEMAS, &options, &second, NULL) == ERR_BUSY
			? 0
			: 1);
	assert_int_equal(pid, waitpid(pid, &status, 0));
	assert_int_equal(0, status);
	store_close(store);
	store_close(database_open());
}

static void
a_database_opened_for_reading_is_not_written(void **state)
{
	struct store_options options = database_options();
	struct store *store = database_open();
	struct query q;

	(void)state;
	put_people(store);
	store_close(store);
	options.access = STORE_READ;
	assert_int_equal(OK,
	    store_open(database_location(), database_schemas, DATABASE_SCHEMAS,
		&options, &store, NULL));
	assert_int_equal(5, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	assert_int_equal(OK, store_begin(store));
	person_put(&q, store, 9, "x", 1);
	assert_int_equal(ERR_IO, query_run(&q));
	store_rollback(store);
	store_close(store);
}

static void
a_location_that_is_no_place_is_refused(void **state)
{
	static const char *const bad[] = {"", "file:x?mode=memory",
	    "/nonexistent/folder/x.db", "postgresql:host=/nonexistent"};
	static const enum err expected[] = {
	    ERR_INPUT, ERR_INPUT, ERR_IO, ERR_UNREACHABLE};
	struct store_options options = database_options();
	struct store *store = NULL;
	struct problem problem;
	size_t i;

	(void)state;
	for (i = 0; i < 4; i++) {
		assert_int_equal(expected[i],
		    store_open(bad[i], database_schemas, DATABASE_SCHEMAS,
			&options, &store, &problem));
		assert_int_not_equal(0, strlen(problem.text));
	}
}

/* ---- Transactions and marks ---- */

static void
only_what_was_committed_is_there_later(void **state)
{
	struct store *store = database_open();

	(void)state;
	assert_int_equal(OK, store_begin(store));
	assert_true(store_is_open(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	store_rollback(store);
	assert_false(store_is_open(store));
	store_rollback(store);
	assert_int_equal(0, ask_int(store, SAMPLE_PERSON_COUNT, "n"));

	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 2, "b"));
	store_close(store);

	store = database_open();
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

static void
an_undone_mark_takes_back_what_was_in_it(void **state)
{
	struct store *store = database_open();

	(void)state;
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 2, "b"));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 3, "c"));
	assert_int_equal(2, store_depth(store));
	store_undo(store);
	assert_int_equal(2, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 4, "d"));
	assert_int_equal(OK, store_keep(store));
	assert_int_equal(OK, store_keep(store));
	assert_int_equal(3, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_undo(store);
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	assert_int_equal(OK, store_mark(store));
	store_undo(store);
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

static void
after_an_error_the_mark_can_only_be_undone(void **state)
{
	struct store *store = database_open();

	(void)state;
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	assert_int_equal(ERR_CONFLICT, put_one(store, 1, "b"));
	assert_int_equal(ERR_CONFLICT, put_one(store, 2, "c"));
	assert_int_equal(ERR_CONFLICT, store_mark(store));
	assert_int_equal(ERR_CONFLICT, store_keep(store));
	store_undo(store);
	assert_int_equal(OK, put_one(store, 3, "d"));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(3, ask_int(store, SAMPLE_PERSON_COUNT, "total"));

	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, put_one(store, 4, "e"));
	assert_int_equal(ERR_CONFLICT, put_one(store, 4, "f"));
	assert_int_equal(ERR_CONFLICT, store_mark(store));
	assert_int_equal(ERR_CONFLICT, store_commit(store));
	assert_false(store_is_open(store));
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

/* A mark that was kept, one that only read, one that failed without a write
 * that came to anything. */
static void
a_bold_transaction_stands_while_nothing_written_is_undone(void **state)
{
	struct store *store = database_open();

	(void)state;
	assert_int_equal(OK, store_begin_boldly(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	assert_int_equal(OK, store_keep(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_undo(store);
	assert_false(store_is_spoilt(store));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

static void
a_bold_transaction_is_spoilt_by_undoing_what_was_written(void **state)
{
	struct store *store = database_open();
	int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		assert_int_equal(OK, store_begin_boldly(store));
		assert_int_equal(OK, store_mark(store));
		assert_int_equal(OK, put_one(store, 1, "a"));
		if (i == 1) /* in a part that was kept */
			assert_int_equal(OK, store_mark(store));
		if (i == 1)
			assert_int_equal(OK, put_one(store, 2, "b"));
		if (i == 1)
			assert_int_equal(OK, store_keep(store));
		if (i == 2)
			assert_int_equal(ERR_CONFLICT, put_one(store, 1, "b"));
		store_undo(store);
		assert_true(store_is_spoilt(store));
		assert_int_equal(ERR_BUSY, put_one(store, 3, "c"));
		assert_int_equal(ERR_BUSY, store_mark(store));
		if (i == 0)
			assert_int_equal(ERR_BUSY, store_commit(store));
		else
			store_rollback(store);
	}
	/* The next knows nothing of it. */
	assert_int_equal(OK, store_begin(store));
	assert_false(store_is_spoilt(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, put_one(store, 1, "a"));
	store_undo(store);
	assert_int_equal(OK, put_one(store, 2, "b"));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(1, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

static void
many_rows_are_read_while_marks_come_and_go(void **state)
{
	enum { N = 2500 };
	struct store *store = database_open();
	struct query q, note;
	int64_t id, n = 0;
	char name[16];

	(void)state;
	assert_int_equal(OK, store_begin(store));
	for (id = 1; id <= N; id++) {
		snprintf(name, sizeof(name), "%d", (int)id);
		assert_int_equal(OK, put_one(store, id, name));
	}
	store_query(store, SAMPLE_PERSON_ALL, &q);
	query_int(&q, "from", 1);
	while (query_step(&q) == OK) {
		id = column_int(&q, "id");
		assert_int_equal(++n, id);
		assert_int_equal(OK, store_mark(store));
		store_query(store, SAMPLE_NOTE_PUT, &note);
		query_int(&note, "person", id);
		query_int(&note, "seq", 1);
		query_text(&note, "text", column_text(&q, "name"));
		assert_int_equal(OK, query_run(&note));
		if (id % 2 == 0)
			store_undo(store);
		else
			assert_int_equal(OK, store_keep(store));
	}
	assert_int_equal(N, n);
	/* One that is left early. */
	store_query(store, SAMPLE_PERSON_ALL, &q);
	query_int(&q, "from", N);
	assert_int_equal(OK, query_step(&q));
	query_done(&q);
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(N / 2, ask_int(store, SAMPLE_NOTE_COUNT, "n"));
	store_close(store);
}

static void
an_undone_mark_closes_its_queries(void **state)
{
	struct store *store = database_open();
	struct query q, bulk;

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_mark(store));
	store_query(store, SAMPLE_PERSON_NAMES, &q);
	assert_int_equal(OK, query_step(&q));
	store_query(store, SAMPLE_PERSON_ALL, &bulk);
	query_int(&bulk, "from", 1);
	assert_int_equal(OK, query_step(&bulk));
	store_undo(store);
	query_done(&q);
	query_done(&bulk);
	store_query(store, SAMPLE_PERSON_ALL, &bulk);
	query_int(&bulk, "from", 1);
	assert_int_equal(OK, query_step(&bulk));
	query_done(&bulk);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

/* ---- The audit rule ---- */

static void
touch(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSONAL_GET, &q);
	query_int(&q, "id", 1);
	assert_int_equal(OK, query_step(&q));
	query_done(&q);
}

static void
audit(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_AUDIT_PUT, &q);
	query_text(&q, "action", SLICE("looked"));
	assert_int_equal(OK, query_run(&q));
}

static void
personal_data_without_an_audit_entry_is_not_kept(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_mark(store));
	audit(store);
	assert_int_equal(OK, store_keep(store));

	/* Another mark's entry does not count. */
	assert_int_equal(OK, store_mark(store));
	store_query(store, SAMPLE_PERSONAL_PUT, &q);
	query_int(&q, "id", 1);
	query_text(&q, "name", SLICE("changed"));
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(ERR_INTERNAL, store_keep(store));
	assert_non_null(strstr(
	    store_problem(store)->text, "touched without an audit entry"));
	store_undo(store);

	assert_int_equal(OK, store_mark(store));
	touch(store);
	audit(store);
	assert_int_equal(OK, store_keep(store));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(2, ask_int(store, SAMPLE_AUDIT_COUNT, "n"));

	assert_int_equal(OK, store_begin(store));
	touch(store);
	assert_int_equal(ERR_INTERNAL, store_commit(store));
	assert_int_equal(OK, store_begin(store));
	audit(store);
	touch(store);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
inner_marks_count_for_the_outer_one(void **state)
{
	struct store *store = database_open();

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, store_mark(store));
	touch(store);
	assert_int_equal(OK, store_keep(store));
	audit(store);
	assert_int_equal(OK, store_keep(store));

	/* A person seen in a mark that is undone was seen all the same, */
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK, store_mark(store));
	touch(store);
	store_undo(store);
	assert_int_equal(ERR_INTERNAL, store_keep(store));
	store_undo(store);

	/* and an entry that is undone was not made. */
	assert_int_equal(OK, store_mark(store));
	touch(store);
	assert_int_equal(OK, store_mark(store));
	audit(store);
	store_undo(store);
	assert_int_equal(ERR_INTERNAL, store_keep(store));
	store_undo(store);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

/* ---- Upkeep ---- */

static void
upkeep_of_a_sound_database_finds_nothing(void **state)
{
	struct store *store = database_open();

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_integrity_check(store));
	assert_int_equal(OK, store_checkpoint(store));
	assert_int_equal(OK, store_prepare_all(store));
	assert_int_equal(5, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	store_close(store);
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, database_setup, database_teardown)
	const struct CMUnitTest tests[] = {
	    TEST(a_new_database_can_be_used_and_opened_again),
	    TEST(a_newer_database_is_refused),
	    TEST(an_older_database_is_brought_up_to_date),
	    TEST(another_systems_database_is_refused),
	    TEST(a_component_of_a_newer_program_is_told_from_another_system),
	    TEST(a_database_that_was_filled_is_not_made_anew),
	    TEST(a_migration_that_fails_leaves_nothing_of_itself),
	    TEST(a_second_owner_is_refused),
	    TEST(a_database_opened_for_reading_is_not_written),
	    TEST(a_location_that_is_no_place_is_refused),
	    TEST(only_what_was_committed_is_there_later),
	    TEST(an_undone_mark_takes_back_what_was_in_it),
	    TEST(a_bold_transaction_stands_while_nothing_written_is_undone),
	    TEST(a_bold_transaction_is_spoilt_by_undoing_what_was_written),
	    TEST(after_an_error_the_mark_can_only_be_undone),
	    TEST(many_rows_are_read_while_marks_come_and_go),
	    TEST(an_undone_mark_closes_its_queries),
	    TEST(personal_data_without_an_audit_entry_is_not_kept),
	    TEST(inner_marks_count_for_the_outer_one),
	    TEST(upkeep_of_a_sound_database_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
