/* Permits taken back, kept from view, corrected, searched for and relinked. */
#include "tests/support/network_scheme.h"

static char asker_code[33], giver_code[33], portal_code[33];

static void
ask(struct simulation *sim)
{
	struct question q = question_about("106", "local-tax", "012041");

	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(sim, INQUIRY, asker_code, q));
}

/* A permit for person 1; its id is in the arena of the message. */
static const char *
permit(struct simulation *sim)
{
	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, giver_code);
	acquire(sim, PORTAL, 1, portal_code);
	ask(sim);

	return double_text("permit.issued", "permit");
}

static void
report(struct simulation *sim, const char *id, const char *outcome,
    const char *reason)
{
	char at[INSTANT_TEXT_MAX];

	instant_format(simulation_now(sim), at);
	double_say(sim, GIVER, SELF, "provision.report",
	    json_pack("{s:s,s:s,s:s,s:s}", "permit", id, "outcome", outcome,
		"reason", reason, "at", at));
}

/* The records that the resident sees; borrowed until the next call. */
static const json_t *
seen(struct simulation *sim)
{
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", AN, "code", portal_code));

	return json_object_get(double_last("records.answer"), "records");
}

static const char *
seen_text(struct simulation *sim, const char *key)
{
	const char *text = json_string_value(
	    json_object_get(json_array_get(seen(sim), 0), key));

	assert_non_null(text);

	return text;
}

static void
post(struct simulation *sim, const char *id, const char *what, json_t *body,
    int want)
{
	bool permit = strcmp(what, "revocation") == 0;
	char path[96];

	snprintf(path, sizeof(path), "/%s/%s/%s",
	    permit ? "permits" : "records", id, what);
	json_put_text(body, "reason", SLICE("as the committee decided"));
	double_post(sim, SELF, path, body, want);
}

/* A text in the message of that type to that system; "" if it is not there. */
static const char *
told(const char *type, const char *to, const char *key)
{
	const struct double_message *m;
	const char *text = NULL;
	size_t i;

	for (i = 0; i < double_n_messages; i++) {
		m = &double_messages[i];
		if (strcmp(m->type, type) == 0 && strcmp(m->to, to) == 0)
			text = json_string_value(json_object_get(m->body, key));
	}

	return text == NULL ? "" : text;
}

/* --- Taking back ---------------------------------------------------------- */

static void
a_revoked_permit_is_told_to_both_relays(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	post(sim, id, "revocation", json_object(), 200);
	assert_int_equal(double_count("permit.revoked"), 2);
	assert_string_equal(told("permit.revoked", GIVER, "permit"), id);
	assert_string_equal(told("permit.revoked", GIVER, "inquiry"), "");
	assert_string_equal(told("permit.revoked", ASKER, "inquiry"), INQUIRY);
	assert_string_equal(told("permit.revoked", ASKER, "permit"), "");
	assert_string_equal(
	    double_text("permit.revoked", "outcome"), "revoked");
	assert_string_equal(
	    double_text("permit.revoked", "article"), "番号法21条2項");
	assert_string_equal(seen_text(sim, "outcome"), "revoked");
	post(sim, id, "revocation", json_object(), 409);
	post(sim, AN, "revocation", json_object(), 404);
}

static void
the_provider_says_whether_it_was_faster(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	post(sim, id, "revocation", json_object(), 200);
	report(sim, id, "provided", "");
	assert_string_equal(seen_text(sim, "outcome"), "provided");
}

static void
revoke_relay(struct simulation *sim, const char *relay)
{
	struct problem problem = {0};

	if (simulation_revoke(sim, relay, "compromised", &problem))
		fail_msg("%s", problem.text);
	simulation_run(sim, 10000);
}

/* Another inquiry, whose sheet the network has. */
static json_t *
ask_next(struct simulation *sim)
{
	return signed_inquiry(
	    sim, AN, asker_code, question_about("106", "local-tax", "012041"));
}

static void
a_revoked_relays_permits_end(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);
	json_t *next = ask_next(sim);

	revoke_relay(sim, ASKER);
	assert_int_equal(double_count("permit.revoked"), 1);
	assert_string_equal(double_text("permit.revoked", "permit"), id);
	assert_string_equal(seen_text(sim, "outcome"), "revoked");
	/* It goes on asking, and nobody listens. */
	double_tell(sim, ASKER, SELF, "inquiry.request", next);
	simulation_run(sim, 60000);
	assert_int_equal(double_count("permit.issued"), 1);
}

static void
a_revoked_provider_is_asked_no_more(void **state)
{
	struct simulation *sim = *state;
	json_t *next;

	permit(sim);
	next = ask_next(sim);
	revoke_relay(sim, GIVER);
	/* The permit under way ends, and its inquirer is told. */
	assert_int_equal(double_count("permit.revoked"), 1);
	assert_string_equal(seen_text(sim, "outcome"), "revoked");
	double_say(sim, ASKER, SELF, "inquiry.request", next);
	assert_string_equal(
	    double_text("inquiry.refused", "reason"), "provider-unknown");
}

static void
what_was_provided_is_not_revoked(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	report(sim, id, "provided", "");
	post(sim, id, "revocation", json_object(), 409);
	assert_int_equal(double_count("permit.revoked"), 0);
}

static void
a_cancelled_inquiry_is_told_to_the_provider(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	double_say(sim, ASKER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	double_say(sim, ASKER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	assert_int_equal(double_count("permit.revoked"), 1);
	assert_string_equal(
	    double_text("permit.revoked", "outcome"), "cancelled");
	report(sim, id, "cancelled", "");
	assert_string_equal(seen_text(sim, "outcome"), "cancelled");
	/* Nobody cancels what another one asked. */
	double_tell(sim, GIVER, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	simulation_run(sim, 3 * NETWORK_OVERTAKE_MS);
	assert_int_equal(double_refused(sim, GIVER), 1);
}

static void
a_refusal_by_the_provider_has_its_reason(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	report(sim, id, "refused", "hold-refused");
	assert_string_equal(seen_text(sim, "outcome"), "refused");
	/* It was an issued permit, and the first report counts. */
	report(sim, id, "provided", "");
	assert_int_equal(double_refused(sim, GIVER), 1);
	assert_string_equal(seen_text(sim, "outcome"), "refused");
}

static void
a_correction_is_shown_with_the_record(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	post(sim, id, "correction",
	    json_pack("{s:s}", "note", "another unit had asked"), 200);
	assert_string_equal(
	    seen_text(sim, "correction"), "another unit had asked");
	post(sim, AN, "correction", json_pack("{s:s}", "note", "x"), 404);
}

/* --- Corrections ----------------------------------------------------------- */

/* A relay's officer corrects; `at` in seconds after now. */
static void
send_correction(struct simulation *sim, const char *from, const char *side,
    const char *record, int64_t at, const char *note)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(instant_plus(simulation_now(sim), at * 1000), text);
	double_tell(sim, from, SELF, "record.corrected",
	    json_pack("{s:s,s:s,s:s,s:s}", "side", side, "record", record,
		"corrected", text, "note", note));
}

static void
say_correction(struct simulation *sim, const char *from, const char *side,
    const char *record, int64_t at, const char *note)
{
	send_correction(sim, from, side, record, at, note);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
a_correction_is_told_to_both_relays(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	post(sim, id, "correction", json_pack("{s:s}", "note", "a"), 200);
	assert_int_equal(double_count("record.corrected"), 2);
	assert_string_equal(told("record.corrected", GIVER, "record"), id);
	assert_string_equal(
	    told("record.corrected", GIVER, "side"), "provider");
	assert_string_equal(told("record.corrected", ASKER, "record"), INQUIRY);
	assert_string_equal(
	    told("record.corrected", ASKER, "side"), "inquirer");
	assert_string_equal(double_text("record.corrected", "note"), "a");
}

static void
a_relays_correction_is_told_to_the_other(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	say_correction(sim, ASKER, "inquirer", INQUIRY, 0, "a");
	assert_int_equal(double_count("record.corrected"), 1);
	assert_string_equal(double_messages[double_n_messages - 1].to, GIVER);
	assert_string_equal(seen_text(sim, "correction"), "a");
	say_correction(sim, GIVER, "provider", id, 1, "b");
	assert_int_equal(double_count("record.corrected"), 2);
	assert_string_equal(double_text("record.corrected", "note"), "b");
	assert_string_equal(seen_text(sim, "correction"), "b");
}

/* Twice, and after what was said later. */
static void
the_last_correction_counts_in_any_order(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	say_correction(sim, GIVER, "provider", id, 100, "later");
	say_correction(sim, GIVER, "provider", id, 99, "late");
	say_correction(sim, ASKER, "inquirer", INQUIRY, 10, "earlier");
	assert_string_equal(seen_text(sim, "correction"), "later");
	assert_int_equal(double_count("record.corrected"), 1);
	assert_int_equal(double_refused(sim, GIVER), 0);
	assert_int_equal(double_refused(sim, ASKER), 0);
	/* An officer here speaks now, whatever a relay's clock says. */
	post(sim, id, "correction", json_pack("{s:s}", "note", "now"), 200);
	assert_string_equal(seen_text(sim, "correction"), "now");
}

static void
a_correction_of_the_future_is_refused(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	say_correction(sim, ASKER, "inquirer", INQUIRY, 600, "pinned");
	assert_int_equal(double_refused(sim, ASKER), 1);
	say_correction(sim, ASKER, "inquirer", INQUIRY, 299, "ahead");
	say_correction(sim, GIVER, "provider", id, 300, "ours");
	assert_string_equal(seen_text(sim, "correction"), "ours");
}

static void
an_organisation_corrects_a_record_ten_times_a_day(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);
	int i;

	for (i = 0; i < 10; i++)
		say_correction(sim, ASKER, "inquirer", INQUIRY, i, "a");
	assert_int_equal(double_count("record.corrected"), 10);
	send_correction(sim, ASKER, "inquirer", INQUIRY, 20, "too often");
	simulation_run(sim, 1000);
	assert_int_equal(double_count("record.corrected"), 10);
	assert_int_equal(double_refused(sim, ASKER), 0);
	send_correction(sim, GIVER, "provider", id, 11, "b");
	simulation_run(sim, 1000);
	assert_int_equal(double_count("record.corrected"), 11);
	/* It waits at its sender until a day has passed. */
	simulation_run(sim, 25 * 3600 * 1000);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_count("record.corrected"), 12);
	assert_string_equal(seen_text(sim, "correction"), "too often");
}

static void
who_was_not_part_of_it_corrects_nothing(void **state)
{
	struct simulation *sim = *state;
	const char *id = permit(sim);

	say_correction(sim, PENSION, "provider", id, 0, "a");
	say_correction(sim, ASKER, "provider", id, 0, "a");
	say_correction(sim, GIVER, "provider", AN, 0, "a");
	assert_int_equal(double_refused(sim, PENSION), 1);
	assert_int_equal(double_refused(sim, ASKER), 1);
	assert_int_equal(double_refused(sim, GIVER), 1);
	assert_int_equal(double_count("record.corrected"), 0);
}

/* The provider never heard of it. */
static void
a_refusals_correction_stays_with_the_inquirer(void **state)
{
	struct simulation *sim = *state;
	char record[33];

	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, PORTAL, 1, portal_code);
	ask(sim);
	assert_string_equal(
	    double_text("inquiry.refused", "reason"), "provider-no-code");
	snprintf(record, sizeof(record), "%s", seen_text(sim, "record"));
	post(sim, record, "correction", json_pack("{s:s}", "note", "a"), 200);
	assert_int_equal(double_count("record.corrected"), 1);
	say_correction(sim, ASKER, "inquirer", INQUIRY, 10, "b");
	assert_string_equal(seen_text(sim, "correction"), "b");
	assert_int_equal(double_count("record.corrected"), 1);
	say_correction(sim, GIVER, "provider", record, 20, "c");
	assert_int_equal(double_refused(sim, GIVER), 1);
}

/* --- Searches ------------------------------------------------------------- */

static void
search(struct simulation *sim, const char *code, const char *item)
{
	json_t *body =
	    signed_question(sim, code, question_about("106", item, ""));

	json_put_text(body, "search", SLICE(AN));
	double_say(sim, ASKER, SELF, "provider.search", body);
}

static size_t
found(void)
{
	return json_array_size(
	    json_object_get(double_last("provider.found"), "organisations"));
}

/* The Pension Service holds a code too, but row 106 does not name it. */
static void
a_search_finds_holders_that_the_row_allows(void **state)
{
	struct simulation *sim = *state;
	char pension[33];

	acquire(sim, ASKER, 1, asker_code);
	search(sim, asker_code, "local-tax");
	assert_int_equal(found(), 0);
	acquire(sim, GIVER, 1, giver_code);
	acquire(sim, PENSION, 1, pension);
	search(sim, asker_code, "local-tax");
	assert_int_equal(found(), 1);
	assert_string_equal(
	    json_string_value(json_array_get(
		json_object_get(double_last("provider.found"), "organisations"),
		0)),
	    "012041");
}

static void
a_search_with_anothers_code_finds_nothing(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, giver_code);
	search(sim, giver_code, "local-tax");
	assert_int_equal(found(), 0);
	assert_string_equal(double_text("provider.found", "reason"), "no-code");
	search(sim, asker_code, "blood-type");
	assert_string_equal(
	    double_text("provider.found", "reason"), "unknown-item");
	double_say(sim, ASKER, SELF, "provider.search",
	    json_pack("{s:s,s:s}", "search", AN, "code", "x"));
	assert_int_equal(double_refused(sim, ASKER), 1);
}

/* --- Relinking ------------------------------------------------------------- */

static int64_t
count(struct simulation *sim, const char *name)
{
	json_t *status = double_call(sim, SELF, HTTP_GET, "/status", NULL, 200);
	int64_t n = json_integer_value(
	    json_object_get(json_object_get(status, "counts"), name));

	json_decref(status);

	return n;
}

/* The code of `body`, who had `first` and `second` before. */
static void
acquire_recoded(struct simulation *sim, const char *relay, uint64_t body,
    uint64_t first, uint64_t second, char *ret)
{
	json_t *row = json_pack("[s,s,[]]", AN, person(body));

	json_array_append_new(
	    json_array_get(row, 2), json_string(person(first)));
	json_array_append_new(
	    json_array_get(row, 2), json_string(person(second)));
	double_say(sim, JUKINET, SELF, "acquisition.identify",
	    json_pack("{s:s,s:[o]}", "for", relay, "items", row));
	snprintf(ret, 33, "%s", double_item("acquisition.code", 0, 1));
}

static void
change_code(struct simulation *sim, uint64_t old, uint64_t new)
{
	double_say(sim, JUKINET, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", person(old), person(new)));
}

static void
a_changed_code_keeps_the_person_and_the_codes(void **state)
{
	struct simulation *sim = *state;
	char again[33];

	acquire(sim, ASKER, 1, asker_code);
	change_code(sim, 1, 2);
	change_code(sim, 1, 2);
	assert_int_equal(double_refused(sim, JUKINET), 0);
	/* Held already, under the new code and the old. */
	acquire(sim, ASKER, 2, again);
	assert_string_equal(again, "");
	acquire(sim, ASKER, 1, again);
	assert_string_equal(again, "");
	acquire(sim, GIVER, 2, giver_code);
	ask(sim);
	assert_string_equal(double_text("permit.issued", "code"), giver_code);
}

static void
a_change_before_any_acquisition_makes_one_person(void **state)
{
	struct simulation *sim = *state;

	change_code(sim, 1, 2);
	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 2, giver_code);
	ask(sim);
	assert_string_equal(double_text("permit.issued", "code"), giver_code);
}

/* Under today's code, with those of before: an acquisition that overtakes the
 * news of the change. */
static void
an_acquisition_may_overtake_the_change(void **state)
{
	struct simulation *sim = *state;
	char again[33];

	acquire(sim, ASKER, 1, asker_code);
	acquire_recoded(sim, ASKER, 3, 1, 2, again);
	assert_string_equal(again, "");
	acquire_recoded(sim, GIVER, 3, 1, 2, giver_code);
	change_code(sim, 1, 3);
	change_code(sim, 2, 3);
	change_code(sim, 1, 2);
	assert_int_equal(double_refused(sim, JUKINET), 0);
	ask(sim);
	assert_string_equal(double_text("permit.issued", "code"), giver_code);
}

static void
changes_come_in_any_order(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	/* 1 → 2 → 3 → 4, told as jukinet tells it, the last one first. */
	change_code(sim, 1, 4);
	change_code(sim, 2, 4);
	change_code(sim, 3, 4);
	change_code(sim, 1, 2);
	change_code(sim, 1, 3);
	change_code(sim, 2, 3);
	assert_int_equal(double_refused(sim, JUKINET), 0);
	acquire(sim, GIVER, 3, giver_code);
	ask(sim);
	assert_string_equal(double_text("permit.issued", "code"), giver_code);
	assert_int_equal(count(sim, "persons"), 1);
}

static void
two_persons_never_become_one(void **state)
{
	struct simulation *sim = *state;

	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, ASKER, 2, giver_code);
	change_code(sim, 1, 2);
	assert_int_equal(double_refused(sim, JUKINET), 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_revoked_permit_is_told_to_both_relays),
	    TEST(the_provider_says_whether_it_was_faster),
	    TEST(a_revoked_relays_permits_end),
	    TEST(a_revoked_provider_is_asked_no_more),
	    TEST(what_was_provided_is_not_revoked),
	    TEST(a_cancelled_inquiry_is_told_to_the_provider),
	    TEST(a_refusal_by_the_provider_has_its_reason),
	    TEST(a_correction_is_shown_with_the_record),
	    TEST(a_correction_is_told_to_both_relays),
	    TEST(a_relays_correction_is_told_to_the_other),
	    TEST(the_last_correction_counts_in_any_order),
	    TEST(a_correction_of_the_future_is_refused),
	    TEST(an_organisation_corrects_a_record_ten_times_a_day),
	    TEST(who_was_not_part_of_it_corrects_nothing),
	    TEST(a_refusals_correction_stays_with_the_inquirer),
	    TEST(a_search_finds_holders_that_the_row_allows),
	    TEST(a_search_with_anothers_code_finds_nothing),
	    TEST(a_changed_code_keeps_the_person_and_the_codes),
	    TEST(a_change_before_any_acquisition_makes_one_person),
	    TEST(an_acquisition_may_overtake_the_change),
	    TEST(changes_come_in_any_order),
	    TEST(two_persons_never_become_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
