/* Archives of format 2: the inquirer signed the question. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/archive.h"

static int
tear_down(void **state)
{
	(void)state;
	archive_done();

	return 0;
}

static void
same(struct slice text, const char *expected)
{
	if (!slice_equal_string(text, expected))
		fail_msg("'%.*s' instead of '%s'", SLICE_ARG(text), expected);
}

static void
both_sides_tell_one_exchange(void **state)
{
	struct evidence a, b;
	struct evidence_story asked;

	(void)state;
	archive_judge(archive_2_of_inquirer(NULL), &a);
	assert_true(a.holds);
	same(a.story.inquirer.organisation, "131041");
	same(a.story.provider.organisation, "012041");
	same(a.story.inquiry, ARCHIVE_INQUIRY);
	same(a.story.permit, "");
	same(a.story.affair, "106");
	same(a.story.item, "local-tax");
	same(a.story.unit, "desk");
	same(a.story.outcome, "provided");
	asked = a.story;
	asked.holder = SLICE("131041/relay");
	asked.network.organisation = SLICE("digital");
	asked.outcome = SLICE("provided");
	archive_done();
	archive_judge(archive_2_of_provider(NULL), &b);
	assert_true(b.holds);
	same(b.story.inquiry, "");
	same(b.story.permit, ARCHIVE_PERMIT);
	same(b.story.inquirer.organisation, "131041");
	same(b.story.unit, "desk");
	/* The two archives have keys of their own: two nations, two
	 * questions. */
	assert_string_equal(evidence_differ(&asked, &b.story),
	    "the archives are about different questions");
	asked.question = b.story.question;
	assert_null(evidence_differ(&asked, &b.story));
	asked.outcome = SLICE("no-data");
	assert_string_equal(
	    evidence_differ(&asked, &b.story), "the outcomes differ");
	assert_string_equal(evidence_differ(&b.story, &b.story),
	    "both archives are of one relay");
}

static void
a_question_that_another_signed_is_refused(void **state)
{
	(void)state;
	archive_options.is_forged = true;
	archive_fails(archive_2_of_provider(NULL),
	    "the key that signed it has no certificate of 131041/relay");
	archive_done();
	archive_options.is_forged = true;
	archive_fails(archive_2_of_inquirer(NULL),
	    "the key that signed it has no certificate of 131041/relay");
}

static void
a_question_that_the_sheet_does_not_name_is_refused(void **state)
{
	(void)state;
	archive_options.is_unlisted = true;
	archive_fails(archive_2_of_provider(NULL),
	    "the question's sheet does not name the question");
}

/* A provider keeps it against the network. */
static void
a_permit_without_a_signed_question_is_a_story_of_its_own(void **state)
{
	const struct archive_line report = {ARCHIVE_PROVIDER, ARCHIVE_NETWORK,
	    "provision.report",
	    "{\"permit\":\"" ARCHIVE_PERMIT "\",\"outcome\":\"refused\","
	    "\"reason\":\"question-invalid\","
	    "\"at\":\"2026-11-21T16:53:22.000Z\"}",
	    2000, NULL, NULL};
	struct evidence found;

	(void)state;
	archive_options.is_forged = true;
	archive_judge(archive_2_of_provider(&report), &found);
	assert_true(found.holds);
	same(found.story.outcome, "refused");
	same(found.story.reason, "question-invalid");
	same(found.story.inquirer.organisation, "131041");
}

static void
an_answer_to_another_question_is_refused(void **state)
{
	struct archive_line line = archive_2_answer;

	(void)state;
	line.body =
	    "{\"question\":\"" ARCHIVE_BLIND "\",\"outcome\":\"no-data\"}";
	archive_fails(archive_2_of_inquirer(&line),
	    "the messages name more than one question");
	archive_done();
	archive_fails(archive_2_of_provider(&line),
	    "the messages name more than one question");
}

static void
another_case_is_refused(void **state)
{
	json_t *archive = archive_2_of_inquirer(NULL);

	(void)state;
	json_put_text(archive, "case", SLICE("{\"number\":\"K2\"}"));
	archive_fails(
	    archive, "the question does not name the case of the archive");
}

static void
an_answer_goes_to_the_asker_from_the_one_who_was_asked(void **state)
{
	struct archive_line line = archive_2_answer;

	(void)state;
	line.from = ARCHIVE_STRANGER;
	archive_fails(archive_2_of_inquirer(&line),
	    "042021/relay answered without an inquiry");
	archive_done();
	line = archive_2_answer;
	line.to = ARCHIVE_STRANGER;
	archive_fails(archive_2_of_provider(&line),
	    "the answer did not go to the relay that asked");
}

static void
an_answer_that_others_can_open_is_refused(void **state)
{
	struct archive_line line = archive_2_answer;

	(void)state;
	line.body = "{\"question\":\"@DIGEST@\",\"outcome\":\"provided\","
		    "\"sealed\":\"eyJraWQiOiJhbm90aGVyIn0..a.b.c\"}";
	archive_fails(archive_2_of_inquirer(&line),
	    "the answer is not sealed for the key of the request");
}

/* The formats are not mixed. */
static void
a_message_of_format_1_has_no_place_in_format_2(void **state)
{
	(void)state;
	archive_fails(archive_2_of_inquirer(&archive_answered),
	    "field permit: is not known; the fields here are question, outcome, "
	    "withheld, sealed, reason, article, text");
}

#define CASE(name) cmocka_unit_test_teardown(name, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(both_sides_tell_one_exchange),
	    CASE(a_question_that_another_signed_is_refused),
	    CASE(a_question_that_the_sheet_does_not_name_is_refused),
	    CASE(a_permit_without_a_signed_question_is_a_story_of_its_own),
	    CASE(an_answer_to_another_question_is_refused),
	    CASE(another_case_is_refused),
	    CASE(an_answer_goes_to_the_asker_from_the_one_who_was_asked),
	    CASE(an_answer_that_others_can_open_is_refused),
	    CASE(a_message_of_format_1_has_no_place_in_format_2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
