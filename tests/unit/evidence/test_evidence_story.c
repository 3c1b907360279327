/* The messages of an archive, each true by itself, tell one story or none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/archive.h"

#define OTHER "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define I "\"inquiry\":\"" ARCHIVE_INQUIRY "\","
#define P "\"permit\":\"" ARCHIVE_PERMIT "\","

static int
tear_down(void **state)
{
	(void)state;
	archive_done();

	return 0;
}

/* The archive of the inquirer, ending with these. */
static json_t *
inquirer_with(const struct archive_line *a, const struct archive_line *b)
{
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_request);
	archive_say(a);
	if (b != NULL)
		archive_say(b);

	return archive_finish();
}

static json_t *
provider_with(const struct archive_line *a, const struct archive_line *b)
{
	archive_begin(ARCHIVE_PROVIDER, ARCHIVE_PERMIT);
	archive_say(&archive_issued);
	archive_say(a);
	if (b != NULL)
		archive_say(b);

	return archive_finish();
}

/* --- Told ---------------------------------------------------------------- */

static void
same(struct slice text, const char *expected)
{
	if (!slice_equal_string(text, expected))
		fail_msg("'%.*s' instead of '%s'", SLICE_ARG(text), expected);
}

static void
the_inquirers_archive_tells_it(void **state)
{
	struct evidence found;
	const struct evidence_story *s = &found.story;

	(void)state;
	archive_judge(archive_of_inquirer(), &found);
	assert_true(found.holds);
	same(s->inquirer.organisation, "131041");
	same(s->inquirer.name, "新宿区");
	same(s->provider.organisation, "012041");
	same(s->provider.name, "旭川市");
	same(s->network.organisation, "digital");
	same(s->network.name, "デジタル庁");
	same(s->holder, "131041/relay");
	same(s->inquiry, ARCHIVE_INQUIRY);
	same(s->permit, ARCHIVE_PERMIT);
	same(s->affair, "106");
	same(s->item, "local-tax");
	same(s->unit, "desk");
	same(s->article, "番号法19条8号");
	same(s->outcome, "provided");
	same(s->accepted_by, "131041/relay");
	assert_int_equal(s->requested.ms, ARCHIVE_START.ms);
	assert_int_equal(s->permitted.ms, ARCHIVE_START.ms + 1000);
	assert_int_equal(s->answered.ms, ARCHIVE_START.ms + 2000);
	assert_int_equal(s->accepted.ms, ARCHIVE_START.ms + 2000);
}

static void
the_providers_archive_tells_it(void **state)
{
	struct evidence found;
	const struct evidence_story *s = &found.story;

	(void)state;
	archive_judge(archive_of_provider(), &found);
	assert_true(found.holds);
	same(s->inquirer.organisation, "131041");
	same(s->provider.organisation, "012041");
	same(s->article, "番号法19条8号");
	same(s->outcome, "provided");
	same(s->accepted_by, "131041/relay");
	assert_int_equal(s->requested.ms, ARCHIVE_START.ms);
	/* The receipt is ten milliseconds younger than the message. */
	assert_int_equal(s->accepted.ms, ARCHIVE_START.ms + 2010);
}

static void
a_refusal_is_told_with_its_article(void **state)
{
	const struct archive_line refused = {ARCHIVE_NETWORK, ARCHIVE_INQUIRER,
	    "inquiry.refused",
	    "{" I "\"reason\":\"no-basis\",\"article\":\"番号法19条8号\","
	    "\"text\":\"no\"}",
	    1000, NULL, NULL};
	struct evidence found;

	(void)state;
	archive_judge(inquirer_with(&refused, NULL), &found);
	assert_true(found.holds);
	same(found.story.reason, "no-basis");
	same(found.story.refusal_article, "番号法19条8号");
	same(found.story.article, "");
	same(found.story.outcome, "");
	same(found.story.accepted_by, "digital/network");
	assert_int_equal(found.story.refused.ms, ARCHIVE_START.ms + 1000);
	assert_int_equal(found.story.permitted.ms, 0);
}

static void
what_the_provider_refuses_was_permitted_all_the_same(void **state)
{
	struct archive_line line = archive_answered;
	struct evidence found;

	(void)state;
	line.body = "{" P I "\"outcome\":\"refused\",\"undisclosed\":false,"
		    "\"reason\":\"hold-refused\",\"article\":\"番号法22条1項\","
		    "\"text\":\"no\"}";
	archive_judge(inquirer_with(&archive_permitted, &line), &found);
	assert_true(found.holds);
	same(found.story.article, "番号法19条8号");
	same(found.story.outcome, "refused");
	same(found.story.reason, "hold-refused");
	same(found.story.refusal_article, "番号法22条1項");
	assert_int_equal(found.story.refused.ms, 0);
}

static void
what_is_held_or_taken_back_is_part_of_it(void **state)
{
	const struct archive_line held = {ARCHIVE_PROVIDER, ARCHIVE_INQUIRER,
	    "inquiry.held", "{" P I "\"deadline\":\"" ARCHIVE_EXPIRES "\"}",
	    1500, NULL, NULL};
	const struct archive_line revoked = {ARCHIVE_NETWORK, ARCHIVE_PROVIDER,
	    "permit.revoked",
	    "{" P I "\"inquirer\":\"131041\",\"outcome\":\"revoked\","
	    "\"article\":\"\",\"text\":\"\"}",
	    1700, NULL, NULL};

	(void)state;
	archive_holds(provider_with(&held, &revoked));
	archive_done();
	archive_holds(inquirer_with(&archive_permitted, &held));
}

/* --- Not told ------------------------------------------------------------ */

static void
an_answer_after_the_expiry_is_refused(void **state)
{
	struct archive_line late = archive_answered;

	(void)state;
	late.after_ms = 8 * 60 * 1000;
	archive_fails(inquirer_with(&archive_permitted, &late),
	    "the answer was provided after the permit had expired");
	archive_done();
	archive_fails(provider_with(&late, NULL),
	    "the answer was provided after the permit had expired");
}

static void
an_answer_without_a_permit_is_refused(void **state)
{
	(void)state;
	archive_fails(inquirer_with(&archive_answered, NULL),
	    "the inquiry was answered without a permit");
}

static void
another_permit_or_inquiry_is_refused(void **state)
{
	struct archive_line line = archive_answered;

	(void)state;
	line.body = "{\"permit\":\"" OTHER "\"," I
		    "\"outcome\":\"no-data\",\"undisclosed\":false}";
	archive_fails(inquirer_with(&archive_permitted, &line),
	    "the messages name more than one permit");
	archive_done();
	line.body = "{" P "\"inquiry\":\"" OTHER
		    "\",\"outcome\":\"no-data\",\"undisclosed\":false}";
	archive_fails(inquirer_with(&archive_permitted, &line),
	    "the messages name more than one inquiry");
}

static void
an_exchange_of_another_name_is_refused(void **state)
{
	json_t *archive = archive_of_inquirer();

	(void)state;
	json_put_text(archive, "exchange", SLICE(OTHER));
	archive_fails(archive,
	    "the messages are not of the exchange that the archive "
	    "names");
}

static void
an_answer_of_one_who_was_not_asked_is_refused(void **state)
{
	struct archive_line line = archive_answered;

	(void)state;
	line.from = ARCHIVE_STRANGER;
	archive_fails(inquirer_with(&archive_permitted, &line),
	    "042021/relay answered without an inquiry");
}

static void
an_answer_to_one_who_did_not_ask_is_refused(void **state)
{
	struct archive_line line = archive_answer;

	(void)state;
	line.to = ARCHIVE_STRANGER;
	archive_fails(provider_with(&line, NULL),
	    "the answer did not go to the relay that asked");
}

static void
a_permit_of_one_who_is_not_the_network_is_refused(void **state)
{
	struct archive_line line = archive_permitted;

	(void)state;
	line.from = ARCHIVE_WITNESS;
	archive_fails(inquirer_with(&line, NULL),
	    "the message's other end is jlis/jukinet; expected a network");
}

static void
there_is_one_network(void **state)
{
	struct archive_line line = archive_permitted;

	(void)state;
	line.from = ARCHIVE_USURPER;
	archive_fails(inquirer_with(&line, NULL),
	    "the message's other end is jlis/network; in other messages it is "
	    "digital/network");
}

static void
who_is_no_relay_has_no_part(void **state)
{
	struct archive_line line = archive_request;

	(void)state;
	archive_begin(ARCHIVE_COLLEAGUE, ARCHIVE_INQUIRY);
	line.from = ARCHIVE_COLLEAGUE;
	archive_say(&line);
	archive_fails(
	    archive_finish(), "the holder 131041/addressee is not a relay");
}

static void
an_answer_that_others_can_open_is_refused(void **state)
{
	struct archive_line line = archive_answered;

	(void)state;
	/* Sealed for a key with another id. */
	line.body = "{" P I "\"outcome\":\"provided\",\"undisclosed\":false,"
		    "\"sealed\":\"eyJraWQiOiJhbm90aGVyIn0..a.b.c\"}";
	archive_fails(inquirer_with(&archive_permitted, &line),
	    "the answer is not sealed for the key of the request");
}

static void
a_report_that_differs_from_the_answer_is_refused(void **state)
{
	struct archive_line line = archive_report;

	(void)state;
	line.body = "{" P "\"outcome\":\"no-data\",\"reason\":\"\",\"at\":"
		    "\"2026-11-21T16:53:22.000Z\",\"undisclosed\":false}";
	archive_fails(provider_with(&archive_answer, &line),
	    "the report differs from the answer");
	archive_done();
	line.body = "{" P "\"outcome\":\"provided\",\"reason\":\"\",\"at\":"
		    "\"2026-11-21T16:53:23.000Z\",\"undisclosed\":false}";
	archive_fails(provider_with(&archive_answer, &line),
	    "the report differs from the answer");
}

static void
what_was_permitted_was_not_refused(void **state)
{
	const struct archive_line refused = {ARCHIVE_NETWORK, ARCHIVE_INQUIRER,
	    "inquiry.refused",
	    "{" I "\"reason\":\"no-basis\",\"article\":\"\",\"text\":\"\"}",
	    1000, NULL, NULL};

	(void)state;
	archive_fails(inquirer_with(&archive_permitted, &refused),
	    "the inquiry was both permitted and refused");
}

static void
a_message_without_a_part_is_refused(void **state)
{
	struct archive_line line = archive_answered;

	(void)state;
	line.type = "replica.put";
	archive_fails(inquirer_with(&archive_permitted, &line),
	    "a message replica.put has no place in an exchange at "
	    "this relay");
}

/* An archive of a day when such texts were taken keeps its worth, and commands
 * no terminal. */
static void
a_text_of_an_earlier_day_is_told_printable(void **state)
{
	struct archive_line line = archive_request;
	struct evidence found;

	(void)state;
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	line.body =
	    "{" I "\"code\":\"" ARCHIVE_INQUIRY
	    "\",\"affair\":\"106\",\"item\":\"local-tax\","
	    "\"provider\":\"012041\",\"unit\":\"\\u001b[2J\",\"undisclosed\":false,"
	    "\"sealing_key\":@KEY@}";
	archive_say(&line);
	archive_say(&archive_permitted);
	archive_say(&archive_answered);
	archive_judge(archive_finish(), &found);
	assert_true(found.holds);
	same(found.story.unit, "?[2J");
}

static void
without_its_beginning_there_is_no_story(void **state)
{
	(void)state;
	archive_begin(ARCHIVE_INQUIRER, ARCHIVE_INQUIRY);
	archive_say(&archive_permitted);
	archive_fails(archive_finish(),
	    "the archive has neither the request nor the "
	    "permit");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_teardown(
		the_inquirers_archive_tells_it, tear_down),
	    cmocka_unit_test_teardown(
		the_providers_archive_tells_it, tear_down),
	    cmocka_unit_test_teardown(
		a_refusal_is_told_with_its_article, tear_down),
	    cmocka_unit_test_teardown(
		what_the_provider_refuses_was_permitted_all_the_same,
		tear_down),
	    cmocka_unit_test_teardown(
		what_is_held_or_taken_back_is_part_of_it, tear_down),
	    cmocka_unit_test_teardown(
		an_answer_after_the_expiry_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		an_answer_without_a_permit_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		another_permit_or_inquiry_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		an_exchange_of_another_name_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		an_answer_of_one_who_was_not_asked_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		an_answer_to_one_who_did_not_ask_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		a_permit_of_one_who_is_not_the_network_is_refused, tear_down),
	    cmocka_unit_test_teardown(there_is_one_network, tear_down),
	    cmocka_unit_test_teardown(who_is_no_relay_has_no_part, tear_down),
	    cmocka_unit_test_teardown(
		an_answer_that_others_can_open_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		a_report_that_differs_from_the_answer_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		what_was_permitted_was_not_refused, tear_down),
	    cmocka_unit_test_teardown(
		a_message_without_a_part_is_refused, tear_down),
	    cmocka_unit_test_teardown(
		a_text_of_an_earlier_day_is_told_printable, tear_down),
	    cmocka_unit_test_teardown(
		without_its_beginning_there_is_no_story, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
