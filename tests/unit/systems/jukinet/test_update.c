/* Records of people: updates, moves and lookups. */
#include "tests/support/jukinet_scheme.h"

/* --- Updates -------------------------------------------------------------- */

static void
a_correction_replaces_what_was_known(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), before = s;

	s.address = "北海道旭川市七条通十丁目";
	say_update(sim, HERE, "move", &s);
	assert_recorded(sim, &s, "012041", "resident");
	assert_unknown(sim, &before);
}

static void
another_municipality_cannot_speak_of_our_resident(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), other = s;

	other.address = "東京都新宿区歌舞伎町一丁目";
	say_update(sim, THERE, "move-in", &other);
	assert_int_equal(double_refused(sim, THERE), 1);
	assert_recorded(sim, &s, "012041", "resident");
}

/* A person who has moved out may move in anywhere, and do nothing else. */
static void
who_has_left_may_move_in_elsewhere_and_nothing_else(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "move-out", &s);
	assert_recorded(sim, &s, "012041", "moved-out");
	say_update(sim, THERE, "death", &s);
	say_update(sim, THERE, "correction", &s);
	assert_int_equal(double_refused(sim, THERE), 2);
	assert_recorded(sim, &s, "012041", "moved-out");
	say_update(sim, THERE, "move-in", &s);
	assert_recorded(sim, &s, "131041", "resident");
}

static void
a_correction_leaves_the_dead_dead(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "death", &s);
	s.name = "旭川　華子";
	say_update(sim, HERE, "correction", &s);
	assert_recorded(sim, &s, "012041", "dead");
	say_update(sim, HERE, "move-in", &s);
	assert_recorded(sim, &s, "012041", "dead");
}

static void
a_correction_leaves_who_moved_out_away(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "move-out", &s);
	s.name = "旭川　華子";
	say_update(sim, HERE, "correction", &s);
	assert_recorded(sim, &s, "012041", "moved-out");
}

/* It may have overtaken the request for the number: asked for again. */
static void
an_update_waits_for_the_request_that_it_overtook(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO, moved;

	get_code(sim, HERE, &s);
	moved = s;
	moved.address = "北海道旭川市七条通十丁目";
	tell_update(sim, HERE, "move", &moved);
	simulation_run(sim, 2000);
	double_tell(sim, HERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s]]}", "items", s.code, s.name,
		"アサヒカワ　ハナコ", s.birth, s.sex, s.address, "", ""));
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_refused(sim, HERE), 0);
	assert_int_equal(double_count("numbering.answer"), 1);
}

/* --- Moves ---------------------------------------------------------------- */

static void
say_notice(struct simulation *sim, const char *from, const char *to,
    const struct somebody *s, const char *number)
{
	tell_notice(sim, from, to, s, number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
say_completed(
    struct simulation *sim, const char *from, const char *to, const char *code)
{
	double_say(sim, from, SELF, "transfer.completed",
	    json_pack("{s:s,s:s,s:[s],s:s}", "transfer", TRANSFER, "to", to,
		"codes", code, "date", UPDATE_DAY));
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
	assert_int_equal(double_count("transfer.refused"), 0);
	s.address = "東京都新宿区歌舞伎町一丁目";
	say_update(sim, THERE, "move-in", &s);
	assert_recorded(sim, &s, "131041", "resident");
	say_completed(sim, THERE, "012041", s.code);
	assert_int_equal(double_count("transfer.completed"), 1);
	assert_string_equal(double_messages[double_n_messages - 1].to, HERE);
	/* Now it is the other one that speaks, and the first no more. */
	say_update(sim, HERE, "move", &s);
	assert_int_equal(double_refused(sim, HERE), 1);
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
	arrived.address = "東京都新宿区歌舞伎町一丁目";
	simulation_set_faults(sim, &cut);
	tell_update(sim, THERE, "move-in", &arrived);
	simulation_run(sim, 10);
	simulation_set_faults(sim, &none);
	tell_update(sim, HERE, "correction", &s);
	simulation_run(sim, 10);
	assert_recorded(sim, &s, "012041", "resident");
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_recorded(sim, &arrived, "131041", "resident");
}

/* The later of one municipality's updates counts, in whichever order they
 * arrive. */
static void
what_comes_late_is_kept_and_changes_nothing(void **state)
{
	static const struct simulation_faults none;
	static const struct simulation_faults cut = {.lose_request = 1000};
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), early = s, late = s;

	early.address = "北海道旭川市七条通十丁目";
	late.address = "北海道旭川市八条通十一丁目";
	simulation_set_faults(sim, &cut);
	tell_update(sim, HERE, "move", &early);
	simulation_run(sim, 10);
	simulation_set_faults(sim, &none);
	tell_update(sim, HERE, "move", &late);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_recorded(sim, &late, "012041", "resident");
	assert_unknown(sim, &early);
	assert_int_equal(double_refused(sim, HERE), 0);
}

static void
a_move_that_is_not_the_senders_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	struct somebody other = settle(sim, HERE, HANAKO);
	struct somebody unknown = HANAKO;

	say_notice(sim, THERE, "012041", &s, s.number);
	assert_int_equal(double_count("transfer.refused"), 1);
	say_notice(sim, HERE, "131041", &s, other.number);
	assert_int_equal(double_count("transfer.refused"), 2);
	say_notice(sim, HERE, "999999", &s, s.number);
	assert_int_equal(double_count("transfer.refused"), 3);
	get_code(sim, HERE, &unknown);
	tell_notice(sim, HERE, "131041", &unknown, s.number);
	/* Until then the person may be on the way. */
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_count("transfer.refused"), 4);
	assert_int_equal(double_count("transfer.notice"), 0);
	say_completed(sim, THERE, "012041", s.code);
	assert_int_equal(double_refused(sim, THERE), 1);
}

static void
a_move_that_is_not_taken_there_goes_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	double_refuses = "transfer.notice";
	say_notice(sim, HERE, "131041", &s, s.number);
	assert_int_equal(double_count("transfer.refused"), 1);
	assert_string_equal(double_messages[double_n_messages - 1].to, HERE);
	assert_string_equal(
	    double_text("transfer.refused", "reason"), "the double refuses it");
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
	other.address = "東京都新宿区歌舞伎町一丁目";
	say_update(sim, THERE, "move-in", &other);
	say_completed(sim, THERE, "012041", s.code);
	assert_int_equal(double_refused(sim, THERE), 2);
	assert_int_equal(double_count("transfer.completed"), 0);
	assert_recorded(sim, &s, "012041", "resident");
	/* The next announcement counts. */
	say_notice(sim, HERE, "131041", &s, s.number);
	say_update(sim, THERE, "move-in", &other);
	assert_recorded(sim, &other, "131041", "resident");
	say_completed(sim, THERE, "012041", s.code);
	assert_int_equal(double_count("transfer.completed"), 1);
	assert_int_equal(double_refused(sim, THERE), 2);
}

/* Somebody who moves there and back again stays, until a further move is
 * announced: the first announcement was used. */
static void
an_announcement_is_used_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), back = s;

	say_notice(sim, HERE, "131041", &s, s.number);
	s.address = "東京都新宿区歌舞伎町一丁目";
	say_update(sim, THERE, "move-in", &s);
	assert_recorded(sim, &s, "131041", "resident");
	tell_notice_of(sim, "44444444444444444444444444444444", THERE, "012041",
	    &s, s.number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	say_update(sim, HERE, "move-in", &back);
	assert_recorded(sim, &back, "012041", "resident");
	assert_int_equal(double_refused(sim, THERE), 0);
	say_update(sim, THERE, "move-in", &s);
	assert_int_equal(double_refused(sim, THERE), 1);
	assert_recorded(sim, &back, "012041", "resident");
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
	s.address = "東京都新宿区歌舞伎町一丁目";
	tell_update(sim, THERE, "move-in", &s);
	simulation_run(sim, 1000);
	assert_recorded(sim, &s, "131041", "resident");
	simulation_set_faults(sim, &none);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_refused(sim, SELF), 1);
	assert_int_equal(double_count("transfer.refused"), 0);
	say_completed(sim, THERE, "012041", s.code);
	assert_int_equal(double_count("transfer.completed"), 1);
}

/* --- Lookups (docs/incidents.md F11) -------------------------------------- */

static void
fewer_than_four_attributes_find_nobody(void **state)
{
	static const char *const fields[] = {"name", "birth", "sex", "address"};
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	json_t *body;
	size_t i;

	for (i = 0; i < 4; i++) {
		body = json_pack("{s:s,s:s,s:s,s:s}", "name", s.name, "birth",
		    s.birth, "sex", s.sex, "address", s.address);
		json_object_del(body, fields[i]);
		json_decref(
		    double_call(sim, SELF, HTTP_POST, "/lookups", body, 400));
	}
	s.sex = "3";
	json_decref(look_up(sim, &s, 400));
}

static void
each_attribute_must_be_the_same(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), other;

	assert_recorded(sim, &s, "012041", "resident");
	other = s;
	other.name = "旭川　花";
	assert_unknown(sim, &other);
	other = s;
	other.birth = "1980-02-28";
	assert_unknown(sim, &other);
	other = s;
	other.sex = "1";
	assert_unknown(sim, &other);
	other = s;
	other.address = "北海道旭川市";
	assert_unknown(sim, &other);
}

static void
two_who_agree_in_all_four_are_not_one(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	settle(sim, HERE, HANAKO);
	json_decref(look_up(sim, &s, 409));
}

static void
a_lookup_by_number_takes_the_current_one(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", s.number), 200));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "code", s.code), 200));
	double_say(sim, HERE, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s}", "code", s.code, "number", s.number,
		"reason", "漏えい", "request", REQUEST));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", s.number), 404));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", "123456789012"), 400));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_correction_replaces_what_was_known),
	    TEST(another_municipality_cannot_speak_of_our_resident),
	    TEST(who_has_left_may_move_in_elsewhere_and_nothing_else),
	    TEST(a_correction_leaves_the_dead_dead),
	    TEST(a_correction_leaves_who_moved_out_away),
	    TEST(an_update_waits_for_the_request_that_it_overtook),
	    TEST(a_move_goes_there_and_the_arrival_back),
	    TEST(an_arrival_does_not_depend_on_two_clocks),
	    TEST(what_comes_late_is_kept_and_changes_nothing),
	    TEST(a_move_that_is_not_the_senders_is_refused),
	    TEST(a_move_that_is_not_taken_there_goes_back),
	    TEST(a_move_that_is_not_taken_gives_no_right),
	    TEST(an_announcement_is_used_once),
	    TEST(a_refusal_after_an_arrival_takes_nobody_back),
	    TEST(fewer_than_four_attributes_find_nobody),
	    TEST(each_attribute_must_be_the_same),
	    TEST(two_who_agree_in_all_four_are_not_one),
	    TEST(a_lookup_by_number_takes_the_current_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
