/* Moves: docs/decisions/0040-notices-of-moves.md. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define BACK "44444444444444444444444444444444"
#define ARRIVED "東京都新宿区歌舞伎町一丁目"
#define DAY_MS (24 * 3600 * 1000ll)

static void
say_notice_of(struct simulation *sim, const char *transfer, const char *from,
    const char *to, const struct somebody *s)
{
	tell_notice_of(sim, transfer, from, to, s, s->number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

/* A move of the id TRANSFER. */
static void
say_notice(struct simulation *sim, const char *from, const char *to,
    const struct somebody *s, const char *number)
{
	tell_notice(sim, from, to, s, number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
a_move_goes_there_and_the_arrival_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	assert_string_equal(
	    double_text("transfer.notice", "transfer"), TRANSFER);
	assert_string_equal(
	    double_text("transfer.notice", "from_organisation"), "012041");
	/* Sixty days from today, the 21st of November. */
	assert_string_equal(
	    double_text("transfer.notice", "until"), "2027-01-20");
	assert_int_equal(double_count("transfer.refused"), 0);
	s.address = ARRIVED;
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	assert_recorded(sim, &s, "131041", "resident");
	assert_int_equal(double_count("transfer.completed"), 1);
	assert_string_equal(
	    double_text("transfer.completed", "transfer"), TRANSFER);
}

/*
 * The arrival is signed before the last word of the municipality that is
 * left, and comes after it, as with a clock that is behind: it counts.
 */
static void
an_arrival_does_not_depend_on_two_clocks(void **state)
{
	static const struct simulation_faults none;
	static const struct simulation_faults cut = {.lose_request = 1000};
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), arrived;

	say_notice(sim, HERE, "131041", &s, s.number);
	arrived = s;
	arrived.address = ARRIVED;
	simulation_set_faults(sim, &cut);
	tell_arrival(sim, THERE, TRANSFER, &arrived);
	simulation_run(sim, 10);
	simulation_set_faults(sim, &none);
	tell_update(sim, HERE, "correction", &s);
	simulation_run(sim, 10);
	assert_recorded(sim, &s, "012041", "resident");
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_recorded(sim, &arrived, "131041", "resident");
}

/* --- Refused notices ------------------------------------------------------- */

static void
expect_refused(size_t n, const char *reason)
{
	assert_int_equal(double_count("transfer.refused"), n);
	assert_string_equal(double_text("transfer.refused", "reason"), reason);
}

static void
a_move_that_is_not_the_senders_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct somebody other = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, other.number);
	expect_refused(1, "not-yours");
	say_notice(sim, HERE, "999999", &s, s.number);
	expect_refused(2, "no-such-municipality");
	say_update(sim, HERE, "move-out", &s);
	tell_notice(sim, HERE, "131041", &s, s.number);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	expect_refused(3, "not-yours");
	assert_int_equal(double_count("transfer.notice"), 0);
	assert_false(arrives(sim, THERE, TRANSFER, &s));
}

/* Tell of 250 further moves of somebody; how many notices are passed on. */
static size_t
announce_many(struct simulation *sim, const struct somebody *s, int *n)
{
	char transfer[33];
	int end = *n + 250;

	double_forget();
	while (*n < end) {
		snprintf(transfer, sizeof(transfer), "%032x", ++*n);
		tell_notice_of(sim, transfer, HERE, "131041", s, s->number);
	}
	assert_int_equal(simulation_settle(sim, 600000), OK);

	return double_count("transfer.notice");
}

/* Nothing is lost: the people live where they lived, until the next day. */
static void
the_people_in_a_days_notices_are_limited(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	size_t taken, all = 0;
	int n = 0;

	do
		all += taken = announce_many(sim, &s, &n);
	while (taken == 250 && n < 2000);
	assert_int_equal(double_count("transfer.refused"), 250 - taken);
	assert_true(all >= 500 && all <= 1000);
	assert_non_null(
	    strstr(double_text("transfer.refused", "reason"), "stopped: "));
	assert_non_null(
	    strstr(double_text("transfer.refused", "reason"), "2026-11-22"));
}

/* Refused as late as each other, with one word. */
static void
a_notice_does_not_tell_the_unknown_from_anothers(void **state)
{
	struct simulation *sim = *state;
	struct somebody anothers = settle(sim, HERE, HANAKO);
	struct somebody unnumbered = HANAKO, undesignated = HANAKO;

	get_code(sim, HERE, &unnumbered);
	snprintf(undesignated.code, sizeof(undesignated.code), "12345678903");
	tell_notice_of(
	    sim, TRANSFER, THERE, "012041", &anothers, anothers.number);
	tell_notice_of(
	    sim, BACK, THERE, "012041", &unnumbered, anothers.number);
	tell_notice_of(
	    sim, REQUEST, THERE, "012041", &undesignated, anothers.number);
	simulation_run(sim, JUKINET_PATIENCE_MS / 2);
	assert_int_equal(double_count("transfer.refused"), 0);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	expect_refused(3, "not-yours");
	assert_int_equal(double_refused(sim, THERE), 0);
}

static void
a_move_that_is_not_taken_there_goes_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	double_refuses = "transfer.notice";
	say_notice(sim, HERE, "131041", &s, s.number);
	assert_string_equal(double_messages[double_n_messages - 1].to, HERE);
	expect_refused(1, "the double refuses it");
}

/* The refuser has no more right than before the notice. */
static void
a_move_that_is_not_taken_gives_no_right(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), other = s;

	double_refuses = "transfer.notice";
	say_notice(sim, HERE, "131041", &s, s.number);
	double_refuses = NULL;
	other.address = ARRIVED;
	assert_false(arrives(sim, THERE, TRANSFER, &other));
	assert_int_equal(double_count("transfer.completed"), 0);
	assert_recorded(sim, &s, "012041", "resident");
	/* The next announcement counts. */
	say_notice(sim, HERE, "131041", &s, s.number);
	assert_true(arrives(sim, THERE, TRANSFER, &other));
	assert_recorded(sim, &other, "131041", "resident");
	assert_int_equal(double_count("transfer.completed"), 1);
}

/* The receipt with the refusal is lost, and comes after the arrival. */
static void
a_refusal_after_an_arrival_takes_nobody_back(void **state)
{
	static const struct simulation_faults none;
	static const struct simulation_faults lose = {.lose_receipt = 1000};
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	double_refuses = "transfer.notice";
	simulation_set_faults(sim, &lose);
	tell_notice(sim, HERE, "131041", &s, s.number);
	simulation_run(sim, 1000);
	s.address = ARRIVED;
	tell_arrival(sim, THERE, TRANSFER, &s);
	simulation_run(sim, 1000);
	assert_recorded(sim, &s, "131041", "resident");
	simulation_set_faults(sim, &none);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_refused(sim, SELF), 1);
	assert_int_equal(double_count("transfer.refused"), 0);
	assert_int_equal(double_count("transfer.completed"), 1);
}

/* --- A notice is used once -------------------------------------------------- */

/* Somebody moves there and back, and lives here as `back` says. */
static struct somebody
there_and_back(struct simulation *sim, struct somebody *back)
{
	struct somebody s = settle(sim, HERE, HANAKO);

	*back = s;
	say_notice(sim, HERE, "131041", &s, s.number);
	s.address = ARRIVED;
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	say_notice_of(sim, BACK, THERE, "012041", &s);
	assert_true(arrives(sim, HERE, BACK, back));
	assert_recorded(sim, back, "012041", "resident");

	return s;
}

/* A municipality of before takes nobody back at will. */
static void
an_old_notice_takes_nobody(void **state)
{
	struct simulation *sim = *state;
	struct somebody back, s = there_and_back(sim, &back);

	s.address = "東京都新宿区西新宿一丁目";
	assert_false(arrives(sim, THERE, TRANSFER, &s));
	tell_update(sim, THERE, "move-in", &s);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 1);
	assert_recorded(sim, &back, "012041", "resident");
	assert_int_equal(double_count("transfer.completed"), 2);
}

/* The attack succeeds where a notice works after its end. */
static void
an_old_notice_takes_anybody_without_the_check(void **state)
{
	struct simulation *sim = *state;
	struct somebody back, s = there_and_back(sim, &back);

	if (!bug_is_possible())
		skip();
	s.address = "東京都新宿区西新宿一丁目";
	bug_set(BUG_NOTICE_AGAIN);
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	bug_set(BUG_NONE);
	assert_recorded(sim, &s, "131041", "resident");
}

static void
a_notice_is_for_the_municipality_and_the_move_that_it_names(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct somebody neighbour = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	assert_false(arrives(sim, HERE, TRANSFER, &s));
	assert_false(arrives(sim, THERE, BACK, &s));
	assert_false(arrives(sim, THERE, TRANSFER, &neighbour));
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	assert_false(arrives(sim, THERE, TRANSFER, &s));
}

static void
nobody_arrives_who_has_died_or_left_meanwhile(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct somebody abroad = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	say_update(sim, HERE, "death", &s);
	assert_false(arrives(sim, THERE, TRANSFER, &s));
	say_notice_of(sim, BACK, HERE, "131041", &abroad);
	say_update(sim, HERE, "move-out", &abroad);
	assert_false(arrives(sim, THERE, BACK, &abroad));
}

/* --- Withdrawals ------------------------------------------------------------- */

static void
tell_withdraw(
    struct simulation *sim, const char *from, const struct somebody *s)
{
	double_tell(sim, from, SELF, "transfer.withdraw",
	    json_pack("{s:s,s:[s]}", "transfer", TRANSFER, "codes", s->code));
}

static void
say_withdraw(struct simulation *sim, const char *from, const struct somebody *s)
{
	tell_withdraw(sim, from, s);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
who_stays_cannot_arrive(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	say_withdraw(sim, HERE, &s);
	assert_int_equal(double_count("transfer.ended"), 2);
	assert_string_equal(
	    double_text("transfer.ended", "reason"), "withdrawn");
	assert_false(arrives(sim, THERE, TRANSFER, &s));
	assert_recorded(sim, &s, "012041", "resident");
	/* Again, the same; the other one has heard it. */
	say_withdraw(sim, HERE, &s);
	assert_int_equal(double_count("transfer.ended"), 3);
}

static void
who_has_arrived_cannot_be_withdrawn(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	say_withdraw(sim, HERE, &s);
	assert_int_equal(double_count("transfer.ended"), 1);
	assert_string_equal(double_text("transfer.ended", "reason"), "arrived");
	assert_string_equal(double_messages[double_n_messages - 1].to, HERE);
	assert_recorded(sim, &s, "131041", "resident");
}

/* As late for a move that is not known as for one of others. */
static void
only_who_announced_a_move_withdraws_it(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	tell_withdraw(sim, THERE, &s);
	tell_notice_of(sim, TRANSFER, HERE, "131041", &s, s.number);
	simulation_run(sim, 1000);
	assert_int_equal(double_count("transfer.notice"), 1);
	tell_withdraw(sim, THERE, &s);
	simulation_run(sim, JUKINET_PATIENCE_MS / 2);
	assert_int_equal(double_refused(sim, THERE), 0);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 2);
	assert_int_equal(double_count("transfer.ended"), 0);
	assert_true(arrives(sim, THERE, TRANSFER, &s));
}

/* --- Time --------------------------------------------------------------------- */

static void
a_notice_ends_after_its_last_day(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_notice(sim, HERE, "131041", &s, s.number);
	simulation_run(sim, 60 * DAY_MS);
	assert_int_equal(double_count("transfer.ended"), 0);
	simulation_run(sim, DAY_MS);
	assert_int_equal(double_count("transfer.ended"), 2);
	assert_string_equal(double_text("transfer.ended", "reason"), "expired");
	assert_false(arrives(sim, THERE, TRANSFER, &s));
	assert_recorded(sim, &s, "012041", "resident");
	/* The municipality may still say that the person stays. */
	say_withdraw(sim, HERE, &s);
	assert_string_equal(
	    double_text("transfer.ended", "reason"), "withdrawn");
}

/* However late a move is said to be, its notice ends. */
static void
a_far_day_makes_no_notice_that_never_ends(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	double_say(sim, HERE, SELF, "transfer.notice",
	    json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:s,s:s,s:o}]}", "transfer",
		TRANSFER, "to", "131041", "household", REQUEST, "date",
		"9999-12-31", "people", "code", s.code, "number", s.number,
		"relation", "世帯主", "person", person_json(&s)));
	assert_string_equal(
	    double_text("transfer.notice", "until"), "2027-03-21");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_move_goes_there_and_the_arrival_back),
	    TEST(an_arrival_does_not_depend_on_two_clocks),
	    TEST(a_move_that_is_not_the_senders_is_refused),
	    TEST(the_people_in_a_days_notices_are_limited),
	    TEST(a_notice_does_not_tell_the_unknown_from_anothers),
	    TEST(a_move_that_is_not_taken_there_goes_back),
	    TEST(a_move_that_is_not_taken_gives_no_right),
	    TEST(a_refusal_after_an_arrival_takes_nobody_back),
	    TEST(an_old_notice_takes_nobody),
	    TEST(an_old_notice_takes_anybody_without_the_check),
	    TEST(a_notice_is_for_the_municipality_and_the_move_that_it_names),
	    TEST(nobody_arrives_who_has_died_or_left_meanwhile),
	    TEST(who_stays_cannot_arrive),
	    TEST(who_has_arrived_cannot_be_withdrawn),
	    TEST(only_who_announced_a_move_withdraws_it),
	    TEST(a_notice_ends_after_its_last_day),
	    TEST(a_far_day_makes_no_notice_that_never_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
