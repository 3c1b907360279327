#include "nation/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
assert_told(int status, const char *body, enum err err, const char *text)
{
	struct problem problem = {0};

	assert_int_equal(
	    nation_refusal("131041/relay", status, slice_of(body), &problem),
	    err);
	assert_int_equal(problem.err, err);
	assert_string_equal(problem.text, text);
}

static void
a_refusal_is_told_in_the_systems_own_words(void **state)
{
	(void)state;
	assert_told(507,
	    "{\"status\":507,\"error\":\"full\",\"detail\":\"the disk is full: "
	    "make room on it and try again\"}",
	    ERR_FULL,
	    "131041/relay: the disk is full: make room on it and try again");
	assert_told(403, "{\"detail\":\"not yours\"}", ERR_DENIED,
	    "131041/relay: not yours");
	assert_told(404, "{\"detail\":\"no such path\"}", ERR_NOT_FOUND,
	    "131041/relay: no such path");
}

static void
without_words_the_status_is_told(void **state)
{
	static const char *const bodies[] = {
	    "", "<html>", "[1]", "{}", "{\"detail\":1}", "{\"detail\":\"\"}"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_told(507, bodies[i], ERR_FULL,
		    "131041/relay answered with status 507");
	assert_told(
	    302, "", ERR_UNREACHABLE, "131041/relay answered with status 302");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_refusal_is_told_in_the_systems_own_words),
	    cmocka_unit_test(without_words_the_status_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
