#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"

/* RFC 4648 section 10, without the padding. */
static const char *const vectors[][3] = {
    {"", "", ""},
    {"f", "66", "Zg"},
    {"fo", "666f", "Zm8"},
    {"foo", "666f6f", "Zm9v"},
    {"foob", "666f6f62", "Zm9vYg"},
    {"fooba", "666f6f6261", "Zm9vYmE"},
    {"foobar", "666f6f626172", "Zm9vYmFy"},
};
#define VECTORS (sizeof(vectors) / sizeof(vectors[0]))

static void
the_vectors_of_rfc_4648_hold_both_ways(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b);
	for (i = 0; i < VECTORS; i++) {
		buf_clear(&b);
		hex_encode(slice_of(vectors[i][0]), &b);
		assert_string_equal(b.data, vectors[i][1]);
		buf_clear(&b);
		base64url_encode(slice_of(vectors[i][0]), &b);
		assert_string_equal(b.data, vectors[i][2]);
		buf_clear(&b);
		assert_int_equal(hex_decode(slice_of(vectors[i][1]), &b), OK);
		assert_string_equal(b.data, vectors[i][0]);
		buf_clear(&b);
		assert_int_equal(
		    base64url_decode(slice_of(vectors[i][2]), &b), OK);
		assert_string_equal(b.data, vectors[i][0]);
	}
	buf_done(&b);
}

static void
all_bytes_at_all_lengths_come_back(void **state)
{
	uint8_t bytes[256], back[256];
	struct buf text;
	size_t i, len;

	(void)state;
	for (i = 0; i < 256; i++)
		bytes[i] = (uint8_t)(i * 167 + 13); /* all values, mixed */
	buf_init(&text);
	for (len = 0; len <= 256; len++) {
		buf_clear(&text);
		base64url_encode(slice_bytes(bytes, len), &text);
		assert_int_equal(
		    base64url_decode_exact(buf_slice(&text), back, len), OK);
		assert_memory_equal(back, bytes, len);
		buf_clear(&text);
		hex_encode(slice_bytes(bytes, len), &text);
		assert_int_equal(
		    hex_decode_exact(buf_slice(&text), back, len), OK);
		assert_memory_equal(back, bytes, len);
	}
	buf_done(&text);
}

static void
the_alphabet_is_that_of_urls(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	base64url_encode(SLICE("\xfb\xff\xfe"), &b);
	assert_string_equal(b.data, "-__-");
	buf_done(&b);
}

static void
hex_is_read_in_either_case_and_written_in_lower(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(hex_decode(SLICE("aBcDeF09"), &b), OK);
	assert_true(slice_equal(buf_slice(&b), SLICE("\xab\xcd\xef\x09")));
	buf_clear(&b);
	hex_encode(SLICE("\xab\xcd"), &b);
	assert_string_equal(b.data, "abcd");
	buf_done(&b);
}

static void
a_digit_has_a_value_and_nothing_else_has(void **state)
{
	static const char digits[] = "0123456789abcdef";
	const char *at;
	int c;

	(void)state;
	for (c = CHAR_MIN; c <= CHAR_MAX; c++) {
		at = c > 0 ? strchr(digits, c >= 'A' && c <= 'F' ? c | 0x20 : c)
			   : NULL;
		assert_int_equal(
		    hex_value((char)c), at != NULL ? (int)(at - digits) : -1);
	}
}

/* Every byte that is not of the alphabet, at every place. */
static void
foreign_characters_are_refused(void **state)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789-_";
	char text[4], out[3];
	size_t at;
	int c;

	(void)state;
	for (c = 0; c < 256; c++) {
		for (at = 0; at < 4; at++) {
			memset(text, 'A', 4);
			text[at] = (char)c;
			assert_int_equal(hex_decode_exact(slice_bytes(text, 4),
					     out, 2) == OK,
			    c != 0 && strchr(hex, c) != NULL);
			assert_int_equal(
			    base64url_decode_exact(
				slice_bytes(text, 4), out, 3) == OK,
			    c != 0 && strchr(base64, c) != NULL);
		}
	}
}

static void
wrong_lengths_are_refused(void **state)
{
	char out[8];

	(void)state;
	assert_int_equal(hex_decode_exact(SLICE("abc"), out, 1), ERR_INPUT);
	assert_int_equal(hex_decode_exact(SLICE("abcd"), out, 1), ERR_INPUT);
	assert_int_equal(hex_decode_exact(SLICE("abcd"), out, 3), ERR_INPUT);
	assert_int_equal(hex_decode_exact(SLICE(""), out, 1), ERR_INPUT);
	assert_int_equal(
	    base64url_decode_exact(SLICE("AAAAA"), out, 3), ERR_INPUT);
	assert_int_equal(
	    base64url_decode_exact(SLICE("AAAA"), out, 2), ERR_INPUT);
	assert_int_equal(
	    base64url_decode_exact(SLICE("AAAA"), out, 4), ERR_INPUT);
	assert_int_equal(base64url_decode_exact(SLICE("A"), out, 0), ERR_INPUT);
	assert_int_equal(
	    base64url_decode_exact(SLICE("Zg=="), out, 1), ERR_INPUT);
}

/* One byte is two characters with 4 bits over, two are three with 2. */
static void
bits_that_should_be_zero_are_refused(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
				     "pqrstuvwxyz0123456789-_";
	char text[3] = {'A', 'A', 'A'}, out[2];
	size_t i;

	(void)state;
	for (i = 0; i < 64; i++) {
		text[1] = digits[i];
		assert_int_equal(
		    base64url_decode_exact(slice_bytes(text, 2), out, 1) == OK,
		    i % 16 == 0);
		text[1] = 'A';
		text[2] = digits[i];
		assert_int_equal(
		    base64url_decode_exact(slice_bytes(text, 3), out, 2) == OK,
		    i % 4 == 0);
	}
}

static void
a_refusal_leaves_the_output_alone(void **state)
{
	char out[4] = "xyz";
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_add_string(&b, "kept");
	assert_int_equal(hex_decode(SLICE("616g"), &b), ERR_INPUT);
	assert_int_equal(hex_decode(SLICE("616"), &b), ERR_INPUT);
	assert_int_equal(base64url_decode(SLICE("YWJj*A"), &b), ERR_INPUT);
	assert_int_equal(base64url_decode(SLICE("YWJjA"), &b), ERR_INPUT);
	assert_int_equal(b.len, 4);
	assert_string_equal(b.data, "kept");
	assert_int_equal(hex_decode_exact(SLICE("61626g"), out, 3), ERR_INPUT);
	assert_int_equal(
	    base64url_decode_exact(SLICE("YWJ*"), out, 3), ERR_INPUT);
	assert_string_equal(out, "xyz");
	assert_int_equal(hex_decode(SLICE("21"), &b), OK);
	assert_string_equal(b.data, "kept!");
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_vectors_of_rfc_4648_hold_both_ways),
	    cmocka_unit_test(all_bytes_at_all_lengths_come_back),
	    cmocka_unit_test(the_alphabet_is_that_of_urls),
	    cmocka_unit_test(hex_is_read_in_either_case_and_written_in_lower),
	    cmocka_unit_test(a_digit_has_a_value_and_nothing_else_has),
	    cmocka_unit_test(foreign_characters_are_refused),
	    cmocka_unit_test(wrong_lengths_are_refused),
	    cmocka_unit_test(bits_that_should_be_zero_are_refused),
	    cmocka_unit_test(a_refusal_leaves_the_output_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
