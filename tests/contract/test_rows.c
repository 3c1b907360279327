/*
 * Typed rows: what tools/statements writes does what it says; on both
 * databases.
 */
#include "tests/contract/database.h"

#include <signal.h>
#include <string.h>

#include "tests/support/dies.h"
#include "tests/support/test_arena.h"
#include "typed_rows.h"
#include "typed_statements.h"

static const struct schema *const schemas[] = {&typed_schema};

static struct store *
open_typed(const char *location)
{
	struct store_options options = database_options();
	struct store *store = NULL;

	assert_int_equal(
	    OK, store_open(location, schemas, 1, &options, &store, NULL));
	return store;
}

/* The store of the test, open within a transaction. */
static struct store *store;

static int
set_up(void **state)
{
	database_setup(state);
	store = open_typed(database_location());
	assert_int_equal(OK, store_begin(store));

	return arena_begin(state);
}

static int
tear_down(void **state)
{
	store_close(store);
	arena_end(state);

	return database_teardown(state);
}

static struct individual_number
some_number(void)
{
	return individual_number_from_body(12345678901);
}

static enum err
put(int64_t internal, const char *name)
{
	struct individual_number number = some_number();
	struct digest secret = digest_of(SLICE("secret"));

	return typed_member_add(store,
	    &(struct typed_member_add){.internal = {internal},
		.name = slice_of(name),
		.born = {1980, 4, 1},
		.at = {internal * 1000},
		.number = &number,
		.secret = &secret});
}

static void
every_type_comes_back_as_it_went(void **state)
{
	static const char bytes[] = {0, (char)0xff, 0};
	struct resident_code code = resident_code_from_body(987654321);
	struct individual_number number = some_number();
	struct linkage_code linkage = {{1, 2, 3}};
	struct digest secret = digest_of(SLICE("secret"));
	struct typed_member_row row;

	(void)state;
	assert_int_equal(OK,
	    typed_member_add(store,
		&(struct typed_member_add){.internal = {INTERNAL_NUMBER_MAX},
		    .name = SLICE("髙"),
		    .alias = SLICE(""),
		    .photo = slice_bytes(bytes, sizeof(bytes)),
		    .age = &(int64_t){INT64_MAX},
		    .born = {1943, 0, 0},
		    .departed = &(struct date){2026, 11, 21},
		    .hidden = true,
		    .shown = &(bool){false},
		    .at = {1795000000123},
		    .until = &(struct instant){INT64_MIN},
		    .code = &code,
		    .number = &number,
		    .linkage = &linkage,
		    .secret = &secret,
		    .ticket = {7}}));
	assert_int_equal(1, store_changes(store));
	assert_int_equal(OK,
	    typed_member_get(store, arena,
		(struct internal_number){INTERNAL_NUMBER_MAX}, &row));
	assert_true(slice_equal_string(row.name, "髙"));
	assert_non_null(row.alias.data);
	assert_int_equal(0, row.alias.len);
	assert_int_equal(sizeof(bytes), row.photo.len);
	assert_memory_equal(bytes, row.photo.data, sizeof(bytes));
	assert_true(row.has_age && row.age == INT64_MAX);
	assert_int_equal(0, date_compare(row.born, (struct date){1943, 0, 0}));
	assert_true(row.has_departed);
	assert_int_equal(
	    0, date_compare(row.departed, (struct date){2026, 11, 21}));
	assert_true(row.hidden && row.has_shown && !row.shown);
	assert_true(row.at.ms == 1795000000123);
	assert_true(row.has_until && row.until.ms == INT64_MIN);
	assert_true(row.has_code && resident_code_equal(&row.code, &code));
	assert_true(individual_number_equal(&row.number, &number));
	assert_true(
	    row.has_linkage && linkage_code_equal(&row.linkage, &linkage));
	assert_true(digest_equal(&row.secret, &secret));
	assert_int_equal(7, row.ticket.number);
	assert_int_equal(OK, store_commit(store));
	/* The text is the arena's. */
	assert_true(slice_equal_string(row.name, "髙"));
}

static void
a_member_that_is_left_out_is_null(void **state)
{
	struct typed_member_row row;

	(void)state;
	memset(&row, 0xff, sizeof(row));
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK,
	    typed_member_get(store, arena, (struct internal_number){1}, &row));
	assert_null(row.alias.data);
	assert_null(row.photo.data);
	assert_false(row.has_age || row.has_departed || row.has_shown ||
	    row.has_until || row.has_code || row.has_linkage);
	assert_int_equal(0, row.age);
	assert_false(row.shown);
	assert_true(row.until.ms == 0);
	assert_int_equal(0, row.linkage.bytes[0]);
}

static void
a_parameter_is_null_by_its_pointer(void **state)
{
	struct internal_number internal = {1};
	struct typed_member_row row;

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK,
	    typed_member_end(store, &(struct instant){5}, SLICE("b"),
		(struct ticket){2}, internal));
	assert_int_equal(OK, typed_member_get(store, arena, internal, &row));
	assert_true(row.has_until && row.until.ms == 5);
	assert_true(slice_equal_string(row.alias, "b"));
	assert_int_equal(2, row.ticket.number);
	assert_int_equal(OK,
	    typed_member_end(store, NULL, (struct slice){NULL, 0},
		(struct ticket){2}, internal));
	assert_int_equal(OK, typed_member_get(store, arena, internal, &row));
	assert_false(row.has_until);
	assert_null(row.alias.data);
	assert_int_equal(
	    OK, typed_member_end_now(store, (struct instant){6}, internal));
	assert_int_equal(OK, typed_member_get(store, arena, internal, &row));
	assert_true(row.has_until && row.until.ms == 6);
}

static void
a_row_that_is_not_there_is_left_alone(void **state)
{
	struct typed_member_row row = {.age = 77};

	(void)state;
	assert_int_equal(ERR_NOT_FOUND,
	    typed_member_get(store, arena, (struct internal_number){1}, &row));
	assert_int_equal(77, row.age);
	/* ... and nothing is left open. */
	assert_int_equal(OK, store_commit(store));
}

static void
rows_are_read_one_after_the_other(void **state)
{
	static const char *const names[] = {"b", "c"};
	struct typed_member_row row;
	struct query q;
	size_t n = 0;
	enum err rc;

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK, put(2, "b"));
	assert_int_equal(OK, put(3, "c"));
	typed_members_rows(store, (struct internal_number){2}, &q);
	while ((rc = typed_members_next(&q, &row)) == OK) {
		assert_true(n < 2);
		assert_true(slice_equal_string(row.name, names[n++]));
	}
	assert_int_equal(ERR_NOT_FOUND, rc);
	assert_int_equal(OK, rows_end(rc));
	assert_int_equal(ERR_FULL, rows_end(ERR_FULL));
	assert_int_equal(2, n);
	/* Ended earlier. */
	typed_members_rows(store, (struct internal_number){1}, &q);
	assert_int_equal(OK, typed_members_next(&q, &row));
	query_done(&q);
	assert_int_equal(OK, store_commit(store));
}

static void
changes_are_counted(void **state)
{
	struct typed_member_figures_row figures;

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK, put(2, "b"));
	assert_int_equal(OK, put(3, "c"));
	assert_int_equal(
	    OK, typed_members_older(store, 1, (struct instant){3000}, false));
	assert_int_equal(2, store_changes(store));
	assert_int_equal(OK, typed_member_figures(store, arena, &figures));
	assert_int_equal(
	    OK, typed_members_older(store, 1, (struct instant){3000}, true));
	assert_int_equal(0, store_changes(store));
}

static void
expressions_have_the_types_that_were_said(void **state)
{
	struct typed_member_figures_row figures;

	(void)state;
	assert_int_equal(OK, typed_member_figures(store, arena, &figures));
	assert_int_equal(0, figures.n);
	assert_false(figures.has_oldest || figures.has_at);
	assert_int_equal(OK, put(3, "a"));
	assert_int_equal(OK, typed_member_figures(store, arena, &figures));
	assert_int_equal(1, figures.n);
	assert_true(figures.has_at && figures.at.ms == 3000);
	assert_true(slice_equal_string(figures.word, "a"));
}

static void
what_a_write_returns_is_read_and_the_write_ends(void **state)
{
	struct typed_entry_new_row first, second;
	struct typed_entry_count_row count;

	(void)state;
	assert_int_equal(OK,
	    typed_entry_new(
		store, arena, SLICE("x"), (struct instant){1}, &first));
	assert_int_equal(1, store_changes(store));
	assert_int_equal(OK,
	    typed_entry_new(
		store, arena, SLICE("x"), (struct instant){1}, &second));
	assert_true(second.seq > first.seq);
	assert_true(slice_equal_string(second.number, "x"));
	assert_int_equal(OK, typed_entry_count(store, SLICE("x"), &count));
	assert_int_equal(2, count.n);
	assert_int_equal(OK, store_commit(store));
}

static void
statements_may_share_their_parameters(void **state)
{
	struct typed_entry_new_row new;
	struct typed_entry_by_seq_row row;
	struct typed_entry entry = {.number = SLICE("x")};

	(void)state;
	assert_int_equal(OK,
	    typed_entry_new(
		store, arena, entry.number, (struct instant){9}, &new));
	entry.seq = new.seq;
	assert_int_equal(OK, typed_entry_by_seq(store, &entry, &row));
	assert_true(row.at.ms == 9);
	assert_int_equal(OK, typed_entry_drop(store, &entry));
	assert_int_equal(1, store_changes(store));
	assert_int_equal(
	    ERR_NOT_FOUND, typed_entry_by_seq(store, &entry, &row));
}

static void
a_value_that_is_none_of_its_type_is_corrupt(void **state)
{
	struct internal_number internal = {1};
	struct typed_member_row row;

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK, typed_member_spoil(store, internal));
	assert_int_equal(
	    ERR_CORRUPT, typed_member_get(store, arena, internal, &row));
	assert_non_null(
	    strstr(store_problem(store)->detail, "MEMBER_GET: column linkage"));
	/* The query is over. */
	assert_int_equal(
	    ERR_CORRUPT, typed_member_get(store, arena, internal, &row));
}

static void
the_audit_rule_holds(void **state)
{
	struct typed_member_tell_row told;
	struct typed_entry_new_row entry;

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK,
	    typed_member_tell(
		store, arena, (struct internal_number){1}, &told));
	assert_int_equal(ERR_INTERNAL, store_keep(store));
	store_undo(store);
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(OK,
	    typed_member_tell(
		store, arena, (struct internal_number){1}, &told));
	assert_int_equal(OK,
	    typed_entry_new(
		store, arena, SLICE("x"), (struct instant){1}, &entry));
	assert_int_equal(OK, store_keep(store));
	assert_int_equal(OK, store_commit(store));
}

static void
an_error_of_the_database_comes_out(void **state)
{

	(void)state;
	assert_int_equal(OK, put(1, "a"));
	assert_int_equal(OK, store_mark(store));
	assert_int_equal(ERR_CONFLICT, put(1, "b"));
	assert_null(strstr(store_problem(store)->detail, "12345678901"));
	store_undo(store);
}

/* ---- Programmers' errors ---- */

static void
read_a_row_of_another_statement(void)
{
	struct typed_entry_count_row row;
	struct query q;

	signal(SIGABRT, SIG_DFL); /* cmocka catches it */
	store = open_typed(":memory:");
	typed_members_rows(store, (struct internal_number){1}, &q);
	(void)!typed_entry_count_next(&q, &row);
}

static void
write_without_a_transaction(void)
{
	signal(SIGABRT, SIG_DFL);
	store = open_typed(":memory:");
	(void)!put(1, "a");
}

static void
a_programmers_error_ends_the_process(void **state)
{
	(void)state;
	assert_true(
	    dies(read_a_row_of_another_statement, "row of another statement"));
	assert_true(dies(write_without_a_transaction, "needs a transaction"));
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(every_type_comes_back_as_it_went),
	    TEST(a_member_that_is_left_out_is_null),
	    TEST(a_parameter_is_null_by_its_pointer),
	    TEST(a_row_that_is_not_there_is_left_alone),
	    TEST(rows_are_read_one_after_the_other),
	    TEST(changes_are_counted),
	    TEST(expressions_have_the_types_that_were_said),
	    TEST(what_a_write_returns_is_read_and_the_write_ends),
	    TEST(statements_may_share_their_parameters),
	    TEST(a_value_that_is_none_of_its_type_is_corrupt),
	    TEST(the_audit_rule_holds),
	    TEST(an_error_of_the_database_comes_out),
	    TEST(a_programmers_error_ends_the_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
