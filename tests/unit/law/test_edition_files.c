#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "law/edition_files.h"
#include "tests/support/scratch.h"

static const char *folder;
static struct editions *editions;

static int
begin(void **state)
{
	(void)state;
	folder = scratch_folder();

	return 0;
}

static int
begin_test(void **state)
{
	(void)state;
	editions = editions_new();

	return 0;
}

static int
end_test(void **state)
{
	(void)state;
	editions_free(editions);

	return 0;
}

/* Write one file, read the folder, remove the file. */
static enum err
read_one(const char *name, struct slice content, struct problem *problem)
{
	char path[SCRATCH_PATH_MAX + 64];
	enum err rc;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	assert_int_equal(file_replace(path, content, 0600, NULL), OK);
	rc = editions_read(editions, folder, problem);
	assert_int_equal(unlink(path), 0);

	return rc;
}

static void
an_edition_takes_effect_on_the_day_of_its_name(void **state)
{
	struct slice table = law_text_built_in().provisions;
	const struct edition *edition;

	(void)state;
	assert_int_equal(read_one("2030-04-01.tsv", table, NULL), OK);
	assert_int_equal(editions_count(editions), 1);
	assert_int_equal(
	    editions_on(editions, (struct date){2030, 3, 31}, &edition),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    editions_on(editions, (struct date){2030, 4, 1}, &edition), OK);
}

static void
files_of_other_names_are_passed_over(void **state)
{
	(void)state;
	assert_int_equal(read_one("README", SLICE("no table"), NULL), OK);
	assert_int_equal(
	    read_one("2030-04-01.tsv.old", SLICE("no table"), NULL), OK);
	assert_int_equal(editions_count(editions), 0);
}

static void
a_name_that_is_no_day_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(
	    read_one("2030-04-31.tsv", SLICE(""), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "2030-04-31.tsv"));
}

static void
a_table_that_is_none_is_refused(void **state)
{
	(void)state;
	assert_int_not_equal(
	    read_one("2030-04-01.tsv", SLICE("no table"), NULL), OK);
	assert_int_equal(editions_count(editions), 0);
}

static void
an_edition_of_the_same_day_is_refused(void **state)
{
	struct law_text text = law_text_built_in();

	(void)state;
	assert_int_equal(
	    editions_add(editions, EDITION_BUILT_IN, &text, NULL), OK);
	assert_int_equal(
	    read_one("2024-05-27.tsv", text.provisions, NULL), ERR_CONFLICT);
}

static void
a_folder_that_is_not_there_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(
	    editions_read(editions, "/nonexistent", &problem), ERR_NOT_FOUND);
	assert_non_null(strstr(problem.text, "/nonexistent"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin_test, end_test)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_edition_takes_effect_on_the_day_of_its_name),
	    TEST(files_of_other_names_are_passed_over),
	    TEST(a_name_that_is_no_day_is_refused),
	    TEST(a_table_that_is_none_is_refused),
	    TEST(an_edition_of_the_same_day_is_refused),
	    TEST(a_folder_that_is_not_there_is_refused),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
