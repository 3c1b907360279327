/* Inquiries of which the existence is withheld: two officers ask. */
#include "base/bug.h"
#include "tests/support/offices_scheme.h"

static json_t *
of_existence(void)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", INQUIRY,
	    "business_number", "R1", "affair", "106", "item", "local-tax",
	    "provider", "012041", "unit", "児童手当係", "withheld",
	    "existence:protection:2027-03-31");
}

static json_t *
case_told(void)
{
	return json_object_get(double_last("inquiry.request"), "case");
}

static void
the_existence_of_an_inquiry_is_withheld_by_two(void **state)
{
	struct simulation *sim = *state;

	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	double_post(sim, SELF, "/inquiries", of_existence(), 202);
	assert_int_equal(double_count("inquiry.request"), 0);
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	double_post(sim, SELF, "/inquiries", of_existence(), 201);
	assert_string_equal(
	    json_string_value(json_object_get(case_told(), "second")),
	    SIMULATION_CHIEF);
}

static void
with_the_bug_one_officer_is_enough(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_EXISTENCE_BY_ONE);
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	double_post(sim, SELF, "/inquiries", of_existence(), 201);
	assert_null(json_object_get(case_told(), "second"));
	bug_set(BUG_NONE);
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_existence_of_an_inquiry_is_withheld_by_two),
	    TEST(with_the_bug_one_officer_is_enough),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
