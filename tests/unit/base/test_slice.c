#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/slice.h"

static void
assert_slice(struct slice s, const char *expected)
{
	assert_int_equal(s.len, strlen(expected));
	if (s.len > 0)
		assert_memory_equal(s.data, expected, s.len);
}

static void
null_is_the_empty_slice(void **state)
{
	(void)state;
	assert_true(slice_is_empty(slice_of(NULL)));
	assert_true(slice_is_empty(slice_of("")));
	assert_false(slice_is_empty(slice_of(" ")));
	assert_true(slice_equal(slice_of(NULL), SLICE("")));
	assert_true(slice_equal_string(slice_of(NULL), ""));
	assert_true(slice_has_prefix(slice_of(NULL), slice_of(NULL)));
}

static void
slices_are_equal_by_all_their_bytes(void **state)
{
	(void)state;
	assert_true(slice_equal(SLICE("a\0b"), slice_bytes("a\0b", 3)));
	assert_false(slice_equal(SLICE("a\0b"), SLICE("a\0c")));
	assert_false(slice_equal(SLICE("a"), SLICE("ab")));
	assert_true(slice_equal_string(slice_bytes("abc", 2), "ab"));
	assert_false(slice_equal_string(slice_bytes("abc", 2), "abc"));
	assert_true(slice_has_prefix(SLICE("abc"), SLICE("ab")));
	assert_false(slice_has_prefix(SLICE("ab"), SLICE("abc")));
	assert_false(slice_has_prefix(SLICE("abc"), SLICE("b")));
}

static void
trimming_takes_ascii_space_from_both_ends_only(void **state)
{
	(void)state;
	assert_slice(slice_trim(SLICE(" \t\r\n\v\fa b ")), "a b");
	assert_slice(slice_trim(SLICE(" \n ")), "");
	assert_slice(slice_trim(slice_of(NULL)), "");
	assert_slice(slice_trim(SLICE("　a　")), "　a　");
}

static void
cutting_gives_each_part_once(void **state)
{
	struct slice rest = SLICE("a,,b,");

	(void)state;
	assert_slice(slice_cut(&rest, ','), "a");
	assert_slice(slice_cut(&rest, ','), "");
	assert_slice(slice_cut(&rest, ','), "b");
	assert_non_null(rest.data);
	assert_slice(slice_cut(&rest, ','), "");
	assert_null(rest.data);
	assert_slice(slice_cut(&rest, ','), "");
}

static void
a_copy_of_another_length_is_refused(void **state)
{
	char to[3] = "xy";

	(void)state;
	assert_int_equal(slice_copy_exact(SLICE("a"), to, 2), ERR_INPUT);
	assert_int_equal(slice_copy_exact(SLICE("abc"), to, 2), ERR_INPUT);
	assert_string_equal(to, "xy");
	assert_int_equal(slice_copy_exact(SLICE("ab"), to, 2), OK);
	assert_string_equal(to, "ab");
}

static void
numbers_up_to_the_limit_are_read(void **state)
{
	uint64_t value = 1;

	(void)state;
	assert_int_equal(slice_to_u64(SLICE("0"), 0, &value), OK);
	assert_int_equal(value, 0);
	assert_int_equal(slice_to_u64(SLICE("0042"), 42, &value), OK);
	assert_int_equal(value, 42);
	assert_int_equal(
	    slice_to_u64(SLICE("18446744073709551615"), UINT64_MAX, &value),
	    OK);
	assert_true(value == UINT64_MAX);
}

static void
what_is_no_number_within_the_limit_is_refused(void **state)
{
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "0x1",
	    "1.0", "１", "18446744073709551616", "99999999999999999999999"};
	uint64_t value = 77;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    slice_to_u64(slice_of(bad[i]), UINT64_MAX, &value),
		    ERR_INPUT);
	assert_int_equal(slice_to_u64(SLICE("43"), 42, &value), ERR_INPUT);
	assert_int_equal(slice_to_u64(SLICE("100"), 99, &value), ERR_INPUT);
	assert_int_equal(slice_to_u64(SLICE("9"), 5, &value), ERR_INPUT);
	assert_int_equal(slice_to_u64(slice_of(NULL), 5, &value), ERR_INPUT);
	assert_int_equal(value, 77);
}

static void
a_buf_grows_and_stays_terminated(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b);
	assert_true(slice_is_empty(buf_slice(&b)));
	for (i = 0; i < 10000; i++) {
		buf_add_char(&b, (char)('a' + i % 26));
		assert_int_equal(b.data[b.len], '\0');
	}
	assert_int_equal(b.len, 10000);
	for (i = 0; i < 10000; i++)
		assert_int_equal(b.data[i], 'a' + i % 26);
	buf_clear(&b);
	assert_string_equal(b.data, "");
	buf_add_string(&b, "x");
	buf_add(&b, SLICE("y\0z"));
	buf_add(&b, slice_of(NULL));
	buf_printf(&b, "%d%s", 12, "");
	assert_true(slice_equal(buf_slice(&b), SLICE("xy\0z12")));
	buf_done(&b);
	assert_null(b.data);
	buf_done(&b);
}

static void
an_extended_buf_is_for_the_caller_to_fill(void **state)
{
	struct buf b;
	char *at;

	(void)state;
	buf_init(&b);
	buf_add_string(&b, "12");
	at = buf_extend(&b, 1000);
	memset(at, 'x', 1000);
	assert_int_equal(b.len, 1002);
	assert_ptr_equal(at, b.data + 2);
	assert_int_equal(b.data[1002], '\0');
	buf_printf(&b, "%0500d", 1);
	assert_int_equal(b.len, 1502);
	buf_done(&b);
}

static void
clearing_an_untouched_buf_is_fine(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b);
	buf_clear(&b);
	buf_add(&b, slice_of(NULL));
	assert_string_equal(b.data, "");
	buf_done(&b);
}

static void
a_reader_reads_big_endian(void **state)
{
	struct reader r;

	(void)state;
	reader_init(&r,
	    SLICE("\x01\x80\x02\x81\x02\x03\x04\x88\x01\x02\x03\x04\x05\x06"
		  "\x07:ab"));
	assert_int_equal(reader_u8(&r), 0x01);
	assert_int_equal(reader_u16(&r), 0x8002);
	assert_true(reader_u32(&r) == 0x81020304);
	assert_true(reader_u64(&r) == 0x8801020304050607);
	reader_expect(&r, ':');
	assert_slice(reader_take(&r, 2), "ab");
	assert_slice(reader_take(&r, 0), "");
	assert_int_equal(reader_finish(&r), OK);
}

static void
a_readers_error_stays(void **state)
{
	struct reader r;

	(void)state;
	reader_init(&r, SLICE("\xff\xff\xff"));
	assert_int_equal(reader_u32(&r), 0);
	assert_int_equal(reader_u8(&r), 0);
	assert_int_equal(reader_u16(&r), 0);
	assert_int_equal(reader_u64(&r), 0);
	assert_null(reader_take(&r, 1).data);
	reader_expect(&r, '\xff');
	assert_int_equal(reader_finish(&r), ERR_INPUT);
}

static void
a_reader_refuses_what_is_wrong_missing_or_left_over(void **state)
{
	struct reader r;

	(void)state;
	reader_init(&r, SLICE("ab"));
	reader_expect(&r, 'b');
	assert_int_equal(reader_finish(&r), ERR_INPUT);
	reader_init(&r, SLICE("ab"));
	reader_take(&r, SIZE_MAX);
	assert_int_equal(reader_finish(&r), ERR_INPUT);
	reader_init(&r, SLICE("ab"));
	reader_u8(&r);
	assert_int_equal(reader_finish(&r), ERR_INPUT);
	reader_init(&r, slice_of(NULL));
	assert_int_equal(reader_finish(&r), OK);
	reader_expect(&r, 'a');
	assert_int_equal(reader_finish(&r), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(null_is_the_empty_slice),
	    cmocka_unit_test(slices_are_equal_by_all_their_bytes),
	    cmocka_unit_test(trimming_takes_ascii_space_from_both_ends_only),
	    cmocka_unit_test(cutting_gives_each_part_once),
	    cmocka_unit_test(a_copy_of_another_length_is_refused),
	    cmocka_unit_test(numbers_up_to_the_limit_are_read),
	    cmocka_unit_test(what_is_no_number_within_the_limit_is_refused),
	    cmocka_unit_test(a_buf_grows_and_stays_terminated),
	    cmocka_unit_test(an_extended_buf_is_for_the_caller_to_fill),
	    cmocka_unit_test(clearing_an_untouched_buf_is_fine),
	    cmocka_unit_test(a_reader_reads_big_endian),
	    cmocka_unit_test(a_readers_error_stays),
	    cmocka_unit_test(
		a_reader_refuses_what_is_wrong_missing_or_left_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
