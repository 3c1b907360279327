/* The audit of an office: what a clerk did, and to whose data. */
#include "tests/support/offices_scheme.h"

#define SEARCH "33333333333333333333333333333333"
#define PERSON "R1"

/* The clerk asks, and waits so many seconds. */
static void
ask(struct simulation *sim, int wait, const char *state)
{
	json_t *reply = double_call(sim, SELF, HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i}", "inquiry", INQUIRY,
		"business_number", PERSON, "affair", "106", "item", "local-tax",
		"provider", "012041", "unit", "児童手当係", "wait", wait),
	    201);

	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), state);
	json_decref(reply);
}

static void
tell_held(struct simulation *sim)
{
	double_tell(sim, RELAY, SELF, "inquiry.held",
	    json_pack("{s:s,s:s}", "inquiry", INQUIRY, "deadline",
		"2026-11-24T08:00:00.000Z"));
}

static void
assert_entries(struct simulation *sim, const char *action, size_t want)
{
	assert_int_equal(double_audited(sim, SELF, action, PERSON), want);
}

static void
a_clerk_who_waits_asks_once(void **state)
{
	struct simulation *sim = *state;

	ask(sim, 7, "waiting");
	assert_entries(sim, "inquiry.ask", 1);
	assert_entries(sim, "inquiry.repeat", 0);
	assert_entries(sim, "inquiry.read", 1);
}

/* The notice of the hold wakes the request, which then waits on. */
static void
a_hold_meanwhile_is_no_repetition(void **state)
{
	struct simulation *sim = *state;

	tell_held(sim);
	ask(sim, 30, "waiting");
	assert_entries(sim, "inquiry.repeat", 0);
	assert_entries(sim, "inquiry.wait", 1);
	assert_entries(sim, "inquiry.read", 1);
}

static void
a_clerk_who_asks_again_repeats(void **state)
{
	struct simulation *sim = *state;

	ask(sim, 0, "waiting");
	ask(sim, 7, "waiting");
	assert_entries(sim, "inquiry.ask", 1);
	assert_entries(sim, "inquiry.repeat", 1);
}

static void
a_hold_names_the_person(void **state)
{
	struct simulation *sim = *state;

	ask(sim, 0, "waiting");
	tell_held(sim);
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_entries(sim, "inquiry.held", 1);
}

static void
a_correction_names_the_person(void **state)
{
	struct simulation *sim = *state;

	ask(sim, 0, "waiting");
	double_say(sim, RELAY, SELF, "inquiry.corrected",
	    json_pack("{s:s,s:s}", "inquiry", INQUIRY, "corrected",
		"2026-11-21T07:00:00.000Z"));
	assert_entries(sim, "inquiry.corrected", 1);
}

static void
a_search_names_the_person(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/searches",
	    json_pack("{s:s,s:s,s:s,s:s}", "search", SEARCH, "business_number",
		PERSON, "affair", "106", "item", "local-tax"),
	    201);
	double_say(sim, RELAY, SELF, "provider.found",
	    json_pack(
		"{s:s,s:[s]}", "search", SEARCH, "organisations", "012041"));
	json_decref(
	    double_call(sim, SELF, HTTP_GET, "/searches/" SEARCH, NULL, 200));
	assert_entries(sim, "provider.found", 1);
	assert_entries(sim, "search.read", 1);
}

static void
the_answer_to_a_mark_names_the_person(void **state)
{
	struct simulation *sim = *state;

	double_post(sim, SELF, "/marks",
	    json_pack("{s:s,s:s,s:s,s:s}", "mark", SEARCH, "business_number",
		PERSON, "kind", "hold", "reason", "protection of a victim"),
	    201);
	double_say(
	    sim, RELAY, SELF, "mark.done", json_pack("{s:s}", "mark", SEARCH));
	assert_entries(sim, "mark.answered", 1);
}

/* A question, with a clerk that somebody types. */
static json_t *
question(const char *clerk)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s*}", "inquiry", INQUIRY,
	    "business_number", PERSON, "affair", "106", "item", "local-tax",
	    "provider", "012041", "unit", "児童手当係", "clerk", clerk);
}

/* The clerk is the holder of the certificate, whatever somebody types. */
static void
a_clerk_is_not_typed(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;

	double_post(sim, SELF, "/inquiries", question("suzuki"), 400);
	assert_int_equal(double_count("inquiry.request"), 0);
	simulation_act_as(sim, SIMULATION_CHIEF, NULL);
	double_post(sim, SELF, "/inquiries", question(NULL), 201);
	assert_string_equal(
	    json_string_value(json_object_get(
		json_object_get(double_last("inquiry.request"), "case"),
		"clerk")),
	    SIMULATION_CHIEF);
	reply =
	    double_call(sim, SELF, HTTP_GET, "/inquiries/" INQUIRY, NULL, 200);
	assert_string_equal(json_string_value(json_object_get(reply, "clerk")),
	    SIMULATION_CHIEF);
	json_decref(reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_clerk_is_not_typed),
	    TEST(a_clerk_who_waits_asks_once),
	    TEST(a_hold_meanwhile_is_no_repetition),
	    TEST(a_clerk_who_asks_again_repeats),
	    TEST(a_hold_names_the_person),
	    TEST(a_correction_names_the_person),
	    TEST(a_search_names_the_person),
	    TEST(the_answer_to_a_mark_names_the_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
