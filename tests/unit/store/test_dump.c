#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/file.h"
#include "store/dump.h"
#include "tests/support/scratch.h"

static void
every_value_is_there_as_what_it_is(void **state)
{
	const char *file = scratch_path();
	struct problem problem = {0};
	sqlite3 *db = NULL;
	json_t *dump, *want;

	(void)state;
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
}

static void
what_is_no_database_is_refused(void **state)
{
	const char *file = scratch_path();
	struct problem problem = {0};
	json_t *dump = NULL;

	(void)state;
	assert_int_equal(
	    file_replace(
		file, SLICE("This is no database at all."), 0600, &problem),
	    OK);
	assert_int_equal(store_dump(file, &dump, &problem), ERR_CORRUPT);
	assert_null(dump);
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
