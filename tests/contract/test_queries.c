/*
 * Queries: values, names, constraints, what is in use; on both databases.
 */
#include "tests/contract/database.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Values ---- */

static void
values_come_back_as_they_went(void **state)
{
	static const int64_t ages[] = {0, 1, 127, 255, 65536, INT64_MAX};
	static const char blob[] = {0, 'a', (char)0xff, '\'', '\\', 0};
	struct store *store = database_open();
	struct slice photo;
	struct query q;
	int i;

	(void)state;
	assert_int_equal(OK, store_begin(store));
	for (i = 0; i < 6; i++) {
		char name[32];

		snprintf(name, sizeof(name), "髙 %d 'x'; -- \"", i);
		typed_begin(store, SAMPLE_PERSON_PUT, &q);
		typed_blob(&q, PERSON_PHOTO,
		    slice_bytes(blob, i == 0 ? 0 : sizeof(blob)));
		query_int(&q, "age", ages[i]);
		query_int(&q, "id", -ages[i]);
		query_text(&q, "name", slice_of(name));
		assert_int_equal(OK, query_run(&q));

		store_query(store, SAMPLE_PERSON_GET, &q);
		query_int(&q, "id", -ages[i]);
		assert_int_equal(OK, query_step(&q));
		assert_int_equal(ages[i], column_int(&q, "age"));
		assert_true(slice_equal_string(column_text(&q, "name"), name));
		photo = typed_get_blob(&q, PERSON_GET_PHOTO);
		assert_int_equal(i == 0 ? 0 : sizeof(blob), photo.len);
		assert_memory_equal(blob, photo.data, photo.len);
		assert_true(typed_has(&q, PERSON_GET_PHOTO));
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
	typed_begin(store, SAMPLE_PERSON_PUT, &q);
	query_int(&q, "id", 1);
	query_text(&q, "name", (struct slice){NULL, 0});
	typed_null(&q, PERSON_AGE);
	typed_null(&q, PERSON_PHOTO);
	assert_int_equal(OK, query_run(&q));
	store_query(store, SAMPLE_PERSON_GET, &q);
	query_int(&q, "id", 1);
	assert_int_equal(OK, query_step(&q));
	assert_true(typed_has(&q, 0));
	assert_int_equal(0, column_text(&q, "name").len);
	assert_false(typed_has(&q, 1));
	assert_int_equal(0, column_int(&q, "age"));
	assert_false(typed_has(&q, PERSON_GET_PHOTO));
	assert_int_equal(0, typed_get_blob(&q, PERSON_GET_PHOTO).len);
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

	typed_begin(store, SAMPLE_PERSON_BY_AGE, &q);
	if (age != NULL)
		query_int(&q, "age", *age);
	else
		typed_null(&q, 0);
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
	for (i = 0; i < 5; i++) {
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
	assert_memory_equal("\x00\xff", typed_get_blob(&q, 0).data, 2);
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
	assert_int_equal(1, store_changes(store));
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
	assert_int_equal(3, store_changes(store));

	store_query(store, SAMPLE_PERSON_OFFER, &q);
	query_int(&q, "id", 77);
	query_text(&q, "name", SLICE("a"));
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(0, store_changes(store));

	store_query(store, SAMPLE_PERSON_UPSERT, &q);
	query_int(&q, "id", 78);
	query_text(&q, "name", SLICE("a"));
	query_int(&q, "age", 99);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(1, store_changes(store));

	store_query(store, SAMPLE_PERSON_DELETE, &q);
	query_int(&q, "id", 999);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(0, store_changes(store));
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
	typed_begin(store, SAMPLE_NOTE_PUT, &q);
	query_int(&q, "person", person);
	query_int(&q, "seq", seq);
	if (null)
		typed_null(&q, 2);
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

static void
open_in_another_order(struct store *store)
{
	const struct schema *const turned[] = {
	    database_schemas[1], database_schemas[0]};
	struct store_options options = database_options();

	(void)!store_open(":memory:", turned, 2, &options, &store, NULL);
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
	assert_true(dies(open_in_another_order));
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, database_setup, database_teardown)
	const struct CMUnitTest tests[] = {
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
	    TEST(a_programmers_error_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
