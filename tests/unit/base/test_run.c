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

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

/* Every byte value at every place of texts of every length. */
static void
a_run_ends_at_the_first_byte_of_another_kind(void **state)
{
	char text[20];
	size_t kind, len, at;
	unsigned int c;

	(void)state;
	for (kind = 0; kind < N_KINDS; kind++)
		for (len = 1; len <= sizeof(text); len++)
			for (at = 0; at < len; at++)
				for (c = 0; c < 256; c++) {
					memset(text, 'a', sizeof(text));
					text[at] = (char)c;
					assert_int_equal(
					    kinds[kind].run(
						slice_bytes(text, len)),
					    kinds[kind].is((uint8_t)c) ? len
								       : at);
				}
}

/* A byte that stops the run hides none that does not, beside it in the same
 * word: a subtraction borrows from the next byte. */
static void
neighbours_do_not_hide_each_other(void **state)
{
	unsigned int first, second;
	char text[8];
	size_t kind;

	(void)state;
	for (kind = 0; kind < N_KINDS; kind++)
		for (first = 0; first < 256; first++)
			for (second = 0; second < 256; second++) {
				memset(text, 'a', sizeof(text));
				text[3] = (char)first;
				text[4] = (char)second;
				assert_int_equal(
				    kinds[kind].run(slice_bytes(text, 8)),
				    !kinds[kind].is((uint8_t)first)       ? 3
					: kinds[kind].is((uint8_t)second) ? 8
									  : 4);
			}
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
