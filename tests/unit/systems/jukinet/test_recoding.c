/* Changed Resident Record Codes: 住基法30条の4, 30条の9の2. */
#include "tests/support/jukinet_scheme.h"

static void
tell_recoding(struct simulation *sim, const char *registry, const char *old,
    const char *new)
{
	double_tell(sim, registry, SELF, "code.changed",
	    json_pack("{s:[[s,s]],s:s,s:s}", "items", old, new, "paper",
		"疎明-1", "officer", "山田花子"));
}

static void
say_recoding(struct simulation *sim, const char *registry, const char *old,
    const char *new)
{
	tell_recoding(sim, registry, old, new);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
new_code(struct simulation *sim, const char *registry, char ret[12])
{
	struct somebody s = HANAKO;

	get_code(sim, registry, &s);
	memcpy(ret, s.code, sizeof(s.code));
}

/* Give somebody another code. */
static struct somebody
recode(struct simulation *sim, const char *registry, struct somebody s)
{
	char code[12];

	new_code(sim, registry, code);
	say_recoding(sim, registry, s.code, code);
	memcpy(s.code, code, sizeof(code));

	return s;
}

static void
say_leak(struct simulation *sim, struct somebody *s, unsigned int request)
{
	char id[33];

	snprintf(id, sizeof(id), "%032x", request);
	double_say(sim, HERE, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "code", s->code, "number",
		s->number, "reason", "漏えい", "request", id, "paper", "疎明-1",
		"officer", "山田花子"));
	decide_changes(sim, "allow");
	if (json_object_get(double_last("number.changed"), "number") != NULL)
		snprintf(s->number, sizeof(s->number), "%s",
		    double_text("number.changed", "number"));
}

static const char *
named_before(const char *type, size_t i)
{
	const json_t *row =
	    json_array_get(json_object_get(double_last(type), "items"), 0);

	/* The last column. */
	return json_string_value(
	    json_array_get(json_array_get(row, json_array_size(row) - 1), i));
}

static const char *
former_code(size_t i)
{
	return named_before("acquisition.identify", i);
}

/* --- The number stays ------------------------------------------------------ */

static void
the_number_stays_and_the_network_is_told(void **state)
{
	struct simulation *sim = *state;
	struct somebody before = settle(sim, HERE, HANAKO), after;

	after = recode(sim, HERE, before);
	assert_string_equal(double_item("code.changed", 0, 0), before.code);
	assert_string_equal(double_item("code.changed", 0, 1), after.code);
	say_acquisition(sim, &before, before.number);
	assert_string_equal(
	    double_item("acquisition.identify", 0, 1), after.code);
	assert_string_equal(former_code(0), before.code);
	assert_null(former_code(1));
	/* A request for a number under the new code gets the same. */
	say_numbering(sim, HERE, &after);
	assert_string_equal(answered("items", 1), before.number);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
	assert_int_equal(double_progress(sim, SELF, "recodings"), 1);
}

static void
every_code_that_there_was_is_told(void **state)
{
	struct simulation *sim = *state;
	struct somebody a = settle(sim, HERE, HANAKO), b, c;

	b = recode(sim, HERE, a);
	c = recode(sim, HERE, b);
	assert_string_equal(double_item("code.changed", 0, 0), a.code);
	assert_string_equal(double_item("code.changed", 0, 1), c.code);
	assert_string_equal(double_item("code.changed", 1, 0), b.code);
	assert_string_equal(double_item("code.changed", 1, 1), c.code);
	say_acquisition(sim, &a, a.number);
	assert_string_equal(former_code(0), a.code);
	assert_string_equal(former_code(1), b.code);
}

/* The codes of before make no number again, and are nobody else's. */
static void
a_former_code_is_nobodys(void **state)
{
	struct simulation *sim = *state;
	struct somebody before = settle(sim, HERE, HANAKO), other;
	struct somebody after = recode(sim, HERE, before);

	say_numbering(sim, HERE, &before);
	assert_string_equal(answered("refused", 1), "not-yours");
	other = settle(sim, HERE, HANAKO);
	say_recoding(sim, HERE, other.code, before.code);
	say_recoding(sim, HERE, other.code, after.code);
	say_recoding(sim, HERE, after.code, before.code);
	assert_int_equal(double_refused(sim, HERE), 3);
	assert_int_equal(double_count("code.changed"), 1);
}

/* The next number after a leak is made of the code of then. */
static void
a_new_code_gives_ten_more_numbers(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char seen[12][13];
	unsigned int i, j;

	for (i = 0; i < 9; i++) {
		memcpy(seen[i], s.number, sizeof(s.number));
		say_leak(sim, &s, i + 100);
	}
	memcpy(seen[i++], s.number, sizeof(s.number));
	say_leak(sim, &s, 200);
	assert_non_null(
	    json_object_get(double_last("number.changed"), "refused"));
	s = recode(sim, HERE, s);
	say_acquisition(sim, &s, s.number);
	assert_string_equal(double_item("acquisition.identify", 0, 1), s.code);
	for (; i < 12; i++) {
		say_leak(sim, &s, i + 200);
		memcpy(seen[i], s.number, sizeof(s.number));
		for (j = 0; j < i; j++)
			assert_string_not_equal(seen[i], seen[j]);
	}
	/* All but the last are former ones. */
	for (j = 0; j + 1 < i; j++) {
		say_acquisition(sim, &s, seen[j]);
		assert_string_equal(
		    double_item("acquisition.refused", 0, 1), "former-number");
	}
	assert_int_equal(double_count("acquisition.identify"), 1);
	say_acquisition(sim, &s, s.number);
	assert_string_equal(double_item("acquisition.identify", 0, 1), s.code);
}

/* --- Any order ------------------------------------------------------------- */

static void
the_same_news_again_changes_nothing(void **state)
{
	struct simulation *sim = *state;
	struct somebody a = settle(sim, HERE, HANAKO), b, c;

	b = recode(sim, HERE, a);
	say_recoding(sim, HERE, a.code, b.code);
	c = recode(sim, HERE, b);
	say_recoding(sim, HERE, a.code, b.code);
	say_recoding(sim, HERE, b.code, c.code);
	assert_int_equal(double_refused(sim, HERE), 0);
	assert_int_equal(double_count("code.changed"), 2);
	say_acquisition(sim, &a, a.number);
	assert_string_equal(double_item("acquisition.identify", 0, 1), c.code);
}

static void
a_change_waits_for_the_one_before_it(void **state)
{
	struct simulation *sim = *state;
	struct somebody a = settle(sim, HERE, HANAKO);
	char b[12], c[12];

	new_code(sim, HERE, b);
	new_code(sim, HERE, c);
	tell_recoding(sim, HERE, b, c);
	simulation_run(sim, 5000);
	assert_int_equal(double_count("code.changed"), 0);
	tell_recoding(sim, HERE, a.code, b);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_refused(sim, HERE), 0);
	say_acquisition(sim, &a, a.number);
	assert_string_equal(double_item("acquisition.identify", 0, 1), c);
}

/* News said under the old code, before the change, come after it. */
static void
late_news_under_the_old_code_finds_the_person(void **state)
{
	struct simulation *sim = *state;
	struct somebody before = settle(sim, HERE, HANAKO), moved = before;
	struct somebody after = recode(sim, HERE, before);

	moved.address = "北海道旭川市七条通十丁目";
	say_update(sim, HERE, "move", &moved);
	assert_recorded(sim, &moved, "012041", "resident");
	say_leak(sim, &moved, 7);
	assert_string_not_equal(moved.number, before.number);
	say_acquisition(sim, &moved, moved.number);
	assert_string_equal(
	    double_item("acquisition.identify", 0, 1), after.code);
	double_say(sim, HERE, SELF, "enrolment.identify",
	    json_pack("{s:s,s:[[s,s,s,s]]}", "for", PORTAL, "items", AN,
		"begin", DOUBLE_DAY "T08:00:00.000Z", before.code));
	assert_string_equal(
	    double_item("enrolment.identified", 0, 3), after.code);
	assert_string_equal(
	    named_before("enrolment.identified", 0), before.code);
}

/* --- Authority ------------------------------------------------------------ */

static void
only_the_own_municipality_changes_a_code(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char here[12], there[12];

	new_code(sim, HERE, here);
	new_code(sim, THERE, there);
	say_recoding(sim, HERE, s.code, there);
	say_recoding(sim, THERE, s.code, here);
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_int_equal(double_refused(sim, THERE), 1);
	/* The person may be about to arrive there; in the end, not. */
	tell_recoding(sim, THERE, s.code, there);
	simulation_run(sim, 60000);
	assert_int_equal(double_refused(sim, THERE), 1);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 2);
	assert_int_equal(double_count("code.changed"), 0);
}

/* A change at the new place overtakes the news of the arrival. */
static void
a_change_waits_for_the_arrival(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char code[12];

	tell_notice(sim, HERE, "131041", &s, s.number);
	new_code(sim, THERE, code);
	tell_recoding(sim, THERE, s.code, code);
	simulation_run(sim, 5000);
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_refused(sim, THERE), 0);
	assert_string_equal(double_item("code.changed", 0, 1), code);
}

static void
a_code_is_not_changed_into_itself(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_recoding(sim, HERE, s.code, s.code);
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_int_equal(double_count("code.changed"), 0);
}

/* A move announces the code of today, which jukinet may hear of later. */
static void
a_move_waits_for_the_new_code(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct somebody recoded = s;

	new_code(sim, HERE, recoded.code);
	tell_notice(sim, HERE, "131041", &recoded, s.number);
	simulation_run(sim, 5000);
	assert_int_equal(double_count("transfer.refused"), 0);
	tell_recoding(sim, HERE, s.code, recoded.code);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_count("transfer.refused"), 0);
	assert_int_equal(double_count("transfer.notice"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_number_stays_and_the_network_is_told),
	    TEST(every_code_that_there_was_is_told),
	    TEST(a_former_code_is_nobodys),
	    TEST(a_new_code_gives_ten_more_numbers),
	    TEST(the_same_news_again_changes_nothing),
	    TEST(a_change_waits_for_the_one_before_it),
	    TEST(late_news_under_the_old_code_finds_the_person),
	    TEST(only_the_own_municipality_changes_a_code),
	    TEST(a_change_waits_for_the_arrival),
	    TEST(a_code_is_not_changed_into_itself),
	    TEST(a_move_waits_for_the_new_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
