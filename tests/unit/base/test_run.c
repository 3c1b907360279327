#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/run.h"

static bool
is_ascii(uint8_t c)
{
	return c < 0x80;
}

static bool
is_printable(uint8_t c)
{
	return c >= ' ' && c <= '~';
}

static bool
is_unescaped(uint8_t c)
{
	return c >= ' ' && c != '"' && c != '\\';
}

static const struct {
	size_t (*run)(struct slice s);
	bool (*is)(uint8_t c);
} kinds[] = {
    {run_of_ascii, is_ascii},
    {run_of_printable, is_printable},
    {run_of_unescaped, is_unescaped},
};

#define TEXT_MAX 20 /* two words and a rest */
#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* One place of a text, every byte value there, every kind. */
static void
try_place(size_t len, size_t at)
{
	char text[TEXT_MAX];
	size_t kind, expected;
	unsigned int c;

	memset(text, 'a', sizeof(text));
	for (c = 0; c < 256; c++) {
		text[at] = (char)c;
		for (kind = 0; kind < N_KINDS; kind++) {
			expected = kinds[kind].is((uint8_t)c) ? len : at;
			assert_int_equal(
			    kinds[kind].run(slice_bytes(text, len)), expected);
		}
	}
}

static void
a_run_ends_at_the_first_byte_of_another_kind(void **state)
{
	size_t len, at;

	(void)state;
	for (len = 1; len <= TEXT_MAX; len++)
		for (at = 0; at < len; at++)
			try_place(len, at);
}

/* Two bytes beside each other in a word: a subtraction borrows from the next
 * byte. */
static void
try_pair(uint8_t first, uint8_t second)
{
	char text[8] = {
	    'a', 'a', 'a', (char)first, (char)second, 'a', 'a', 'a'};
	size_t kind, expected;

	for (kind = 0; kind < N_KINDS; kind++) {
		expected = !kinds[kind].is(first) ? 3
		    : !kinds[kind].is(second)     ? 4
						  : sizeof(text);
		assert_int_equal(
		    kinds[kind].run(slice_bytes(text, sizeof(text))), expected);
	}
}

static void
neighbours_do_not_hide_each_other(void **state)
{
	unsigned int pair;

	(void)state;
	for (pair = 0; pair < 65536; pair++)
		try_pair((uint8_t)(pair >> 8), (uint8_t)pair);
}

static void
an_empty_text_has_no_run(void **state)
{
	size_t kind;

	(void)state;
	for (kind = 0; kind < N_KINDS; kind++)
		assert_int_equal(kinds[kind].run((struct slice){NULL, 0}), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_run_ends_at_the_first_byte_of_another_kind),
	    cmocka_unit_test(neighbours_do_not_hide_each_other),
	    cmocka_unit_test(an_empty_text_has_no_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
