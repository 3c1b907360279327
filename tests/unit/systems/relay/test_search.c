/* Searches, between the offices and the network. */
#include "base/bug.h"
#include "tests/support/relay_scheme.h"

#define SEARCH "55555555555555555555555555555555"

static void
search_under(struct simulation *sim, const char *search, const char *item)
{
	double_say(sim, ADDRESSEE, SELF, "provider.search",
	    double_matter(json_pack("{s:s,s:s,s:s,s:s}", "search", search,
		"internal_number", PERSON_INT, "affair", "106", "item", item)));
}

static void
search(struct simulation *sim)
{
	search_under(sim, SEARCH, "local-tax");
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

/* --- The case ------------------------------------------------------------- */

static void
search_often(struct simulation *sim, unsigned int first, unsigned int n)
{
	char id[33];
	unsigned int i;

	for (i = first; i < first + n; i++) {
		snprintf(id, sizeof(id), "%032x", i);
		search_under(sim, id, "local-tax");
	}
}

static void
searches_count_among_the_forty_inquiries_of_a_case(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	search_often(sim, 1, 40);
	/* A repetition is none more. */
	search_often(sim, 40, 1);
	assert_int_equal(double_count("provider.found"), 0);
	search_often(sim, 41, 1);
	assert_string_equal(
	    double_text("provider.found", "reason"), "case-often");
	ask(sim);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "case-often");
	/* After 30 days the case is asked for anew. */
	simulation_run(sim, 31 * INT64_C(86400000));
	search_often(sim, 100, 1);
	assert_int_equal(double_count("provider.found"), 1);
}

static void
without_the_check_searches_go_on(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	acquire(sim);
	bug_set(BUG_CASE_UNCHECKED);
	search_often(sim, 1, 42);
	bug_set(BUG_NONE);
	assert_int_equal(double_count("provider.found"), 0);
}

static void
an_id_stands_for_one_search(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	search(sim);
	search_under(sim, SEARCH, "resident-record");
	assert_int_equal(double_refused(sim, ADDRESSEE), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(
		a_search_goes_on_with_our_code_and_what_is_found_to_the_offices),
	    TEST(a_search_for_whom_we_have_no_code_is_answered_at_once),
	    TEST(a_search_that_the_network_does_not_take_is_answered),
	    TEST(searches_count_among_the_forty_inquiries_of_a_case),
	    TEST(without_the_check_searches_go_on),
	    TEST(an_id_stands_for_one_search),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
