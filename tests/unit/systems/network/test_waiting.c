/* Inquiries past the network's budgets: an officer decides about them. */
#include "base/bug.h"
#include "tests/support/network_scheme.h"

#define EACH 20       /* inquiries about one person in 30 days */
#define EACH_DAY 1000 /* inquiries of a small organisation */
#define PEOPLE (EACH_DAY / EACH)

static const struct setting small[] = {
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"population.131041", "1000"},
    {0},
};
static unsigned int n_inquiries;
static char codes[PEOPLE + 1][33];

static const char *
newest(void)
{
	static char id[33];

	snprintf(id, sizeof(id), "%032x", n_inquiries);

	return id;
}

static void
say(struct simulation *sim, const char *inquiry, const char *code)
{
	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(sim, inquiry, code,
		question_about("106", "local-tax", "012041")));
}

static void
ask(struct simulation *sim, const char *code, int n)
{
	for (; n > 0; n--) {
		n_inquiries++;
		say(sim, newest(), code);
	}
}

static void
acquire_people(struct simulation *sim, size_t n)
{
	char giver[33];
	size_t i;

	n_inquiries = 0;
	for (i = 0; i < n; i++) {
		acquire(sim, ASKER, i + 1, codes[i]);
		acquire(sim, GIVER, i + 1, giver);
	}
}

/* As many as are honest about one person, and one that waits. */
static void
ask_once_too_often(struct simulation *sim)
{
	acquire_people(sim, 2);
	ask(sim, codes[0], EACH + 1);
}

static void
assert_answered(size_t permitted, size_t refused, size_t waiting)
{
	assert_int_equal(double_count("inquiry.permitted"), permitted);
	assert_int_equal(double_count("permit.issued"), permitted);
	assert_int_equal(double_count("inquiry.refused"), refused);
	assert_int_equal(double_count("inquiry.waiting"), waiting);
}

/* The inquiries that wait, as an officer sees them; a new reference. */
static json_t *
list(struct simulation *sim)
{
	json_t *reply =
	    double_call(sim, SELF, HTTP_GET, "/inquiries/waiting", NULL, 200);
	json_t *rows = json_incref(json_object_get(reply, "inquiries"));

	json_decref(reply);

	return rows;
}

static size_t
n_waiting(struct simulation *sim)
{
	json_t *rows = list(sim);
	size_t n = json_array_size(rows);

	json_decref(rows);

	return n;
}

static void
decide(struct simulation *sim, const char *decision)
{
	json_t *rows = list(sim);
	char path[128];

	snprintf(path, sizeof(path), "/inquiries/waiting/%s/decision",
	    json_string_value(
		json_object_get(json_array_get(rows, 0), "record")));
	json_decref(rows);
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s}", "decision", decision, "reason", "調べた"),
	    200);
	/* It is decided once. */
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s}", "decision", decision, "reason", "調べた"),
	    404);
}

static void
twenty_about_a_person_are_honest_and_the_next_waits(void **state)
{
	struct simulation *sim = *state;
	json_t *rows;

	acquire_people(sim, 2);
	ask(sim, codes[0], EACH);
	assert_answered(EACH, 0, 0);
	ask(sim, codes[0], 1);
	assert_answered(EACH, 0, 1);
	assert_string_equal(double_text("inquiry.waiting", "reason"), "person");
	assert_string_equal(
	    double_text("inquiry.waiting", "inquiry"), newest());
	/* Another person is asked about as before. */
	ask(sim, codes[1], 1);
	assert_answered(EACH + 1, 0, 1);
	rows = list(sim);
	assert_int_equal(json_array_size(rows), 1);
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(rows, 0), "inquirer")),
	    "131041");
	assert_string_equal(
	    json_string_value(json_object_get(json_array_get(rows, 0), "item")),
	    "local-tax");
	json_decref(rows);
	assert_int_equal(double_audited(sim, SELF, "inquiry.wait", NULL), 1);
	assert_int_equal(double_audited(sim, SELF, "inquiry.wait", ""), 0);
}

static void
the_same_inquiry_again_waits_once(void **state)
{
	struct simulation *sim = *state;

	ask_once_too_often(sim);
	say(sim, newest(), codes[0]);
	assert_answered(EACH, 0, 2);
	assert_int_equal(n_waiting(sim), 1);
	/* Under its id, nothing else is asked. */
	say(sim, newest(), codes[1]);
	assert_int_equal(double_refused(sim, ASKER), 1);
}

static void
an_officer_releases_it(void **state)
{
	struct simulation *sim = *state;

	ask_once_too_often(sim);
	decide(sim, "release");
	assert_answered(EACH + 1, 0, 1);
	assert_string_equal(
	    double_text("inquiry.permitted", "inquiry"), newest());
	assert_int_equal(n_waiting(sim), 0);
	/* Asked again, it is permitted again, and no second permit is sent. */
	say(sim, newest(), codes[0]);
	assert_int_equal(double_count("inquiry.permitted"), EACH + 2);
	assert_int_equal(double_count("permit.issued"), EACH + 1);
}

static void
an_officer_refuses_it(void **state)
{
	struct simulation *sim = *state;

	ask_once_too_often(sim);
	decide(sim, "refuse");
	assert_answered(EACH, 1, 1);
	assert_string_equal(
	    double_text("inquiry.refused", "inquiry"), newest());
	assert_string_equal(double_text("inquiry.refused", "reason"), "budget");
	assert_string_equal(
	    double_text("inquiry.refused", "article"), "番号法21条2項");
	assert_int_equal(n_waiting(sim), 0);
}

static void
after_seven_days_it_is_refused(void **state)
{
	struct simulation *sim = *state;

	ask_once_too_often(sim);
	simulation_run(sim, 6 * DAY_MS);
	assert_answered(EACH, 0, 1);
	simulation_run(sim, DAY_MS + 3600000);
	assert_answered(EACH, 1, 1);
	assert_string_equal(double_text("inquiry.refused", "reason"), "budget");
	assert_int_equal(n_waiting(sim), 0);
}

static void
it_is_taken_back(void **state)
{
	struct simulation *sim = *state;

	ask_once_too_often(sim);
	/* Another organisation does not take it back. */
	double_tell(sim, GIVER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", newest()));
	simulation_run(sim, 3 * NETWORK_OVERTAKE_MS);
	assert_int_equal(n_waiting(sim), 1);
	double_say(sim, ASKER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", newest()));
	double_say(sim, ASKER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", newest()));
	assert_int_equal(n_waiting(sim), 0);
	assert_answered(EACH, 1, 1);
	assert_string_equal(
	    double_text("inquiry.refused", "reason"), "cancelled");
	assert_int_equal(double_refused(sim, ASKER), 0);
}

static void
a_days_inquiries_are_bounded_until_midnight(void **state)
{
	struct simulation *sim = scheme_nation(small);
	int i;

	(void)state;
	acquire_people(sim, PEOPLE + 1);
	for (i = 0; i < PEOPLE; i++) {
		double_forget();
		ask(sim, codes[i], EACH);
		assert_answered(EACH, 0, 0);
	}
	double_forget();
	ask(sim, codes[PEOPLE], 2);
	assert_answered(0, 0, 2);
	assert_string_equal(
	    double_text("inquiry.waiting", "reason"), "inquiries");
	simulation_run(sim, DAY_MS);
	assert_answered(2, 0, 2);
	assert_string_equal(
	    double_text("inquiry.permitted", "inquiry"), newest());
	assert_int_equal(n_waiting(sim), 0);
	double_done(sim);
}

static void
a_search_counts_as_an_inquiry(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire_people(sim, 1);
	ask(sim, codes[0], EACH);
	body = signed_question(
	    sim, codes[0], question_about("106", "local-tax", ""));
	json_put_text(body, "search", slice_of(AN));
	double_say(sim, ASKER, SELF, "provider.search", body);
	assert_string_equal(double_text("provider.found", "reason"), "budget");
	assert_int_equal(json_array_size(json_object_get(
			     double_last("provider.found"), "organisations")),
	    0);
}

static void
without_the_check_nobody_waits(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_BUDGET_ENDLESS);
	ask_once_too_often(sim);
	bug_set(BUG_NONE);
	assert_answered(EACH + 1, 0, 0);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(twenty_about_a_person_are_honest_and_the_next_waits),
	    TEST(the_same_inquiry_again_waits_once),
	    TEST(an_officer_releases_it),
	    TEST(an_officer_refuses_it),
	    TEST(after_seven_days_it_is_refused),
	    TEST(it_is_taken_back),
	    cmocka_unit_test(a_days_inquiries_are_bounded_until_midnight),
	    TEST(a_search_counts_as_an_inquiry),
	    TEST(without_the_check_nobody_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
