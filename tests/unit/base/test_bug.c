#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bug.h"

static void
a_bug_is_there_only_once_it_was_set(void **state)
{
	(void)state;
	assert_false(bug_is(BUG_LAW_SKIPPED));
	bug_set(BUG_LAW_SKIPPED);
	assert_true(bug_is(BUG_LAW_SKIPPED) == bug_is_possible());
	assert_false(bug_is(BUG_PORTAL_CACHE));
	bug_set(BUG_NONE);
	assert_false(bug_is(BUG_LAW_SKIPPED));
}

static void
every_bug_is_found_by_its_name(void **state)
{
	unsigned int i;
	enum bug found;

	(void)state;
	if (!bug_is_possible())
		skip();
	for (i = 0; i < BUG_COUNT; i++) {
		assert_true(bug_find(bug_name((enum bug)i), &found));
		assert_int_equal(found, i);
	}
}

static void
a_name_of_no_bug_is_refused(void **state)
{
	enum bug found = BUG_LAW_SKIPPED;

	(void)state;
	assert_false(bug_find("law", &found));
	assert_int_equal(found, BUG_LAW_SKIPPED);
}

static void
every_setting_begins_an_epoch(void **state)
{
	unsigned int before = bug_epoch();

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_NONE);
	assert_int_equal(bug_epoch(), before + 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bug_is_there_only_once_it_was_set),
	    cmocka_unit_test(every_bug_is_found_by_its_name),
	    cmocka_unit_test(a_name_of_no_bug_is_refused),
	    cmocka_unit_test(every_setting_begins_an_epoch),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
