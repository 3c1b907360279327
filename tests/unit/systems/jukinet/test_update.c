/* Records of people: updates and lookups. */
#include "base/bug.h"
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
	tell_update(sim, THERE, "move-in", &other);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 1);
	assert_recorded(sim, &s, "012041", "resident");
}

/* A person who has left comes back elsewhere by another message. */
static void
nobody_else_speaks_of_who_has_left(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "move-out", &s);
	assert_recorded(sim, &s, "012041", "moved-out");
	tell_update(sim, THERE, "death", &s);
	tell_update(sim, THERE, "correction", &s);
	tell_update(sim, THERE, "move-in", &s);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 3);
	assert_recorded(sim, &s, "012041", "moved-out");
	say_update(sim, HERE, "move-in", &s);
	assert_recorded(sim, &s, "012041", "resident");
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

/* --- Codes of others -------------------------------------------------------- */

/* Codes of which the sender has nobody. */
struct strangers {
	struct somebody anothers, unnumbered, undesignated;
};

static struct strangers
strangers(struct simulation *sim)
{
	struct strangers s = {settle(sim, HERE, HANAKO), HANAKO, HANAKO};

	get_code(sim, HERE, &s.unnumbered);
	snprintf(s.undesignated.code, sizeof(s.undesignated.code), "%s",
	    "12345678903");
	snprintf(s.unnumbered.number, sizeof(s.unnumbered.number), "%s",
	    s.anothers.number);
	snprintf(s.undesignated.number, sizeof(s.undesignated.number), "%s",
	    s.anothers.number);

	return s;
}

static void
tell_change(struct simulation *sim, const struct somebody *s, char digit)
{
	char request[33];

	memset(request, digit, 32);
	request[32] = '\0';
	double_tell(sim, THERE, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s}", "code", s->code, "number", s->number,
		"reason", "漏えい", "request", request));
}

static void
tell_recoding(struct simulation *sim, const struct somebody *s, const char *to)
{
	double_tell(sim, THERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", s->code, to));
}

static void
tell_about(struct simulation *sim, const struct strangers *s)
{
	struct somebody to = HANAKO;

	get_code(sim, THERE, &to);
	tell_update(sim, THERE, "correction", &s->anothers);
	tell_update(sim, THERE, "correction", &s->unnumbered);
	tell_update(sim, THERE, "correction", &s->undesignated);
	tell_recoding(sim, &s->anothers, to.code);
	tell_recoding(sim, &s->unnumbered, to.code);
	tell_recoding(sim, &s->undesignated, to.code);
	tell_change(sim, &s->anothers, 'a');
	tell_change(sim, &s->unnumbered, 'b');
	tell_change(sim, &s->undesignated, 'c');
}

/* Neither the answer nor its time tells a code of somebody from no code. */
static void
anothers_code_is_refused_as_late_as_an_unknown_one(void **state)
{
	struct simulation *sim = *state;
	const struct strangers s = strangers(sim);
	size_t i, n = 0;

	tell_about(sim, &s);
	simulation_run(sim, JUKINET_PATIENCE_MS / 2);
	assert_int_equal(double_refused(sim, THERE), 0);
	assert_int_equal(double_count("number.changed"), 0);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 6);
	for (i = 0; i < double_n_messages; i++) {
		if (strcmp(double_messages[i].type, "number.changed") != 0)
			continue;
		n++;
		assert_string_equal(json_string_value(json_object_get(
					double_messages[i].body, "refused")),
		    double_text("number.changed", "refused"));
	}
	assert_int_equal(n, 3);
}

static void
anothers_code_is_told_from_an_unknown_one_without_the_check(void **state)
{
	struct simulation *sim = *state;
	const struct strangers s = strangers(sim);

	if (!bug_is_possible())
		skip();
	bug_set(BUG_ANOTHERS_TOLD);
	tell_about(sim, &s);
	simulation_run(sim, JUKINET_PATIENCE_MS / 2);
	bug_set(BUG_NONE);
	assert_int_equal(double_refused(sim, THERE), 2);
	assert_int_equal(double_count("number.changed"), 1);
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
	    TEST(nobody_else_speaks_of_who_has_left),
	    TEST(a_correction_leaves_the_dead_dead),
	    TEST(a_correction_leaves_who_moved_out_away),
	    TEST(an_update_waits_for_the_request_that_it_overtook),
	    TEST(what_comes_late_is_kept_and_changes_nothing),
	    TEST(anothers_code_is_refused_as_late_as_an_unknown_one),
	    TEST(anothers_code_is_told_from_an_unknown_one_without_the_check),
	    TEST(fewer_than_four_attributes_find_nobody),
	    TEST(each_attribute_must_be_the_same),
	    TEST(two_who_agree_in_all_four_are_not_one),
	    TEST(a_lookup_by_number_takes_the_current_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
