/* The rows, as the ledger tells of them: before a first start. */
#include "components/audit/state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/scratch.h"
#include "tests/unit/host/sample/sample.h"

/* A database whose tables nobody has counted, as after an upgrade. */
static struct store *
open_uncounted(const char *path)
{
	const struct store_options options = {.now = {1790000000000}};
	struct problem problem = {0};
	struct store *store = NULL;

	if (system_open_store(&sample_system, path, &options, &store, &problem))
		fail_msg("%s", problem.text);

	return store;
}

static void
assert_verified(const char *tables, enum err err, const char *text)
{
	const struct state_told told = {
	    .seq = 2, .rows = {slice_of(tables), true}};
	const char *path = scratch_path();
	struct store *store = open_uncounted(path);
	struct problem problem = {0};

	assert_int_equal(state_verify(store, &told, &problem), err);
	if (strstr(problem.text, text) == NULL)
		fail_msg("%s: not %s", problem.text, text);
	store_close(store);
	unlink(path);
}

static void
a_table_that_was_not_counted_yet_is_no_alarm(void **state)
{
	(void)state;
	assert_verified("migrations 1", ERR_CONFLICT,
	    "table certificate: its rows are not counted yet");
}

static void
a_table_that_was_counted_is_one(void **state)
{
	(void)state;
	assert_verified("migrations 1, certificate_holder 0123456789abcdef",
	    ERR_CORRUPT,
	    "table certificate_holder has lost its sum, unlike in "
	    "entry 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_table_that_was_not_counted_yet_is_no_alarm),
	    cmocka_unit_test(a_table_that_was_counted_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
