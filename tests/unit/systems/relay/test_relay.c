/* Acquisition, inquiry and provision between two relays. */
#include "base/bug.h"
#include "tests/support/relay_scheme.h"

/* --- Acquisition --------------------------------------------------------- */

static void
assert_linked(struct simulation *sim, int64_t linked, int64_t pending)
{
	assert_int_equal(double_progress(sim, SELF, "linked"), linked);
	assert_int_equal(double_progress(sim, SELF, "pending"), pending);
}

static void
the_link_may_come_first(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	assert_linked(sim, 0, 1);
	assert_int_equal(double_count("acquisition.done"), 0);
	say_code(sim, SELF, AN, LC);
	assert_linked(sim, 1, 0);
	assert_int_equal(double_count("acquisition.done"), 1);
}

static void
the_code_may_come_first(void **state)
{
	struct simulation *sim = *state;

	say_code(sim, SELF, AN, LC);
	assert_linked(sim, 0, 1);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	assert_linked(sim, 1, 0);
	assert_int_equal(double_count("acquisition.done"), 1);
}

static void
both_may_come_twice(void **state)
{
	struct simulation *sim = *state;

	say_code(sim, SELF, AN, LC);
	say_code(sim, SELF, AN, LC);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, "");
	assert_linked(sim, 1, 0);
}

static void
a_second_acquisition_of_a_person_ends_without_a_code(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	say_code(sim, SELF, AN2, "");
	say_link(sim, ADDRESSEE, SELF, AN2, PERSON_INT);
	assert_linked(sim, 1, 0);
	assert_int_equal(double_count("acquisition.done"), 2);
}

/* "Already held" may overtake the code itself. */
static void
already_held_waits_for_the_code_it_speaks_of(void **state)
{
	struct simulation *sim = *state;

	say_code(sim, SELF, AN, "");
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	assert_linked(sim, 0, 1);
	say_code(sim, SELF, AN, LC);
	assert_linked(sim, 1, 0);
}

static void
a_code_is_never_given_to_two_persons(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	say_link(sim, ADDRESSEE, SELF, AN2, INT2);
	say_code(sim, SELF, AN2, LC);
	assert_linked(sim, 1, 1);
	assert_int_equal(double_count("acquisition.done"), 1);
}

static void
a_person_never_gets_two_codes(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	say_link(sim, ADDRESSEE, SELF, AN2, PERSON_INT);
	say_code(sim, SELF, AN2, LC2);
	assert_linked(sim, 1, 1);
}

static void
another_persons_acquisition_number_is_refused(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_link(sim, ADDRESSEE, SELF, AN, INT2);
	assert_int_equal(double_refused(sim, ADDRESSEE), 1);
}

static void
a_refused_acquisition_is_forgotten(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	double_say(sim, ADDRESSEE, SELF, "acquisition.drop",
	    json_pack("{s:[s]}", "items", AN));
	assert_linked(sim, 0, 0);
}

static void
half_an_acquisition_is_forgotten_in_the_end(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	double_timers(sim, SELF, RELAY_HALF_KEEP_MS / 2);
	assert_linked(sim, 0, 1);
	double_timers(sim, SELF, 2 * RELAY_HALF_KEEP_MS);
	assert_linked(sim, 0, 0);
	/* But a code is said only once. */
	say_code(sim, SELF, AN, LC);
	double_timers(sim, SELF, 2 * RELAY_HALF_KEEP_MS);
	assert_linked(sim, 0, 1);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	assert_linked(sim, 1, 0);
}

static void
only_our_own_addressee_links(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, OTHER_ADDRESSEE, SELF, AN, PERSON_INT);
	assert_int_equal(double_refused(sim, OTHER_ADDRESSEE), 1);
	assert_linked(sim, 0, 0);
}

static void
progress_waits_for_codes(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	reply = double_call(
	    sim, SELF, HTTP_GET, "/progress?linked=1&wait=5", NULL, 200);
	assert_int_equal(
	    json_integer_value(json_object_get(reply, "linked")), 0);
	json_decref(reply);
	assert_true(simulation_now(sim).ms >= DOUBLE_START_MS + 5000);
}

/* --- Inquiry ------------------------------------------------------------- */

static void
an_inquiry_is_answered_from_the_newest_replica(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2025", "2026-11-21T08:00:00.000Z", 5);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	assert_string_equal(double_text("inquiry.request", "code"), LC);
	assert_null(
	    json_object_get(double_last("inquiry.request"), "internal_number"));
	permit(sim);
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
	assert_int_equal(received_income(), 6);
	assert_string_equal(
	    double_text("provision.report", "outcome"), "provided");
}

static void
the_answer_may_overtake_the_permit(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	assert_int_equal(received_income(), 6);
	permit(sim);
	permit(sim);
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_int_equal(double_refused(sim, NETWORK), 0);
	simulation_run(sim, 3600 * 1000);
	assert_int_equal(double_count("inquiry.answered"), 1);
}

static void
a_replica_that_comes_late_does_not_replace_a_newer(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:01:00.000Z", 7);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	assert_int_equal(received_income(), 7);
}

static void
a_changed_replica_is_what_is_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	put_replica(sim, "2026", "2026-11-21T08:01:00.000Z", 7);
	ask(sim);
	issue(sim, issued(sim));
	assert_int_equal(received_income(), 7);
}

static void
a_replica_that_the_catalogue_does_not_know_is_refused(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OTHER_ADDRESSEE, OTHER, "replica.put",
	    json_pack("{s:s,s:s,s:s,s:[[s,{s:i}]]}", "item", "diary", "version",
		"2026", "at", "2026-11-21T08:00:00.000Z", "items", INT2, "page",
		6));
	/* A version of taxes is a year; no form was in force in 2023. */
	put_replica(sim, "second", "2026-11-21T08:00:00.000Z", 6);
	put_replica(sim, "2026", "2023-11-21T08:00:00.000Z", 6);
	assert_int_equal(double_refused(sim, OTHER_ADDRESSEE), 3);
	assert_int_equal(double_progress(sim, OTHER, "replicas"), 0);
}

/* A question about a version, up to its answer. */
static void
exchange_version(struct simulation *sim, const char *version)
{
	ask_version(sim, version);
	permit(sim);
	issue(sim, issued(sim));
}

static void
the_version_that_was_asked_for_is_provided(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2025", "2026-11-21T08:00:00.000Z", 5);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	exchange_version(sim, "2025");
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
	assert_string_equal(double_text("inquiry.answered", "version"), "2025");
	assert_int_equal(received_income(), 5);
}

static void
who_holds_another_version_alone_says_so(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	exchange_version(sim, "2025");
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "refused");
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "other-version");
	assert_string_equal(
	    double_text("inquiry.answered", "article"), "番号法22条1項");
	assert_string_equal(
	    double_text("provision.report", "reason"), "other-version");
}

static void
who_holds_nothing_of_it_has_no_data(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	exchange_version(sim, "2025");
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "no-data");
}

static void
an_answer_says_its_version_and_form(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(double_text("inquiry.answered", "version"), "2026");
	assert_int_equal(json_integer_value(json_object_get(
			     double_last("inquiry.answered"), "form")),
	    1);
}

static void
without_a_replica_the_answer_is_no_data(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "no-data");
}

static void
without_a_code_nothing_leaves(void **state)
{
	struct simulation *sim = *state;

	ask(sim);
	assert_int_equal(double_count("inquiry.request"), 0);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "not-acquired");
	ask(sim);
	assert_int_equal(double_count("inquiry.answered"), 1);
}

static void
the_networks_refusal_is_handed_on(void **state)
{
	struct simulation *sim = *state;
	json_t *refusal;

	acquire(sim);
	ask(sim);
	refusal = json_pack("{s:s,s:s,s:s,s:s}", "inquiry", INQUIRY, "reason",
	    "no-basis", "article", "番号法19条8号", "text", "not allowed");
	double_say(sim, NETWORK, SELF, "inquiry.refused", json_incref(refusal));
	double_say(sim, NETWORK, SELF, "inquiry.refused", refusal);
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "no-basis");
	assert_string_equal(
	    double_text("inquiry.answered", "article"), "番号法19条8号");
}

/* A program before the tables of messages passed on the office's whole body. */
static void
an_inquiry_of_an_earlier_addressee_is_taken(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_say(sim, ADDRESSEE, SELF, "inquiry.request",
	    double_matter(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "inquiry",
		INQUIRY, "internal_number", PERSON_INT, "affair", "106", "item",
		"local-tax", "provider", "012041", "unit", "児童手当係",
		"deceased_confirmed", 1)));
	ask(sim);
	assert_int_equal(double_refused(sim, ADDRESSEE), 0);
	assert_string_equal(double_text("inquiry.request", "inquiry"), INQUIRY);
}

static void
an_inquiry_id_is_never_used_for_other_content(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	ask(sim);
	assert_int_equal(double_refused(sim, ADDRESSEE), 0);
	ask_version(sim, "2025");
	assert_int_equal(double_refused(sim, ADDRESSEE), 1);
	assert_int_equal(double_count("inquiry.request"), 1);
}

static void
an_inquiry_that_the_network_does_not_take_is_answered(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	double_refuses = "inquiry.request";
	ask(sim);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "refused");
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "message-refused");
	assert_non_null(strstr(double_text("inquiry.answered", "text"),
	    ": the double refuses it"));
	ask(sim);
	assert_int_equal(double_count("inquiry.answered"), 1);
}

static void
say_waiting(struct simulation *sim)
{
	double_say(sim, NETWORK, SELF, "inquiry.waiting",
	    json_pack("{s:s,s:s,s:s}", "inquiry", INQUIRY, "until",
		in(sim, 600000), "reason", "person"));
}

static void
a_wait_at_the_network_is_told_to_the_offices(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	say_waiting(sim); /* nobody asked */
	assert_int_equal(double_refused(sim, NETWORK), 1);
	ask(sim);
	say_waiting(sim);
	assert_string_equal(double_text("inquiry.held", "inquiry"), INQUIRY);
	assert_string_equal(double_text("inquiry.held", "reason"), "person");
	assert_int_equal(double_count("inquiry.answered"), 0);
	/* It ends as any other. */
	double_say(sim, NETWORK, SELF, "inquiry.refused",
	    json_pack("{s:s,s:s}", "inquiry", INQUIRY, "reason", "budget"));
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "budget");
	say_waiting(sim);
	assert_int_equal(double_count("inquiry.held"), 1);
}

static void
an_unknown_inquirys_permit_and_refusal_are_refused(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, NETWORK, SELF, "inquiry.permitted",
	    json_pack("{s:s,s:s,s:s,s:s}", "inquiry", INQUIRY, "question",
		double_digest("nobody"), "article", ARTICLE_106, "expires",
		in(sim, 600000)));
	double_say(sim, NETWORK, SELF, "inquiry.refused",
	    json_pack("{s:s,s:s}", "inquiry", INQUIRY, "reason", "no-basis"));
	assert_int_equal(double_refused(sim, NETWORK), 2);
}

static void
an_unanswered_inquiry_ends_with_its_permit(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask(sim);
	permit(sim);
	simulation_run(sim, 600000);
	assert_int_equal(double_count("inquiry.answered"), 0);
	simulation_run(sim, RELAY_EXPIRY_GRACE_MS + 120000);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "expired");
}

/* The provider's relay answered in time; the envelope was long under way. */
static void
an_answer_after_the_end_still_counts(void **state)
{
	struct simulation *sim = *state;
	json_t *late;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	permit(sim);
	simulation_run(sim, 600000 + RELAY_EXPIRY_GRACE_MS + 120000);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "expired");
	late = issued(sim);
	issue(sim, late);
	assert_int_equal(received_income(), 6);
}

/* --- Provision ----------------------------------------------------------- */

static void
a_permit_works_once(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	issue(sim, issued(sim));
	assert_int_equal(double_refused(sim, NETWORK), 0);
	body = issued(sim);
	json_put_text(body, "article", SLICE("another"));
	issue(sim, body);
	assert_int_equal(double_refused(sim, NETWORK), 1);
	assert_int_equal(double_count("provision.report"), 1);
	assert_int_equal(double_progress(sim, OTHER, "provisions"), 1);
}

static void
an_expired_permit_gets_no_contents(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	body = issued(sim);
	json_put_text(body, "expires", slice_of(in(sim, -1)));
	issue(sim, body);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "expired");
	assert_string_equal(
	    double_text("provision.report", "outcome"), "expired");
}

/* The permit may overtake our own code, but not for ever. */
static void
a_permit_waits_for_the_code_until_it_expires(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	double_tell(sim, NETWORK, OTHER, "permit.issued", issued(sim));
	simulation_run(sim, 5000);
	assert_int_equal(double_count("provision.report"), 0);
	assert_int_equal(double_refused(sim, NETWORK), 0);
	double_tell(sim, OTHER_ADDRESSEE, OTHER, "acquisition.link",
	    json_pack("{s:[[s,s]]}", "items", AN2, INT2));
	double_tell(sim, NETWORK, OTHER, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items", AN2, LC2));
	simulation_run(sim, 120000);
	assert_int_equal(received_income(), 6);
}

static void
a_permit_for_an_unknown_code_is_refused_in_the_end(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire(sim);
	ask(sim);
	body = issued(sim);
	json_put_text(body, "code", SLICE(AN));
	json_put_text(body, "expires", slice_of(in(sim, -1)));
	issue(sim, body);
	assert_int_equal(double_refused(sim, NETWORK), 1);
}

static void
records_name_both_sides(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *row;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	reply = double_call(sim, SELF, HTTP_GET,
	    "/records?internal_number=" PERSON_INT, NULL, 200);
	row = json_array_get(json_object_get(reply, "records"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "side")), "inquirer");
	assert_string_equal(
	    json_string_value(json_object_get(row, "provider")), "012041");
	json_decref(reply);
	reply = double_call(
	    sim, OTHER, HTTP_GET, "/records?internal_number=" INT2, NULL, 200);
	row = json_array_get(json_object_get(reply, "records"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "inquirer")), "131041");
	assert_string_equal(
	    json_string_value(json_object_get(row, "outcome")), "provided");
	assert_null(json_object_get(row, "contents"));
	json_decref(reply);
	json_decref(double_call(sim, SELF, HTTP_GET,
	    "/records?internal_number=000000000000000", NULL, 400));
}

static void
records_end_after_seven_years(void **state)
{
	static const int64_t after[] = {
	    RELAY_RECORD_KEEP_MS - 86400000, RELAY_RECORD_KEEP_MS + 86400000};
	static const int left[] = {1, 0};
	struct simulation *sim = *state;
	size_t i;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	for (i = 0; i < 2; i++) {
		double_timers(sim, SELF, after[i]);
		double_timers(sim, OTHER, after[i]);
		assert_int_equal(
		    double_progress(sim, SELF, "inquiries"), left[i]);
		assert_int_equal(
		    double_progress(sim, OTHER, "provisions"), left[i]);
	}
}

/* Ask for the case with another id each time. */
static void
ask_for_case(struct simulation *sim, int number, const char *opened)
{
	json_t *body = asked();
	char id[33];

	snprintf(id, sizeof(id), "%032d", number);
	json_object_set_new(body, "inquiry", json_string(id));
	json_object_set_new(
	    json_object_get(body, "case"), "opened", json_string(opened));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", body);
}

static void
a_case_is_of_today_and_of_two_years_at_most(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask_for_case(sim, 1, "2026-11-22");
	assert_string_equal(double_text("inquiry.answered", "reason"), "case");
	ask_for_case(sim, 2, "2024-11-19");
	assert_string_equal(double_text("inquiry.answered", "reason"), "case");
	assert_int_equal(double_count("inquiry.request"), 0);
	ask_for_case(sim, 3, "2026-11-21");
	ask_for_case(sim, 4, "2024-11-20");
	assert_int_equal(double_count("inquiry.request"), 2);
	bug_set(BUG_CASE_UNCHECKED);
	ask_for_case(sim, 5, "2026-11-22");
	bug_set(BUG_NONE);
	assert_int_equal(double_count("inquiry.request"), 3);
}

static void
a_case_stands_for_forty_inquiries_in_thirty_days(void **state)
{
	struct simulation *sim = *state;
	json_t *body;
	int i;

	acquire(sim);
	for (i = 1; i <= 41; i++)
		ask_for_case(sim, i, DOUBLE_DAY);
	assert_int_equal(double_count("inquiry.request"), 40);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "case-often");
	/* Another case has its own count. */
	body = asked();
	json_object_set_new(
	    json_object_get(body, "case"), "number", json_string("K2"));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", body);
	assert_int_equal(double_count("inquiry.request"), 41);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_case_is_of_today_and_of_two_years_at_most),
	    TEST(a_case_stands_for_forty_inquiries_in_thirty_days),
	    TEST(the_link_may_come_first),
	    TEST(the_code_may_come_first),
	    TEST(both_may_come_twice),
	    TEST(a_second_acquisition_of_a_person_ends_without_a_code),
	    TEST(already_held_waits_for_the_code_it_speaks_of),
	    TEST(a_code_is_never_given_to_two_persons),
	    TEST(a_person_never_gets_two_codes),
	    TEST(another_persons_acquisition_number_is_refused),
	    TEST(a_refused_acquisition_is_forgotten),
	    TEST(half_an_acquisition_is_forgotten_in_the_end),
	    TEST(only_our_own_addressee_links),
	    TEST(progress_waits_for_codes),
	    TEST(an_inquiry_is_answered_from_the_newest_replica),
	    TEST(the_answer_may_overtake_the_permit),
	    TEST(a_replica_that_comes_late_does_not_replace_a_newer),
	    TEST(a_changed_replica_is_what_is_provided),
	    TEST(a_replica_that_the_catalogue_does_not_know_is_refused),
	    TEST(the_version_that_was_asked_for_is_provided),
	    TEST(who_holds_another_version_alone_says_so),
	    TEST(who_holds_nothing_of_it_has_no_data),
	    TEST(an_answer_says_its_version_and_form),
	    TEST(without_a_replica_the_answer_is_no_data),
	    TEST(without_a_code_nothing_leaves),
	    TEST(the_networks_refusal_is_handed_on),
	    TEST(an_inquiry_of_an_earlier_addressee_is_taken),
	    TEST(an_inquiry_id_is_never_used_for_other_content),
	    TEST(an_inquiry_that_the_network_does_not_take_is_answered),
	    TEST(a_wait_at_the_network_is_told_to_the_offices),
	    TEST(an_unknown_inquirys_permit_and_refusal_are_refused),
	    TEST(an_unanswered_inquiry_ends_with_its_permit),
	    TEST(an_answer_after_the_end_still_counts),
	    TEST(a_permit_works_once),
	    TEST(an_expired_permit_gets_no_contents),
	    TEST(a_permit_waits_for_the_code_until_it_expires),
	    TEST(a_permit_for_an_unknown_code_is_refused_in_the_end),
	    TEST(records_name_both_sides),
	    TEST(records_end_after_seven_years),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
