/* The counter's orders about residents' sign-ins at the portal. */
#include "messages/ticket.h"
#include "tests/support/registry_scheme.h"

#define PORTAL "digital/portal"
#define JUKINET "jlis/jukinet"
#define MIDNIGHT "2026-11-21T15:00:00.000Z"

struct order {
	char enrolment[33], ticket[32];
};

static struct simulation *
family(void)
{
	struct simulation *sim = scheme_nation();

	scheme_import(sim, SCHEME_FAMILY, "");

	return sim;
}

static struct order
order(struct simulation *sim, const char *step)
{
	json_t *answer = double_call(sim, SHINJUKU, HTTP_POST, "/enrolments",
	    scheme_json("{'resident':'1','step':'%s'}", step), 202);
	struct order o;

	scheme_text(answer, "enrolment", o.enrolment, sizeof(o.enrolment));
	scheme_text(answer, "ticket", o.ticket, sizeof(o.ticket));
	json_decref(answer);
	assert_int_equal(simulation_settle(sim, 600000), OK);

	return o;
}

static void
expect(struct simulation *sim, const struct order *o, const char *key,
    const char *want)
{
	char path[64];

	snprintf(path, sizeof(path), "/enrolments/%s", o->enrolment);
	scheme_expect(sim, SHINJUKU, path, key, want);
}

/* The acquisition number under which the order left. */
static const char *
acquisition(void)
{
	return double_item("enrolment.identify", 0, 0);
}

static void
settle_as(struct simulation *sim, const char *outcome)
{
	double_say(sim, PORTAL, SHINJUKU, "enrolment.settled",
	    json_pack("{s:[[s,s]]}", "items", acquisition(), outcome));
	assert_int_equal(double_refused(sim, PORTAL), 0);
}

static void
a_ticket_is_told_once_and_its_digest_leaves(void **state)
{
	struct simulation *sim = family();
	struct order o = order(sim, "begin");
	struct arena *arena = arena_new();
	struct slice digest;

	(void)state;
	assert_int_equal(
	    ticket_acquisition(slice_of(o.ticket), arena, &digest), OK);
	assert_string_equal(acquisition(), digest.data);
	assert_string_equal(double_text("enrolment.identify", "for"), PORTAL);
	assert_string_equal(double_item("enrolment.identify", 0, 1), "begin");
	expect(sim, &o, "state", "sent");
	expect(sim, &o, "ticket", "");
	arena_free(arena);
	double_done(sim);
}

static void
the_end_of_a_sign_in_has_no_ticket(void **state)
{
	struct simulation *sim = family();
	struct order o = order(sim, "end");

	(void)state;
	assert_string_equal(o.ticket, "");
	settle_as(sim, "ended");
	expect(sim, &o, "state", "ended");
	double_done(sim);
}

static void
the_counter_sees_what_the_portal_did(void **state)
{
	struct simulation *sim = family();
	struct order o = order(sim, "renew");

	(void)state;
	settle_as(sim, "renewed");
	expect(sim, &o, "state", "renewed");
	/* Once: a later word changes nothing. */
	settle_as(sim, "overtaken");
	expect(sim, &o, "state", "renewed");
	double_done(sim);
}

static void
the_counter_sees_a_refusal(void **state)
{
	struct simulation *sim = family();
	struct order o = order(sim, "begin");

	(void)state;
	double_say(sim, JUKINET, SHINJUKU, "enrolment.refused",
	    json_pack("{s:[[s,s]],s:s}", "items", acquisition(), "stopped",
		"until", MIDNIGHT));
	expect(sim, &o, "state", "refused");
	expect(sim, &o, "reason", "stopped");
	expect(sim, &o, "until", MIDNIGHT);
	/* Another day does not help one that is refused for good. */
	o = order(sim, "begin");
	double_say(sim, JUKINET, SHINJUKU, "enrolment.refused",
	    json_pack("{s:[[s,s]],s:s}", "items", acquisition(), "not-yours",
		"until", MIDNIGHT));
	expect(sim, &o, "reason", "not-yours");
	expect(sim, &o, "until", "");
	double_done(sim);
}

static void
an_order_that_jukinet_does_not_take_is_refused(void **state)
{
	struct simulation *sim = family();
	struct order o;

	(void)state;
	double_refuses = "enrolment.identify";
	o = order(sim, "begin");
	expect(sim, &o, "state", "refused");
	double_done(sim);
}

static void
a_word_about_no_order_changes_nothing(void **state)
{
	struct simulation *sim = family();

	(void)state;
	double_say(sim, PORTAL, SHINJUKU, "enrolment.settled",
	    json_pack("{s:[[s,s]]}", "items",
		"00112233445566778899aabbccddeeff", "ready"));
	assert_int_equal(double_refused(sim, PORTAL), 0);
	scheme_post(sim, SHINJUKU, "/enrolments",
	    scheme_json("{'resident':'9','step':'begin'}"), 404);
	scheme_post(sim, SHINJUKU, "/enrolments",
	    scheme_json("{'resident':'1','step':'open'}"), 400);
	json_decref(double_call(sim, SHINJUKU, HTTP_GET,
	    "/enrolments/00112233445566778899aabbccddeeff", NULL, 404));
	double_done(sim);
}

static void
an_order_is_erased_after_90_days(void **state)
{
	const int64_t day_ms = 24 * 3600ll * 1000;
	struct simulation *sim = family();
	struct order o = order(sim, "begin");
	char path[64];

	(void)state;
	double_timers(sim, SHINJUKU, 89 * day_ms);
	expect(sim, &o, "state", "sent");
	double_timers(sim, SHINJUKU, 91 * day_ms);
	snprintf(path, sizeof(path), "/enrolments/%s", o.enrolment);
	json_decref(double_call(sim, SHINJUKU, HTTP_GET, path, NULL, 404));
	double_done(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_ticket_is_told_once_and_its_digest_leaves),
	    cmocka_unit_test(the_end_of_a_sign_in_has_no_ticket),
	    cmocka_unit_test(the_counter_sees_what_the_portal_did),
	    cmocka_unit_test(the_counter_sees_a_refusal),
	    cmocka_unit_test(an_order_that_jukinet_does_not_take_is_refused),
	    cmocka_unit_test(a_word_about_no_order_changes_nothing),
	    cmocka_unit_test(an_order_is_erased_after_90_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
