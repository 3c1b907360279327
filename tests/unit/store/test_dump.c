#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/dump.h"

static void
every_value_is_there_as_what_it_is(void **state)
{
	char file[] = "/tmp/bango-dump-XXXXXX";
	int fd = mkstemp(file);
	struct problem problem = {0};
	sqlite3 *db = NULL;
	json_t *dump, *want;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(db,
		"CREATE TABLE a (i INTEGER, t TEXT, b BLOB, n TEXT) STRICT;"
		"INSERT INTO a VALUES (7, 'seven', x'07ff', NULL)",
		NULL, NULL, NULL),
	    SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_dump(file, &dump, &problem), OK);
	want = json_pack("{s:[{s:i,s:s,s:s,s:n}]}", "a", "i", 7, "t", "seven",
	    "b", "07ff", "n");
	assert_true(json_equal(dump, want));
	json_decref(dump);
	json_decref(want);
	unlink(file);
}

static void
what_is_no_database_is_refused(void **state)
{
	char file[] = "/tmp/bango-dump-XXXXXX";
	int fd = mkstemp(file);
	struct problem problem = {0};
	json_t *dump = NULL;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "This is no database at all.", 27), 27);
	close(fd);
	assert_int_equal(store_dump(file, &dump, &problem), ERR_CORRUPT);
	assert_null(dump);
	unlink(file);
	assert_int_equal(
	    store_dump("/nowhere/at/all", &dump, &problem), ERR_IO);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_value_is_there_as_what_it_is),
	    cmocka_unit_test(what_is_no_database_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
