#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "base/encode.h"
#include "base/file.h"
#include "number/ff1.h"
#include "number/notation.h"

static const char key[32] = "a key for tests of 32 bytes, ok.";

static void
init(struct ff1 *ff1, unsigned int radix)
{
	assert_int_equal(
	    ff1_init(slice_bytes(key, sizeof(key)), radix, ff1, NULL), OK);
}

/* A field in hexadecimal; "-" is empty. */
static void
read_hex(struct slice field, struct buf *ret)
{
	buf_clear(ret);
	if (!slice_equal_string(field, "-"))
		assert_int_equal(hex_decode(field, ret), OK);
}

/* key tweak radix plain cipher */
static void
run_vector(struct slice line)
{
	struct slice fields[5];
	struct buf key_bytes, tweak;
	struct ff1 ff1;
	uint64_t radix;
	char out[64];
	size_t i;

	for (i = 0; i < 5; i++)
		fields[i] = slice_cut(&line, ' ');
	buf_init(&key_bytes);
	buf_init(&tweak);
	read_hex(fields[0], &key_bytes);
	read_hex(fields[1], &tweak);
	assert_int_equal(slice_to_u64(fields[2], 36, &radix), OK);
	assert_int_equal(
	    ff1_init(buf_slice(&key_bytes), (unsigned int)radix, &ff1, NULL),
	    OK);
	assert_int_equal(
	    ff1_encrypt(&ff1, buf_slice(&tweak), fields[3], out, NULL), OK);
	assert_memory_equal(out, fields[4].data, fields[4].len);
	assert_int_equal(
	    ff1_decrypt(&ff1, buf_slice(&tweak), fields[4], out, NULL), OK);
	assert_memory_equal(out, fields[3].data, fields[3].len);
	ff1_done(&ff1);
	buf_done(&tweak);
	buf_done(&key_bytes);
}

static void
the_samples_of_nist_come_out(void **state)
{
	struct slice rest, line;
	struct buf file;
	size_t vectors = 0;

	(void)state;
	buf_init(&file);
	assert_int_equal(
	    file_read("tests/unit/number/ff1_vectors.txt", 65536, &file, NULL),
	    OK);
	rest = buf_slice(&file);
	while (rest.len > 0) {
		line = slice_cut(&rest, '\n');
		if (line.len == 0 || line.data[0] == '#')
			continue;
		run_vector(line);
		vectors++;
	}
	assert_int_equal(vectors, 9);
	buf_done(&file);
}

/* Text of the greatest numerals, and back; in place. */
static void
round_trip(const struct ff1 *ff1, size_t len, struct slice tweak)
{
	static char text[FF1_TEXT_MAX], start[FF1_TEXT_MAX];
	struct slice s = {text, len};
	size_t i;

	for (i = 0; i < len; i++)
		text[i] = "0123456789abcdefghijklmnopqrstuvwxyz"[(i * 7 + len) %
		    ff1->radix];
	memcpy(start, text, len);
	assert_int_equal(ff1_encrypt(ff1, tweak, s, text, NULL), OK);
	assert_true(memcmp(text, start, len) != 0);
	assert_int_equal(ff1_decrypt(ff1, tweak, s, text, NULL), OK);
	assert_memory_equal(text, start, len);
}

static void
every_radix_and_length_comes_back(void **state)
{
	static const char tweak[40] = "tweak";
	struct ff1 ff1;
	unsigned int radix;
	size_t len, min;

	(void)state;
	for (radix = FF1_RADIX_MIN; radix <= FF1_RADIX_MAX; radix++) {
		init(&ff1, radix);
		min = ff1_text_min(&ff1);
		for (len = min; len < min + 60; len++)
			round_trip(&ff1, len, slice_bytes(tweak, len % 40));
		ff1_done(&ff1);
	}
}

static void
the_longest_text_and_tweak_come_back(void **state)
{
	static char tweak[FF1_TWEAK_MAX];
	struct ff1 ff1;

	(void)state;
	init(&ff1, 36);
	round_trip(&ff1, FF1_TEXT_MAX, SLICE(""));
	round_trip(&ff1, 11, slice_bytes(tweak, sizeof(tweak)));
	ff1_done(&ff1);
}

static void
different_texts_stay_different(void **state)
{
	static bool seen[1000000];
	struct ff1 ff1;
	char text[6];
	struct slice s = {text, sizeof(text)};
	uint64_t value, i;

	(void)state;
	init(&ff1, 10);
	for (i = 0; i < 5000; i++) {
		notation_write(i, text, 6);
		assert_int_equal(
		    ff1_encrypt(&ff1, SLICE(""), s, text, NULL), OK);
		assert_int_equal(slice_to_u64(s, 999999, &value), OK);
		assert_false(seen[value]);
		seen[value] = true;
	}
	ff1_done(&ff1);
}

static void
the_domain_has_a_million_members_at_least(void **state)
{
	static const struct {
		unsigned int radix;
		size_t min;
	} expected[] = {
	    {2, 20}, {9, 7}, {10, 6}, {16, 5}, {31, 5}, {32, 4}, {36, 4}};
	struct problem problem;
	struct ff1 ff1;
	char out[32] = "untouched";
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		init(&ff1, expected[i].radix);
		assert_int_equal(ff1_text_min(&ff1), expected[i].min);
		assert_int_equal(ff1_encrypt(&ff1, SLICE(""),
				     slice_bytes("00000000000000000000",
					 expected[i].min - 1),
				     out, &problem),
		    ERR_INPUT);
		assert_non_null(strstr(problem.text, "1000000"));
		assert_string_equal(out, "untouched");
		assert_int_equal(
		    ff1_encrypt(&ff1, SLICE(""),
			slice_bytes("00000000000000000000", expected[i].min),
			out, &problem),
		    OK);
		memcpy(out, "untouched", sizeof("untouched"));
		ff1_done(&ff1);
	}
}

static void
characters_outside_the_radix_are_refused(void **state)
{
	static const char *const wrong[] = {"01234567890a", "0123456789a ",
	    "0123456789-0", "0123456789A0", "01234567\xe3\x80\x80"};
	struct problem problem;
	struct ff1 ff1;
	char out[16];
	size_t i;

	(void)state;
	init(&ff1, 10);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(ff1_decrypt(&ff1, SLICE(""),
				     slice_of(wrong[i]), out, &problem),
		    ERR_INPUT);
	ff1_done(&ff1);
	init(&ff1, 36);
	assert_int_equal(
	    ff1_encrypt(&ff1, SLICE(""), SLICE("abcdeFg"), out, &problem),
	    ERR_INPUT);
	assert_string_equal(
	    problem.text, "character 6 is not one of radix 36 (0 to z)");
	ff1_done(&ff1);
}

static void
what_is_too_long_is_refused(void **state)
{
	static char zeros[FF1_TWEAK_MAX + 1];
	static char out[FF1_TEXT_MAX + 1];
	struct ff1 ff1;

	(void)state;
	memset(zeros, '0', sizeof(zeros));
	init(&ff1, 10);
	assert_int_equal(ff1_encrypt(&ff1, SLICE(""),
			     slice_bytes(zeros, FF1_TEXT_MAX + 1), out, NULL),
	    ERR_INPUT);
	assert_int_equal(ff1_encrypt(&ff1, slice_bytes(zeros, sizeof(zeros)),
			     SLICE("0123456789"), out, NULL),
	    ERR_INPUT);
	ff1_done(&ff1);
}

static void
a_wrong_key_or_radix_is_refused(void **state)
{
	struct problem problem;
	struct ff1 ff1 = {.radix = 7};

	(void)state;
	assert_int_equal(
	    ff1_init(slice_bytes(key, 31), 10, &ff1, &problem), ERR_INPUT);
	assert_int_equal(
	    ff1_init(slice_bytes(key, 32), 1, &ff1, &problem), ERR_INPUT);
	assert_int_equal(
	    ff1_init(slice_bytes(key, 32), 37, &ff1, &problem), ERR_INPUT);
	assert_int_equal(ff1.radix, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_samples_of_nist_come_out),
	    cmocka_unit_test(every_radix_and_length_comes_back),
	    cmocka_unit_test(the_longest_text_and_tweak_come_back),
	    cmocka_unit_test(different_texts_stay_different),
	    cmocka_unit_test(the_domain_has_a_million_members_at_least),
	    cmocka_unit_test(characters_outside_the_radix_are_refused),
	    cmocka_unit_test(what_is_too_long_is_refused),
	    cmocka_unit_test(a_wrong_key_or_radix_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
