#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/own_use.h"

static struct law *law;
static json_t *object;
static struct own_use own_use;

static int
load(void **state)
{
	struct law_text text = law_text_built_in();

	(void)state;

	return law_load(&text, &law, NULL) == OK ? 0 : -1;
}

static int
unload(void **state)
{
	(void)state;
	law_free(law);

	return 0;
}

static int
set_up(void **state)
{
	(void)state;
	object = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:[s],s:[s]}", "affair",
	    "own-medical-children", "title", "子ども医療費の助成に関する事務",
	    "ordinance", "新宿区子ども医療費助成条例", "number",
	    "平成10年条例第5号", "effective", "2026-04-01", "row", "106",
	    "items", "local-tax", "providers", "municipality");
	assert_non_null(object);

	return own_use_read(object, &own_use, NULL) == OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	json_decref(object);

	return 0;
}

static struct law_decision
ask(const char *provider, const char *item)
{
	struct law_decision decision;
	struct law_names names;

	assert_int_equal(law_capacities(law, slice_of(provider), &names), OK);
	own_use_decide(law, &own_use, &names, slice_of(item), &decision);

	return decision;
}

static void
what_is_declared_and_in_the_row_is_allowed(void **state)
{
	struct law_decision decision = ask("municipality", "local-tax");
	struct buf text;

	(void)state;
	assert_true(decision.allowed);
	assert_int_equal(decision.row, 106);
	assert_int_equal(decision.sub, 2);
	buf_init(&text);
	own_use_cite(&own_use, &text);
	assert_true(slice_equal_string(buf_slice(&text),
	    "番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）"));
	buf_done(&text);
	/* A city is a municipality, too. */
	assert_true(ask("city", "local-tax").allowed);
}

static void
what_is_not_declared_is_refused(void **state)
{
	struct law_decision decision;

	(void)state;
	/* The row has it. */
	decision = ask("municipality", "resident-record");
	assert_false(decision.allowed);
	decision = ask("pension-service", "local-tax");
	assert_false(decision.allowed);
	assert_int_equal(decision.missing, LAW_MISSING_PROVIDER);
	json_array_append_new(json_object_get(object, "providers"),
	    json_string("pension-service"));
	/* Declared, but the row does not give it that provider. */
	assert_false(ask("pension-service", "local-tax").allowed);
}

/* The declaration says less than the row. */
static void
an_item_of_the_row_that_is_not_declared_is_refused(void **state)
{
	struct law_decision decision;

	(void)state;
	json_array_set_new(
	    json_object_get(object, "items"), 0, json_string("disability"));
	decision = ask("municipality", "local-tax");
	assert_false(decision.allowed);
	assert_int_equal(decision.missing, LAW_MISSING_INFORMATION);
	assert_int_equal(decision.sub, 0);
}

static void
a_declaration_stays_within_its_row(void **state)
{
	struct problem problem = {0};

	(void)state;
	assert_int_equal(own_use_check(law, &own_use, &problem), OK);
	json_array_append_new(
	    json_object_get(object, "items"), json_string("pension"));
	assert_int_equal(own_use_check(law, &own_use, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "item pension in row 106"));
	json_array_remove(json_object_get(object, "items"), 1);
	json_array_append_new(
	    json_object_get(object, "providers"), json_string("nobody"));
	assert_int_equal(own_use_check(law, &own_use, &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "providers: entry 2"));
	json_array_remove(json_object_get(object, "providers"), 1);
	own_use.row = SLICE("999");
	assert_int_equal(own_use_check(law, &own_use, &problem), ERR_INPUT);
}

static void
local_governments_alone_may_declare(void **state)
{
	static const char *const kinds[] = {"municipality", "special-ward",
	    "prefecture", "municipal-board-of-education", "pension-service",
	    "digital-agency", "health-insurance-society"};
	struct law_names names;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		assert_int_equal(
		    law_capacities(law, slice_of(kinds[i]), &names), OK);
		assert_int_equal(own_use_may_declare(law, &names), i < 4);
	}
}

static void
an_id_is_a_word_with_the_prefix(void **state)
{
	static const char *const bad[] = {"106", "own-", "own-A", "own-a b",
	    "medical", "own-子",
	    "own-0123456789012345678901234567890123456789012345"};
	size_t i;

	(void)state;
	assert_true(own_use_is_id(SLICE("own-a-1")));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(own_use_is_id(slice_of(bad[i])));
}

static void
a_malformed_declaration_is_refused_by_its_field(void **state)
{
	static const struct {
		const char *field;
		const char *value;
	} bad[] = {
	    {"affair", "106"},
	    {"title", ""},
	    {"ordinance", "a\nb"},
	    {"effective", "soon"},
	    {"effective", "2026-00-00"},
	    {"items", "local-tax"},
	    {"providers", NULL},
	};
	struct problem problem = {0};
	json_t *copy;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		copy = json_deep_copy(object);
		json_object_set_new(copy, bad[i].field,
		    bad[i].value == NULL ? json_array()
					 : json_string(bad[i].value));
		assert_int_equal(
		    own_use_read(copy, &own_use, &problem), ERR_INPUT);
		assert_non_null(strstr(problem.text, bad[i].field));
		json_decref(copy);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(what_is_declared_and_in_the_row_is_allowed),
	    TEST(what_is_not_declared_is_refused),
	    TEST(an_item_of_the_row_that_is_not_declared_is_refused),
	    TEST(a_declaration_stays_within_its_row),
	    TEST(local_governments_alone_may_declare),
	    TEST(an_id_is_a_word_with_the_prefix),
	    TEST(a_malformed_declaration_is_refused_by_its_field),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
