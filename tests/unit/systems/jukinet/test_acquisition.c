/* Acquisition of linkage codes: 番号法21条の2, 施行令27条. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define KANA "アサヒカワ　ハナコ"
#define ENROLMENTS 100 /* orders of a counter in a day, at least */

static void
tell_enrolment(struct simulation *sim, const char *registry,
    const char *for_whom, const char *code)
{
	double_tell(sim, registry, SELF, "enrolment.identify",
	    json_pack("{s:s,s:[[s,s,s,s]]}", "for", for_whom, "items", AN,
		"renew", DOUBLE_DAY "T08:00:00.000Z", code));
}

static void
say_enrolment(struct simulation *sim, const char *registry,
    const char *for_whom, const char *code)
{
	tell_enrolment(sim, registry, for_whom, code);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
change_number(struct simulation *sim, struct somebody *s)
{
	double_say(sim, HERE, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s}", "code", s->code, "number", s->number,
		"reason", "漏えい", "request", REQUEST));
	snprintf(s->number, sizeof(s->number), "%s",
	    double_text("number.changed", "number"));
}

static void
assert_identified(const char *for_whom, const char *code)
{
	assert_string_equal(
	    double_text("acquisition.identify", "for"), for_whom);
	assert_string_equal(double_item("acquisition.identify", 0, 0), AN);
	assert_string_equal(double_item("acquisition.identify", 0, 1), code);
}

/* As what it is, with whose counter it was. */
static void
assert_enrolled(const char *municipality, const char *code)
{
	assert_string_equal(double_text("enrolment.identified", "for"), PORTAL);
	assert_string_equal(
	    double_text("enrolment.identified", "municipality"), municipality);
	assert_string_equal(double_item("enrolment.identified", 0, 0), AN);
	assert_string_equal(double_item("enrolment.identified", 0, 1), "renew");
	assert_string_equal(double_item("enrolment.identified", 0, 3), code);
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

	say_acquisition(sim, &s, s.number);
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
	say_acquisition(sim, &s, s.number);
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
	say_acquisition(sim, &s, s.number);
	assert_identified("012041/relay", s.code);
	assert_int_equal(double_count("acquisition.refused"), 0);
	/* And can still join the portal, at the counter that knows the record. */
	say_enrolment(sim, HERE, PORTAL, s.code);
	assert_enrolled("012041", s.code);
}

static void
a_number_that_nobody_has_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct individual_number number = individual_number_from_body(4711);
	struct somebody s = HANAKO;

	individual_number_format(&number, s.number);
	say_acquisition(sim, &s, s.number);
	assert_refused("acquisition.refused", "no-match");
	assert_int_equal(double_count("acquisition.identify"), 0);
	/* Also where there is a decoy row, and it has these attributes. */
	settle(sim, HERE, HANAKO);
	say_acquisition(sim, &s, s.number);
	assert_refused("acquisition.refused", "no-match");
	assert_int_equal(double_count("acquisition.identify"), 0);
}

/* Expect that the number alone gets nothing under these attributes. */
static void
assert_no_match(
    struct simulation *sim, const struct somebody *s, const char *kana)
{
	size_t refused = double_count("acquisition.refused");

	say_acquisition_with(sim, s, kana);
	assert_int_equal(double_count("acquisition.refused"), refused + 1);
	assert_refused("acquisition.refused", "no-match");
	assert_int_equal(double_count("acquisition.identify"), 0);
}

static void
a_number_without_its_owners_attributes_gets_no_code(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), other = s;

	other.birth = "1980-02-28";
	assert_no_match(sim, &other, KANA);
	other = s;
	other.sex = "1";
	assert_no_match(sim, &other, KANA);
	other = s;
	other.name = "東京　花子"; /* the given name alone is not enough */
	assert_no_match(sim, &other, "");
	assert_no_match(sim, &other, "トウキョウ　ハナコ");
}

/* The attack, and that the check is what stops it. */
static void
without_the_check_a_number_alone_gets_a_strangers_code(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, THERE, HANAKO), guess = s;

	if (!bug_is_possible())
		skip();
	guess.name = "誰か";
	guess.birth = "1900-01-01";
	assert_no_match(sim, &guess, "");
	bug_set(BUG_OWNER_UNCHECKED);
	say_acquisition_with(sim, &guess, "");
	bug_set(BUG_NONE);
	assert_identified("012041/relay", s.code);
}

/* An organisation that tries numbers learns nothing from the answers. */
static void
all_refusals_are_the_same(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct individual_number nobodys = individual_number_from_body(4711);
	char unknown[13], former[13];
	json_t *items;
	size_t i;

	individual_number_format(&nobodys, unknown);
	snprintf(former, sizeof(former), "%s", s.number);
	change_number(sim, &s);
	items = json_pack("[[s,s,s,s,s,s],[s,s,s,s,s,s],[s,s,s,s,s,s]]", AN,
	    unknown, "誰か", "", "1900-01-01", "1", AN, former, "誰か", "",
	    "1900-01-01", "1", AN, s.number, "誰か", "", "1900-01-01", "1");
	double_say(sim, ADDRESSEE, SELF, "acquisition.request",
	    json_pack("{s:o}", "items", items));
	for (i = 0; i < 3; i++)
		assert_string_equal(
		    double_item("acquisition.refused", i, 1), "no-match");
}

static void
a_name_is_compared_without_width_and_spaces(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), said = s;

	said.name = "旭川花子";
	say_acquisition_with(sim, &said, "");
	assert_identified("012041/relay", s.code);
	said.name = "旭川　華子"; /* another spelling, the same kana */
	say_acquisition_with(sim, &said, "アサヒカワ ハナコ");
	assert_int_equal(double_count("acquisition.identify"), 2);
	assert_int_equal(double_count("acquisition.refused"), 0);
}

static void
an_earlier_name_is_recognised(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), before = s;

	s.name = "札幌　花子";
	say_update(sim, HERE, "correction", &s);
	say_acquisition_with(sim, &before, "");
	assert_identified("012041/relay", s.code);
	say_acquisition_with(sim, &s, "");
	assert_int_equal(double_count("acquisition.identify"), 2);
	/* But not with another birth date, under either name. */
	before.birth = "1980-02-28";
	say_acquisition_with(sim, &before, "");
	assert_refused("acquisition.refused", "no-match");
}

static void
the_person_of_a_former_number_is_told_so(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), before = s;

	change_number(sim, &s);
	say_acquisition(sim, &before, before.number);
	assert_refused("acquisition.refused", "former-number");
	say_acquisition(sim, &s, s.number);
	assert_identified("012041/relay", s.code);
}

static void
a_resident_at_the_counter_is_identified_for_the_portal(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_enrolment(sim, HERE, PORTAL, s.code);
	assert_enrolled("012041", s.code);
	assert_int_equal(double_count("enrolment.refused"), 0);
}

/* Not at once: the person may be on the way. */
static void
say_refused_enrolment(
    struct simulation *sim, const char *registry, const char *code)
{
	size_t before = double_count("enrolment.refused");

	tell_enrolment(sim, registry, PORTAL, code);
	simulation_run(sim, JUKINET_PATIENCE_MS - 60000);
	assert_int_equal(double_count("enrolment.refused"), before);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_count("enrolment.refused"), before + 1);
	assert_refused("enrolment.refused", "not-yours");
	assert_int_equal(double_count("enrolment.identified"), 0);
}

static void
a_code_without_a_person_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	get_code(sim, HERE, &s);
	say_refused_enrolment(sim, HERE, s.code);
}

/* Neither the answer nor its time tells a municipality that tries codes which of
 * them are somebody's. */
static void
a_code_of_another_municipality_is_refused_as_nobodys_is(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct resident_code nobodys = resident_code_from_body(4711);
	char unknown[RESIDENT_CODE_DIGITS + 1];

	resident_code_format(&nobodys, unknown);
	say_refused_enrolment(sim, THERE, s.code);
	say_refused_enrolment(sim, THERE, unknown);
}

static void
only_a_living_resident_enrols(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "death", &s);
	say_refused_enrolment(sim, HERE, s.code);
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
	assert_int_equal(double_count("enrolment.identified"), 0);
}

static size_t
rows(const char *type)
{
	return json_array_size(json_object_get(double_last(type), "items"));
}

static void
orders_of_a_counter_have_a_budget(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	json_t *items = json_array();
	int i;

	for (i = 0; i < ENROLMENTS + 2; i++)
		json_array_append_new(items,
		    json_pack("[s,s,s,s]", AN, "begin",
			DOUBLE_DAY "T08:00:00.000Z", s.code));
	double_say(sim, HERE, SELF, "enrolment.identify",
	    json_pack("{s:s,s:o}", "for", PORTAL, "items", items));
	assert_int_equal((int)rows("enrolment.identified"), ENROLMENTS);
	assert_int_equal((int)rows("enrolment.refused"), 2);
	assert_refused("enrolment.refused", "stopped");
	assert_int_not_equal(
	    strlen(double_text("enrolment.refused", "until")), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_number_is_identified_for_the_own_relay),
	    TEST(the_dead_are_identified_too),
	    TEST(who_has_moved_abroad_is_identified_too),
	    TEST(a_number_that_nobody_has_is_refused),
	    TEST(the_person_of_a_former_number_is_told_so),
	    TEST(a_number_without_its_owners_attributes_gets_no_code),
	    TEST(without_the_check_a_number_alone_gets_a_strangers_code),
	    TEST(all_refusals_are_the_same),
	    TEST(a_name_is_compared_without_width_and_spaces),
	    TEST(an_earlier_name_is_recognised),
	    TEST(a_resident_at_the_counter_is_identified_for_the_portal),
	    TEST(a_code_without_a_person_is_refused),
	    TEST(a_code_of_another_municipality_is_refused_as_nobodys_is),
	    TEST(only_a_living_resident_enrols),
	    TEST(an_enrolment_is_for_a_portal),
	    TEST(orders_of_a_counter_have_a_budget),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
