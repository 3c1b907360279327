/*
 * The network's word alone opens nothing: the provider answers a question that
 * its asker signed, once.  The network is the enemy here, alone or with the
 * relay of an organisation.
 */
#include "base/bug.h"
#include "messages/question.h"
#include "tests/support/relay_scheme.h"

#define ANOTHER_PERMIT "44444444444444444444444444444444"

/* A person whose income the provider has, and a question that was asked. */
static void
ask_it(struct simulation *sim)
{
	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
}

static struct question
read_question(struct arena *arena, const json_t *body)
{
	struct slice text = arena_copy(arena,
	    slice_of(json_string_value(json_object_get(body, "question"))));
	struct question q;

	assert_int_equal(question_read(arena, text, &q, NULL), OK);

	return q;
}

/* Permits for `q`, which the network signs itself in the asker's name. */
static json_t *
forge(struct simulation *sim, struct arena *arena, const struct question *q)
{
	struct signing_key *key = NULL;
	json_t *body = issued(sim);
	struct sheet sheet = {.n_questions = 1};
	struct digest digest;
	struct slice text;
	struct buf jws;

	buf_init(&jws);
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(question_write(arena, q, &text, NULL), OK);
	digest = digest_of(text);
	assert_int_equal(system_id_parse(SLICE(SELF), &sheet.by), OK);
	sheet.time = simulation_now(sim);
	sheet.questions = &digest;
	assert_int_equal(sheet_sign(arena, &sheet, key, &jws), OK);
	json_put_text(body, "question", text);
	json_put_text(body, "sheet", buf_slice(&jws));
	signing_key_free(key);
	buf_done(&jws);

	return body;
}

/* The permit ends, the network is told why, and nothing leaves. */
static void
assert_invalid(struct simulation *sim, json_t *body)
{
	size_t reports = double_count("provision.report");
	size_t answers = double_count("inquiry.answered");
	int64_t provisions = double_progress(sim, OTHER, "provisions");

	issue(sim, body);
	assert_int_equal(double_refused(sim, NETWORK), 0);
	assert_int_equal(double_count("provision.report"), reports + 1);
	assert_string_equal(
	    double_text("provision.report", "outcome"), "refused");
	assert_string_equal(
	    double_text("provision.report", "reason"), "question-invalid");
	assert_int_equal(double_count("inquiry.answered"), answers);
	assert_int_equal(double_progress(sim, OTHER, "provisions"), provisions);
}

static void
a_question_that_the_network_made_opens_nothing(void **state)
{
	struct simulation *sim = *state;
	struct arena *arena = arena_new();
	struct question q;
	json_t *body;

	ask_it(sim);
	body = issued(sim);
	q = read_question(arena, body);
	q.nonce = SLICE(ANOTHER_PERMIT);
	json_decref(body);
	body = forge(sim, arena, &q);
	assert_invalid(sim, json_deep_copy(body));
	if (bug_is_possible()) {
		json_put_text(body, "permit", SLICE(ANOTHER_PERMIT));
		bug_set(BUG_QUESTION_UNSIGNED);
		issue(sim, body);
		bug_set(BUG_NONE);
		assert_string_equal(
		    double_text("provision.report", "outcome"), "provided");
	} else
		json_decref(body);
	arena_free(arena);
}

static void
nothing_of_a_signed_question_may_change(void **state)
{
	struct simulation *sim = *state;
	struct arena *arena = arena_new();
	json_t *body;
	struct question q;
	struct slice text;

	ask_it(sim);
	body = issued(sim);
	q = read_question(arena, body);
	q.item = SLICE("pension");
	assert_int_equal(question_write(arena, &q, &text, NULL), OK);
	json_put_text(body, "question", text);
	assert_invalid(sim, body);
	body = issued(sim);
	json_put_text(body, "permit", SLICE(ANOTHER_PERMIT));
	json_put_text(body, "question", SLICE("no question"));
	assert_invalid(sim, body);
	arena_free(arena);
}

static void
a_question_is_answered_once_under_whatever_permit(void **state)
{
	struct simulation *sim = *state;
	json_t *again;

	ask_it(sim);
	again = issued(sim);
	json_put_text(again, "permit", SLICE(ANOTHER_PERMIT));
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
	assert_invalid(sim, json_deep_copy(again));
	if (bug_is_possible()) {
		json_put_text(
		    again, "permit", SLICE("66666666666666666666666666666666"));
		bug_set(BUG_QUESTION_TWICE);
		issue(sim, again);
		bug_set(BUG_NONE);
		assert_string_equal(
		    double_text("provision.report", "outcome"), "provided");
	} else
		json_decref(again);
}

static void
a_question_to_another_provider_is_not_ours(void **state)
{
	struct simulation *sim = *state;
	json_t *body = asked();

	acquire(sim);
	json_put_text(body, "provider", SLICE("014010"));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", body);
	assert_invalid(sim, issued(sim));
}

static void
a_permit_ends_within_eight_days(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	ask_it(sim);
	body = issued(sim);
	json_put_text(
	    body, "expires", slice_of(in(sim, 9 * 24 * 3600ll * 1000)));
	assert_invalid(sim, body);
}

static void
a_permit_that_was_found_invalid_is_not_judged_again(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	ask_it(sim);
	body = issued(sim);
	json_put_text(body, "sheet", SLICE("no sheet"));
	assert_invalid(sim, json_deep_copy(body));
	issue(sim, json_deep_copy(body));
	assert_int_equal(double_count("provision.report"), 1);
	/* The proof is kept: the permit, and the report. */
	json_decref(body);
	body =
	    double_call(sim, OTHER, HTTP_GET, "/evidence/" PERMIT, NULL, 200);
	assert_int_equal(json_array_size(json_object_get(body, "messages")), 2);
	json_decref(body);
}

static void
sixteen_questions_stand_on_a_sheet(void **state)
{
	struct simulation *sim = *state;
	json_t *body;
	char id[33];
	int i;

	acquire(sim);
	for (i = 0; i < 17; i++) {
		body = asked();
		snprintf(id, sizeof(id), "%032d", i);
		json_put_text(body, "inquiry", slice_of(id));
		double_tell(sim, ADDRESSEE, SELF, "inquiry.request", body);
	}
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_count("inquiry.request"), 17);
	assert_true(double_count("question.sheet") >= 2);
	assert_true(double_count("question.sheet") < 17);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_question_that_the_network_made_opens_nothing),
	    TEST(nothing_of_a_signed_question_may_change),
	    TEST(a_question_is_answered_once_under_whatever_permit),
	    TEST(a_question_to_another_provider_is_not_ours),
	    TEST(a_permit_ends_within_eight_days),
	    TEST(a_permit_that_was_found_invalid_is_not_judged_again),
	    TEST(sixteen_questions_stand_on_a_sheet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
