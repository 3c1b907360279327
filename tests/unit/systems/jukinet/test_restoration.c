/* An officer takes back a death, or a return: docs/decisions/0041. */
#include "tests/support/jukinet_scheme.h"

#define ARRIVED "東京都新宿区歌舞伎町一丁目"

static int64_t
serial_of(struct simulation *sim, const struct somebody *s)
{
	json_t *found = look_up(sim, s, 200);
	const int64_t serial =
	    json_integer_value(json_object_get(found, "person"));

	json_decref(found);

	return serial;
}

static void
restore(struct simulation *sim, int64_t serial, const char *state,
    const char *municipality, int want)
{
	char path[80];

	snprintf(
	    path, sizeof(path), "/persons/%lld/restoration", (long long)serial);
	json_decref(double_call(sim, SELF, HTTP_POST, path,
	    json_pack("{s:s,s:s,s:s}", "state", state, "municipality",
		municipality, "reason", "本人の申出、戸籍謄本"),
	    want));
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
a_death_is_final_for_municipalities_and_not_for_an_officer(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "death", &s);
	say_update(sim, HERE, "move-in", &s);
	assert_recorded(sim, &s, "012041", "dead");
	restore(sim, serial_of(sim, &s), "resident", "012041", 200);
	assert_recorded(sim, &s, "012041", "resident");
	assert_int_equal(double_count("identity.restored"), 1);
	assert_string_equal(double_text("identity.restored", "code"), s.code);
	assert_string_equal(
	    double_text("identity.restored", "state"), "resident");
	/* The person's life goes on, and may end. */
	say_update(sim, HERE, "move", &s);
	assert_int_equal(double_refused(sim, HERE), 0);
	say_update(sim, HERE, "death", &s);
	assert_recorded(sim, &s, "012041", "dead");
}

/* THERE claims that she has come back, and HERE agrees. */
static void
take(struct simulation *sim, const struct somebody *taken)
{
	struct somebody arrival = *taken;

	get_code(sim, THERE, &arrival);
	double_say(sim, THERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s,s]]}", "items", arrival.code,
		arrival.name, "", arrival.birth, arrival.sex, arrival.address,
		"", "", "abroad"));
	double_say(sim, THERE, SELF, "arrival.decided",
	    json_pack("{s:s,s:s,s:s,s:{s:s},s:s,s:s,s:o}", "claim", REQUEST,
		"code", arrival.code, "decision", "same", "before", "code",
		taken->code, "evidence", "-", "officer", "-", "attributes",
		person_json(&arrival)));
	double_say(sim, HERE, SELF, "arrival.reply",
	    json_pack("{s:s,s:s}", "claim", REQUEST, "reply", "agree"));
}

/* A person whom somebody else brought "home" is abroad again, with the data of
 * before; both municipalities hear it. */
static void
a_return_that_was_none_is_taken_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = settle(sim, HERE, HANAKO), taken;

	say_update(sim, HERE, "move-out", &gone);
	taken = gone;
	taken.address = ARRIVED;
	take(sim, &taken);
	assert_recorded(sim, &taken, "131041", "resident");
	restore(sim, serial_of(sim, &taken), "moved-out", "012041", 200);
	assert_recorded(sim, &gone, "012041", "moved-out");
	assert_unknown(sim, &taken);
	assert_int_equal(double_count("identity.restored"), 2);
	/* The other one has nothing to say about the person any more. */
	tell_update(sim, THERE, "death", &taken);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_recorded(sim, &gone, "012041", "moved-out");
}

static void
one_officer_alone_restores_nobody(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	int64_t serial;

	say_update(sim, HERE, "death", &s);
	serial = serial_of(sim, &s);
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	restore(sim, serial, "resident", "012041", 202);
	assert_recorded(sim, &s, "012041", "dead");
	assert_int_equal(double_count("identity.restored"), 0);
}

static void
only_a_state_of_before_is_restored(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	const int64_t serial = serial_of(sim, &s);

	restore(sim, serial, "resident", "012041", 409);
	restore(sim, serial, "resident", "131041", 409);
	restore(sim, serial, "moved-out", "012041", 409);
	restore(sim, serial, "dead", "012041", 400);
	restore(sim, serial + 1000, "resident", "012041", 404);
	restore(sim, 0, "resident", "012041", 400);
	assert_int_equal(double_count("identity.restored"), 0);
	assert_recorded(sim, &s, "012041", "resident");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_death_is_final_for_municipalities_and_not_for_an_officer),
	    TEST(a_return_that_was_none_is_taken_back),
	    TEST(one_officer_alone_restores_nobody),
	    TEST(only_a_state_of_before_is_restored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
