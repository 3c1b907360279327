/* The municipality of before agrees to a claim, or an officer decides:
 * docs/decisions/0046. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define DAY_MS (24 * 3600000ll)
#define CLAIM "cc000000000000000000000000000001"
#define SECOND "cc000000000000000000000000000002"
#define ARRIVED "東京都新宿区歌舞伎町一丁目4番1号"

/* Somebody who left HERE for abroad, and an arrival THERE. */
struct case_ {
	struct simulation *sim;
	struct somebody gone, arrival;
};

static struct somebody
arriving(struct simulation *sim, const char *registry)
{
	struct somebody s = HANAKO;

	s.address = ARRIVED;
	get_code(sim, registry, &s);
	double_say(sim, registry, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s,s]]}", "items", s.code, s.name, "",
		s.birth, s.sex, s.address, "", "", "abroad"));

	return s;
}

static void
claim(struct simulation *sim, const char *registry, const char *id,
    const struct somebody *s)
{
	double_say(sim, registry, SELF, "arrival.decided",
	    json_pack("{s:s,s:s,s:s,s:{s:s,s:s},s:s,s:s,s:o}", "claim", id,
		"code", s->code, "decision", "same", "before", "municipality",
		"012041", "left", UPDATE_DAY, "evidence", "戸籍の附票",
		"officer", "係長", "attributes", person_json(s)));
}

static struct case_
claimed(struct simulation *sim)
{
	struct case_ c = {.sim = sim, .gone = settle(sim, HERE, HANAKO)};

	say_update(sim, HERE, "move-out", &c.gone);
	c.arrival = arriving(sim, THERE);
	claim(sim, THERE, CLAIM, &c.arrival);

	return c;
}

static void
reply(struct simulation *sim, const char *registry, const char *choice)
{
	double_say(sim, registry, SELF, "arrival.reply",
	    json_pack("{s:s,s:s,s:s,s:s}", "claim", CLAIM, "reply", choice,
		"reason", "除票", "officer", "主任"));
}

static void
expect_state(const char *id, const char *state)
{
	assert_string_equal(double_text("arrival.state", "claim"), id);
	assert_string_equal(double_text("arrival.state", "state"), state);
}

static void
expect_open(const struct case_ *c)
{
	assert_recorded(c->sim, &c->gone, "012041", "moved-out");
	assert_unknown(c->sim, &c->arrival);
	assert_null(json_object_get(double_last("arrival.state"), "number"));
}

static void
expect_back(const struct case_ *c, const char *id)
{
	expect_state(id, "settled");
	assert_string_equal(
	    double_text("arrival.state", "number"), c->gone.number);
	assert_string_equal(
	    double_text("arrival.state", "known_code"), c->gone.code);
	assert_recorded(c->sim, &c->arrival, "131041", "resident");
}

static void
sleep_days(const struct case_ *c, int days)
{
	simulation_leap(c->sim, days * DAY_MS);
	simulation_run(c->sim, 1000);
	assert_int_equal(simulation_settle(c->sim, 60000), OK);
}

static void
officer(struct simulation *sim, const char *id, const char *decision, int want)
{
	char path[80];

	snprintf(path, sizeof(path), "/claims/%s/decision", id);
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s}", "decision", decision, "reason",
		"戸籍の附票の写し"),
	    want);
}

/* --- Agreement --------------------------------------------------------------- */

static void
nothing_is_given_before_the_municipality_of_before_agrees(void **state)
{
	struct case_ c = claimed(*state);
	const json_t *notice = double_last("arrival.notice");

	expect_state(CLAIM, "asked");
	expect_open(&c);
	assert_int_equal(double_count("arrival.notice"), 1);
	assert_string_equal(double_text("arrival.notice", "code"), c.gone.code);
	assert_string_equal(double_text("arrival.notice", "by"), "131041");
	/* Saturday the 21st: five working days end with Friday the 27th. */
	assert_string_equal(json_string_value(json_object_get(notice, "until")),
	    "2026-11-27T15:00:00.000Z");
	reply(c.sim, HERE, "agree");
	expect_back(&c, CLAIM);
	assert_string_equal(double_text("arrival.ended", "outcome"), "settled");
}

static void
the_claimant_does_not_agree_to_its_own_claim(void **state)
{
	struct case_ c = claimed(*state);

	reply(c.sim, THERE, "agree");
	expect_state(CLAIM, "asked");
	expect_open(&c);
	/* Nor does it learn whether anybody knows that claim. */
	double_say(c.sim, THERE, SELF, "arrival.reply",
	    json_pack("{s:s,s:s}", "claim", SECOND, "reply", "agree"));
	assert_int_equal(double_refused(c.sim, THERE), 0);
}

static void
without_a_check_claims_settle_by_themselves(void **state)
{
	struct case_ c;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_CLAIM_UNASKED);
	c = claimed(*state);
	bug_set(BUG_NONE);
	expect_back(&c, CLAIM);
}

static void
without_a_check_the_claimant_agrees(void **state)
{
	struct case_ c = claimed(*state);

	if (!bug_is_possible())
		skip();
	bug_set(BUG_CLAIM_ANYBODY_AGREES);
	reply(c.sim, THERE, "agree");
	bug_set(BUG_NONE);
	expect_back(&c, CLAIM);
}

static void
an_objection_is_final_for_the_municipality(void **state)
{
	struct case_ c = claimed(*state);

	reply(c.sim, HERE, "object");
	expect_state(CLAIM, "held");
	reply(c.sim, HERE, "agree");
	expect_open(&c);
	officer(c.sim, CLAIM, "settle", 200);
	expect_back(&c, CLAIM);
}

/* --- Time -------------------------------------------------------------------- */

static void
silence_settles_nothing(void **state)
{
	struct case_ c = claimed(*state);

	officer(c.sim, CLAIM, "settle", 409);
	sleep_days(&c, 4);
	assert_int_equal(double_count("arrival.notice"), 2); /* reminded */
	expect_state(CLAIM, "asked");
	sleep_days(&c, 4);
	expect_state(CLAIM, "held");
	sleep_days(&c, 200);
	expect_state(CLAIM, "held");
	expect_open(&c);
	/* An agreement spares the officer the decision. */
	reply(c.sim, HERE, "agree");
	expect_back(&c, CLAIM);
}

static void
without_a_check_silence_settles(void **state)
{
	struct case_ c = claimed(*state);

	if (!bug_is_possible())
		skip();
	sleep_days(&c, 4);
	bug_set(BUG_CLAIM_SILENCE);
	sleep_days(&c, 4);
	bug_set(BUG_NONE);
	expect_back(&c, CLAIM);
}

static void
what_a_claim_said_is_erased_and_the_decision_kept(void **state)
{
	struct case_ c = claimed(*state);
	json_t *shown;

	reply(c.sim, HERE, "agree");
	shown = double_call(c.sim, SELF, HTTP_GET, "/claims/" CLAIM, NULL, 200);
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(shown, "attributes"), "name")),
	    c.gone.name);
	json_decref(shown);
	sleep_days(&c, 91);
	shown = double_call(c.sim, SELF, HTTP_GET, "/claims/" CLAIM, NULL, 200);
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(shown, "attributes"), "name")),
	    "");
	assert_string_equal(
	    json_string_value(json_object_get(shown, "state")), "settled");
	assert_string_equal(
	    json_string_value(json_object_get(shown, "reply_officer")), "主任");
	json_decref(shown);
}

/* --- An officer -------------------------------------------------------------- */

static void
an_officer_decides_with_a_second_one(void **state)
{
	struct case_ c = claimed(*state);
	json_t *list;

	reply(c.sim, HERE, "object");
	list = double_call(c.sim, SELF, HTTP_GET, "/claims", NULL, 200);
	assert_int_equal(json_array_size(json_object_get(list, "claims")), 1);
	json_decref(list);
	simulation_act_as(c.sim, SIMULATION_CLERK, NULL);
	officer(c.sim, CLAIM, "settle", 202);
	expect_state(CLAIM, "held");
	expect_open(&c);
}

static void
a_claim_that_an_officer_refused_is_over(void **state)
{
	struct case_ c = claimed(*state);

	officer(c.sim, SECOND, "refuse", 404);
	reply(c.sim, HERE, "object");
	officer(c.sim, CLAIM, "refuse", 200);
	expect_state(CLAIM, "refused");
	assert_string_equal(double_text("arrival.state", "reason"), "no-match");
	assert_string_equal(double_text("arrival.ended", "outcome"), "refused");
	officer(c.sim, CLAIM, "settle", 409);
	expect_open(&c);
	/* The person may be claimed anew. */
	claim(c.sim, THERE, SECOND, &c.arrival);
	expect_state(SECOND, "asked");
}

/* --- Revocation -------------------------------------------------------------- */

static void
take_keys(const struct case_ *c, const char *registry)
{
	struct problem problem = {0};

	if (simulation_revoke(c->sim, registry, "compromised", &problem))
		fail_msg("%s", problem.text);
	simulation_run(c->sim, 10000);
}

static void
a_claim_of_a_revoked_registry_is_an_officers(void **state)
{
	struct case_ c = claimed(*state);

	take_keys(&c, THERE);
	reply(c.sim, HERE, "agree");
	expect_open(&c);
	officer(c.sim, CLAIM, "refuse", 200);
	expect_open(&c);
}

static void
a_claim_about_which_a_revoked_registry_is_asked_is_an_officers(void **state)
{
	struct case_ c = claimed(*state);

	take_keys(&c, HERE);
	expect_state(CLAIM, "held");
	/* Nobody there can be asked about another one. */
	officer(c.sim, CLAIM, "refuse", 200);
	claim(c.sim, THERE, SECOND, &c.arrival);
	expect_state(SECOND, "held");
	officer(c.sim, SECOND, "settle", 200);
	expect_back(&c, SECOND);
}

static void
without_a_check_the_claim_of_a_revoked_registry_goes_on(void **state)
{
	struct case_ c = claimed(*state);

	if (!bug_is_possible())
		skip();
	bug_set(BUG_CLAIM_REVOKED);
	take_keys(&c, THERE);
	bug_set(BUG_NONE);
	reply(c.sim, HERE, "agree");
	assert_recorded(c.sim, &c.arrival, "131041", "resident");
}

/* --- More than one claim ----------------------------------------------------- */

static void
of_two_claims_an_officer_decides_the_second(void **state)
{
	struct case_ c = claimed(*state);
	struct somebody other = arriving(c.sim, THERE);

	claim(c.sim, THERE, SECOND, &other);
	expect_state(SECOND, "held");
	assert_int_equal(double_count("arrival.notice"), 1);
	reply(c.sim, HERE, "agree");
	/* The person has come back: the other claim is about nobody now. */
	assert_recorded(c.sim, &c.arrival, "131041", "resident");
	expect_state(SECOND, "refused");
}

static void
a_later_decision_takes_the_place_of_a_claim(void **state)
{
	struct case_ c = claimed(*state);

	claim(c.sim, THERE, SECOND, &c.arrival);
	expect_state(SECOND, "asked");
	assert_string_equal(double_text("arrival.ended", "claim"), CLAIM);
	assert_string_equal(
	    double_text("arrival.ended", "outcome"), "withdrawn");
	reply(c.sim, HERE, "agree"); /* too late, to the first */
	expect_open(&c);
	/* The first once more is no new claim. */
	claim(c.sim, THERE, CLAIM, &c.arrival);
	expect_state(CLAIM, "refused");
	assert_string_equal(
	    double_text("arrival.state", "reason"), "not-yours");
	/* Nor is the second one. */
	claim(c.sim, THERE, SECOND, &c.arrival);
	expect_state(SECOND, "asked");
	assert_int_equal(double_count("arrival.notice"), 2);
}

static void
a_claim_of_ones_own_former_resident_is_settled_at_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody gone = settle(sim, HERE, HANAKO), s;

	say_update(sim, HERE, "move-out", &gone);
	s = arriving(sim, HERE);
	claim(sim, HERE, CLAIM, &s);
	expect_state(CLAIM, "settled");
	assert_int_equal(double_count("arrival.notice"), 0);
	assert_recorded(sim, &s, "012041", "resident");
}

#define ARRIVALS 201 /* one more than ten days' claims */

/* Arrivals of people who are like somebody, each under a code of its own. */
static json_t *
many_arrivals(struct simulation *sim)
{
	json_t *codes, *rows = json_array(), *code;
	size_t i;

	double_say(sim, THERE, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", ARRIVALS, "request", REQUEST));
	codes = json_deep_copy(
	    json_object_get(double_last("codes.designated"), "codes"));
	json_array_foreach(codes, i, code)
	{
		json_array_append_new(rows,
		    json_pack("[O,s,s,s,s,s,s,s,s]", code, HANAKO.name, "",
			HANAKO.birth, HANAKO.sex, ARRIVED, "", "", "returned"));
	}
	double_say(sim, THERE, SELF, "numbering.request",
	    json_pack("{s:o}", "items", rows));

	return codes;
}

/* Even who may claim any number a day has no more than this open at a time. */
static void
the_open_claims_of_a_municipality_are_limited(void **state)
{
	struct simulation *sim = *state;
	json_t *codes = many_arrivals(sim), *code;
	struct somebody s = HANAKO;
	char id[33];
	size_t i;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_BUDGET_ENDLESS);
	json_array_foreach(codes, i, code)
	{
		snprintf(s.code, sizeof(s.code), "%s", json_string_value(code));
		snprintf(id, sizeof(id), "%032zx", i);
		claim(sim, THERE, id, &s);
		if (i + 1 < ARRIVALS)
			expect_state(id, "sought");
	}
	bug_set(BUG_NONE);
	json_decref(codes);
	expect_state(id, "refused");
	assert_string_equal(double_text("arrival.state", "reason"), "budget");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_is_given_before_the_municipality_of_before_agrees),
	    TEST(the_claimant_does_not_agree_to_its_own_claim),
	    TEST(without_a_check_claims_settle_by_themselves),
	    TEST(without_a_check_the_claimant_agrees),
	    TEST(an_objection_is_final_for_the_municipality),
	    TEST(silence_settles_nothing),
	    TEST(without_a_check_silence_settles),
	    TEST(what_a_claim_said_is_erased_and_the_decision_kept),
	    TEST(an_officer_decides_with_a_second_one),
	    TEST(a_claim_that_an_officer_refused_is_over),
	    TEST(a_claim_of_a_revoked_registry_is_an_officers),
	    TEST(
		a_claim_about_which_a_revoked_registry_is_asked_is_an_officers),
	    TEST(without_a_check_the_claim_of_a_revoked_registry_goes_on),
	    TEST(the_open_claims_of_a_municipality_are_limited),
	    TEST(of_two_claims_an_officer_decides_the_second),
	    TEST(a_later_decision_takes_the_place_of_a_claim),
	    TEST(a_claim_of_ones_own_former_resident_is_settled_at_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
