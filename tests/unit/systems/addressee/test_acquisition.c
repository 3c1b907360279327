/* The addressee system acquires linkage codes, between doubles of its neighbours. */
#include "number/individual_number.h"
#include "systems/addressee/addressee.h"
#include "tests/support/addressee_scheme.h"

static void
say_registered(
    struct simulation *sim, const char *from, const char *bn, unsigned int n)
{
	double_say(sim, from, SELF, "persons.registered",
	    addressee_registered(bn, n, "1980-05-05"));
}

static void
tell_done(struct simulation *sim)
{
	char an[40];

	snprintf(an, sizeof(an), "%s", double_item("acquisition.link", 0, 0));
	double_say(sim, RELAY, SELF, "acquisition.done",
	    json_pack("{s:[s]}", "items", an));
}

static int64_t
count_rows(struct simulation *sim, const char *table)
{
	return double_progress(sim, SELF, table);
}

static void
an_acquisition_number_is_deleted_when_it_is_done(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	assert_string_equal(double_item("acquisition.link", 0, 0),
	    double_item("acquisition.request", 0, 0));
	assert_string_equal(
	    double_item("acquisition.request", 0, 1), addressee_number(1));
	assert_string_equal(
	    double_item("acquisition.request", 0, 2), "番号太郎");
	assert_string_equal(
	    double_item("acquisition.request", 0, 3), "バンゴウタロウ");
	assert_string_equal(
	    double_item("acquisition.request", 0, 4), "1980-05-05");
	assert_string_equal(double_item("acquisition.request", 0, 5), "1");
	assert_int_equal(count_rows(sim, "acquiring"), 1);
	tell_done(sim);
	tell_done(sim);
	assert_int_equal(count_rows(sim, "acquiring"), 0);
	assert_int_equal(count_rows(sim, "linked"), 1);
	/* A person with a code does not need another. */
	say_registered(sim, OFFICES, "T1", 1);
	assert_int_equal(double_count("acquisition.request"), 1);
}

static void
a_refused_acquisition_is_dropped_at_the_relay(void **state)
{
	struct simulation *sim = *state;
	json_t *refusal;

	say_registered(sim, REGISTRY, "R1", 1);
	refusal = json_pack("{s:[[s,s]]}", "items",
	    double_item("acquisition.request", 0, 0), "unknown");
	double_say(
	    sim, JUKINET, SELF, "acquisition.refused", json_incref(refusal));
	double_say(sim, JUKINET, SELF, "acquisition.refused", refusal);
	assert_int_equal(double_count("acquisition.drop"), 1);
	assert_int_equal(count_rows(sim, "acquiring"), 0);
	assert_int_equal(count_rows(sim, "refused"), 1);
	/* The next news of the person tries again. */
	say_registered(sim, REGISTRY, "R1", 1);
	assert_int_equal(double_count("acquisition.request"), 2);
}

/* Refuse the acquisition that was asked for last. */
static void
say_refused(struct simulation *sim, const char *reason)
{
	double_say(sim, JUKINET, SELF, "acquisition.refused",
	    json_pack("{s:[[s,s]]}", "items",
		double_item("acquisition.request", 0, 0), reason));
}

/* Until nothing more is asked for. */
static void
refuse_as_unknown(struct simulation *sim)
{
	size_t i;

	for (i = 0; i < ADDRESSEE_NO_MATCH_ATTEMPTS; i++) {
		if (i > 0)
			simulation_run(sim, HOUR_MS + HOUR_MS / 4);
		say_refused(sim, ADDRESSEE_NO_MATCH);
	}
}

/* The open conflict, which is the only one; a new reference. */
static json_t *
the_conflict(struct simulation *sim)
{
	json_t *list =
	    double_call(sim, SELF, HTTP_GET, "/conflicts", NULL, 200);
	const json_t *rows = json_object_get(list, "conflicts");
	json_t *row;

	assert_int_equal(json_array_size(rows), 1);
	row = json_incref(json_array_get(rows, 0));
	json_decref(list);

	return row;
}

static void
who_is_not_recognised_is_asked_for_again_a_few_times(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_refused(sim, ADDRESSEE_NO_MATCH);
	/* Jukinet may not have heard of the person yet. */
	assert_int_equal(count_rows(sim, "acquiring"), 1);
	assert_int_equal(count_rows(sim, "conflicts"), 0);
	assert_int_equal(double_count("acquisition.drop"), 0);
	simulation_run(sim, HOUR_MS + HOUR_MS / 4);
	assert_int_equal(double_count("acquisition.request"), 2);
	tell_done(sim);
	assert_int_equal(count_rows(sim, "linked"), 1);
}

static void
who_is_not_recognised_in_the_end_is_a_conflict(void **state)
{
	struct simulation *sim = *state;
	json_t *row;

	say_registered(sim, REGISTRY, "R1", 1);
	refuse_as_unknown(sim);
	assert_int_equal(
	    double_count("acquisition.request"), ADDRESSEE_NO_MATCH_ATTEMPTS);
	assert_int_equal(double_count("acquisition.drop"), 1);
	assert_int_equal(count_rows(sim, "acquiring"), 0);
	row = the_conflict(sim);
	assert_string_equal(
	    json_string_value(json_object_get(row, "reason")), "no-match");
	assert_string_equal(
	    json_string_value(json_object_get(row, "business_number")), "R1");
	json_decref(row);
}

static void
a_corrected_record_is_asked_for_at_once(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	refuse_as_unknown(sim);
	simulation_run(sim, 1000);
	double_say(sim, REGISTRY, SELF, "persons.changed",
	    json_pack("{s:[[s,s,s,s,s,s,s,s,s]]}", "items", "R1", "name-change",
		"2026-11-20", addressee_number(1), "番号次郎", "バンゴウジロウ",
		"1980-05-06", "1", "東京都新宿区"));
	assert_string_equal(
	    double_item("acquisition.request", 0, 2), "番号次郎");
	assert_string_equal(
	    double_item("acquisition.request", 0, 4), "1980-05-06");
	tell_done(sim);
	assert_int_equal(count_rows(sim, "conflicts"), 0);
	assert_int_equal(count_rows(sim, "refused"), 0);
}

static void
a_clerk_has_an_unrecognised_person_asked_for_again(void **state)
{
	struct simulation *sim = *state;
	char path[64];
	json_t *row;

	say_registered(sim, REGISTRY, "R1", 1);
	refuse_as_unknown(sim);
	row = the_conflict(sim);
	snprintf(path, sizeof(path), "/conflicts/%lld/decision",
	    json_integer_value(json_object_get(row, "conflict")));
	json_decref(row);
	json_decref(double_call(sim, SELF, HTTP_POST, path,
	    json_pack("{s:s}", "decision", "relink"), 200));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_count("acquisition.request"),
	    ADDRESSEE_NO_MATCH_ATTEMPTS + 1);
	assert_string_equal(
	    double_item("acquisition.request", 0, 2), "番号太郎");
	/* In vain: the conflict is open again. */
	refuse_as_unknown(sim);
	json_decref(the_conflict(sim));
}

/* Its budget at jukinet is used up: nothing was looked at. */
static void
who_was_stopped_is_asked_for_when_the_budget_renews(void **state)
{
	struct simulation *sim = *state;
	char until[INSTANT_TEXT_MAX];
	int i;

	say_registered(sim, REGISTRY, "R1", 1);
	for (i = 0; i < 2 * ADDRESSEE_NO_MATCH_ATTEMPTS; i++) {
		instant_format(
		    instant_plus(simulation_now(sim), 6 * HOUR_MS), until);
		double_say(sim, JUKINET, SELF, "acquisition.refused",
		    json_pack("{s:[[s,s]],s:s}", "items",
			double_item("acquisition.request", 0, 0), "stopped",
			"until", until));
		simulation_run(sim, 5 * HOUR_MS);
		assert_int_equal(double_count("acquisition.request"), i + 1);
		simulation_run(sim, HOUR_MS + HOUR_MS / 4);
		assert_int_equal(double_count("acquisition.request"), i + 2);
	}
	assert_int_equal(count_rows(sim, "conflicts"), 0);
	tell_done(sim);
	assert_int_equal(count_rows(sim, "linked"), 1);
}

static void
a_stuck_acquisition_is_asked_for_again(void **state)
{
	struct simulation *sim = *state;
	char an[40];

	say_registered(sim, REGISTRY, "R1", 1);
	snprintf(
	    an, sizeof(an), "%s", double_item("acquisition.request", 0, 0));
	simulation_run(sim, HOUR_MS / 2);
	assert_int_equal(double_count("acquisition.request"), 1);
	simulation_run(sim, HOUR_MS);
	assert_int_equal(double_count("acquisition.request"), 2);
	assert_int_equal(double_count("acquisition.link"), 2);
	assert_string_equal(an, double_item("acquisition.request", 0, 0));
	assert_int_equal(count_rows(sim, "stuck"), 1);
}

static void
progress_waits_for_acquisitions_to_end(void **state)
{
	struct simulation *sim = *state;
	int64_t before = simulation_now(sim).ms;
	char an[40];

	say_registered(sim, REGISTRY, "R1", 1);
	json_decref(double_call(
	    sim, SELF, HTTP_GET, "/progress?wait=5&acquiring=0", NULL, 200));
	assert_true(simulation_now(sim).ms >= before + 5000);
	snprintf(an, sizeof(an), "%s", double_item("acquisition.link", 0, 0));
	double_tell(sim, RELAY, SELF, "acquisition.done",
	    json_pack("{s:[s]}", "items", an));
	before = simulation_now(sim).ms;
	json_decref(double_call(sim, SELF, HTTP_GET,
	    "/progress?wait=50&acquiring=0&persons=1", NULL, 200));
	assert_true(simulation_now(sim).ms < before + 50000);
}

static int
tear_down(void **state)
{
	double_done(*state);

	return 0;
}

int
main(void)
{
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, addressee_set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(an_acquisition_number_is_deleted_when_it_is_done),
	    TEST(a_refused_acquisition_is_dropped_at_the_relay),
	    TEST(who_is_not_recognised_is_asked_for_again_a_few_times),
	    TEST(who_is_not_recognised_in_the_end_is_a_conflict),
	    TEST(a_corrected_record_is_asked_for_at_once),
	    TEST(a_clerk_has_an_unrecognised_person_asked_for_again),
	    TEST(who_was_stopped_is_asked_for_when_the_budget_renews),
	    TEST(a_stuck_acquisition_is_asked_for_again),
	    TEST(progress_waits_for_acquisitions_to_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
