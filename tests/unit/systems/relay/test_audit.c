/* The audit of a relay: an entry says how an exchange ended. */
#include "tests/support/relay_scheme.h"

/* An inquiry whose permit the provider's relay has. */
static void
ask_with(struct simulation *sim, const char *version, int64_t valid_ms)
{
	json_t *body;

	ask_version(sim, version);
	body = issued(sim);
	json_put_text(body, "expires", slice_of(in(sim, valid_ms)));
	issue(sim, body);
}

static void
assert_ended(struct simulation *sim, const char *outcome, const char *action)
{
	assert_string_equal(
	    double_text("provision.report", "outcome"), outcome);
	assert_int_equal(double_audited(sim, OTHER, action, INT2), 1);
}

static void
contents_that_leave_are_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask_with(sim, "2026", 60000);
	assert_ended(sim, "provided", "replica.provide");
}

static void
without_a_replica_nothing_is_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask_with(sim, "2026", 60000);
	assert_ended(sim, "no-data", "provision.no-data");
	assert_int_equal(
	    double_audited(sim, OTHER, "replica.provide", NULL), 0);
}

static void
under_an_expired_permit_nothing_is_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask_with(sim, "2026", -1);
	assert_ended(sim, "expired", "provision.expired");
	assert_int_equal(
	    double_audited(sim, OTHER, "replica.provide", NULL), 0);
}

static void
a_refusal_provides_nothing(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2025", "2026-11-21T08:00:00.000Z", 5);
	ask_with(sim, "2026", 60000);
	assert_ended(sim, "refused", "provision.refused");
	assert_int_equal(
	    double_audited(sim, OTHER, "replica.provide", NULL), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(contents_that_leave_are_provided),
	    TEST(without_a_replica_nothing_is_provided),
	    TEST(under_an_expired_permit_nothing_is_provided),
	    TEST(a_refusal_provides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
