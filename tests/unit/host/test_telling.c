/* A receiver reads all that a sender writes, and a refusal is told to the
 * component that waits. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "notes_statements.h"
#include "tests/unit/host/sample/pair.h"

#define GOOD "00112233445566778899aabbccddeeff"
#define BAD "00112233445566778899aabbccddee00"
#define ASK "00112233445566778899aabbccddee11"
#define TOO_LONG "a text of more than twenty"

#define ANSWER_MAX 4000
static char answer[ANSWER_MAX]; /* to the last call */

static int
call(struct simulation *sim, const char *system, enum http_method method,
    const char *path, const char *body)
{
	struct buf text;
	int status = 0;

	buf_init(&text);
	assert_int_equal(simulation_call_raw(sim, system, method, path,
			     slice_of(body), SLICE(""), &status, &text),
	    OK);
	snprintf(answer, ANSWER_MAX, "%.*s", (int)text.len, text.data);
	buf_done(&text);

	return status;
}

static void
note(struct simulation *sim, const char *system, const char *id,
    const char *text, const char *more)
{
	char body[200];

	snprintf(body, sizeof(body), "{\"id\":\"%s\",\"text\":\"%s\"%s}", id,
	    text, more);
	assert_int_equal(call(sim, system, HTTP_POST, "/notes", body), 201);
}

static int64_t
count(struct simulation *sim, const char *system, int statement)
{
	return sample_count(simulation_node(sim, system), statement, "n");
}

static void
a_request_whose_message_would_be_refused_is_refused(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	assert_int_equal(call(sim, "a/sample", HTTP_POST, "/notes",
			     "{\"id\":\"" BAD "\",\"text\":\"" TOO_LONG "\"}"),
	    400);
	assert_non_null(
	    strstr(answer, "the message note.told would be refused"));
	assert_non_null(strstr(answer, "field text: "));
	assert_null(strstr(answer, TOO_LONG));
	assert_int_equal(count(sim, "a/sample", NOTES_NOTES), 0);
	note(sim, "a/sample", BAD, "short", "");
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(count(sim, "b/sample", NOTES_HEARD), 1);
	simulation_free(sim);
}

static void
a_bad_row_of_an_earlier_day_takes_no_others_with_it(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	note(sim, "a/sample", BAD, TOO_LONG, ",\"untold\":true");
	note(sim, "a/sample", GOOD, "short", ",\"untold\":true");
	note(sim, "b/sample", ASK, "list them", "");
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(count(sim, "b/sample", NOTES_HEARD), 1);
	assert_int_equal(
	    call(sim, "b/sample", HTTP_GET, "/heard/" GOOD, ""), 200);
	assert_int_equal(call(sim, "a/sample", HTTP_GET, "/status", ""), 200);
	assert_non_null(strstr(answer, "\"left_out\":1"));
	assert_int_equal(call(sim, "a/sample", HTTP_GET, "/metrics", ""), 200);
	assert_non_null(strstr(answer, "bango_left_out_total 1"));
	simulation_free(sim);
}

static void
a_refused_message_reaches_whoever_waits(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	note(sim, "a/sample", BAD, "refuse me", "");
	assert_int_equal(
	    call(sim, "a/sample", HTTP_GET, "/heard/" BAD "?wait=30", ""), 200);
	assert_non_null(strstr(answer, "such notes are not taken"));
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(count(sim, "a/sample", NOTES_HEARD), 1);
	simulation_free(sim);
}

/* The handler wrote a row and failed: the row is undone, and the message is
 * settled all the same. */
static void
a_refusal_that_cannot_be_told_is_settled(void **state)
{
	struct simulation *sim = pair_new(1, NULL, NULL);

	(void)state;
	note(sim, "a/sample", BAD, "refuse me in vain", "");
	note(sim, "a/sample", GOOD, "short", "");
	assert_int_equal(simulation_settle(sim, 10000), OK);
	assert_int_equal(count(sim, "a/sample", NOTES_HEARD), 0);
	assert_int_equal(count(sim, "b/sample", NOTES_HEARD), 1);
	assert_int_equal(call(sim, "a/sample", HTTP_GET, "/status", ""), 200);
	assert_non_null(strstr(answer, "\"refused\":1"));
	assert_non_null(strstr(answer, "\"waiting\":[]"));
	simulation_free(sim);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_request_whose_message_would_be_refused_is_refused),
	    cmocka_unit_test(
		a_bad_row_of_an_earlier_day_takes_no_others_with_it),
	    cmocka_unit_test(a_refused_message_reaches_whoever_waits),
	    cmocka_unit_test(a_refusal_that_cannot_be_told_is_settled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
