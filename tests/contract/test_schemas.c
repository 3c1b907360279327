/*
 * Every statement of every component is accepted by the database it is for:
 * the build has shown it for SQLite, this shows it for PostgreSQL too.
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_statement_is_accepted),
	    cmocka_unit_test(a_statement_that_only_one_database_knows_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
