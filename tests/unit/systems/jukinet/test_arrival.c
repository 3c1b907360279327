/* Arrivals from abroad: 住基法30条の3, docs/decisions/0022, 0041, 0046. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define SURNAME_CHANGED "新宿　花子"

static void
say_arrival(struct simulation *sim, const char *registry,
    const struct somebody *s, const char *kana, const char *alias)
{
	double_say(sim, registry, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s,s]]}", "items", s->code, s->name,
		kana, s->birth, s->sex, s->address, "", alias, "abroad"));
}

/* Somebody who has a code, a number and has left for abroad. */
static struct somebody
departed(struct simulation *sim, struct somebody s)
{
	struct somebody gone = settle(sim, HERE, s);

	say_update(sim, HERE, "move-out", &gone);

	return gone;
}

static struct somebody
arriving(struct simulation *sim, struct somebody s)
{
	s.address = "東京都新宿区歌舞伎町一丁目4番1号";
	get_code(sim, THERE, &s);
	say_arrival(sim, THERE, &s, "アサヒカワ　ハナコ", "");

	return s;
}

static void
expect_held(bool held)
{
	const json_t *answer = double_last("numbering.answer");

	assert_int_equal(
	    json_array_size(json_object_get(answer, "held")), held ? 1 : 0);
	assert_true((answered("items", 0) == NULL) == held);
	assert_null(answered("refused", 0));
}

/* The id of the newest claim. */
static char claim[33];

static json_t *
decision(const struct somebody *s, const char *choice, json_t *before)
{
	static unsigned int n;

	snprintf(claim, sizeof(claim), "%032x", ++n);

	return json_pack("{s:s,s:s,s:s,s:o,s:s,s:s,s:o}", "claim", claim,
	    "code", s->code, "decision", choice, "before", before, "evidence",
	    "戸籍の附票", "officer", "係長", "attributes", person_json(s));
}

static void
say_same(struct simulation *sim, const char *registry, const struct somebody *s,
    json_t *before)
{
	double_say(sim, registry, SELF, "arrival.decided",
	    decision(s, "same", before));
}

/* The last stay of whoever left HERE. */
static json_t *
stay(void)
{
	return json_pack(
	    "{s:s,s:s}", "municipality", "012041", "left", UPDATE_DAY);
}

static json_t *
code(const struct somebody *s)
{
	return json_pack("{s:s}", "code", s->code);
}

static void
say_different(struct simulation *sim, const struct somebody *s)
{
	double_say(sim, THERE, SELF, "arrival.decided",
	    decision(s, "different", json_object()));
}

static void
reply(struct simulation *sim, const char *registry, const char *choice)
{
	double_say(sim, registry, SELF, "arrival.reply",
	    json_pack("{s:s,s:s,s:s,s:s}", "claim", claim, "reply", choice,
		"reason", "除票と一致", "officer", "主任"));
}

/* A claim by THERE to which HERE agrees. */
static void
come_back(struct simulation *sim, const struct somebody *s, json_t *before)
{
	say_same(sim, THERE, s, before);
	reply(sim, HERE, "agree");
}

static void
expect_state(const char *state)
{
	assert_string_equal(double_text("arrival.state", "claim"), claim);
	assert_string_equal(double_text("arrival.state", "state"), state);
}

static void
expect_settled(const char *key, const char *want)
{
	expect_state("settled");
	assert_string_equal(double_text("arrival.state", key), want);
}

static void
expect_refused(const char *reason)
{
	expect_state("refused");
	assert_string_equal(double_text("arrival.state", "reason"), reason);
	assert_null(json_object_get(double_last("arrival.state"), "number"));
}

static void
wait_ms(struct simulation *sim, int64_t ms)
{
	simulation_leap(sim, ms);
	simulation_run(sim, 1000);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

/* A claim that shows nobody is answered after an hour, whatever is wrong. */
static void
expect_nobody(struct simulation *sim, const struct somebody *s, json_t *before)
{
	say_same(sim, THERE, s, before);
	expect_state("sought");
	wait_ms(sim, JUKINET_PATIENCE_MS);
	expect_refused("no-match");
}

static void
expect_owner(struct simulation *sim, const char *number, const char *code)
{
	say_acquisition(sim, &HANAKO, number);
	assert_string_equal(double_item("acquisition.identify", 0, 1), code);
}

/* --- Held arrivals -------------------------------------------------------- */

static void
who_is_like_nobody_is_numbered_at_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody other = HANAKO;

	departed(sim, HANAKO);
	other.birth = "1980-02-28";
	arriving(sim, other);
	expect_held(false);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 2);
	assert_int_equal(double_progress(sim, SELF, "alike"), 0);
}

static void
who_may_have_come_back_is_held(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s;
	char *text;

	s = arriving(sim, HANAKO);
	expect_held(true);
	/* Nothing of hers is told, nor how many there are. */
	text = json_dumps(double_last("numbering.answer"), JSON_COMPACT);
	assert_null(strstr(text, gone.code));
	assert_null(strstr(text, gone.number));
	assert_null(strstr(text, gone.name));
	assert_null(strstr(text, gone.address));
	assert_null(strstr(text, gone.birth));
	free(text);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
	/* Asked again, the same. */
	say_arrival(sim, THERE, &s, "アサヒカワ　ハナコ", "");
	expect_held(true);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
	assert_int_equal(double_progress(sim, SELF, "alike"), 1);
}

static void
arrive_as(struct simulation *sim, const char *name, const char *kana,
    const char *alias, bool held)
{
	struct somebody s = HANAKO;

	s.name = name;
	get_code(sim, THERE, &s);
	say_arrival(sim, THERE, &s, kana, alias);
	expect_held(held);
}

static void
names_are_compared_loosely(void **state)
{
	struct simulation *sim = *state;
	struct somebody smith = HANAKO;

	departed(sim, HANAKO);
	smith.name = "NGUYEN THI LAN";
	smith.birth = "1980-03-01";
	departed(sim, smith);
	arrive_as(sim, "旭川花子", "", "", true);
	arrive_as(sim, SURNAME_CHANGED, "", "", true);
	arrive_as(sim, "旭川　華子", "シンジュク　ハナコ", "", true);
	arrive_as(sim, "HANAKO ASAHIKAWA", "", "旭川 花子", true);
	arrive_as(sim, "旭川　次郎", "アサヒカワ　ジロウ", "", false);
	arrive_as(sim, "花子　旭川", "", "", false);
	smith.name = "Nguyen Thi Lan";
	get_code(sim, THERE, &smith);
	say_arrival(sim, THERE, &smith, "", "");
	expect_held(true);
}

static void
only_who_is_abroad_may_come_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody here = settle(sim, HERE, HANAKO), s;

	s = arriving(sim, HANAKO);
	expect_held(false);
	say_update(sim, HERE, "move-out", &here);
	say_update(sim, HERE, "death", &here);
	say_update(sim, THERE, "move-out", &s);
	s = arriving(sim, HANAKO);
	expect_held(true);
	/* The one who has died is nobody's past. */
	expect_nobody(sim, &s, stay());
}

static void
births_and_numbered_people_are_not_looked_at(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	departed(sim, HANAKO);
	get_code(sim, THERE, &s);
	get_number(sim, THERE, &s);
	/* Numbered already: whoever leaves later does not matter. */
	say_arrival(sim, THERE, &s, "", "");
	expect_held(false);
	assert_string_equal(answered("items", 1), s.number);
}

/* --- Decisions ------------------------------------------------------------ */

static void
the_same_person_gets_code_and_number_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	come_back(sim, &s, stay());
	expect_settled("known_code", gone.code);
	expect_settled("number", gone.number);
	assert_recorded(sim, &s, "131041", "resident");
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
	expect_owner(sim, gone.number, gone.code);
	/* Twice is once. */
	come_back(sim, &s, stay());
	expect_settled("number", gone.number);
	/* News said meanwhile under the code set aside are hers. */
	say_update(sim, THERE, "death", &s);
	assert_recorded(sim, &s, "131041", "dead");
}

static void
another_person_gets_a_number_of_their_own(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	say_different(sim, &s);
	snprintf(s.number, sizeof(s.number), "%s",
	    double_text("arrival.state", "number"));
	assert_string_not_equal(s.number, gone.number);
	assert_recorded(sim, &gone, "012041", "moved-out");
	assert_recorded(sim, &s, "131041", "resident");
	expect_owner(sim, s.number, s.code);
	say_different(sim, &s);
	expect_settled("number", s.number);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 2);
}

static void
who_is_back_already_does_not_come_back_again(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	say_update(sim, HERE, "move-in", &gone);
	expect_nobody(sim, &s, stay());
	say_same(sim, HERE, &s, stay());
	expect_refused("not-yours");
	say_different(sim, &s);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 2);
}

static void
of_two_who_claim_to_be_one_the_second_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), a, b;

	a = arriving(sim, HANAKO);
	b = arriving(sim, HANAKO);
	come_back(sim, &a, stay());
	expect_settled("number", gone.number);
	expect_nobody(sim, &b, stay());
}

static void
updates_of_who_is_held_are_passed_over(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	tell_update(sim, THERE, "correction", &s);
	tell_update(sim, HERE, "correction", &s); /* not theirs to say */
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 0);
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_recorded(sim, &gone, "012041", "moved-out");
}

static void
a_decision_names_an_arrival_and_a_person(void **state)
{
	struct simulation *sim = *state;
	struct somebody s;

	departed(sim, HANAKO);
	s = arriving(sim, HANAKO);
	expect_nobody(sim, &s, json_object());
	/* A code that nobody asked about. */
	get_code(sim, THERE, &s);
	say_different(sim, &s);
	expect_refused("not-yours");
}

/* --- Corrections ---------------------------------------------------------- */

static void
a_wrong_same_is_taken_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	come_back(sim, &s, stay());
	say_different(sim, &s);
	snprintf(s.number, sizeof(s.number), "%s",
	    double_text("arrival.state", "number"));
	assert_string_not_equal(s.number, gone.number);
	assert_recorded(sim, &gone, "012041", "moved-out");
	assert_recorded(sim, &s, "131041", "resident");
	expect_owner(sim, s.number, s.code);
	expect_owner(sim, gone.number, gone.code);
	/* The person who was really abroad can still come back. */
	s = arriving(sim, HANAKO);
	come_back(sim, &s, stay());
	expect_settled("number", gone.number);
}

static void
who_has_moved_on_is_not_sent_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	come_back(sim, &s, stay());
	say_update(sim, THERE, "move-out", &s);
	say_different(sim, &s);
	expect_refused("not-yours");
	expect_owner(sim, gone.number, gone.code);
}

static void
a_wrong_different_is_corrected_by_the_code_that_was_found(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);
	json_t *found;

	say_different(sim, &s);
	snprintf(s.number, sizeof(s.number), "%s",
	    double_text("arrival.state", "number"));
	come_back(sim, &s, code(&gone));
	expect_settled("number", gone.number);
	expect_settled("known_code", gone.code);
	/* There is one person again, and the second number is nobody's. */
	found = look_up(sim, &s, 200);
	json_decref(found);
	expect_owner(sim, gone.number, gone.code);
	say_acquisition(sim, &s, s.number);
	assert_string_equal(
	    double_item("acquisition.refused", 0, 1), "former-number");
	/* Back and forth a third time is not for a program. */
	say_different(sim, &s);
	expect_refused("not-yours");
}

static void
who_was_numbered_in_silence_is_corrected_too(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = HANAKO;

	s.name = "別　名";
	get_code(sim, THERE, &s);
	say_arrival(sim, THERE, &s, "ベツ　メイ", "");
	expect_held(false);
	expect_nobody(sim, &s, json_object());
	expect_nobody(sim, &s, code(&s));
	come_back(sim, &s, code(&gone));
	expect_settled("number", gone.number);
}

/* Neither is a code that was only set aside ever told to the network. */
static void
who_has_another_code_since_is_left_to_people(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);
	struct somebody other = HANAKO;

	say_different(sim, &s);
	get_code(sim, THERE, &other);
	double_say(sim, THERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", s.code, other.code));
	memcpy(s.code, other.code, sizeof(s.code));
	say_same(sim, THERE, &s, code(&gone));
	expect_refused("not-yours");
	s = arriving(sim, HANAKO);
	come_back(sim, &s, stay());
	say_acquisition(sim, &gone, gone.number);
	assert_int_equal(
	    json_array_size(json_array_get(
		json_object_get(double_last("acquisition.identify"), "items"),
		0)),
	    2);
}

static void
another_birthday_is_another_person(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);

	s.birth = "1981-02-28";
	expect_nobody(sim, &s, code(&gone));
}

/* --- Attacks ---------------------------------------------------------------- */

/* A birth date and a given name bring neither names nor a number. */
static void
a_likeness_shows_nobody(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), like = HANAKO, s;
	json_t *said;

	like.name = SURNAME_CHANGED;
	like.address = "東京都新宿区歌舞伎町一丁目4番1号";
	get_code(sim, THERE, &like);
	say_arrival(sim, THERE, &like, "", "");
	expect_held(true);
	said = decision(&like, "same", stay());
	json_object_del(json_object_get(said, "attributes"), "kana");
	double_say(sim, THERE, SELF, "arrival.decided", said);
	wait_ms(sim, JUKINET_PATIENCE_MS);
	expect_refused("no-match");
	/* With all of the name, but not of the last stay. */
	s = arriving(sim, HANAKO);
	expect_nobody(sim, &s, json_object());
	expect_nobody(sim, &s, json_pack("{s:s}", "municipality", "012041"));
	expect_nobody(sim, &s,
	    json_pack(
		"{s:s,s:s}", "municipality", "131041", "left", UPDATE_DAY));
	expect_nobody(sim, &s,
	    json_pack(
		"{s:s,s:s}", "municipality", "012041", "left", "2026-10-19"));
	expect_nobody(sim, &s,
	    json_pack("{s:s,s:s}", "municipality", "012041", "address",
		"北海道旭川市"));
	assert_recorded(sim, &gone, "012041", "moved-out");
	/* The address of before is as good as the day. */
	come_back(sim, &s,
	    json_pack("{s:s,s:s}", "municipality", "012041", "address",
		gone.address));
	expect_settled("number", gone.number);
}

/* An honest city has 22 of them on its worst day; without a size known, ten of
 * 100,000 are fewer than twenty. */
static void
the_claims_of_a_day_are_limited(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), s = arriving(sim, HANAKO);
	int i;

	for (i = 0; i < 20; i++)
		say_same(sim, THERE, &s, json_object());
	expect_state("sought");
	say_same(sim, THERE, &s, stay());
	expect_refused("budget");
	assert_recorded(sim, &gone, "012041", "moved-out");
}

static void
a_likeness_is_enough_without_the_check(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), like = HANAKO;

	if (!bug_is_possible())
		skip();
	like.name = SURNAME_CHANGED;
	get_code(sim, THERE, &like);
	say_arrival(sim, THERE, &like, "アサヒカワ　ハナコ", "");
	bug_set(BUG_CLAIM_BELIEVED);
	come_back(sim, &like, json_object());
	bug_set(BUG_NONE);
	expect_settled("number", gone.number);
}

/* With a code, and invented data: neither by an update nor by a request. */
static void
a_code_takes_nobody_over(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = departed(sim, HANAKO), taken = gone;

	taken.name = "新宿　次郎";
	taken.address = "東京都新宿区歌舞伎町一丁目4番1号";
	tell_update(sim, THERE, "move-in", &taken);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_refused(sim, THERE), 1);
	double_say(sim, THERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s]]}", "items", taken.code,
		taken.name, "シンジュク　ジロウ", taken.birth, taken.sex,
		taken.address, "", ""));
	assert_string_equal(answered("refused", 1), "not-yours");
	assert_recorded(sim, &gone, "012041", "moved-out");
}

/* Lost or early news are waited for, for an hour. */
static void
who_is_not_known_to_have_left_is_waited_for(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = settle(sim, HERE, HANAKO), other = HANAKO, s;

	other.name = "別　花子";
	departed(sim, other);
	s = arriving(sim, HANAKO);
	say_same(sim, THERE, &s, code(&gone));
	expect_state("sought");
	say_update(sim, HERE, "move-out", &gone);
	wait_ms(sim, 10 * 60000);
	expect_state("asked");
	reply(sim, HERE, "agree");
	expect_settled("number", gone.number);
}

/* Unknown, another's, of somebody who is here: one text, at one time. */
static void
a_code_is_not_told_from_a_wrong_one(void **state)
{
	struct simulation *sim = *state;
	struct somebody here = settle(sim, HERE, HANAKO), nobody = HANAKO, s;
	struct somebody other = HANAKO;

	other.name = "別　花子";
	departed(sim, other);
	get_code(sim, HERE, &nobody);
	s = arriving(sim, HANAKO);
	expect_nobody(sim, &s, code(&nobody));
	expect_nobody(sim, &s, code(&here));
	expect_nobody(sim, &s, code(&s));
	expect_nobody(sim, &s, json_pack("{s:s}", "code", "00000000019"));
}

static void
an_unknown_code_is_told_without_the_check(void **state)
{
	struct simulation *sim = *state;
	struct somebody other = HANAKO, s;

	if (!bug_is_possible())
		skip();
	other.name = "別　花子";
	departed(sim, other);
	s = arriving(sim, HANAKO);
	bug_set(BUG_ANOTHERS_TOLD);
	say_same(sim, THERE, &s, json_pack("{s:s}", "code", "00000000019"));
	bug_set(BUG_NONE);
	expect_refused("no-match");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(who_is_like_nobody_is_numbered_at_once),
	    TEST(who_may_have_come_back_is_held),
	    TEST(names_are_compared_loosely),
	    TEST(only_who_is_abroad_may_come_back),
	    TEST(births_and_numbered_people_are_not_looked_at),
	    TEST(the_same_person_gets_code_and_number_back),
	    TEST(another_person_gets_a_number_of_their_own),
	    TEST(who_is_back_already_does_not_come_back_again),
	    TEST(of_two_who_claim_to_be_one_the_second_is_refused),
	    TEST(updates_of_who_is_held_are_passed_over),
	    TEST(a_decision_names_an_arrival_and_a_person),
	    TEST(a_wrong_same_is_taken_back),
	    TEST(who_has_moved_on_is_not_sent_back),
	    TEST(a_wrong_different_is_corrected_by_the_code_that_was_found),
	    TEST(who_was_numbered_in_silence_is_corrected_too),
	    TEST(who_has_another_code_since_is_left_to_people),
	    TEST(another_birthday_is_another_person),
	    TEST(a_likeness_shows_nobody),
	    TEST(the_claims_of_a_day_are_limited),
	    TEST(a_likeness_is_enough_without_the_check),
	    TEST(a_code_takes_nobody_over),
	    TEST(who_is_not_known_to_have_left_is_waited_for),
	    TEST(a_code_is_not_told_from_a_wrong_one),
	    TEST(an_unknown_code_is_told_without_the_check),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
