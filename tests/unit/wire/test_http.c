#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/text.h"
#include "wire/http_server.h"

static void
values_are_found_by_name_and_decoded(void **state)
{
	struct slice query = SLICE("a=1&b=%E5%B1%B1+x&&c&d%20e=f=g&a=2&e=");
	struct arena *arena = arena_new();
	struct slice s;

	(void)state;
	s = http_query_value(arena, query, "a");
	assert_true(slice_equal_string(s, "1"));
	s = http_query_value(arena, query, "b");
	assert_true(slice_equal_string(s, "山 x"));
	s = http_query_value(arena, query, "d e");
	assert_true(slice_equal_string(s, "f=g"));
	s = http_query_value(arena, query, "e");
	assert_int_equal(s.len, 0);
	assert_non_null(s.data);
	s = http_query_value(arena, query, "c");
	assert_int_equal(s.len, 0);
	assert_non_null(s.data);
	arena_free(arena);
}

static void
an_absent_value_has_no_data(void **state)
{
	struct arena *arena = arena_new();
	struct slice none = {0};

	(void)state;
	assert_null(http_query_value(arena, none, "a").data);
	assert_null(http_query_value(arena, SLICE("ab=1&b=a"), "a").data);
	assert_null(http_query_value(arena, SLICE("%61%=1"), "a").data);
	arena_free(arena);
}

static void
a_malformed_value_passes_no_check(void **state)
{
	static const char *const wrong[] = {
	    "a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "a=x%0ay", "a=%c2%85"};
	struct arena *arena = arena_new();
	struct slice s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		s = http_query_value(arena, slice_of(wrong[i]), "a");
		assert_non_null(s.data);
		assert_false(utf8_is_valid(s));
	}
	arena_free(arena);
}

static void
every_method_has_a_name(void **state)
{
	(void)state;
	assert_string_equal(http_method_name(HTTP_GET), "GET");
	assert_string_equal(http_method_name(HTTP_POST), "POST");
	assert_string_equal(http_method_name(HTTP_PUT), "PUT");
	assert_string_equal(http_method_name(HTTP_DELETE), "DELETE");
	assert_string_equal(http_method_name(HTTP_OTHER), "another method");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(values_are_found_by_name_and_decoded),
	    cmocka_unit_test(an_absent_value_has_no_data),
	    cmocka_unit_test(a_malformed_value_passes_no_check),
	    cmocka_unit_test(every_method_has_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
