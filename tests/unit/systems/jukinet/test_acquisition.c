/* Acquisition of linkage codes: 番号法21条の2, 施行令27条. */
#include "tests/support/jukinet_scheme.h"

static void
say_request(struct simulation *sim, const char *number)
{
	double_say(sim, ADDRESSEE, SELF, "acquisition.request",
	    json_pack("{s:[[s,s]]}", "items", AN, number));
}

static void
tell_enrolment(struct simulation *sim, const char *registry,
    const char *for_whom, const char *code)
{
	double_tell(sim, registry, SELF, "enrolment.identify",
	    json_pack("{s:s,s:[[s,s]]}", "for", for_whom, "items", AN, code));
}

static void
say_enrolment(struct simulation *sim, const char *registry,
    const char *for_whom, const char *code)
{
	tell_enrolment(sim, registry, for_whom, code);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
assert_identified(const char *for_whom, const char *code)
{
	assert_string_equal(
	    double_text("acquisition.identify", "for"), for_whom);
	assert_string_equal(double_item("acquisition.identify", 0, 0), AN);
	assert_string_equal(double_item("acquisition.identify", 0, 1), code);
}

static void
assert_refused(const char *type, const char *reason)
{
	assert_string_equal(double_item(type, 0, 0), AN);
	assert_string_equal(double_item(type, 0, 1), reason);
}

static void
a_number_is_identified_for_the_own_relay(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_request(sim, s.number);
	assert_identified("012041/relay", s.code);
	assert_int_equal(double_count("acquisition.refused"), 0);
}

/* The Act excludes nobody, and a survivor's pension asks about the dead. */
static void
the_dead_are_identified_too(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "death", &s);
	say_request(sim, s.number);
	assert_identified("012041/relay", s.code);
}

/* 国外転出者: number and code stay, and so does the right to a code. */
static void
who_has_moved_abroad_is_identified_too(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "move-out", &s);
	assert_recorded(sim, &s, "012041", "moved-out");
	say_request(sim, s.number);
	assert_identified("012041/relay", s.code);
	assert_int_equal(double_count("acquisition.refused"), 0);
	/* And can still join the portal, at the counter that knows the record. */
	say_enrolment(sim, HERE, PORTAL, s.code);
	assert_identified(PORTAL, s.code);
}

static void
a_number_that_nobody_has_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct individual_number number = individual_number_from_body(4711);
	char text[INDIVIDUAL_NUMBER_DIGITS + 1];

	individual_number_format(&number, text);
	say_request(sim, text);
	assert_refused("acquisition.refused", "unknown-number");
	assert_int_equal(double_count("acquisition.identify"), 0);
}

static void
a_former_number_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char former[13];

	snprintf(former, sizeof(former), "%s", s.number);
	double_say(sim, HERE, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s}", "code", s.code, "number", s.number,
		"reason", "漏えい", "request", REQUEST));
	snprintf(s.number, sizeof(s.number), "%s",
	    double_text("number.changed", "number"));
	say_request(sim, former);
	assert_refused("acquisition.refused", "former-number");
	say_request(sim, s.number);
	assert_identified("012041/relay", s.code);
}

static void
a_resident_at_the_counter_is_identified_for_the_portal(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_enrolment(sim, HERE, PORTAL, s.code);
	assert_identified(PORTAL, s.code);
	assert_int_equal(double_count("enrolment.refused"), 0);
}

static void
a_code_without_a_person_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	get_code(sim, HERE, &s);
	tell_enrolment(sim, HERE, PORTAL, s.code);
	/* Until then the person may be on the way. */
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_refused("enrolment.refused", "unknown-code");
}

static void
only_a_living_resident_enrols(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_enrolment(sim, THERE, PORTAL, s.code);
	assert_refused("enrolment.refused", "registered-elsewhere");
	say_update(sim, HERE, "death", &s);
	say_enrolment(sim, HERE, PORTAL, s.code);
	assert_refused("enrolment.refused", "deceased");
	assert_int_equal(double_count("acquisition.identify"), 0);
}

static void
an_enrolment_is_for_a_portal(void **state)
{
	static const char *const bad[] = {
	    "digital/network", ADDRESSEE, "nobody/portal", "x"};
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		say_enrolment(sim, HERE, bad[i], s.code);
		assert_int_equal(double_refused(sim, HERE), i + 1);
	}
	assert_int_equal(double_count("acquisition.identify"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_number_is_identified_for_the_own_relay),
	    TEST(the_dead_are_identified_too),
	    TEST(who_has_moved_abroad_is_identified_too),
	    TEST(a_number_that_nobody_has_is_refused),
	    TEST(a_former_number_is_refused),
	    TEST(a_resident_at_the_counter_is_identified_for_the_portal),
	    TEST(a_code_without_a_person_is_refused),
	    TEST(only_a_living_resident_enrols),
	    TEST(an_enrolment_is_for_a_portal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
