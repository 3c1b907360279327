/*
 * The contract of store.h, held by SQLite and by PostgreSQL.
 */
#include "tests/contract/database.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
	int64_t id;
	const char *name;
} people[] = {{1, "B"}, {2, "a"}, {3, "é"}, {4, "z"}, {5, "新宿"}};
#define N_PEOPLE (sizeof(people) / sizeof(people[0]))

static void
put_people(struct store *store)
{
	struct query q;
	size_t i;

	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < N_PEOPLE; i++) {
		person_put(
		    &q, store, people[i].id, people[i].name, (int64_t)i * 10);
		assert_int_equal(OK, query_run(&q));
		assert_int_equal(1, query_changes(&q));
	}
	assert_int_equal(OK, store_commit(store));
}

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
	assert_string_equal(database_is_postgresql() ? "postgresql" : "sqlite",
	    store_engine(store));
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

static void
another_systems_database_is_refused(void **state)
{
	const struct schema *const schemas[] = {&sample_schema};
	struct problem problem;

	(void)state;
	store_close(database_open());
	assert_int_equal(ERR_CONFLICT, open_with(schemas, 1, &problem));
	assert_non_null(strstr(problem.text, "extra"));
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
	options.busy_ms = 0;
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

/* ---- Values ---- */

static void
values_come_back_as_they_went(void **state)
{
	static const int64_t ages[] = {0, 1, 127, 255, 65536, INT64_MAX};
	static const char blob[] = {0, 'a', (char)0xff, '\'', '\\', 0};
	struct store *store = database_open();
	struct query q;
	int i;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < 6; i++) {
		char name[32];

		snprintf(name, sizeof(name), "髙 %d 'x'; -- \"", i);
		store_query(store, SAMPLE_PERSON_PUT, &q);
		query_blob(
		    &q, "photo", slice_bytes(blob, i == 0 ? 0 : sizeof(blob)));
		query_int(&q, "age", ages[i]);
		query_int(&q, "id", -ages[i]);
		query_text(&q, "name", slice_of(name));
		assert_int_equal(OK, query_run(&q));

		store_query(store, SAMPLE_PERSON_GET, &q);
		query_int(&q, "id", -ages[i]);
		assert_int_equal(OK, query_step(&q));
		assert_int_equal(ages[i], column_int(&q, "age"));
		assert_true(slice_equal_string(column_text(&q, "name"), name));
		assert_int_equal(
		    i == 0 ? 0 : sizeof(blob), column_blob(&q, "photo").len);
		assert_memory_equal(blob, column_blob(&q, "photo").data,
		    i == 0 ? 0 : sizeof(blob));
		assert_false(column_is_null(&q, "photo"));
		assert_true(slice_equal_string(column_text(&q, "state"),
		    "it's -- INTEGER, STRICT; \"new\" \\ ?"
		    "?/ :name 新"));
		assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	}
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
null_reads_as_nothing_and_empty_is_not_null(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	store_query(store, SAMPLE_PERSON_PUT, &q);
	query_int(&q, "id", 1);
	query_text(&q, "name", (struct slice){NULL, 0});
	query_null(&q, "age");
	query_null(&q, "photo");
	assert_int_equal(OK, query_run(&q));
	store_query(store, SAMPLE_PERSON_GET, &q);
	query_int(&q, "id", 1);
	assert_int_equal(OK, query_step(&q));
	assert_false(column_is_null(&q, "name"));
	assert_int_equal(0, column_text(&q, "name").len);
	assert_true(column_is_null(&q, "age"));
	assert_int_equal(0, column_int(&q, "age"));
	assert_true(column_is_null(&q, "photo"));
	assert_int_equal(0, column_blob(&q, "photo").len);
	query_done(&q);
	query_done(&q);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static int64_t
count_by_age(struct store *store, const int64_t *age)
{
	struct query q;
	int64_t n = 0;

	store_query(store, SAMPLE_PERSON_BY_AGE, &q);
	if (age != NULL)
		query_int(&q, "age", *age);
	else
		query_null(&q, "age");
	while (query_step(&q) == OK)
		n++;
	return n;
}

static void
a_parameter_may_be_null_first_and_a_number_later(void **state)
{
	struct store *store = database_open();
	int64_t age = 20, huge = INT64_MAX;

	(void)state;
	put_people(store);
	assert_int_equal(0, count_by_age(store, NULL));
	assert_int_equal(1, count_by_age(store, &age));
	assert_int_equal(0, count_by_age(store, &huge));
	assert_int_equal(0, count_by_age(store, NULL));
	store_close(store);
}

static void
every_kind_of_number_is_an_integer(void **state)
{
	struct store *store = database_open();

	(void)state;
	assert_true(ask_int(store, SAMPLE_PERSON_COUNT, "total") == 0);
	put_people(store);
	assert_int_equal(5, ask_int(store, SAMPLE_PERSON_COUNT, "n"));
	assert_int_equal(15, ask_int(store, SAMPLE_PERSON_COUNT, "total"));
	assert_int_equal(40, ask_int(store, SAMPLE_PERSON_COUNT, "oldest"));
	assert_int_equal(0, ask_int(store, SAMPLE_PERSON_COUNT, "youngest"));
	assert_int_equal(0, ask_int(store, SAMPLE_PERSON_COUNT, "has_old"));
	assert_int_equal(7, ask_int(store, SAMPLE_PERSON_COUNT, "seven"));
	store_close(store);
}

static void
large_sums_are_exact(void **state)
{
	static const int64_t ids[] = {
	    INT64_MIN, 1, 9999, 10000, 100000000, 123456789012345678};
	struct store *store = database_open();
	struct query q;
	int64_t sum = 0;
	char name[2] = "a";
	size_t i;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++, name[0]++) {
		person_put(&q, store, ids[i], name, 1);
		assert_int_equal(OK, query_run(&q));
		sum += ids[i];
		assert_true(
		    sum == ask_int(store, SAMPLE_PERSON_COUNT, "total"));
	}
	store_close(store);
}

static void
text_sorts_by_bytes_and_like_minds_case(void **state)
{
	struct store *store = database_open();
	struct query q;
	size_t i;

	(void)state;
	put_people(store);
	store_query(store, SAMPLE_PERSON_NAMES, &q);
	static const int64_t order[] = {1, 2, 4, 3, 5};
	for (i = 0; i < N_PEOPLE; i++) {
		assert_int_equal(OK, query_step(&q));
		assert_int_equal(order[i], column_int(&q, "id"));
	}
	assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	store_query(store, SAMPLE_PERSON_LIKE, &q);
	query_text(&q, "pattern", SLICE("b%"));
	assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	store_close(store);
}

static void
literals_mean_the_same(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	store_query(store, SAMPLE_PAIR_PUT, &q);
	query_text(&q, "a", SLICE("x"));
	assert_int_equal(OK, query_step(&q));
	assert_memory_equal("\x00\xff", column_blob(&q, "b").data, 2);
	assert_int_equal(1, column_int(&q, "same"));
	assert_true(slice_equal_string(
	    column_text(&q, "literal"), ":a -- \"$1\" INTEGER"));
	query_done(&q);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

/* ---- Writing ---- */

static void
the_database_gives_a_key_that_is_left_out(void **state)
{
	struct store *store = database_open();
	struct query q;
	int64_t first = 0, second = 0;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	store_query(store, SAMPLE_PERSON_NEW, &q);
	query_text(&q, "name", SLICE("a"));
	assert_int_equal(OK, query_step(&q));
	first = column_int(&q, "id");
	query_done(&q);
	store_query(store, SAMPLE_PERSON_NEW, &q);
	query_text(&q, "name", SLICE("b"));
	assert_int_equal(OK, query_step(&q));
	second = column_int(&q, "id");
	assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	assert_int_equal(1, query_changes(&q));
	assert_true(second > first);
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
changes_are_counted(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	store_query(store, SAMPLE_PERSON_AGE_ALL, &q);
	query_int(&q, "years", 1);
	query_int(&q, "from", 20);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(3, query_changes(&q));

	store_query(store, SAMPLE_PERSON_OFFER, &q);
	query_int(&q, "id", 77);
	query_text(&q, "name", SLICE("a"));
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(0, query_changes(&q));

	store_query(store, SAMPLE_PERSON_UPSERT, &q);
	query_int(&q, "id", 78);
	query_text(&q, "name", SLICE("a"));
	query_int(&q, "age", 99);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(1, query_changes(&q));

	store_query(store, SAMPLE_PERSON_DELETE, &q);
	query_int(&q, "id", 999);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(0, query_changes(&q));
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(99, ask_int(store, SAMPLE_PERSON_COUNT, "oldest"));
	store_close(store);
}

/* Run a note's INSERT in a mark, which is then undone. */
static enum err
try_note(struct store *store, int64_t person, int64_t seq, bool null)
{
	struct query q;
	enum err err;

	assert_int_equal(OK, store_mark(store));
	store_query(store, SAMPLE_NOTE_PUT, &q);
	query_int(&q, "person", person);
	query_int(&q, "seq", seq);
	if (null)
		query_null(&q, "text");
	else
		query_text(&q, "text", SLICE("secret words"));
	err = query_run(&q);
	if (err == OK)
		assert_int_equal(OK, store_keep(store));
	else
		store_undo(store);
	return err;
}

static void
broken_constraints_are_told_apart_without_values(void **state)
{
	struct store *store = database_open();
	struct query q;

	(void)state;
	put_people(store);
	assert_int_equal(OK, store_begin(store));
	assert_int_equal(OK, try_note(store, 1, 1, false));
	assert_int_equal(ERR_CONFLICT, try_note(store, 1, 1, false));
	assert_int_equal(ERR_CONFLICT, store_problem(store)->err);
	assert_null(strstr(store_problem(store)->text, "secret"));
	assert_null(strstr(store_problem(store)->detail, "secret"));
	assert_non_null(strstr(store_problem(store)->detail, "NOTE_PUT"));
	assert_int_equal(ERR_CONFLICT, try_note(store, 424242, 1, false));
	assert_null(strstr(store_problem(store)->detail, "424242"));
	assert_int_equal(ERR_INPUT, try_note(store, 1, 2, true));

	assert_int_equal(OK, store_mark(store));
	person_put(&q, store, 50, "x", -1);
	assert_int_equal(ERR_INPUT, query_run(&q));
	store_undo(store);
	assert_int_equal(OK, store_mark(store));
	person_put(&q, store, 50, "a", 1);
	assert_int_equal(ERR_CONFLICT, query_run(&q));
	store_undo(store);
	assert_int_equal(OK, store_commit(store));
	assert_int_equal(1, ask_int(store, SAMPLE_NOTE_COUNT, "n"));
	store_close(store);
}

/* ---- Transactions and marks ---- */

static enum err
put_one(struct store *store, int64_t id, const char *name)
{
	struct query q;

	person_put(&q, store, id, name, 1);
	return query_run(&q);
}

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

	/* What was seen in a mark that is undone was seen all the same, */
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

/* ---- Programmers' errors; the same code for both engines ---- */

static void
name_an_unknown_parameter(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSON_GET, &q);
	query_int(&q, "identity", 1);
}

static void
leave_a_parameter_out(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSON_GET, &q);
	(void)!query_step(&q);
}

static void
name_an_unknown_column(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSON_COUNT, &q);
	(void)!query_step(&q);
	(void)column_int(&q, "m");
}

static void
read_without_a_row(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSON_COUNT, &q);
	(void)column_int(&q, "n");
}

static void
read_text_as_a_number(struct store *store)
{
	struct query q;

	(void)!store_begin(store);
	(void)!put_one(store, 1, "a");
	store_query(store, SAMPLE_PERSON_NAMES, &q);
	(void)!query_step(&q);
	(void)column_int(&q, "name");
}

static void
use_a_statement_twice(struct store *store)
{
	struct query q, again;

	store_query(store, SAMPLE_PERSON_COUNT, &q);
	store_query(store, SAMPLE_PERSON_COUNT, &again);
}

static void
use_a_query_that_is_done(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSON_COUNT, &q);
	query_done(&q);
	(void)!query_step(&q);
}

static void
write_without_a_transaction(struct store *store)
{
	(void)!put_one(store, 1, "a");
}

static void
look_without_a_transaction(struct store *store)
{
	struct query q;

	store_query(store, SAMPLE_PERSONAL_GET, &q);
	query_int(&q, "id", 1);
	(void)!query_step(&q);
}

static void
forget_query_done(struct store *store)
{
	struct query q;

	(void)!store_begin(store);
	(void)!store_mark(store);
	store_query(store, SAMPLE_PERSON_COUNT, &q);
	(void)!query_step(&q);
	(void)!store_keep(store);
}

static void
ask_for_no_statement(struct store *store)
{
	struct query q;

	store_query(store, EXTRA_STATEMENTS_END, &q);
}

static void
set_too_many_marks(struct store *store)
{
	int i;

	(void)!store_begin(store);
	for (i = 0; i <= STORE_MARKS_MAX; i++)
		(void)!store_mark(store);
}

static void
commit_with_a_mark(struct store *store)
{
	(void)!store_begin(store);
	(void)!store_mark(store);
	(void)!store_commit(store);
}

static bool
dies(void (*error)(struct store *))
{
	int status, null;
	pid_t pid = fork();

	if (pid == 0) {
		struct store_options options = database_options();
		struct store *store;

		signal(SIGABRT, SIG_DFL); /* cmocka catches it */
		null = open("/dev/null", O_WRONLY);
		dup2(null, STDERR_FILENO);
		if (store_open(":memory:", database_schemas, DATABASE_SCHEMAS,
			&options, &store, NULL) == OK)
			error(store);
		_exit(0);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

static void
a_programmers_error_ends_the_process(void **state)
{
	(void)state;
	assert_true(dies(name_an_unknown_parameter));
	assert_true(dies(leave_a_parameter_out));
	assert_true(dies(name_an_unknown_column));
	assert_true(dies(read_without_a_row));
	assert_true(dies(read_text_as_a_number));
	assert_true(dies(use_a_statement_twice));
	assert_true(dies(use_a_query_that_is_done));
	assert_true(dies(write_without_a_transaction));
	assert_true(dies(look_without_a_transaction));
	assert_true(dies(forget_query_done));
	assert_true(dies(ask_for_no_statement));
	assert_true(dies(set_too_many_marks));
	assert_true(dies(commit_with_a_mark));
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
	    TEST(a_migration_that_fails_leaves_nothing_of_itself),
	    TEST(a_second_owner_is_refused),
	    TEST(a_database_opened_for_reading_is_not_written),
	    TEST(a_location_that_is_no_place_is_refused),
	    TEST(values_come_back_as_they_went),
	    TEST(null_reads_as_nothing_and_empty_is_not_null),
	    TEST(a_parameter_may_be_null_first_and_a_number_later),
	    TEST(every_kind_of_number_is_an_integer),
	    TEST(large_sums_are_exact),
	    TEST(text_sorts_by_bytes_and_like_minds_case),
	    TEST(literals_mean_the_same),
	    TEST(the_database_gives_a_key_that_is_left_out),
	    TEST(changes_are_counted),
	    TEST(broken_constraints_are_told_apart_without_values),
	    TEST(only_what_was_committed_is_there_later),
	    TEST(an_undone_mark_takes_back_what_was_in_it),
	    TEST(after_an_error_the_mark_can_only_be_undone),
	    TEST(many_rows_are_read_while_marks_come_and_go),
	    TEST(an_undone_mark_closes_its_queries),
	    TEST(personal_data_without_an_audit_entry_is_not_kept),
	    TEST(inner_marks_count_for_the_outer_one),
	    TEST(a_programmers_error_ends_the_process),
	    TEST(upkeep_of_a_sound_database_finds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
