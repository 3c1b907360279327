/* Searches, between the offices and the network. */
#include "tests/support/relay_scheme.h"

#define SEARCH "55555555555555555555555555555555"

static void
search(struct simulation *sim)
{
	double_say(sim, ADDRESSEE, SELF, "provider.search",
	    double_matter(json_pack("{s:s,s:s,s:s,s:s}", "search", SEARCH,
		"internal_number", PERSON_INT, "affair", "106", "item",
		"local-tax")));
}

static void
a_search_goes_on_with_our_code_and_what_is_found_to_the_offices(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	search(sim);
	assert_string_equal(double_text("provider.search", "code"), LC);
	assert_null(
	    json_object_get(double_last("provider.search"), "internal_number"));
	double_say(sim, NETWORK, SELF, "provider.found",
	    json_pack(
		"{s:s,s:[s]}", "search", SEARCH, "organisations", "012041"));
	assert_string_equal(double_text("provider.found", "search"), SEARCH);
	assert_int_equal(double_refused(sim, SELF), 0);
}

static void
a_search_for_whom_we_have_no_code_is_answered_at_once(void **state)
{
	struct simulation *sim = *state;

	search(sim);
	assert_int_equal(double_count("provider.search"), 0);
	assert_string_equal(
	    double_text("provider.found", "reason"), "not-acquired");
}

static void
a_search_that_the_network_does_not_take_is_answered(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_refuses = "provider.search";
	search(sim);
	assert_string_equal(
	    double_text("provider.found", "reason"), "message-refused");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(
		a_search_goes_on_with_our_code_and_what_is_found_to_the_offices),
	    TEST(a_search_for_whom_we_have_no_code_is_answered_at_once),
	    TEST(a_search_that_the_network_does_not_take_is_answered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
