/* The question of an inquiry, as the network takes it. */
#include "base/bug.h"
#include "tests/support/network_scheme.h"

static char asker_code[33], giver_code[33];

static void
acquire_both(struct simulation *sim)
{
	acquire(sim, ASKER, 1, asker_code);
	acquire(sim, GIVER, 1, giver_code);
}

static struct question
usual(void)
{
	return question_about("106", "local-tax", "012041");
}

static void
say(struct simulation *sim, json_t *body)
{
	double_say(sim, ASKER, SELF, "inquiry.request", body);
}

/* It is refused as a message: nobody judged it. */
static void
assert_not_taken(struct simulation *sim, struct question q)
{
	int64_t before = double_refused(sim, ASKER);

	say(sim, signed_inquiry(sim, INQUIRY, asker_code, q));
	assert_int_equal(double_refused(sim, ASKER), before + 1);
	assert_int_equal(double_count("inquiry.refused"), 0);
	assert_int_equal(double_count("permit.issued"), 0);
}

static void
a_question_is_its_senders_own(void **state)
{
	struct simulation *sim = *state;
	struct question q = usual();

	acquire_both(sim);
	q.asker = SLICE("012041");
	assert_not_taken(sim, q);
}

static void
a_question_is_neither_of_the_future_nor_over_nor_of_seconds(void **state)
{
	struct simulation *sim = *state;
	struct question q = usual();

	acquire_both(sim);
	q.asked = q.until = instant_plus(simulation_now(sim), 600000);
	assert_not_taken(sim, q);
	q = usual();
	q.asked = instant_plus(q.asked, -2 * 86400000);
	q.until = instant_plus(q.asked, 86400000);
	assert_not_taken(sim, q);
	q = usual();
	q.until = instant_plus(q.until, 60000);
	assert_not_taken(sim, q);
	q = usual();
	q.asked = instant_plus(q.asked, -1);
	assert_not_taken(sim, q);
}

static void
a_key_for_which_nothing_can_be_sealed_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct question q = usual();

	acquire_both(sim);
	q.seal = SLICE("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\","
		       "\"y\":\"AAAA\"}");
	assert_not_taken(sim, q);
}

/* The body for another person's code, under the same signed question. */
static json_t *
about_another(struct simulation *sim, const char *code)
{
	json_t *body = signed_inquiry(sim, INQUIRY, asker_code, usual());

	json_put_text(body, "code", slice_of(code));

	return body;
}

static void
a_question_is_about_the_person_of_the_code(void **state)
{
	struct simulation *sim = *state;
	char code[33], other[33];

	acquire_both(sim);
	acquire(sim, GIVER, 2, code);
	acquire(sim, ASKER, 2, other);
	say(sim, about_another(sim, other));
	assert_int_equal(double_refused(sim, ASKER), 1);
	assert_int_equal(double_count("permit.issued"), 0);
	if (!bug_is_possible())
		return;
	bug_set(BUG_QUESTION_OF_ANOTHER);
	say(sim, about_another(sim, other));
	bug_set(BUG_NONE);
	assert_int_equal(double_count("permit.issued"), 1);
}

static void
a_question_has_one_spelling(void **state)
{
	struct simulation *sim = *state;
	json_t *body;
	char text[QUESTION_MAX];

	acquire_both(sim);
	body = signed_inquiry(sim, INQUIRY, asker_code, usual());
	snprintf(text, sizeof(text), "{ %s",
	    json_string_value(json_object_get(body, "question")) + 1);
	json_put_text(body, "question", slice_of(text));
	say(sim, body);
	assert_int_equal(double_refused(sim, ASKER), 1);
}

static void
a_question_stands_in_its_sheet(void **state)
{
	struct simulation *sim = *state;
	json_t *body, *other;
	struct question q = usual();

	acquire_both(sim);
	body = signed_inquiry(sim, INQUIRY, asker_code, usual());
	q.unit = SLICE("another");
	other = signed_inquiry(sim, INQUIRY, asker_code, q);
	json_object_set(body, "sheet", json_object_get(other, "sheet"));
	say(sim, body);
	assert_int_equal(double_refused(sim, ASKER), 1);
	say(sim, other);
	assert_int_equal(double_count("permit.issued"), 1);
}

static void
a_question_waits_for_its_sheet_and_not_for_ever(void **state)
{
	struct simulation *sim = *state;
	json_t *body;

	acquire_both(sim);
	body = signed_inquiry(sim, INQUIRY, asker_code, usual());
	json_put_text(body, "sheet", SLICE(AN));
	double_tell(sim, ASKER, SELF, "inquiry.request", body);
	simulation_run(sim, 60000);
	assert_int_equal(double_refused(sim, ASKER), 0);
	simulation_run(sim, NETWORK_OVERTAKE_MS);
	assert_int_equal(double_refused(sim, ASKER), 1);
}

static void
a_sheet_is_its_senders_own(void **state)
{
	struct simulation *sim = *state;
	json_t *sheet;

	acquire_both(sim);
	json_decref(signed_inquiry(sim, INQUIRY, asker_code, usual()));
	sheet = json_pack("{s:s,s:s}", "sheet", AN, "jws", "x");
	double_say(sim, ASKER, SELF, "question.sheet", sheet);
	assert_int_equal(double_refused(sim, ASKER), 1);
}

#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_question_is_its_senders_own),
	    CASE(a_question_is_neither_of_the_future_nor_over_nor_of_seconds),
	    CASE(a_key_for_which_nothing_can_be_sealed_is_refused),
	    CASE(a_question_is_about_the_person_of_the_code),
	    CASE(a_question_has_one_spelling),
	    CASE(a_question_stands_in_its_sheet),
	    CASE(a_question_waits_for_its_sheet_and_not_for_ever),
	    CASE(a_sheet_is_its_senders_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
