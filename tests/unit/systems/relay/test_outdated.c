/*
 * Contents that are corrected after they were provided, and marks that an
 * office orders.
 */
#include "base/bug.h"
#include "relay_statements.h"
#include "tests/support/relay_scheme.h"

#define STRANGER "014010/relay"
#define SECOND_MS 1000

static int
set_up_more(void **state)
{
	struct problem problem = {0};

	set_up(state);
	if (simulation_add(*state, &double_relay, STRANGER, NULL, &problem))
		fail_msg("%s", problem.text);

	return 0;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up_more, tear_down)

/* The office's change, `at` seconds after the start. */
static void
change(struct simulation *sim, const char *kind, const char *version,
    int64_t at, int income)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(
	    (struct instant){DOUBLE_START_MS + at * SECOND_MS}, text);
	double_say(sim, OTHER_ADDRESSEE, OTHER, "replica.put",
	    json_pack("{s:s,s:s,s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax",
		"version", version, "at", text, "change", kind, "items", INT2,
		"income", income));
}

static void
provide(struct simulation *sim)
{
	acquire(sim);
	change(sim, "load", "2026", 10, 100);
	ask(sim);
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
}

static size_t
told(void)
{
	return double_count("inquiry.corrected");
}

/* --- Corrected contents ---------------------------------------------------- */

static void
who_was_given_the_old_contents_is_told(void **state)
{
	struct simulation *sim = *state;
	json_t *records;
	const json_t *row;

	provide(sim);
	change(sim, "correct", "2026", 20, 200);
	assert_int_equal(told(), 1);
	assert_string_equal(
	    double_text("inquiry.corrected", "inquiry"), INQUIRY);
	assert_string_equal(double_text("inquiry.corrected", "corrected"),
	    "2026-11-21T08:00:20.000Z");
	records = double_call(sim, SELF, HTTP_GET,
	    "/records?internal_number=" PERSON_INT, NULL, 200);
	row = json_array_get(json_object_get(records, "records"), 0);
	assert_string_equal(json_string_value(json_object_get(row, "outdated")),
	    "2026-11-21T08:00:20.000Z");
	json_decref(records);
}

static void
nothing_else_is_told(void **state)
{
	struct simulation *sim = *state;

	provide(sim);
	change(sim, "correct", "2026", 20, 100); /* as it was */
	change(sim, "replace", "2026", 30, 200);
	change(sim, "correct", "2025", 40, 300); /* not what was given */
	change(sim, "delete", "2026", 50, 0);
	assert_int_equal(told(), 0);
}

static void
each_correction_is_told_once(void **state)
{
	struct simulation *sim = *state;

	provide(sim);
	change(sim, "correct", "2026", 20, 200);
	change(sim, "correct", "2026", 20, 200);
	assert_int_equal(told(), 1);
	change(sim, "correct", "2026", 30, 300);
	assert_int_equal(told(), 2);
	/* Late, and against contents that a correction has followed since. */
	change(sim, "correct", "2026", 25, 250);
	assert_int_equal(told(), 2);
	assert_string_equal(double_text("inquiry.corrected", "corrected"),
	    "2026-11-21T08:00:30.000Z");
}

/* The replacement of 08:00:30 came first; what was given is of 08:00:10. */
static void
a_correction_that_comes_late_is_told(void **state)
{
	struct simulation *sim = *state;

	provide(sim);
	change(sim, "replace", "2026", 30, 300);
	change(sim, "correct", "2026", 20, 200);
	assert_int_equal(told(), 1);
}

static void
what_was_corrected_before_is_not_told(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	change(sim, "load", "2026", 10, 100);
	change(sim, "correct", "2026", 30, 300);
	ask(sim);
	issue(sim, issued(sim));
	change(sim, "correct", "2026", 20, 200);
	/* Nor when the very correction that was given comes again. */
	change(sim, "replace", "2026", 40, 400);
	change(sim, "correct", "2026", 30, 300);
	assert_int_equal(told(), 0);
	assert_int_equal(received_income(), 300);
}

static json_t *
news(const char *item)
{
	return json_pack("{s:s,s:s,s:s}", "question", double_asked(), "item",
	    item, "corrected", "2026-11-21T08:00:20.000Z");
}

static void
only_who_was_asked_says_so(void **state)
{
	struct simulation *sim = *state;

	provide(sim);
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(double_refused(sim, STRANGER), 1);
	assert_int_equal(told(), 0);
}

static void
ask_stranger(struct simulation *sim)
{
	double_say(sim, ADDRESSEE, SELF, "inquiry.request",
	    double_matter(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry",
		INQUIRY, "internal_number", PERSON_INT, "affair", "106", "item",
		"local-tax", "provider", "014010", "unit", "児童手当係")));
}

static void
answer_ours(struct simulation *sim)
{
	double_say(sim, STRANGER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			  "\"contents\":{\"income\":9}}"));
}

static void
news_that_overtakes_the_answer_waits_for_it(void **state)
{
	struct simulation *sim = *state;
	json_t *erased;

	acquire(sim);
	ask_stranger(sim);
	double_tell(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	simulation_run(sim, 5000);
	assert_int_equal(told(), 0);
	assert_int_equal(double_refused(sim, STRANGER), 0);
	answer_ours(sim);
	simulation_run(sim, 120000);
	assert_int_equal(told(), 1);
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(told(), 1);
	double_say(sim, STRANGER, SELF, "provision.corrected", news("pension"));
	assert_int_equal(double_refused(sim, STRANGER), 1);
	/* A record that was erased after seven years. */
	erased = news("local-tax");
	json_put_text(erased, "question", slice_of(double_digest("erased")));
	double_say(sim, STRANGER, SELF, "provision.corrected", erased);
	assert_int_equal(double_refused(sim, STRANGER), 2);
	assert_int_equal(told(), 1);
}

static void
news_of_contents_that_nobody_was_given_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask_stranger(sim);
	permit(sim);
	double_say(sim, STRANGER, SELF, "answer.sealed",
	    json_pack(
		"{s:s,s:s}", "question", double_asked(), "outcome", "no-data"));
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(double_refused(sim, STRANGER), 1);
	assert_int_equal(told(), 0);
}

static void
news_of_the_future_is_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *early;

	acquire(sim);
	ask_stranger(sim);
	early = news("local-tax");
	json_object_set_new(
	    early, "corrected", json_string("9999-12-31T00:00:00.000Z"));
	answer_ours(sim);
	double_say(sim, STRANGER, SELF, "provision.corrected", early);
	assert_int_equal(double_refused(sim, STRANGER), 1);
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(told(), 1);
}

/* Such news would be the newest for ever. */
static void
without_the_check_it_silences_what_follows(void **state)
{
	struct simulation *sim = *state;
	json_t *early;

	if (!bug_is_possible())
		skip();
	acquire(sim);
	ask_stranger(sim);
	early = news("local-tax");
	json_object_set_new(
	    early, "corrected", json_string("9999-12-31T00:00:00.000Z"));
	answer_ours(sim);
	bug_set(BUG_FUTURE_BELIEVED);
	double_say(sim, STRANGER, SELF, "provision.corrected", early);
	bug_set(BUG_NONE);
	assert_int_equal(told(), 1);
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(told(), 1);
}

static void
a_hold_beyond_any_permit_is_refused(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask_stranger(sim);
	double_say(sim, STRANGER, SELF, "inquiry.held",
	    json_pack("{s:s,s:s}", "question", double_asked(), "deadline",
		"9999-12-31T00:00:00.000Z"));
	assert_int_equal(double_refused(sim, STRANGER), 1);
}

/* The office never saw the contents. */
static void
who_took_the_question_back_is_not_told(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	ask_stranger(sim);
	double_say(sim, ADDRESSEE, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	answer_ours(sim);
	double_say(
	    sim, STRANGER, SELF, "provision.corrected", news("local-tax"));
	assert_int_equal(told(), 0);
}

/* --- Marks ------------------------------------------------------------------ */

#define MARK "44444444444444444444444444444444"

static void
order(struct simulation *sim, const char *change_, const char *kind, int64_t at)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(
	    (struct instant){DOUBLE_START_MS + at * SECOND_MS}, text);
	double_say(sim, OTHER_ADDRESSEE, OTHER, "mark.put",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "mark", MARK,
		"internal_number", INT2, "item", "", "kind", kind, "change",
		change_, "withheld",
		strcmp(kind, "undisclosed") == 0
		    ? "contents:protection:2027-03-31"
		    : "",
		"reason", "a shelter", "officer", "sato", "at", text));
}

static size_t
marks(struct simulation *sim)
{
	json_t *reply = double_call(
	    sim, OTHER, HTTP_GET, "/marks?internal_number=" INT2, NULL, 200);
	size_t n = json_array_size(json_object_get(reply, "marks"));

	json_decref(reply);

	return n;
}

static void
an_office_marks_a_person(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;
	const json_t *row;

	acquire(sim);
	order(sim, "set", "hold", 10);
	assert_string_equal(double_text("mark.done", "mark"), MARK);
	reply = double_call(
	    sim, OTHER, HTTP_GET, "/marks?internal_number=" INT2, NULL, 200);
	row = json_array_get(json_object_get(reply, "marks"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "officer")), "sato");
	assert_string_equal(
	    json_string_value(json_object_get(row, "reason")), "a shelter");
	json_decref(reply);
	ask(sim);
	permit(sim);
	issue(sim, issued(sim));
	assert_int_equal(double_progress(sim, OTHER, "held"), 1);
}

static void
the_last_order_counts_in_any_order(void **state)
{
	struct simulation *sim = *state;

	order(sim, "set", "hold", 10);
	order(sim, "remove", "hold", 30);
	assert_int_equal(marks(sim), 0);
	order(sim, "set", "hold", 20); /* late */
	assert_int_equal(marks(sim), 0);
	order(sim, "set", "hold", 30); /* of two at once, the mark */
	assert_int_equal(marks(sim), 1);
	order(sim, "remove", "hold", 30);
	assert_int_equal(marks(sim), 1);
	assert_int_equal(double_count("mark.done"), 5);
	/* Our own operator speaks now, though the office's clock is ahead. */
	order(sim, "set", "hold", 100000);
	json_decref(double_call(sim, OTHER, HTTP_POST, "/marks/remove",
	    json_pack("{s:s,s:s,s:s}", "internal_number", INT2, "kind", "hold",
		"reason", "r"),
	    200));
	assert_int_equal(marks(sim), 0);
}

/* Whether a row tells of orders of that kind. */
static enum err
find_order(struct simulation *sim, const char *kind)
{
	struct node *node = simulation_node(sim, OTHER);
	struct query q;
	enum err rc;

	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	store_query(node_store(node), RELAY_MARK_AT, &q);
	query_int(&q, "internal", 4712);
	query_text(&q, "item", SLICE(""));
	query_text(&q, "kind", slice_of(kind));
	rc = query_step(&q);
	query_done(&q);
	node_abort(node);

	return rc;
}

/* Marks stay; the trace of one that was taken away goes with the records. */
static void
only_marks_taken_away_are_erased(void **state)
{
	struct simulation *sim = *state;

	order(sim, "set", "undisclosed", 10);
	order(sim, "remove", "hold", 30);
	assert_int_equal(find_order(sim, "hold"), OK);
	double_timers(sim, OTHER, RELAY_RECORD_KEEP_MS + 86400000);
	assert_int_equal(find_order(sim, "undisclosed"), OK);
	assert_int_equal(find_order(sim, "hold"), ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(who_was_given_the_old_contents_is_told),
	    CASE(nothing_else_is_told),
	    CASE(each_correction_is_told_once),
	    CASE(a_correction_that_comes_late_is_told),
	    CASE(what_was_corrected_before_is_not_told),
	    CASE(only_who_was_asked_says_so),
	    CASE(news_that_overtakes_the_answer_waits_for_it),
	    CASE(news_of_contents_that_nobody_was_given_is_refused),
	    CASE(who_took_the_question_back_is_not_told),
	    CASE(news_of_the_future_is_refused),
	    CASE(without_the_check_it_silences_what_follows),
	    CASE(a_hold_beyond_any_permit_is_refused),
	    CASE(an_office_marks_a_person),
	    CASE(the_last_order_counts_in_any_order),
	    CASE(only_marks_taken_away_are_erased),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
