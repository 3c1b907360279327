/* The codes that nobody has, for a registry that lost its database. */
#include "tests/support/jukinet_scheme.h"

#define PAGE 5000

static void
designate(struct simulation *sim, const char *registry, int n)
{
	static unsigned int serial = 500;
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++serial);
	double_say(sim, registry, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", n, "request", request));
}

/* Ask for the list after a code; NULL: from the beginning. */
static void
say_outstanding(struct simulation *sim, const char *registry, const char *after)
{
	json_t *body = json_pack("{s:s}", "request", REQUEST);

	if (after != NULL)
		json_put_text(body, "after", slice_of(after));
	double_say(sim, registry, SELF, "codes.outstanding", body);
}

static const json_t *
listed(void)
{
	return json_object_get(double_last("codes.listed"), "codes");
}

static bool
is_listed(const char *code)
{
	size_t i;

	for (i = 0; i < json_array_size(listed()); i++) {
		if (strcmp(json_string_value(json_array_get(listed(), i)),
			code) == 0)
			return true;
	}

	return false;
}

static void
the_codes_that_nobody_has_are_listed(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), next = HANAKO,
			free = HANAKO, elsewhere = HANAKO;

	get_code(sim, HERE, &next);
	get_code(sim, THERE, &elsewhere);
	get_code(sim, HERE, &free);
	double_say(sim, HERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", s.code, next.code));
	say_outstanding(sim, HERE, NULL);
	assert_int_equal(json_array_size(listed()), 1);
	assert_true(is_listed(free.code));
	assert_null(json_object_get(double_last("codes.listed"), "next"));
	say_outstanding(sim, THERE, NULL);
	assert_int_equal(json_array_size(listed()), 1);
	assert_true(is_listed(elsewhere.code));
}

static void
a_long_list_has_parts(void **state)
{
	struct simulation *sim = *state;
	struct somebody between = HANAKO;
	char next[RESIDENT_CODE_DIGITS + 1];

	designate(sim, HERE, PAGE - 10);
	get_code(sim, THERE, &between);
	designate(sim, HERE, 30);
	say_outstanding(sim, HERE, NULL);
	assert_int_equal(json_array_size(listed()), PAGE);
	assert_false(is_listed(between.code));
	snprintf(next, sizeof(next), "%s", double_text("codes.listed", "next"));
	say_outstanding(sim, HERE, next);
	assert_int_equal(json_array_size(listed()), 20);
	assert_false(is_listed(next));
	assert_null(json_object_get(double_last("codes.listed"), "next"));
}

static void
a_list_goes_on_after_own_codes_alone(void **state)
{
	struct simulation *sim = *state;
	struct resident_code nobodys = resident_code_from_body(4711);
	struct somebody other = HANAKO;
	char unknown[RESIDENT_CODE_DIGITS + 1];

	resident_code_format(&nobodys, unknown);
	get_code(sim, THERE, &other);
	say_outstanding(sim, HERE, other.code);
	assert_int_equal(double_refused(sim, HERE), 1);
	say_outstanding(sim, HERE, unknown);
	assert_int_equal(double_refused(sim, HERE), 2);
	assert_int_equal(double_count("codes.listed"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_codes_that_nobody_has_are_listed),
	    TEST(a_long_list_has_parts),
	    TEST(a_list_goes_on_after_own_codes_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
