/* Marks and inquiries that withhold a record (不開示) at two relays. */
#include "law/withholding.h"
#include "tests/support/relay_scheme.h"

#define FEW "contents:protection:2027-03-31"
#define NONE "existence:protection:2027-03-31"

static json_t *
withholding(const char *withheld)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "internal_number", INT2, "kind",
	    "undisclosed", "reason", "protection of a victim", "withheld",
	    withheld);
}

static void
withhold(struct simulation *sim, const char *withheld)
{
	json_decref(double_call(
	    sim, OTHER, HTTP_POST, "/marks", withholding(withheld), 200));
}

/* Both records say so of the answer and of the inquiry. */
static void
assert_withheld(struct simulation *sim, const char *answer, const char *inquiry)
{
	static const char *const sides[][2] = {
	    {SELF, "/records?internal_number=" PERSON_INT},
	    {OTHER, "/records?internal_number=" INT2}};
	json_t *reply, *row;
	size_t i;

	for (i = 0; i < 2; i++) {
		reply = double_call(
		    sim, sides[i][0], HTTP_GET, sides[i][1], NULL, 200);
		row = json_array_get(json_object_get(reply, "records"), 0);
		assert_string_equal(
		    json_string_value(json_object_get(row, "withheld_answer")),
		    answer);
		assert_string_equal(
		    json_string_value(json_object_get(row, "withheld_inquiry")),
		    inquiry);
		json_decref(reply);
	}
}

static void
a_mark_withholds_the_answer_on_both_sides_and_says_by_whom(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	withhold(sim, FEW);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(double_text("provision.report", "withheld"), FEW);
	assert_string_equal(
	    double_text("provision.report", "officer"), SIMULATION_CLERK);
	assert_null(json_object_get(double_last("provision.report"), "second"));
	assert_withheld(sim, FEW, "");
}

static void
existence_is_withheld_by_two(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	json_decref(double_call(
	    sim, OTHER, HTTP_POST, "/marks", withholding(NONE), 202));
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	withhold(sim, NONE);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(double_text("provision.report", "withheld"), NONE);
	assert_string_equal(
	    double_text("provision.report", "officer"), SIMULATION_CLERK);
	assert_string_equal(
	    double_text("provision.report", "second"), SIMULATION_CHIEF);
}

static void
a_mark_withholds_nothing_after_its_last_day(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	withhold(sim, "contents:protection:2026-11-21");
	simulation_run(sim, 24 * 3600ll * 1000);
	ask(sim);
	issue(sim, issued(sim));
	assert_null(
	    json_object_get(double_last("provision.report"), "withheld"));
}

static void
a_mark_needs_a_ground_of_the_table(void **state)
{
	static const char *const wrong[] = {"contents:audit:2027-03-31",
	    "contents:protection:2027-11-30", "contents:protection:2026-11-20",
	    "existence:before-2026:2027-03-31"};
	struct simulation *sim = *state;
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		json_decref(double_call(sim, OTHER, HTTP_POST, "/marks",
		    withholding(wrong[i]), 403));
	json_decref(
	    double_call(sim, OTHER, HTTP_POST, "/marks", withholding(""), 400));
	json_decref(double_call(
	    sim, OTHER, HTTP_POST, "/marks/remove", withholding(FEW), 400));
}

static json_t *
asked_as(const char *withheld)
{
	json_t *body = asked();

	json_put_text(body, "withheld", slice_of(withheld));
	json_put_text(json_object_get(body, "case"), "second", SLICE("chief"));

	return body;
}

static void
a_withheld_inquiry_is_withheld_on_both_sides(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", asked_as(NONE));
	assert_non_null(strstr(double_text("inquiry.request", "question"),
	    "\"withheld\":\"" NONE "\""));
	assert_string_equal(double_text("inquiry.request", "second"), "chief");
	issue(sim, issued(sim));
	assert_withheld(sim, "", NONE);
}

/* --- For longer --------------------------------------------------------- */

static json_t *
longer(const char *side, const char *until)
{
	return json_pack("{s:s,s:s,s:s}", "side", side, "ground", "protection",
	    "until", until);
}

static void
an_inquiry_is_withheld_for_longer_by_two(void **state)
{
	const char *path = "/records/" INQUIRY "/withholding";
	struct simulation *sim = *state;

	acquire(sim);
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", asked_as(FEW));
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	json_decref(double_call(
	    sim, SELF, HTTP_POST, path, longer("inquirer", "2027-06-30"), 202));
	assert_int_equal(double_count("record.withheld"), 0);
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
	json_decref(double_call(
	    sim, SELF, HTTP_POST, path, longer("inquirer", "2027-06-30"), 200));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	double_said("record.withheld",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "side", "inquirer", "record",
		INQUIRY, "ground", "protection", "until", "2027-06-30",
		"officer", SIMULATION_CLERK, "second", SIMULATION_CHIEF));
	/* Neither for less, nor for too long, nor what is not withheld. */
	json_decref(double_call(
	    sim, SELF, HTTP_POST, path, longer("inquirer", "2027-06-29"), 409));
	json_decref(double_call(
	    sim, SELF, HTTP_POST, path, longer("inquirer", "2027-11-30"), 403));
	json_decref(double_call(
	    sim, SELF, HTTP_POST, path, longer("provider", "2027-07-30"), 404));
}

static void
what_has_ended_is_not_withheld_again(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_say(sim, ADDRESSEE, SELF, "inquiry.request",
	    asked_as("contents:protection:2026-11-21"));
	simulation_run(sim, 24 * 3600ll * 1000);
	json_decref(double_call(sim, SELF, HTTP_POST,
	    "/records/" INQUIRY "/withholding",
	    longer("inquirer", "2027-06-30"), 409));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_mark_withholds_the_answer_on_both_sides_and_says_by_whom),
	    TEST(existence_is_withheld_by_two),
	    TEST(a_mark_withholds_nothing_after_its_last_day),
	    TEST(a_mark_needs_a_ground_of_the_table),
	    TEST(a_withheld_inquiry_is_withheld_on_both_sides),
	    TEST(an_inquiry_is_withheld_for_longer_by_two),
	    TEST(what_has_ended_is_not_withheld_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
