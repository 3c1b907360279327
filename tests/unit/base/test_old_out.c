#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/old_out.h"
#include "tests/unit/base/dies.h"

static void
what_is_written_is_json_of_that_shape(void **state)
{
	struct old_out o;
	json_t *tree = json_pack("{s:[i]}", "t", 5);

	(void)state;
	old_out_init(&o);
	old_out_object(&o);
	old_out_key(&o, "a");
	old_out_array(&o);
	old_out_text(&o, SLICE("山田"));
	old_out_int(&o, -3);
	old_out_array(&o);
	old_out_end(&o);
	old_out_raw(&o, SLICE("{\"x\":1}"));
	old_out_end(&o);
	old_out_key(&o, "b");
	old_out_tree(&o, tree);
	old_out_key(&o, "c");
	old_out_object(&o);
	assert_string_equal(old_out_finish(&o).data,
	    "{\"a\":[\"山田\",-3,[],{\"x\":1}],\"b\":{\"t\":[5]},\"c\":{}}");
	old_out_done(&o);
	json_decref(tree);
}

/* jansson is the judge: each single byte, and the same at a text's end. */
static void
any_text_is_read_back_as_it_was(void **state)
{
	char text[] = "..x";
	struct old_out o;
	struct slice back;
	json_t *list;
	int c;

	(void)state;
	for (c = 0; c < 0x80; c++) {
		text[0] = text[2] = (char)c;
		old_out_init(&o);
		old_out_array(&o);
		old_out_text(&o, slice_bytes(text, 3));
		old_out_text(&o, slice_bytes(text, 0));
		list = json_loads(old_out_finish(&o).data,
		    JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(list);
		assert_int_equal(json_at_text(list, 0, &back), OK);
		assert_true(slice_equal(back, slice_bytes(text, 3)));
		assert_int_equal(json_at_text(list, 1, &back), OK);
		assert_int_equal(back.len, 0);
		json_decref(list);
		old_out_done(&o);
	}
}

static struct old_out out;

static void
value_without_key(void)
{
	old_out_object(&out);
	old_out_int(&out, 1);
}

static void
key_without_object(void)
{
	old_out_array(&out);
	old_out_key(&out, "k");
}

static void
end_of_nothing(void)
{
	old_out_end(&out);
}

static void
too_deep(void)
{
	int i;

	for (i = 0; i <= OLD_OUT_DEPTH; i++)
		old_out_array(&out);
}

static void
what_does_not_nest_is_a_fault(void **state)
{
	(void)state;
	old_out_init(&out);
	assert_true(dies(value_without_key, NULL));
	assert_true(dies(key_without_object, NULL));
	assert_true(dies(end_of_nothing, NULL));
	assert_true(dies(too_deep, NULL));
	old_out_done(&out);
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
