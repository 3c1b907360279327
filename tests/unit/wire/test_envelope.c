#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/test_arena.h"
#include "wire/envelope.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define ID "000102030405060708090a0b0c0d0e0f"
#define TIME "2026-11-21T07:52:00.123Z"

static struct system_id
system_named(const char *text)
{
	struct system_id id;

	assert_int_equal(system_id_parse(slice_of(text), &id), OK);

	return id;
}

static void
system_ids_are_organisation_slash_system(void **state)
{
	static const char *const wrong[] = {"", "/", "a", "a/", "/a", "a/b/c",
	    "A/b", "a/B", "a/b1", "a_b/c", "a/b-c", " a/b", "a/b ",
	    "1234567890123456/a", "a/abcdefghijklmnop"};
	struct system_id id = {"untouched"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    system_id_parse(slice_of(wrong[i]), &id), ERR_INPUT);
	assert_string_equal(id.text, "untouched");
	id = system_named("123456789012-45/abcdefghijklmno");
	assert_int_equal(strlen(id.text), SYSTEM_ID_MAX);
	assert_true(
	    slice_equal_string(system_id_organisation(&id), "123456789012-45"));
}

static void
equal_system_ids_are_equal_in_whole(void **state)
{
	struct system_id a = system_named("131041/relay");
	struct system_id b = system_named("131041/relay");
	struct system_id c = system_named("131041/rela");

	(void)state;
	assert_true(system_id_equal(&a, &b));
	assert_false(system_id_equal(&a, &c));
}

static void
a_message_id_has_one_text(void **state)
{
	static const char *const wrong[] = {"", (ID "0"), ("0" ID),
	    "000102030405060708090A0B0C0D0E0F",
	    "000102030405060708090a0b0c0d0e0g",
	    "000102030405060708090a0b0c0d0e"};
	struct message_id id;
	char text[33];
	size_t i;

	(void)state;
	assert_int_equal(message_id_parse(SLICE(ID), &id), OK);
	message_id_format(&id, text);
	assert_string_equal(text, ID);
	for (i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
		    message_id_parse(slice_of(wrong[i]), &id), ERR_INPUT);
}

static void
a_message_id_is_stored_in_16_bytes(void **state)
{
	static const char bytes[17] = "0123456789abcdef";
	struct message_id id;

	(void)state;
	assert_int_equal(
	    message_id_from_bytes(slice_bytes(bytes, 16), &id), OK);
	assert_memory_equal(message_id_slice(&id).data, bytes, 16);
	assert_int_equal(message_id_slice(&id).len, 16);
	assert_int_equal(
	    message_id_from_bytes(slice_bytes(bytes, 15), &id), ERR_INPUT);
	assert_int_equal(
	    message_id_from_bytes(slice_bytes(bytes, 17), &id), ERR_INPUT);
}

static struct envelope
sample(struct slice body)
{
	struct envelope e = {.type = SLICE("numbering.request"),
	    .from = system_named("131041/registry"),
	    .to = system_named("jlis/jukinet"),
	    .time = {1795247520123},
	    .edition = 7,
	    .body = body};

	assert_int_equal(message_id_parse(SLICE(ID), &e.id), OK);

	return e;
}

static void
an_envelope_comes_back_as_it_was(void **state)
{
	struct envelope e = sample(SLICE("{\"name\":\"山\\n田\"}"));
	struct problem problem = {0};
	struct envelope back = {0};
	struct slice text;

	(void)state;
	assert_int_equal(envelope_write(arena, &e, &text), OK);
	assert_null(memchr(text.data, '\n', text.len)); /* it is one line */
	assert_int_equal(envelope_read(arena, text, &back, &problem), OK);
	assert_memory_equal(&back.id, &e.id, sizeof(e.id));
	assert_true(slice_equal(back.type, e.type));
	assert_true(system_id_equal(&back.from, &e.from));
	assert_true(system_id_equal(&back.to, &e.to));
	assert_int_equal(back.time.ms, e.time.ms);
	assert_int_equal(back.edition, 7);
	assert_true(slice_equal(back.body, e.body));
}

static void
an_envelope_beyond_its_limit_is_not_written(void **state)
{
	char *huge = arena_alloc(arena, ENVELOPE_MAX);
	struct envelope e = sample(slice_bytes(huge, ENVELOPE_MAX));
	struct slice text;

	(void)state;
	memset(huge, 'x', ENVELOPE_MAX);
	assert_int_equal(envelope_write(arena, &e, &text), ERR_TOO_LARGE);
}

#define ENVELOPE(id, type, from, to, time, body)                        \
	"{\"id\":" id ",\"type\":" type ",\"from\":" from ",\"to\":" to \
	",\"time\":" time ",\"body\":" body "}"
#define Q(text) "\"" text "\""

static void
an_envelope_must_be_well_formed(void **state)
{
	static const char *const wrong[] = {"", "{}", "[]", "null",
	    ENVELOPE("1", Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q("0001"), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q(""), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("A"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a b"), Q("a/b"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID),
		Q("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), Q("a/b"),
		Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("ab"), Q("a/b"), Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), "null", Q(TIME), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q("today"), "{}"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "[]"),
	    ENVELOPE(
		Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{},\"more\":1"),
	    ENVELOPE(
		Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{},\"edition\":0"),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME),
		"{},\"edition\":\"x\""),
	    ENVELOPE(
		Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{},\"id\":" Q(ID)),
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME), "{}") "x",
	    ENVELOPE(Q(ID), Q("a"), Q("a/b"), Q("a/b"), Q(TIME),
		"{\"a\":\"\xff\"}")};
	struct problem problem = {0};
	struct envelope e;
	size_t i;

	(void)state;
	assert_int_equal(envelope_read(arena,
			     SLICE(ENVELOPE(Q(ID), Q("a-b.c"), Q("a/b"),
				 Q("a/b"), Q(TIME), "{}")),
			     &e, &problem),
	    OK);
	assert_int_equal(e.edition, 1); /* before there were editions */
	for (i = 0; i < COUNT(wrong); i++) {
		if (envelope_read(arena, slice_of(wrong[i]), &e, &problem) !=
		    ERR_INPUT)
			fail_msg("row %zu was not refused", i);
		assert_true(problem.text[0] != '\0');
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(system_ids_are_organisation_slash_system),
	    cmocka_unit_test(equal_system_ids_are_equal_in_whole),
	    cmocka_unit_test(a_message_id_has_one_text),
	    cmocka_unit_test(a_message_id_is_stored_in_16_bytes),
	    cmocka_unit_test(an_envelope_comes_back_as_it_was),
	    cmocka_unit_test(an_envelope_beyond_its_limit_is_not_written),
	    cmocka_unit_test(an_envelope_must_be_well_formed),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
