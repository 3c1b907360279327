/* The codes that nobody has: listed for a registry that lost its database, and
 * given back by one that does not need them. */
#include "base/bug.h"
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

/* --- Giving back ---------------------------------------------------------- */

#define STOCK 1000 /* codes of a small municipality */

static int
set_up_small(void **state)
{
	static const struct setting settings[] = {
	    {"population.012041", "0"}, {"population.131041", "0"}, {0}};

	return scheme_set_up_with(state, settings);
}

static void
give_back(struct simulation *sim, const char *registry, const char *code)
{
	double_say(sim, registry, SELF, "codes.return",
	    json_pack("{s:s,s:[s]}", "request", REQUEST, "codes", code));
	assert_int_equal(double_refused(sim, registry), 0);
}

/* The stock, as the answer to a request of one code too many says. */
static int64_t
held(struct simulation *sim, const char *registry)
{
	static unsigned int serial = 9000;
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++serial);
	double_say(sim, registry, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", STOCK + 1, "request", request));

	return json_integer_value(
	    json_object_get(double_last("codes.refused"), "held"));
}

static void
a_code_that_was_given_back_makes_no_number(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO, other;

	get_code(sim, HERE, &s);
	give_back(sim, HERE, s.code);
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("refused", 1), "not-yours");
	/* Nor is it anybody's later code. */
	other = settle(sim, HERE, HANAKO);
	double_tell(sim, HERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", other.code, s.code));
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_int_equal(double_count("code.changed"), 0);
}

static void
without_the_check_it_makes_one(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	if (!bug_is_possible())
		skip();
	get_code(sim, HERE, &s);
	give_back(sim, HERE, s.code);
	bug_set(BUG_LAPSED_USED);
	say_numbering(sim, HERE, &s);
	bug_set(BUG_NONE);
	assert_string_equal(answered("items", 0), s.code);
}

static void
it_comes_back_to_the_same_municipality_alone(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO, theirs = HANAKO, ours = HANAKO;

	get_code(sim, HERE, &s);
	give_back(sim, HERE, s.code);
	get_code(sim, THERE, &theirs);
	assert_string_not_equal(theirs.code, s.code);
	get_code(sim, HERE, &ours);
	assert_string_equal(ours.code, s.code);
	get_number(sim, HERE, &ours);
	/* It has come back once. */
	get_code(sim, HERE, &s);
	assert_string_not_equal(ours.code, s.code);
}

static void
the_same_request_gets_the_same_codes_back(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;
	int i;

	get_code(sim, HERE, &s);
	give_back(sim, HERE, s.code);
	for (i = 0; i < 2; i++) {
		double_say(sim, HERE, SELF, "codes.request",
		    json_pack("{s:i,s:s}", "count", 3, "request", REQUEST));
		/* One of three: the registry asks for the others again. */
		assert_string_equal(
		    json_string_value(json_array_get(
			json_object_get(
			    double_last("codes.designated"), "codes"),
			0)),
		    s.code);
		assert_int_equal(json_array_size(json_object_get(
				     double_last("codes.designated"), "codes")),
		    1);
	}
	assert_int_equal(held(sim, HERE), 1);
}

static void
what_is_given_back_leaves_the_stock_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	get_code(sim, HERE, &s);
	designate(sim, HERE, 10);
	assert_int_equal(held(sim, HERE), 11);
	give_back(sim, HERE, s.code);
	give_back(sim, HERE, s.code);
	assert_int_equal(held(sim, HERE), 10);
	say_outstanding(sim, HERE, NULL);
	assert_int_equal(json_array_size(listed()), 10);
	assert_false(is_listed(s.code));
}

static void
used_codes_and_codes_of_others_are_not_given_back(void **state)
{
	struct simulation *sim = *state;
	struct resident_code nobodys = resident_code_from_body(4711);
	struct somebody s = settle(sim, HERE, HANAKO), theirs = HANAKO;
	char unknown[RESIDENT_CODE_DIGITS + 1];

	resident_code_format(&nobodys, unknown);
	get_code(sim, THERE, &theirs);
	give_back(sim, HERE, s.code);
	give_back(sim, HERE, theirs.code);
	give_back(sim, HERE, unknown);
	assert_int_equal(held(sim, HERE), 0);
	assert_int_equal(held(sim, THERE), 1);
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("items", 1), s.number);
	get_number(sim, THERE, &theirs);
}

#define TEST_SMALL(name) \
	cmocka_unit_test_setup_teardown(name, set_up_small, scheme_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_codes_that_nobody_has_are_listed),
	    TEST(a_long_list_has_parts),
	    TEST(a_list_goes_on_after_own_codes_alone),
	    TEST(a_code_that_was_given_back_makes_no_number),
	    TEST(without_the_check_it_makes_one),
	    TEST(it_comes_back_to_the_same_municipality_alone),
	    TEST_SMALL(the_same_request_gets_the_same_codes_back),
	    TEST_SMALL(what_is_given_back_leaves_the_stock_once),
	    TEST_SMALL(used_codes_and_codes_of_others_are_not_given_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
