/* The portal keeps nothing longer than its documents say. */
#include "tests/support/portal_scheme.h"

#define DAY_MS (24 * 3600ll * 1000)

static int64_t
figure(struct simulation *sim, const char *name)
{
	json_t *status = double_call(sim, SELF, HTTP_GET, "/status", NULL, 200);
	int64_t n = json_integer_value(
	    json_object_get(json_object_get(status, "counts"), name));

	json_decref(status);

	return n;
}

static void
tickets_that_are_over_are_erased(void **state)
{
	struct simulation *sim = *state;

	enrol(sim);
	order(sim, TICKET2, "begin", LC2, 0);
	double_timers(sim, SELF, PORTAL_TICKET_MS - 60000);
	assert_int_equal(figure(sim, "tickets"), 2);
	double_timers(sim, SELF, PORTAL_TICKET_MS + 3600 * 1000);
	assert_int_equal(figure(sim, "tickets"), 0);
}

static void
a_sign_in_is_erased_a_year_after_its_end(void **state)
{
	struct simulation *sim = *state;
	struct enrolment e = enrol(sim), other = enrol_as(sim, TICKET3, LC2);

	order(sim, TICKET2, "end", LC, 1);
	double_timers(sim, SELF, PORTAL_ENDED_MS - DAY_MS);
	json_decref(sign_in(sim, &e, e.secret, 403));
	double_timers(sim, SELF, PORTAL_ENDED_MS + DAY_MS);
	json_decref(sign_in(sim, &e, e.secret, 401));
	json_decref(sign_in(sim, &other, other.secret, 201));
}

/* The rows of a table of the portal's; this ends the nation. */
static size_t
rows(struct simulation *sim, const char *table)
{
	struct problem problem = {0};
	json_t *dump = NULL;
	size_t n;

	assert_int_equal(simulation_dump(sim, &dump, &problem), OK);
	n = json_array_size(
	    json_object_get(json_object_get(dump, SELF), table));
	json_decref(dump);

	return n;
}

static void
acts_and_former_codes_stay_for_seven_years(void **state)
{
	struct simulation *sim = *state;

	enrol(sim);
	other_codes(sim, NETWORK);
	double_timers(sim, SELF, PORTAL_DEED_MS - DAY_MS);
	assert_int_equal(rows(sim, "deed"), 2);
	assert_int_equal(rows(sim, "former_linkage"), 1);
}

static void
the_acts_of_counters_are_erased_after_seven_years(void **state)
{
	struct simulation *sim = *state;

	enrol(sim);
	double_timers(sim, SELF, PORTAL_DEED_MS + DAY_MS);
	assert_int_equal(rows(sim, "deed"), 0);
}

static void
a_former_code_is_erased_after_seven_years(void **state)
{
	struct simulation *sim = *state;

	other_codes(sim, NETWORK);
	double_timers(sim, SELF, PORTAL_DEED_MS + DAY_MS);
	assert_int_equal(rows(sim, "former_linkage"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(tickets_that_are_over_are_erased),
	    TEST(a_sign_in_is_erased_a_year_after_its_end),
	    TEST(acts_and_former_codes_stay_for_seven_years),
	    TEST(the_acts_of_counters_are_erased_after_seven_years),
	    TEST(a_former_code_is_erased_after_seven_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
