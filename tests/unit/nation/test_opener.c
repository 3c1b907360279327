/* The process that opens a few files for a system in its sandbox. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "nation/opener.h"
#include "tests/support/scratch.h"

static void
put(const char *path, const char *text)
{
	struct problem problem = {0};

	assert_int_equal(
	    file_replace(path, slice_of(text), 0600, &problem), OK);
}

static void
assert_reads(const char *path, const char *expected)
{
	struct problem problem = {0};
	struct buf text;

	buf_init(&text);
	assert_int_equal(file_read(path, 100, &text, &problem), OK);
	assert_string_equal(text.data, expected);
	buf_done(&text);
}

/* It has the folder that the process had when it began: what it is asked for is
 * opened there, and all else here. */
static void
it_opens_the_files_of_its_list_and_no_others(void **state)
{
	static const char *const names[] = {"a", "b"};
	struct problem problem = {0};

	(void)state;
	assert_int_equal(chdir(scratch_folder()), 0);
	put("a", "a there");
	put("c", "c there");
	assert_int_equal(opener_start(names, 2, &problem), OK);
	assert_int_equal(chdir(scratch_folder()), 0);
	put("a", "a here");
	put("c", "c here");
	assert_reads("a", "a there");
	assert_reads("c", "c here");
	assert_reads("a", "a there");
	opener_stop();
	assert_reads("a", "a here");
}

static void
a_file_that_was_replaced_is_opened_anew(void **state)
{
	static const char *const names[] = {"a"};
	struct problem problem = {0};

	(void)state;
	assert_int_equal(chdir(scratch_folder()), 0);
	put("a", "old");
	assert_int_equal(opener_start(names, 1, &problem), OK);
	assert_reads("a", "old");
	put("a", "new");
	assert_reads("a", "new");
	opener_stop();
}

static void
a_file_that_is_missing_is_an_error_like_any_other(void **state)
{
	static const char *const names[] = {"none"};
	struct problem problem = {0};
	struct buf text;

	(void)state;
	buf_init(&text);
	assert_int_equal(opener_start(names, 1, &problem), OK);
	assert_int_equal(
	    file_read("none", 100, &text, &problem), ERR_NOT_FOUND);
	assert_string_equal(
	    problem.text, "cannot open none: No such file or directory");
	opener_stop();
	opener_stop();
	buf_done(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_opens_the_files_of_its_list_and_no_others),
	    cmocka_unit_test(a_file_that_was_replaced_is_opened_anew),
	    cmocka_unit_test(a_file_that_is_missing_is_an_error_like_any_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
