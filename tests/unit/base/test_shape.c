#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "base/shape.h"
#include "tests/support/test_arena.h"

struct part {
	struct slice word;
	int64_t n;
	struct slice note;
};

static const struct field part_fields[] = {
    FIELD(part, word, WORD("one|two"), "which"),
    FIELD(part, n, INT(1, 9), "how many"),
    OPTION(part, note, TEXT(5), "remark"),
};
static const struct shape part_shape = SHAPE(part, part_fields);

struct whole {
	struct slice name;
	struct slice id;
	struct date day;
	struct instant at;
	int64_t limit;
	bool has_limit;
	bool flag;
	struct part one;
	const struct part *rows;
	size_t n_rows;
	const struct part *objects;
	size_t n_objects;
	const struct slice *codes;
	size_t n_codes;
	struct slice contents;
};

static const struct field whole_fields[] = {
    FIELD(whole, name, TEXT(10), "a name"),
    OPTION(whole, id, ID, "an id"),
    OPTION(whole, day, DATE, "a day"),
    OPTION(whole, at, INSTANT, "an instant"),
    MAYBE(whole, limit, INT(0, 100), "a limit"),
    OPTION(whole, flag, BOOL, "a flag"),
    OPTIONAL_ROWS(whole, rows, part, 3, "rows"),
    OPTIONAL_LIST(whole, codes, DIGITS(3), 4, "codes"),
    OPTION(whole, contents, JSON(40), "contents"),
};
static const struct shape whole_shape = SHAPE(whole, whole_fields);

struct outer {
	struct part one;
	const struct part *objects;
	size_t n_objects;
};

static const struct field outer_fields[] = {
    OBJECT(outer, one, part, "one"),
    OBJECTS(outer, objects, part, 2, "some"),
};
static const struct shape outer_shape = SHAPE(outer, outer_fields);

/* A row whose absent texts are "". */
struct pair_row {
	int64_t n;
	struct date day;
	bool has_day;
};
static const struct field pair_row_fields[] = {
    FIELD(pair_row, n, INT(1, 9), "how many"),
    MAYBE_BLANK(pair_row, day, DATE, "when, if it was"),
};
static const struct shape pair_row_shape = SHAPE(pair_row, pair_row_fields);

/* A list that is a member of a member. */
struct flat {
	struct {
		const struct slice *words;
		size_t n_words;
	} inner;
	struct instant at;
	const struct pair_row *rows;
	size_t n_rows;
};

static const struct field flat_fields[] = {
    LIST_AS(flat, inner.words, inner.n_words, "words", WORD("one|two"), 1, 2,
	"words"),
    BLANK(flat, at, INSTANT, "when, if it was"),
    OPTIONAL_ROWS(flat, rows, pair_row, 2, "rows"),
};
static const struct shape flat_shape = SHAPE(flat, flat_fields);

static void
refused(const struct shape *shape, const char *json, const char *why)
{
	char room[512];
	struct problem problem = {0};

	assert_int_equal(
	    shape_read(shape, arena, slice_of(json), room, &problem),
	    ERR_INPUT);
	if (strstr(problem.text, why) == NULL)
		fail_msg("%s: \"%s\" lacks \"%s\"", json, problem.text, why);
}

static void
a_shape_fills_its_struct(void **state)
{
	struct whole w;

	(void)state;
	assert_int_equal(
	    shape_read(&whole_shape, arena,
		SLICE("{\"name\":\"a\\u00e9\",\"day\":\"2026-11-21\","
		      "\"at\":\"2026-11-21T07:52:00.000Z\",\"limit\":0,"
		      "\"flag\":true,\"rows\":[[\"one\",3],[\"two\",9,\"x\"]],"
		      "\"codes\":[\"001\",\"002\"],"
		      "\"contents\":{\"a\": [1.5, null]}}"),
		&w, NULL),
	    OK);
	assert_true(slice_equal(w.name, SLICE("a\xc3\xa9")));
	assert_int_equal(w.day.day, 21);
	assert_true(w.has_limit);
	assert_int_equal(w.limit, 0);
	assert_true(w.flag);
	assert_int_equal(w.n_rows, 2);
	assert_int_equal(w.rows[1].n, 9);
	assert_true(slice_equal(w.rows[1].note, SLICE("x")));
	assert_int_equal(w.n_codes, 2);
	assert_true(slice_equal(w.codes[1], SLICE("002")));
	assert_true(slice_equal(w.contents, SLICE("{\"a\":[1.5,null]}")));
}

/* It goes into envelopes, each of which is a line of a batch. */
static void
what_is_handed_on_is_one_line(void **state)
{
	struct whole w;

	(void)state;
	assert_int_equal(
	    shape_read(&whole_shape, arena,
		SLICE("{\"name\":\"a\",\"contents\":\n"
		      "{ \"b \\\" \" :\t[\"\\\\\" ,\r\n 1.50 ] }}"),
		&w, NULL),
	    OK);
	assert_true(
	    slice_equal(w.contents, SLICE("{\"b \\\" \":[\"\\\\\",1.50]}")));
}

static void
what_is_absent_stays_zero(void **state)
{
	struct whole w;

	(void)state;
	assert_int_equal(shape_read(&whole_shape, arena,
			     SLICE("{\"name\":\"a\",\"limit\":null,"
				   "\"id\":\"\"}"),
			     &w, NULL),
	    OK);
	assert_false(w.has_limit);
	assert_int_equal(w.id.len, 0);
	assert_int_equal(w.at.ms, 0);
}

/* An error has no room for all fields of a large shape. */
static void
an_unknown_name_is_told_a_part_of_many_fields(void **state)
{
	struct field fields[40];
	struct shape shape = SHAPE(part, fields);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		fields[i] = part_fields[2];
		fields[i].name = "a_name_of_twenty_six_bytes";
	}
	refused(&shape, "{\"other\":1}",
	    "field other: is not known; the fields here are "
	    "a_name_of_twenty_six_bytes, ");
	refused(&shape, "{\"other\":1}", "_bytes and 34 more");
}

static void
what_does_not_fit_is_refused_by_its_name(void **state)
{
	(void)state;
	refused(&whole_shape, "{}", "field name: missing");
	refused(&whole_shape, "[]", "is not a JSON object");
	refused(&whole_shape, "{\"name\":1}", "field name: expected a text");
	refused(&whole_shape, "{\"name\":\"\"}", "field name: is empty");
	refused(&whole_shape, "{\"name\":\"a\",\"name\":\"b\"}",
	    "field name: repeated; expected once");
	refused(&whole_shape, "{\"name\":\"a\",\"id\":null,\"id\":\"\"}",
	    "field id: repeated; expected once");
	refused(&whole_shape, "{\"name\":\"a\",\"nom\":\"b\"}",
	    "field nom: is not known; the fields here are name, id, day, at, "
	    "limit, flag, rows, codes, contents");
	refused(
	    &whole_shape, "{\"name\":\"a\",\"no\\u0007m\":\"b\"}", "not shown");
	refused(&whole_shape, "{\"name\":\"a\",\"limit\":101}",
	    "field limit: expected a whole number from 0 to 100");
	refused(&whole_shape, "{\"name\":\"a\",\"limit\":1.5}",
	    "field limit: expected a whole number");
	refused(&whole_shape, "{\"name\":\"a\",\"flag\":1}",
	    "field flag: expected true or false");
	refused(&whole_shape, "{\"name\":\"a\",\"day\":\"2026-02-30\"}",
	    "field day: is no day of the calendar");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":[[\"one\",1],[\"x\"]]}",
	    "field rows[1].word: expected one of one|two");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":[[\"one\"]]}",
	    "field rows[0].n: missing");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":[[\"one\",1,\"x\",2]]}",
	    "field rows[0]: expected 3 columns");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":[{}]}",
	    "field rows[0]: expected an array");
	refused(&whole_shape,
	    "{\"name\":\"a\",\"rows\":[[\"one\",1],[\"one\",1],[\"one\",1],"
	    "[\"one\",1]]}",
	    "field rows: has more than 3 elements");
	refused(&whole_shape, "{\"name\":\"a\",\"codes\":[\"1\"]}",
	    "field codes[0]: expected 3 decimal digits");
	refused(&whole_shape, "{\"name\":\"a\",\"contents\":{\"a\":1,\"a\":2}}",
	    "has a field twice in one object");
	refused(&whole_shape,
	    "{\"name\":\"a\",\"contents\":{\"a\":[{\"b\":\"\\u001b[2J\"}]}}",
	    "has a control");
	refused(&whole_shape,
	    "{\"name\":\"a\",\"contents\":{\"a\":\"x\u202e\"}}",
	    "has a control");
	refused(&whole_shape, "{\"name\":\"a\",\"contents\":{\"\\n\":1}}",
	    "has a control");
	refused(&whole_shape, "{\"name\":\"a\",\"contents\":[]}",
	    "field contents: expected an object");
	refused(&whole_shape,
	    "{\"name\":\"a\",\"contents\":{\"a\":"
	    "\"0123456789012345678901234567890123456789\"}}",
	    "field contents: is longer than 40 bytes");
	refused(&whole_shape, "{\"name\":\"a\"} x", "is not valid JSON");
	refused(&whole_shape, "{\"name\":\"a\"", "is not valid JSON");
	refused(&whole_shape, "{\"name\":\"a\\u0000\"}", "is not valid JSON");
	refused(&whole_shape, "{\"name\":\"\\ud800\"}", "is not valid JSON");
}

static void
what_is_written_reads_the_same(void **state)
{
	static const struct part parts[] = {
	    {.word = SLICE("one"), .n = 1, .note = SLICE("\"\x01")},
	    {.word = SLICE("two"), .n = 2}};
	struct outer o = {.one = parts[1], .objects = parts, .n_objects = 2};
	struct whole w = {.name = SLICE("n"), .rows = parts, .n_rows = 2};
	struct outer again;
	struct json_out out;
	struct slice text;

	(void)state;
	json_out_init(&out, arena);
	shape_write(&whole_shape, &w, &out, NULL);
	text = json_out_finish(&out);
	assert_true(slice_equal(text,
	    SLICE("{\"name\":\"n\",\"rows\":[[\"one\",1,\"\\\"\\u0001\"],"
		  "[\"two\",2]]}")));
	json_out_init(&out, arena);
	o.objects = parts + 1;
	o.n_objects = 1;
	shape_write(&outer_shape, &o, &out, NULL);
	text = json_out_finish(&out);
	assert_int_equal(
	    shape_read(&outer_shape, arena, text, &again, NULL), OK);
	assert_int_equal(again.one.n, 2);
	assert_int_equal(again.n_objects, 1);
	assert_int_equal(again.objects[0].n, 2);
}

static void
a_text_is_written_by_the_readers_rules(void **state)
{
	static const struct part good = {.word = SLICE("one"), .n = 1};
	struct part rows[] = {good, {.word = SLICE("three"), .n = 1}};
	struct whole w = {.name = SLICE("n"), .rows = rows, .n_rows = 2};
	struct problem problem = {0};
	struct slice text;

	(void)state;
	assert_int_equal(
	    shape_text(&whole_shape, arena, &w, &text, &problem), ERR_INPUT);
	assert_string_equal(
	    problem.text, "field rows[1].word: expected one of one|two");
	rows[1] = (struct part){SLICE("two"), 9, SLICE("\u200d")};
	assert_int_equal(
	    shape_text(&whole_shape, arena, &w, &text, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "field rows[1].note: "));
	assert_int_equal(
	    shape_text(&whole_shape, arena, &w, &text, NULL), ERR_INPUT);
	rows[1].note = SLICE("");
	assert_int_equal(
	    shape_text(&whole_shape, arena, &w, &text, &problem), OK);
	assert_true(slice_equal(text,
	    SLICE("{\"name\":\"n\",\"rows\":[[\"one\",1],[\"two\",9]]}")));
}

struct nest {
	struct slice name;
	const struct part *rows;
	size_t n_rows;
};
static const struct field nest_fields[] = {
    FIELD(nest, name, TEXT(5), "a name"),
    ROWS(nest, rows, part, 3, "rows"),
};
static const struct shape nest_shape = SHAPE(nest, nest_fields);

struct forest {
	const struct nest *nests;
	size_t n_nests;
};
static const struct field forest_fields[] = {
    ROWS(forest, nests, nest, 3, "rows of rows"),
};
static const struct shape forest_shape = SHAPE(forest, forest_fields);

static void
rows_that_do_not_fit_are_left_out(void **state)
{
	static const struct part rows[] = {
	    {.word = SLICE("three"), .n = 1}, {.word = SLICE("two"), .n = 2}};
	const struct nest nests[] = {{SLICE("too long"), rows + 1, 1},
	    {SLICE("a"), rows, 2}, {SLICE("b"), rows + 1, 1}};
	const struct forest forest = {nests, 3};
	const struct forest *fitting;
	const void *ret;
	struct slice text;

	(void)state;
	assert_int_equal(shape_fitting(&forest_shape, arena, &forest, &ret), 2);
	fitting = ret;
	assert_int_equal(fitting->n_nests, 2);
	assert_int_equal(fitting->nests[0].n_rows, 1);
	assert_int_equal(
	    shape_text(&forest_shape, arena, fitting, &text, NULL), OK);
	assert_true(slice_equal(text,
	    SLICE("{\"nests\":[[\"a\",[[\"two\",2]]],"
		  "[\"b\",[[\"two\",2]]]]}")));
	assert_int_equal(forest.nests[1].n_rows, 2);
	assert_int_equal(shape_fitting(&forest_shape, arena, fitting, &ret), 0);
}

struct leaf {
	struct slice contents;
};
static const struct field leaf_fields[] = {
    FIELD(leaf, contents, JSON(1000), "an object"),
};
static const struct shape leaf_shape = SHAPE(leaf, leaf_fields);

struct tree {
	const struct leaf *leaves;
	size_t n_leaves;
};
static const struct field tree_fields[] = {
    ROWS(tree, leaves, leaf, 3, "rows"),
};
static const struct shape tree_shape = SHAPE(tree, tree_fields);

/* An object of so many levels, whose text has brackets, too. */
static struct slice
nested(size_t levels)
{
	return arena_printf(arena, "%.*s{\"\\\"[{\":\"[\"}%.*s",
	    SLICE_ARG(repeated("{\"a\":", levels - 1)),
	    SLICE_ARG(repeated("}", levels - 1)));
}

/* A message must have room around it, wherever the object came from. */
static void
an_object_handed_on_has_a_bound_of_levels(void **state)
{
	const struct leaf leaves[] = {{nested(SHAPE_JSON_LEVELS)},
	    {nested(SHAPE_JSON_LEVELS + 1)}, {nested(1)}};
	const struct tree tree = {leaves, 3}, *fitting;
	const void *ret;
	struct slice text;

	(void)state;
	text = arena_printf(
	    arena, "{\"leaves\":[[{}],[%.*s]]}", SLICE_ARG(leaves[1].contents));
	refused(&tree_shape, text.data,
	    "field leaves[1].contents: is nested deeper than 28 levels");
	text = arena_printf(
	    arena, "{\"leaves\":[[{}],[%.*s]]}", SLICE_ARG(nested(100)));
	refused(&tree_shape, text.data,
	    "field leaves[1].contents: is nested deeper than 28 levels");
	assert_int_equal(shape_fitting(&tree_shape, arena, &tree, &ret), 1);
	fitting = ret;
	assert_int_equal(fitting->n_leaves, 2);
	assert_ptr_equal(
	    fitting->leaves[0].contents.data, leaves[0].contents.data);
}

static void
names_and_values_fill_the_same_struct(void **state)
{
	struct pair pairs[] = {{.name = SLICE("name"), .value = SLICE("a")},
	    {.name = SLICE("codes"), .value = SLICE("001")},
	    {.name = SLICE("limit"), .value = SLICE("7")},
	    {.name = SLICE("codes"), .value = SLICE("002")},
	    {.name = SLICE("id"), .value = SLICE("")}};
	const struct slice none = {0};
	struct problem problem = {0};
	struct whole w;

	(void)state;
	assert_int_equal(
	    shape_fill(&whole_shape, arena, pairs, 5, none, &w, NULL), OK);
	assert_int_equal(w.n_codes, 2);
	assert_true(slice_equal(w.codes[1], SLICE("002")));
	assert_int_equal(w.limit, 7);
	pairs[4] = pairs[2];
	assert_int_equal(
	    shape_fill(&whole_shape, arena, pairs, 5, none, &w, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "field limit: repeated"));
	pairs[4].value = SLICE("");
	assert_int_equal(
	    shape_fill(&whole_shape, arena, pairs, 5, none, &w, &problem),
	    ERR_INPUT);
	pairs[4] = (struct pair){.name = SLICE("rows"), .value = SLICE("1")};
	assert_int_equal(
	    shape_fill(&whole_shape, arena, pairs, 5, none, &w, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "field rows: expected an array"));
}

/* In JSON: a path, a query and a form have nothing but texts. */
static void
a_text_is_no_number_and_no_boolean(void **state)
{
	struct whole w;

	(void)state;
	refused(&whole_shape, "{\"name\":\"a\",\"limit\":\"7\"}",
	    "field limit: is a text; expected a whole number");
	refused(&whole_shape, "{\"name\":\"a\",\"flag\":\"true\"}",
	    "field flag: is a text; expected true or false");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":[[\"one\",\"3\"]]}",
	    "field rows[0].n: is a text");
	refused(&whole_shape, "{\"name\":\"a\",\"rows\":\"one\"}",
	    "field rows: is a text; expected an array");
	assert_int_equal(
	    shape_read(&whole_shape, arena,
		SLICE("{\"name\":\"a\",\"limit\":\"\"}"), &w, NULL),
	    OK);
	assert_false(w.has_limit);
}

/* A text that is in a database or signed keeps its worth. */
static void
a_kept_object_is_read_by_the_rules_of_its_day(void **state)
{
	static const char old[] = "{\"name\":\"a\xee\x80\x80z\"}";
	static const char *const wrong[] = {"{\"name\":\"\"}", "{}",
	    "{\"name\":\"a\",\"id\":\"x\"}", "{\"name\":\"a\",\"colour\":1}"};
	struct whole w;
	size_t i;

	(void)state;
	assert_int_equal(
	    shape_read(&whole_shape, arena, slice_of(old), &w, NULL),
	    ERR_INPUT);
	assert_int_equal(
	    shape_read_kept(&whole_shape, arena, slice_of(old), &w, NULL), OK);
	assert_true(slice_equal_string(w.name, "a?z"));
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(shape_read_kept(&whole_shape, arena,
				     slice_of(wrong[i]), &w, NULL),
		    ERR_INPUT);
}

static void
a_blank_is_written_as_an_empty_text(void **state)
{
	struct slice words[] = {SLICE("one")};
	struct pair_row row = {.n = 7};
	struct flat flat = {.inner = {words, 1}, .rows = &row, .n_rows = 1};
	struct flat again;
	struct json_out out;
	struct slice text;

	(void)state;
	json_out_init(&out, arena);
	json_out_object(&out, NULL);
	json_out_int(&out, "before", 1);
	shape_write_members(&flat_shape, &flat, &out);
	text = json_out_finish(&out);
	assert_string_equal(text.data,
	    "{\"before\":1,\"words\":[\"one\"],\"at\":\"\",\"rows\":[[7,\"\"]]}");
	assert_int_equal(shape_read(&flat_shape, arena,
			     SLICE("{\"words\":[\"two\",\"one\"],\"at\":\"\"}"),
			     &again, NULL),
	    OK);
	assert_int_equal(again.inner.n_words, 2);
	assert_int_equal(again.at.ms, 0);
	refused(&flat_shape, "{\"words\":[]}", "field words: has too few");
	refused(&flat_shape, "{\"words\":[\"one\",\"two\",\"one\"]}",
	    "field words: has more than 2");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_shape_fills_its_struct),
	    cmocka_unit_test(what_is_handed_on_is_one_line),
	    cmocka_unit_test(what_is_absent_stays_zero),
	    cmocka_unit_test(what_does_not_fit_is_refused_by_its_name),
	    cmocka_unit_test(an_unknown_name_is_told_a_part_of_many_fields),
	    cmocka_unit_test(what_is_written_reads_the_same),
	    cmocka_unit_test(a_text_is_written_by_the_readers_rules),
	    cmocka_unit_test(rows_that_do_not_fit_are_left_out),
	    cmocka_unit_test(an_object_handed_on_has_a_bound_of_levels),
	    cmocka_unit_test(names_and_values_fill_the_same_struct),
	    cmocka_unit_test(a_text_is_no_number_and_no_boolean),
	    cmocka_unit_test(a_kept_object_is_read_by_the_rules_of_its_day),
	    cmocka_unit_test(a_blank_is_written_as_an_empty_text),
	};

	return cmocka_run_group_tests_name(
	    "shape", tests, arena_begin, arena_end);
}
