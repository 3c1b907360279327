/* Marks as an office orders them: 自動応答不可, 不開示. */
#include "tests/support/offices_scheme.h"

#define MARK "44444444444444444444444444444444"

static json_t *
mark(const char *kind)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "mark", MARK, "business_number",
	    "R1", "kind", kind, "reason", "a shelter");
}

static void
assert_marked(struct simulation *sim, const char *want)
{
	json_t *reply = double_call(
	    sim, SELF, HTTP_GET, "/marks/" MARK "?wait=1", NULL, 200);

	assert_string_equal(
	    json_string_value(json_object_get(reply, "state")), want);
	assert_null(json_object_get(reply, "reason"));
	json_decref(reply);
}

static void
a_mark_is_ordered_once_and_done(void **state)
{
	struct simulation *sim = *state;
	json_t *other = mark("hold");

	double_post(sim, SELF, "/marks", mark("hold"), 201);
	double_post(sim, SELF, "/marks", mark("hold"), 201);
	assert_int_equal(double_count("mark.put"), 1);
	double_said("mark.put",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "mark", MARK,
		"business_number", "R1", "kind", "hold", "change", "set",
		"reason", "a shelter", "officer",
		double_text("mark.put", "officer"), "at",
		double_text("mark.put", "at")));
	assert_marked(sim, "ordered");
	double_say(
	    sim, RELAY, SELF, "mark.done", json_pack("{s:s}", "mark", MARK));
	assert_marked(sim, "done");
	/* Another order needs another id. */
	json_put_text(other, "change", SLICE("remove"));
	double_post(sim, SELF, "/marks", other, 409);
	other = mark("hold");
	json_put_text(other, "reason", SLICE("another"));
	double_post(sim, SELF, "/marks", other, 409);
	assert_int_equal(double_count("mark.put"), 1);
}

static void
a_mark_of_nobody_is_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *body = mark("undisclosed");

	double_post(sim, SELF, "/marks", mark("burn"), 400);
	double_post(sim, SELF, "/marks", mark("undisclosed"), 400);
	json_put_text(body, "withheld", SLICE("contents:audit:2027-03-31"));
	double_post(sim, SELF, "/marks", json_deep_copy(body), 403);
	json_put_text(
	    body, "withheld", SLICE("contents:protection:2027-03-31"));
	double_post(sim, SELF, "/marks", body, 201);
	assert_string_equal(double_text("mark.put", "withheld"),
	    "contents:protection:2027-03-31");
	double_say(sim, ADDRESSEE, SELF, "mark.refused",
	    json_pack("{s:s,s:s}", "mark", MARK, "reason", "unknown-person"));
	assert_marked(sim, "refused");
	json_decref(double_call(sim, SELF, HTTP_GET,
	    "/marks/99999999999999999999999999999999", NULL, 404));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_mark_is_ordered_once_and_done),
	    TEST(a_mark_of_nobody_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
