#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_out.h"
#include "tests/unit/base/dies.h"

static void
what_is_written_is_json_of_that_shape(void **state)
{
	struct json_out o;
	json_t *tree = json_pack("{s:[i]}", "t", 5);

	(void)state;
	json_out_init(&o);
	json_out_object(&o);
	json_out_key(&o, "a");
	json_out_array(&o);
	json_out_text(&o, SLICE("山田"));
	json_out_int(&o, -3);
	json_out_array(&o);
	json_out_end(&o);
	json_out_raw(&o, SLICE("{\"x\":1}"));
	json_out_end(&o);
	json_out_key(&o, "b");
	json_out_tree(&o, tree);
	json_out_key(&o, "c");
	json_out_object(&o);
	assert_string_equal(json_out_finish(&o).data,
	    "{\"a\":[\"山田\",-3,[],{\"x\":1}],\"b\":{\"t\":[5]},\"c\":{}}");
	json_out_done(&o);
	json_decref(tree);
}

/* jansson is the judge: each single byte, and the same at a text's end. */
static void
any_text_is_read_back_as_it_was(void **state)
{
	char text[] = "..x";
	struct json_out o;
	struct slice back;
	json_t *list;
	int c;

	(void)state;
	for (c = 0; c < 0x80; c++) {
		text[0] = text[2] = (char)c;
		json_out_init(&o);
		json_out_array(&o);
		json_out_text(&o, slice_bytes(text, 3));
		json_out_text(&o, slice_bytes(text, 0));
		list = json_loads(json_out_finish(&o).data,
		    JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(list);
		assert_int_equal(json_at_text(list, 0, &back), OK);
		assert_true(slice_equal(back, slice_bytes(text, 3)));
		assert_int_equal(json_at_text(list, 1, &back), OK);
		assert_int_equal(back.len, 0);
		json_decref(list);
		json_out_done(&o);
	}
}

static struct json_out out;

static void
value_without_key(void)
{
	json_out_object(&out);
	json_out_int(&out, 1);
}

static void
key_without_object(void)
{
	json_out_array(&out);
	json_out_key(&out, "k");
}

static void
end_of_nothing(void)
{
	json_out_end(&out);
}

static void
too_deep(void)
{
	int i;

	for (i = 0; i <= JSON_OUT_DEPTH; i++)
		json_out_array(&out);
}

static void
what_does_not_nest_is_a_fault(void **state)
{
	(void)state;
	json_out_init(&out);
	assert_true(dies(value_without_key, NULL));
	assert_true(dies(key_without_object, NULL));
	assert_true(dies(end_of_nothing, NULL));
	assert_true(dies(too_deep, NULL));
	json_out_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_written_is_json_of_that_shape),
	    cmocka_unit_test(any_text_is_read_back_as_it_was),
	    cmocka_unit_test(what_does_not_nest_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
