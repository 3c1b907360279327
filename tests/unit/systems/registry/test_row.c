/* Lines of a file of residents: columns, characters, values, faults. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "systems/registry/row.h"
#include "tests/support/test_arena.h"

#define TODAY ((struct date){2026, 11, 21})
#define HEADER \
	"resident,household,relation,name,kana,birth,sex,postal_code,address"
#define GOOD                                                                                  \
	"0000000001,7,世帯主,山田　太郎,ヤマダ　タロウ,1980-04-01,1,160-0022," \
	"東京都新宿区新宿一丁目1番1号"

static struct csv csv;
static struct csv_record record;
static struct columns columns;
static struct problem problem;
static struct row row;
static struct row_fault fault;

static enum err
head(const char *line)
{
	csv_init(&csv, slice_of(line), 1);
	assert_int_equal(csv_next(&csv, &record), OK);

	return columns_parse(arena, ENCODING_UTF8, &record, &columns, &problem);
}

static enum err
parse(enum encoding encoding, struct slice line)
{
	csv_init(&csv, line, 2);
	assert_int_equal(csv_next(&csv, &record), OK);

	return row_parse(
	    arena, encoding, &columns, &record, TODAY, &row, &fault);
}

static void
expect_fault(
    const char *header, const char *line, const char *field, const char *reason)
{
	assert_int_equal(head(header), OK);
	assert_int_equal(parse(ENCODING_UTF8, slice_of(line)), ERR_INPUT);
	assert_string_equal(fault.field, field);
	assert_string_equal(fault.reason, reason);
}

static void
expect_head_refused(const char *line, const char *words)
{
	assert_int_equal(head(line), ERR_INPUT);
	if (strstr(problem.text, words) == NULL)
		fail_msg("'%s' does not say '%s'", problem.text, words);
}

static void
a_good_line_is_a_person(void **state)
{
	(void)state;
	assert_int_equal(head(HEADER), OK);
	assert_int_equal(parse(ENCODING_UTF8, SLICE(GOOD)), OK);
	assert_int_equal(row.resident.value, 1);
	assert_int_equal(row.person.household.value, 7);
	assert_true(
	    slice_equal_string(row.person.attributes.name, "山田　太郎"));
	assert_true(slice_equal_string(row.person.postal_code, "1600022"));
	assert_int_equal(row.person.attributes.sex, SEX_MALE);
	assert_int_equal(date_to_int64(row.person.attributes.birth), 19800401);
	assert_int_equal(row.code.digits[0], '\0');
}

static void
columns_have_names_in_japanese_and_any_order(void **state)
{
	(void)state;
	assert_int_equal(
	    head("住所,性別,生年月日,フリガナ,氏名,国籍・地域"), OK);
	assert_int_equal(
	    parse(ENCODING_UTF8,
		SLICE("旭川市一条通1丁目,女,昭和55年4月1日,ヤマダ,山田,日本")),
	    OK);
	assert_int_equal(row.person.attributes.sex, SEX_FEMALE);
	assert_int_equal(date_to_int64(row.person.attributes.birth), 19800401);
	assert_int_equal(row.person.nationality.len, 0);
}

static void
columns_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	expect_head_refused("name,birth,sex,address,alais", "column 5");
	expect_head_refused("name,birth,sex,address,name", "is repeated");
	expect_head_refused("name,birth,sex", "`address`");
	expect_head_refused("name,birth,sex,address,town", "either");
	expect_head_refused("name,sex,address", "`birth`");
	expect_head_refused("name,birth,sex,address,個人番号", "not imported");
	expect_head_refused("山田太郎,1980-04-01,1,東京", "column 1");
	assert_null(strstr(problem.text, "山田"));
	expect_head_refused("name,birth,sex,\x8f\x5a\x8f\x8a", "encoding");
}

static void
each_fault_names_its_column_and_reason(void **state)
{
	const char *h = "name,kana,birth,sex,address";

	(void)state;
	expect_fault(h, "山田,ヤマダ,1980-04-01,1", "", "columns");
	expect_fault(h, ",ヤマダ,1980-04-01,1,東京", "name", "missing");
	expect_fault(h, "山田,,1980-04-01,1,東京", "kana", "missing");
	expect_fault(h, "山田,やまだ,1980-04-01,1,東京", "kana", "malformed");
	expect_fault(h, "山田,ヤマダ,,1,東京", "birth", "missing");
	expect_fault(h, "山田,ヤマダ,1980-02-30,1,東京", "birth", "malformed");
	expect_fault(h, "山田,ヤマダ,2026-11-22,1,東京", "birth", "future");
	expect_fault("name,kana,birth,sex,address,became_resident",
	    "山田,ヤマダ,1980-04-01,1,東京,1980-03-31", "became_resident",
	    "before-birth");
	expect_fault(h, "山田,ヤマダ,1980-04-01,3,東京", "sex", "malformed");
	expect_fault(h, "山田,ヤマダ,1980-04-01,,東京", "sex", "missing");
	expect_fault(h, "山田,ヤマダ,1980-04-01,1,", "address", "missing");
	expect_fault("name,kana,birth,sex,town,block",
	    "山田,ヤマダ,1980-04-01,1,,1-1", "town", "missing");
	expect_fault(
	    h, "山\x01田,ヤマダ,1980-04-01,1,東京", "name", "characters");
	expect_fault(
	    h, "\xff山田,ヤマダ,1980-04-01,1,東京", "name", "encoding");
	expect_fault("resident,name,kana,birth,sex,address",
	    "0,山田,ヤマダ,1980-04-01,1,東京", "resident", "malformed");
	expect_fault("resident,name,kana,birth,sex,address",
	    "12345678901,山田,ヤマダ,1980-04-01,1,東京", "resident",
	    "malformed");
	expect_fault("postal_code,name,kana,birth,sex,address",
	    "160-002,山田,ヤマダ,1980-04-01,1,東京", "postal_code",
	    "malformed");
	expect_fault("code,name,kana,birth,sex,address",
	    "1234,山田,ヤマダ,1980-04-01,1,東京", "code", "malformed");
}

static void
a_code_must_have_its_check_digit(void **state)
{
	struct resident_code code = resident_code_from_body(1234567890);
	char text[128], good[RESIDENT_CODE_DIGITS + 1];

	(void)state;
	assert_int_equal(head("code,name,kana,birth,sex,address"), OK);
	resident_code_format(&code, good);
	snprintf(text, sizeof(text), "%s,山田,ヤマダ,1980-04-01,1,東京", good);
	assert_int_equal(parse(ENCODING_UTF8, slice_of(text)), OK);
	assert_true(resident_code_equal(&row.code, &code));
	text[10] = text[10] == '9' ? '0' : (char)(text[10] + 1);
	assert_int_equal(parse(ENCODING_UTF8, slice_of(text)), ERR_INPUT);
	assert_string_equal(fault.reason, "check-digit");
}

static void
foreign_nationals_may_lack_kana(void **state)
{
	(void)state;
	assert_int_equal(
	    head("name,birth,sex,address,nationality,residence_until"), OK);
	assert_int_equal(
	    parse(ENCODING_UTF8,
		SLICE("NGUYEN VAN A,1990-01-02,1,東京,ベトナム,2030-01-01")),
	    OK);
	assert_int_equal(date_to_int64(row.person.status_until), 20300101);
}

static void
unknown_days_and_wide_digits_are_read(void **state)
{
	(void)state;
	assert_int_equal(head("name,kana,birth,sex,town,block,building"), OK);
	assert_int_equal(
	    parse(ENCODING_UTF8,
		SLICE("山田,ヤマダ,1943-00-00,２,新宿,1-1,ビル 3階")),
	    OK);
	assert_int_equal(date_to_int64(row.person.attributes.birth), 19430000);
	assert_true(slice_equal_string(
	    row.person.attributes.address, "新宿1-1 ビル 3階"));
}

static void
text_comes_out_in_nfc(void **state)
{
	(void)state;
	assert_int_equal(head("name,kana,birth,sex,address"), OK);
	/* ガ written as カ with a combining mark */
	assert_int_equal(
	    parse(ENCODING_UTF8, SLICE("賀,カ\xe3\x82\x99,1980-04-01,1,東京")),
	    OK);
	assert_true(slice_equal_string(row.person.attributes.kana, "ガ"));
}

static void
cp932_is_found_out_and_read(void **state)
{
	struct slice line = SLICE("山田,ヤマダ,1980-04-01,男,東京都表参道");
	struct slice bytes;

	(void)state;
	assert_int_equal(head("name,kana,birth,sex,address"), OK);
	assert_int_equal(cp932_encode(arena, line, &bytes), OK);
	assert_int_equal(encoding_guess(arena, bytes), ENCODING_CP932);
	assert_int_equal(encoding_guess(arena, line), ENCODING_UTF8);
	assert_int_equal(parse(ENCODING_CP932, bytes), OK);
	assert_true(
	    slice_equal_string(row.person.attributes.address, "東京都表参道"));
	/* a few broken bytes do not make it CP932 */
	assert_int_equal(
	    encoding_guess(arena, SLICE("山田\xff\xff,東京")), ENCODING_UTF8);
}

static void
encodings_have_names(void **state)
{
	enum encoding encoding = ENCODING_UNKNOWN;

	(void)state;
	assert_int_equal(encoding_parse(SLICE("cp932"), &encoding), OK);
	assert_string_equal(encoding_name(encoding), "cp932");
	assert_int_equal(
	    encoding_parse(SLICE("latin-1"), &encoding), ERR_INPUT);
}

static void
too_long_is_refused(void **state)
{
	static const char h[] = "name,kana,birth,sex,address";
	const char *line;

	(void)state;
	line = arena_printf(arena, "%s,%s,1980-04-01,1,%s",
	    repeated("𠮷", PERSON_NAME_MAX).data,
	    repeated("ヤ", PERSON_NAME_MAX).data,
	    repeated("𠮷", PERSON_ADDRESS_MAX).data)
		   .data;
	assert_int_equal(head(h), OK);
	assert_int_equal(parse(ENCODING_UTF8, slice_of(line)), OK);
	assert_int_equal(row.person.attributes.name.len, 1200);
	assert_int_equal(row.person.attributes.address.len, 2400);
	line = arena_printf(arena, "%s,ヤマダ,1980-04-01,1,東京",
	    repeated("x", PERSON_NAME_MAX + 1).data)
		   .data;
	expect_fault(h, line, "name", "too-long");
	line = arena_printf(arena, "山田,%s,1980-04-01,1,東京",
	    repeated("ヤ", PERSON_NAME_MAX + 1).data)
		   .data;
	expect_fault(h, line, "kana", "too-long");
	line = arena_printf(arena, "山田,ヤマダ,1980-04-01,1,%s",
	    repeated("東", PERSON_ADDRESS_MAX + 1).data)
		   .data;
	expect_fault(h, line, "address", "too-long");
	assert_int_equal(
	    parse(ENCODING_CP932, repeated("\x93\x8c", 100000)), ERR_INPUT);
}

/* Seen in the field: residents without a name were loaded and numbered. */
static void
white_space_of_every_kind_is_no_text(void **state)
{
	static const char h[] = "name,kana,birth,sex,address";
	static const char *const spaces[] = {" ", "　", "\xc2\xa0", "\t"};
	const char *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		s = spaces[i];
		expect_fault(h,
		    arena_printf(arena, "%s,ヤマダ,1980-04-01,1,東京", s).data,
		    "name", "missing");
		expect_fault(h,
		    arena_printf(arena, "山田,%s,1980-04-01,1,東京", s).data,
		    "kana", "missing");
		expect_fault(h,
		    arena_printf(arena, "山田,ヤマダ,1980-04-01,1,%s", s).data,
		    "address", "missing");
		assert_int_equal(
		    parse(ENCODING_UTF8,
			arena_printf(arena,
			    "%s山田%s,ヤマダ%s,%s昭和55年4月1日,男%s,%s東京", s,
			    s, s, s, s, s)),
		    OK);
		assert_true(
		    slice_equal_string(row.person.attributes.name, "山田"));
		assert_true(
		    slice_equal_string(row.person.attributes.address, "東京"));
		assert_int_equal(
		    date_to_int64(row.person.attributes.birth), 19800401);
	}
	assert_int_equal(
	    head("　氏名　,性別\xc2\xa0, 生年月日,住所,フリガナ"), OK);
}

/* Seen in the field: such names look like others and are not. */
static void
what_cannot_be_seen_is_refused(void **state)
{
	static const char h[] = "name,kana,birth,sex,address";
	static const char *const bad[] = {"山\xe2\x80\xae田",
	    "山\xe2\x80\x8b田", "山\xe2\x80\xa8田", "山\xef\xbb\xbf田",
	    "山\xc2\xad田", "\xe2\x80\x8b", "山\xe3\x85\xa4", "山\xee\x80\x80",
	    "山\xf3\xa0\x81\x81"};
	struct slice gaiji =
	    SLICE("\xf0\x40,\xb1,1980-04-01,1,\x93\x8c\x8b\x9e");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		expect_fault(h,
		    arena_printf(arena, "%s,ヤマダ,1980-04-01,1,東京", bad[i])
			.data,
		    "name", "characters");
		expect_fault(h,
		    arena_printf(
			arena, "山田,ヤマダ,1980-04-01,1,東京%s", bad[i])
			.data,
		    "address", "characters");
	}
	/* A character that a town made for itself is read into the private
	 * use area, and means another one elsewhere. */
	assert_int_equal(parse(ENCODING_CP932, gaiji), ERR_INPUT);
	assert_string_equal(fault.field, "name");
	assert_string_equal(fault.reason, "characters");
	/* A selector belongs to a name. */
	assert_int_equal(
	    parse(ENCODING_UTF8,
		SLICE("辻\xf3\xa0\x84\x81,ツジ,1980-04-01,1,東京")),
	    OK);
}

static void
a_name_has_a_letter_and_kana_have_a_kana(void **state)
{
	static const char h[] = "name,kana,birth,sex,address";

	(void)state;
	expect_fault(h, "１２,ヤマダ,1980-04-01,1,東京", "name", "malformed");
	expect_fault(h, "山田,・,1980-04-01,1,東京", "kana", "malformed");
	expect_fault(h, "山田,ー,1980-04-01,1,東京", "kana", "malformed");
	expect_fault(
	    h, "山田,ヤマダ,1980-04-01,1,1-2-3", "address", "malformed");
	expect_fault("name,kana,birth,sex,town,block",
	    "山田,ヤマダ,1980-04-01,1,1,2-3", "town", "malformed");
}

static void
people_differ_by_the_first_column_that_does(void **state)
{
	struct person a = {.attributes.birth = {1980, 4, 1}}, b = a;

	(void)state;
	assert_null(person_difference(&a, &b));
	b.attributes.birth.day = 2;
	assert_string_equal(person_difference(&a, &b), "birth");
	b = a;
	b.household.value = 7;
	assert_string_equal(person_difference(&a, &b), "household");
	assert_null(person_difference(&b, &a)); /* 0 fits any */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_good_line_is_a_person),
	    cmocka_unit_test(columns_have_names_in_japanese_and_any_order),
	    cmocka_unit_test(columns_that_do_not_fit_are_refused),
	    cmocka_unit_test(each_fault_names_its_column_and_reason),
	    cmocka_unit_test(a_code_must_have_its_check_digit),
	    cmocka_unit_test(foreign_nationals_may_lack_kana),
	    cmocka_unit_test(unknown_days_and_wide_digits_are_read),
	    cmocka_unit_test(text_comes_out_in_nfc),
	    cmocka_unit_test(cp932_is_found_out_and_read),
	    cmocka_unit_test(encodings_have_names),
	    cmocka_unit_test(white_space_of_every_kind_is_no_text),
	    cmocka_unit_test(what_cannot_be_seen_is_refused),
	    cmocka_unit_test(a_name_has_a_letter_and_kana_have_a_kana),
	    cmocka_unit_test(too_long_is_refused),
	    cmocka_unit_test(people_differ_by_the_first_column_that_does),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
