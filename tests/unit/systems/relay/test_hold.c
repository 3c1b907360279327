/* Holds, marks, revocations and cancellations between two relays. */
#include "systems/relay/hold.h"
#include "tests/support/relay_scheme.h"

static json_t *
mark_body(const char *item, const char *kind)
{
	json_t *body = json_pack("{s:s,s:s,s:s}", "internal_number", INT2,
	    "kind", kind, "reason", "protection of a victim");

	if (item[0] != '\0')
		json_put_text(body, "item", slice_of(item));

	return body;
}

static void
mark(struct simulation *sim, const char *item, const char *kind)
{
	json_decref(double_call(
	    sim, OTHER, HTTP_POST, "/marks", mark_body(item, kind), 200));
}

/* A question about a person who is held, up to the provider's notice. */
static void
ask_held(struct simulation *sim)
{
	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	mark(sim, "", "hold");
	ask(sim);
	permit(sim);
	issue(sim, issued(sim));
}

static json_t *
decision(const char *word)
{
	return json_pack(
	    "{s:s,s:s}", "decision", word, "reason", "the parties were heard");
}

static void
decide(struct simulation *sim, const char *word, int want)
{
	double_post(
	    sim, OTHER, "/held/" PERMIT "/decision", decision(word), want);
}

/* The version that the permit named is released. */
static void
a_hold_keeps_the_version_in_mind(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2025", "2026-11-21T08:00:00.000Z", 5);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	mark(sim, "", "hold");
	ask_version(sim, "2025");
	permit(sim);
	issue(sim, issued(sim));
	assert_int_equal(double_count("inquiry.answered"), 0);
	decide(sim, "release", 200);
	assert_int_equal(received_income(), 5);
}

/* The newest record of a side, as text of a key; owned by `*ret_reply`. */
static const char *
record_text(struct simulation *sim, const char *system, const char *internal,
    const char *key, json_t **ret_reply)
{
	char path[64];

	snprintf(path, sizeof(path), "/records?internal_number=%s", internal);
	*ret_reply = double_call(sim, system, HTTP_GET, path, NULL, 200);

	return json_string_value(json_object_get(
	    json_array_get(json_object_get(*ret_reply, "records"), 0), key));
}

static void
assert_records(struct simulation *sim, const char *key, const char *want)
{
	json_t *reply;

	assert_string_equal(
	    record_text(sim, SELF, PERSON_INT, key, &reply), want);
	json_decref(reply);
	assert_string_equal(record_text(sim, OTHER, INT2, key, &reply), want);
	json_decref(reply);
}

static void
tell_revoked(struct simulation *sim, const char *to, const char *outcome)
{
	double_say(sim, NETWORK, to, "permit.revoked",
	    json_pack("{s:s,s:s,s:s,s:s}",
		strcmp(to, SELF) == 0 ? "inquiry" : "permit",
		strcmp(to, SELF) == 0 ? INQUIRY : PERMIT, "outcome", outcome,
		"article", "番号法21条2項", "text", "an error"));
}

static void
cancel(struct simulation *sim)
{
	double_say(sim, ADDRESSEE, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
}

/* --- Holds --------------------------------------------------------------- */

static void
a_held_person_is_not_answered_and_the_inquirer_is_told(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *row;

	ask_held(sim);
	assert_int_equal(double_count("inquiry.answered"), 0);
	assert_int_equal(double_count("provision.report"), 0);
	assert_string_equal(double_text("inquiry.held", "inquiry"), INQUIRY);
	/* The permit of the test lasts ten minutes, less than a hold. */
	assert_non_null(double_text("inquiry.held", "deadline"));
	assert_int_equal(double_progress(sim, OTHER, "held"), 1);
	reply = double_call(sim, OTHER, HTTP_GET, "/held", NULL, 200);
	row = json_array_get(json_object_get(reply, "held"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "permit")), PERMIT);
	assert_string_equal(
	    json_string_value(json_object_get(row, "inquirer")), "131041");
	assert_null(json_object_get(row, "notice"));
	json_decref(reply);
}

static void
a_released_answer_is_provided(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	decide(sim, "release", 200);
	assert_int_equal(received_income(), 6);
	assert_string_equal(
	    double_text("provision.report", "outcome"), "provided");
	assert_int_equal(double_progress(sim, OTHER, "held"), 0);
	assert_records(sim, "outcome", "provided");
}

static void
a_refused_one_says_so_with_its_article_and_not_why(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	decide(sim, "refuse", 200);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "refused");
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "hold-refused");
	assert_string_equal(
	    double_text("inquiry.answered", "article"), "番号法22条1項");
	assert_null(strstr(
	    double_text("inquiry.answered", "text"), "the parties were heard"));
	assert_string_equal(
	    double_text("provision.report", "outcome"), "refused");
	assert_records(sim, "outcome", "refused");
	assert_records(sim, "reason", "hold-refused");
}

static void
a_decision_is_made_once(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	decide(sim, "maybe", 400);
	decide(sim, "refuse", 200);
	decide(sim, "release", 409);
	assert_int_equal(double_count("inquiry.answered"), 1);
	json_decref(double_call(sim, OTHER, HTTP_POST, "/held/" AN "/decision",
	    decision("release"), 404));
}

static void
what_nobody_decides_is_refused_at_the_deadline(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	mark(sim, "local-tax", "hold");
	ask(sim);
	permit_until(sim, 2 * HOLD_MS);
	body = issued(sim);
	json_put_text(body, "expires", slice_of(in(sim, 2 * HOLD_MS)));
	issue(sim, body);
	simulation_run(sim, HOLD_MS - 60000);
	assert_int_equal(double_count("inquiry.answered"), 0);
	simulation_run(sim, 180000);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "hold-deadline");
	decide(sim, "release", 409);
	assert_records(sim, "reason", "hold-deadline");
}

static void
a_mark_is_for_its_item_alone_and_can_be_taken_away(void **state)
{
	struct simulation *sim = *state;

	mark(sim, "pension", "hold");
	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	mark(sim, "", "hold");
	json_decref(double_call(sim, OTHER, HTTP_POST, "/marks/remove",
	    mark_body("", "hold"), 200));
	json_decref(double_call(sim, OTHER, HTTP_POST, "/marks/remove",
	    mark_body("", "hold"), 200));
	json_decref(double_call(sim, OTHER, HTTP_POST, "/marks/remove",
	    mark_body("", "eaten"), 400));
	ask(sim);
	issue(sim, issued(sim));
	assert_int_equal(received_income(), 6);
}

static void
marks_say_who_set_them_and_of_which_kind(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *row;

	json_decref(double_call(
	    sim, OTHER, HTTP_POST, "/marks", mark_body("", "secret"), 400));
	mark(sim, "", "hold");
	reply = double_call(
	    sim, OTHER, HTTP_GET, "/marks?internal_number=" INT2, NULL, 200);
	row = json_array_get(json_object_get(reply, "marks"), 0);
	assert_true(json_string_length(json_object_get(row, "officer")) > 0);
	json_decref(reply);
}

static void
a_permit_that_is_held_is_not_taken_again(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	assert_int_equal(double_count("inquiry.held"), 1);
	issue(sim, issued(sim));
	assert_int_equal(double_refused(sim, NETWORK), 0);
	assert_int_equal(double_count("inquiry.held"), 1);
	assert_int_equal(double_progress(sim, OTHER, "held"), 1);
}

/* --- Taking back --------------------------------------------------------- */

static void
a_revoked_permit_gets_no_contents(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	permit(sim);
	tell_revoked(sim, OTHER, "revoked");
	tell_revoked(sim, SELF, "revoked");
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "revoked");
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("provision.report", "outcome"), "revoked");
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_records(sim, "outcome", "revoked");
}

/* The relay that asks is revoked; the provider is told by the list alone. */
static void
revoke_asker(struct simulation *sim)
{
	struct problem problem = {0};

	if (simulation_revoke(sim, SELF, "compromised", &problem))
		fail_msg("%s", problem.text);
	simulation_run(sim, 10000);
}

static void
nothing_is_held_for_a_revoked_relay(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;

	ask_held(sim);
	assert_int_equal(double_progress(sim, OTHER, "held"), 1);
	revoke_asker(sim);
	assert_int_equal(double_progress(sim, OTHER, "held"), 0);
	decide(sim, "release", 409);
	assert_string_equal(
	    record_text(sim, OTHER, INT2, "outcome", &reply), "revoked");
	json_decref(reply);
	assert_int_equal(double_count("inquiry.answered"), 0);
}

static void
a_permit_for_a_revoked_relay_gets_no_contents(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	revoke_asker(sim);
	/* Its key no longer signs for the question. */
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("provision.report", "reason"), "question-invalid");
	assert_int_equal(double_count("inquiry.answered"), 0);
}

static void
a_revocation_ends_a_hold(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	tell_revoked(sim, OTHER, "revoked");
	assert_int_equal(double_progress(sim, OTHER, "held"), 0);
	decide(sim, "release", 409);
	assert_records(sim, "outcome", "revoked");
}

static void
what_was_provided_stays_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	tell_revoked(sim, OTHER, "revoked");
	tell_revoked(sim, SELF, "revoked");
	assert_int_equal(double_count("provision.report"), 1);
	assert_records(sim, "outcome", "provided");
}

static void
a_revocation_of_what_we_never_asked_is_refused(void **state)
{
	struct simulation *sim = *state;

	tell_revoked(sim, SELF, "revoked");
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
a_cancelled_inquiry_is_over_and_the_network_knows(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	permit(sim);
	cancel(sim);
	cancel(sim);
	assert_string_equal(double_text("inquiry.cancel", "inquiry"), INQUIRY);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "cancelled");
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_int_equal(double_count("inquiry.cancel"), 1);
	tell_revoked(sim, OTHER, "cancelled");
	issue(sim, issued(sim));
	assert_records(sim, "outcome", "cancelled");
}

/* The provider was faster: both say so, and nobody reads it. */
static void
an_answer_after_the_cancellation_is_recorded_unread(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	cancel(sim);
	issue(sim, issued(sim));
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_null(
	    json_object_get(double_last("inquiry.answered"), "contents"));
	assert_records(sim, "outcome", "provided");
}

static void
a_cancellation_may_overtake_its_inquiry_but_not_for_ever(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_tell(sim, ADDRESSEE, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	simulation_run(sim, 5000);
	assert_int_equal(double_refused(sim, ADDRESSEE), 0);
	double_tell(sim, ADDRESSEE, SELF, "inquiry.request",
	    double_matter(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry",
		INQUIRY, "internal_number", PERSON_INT, "affair", "106", "item",
		"local-tax", "provider", "012041", "unit", "児童手当係")));
	simulation_run(sim, 600000);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "cancelled");
	double_tell(sim, ADDRESSEE, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", PERMIT));
	simulation_run(sim, 3 * RELAY_OVERTAKE_MS);
	assert_int_equal(double_refused(sim, ADDRESSEE), 1);
}

/* --- Replicas ------------------------------------------------------------ */

static void
change(struct simulation *sim, const char *kind, const char *at, int income)
{
	double_say(sim, OTHER_ADDRESSEE, OTHER, "replica.put",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:[[s,{s:i}]]}", "item",
		"local-tax", "version", "2026", "at", at, "change", kind,
		"officer", "suzuki", "items", INT2, "income", income));
}

static void
each_change_of_a_replica_is_noted_without_contents(void **state)
{
	static const char *const kinds[] = {
	    "load", "delete", "correct", "replace", "load"};
	struct simulation *sim = *state;
	json_t *reply, *rows;
	size_t i;

	change(sim, "load", "2026-11-21T08:00:00.000Z", 111222);
	change(sim, "load", "2026-11-21T08:01:00.000Z", 2);
	change(sim, "correct", "2026-11-21T08:02:00.000Z", 3);
	assert_int_equal(double_progress(sim, OTHER, "replicas"), 1);
	change(sim, "delete", "2026-11-21T08:03:00.000Z", 0);
	assert_int_equal(double_progress(sim, OTHER, "replicas"), 0);
	/* Older than the deletion: it stays deleted. */
	change(sim, "load", "2026-11-21T08:02:30.000Z", 4);
	assert_int_equal(double_progress(sim, OTHER, "replicas"), 0);
	reply = double_call(
	    sim, OTHER, HTTP_GET, "/changes?internal_number=" INT2, NULL, 200);
	rows = json_object_get(reply, "changes");
	assert_int_equal(json_array_size(rows), 5);
	for (i = 0; i < 5; i++)
		assert_string_equal(json_string_value(json_object_get(
					json_array_get(rows, i), "kind")),
		    kinds[i]);
	assert_true(
	    json_is_true(json_object_get(json_array_get(rows, 0), "late")));
	assert_string_equal(json_string_value(json_object_get(
				json_array_get(rows, 1), "officer")),
	    "suzuki");
	assert_null(json_object_get(json_array_get(rows, 0), "contents"));
	json_decref(reply);
}

static void
a_deleted_replica_is_not_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	change(sim, "load", "2026-11-21T08:00:00.000Z", 1);
	change(sim, "delete", "2026-11-21T08:03:00.000Z", 0);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "no-data");
}

/* --- Records ------------------------------------------------------------- */

static void
records_carry_their_correction(void **state)
{
	struct simulation *sim = *state;
	json_t *body = json_pack(
	    "{s:s,s:s}", "side", "inquirer", "note", "another unit had asked");

	acquire(sim);
	ask(sim);
	issue(sim, issued(sim));
	json_decref(double_call(sim, SELF, HTTP_POST,
	    "/records/" INQUIRY "/correction", json_deep_copy(body), 200));
	json_put_text(body, "side", SLICE("provider"));
	json_decref(double_call(sim, OTHER, HTTP_POST,
	    "/records/" PERMIT "/correction", json_deep_copy(body), 200));
	assert_records(sim, "correction", "another unit had asked");
	json_decref(double_call(sim, OTHER, HTTP_POST,
	    "/records/" INQUIRY "/correction", json_deep_copy(body), 404));
	json_put_text(body, "side", SLICE("both"));
	json_decref(double_call(sim, OTHER, HTTP_POST,
	    "/records/" PERMIT "/correction", body, 400));
}

static void
say_correction(
    struct simulation *sim, const char *to, int64_t at, const char *note)
{
	double_tell(sim, NETWORK, to, "record.corrected",
	    json_pack("{s:s,s:s,s:s,s:s}", "side",
		strcmp(to, SELF) == 0 ? "inquirer" : "provider", "record",
		strcmp(to, SELF) == 0 ? INQUIRY : PERMIT, "corrected",
		in(sim, at), "note", note));
	simulation_run(sim, 1000);
}

static void
our_correction_is_told_to_the_network(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	issue(sim, issued(sim));
	json_decref(
	    double_call(sim, SELF, HTTP_POST, "/records/" INQUIRY "/correction",
		json_pack("{s:s,s:s}", "side", "inquirer", "note", "a"), 200));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_string_equal(
	    double_text("record.corrected", "side"), "inquirer");
	assert_string_equal(double_text("record.corrected", "record"), INQUIRY);
	assert_string_equal(double_text("record.corrected", "note"), "a");
	json_decref(
	    double_call(sim, OTHER, HTTP_POST, "/records/" PERMIT "/correction",
		json_pack("{s:s,s:s}", "side", "provider", "note", "b"), 200));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_string_equal(double_text("record.corrected", "record"), PERMIT);
}

static void
the_networks_correction_is_ours(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	issue(sim, issued(sim));
	say_correction(sim, SELF, 0, "a");
	say_correction(sim, OTHER, 0, "a");
	assert_records(sim, "correction", "a");
	/* The last counts, in whatever order they come, and how often. */
	say_correction(sim, SELF, 9000, "c");
	say_correction(sim, SELF, 6000, "b");
	say_correction(sim, OTHER, 4000, "b");
	say_correction(sim, OTHER, 7000, "c");
	say_correction(sim, OTHER, -90000, "old");
	assert_records(sim, "correction", "c");
	assert_int_equal(double_refused(sim, NETWORK), 0);
}

/* The provider has no record until the permit ends. */
static void
a_correction_waits_for_the_record(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	say_correction(sim, OTHER, 0, "a");
	say_correction(sim, SELF, 0, "a");
	/* The newest waits here; none waits at the network. */
	say_correction(sim, OTHER, -90000, "old");
	assert_int_equal(simulation_settle(sim, 1000), OK);
	issue(sim, issued(sim));
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_records(sim, "correction", "a");
	assert_int_equal(double_refused(sim, NETWORK), 0);
}

static void
a_correction_of_the_future_does_not_pin_its_note(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	say_correction(sim, OTHER, 3600000, "early");
	issue(sim, issued(sim));
	say_correction(sim, OTHER, 3600000, "pinned");
	assert_int_equal(double_refused(sim, NETWORK), 2);
	json_decref(
	    double_call(sim, OTHER, HTTP_POST, "/records/" PERMIT "/correction",
		json_pack("{s:s,s:s}", "side", "provider", "note", "b"), 200));
	say_correction(sim, SELF, 0, "b");
	assert_records(sim, "correction", "b");
}

static size_t
changes(struct simulation *sim)
{
	json_t *reply = double_call(
	    sim, OTHER, HTTP_GET, "/changes?internal_number=" INT2, NULL, 200);
	size_t n = json_array_size(json_object_get(reply, "changes"));

	json_decref(reply);

	return n;
}

static void
changes_and_decisions_end_after_seven_years(void **state)
{
	struct simulation *sim = *state;

	ask_held(sim);
	decide(sim, "refuse", 200);
	double_timers(sim, OTHER, RELAY_RECORD_KEEP_MS - 86400000);
	assert_int_equal(changes(sim), 1);
	decide(sim, "release", 409);
	double_timers(sim, OTHER, RELAY_RECORD_KEEP_MS + 86400000);
	assert_int_equal(changes(sim), 0);
	decide(sim, "release", 404);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_hold_keeps_the_version_in_mind),
	    TEST(a_held_person_is_not_answered_and_the_inquirer_is_told),
	    TEST(a_released_answer_is_provided),
	    TEST(a_refused_one_says_so_with_its_article_and_not_why),
	    TEST(a_decision_is_made_once),
	    TEST(what_nobody_decides_is_refused_at_the_deadline),
	    TEST(a_mark_is_for_its_item_alone_and_can_be_taken_away),
	    TEST(marks_say_who_set_them_and_of_which_kind),
	    TEST(a_permit_that_is_held_is_not_taken_again),
	    TEST(a_revoked_permit_gets_no_contents),
	    TEST(nothing_is_held_for_a_revoked_relay),
	    TEST(a_permit_for_a_revoked_relay_gets_no_contents),
	    TEST(a_revocation_ends_a_hold),
	    TEST(what_was_provided_stays_provided),
	    TEST(a_revocation_of_what_we_never_asked_is_refused),
	    TEST(a_cancelled_inquiry_is_over_and_the_network_knows),
	    TEST(an_answer_after_the_cancellation_is_recorded_unread),
	    TEST(a_cancellation_may_overtake_its_inquiry_but_not_for_ever),
	    TEST(each_change_of_a_replica_is_noted_without_contents),
	    TEST(a_deleted_replica_is_not_provided),
	    TEST(records_carry_their_correction),
	    TEST(our_correction_is_told_to_the_network),
	    TEST(the_networks_correction_is_ours),
	    TEST(a_correction_waits_for_the_record),
	    TEST(a_correction_of_the_future_does_not_pin_its_note),
	    TEST(changes_and_decisions_end_after_seven_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
