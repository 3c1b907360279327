/* Answers of a double, as no relay of ours would give them. */
#include "tests/support/relay_scheme.h"

static int
set_up_with_other_double(void **state)
{
	static const struct double_member members[] = {
	    {&double_network, NETWORK},
	    {&double_addressee, ADDRESSEE},
	    {&double_offices, OFFICES},
	    {&double_relay, OTHER},
	    {&double_relay, "999999/relay"},
	    {&relay_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

/* An answer of another version than was asked for is none. */
static void
another_version_than_was_asked_for_is_refused(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask_version(sim, "2025");
	permit(sim);
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			  "\"contents\":{\"income\":8}}"));
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer(
		"{\"item\":\"local-tax\",\"contents\":{\"income\":8}}"));
	assert_int_equal(double_refused(sim, OTHER), 2);
	assert_int_equal(double_count("inquiry.answered"), 0);
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2025\","
			  "\"contents\":{\"income\":9}}"));
	assert_int_equal(received_income(), 9);
}

/* An answer to another question. */
static json_t *
answer_to(const char *question)
{
	json_t *body = json_pack("{s:s,s:s,s:s}", "question",
	    double_digest(question), "outcome", "provided", "sealed", "x");

	return body;
}

static void
answers_that_we_did_not_ask_for_are_refused(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OTHER, SELF, "answer.sealed", answer_to("nobody"));
	assert_int_equal(double_refused(sim, OTHER), 1);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
	permit(sim);
	/* Not whom we asked, not the question, not sealed, not the item. */
	double_say(sim, "999999/relay", SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			  "\"contents\":{}}"));
	assert_int_equal(double_refused(sim, "999999/relay"), 1);
	double_say(sim, OTHER, SELF, "answer.sealed", answer_to("another"));
	double_say(sim, OTHER, SELF, "answer.sealed", answer("x"));
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"pension\",\"version\":\"2026\","
			  "\"contents\":{}}"));
	assert_int_equal(double_refused(sim, OTHER), 4);
	assert_int_equal(double_count("inquiry.answered"), 0);
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			  "\"contents\":{\"income\":9}}"));
	assert_int_equal(received_income(), 9);
}

static void
say_answer(struct simulation *sim, json_t *body)
{
	double_say(sim, OTHER, SELF, "answer.sealed", json_deep_copy(body));
}

static void
a_second_answer_is_refused_unless_it_is_the_first_again(void **state)
{
	struct simulation *sim = *state;
	json_t *first, *second;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
	permit(sim);
	first = sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			      "\"contents\":{\"income\":9}}");
	second = sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			       "\"contents\":{\"income\":8}}");
	say_answer(sim, first);
	say_answer(sim, first);
	assert_int_equal(double_refused(sim, OTHER), 0);
	say_answer(sim, second);
	json_put_text(first, "outcome", SLICE("no-data"));
	say_answer(sim, first);
	assert_int_equal(double_refused(sim, OTHER), 2);
	assert_int_equal(double_count("inquiry.answered"), 1);
	assert_int_equal(received_income(), 9);
	json_decref(first);
	json_decref(second);
}

/* The end that we decide is not the provider's answer; its own is. */
static void
the_providers_first_answer_after_the_end_is_its_last(void **state)
{
	struct simulation *sim = *state;
	json_t *provided;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
	permit(sim);
	simulation_run(sim, 600000 + RELAY_EXPIRY_GRACE_MS + 120000);
	provided = sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
				 "\"contents\":{\"income\":9}}");
	double_say(sim, OTHER, SELF, "answer.sealed",
	    json_pack(
		"{s:s,s:s}", "question", double_asked(), "outcome", "expired"));
	assert_int_equal(double_refused(sim, OTHER), 0);
	say_answer(sim, provided);
	assert_int_equal(double_refused(sim, OTHER), 1);
	assert_int_equal(double_count("inquiry.answered"), 1);
	json_decref(provided);
}

/* The contents go to the office as a line of a batch. */
static void
contents_may_be_sealed_in_lines(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
	permit(sim);
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\n  \"item\": \"local-tax\",\n"
			  "  \"version\": \"2026\",\n  \"form\": 1,\n"
			  "  \"contents\": {\n    \"income\": 9\n  }\n}\n"));
	assert_int_equal(received_income(), 9);
	assert_int_equal(double_refused(sim, SELF), 0);
}

static void
an_answer_to_a_refused_inquiry_is_refused(void **state)
{
	struct simulation *sim = *state;

	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
	double_say(sim, NETWORK, SELF, "inquiry.refused",
	    json_pack("{s:s,s:s}", "inquiry", INQUIRY, "reason", "no-basis"));
	double_say(sim, OTHER, SELF, "answer.sealed",
	    sealed_answer("{\"item\":\"local-tax\",\"version\":\"2026\","
			  "\"contents\":{}}"));
	assert_int_equal(double_refused(sim, OTHER), 1);
	assert_int_equal(double_count("inquiry.answered"), 1);
}

#define CASE(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, set_up_with_other_double, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(another_version_than_was_asked_for_is_refused),
	    CASE(answers_that_we_did_not_ask_for_are_refused),
	    CASE(a_second_answer_is_refused_unless_it_is_the_first_again),
	    CASE(the_providers_first_answer_after_the_end_is_its_last),
	    CASE(contents_may_be_sealed_in_lines),
	    CASE(an_answer_to_a_refused_inquiry_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
