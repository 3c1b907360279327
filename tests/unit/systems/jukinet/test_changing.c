/* A person's number and code do not change without end: decision 0036. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define YEAR_MS (366 * INT64_C(86400000))
#define PAPER "疎明-2026-17"
#define OFFICER "山田花子"

/* The next request of the municipality for another number; true if it has been
 * given, which is then the person's. */
static bool
has_number(struct simulation *sim, const char *registry, struct somebody *s,
    const char *paper, const char *officer)
{
	static unsigned int serial;
	size_t before = double_count("number.changed");
	const char *number;
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++serial);
	double_say(sim, registry, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "code", s->code, "number",
		s->number, "reason", "漏えい", "request", request, "paper",
		paper, "officer", officer));
	if (double_count("number.changed") == before)
		return false;
	number = json_string_value(
	    json_object_get(double_last("number.changed"), "number"));
	if (number != NULL)
		snprintf(s->number, sizeof(s->number), "%s", number);

	return number != NULL;
}

/* Somebody whose number was changed once. */
static struct somebody
changed_once(struct simulation *sim)
{
	struct somebody s = settle(sim, HERE, HANAKO);

	assert_true(has_number(sim, HERE, &s, "", ""));

	return s;
}

static size_t
answers(void)
{
	return double_count("number.changed");
}

/* --- Numbers -------------------------------------------------------------- */

static void
a_third_number_within_ten_years_needs_papers_and_an_officer(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);

	assert_false(has_number(sim, HERE, &s, "", OFFICER));
	assert_non_null(
	    strstr(double_text("number.changed", "refused"), "`paper`"));
	assert_false(has_number(sim, HERE, &s, PAPER, ""));
	assert_int_equal(answers(), 3);
	assert_int_equal(decide_changes(sim, "allow"), 0);
}

static void
it_waits_for_an_officer_of_jukinets(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);
	char before[13];

	memcpy(before, s.number, sizeof(before));
	assert_false(has_number(sim, HERE, &s, PAPER, OFFICER));
	assert_int_equal(answers(), 1);
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("items", 1), before);
	assert_int_equal(double_progress(sim, SELF, "number_changes_held"), 1);
	assert_int_equal(decide_changes(sim, "allow"), 1);
	assert_int_equal(answers(), 2);
	assert_string_not_equal(
	    double_text("number.changed", "number"), before);
	say_numbering(sim, HERE, &s);
	assert_string_equal(
	    answered("items", 1), double_text("number.changed", "number"));
	/* It is decided once. */
	assert_int_equal(decide_changes(sim, "allow"), 0);
}

static void
an_officer_may_refuse_it(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);

	assert_false(has_number(sim, HERE, &s, PAPER, OFFICER));
	assert_int_equal(decide_changes(sim, "refuse"), 1);
	assert_string_equal(
	    double_text("number.changed", "refused"), "疎明資料を確認した");
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("items", 1), s.number);
}

static void
one_officer_alone_allows_nothing(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);

	assert_false(has_number(sim, HERE, &s, PAPER, OFFICER));
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	json_decref(
	    double_call(sim, SELF, HTTP_POST, "/number-changes/1/decision",
		json_pack("{s:s,s:s}", "decision", "allow", "reason", "漏えい"),
		202));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(answers(), 1);
}

static void
a_repeated_request_waits_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);
	int i;

	for (i = 0; i < 2; i++)
		double_say(sim, HERE, SELF, "number.change",
		    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "code", s.code,
			"number", s.number, "reason", "漏えい", "request",
			REQUEST, "paper", PAPER, "officer", OFFICER));
	assert_int_equal(decide_changes(sim, "allow"), 1);
	assert_int_equal(answers(), 2);
}

/* Between the request and the decision: a death, a move, another change. */
static void
what_happened_meanwhile_counts(void **state)
{
	struct simulation *sim = *state;
	struct somebody dead = changed_once(sim), gone = changed_once(sim),
			twice = changed_once(sim);

	assert_false(has_number(sim, HERE, &dead, PAPER, OFFICER));
	say_update(sim, HERE, "death", &dead);
	assert_int_equal(decide_changes(sim, "allow"), 1);
	assert_string_equal(
	    double_text("number.changed", "refused"), "the person has died");
	assert_false(has_number(sim, HERE, &gone, PAPER, OFFICER));
	tell_notice(sim, HERE, "131041", &gone, gone.number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_true(arrives(sim, THERE, TRANSFER, &gone));
	assert_int_equal(decide_changes(sim, "allow"), 1);
	assert_non_null(strstr(double_text("number.changed", "refused"),
	    "no longer this municipality's"));
	assert_false(has_number(sim, HERE, &twice, PAPER, OFFICER));
	assert_false(has_number(sim, HERE, &twice, PAPER, OFFICER));
	assert_int_equal(decide_changes(sim, "allow"), 2);
	assert_string_equal(double_text("number.changed", "refused"),
	    "the number is not the person's current one");
}

static void
unknown_changes_are_not_decided(void **state)
{
	struct simulation *sim = *state;

	json_decref(
	    double_call(sim, SELF, HTTP_POST, "/number-changes/7/decision",
		json_pack("{s:s,s:s}", "decision", "allow", "reason", "漏えい"),
		404));
	json_decref(double_call(sim, SELF, HTTP_POST,
	    "/number-changes/7/decision",
	    json_pack("{s:s,s:s}", "decision", "perhaps", "reason", "漏えい"),
	    400));
}

static void
without_the_check_numbers_change_at_will(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = changed_once(sim);

	if (!bug_is_possible())
		skip();
	bug_set(BUG_CHANGES_ENDLESS);
	assert_true(has_number(sim, HERE, &s, "", ""));
	assert_true(has_number(sim, HERE, &s, "", ""));
	bug_set(BUG_NONE);
	assert_false(has_number(sim, HERE, &s, "", ""));
}

/* --- Codes ---------------------------------------------------------------- */

/* The municipality gives another code; whether jukinet takes it. */
static bool
takes_code(
    struct simulation *sim, struct somebody *s, const char *paper, bool officer)
{
	int64_t refused = double_refused(sim, HERE);
	struct somebody other = HANAKO;

	get_code(sim, HERE, &other);
	double_say(sim, HERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]],s:s,s:s}", "items", s->code, other.code,
		"paper", paper, "officer", officer ? OFFICER : ""));
	if (double_refused(sim, HERE) > refused)
		return false;
	memcpy(s->code, other.code, sizeof(s->code));

	return true;
}

static void
a_code_changes_once_a_year_without_papers(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	assert_true(takes_code(sim, &s, "", true));
	assert_false(takes_code(sim, &s, "", true));
	assert_false(takes_code(sim, &s, PAPER, false));
	assert_true(takes_code(sim, &s, PAPER, true));
	simulation_leap(sim, YEAR_MS);
	assert_true(takes_code(sim, &s, "", true));
	assert_int_equal(double_count("code.changed"), 3);
}

static void
without_the_check_codes_change_at_will(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	if (!bug_is_possible())
		skip();
	assert_true(takes_code(sim, &s, "", true));
	bug_set(BUG_CHANGES_ENDLESS);
	assert_true(takes_code(sim, &s, "", true));
	bug_set(BUG_NONE);
	assert_false(takes_code(sim, &s, "", true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_third_number_within_ten_years_needs_papers_and_an_officer),
	    TEST(it_waits_for_an_officer_of_jukinets),
	    TEST(an_officer_may_refuse_it),
	    TEST(one_officer_alone_allows_nothing),
	    TEST(a_repeated_request_waits_once),
	    TEST(what_happened_meanwhile_counts),
	    TEST(unknown_changes_are_not_decided),
	    TEST(without_the_check_numbers_change_at_will),
	    TEST(a_code_changes_once_a_year_without_papers),
	    TEST(without_the_check_codes_change_at_will),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
