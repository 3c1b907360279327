/*
 * Databases for a new nation: made where there is none, taken where they are
 * empty, refused where they are somebody's.
 */
#include "tests/contract/database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/scratch.h"

static char *locations[2];

static const char *
server(void)
{
	return getenv("BANGO_TEST_POSTGRESQL");
}

static void
drop_all(void)
{
	database_psql("DROP DATABASE IF EXISTS bango_a");
	database_psql("DROP DATABASE IF EXISTS \"bango_'\"\"b\"");
}

/* Two locations on the server, of which the second has an awkward name. */
static int
setup(void **state)
{
	static const char *const names[] = {"bango_a", "bango_'\"b"};
	struct buf location;
	size_t i;

	(void)state;
	if (!database_is_postgresql())
		return 0;
	drop_all();
	buf_init(&location);
	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    OK, store_locate(server(), names[i], &location, NULL));
		locations[i] = strdup(location.data);
	}
	buf_done(&location);
	return 0;
}

static int
teardown(void **state)
{
	size_t i;

	(void)state;
	if (!database_is_postgresql())
		return 0;
	drop_all();
	for (i = 0; i < 2; i++)
		free(locations[i]);
	return 0;
}

/* The same location in another role; frees it. */
static char *
as_poor(char *location)
{
	struct buf text;
	char *poor;

	buf_init(&text);
	buf_printf(&text, "%s user=poor", location);
	poor = strdup(text.data);
	buf_done(&text);
	free(location);
	return poor;
}

static enum err
open_at(const char *location, struct problem *problem)
{
	struct store_options options = database_options();
	struct store *store = NULL;
	enum err err = store_open(location, database_schemas, DATABASE_SCHEMAS,
	    &options, &store, problem);

	store_close(store);
	return err;
}

static void
a_file_is_made_when_it_is_opened(void **state)
{
	char *path = strdup(scratch_path()), *paths[] = {path};
	struct problem problem;
	struct buf location;

	(void)state;
	assert_int_equal(OK, store_create(path, "sqlite", &problem));
	assert_int_equal(OK, store_claim(paths, 1, "a test", &problem));
	assert_int_not_equal(0, access(path, F_OK));
	assert_int_equal(OK, store_claim(NULL, 0, "a test", &problem));
	buf_init(&location);
	assert_int_equal(
	    ERR_INPUT, store_locate("sqlite", "bango_a", &location, &problem));
	buf_done(&location);
	free(path);
}

static void
a_location_has_the_name_in_it_and_the_rest_as_it_was(void **state)
{
	static const struct {
		const char *server;
		const char *location;
	} rows[] = {
	    {"postgresql:", "postgresql:dbname='it\\'s'"},
	    {"postgresql:host=h dbname=x user='a b'",
		"postgresql:user='a b' host='h' dbname='it\\'s'"},
	    {"postgresql://u@h:99/x?sslmode=require",
		"postgresql:user='u' host='h' port='99' sslmode='require' "
		"dbname='it\\'s'"},
	};
	struct buf location;
	struct problem problem;
	size_t i;

	(void)state;
	buf_init(&location);
	for (i = 0; i < 3; i++) {
		assert_int_equal(OK,
		    store_locate(rows[i].server, "it's", &location, &problem));
		assert_string_equal(rows[i].location, location.data);
	}
	assert_int_equal(ERR_INPUT,
	    store_locate("postgresql:host", "x", &location, &problem));
	assert_non_null(strstr(
	    problem.text, "does not understand the location: missing \"=\""));
	buf_done(&location);
}

static void
what_is_missing_is_made_and_can_be_opened(void **state)
{
	struct problem problem;
	size_t i;

	(void)state;
	if (!database_is_postgresql())
		skip();
	for (i = 0; i < 2; i++) {
		assert_int_equal(
		    ERR_UNREACHABLE, open_at(locations[i], &problem));
		assert_int_equal(
		    OK, store_create(locations[i], server(), &problem));
	}
	assert_int_equal(OK, store_claim(locations, 2, "us", &problem));
	for (i = 0; i < 2; i++)
		assert_int_equal(OK, open_at(locations[i], &problem));
}

static void
what_was_made_and_not_claimed_is_taken_again(void **state)
{
	struct problem problem;

	(void)state;
	if (!database_is_postgresql())
		skip();
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
	database_psql("DROP DATABASE bango_a");
	database_psql("CREATE DATABASE bango_a");
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
}

static void
what_is_claimed_or_in_use_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	if (!database_is_postgresql())
		skip();
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
	assert_int_equal(OK, store_claim(locations, 1, "Utopia", &problem));
	assert_int_equal(
	    ERR_CONFLICT, store_create(locations[0], server(), &problem));
	assert_non_null(strstr(problem.text, "bango_a is taken by Utopia"));
	assert_non_null(strstr(problem.text, "dropdb -h "));

	assert_int_equal(OK, open_at(locations[0], &problem));
	database_psql("COMMENT ON DATABASE bango_a IS NULL");
	assert_int_equal(
	    ERR_CONFLICT, store_create(locations[0], server(), &problem));
	assert_non_null(strstr(problem.text, "there are tables in it"));
}

static void
all_are_claimed_or_none(void **state)
{
	struct problem problem;

	(void)state;
	if (!database_is_postgresql())
		skip();
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
	assert_int_equal(OK, store_create(locations[1], server(), &problem));
	database_psql("DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN;"
		      "ALTER DATABASE bango_a OWNER TO poor");
	locations[0] = as_poor(locations[0]);
	assert_int_equal(ERR_IO, store_claim(locations, 2, "us", &problem));
	assert_int_equal(OK, store_create(locations[0], server(), &problem));
	drop_all();
	database_psql("DROP ROLE poor");
}

static void
a_database_of_another_encoding_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	if (!database_is_postgresql())
		skip();
	database_psql("CREATE DATABASE bango_a TEMPLATE template0 "
		      "ENCODING 'EUC_JP' LC_COLLATE 'C' LC_CTYPE 'C'");
	assert_int_equal(
	    ERR_CONFLICT, store_create(locations[0], server(), &problem));
	assert_non_null(strstr(problem.text, "UTF8"));
}

static void
who_has_no_right_is_told_what_to_do(void **state)
{
	struct problem problem;
	struct buf poor, location;

	(void)state;
	if (!database_is_postgresql())
		skip();
	database_psql("DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN");
	buf_init(&poor);
	buf_init(&location);
	buf_printf(&poor, "%s user=poor", server());
	assert_int_equal(
	    OK, store_locate(poor.data, "bango_a", &location, &problem));
	assert_int_equal(
	    ERR_DENIED, store_create(location.data, poor.data, &problem));
	assert_non_null(strstr(problem.text, "createdb -h "));
	assert_non_null(
	    strstr(problem.text, "-O poor -E UTF8 -T template0 bango_a"));

	database_psql("CREATE DATABASE bango_a");
	assert_int_equal(
	    ERR_DENIED, store_create(location.data, poor.data, &problem));
	assert_non_null(strstr(problem.text, "OWNER TO poor"));
	database_psql("ALTER DATABASE bango_a OWNER TO poor");
	assert_int_equal(OK, store_create(location.data, poor.data, &problem));
	buf_done(&poor);
	buf_done(&location);
	drop_all();
	database_psql("DROP ROLE poor");
}

static void
a_server_that_is_not_there_is_unreachable(void **state)
{
	char nowhere[] = "postgresql:host=/nonexistent dbname=x",
	     *all[] = {nowhere};
	struct problem problem;

	(void)state;
	assert_int_equal(ERR_UNREACHABLE,
	    store_create(nowhere, "postgresql:host=/nonexistent", &problem));
	assert_int_equal(ERR_UNREACHABLE, store_claim(all, 1, "us", &problem));
	assert_int_equal(ERR_UNREACHABLE,
	    store_create(nowhere, "postgresql:host=/nonexistent", NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_file_is_made_when_it_is_opened),
	    TEST(a_location_has_the_name_in_it_and_the_rest_as_it_was),
	    TEST(what_is_missing_is_made_and_can_be_opened),
	    TEST(what_was_made_and_not_claimed_is_taken_again),
	    TEST(what_is_claimed_or_in_use_is_refused),
	    TEST(all_are_claimed_or_none),
	    TEST(a_database_of_another_encoding_is_refused),
	    TEST(who_has_no_right_is_told_what_to_do),
	    TEST(a_server_that_is_not_there_is_unreachable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
