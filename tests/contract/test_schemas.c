/*
 * Every statement of every component is accepted by the database it is for:
 * the build has shown it for SQLite, this shows it for PostgreSQL too.  And
 * rows of an earlier day are there after a migration that moves them.
 */
#include "addressee_statements.h"
#include "host_statements.h"
#include "jukinet_statements.h"
#include "network_statements.h"
#include "offices_statements.h"
#include "portal_statements.h"
#include "registry_statements.h"
#include "relay_statements.h"
#include "tests/contract/database.h"

/* One database each; a new component gets a row here. */
static const struct {
	const struct schema *schemas[2]; /* in the order of their statements */
	unsigned int n;
} databases[] = {
    {{&sample_schema, &extra_schema}, 2},
    {{&host_schema}, 1},
    {{&registry_schema}, 1},
    {{&jukinet_schema}, 1},
    {{&addressee_schema}, 1},
    {{&relay_schema}, 1},
    {{&network_schema}, 1},
    {{&offices_schema}, 1},
    {{&portal_schema}, 1},
};
#define N_DATABASES (sizeof(databases) / sizeof(databases[0]))

static void
check_database(const struct schema *const *schemas, unsigned int n)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	struct problem problem;
	enum err err;

	err = store_open(
	    database_location(), schemas, n, &options, &store, &problem);
	if (err != OK)
		fail_msg("%s: %s (%s)", schemas[n - 1]->name, problem.text,
		    problem.detail);
	if (store_prepare_all(store) != OK)
		fail_msg("%s: %s (%s)", schemas[n - 1]->name,
		    store_problem(store)->text, store_problem(store)->detail);
	store_close(store);
}

static void
every_statement_is_accepted(void **state)
{
	size_t i;

	for (i = 0; i < N_DATABASES; i++) {
		database_setup(state);
		check_database(databases[i].schemas, databases[i].n);
		database_teardown(state);
	}
}

static void
a_statement_that_only_one_database_knows_is_found(void **state)
{
	/* Valid nowhere: what a schema of another time would lead to. */
	static const struct statement bad = {.name = "BAD",
	    .sqlite = "SELECT a FROM x",
	    .postgresql = "SELECT a"};
	static const struct schema schema = {
	    .name = "bad", .statements = &bad, .n_statements = 1};
	const struct schema *const schemas[] = {&schema};
	struct store_options options = database_options();
	struct store *store;

	database_setup(state);
	assert_int_equal(OK,
	    store_open(
		database_location(), schemas, 1, &options, &store, NULL));
	assert_int_equal(ERR_INTERNAL, store_prepare_all(store));
	store_close(store);
	database_teardown(state);
}

/* --- The network's records, which migration 5 lays together --------------- */

#define BEFORE_TOGETHER 4
#define PERSON_HEX "000102030405060708090a0b0c0d0e0f"

/* Two of one person, one of nobody in between. */
#define OLD_RECORDS(person)                                                    \
	"INSERT INTO record (record, person, inquirer, inquiry, affair, item," \
	" provider, unit, article, requested, expires, outcome, reason,"       \
	" hidden, corrected, correction) VALUES"                               \
	" ('old', " person ", 'a', 'i1', '1', 'x', 'b', 'u', 'art', 10, 90,"   \
	" 'permitted', '', 0, NULL, ''),"                                      \
	" ('nobody', NULL, 'a', 'i3', '1', 'x', 'b', 'u', 'art', 15, NULL,"    \
	" 'refused', 'no-code', 0, NULL, ''),"                                 \
	" ('new', " person ", 'a', 'i2', '1', 'x', 'b', 'u', 'art', 20, 90,"   \
	" 'provided', '', 0, 30, 'c')"

static const struct statement old_records = {.name = "OLD_RECORDS",
    .sqlite = OLD_RECORDS("X'" PERSON_HEX "'"),
    .postgresql = OLD_RECORDS("'\\x" PERSON_HEX "'::bytea"),
    .writes = true};

static struct store *
network_store(const struct schema *schema)
{
	struct store_options options = database_options();
	struct problem problem = {0};
	struct store *store = NULL;

	if (store_open(
		database_location(), &schema, 1, &options, &store, &problem))
		fail_msg("%s (%s)", problem.text, problem.detail);

	return store;
}

/* Statements of the network begin where the host's end. */
static int
network_statement(int statement)
{
	return statement - (int)host_schema.n_statements;
}

static void
write_old_records(void)
{
	struct schema old = network_schema;
	struct store *store;
	struct query q;

	old.n_migrations = BEFORE_TOGETHER;
	old.statements = &old_records;
	old.n_statements = 1;
	store = network_store(&old);
	assert_int_equal(OK, store_begin(store));
	store_query(store, 0, &q);
	assert_int_equal(OK, query_run(&q));
	assert_int_equal(OK, store_commit(store));
	store_close(store);
}

static void
assert_newest_first(struct store *store)
{
	uint8_t person[16];
	struct query q;
	uint8_t i;

	for (i = 0; i < sizeof(person); i++)
		person[i] = i;
	store_query(store, network_statement(NETWORK_RECORDS_OF_PERSON), &q);
	query_blob(&q, "person", slice_bytes(person, sizeof(person)));
	query_int(&q, "limit", 9);
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "record"), "new"));
	assert_true(slice_equal_string(column_text(&q, "correction"), "c"));
	assert_int_equal(OK, query_step(&q));
	assert_true(slice_equal_string(column_text(&q, "record"), "old"));
	assert_int_equal(column_int(&q, "requested"), 10);
	assert_int_equal(ERR_NOT_FOUND, query_step(&q));
	query_done(&q);
}

static void
assert_of_nobody(struct store *store, const char *record)
{
	struct query q;

	store_query(store, network_statement(NETWORK_RECORD_FIND), &q);
	query_text(&q, "record", slice_of(record));
	assert_int_equal(OK, query_step(&q));
	assert_int_equal(column_blob(&q, "person").len, 0);
	assert_true(slice_equal_string(column_text(&q, "outcome"), "refused"));
	query_done(&q);
}

static void
records_of_an_earlier_day_are_kept_in_their_order(void **state)
{
	struct store *store;

	database_setup(state);
	write_old_records();
	store = network_store(&network_schema);
	assert_int_equal(OK, store_begin(store));
	assert_newest_first(store);
	assert_of_nobody(store, "nobody");
	store_rollback(store);
	store_close(store);
	database_teardown(state);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_is_accepted),
	    cmocka_unit_test(records_of_an_earlier_day_are_kept_in_their_order),
	    cmocka_unit_test(a_statement_that_only_one_database_knows_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
