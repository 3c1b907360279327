#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/declared.h"

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

static unsigned int
row_now(void)
{
	return own_use_row(&own_use, law, law);
}

static struct law_decision
ask(const char *provider, const char *item)
{
	struct own_use_case inquiry = {.own_use = &own_use,
	    .is_confirmed = true,
	    .row = row_now(),
	    .item = slice_of(item),
	    .day = {2026, 11, 21}};
	struct law_decision decision;
	enum refusal refusal;
	const char *text;
	struct buf article;

	assert_int_equal(
	    law_capacities(law, slice_of(provider), &inquiry.provider), OK);
	buf_init(&article);
	refusal = own_use_judge(law, &inquiry, &decision, &article, &text);
	assert_int_equal(refusal == REFUSED_NOT, decision.allowed);
	buf_done(&article);

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
	assert_int_equal(own_use_check(law, &own_use, row_now(), &problem), OK);
	json_array_append_new(
	    json_object_get(object, "items"), json_string("pension"));
	assert_int_equal(
	    own_use_check(law, &own_use, row_now(), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "item pension in row 106"));
	json_array_remove(json_object_get(object, "items"), 1);
	json_array_append_new(
	    json_object_get(object, "providers"), json_string("nobody"));
	assert_int_equal(
	    own_use_check(law, &own_use, row_now(), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "providers: entry 2"));
	json_array_remove(json_object_get(object, "providers"), 1);
	own_use.row = SLICE("999");
	assert_int_equal(
	    own_use_check(law, &own_use, row_now(), &problem), ERR_INPUT);
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

/* What is said of the inquiry; the article in a buffer to be done with. */
static enum refusal
judge(const struct own_use_case *inquiry, struct buf *article)
{
	struct law_decision decision;
	const char *text = NULL;
	enum refusal refusal;

	buf_clear(article);
	refusal = own_use_judge(law, inquiry, &decision, article, &text);
	assert_int_equal(refusal == REFUSED_NOT,
	    decision.allowed && slice_is_empty(inquiry->limit_ordinance));
	assert_non_null(text);

	return refusal;
}

static void
everything_is_judged_in_its_order(void **state)
{
	struct own_use_case inquiry = {.item = SLICE("pension"),
	    .day = {2026, 3, 31},
	    .limit_ordinance = SLICE("条例"),
	    .limit_number = SLICE("1号")};
	struct buf article;

	(void)state;
	buf_init(&article);
	assert_int_equal(
	    law_capacities(law, SLICE("municipality"), &inquiry.provider), OK);
	assert_int_equal(judge(&inquiry, &article), REFUSED_NO_BASIS);
	inquiry.own_use = &own_use;
	inquiry.row = row_now();
	assert_int_equal(judge(&inquiry, &article), REFUSED_OWN_USE);
	inquiry.is_confirmed = true;
	/* Not in force; then an item that was not declared. */
	assert_int_equal(judge(&inquiry, &article), REFUSED_NO_BASIS);
	inquiry.day = (struct date){2026, 4, 1};
	assert_int_equal(judge(&inquiry, &article), REFUSED_NO_BASIS);
	inquiry.item = SLICE("local-tax");
	assert_int_equal(judge(&inquiry, &article), REFUSED_OWN_USE_LIMITED);
	assert_true(
	    slice_equal_string(buf_slice(&article), "番号法26条、条例（1号）"));
	inquiry.limit_ordinance = (struct slice){0};
	assert_int_equal(judge(&inquiry, &article), REFUSED_NOT);
	buf_done(&article);
}

/* Row 106 is 105 in the later edition, and another stands in its place. */
static void
a_row_that_moved_is_still_the_same_row(void **state)
{
	static const char later[] =
	    "row\tsub\tinquirer\taffair\tprovider\tinformation\n"
	    "105\t1\t市町村長又は児童手当法第十七条第一項の表の下欄に掲げる者\t"
	    "児童手当法による児童手当又は特例給付の支給に関する事務であって第百七条で"
	    "定めるもの\t市町村長\t地方税関係情報\n"
	    "106\t1\t市町村長\t別の事務\t市町村長\t年金給付関係情報\n";
	struct law_text text = law_text_built_in();
	struct law *other = NULL;

	(void)state;
	text.provisions = slice_of(later);
	text.may_lack_kinds = true;
	assert_int_equal(law_load(&text, &other, NULL), OK);
	assert_int_equal(own_use_row(&own_use, law, other), 105);
	own_use.row = SLICE("107");
	assert_int_equal(own_use_row(&own_use, law, other), 0);
	own_use.row = SLICE("999");
	assert_int_equal(own_use_row(&own_use, law, other), 0);
	law_free(other);
}

/* --- Lists ------------------------------------------------------------------ */

/* A row of the list: `object` as that organisation's, in that state. */
static json_t *
row(const char *organisation, const char *state, const char *title)
{
	json_t *copy = json_deep_copy(object);

	json_object_set_new(copy, "organisation", json_string(organisation));
	json_object_set_new(copy, "state", json_string(state));
	json_object_set_new(copy, "title", json_string(title));
	json_object_set_new(copy, "edition", json_string("2024-05-27"));

	return copy;
}

static json_t *
limit_row(const char *provider, const char *item, const char *withdrawn)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "provider", provider,
	    "item", item, "organisation", "", "affair", "", "withdrawn",
	    withdrawn, "ordinance", "条例", "number", item);
}

static void
in_a_list_the_confirmed_declaration_counts_and_else_the_newest(void **state)
{
	struct declared_question question = {.inquirer = SLICE("131041"),
	    .affair = SLICE("own-medical-children"),
	    .item = SLICE("local-tax"),
	    .provider = SLICE("012041")};
	struct own_use_case found = {0};
	struct own_use declared;
	json_t *list = json_pack("{s:[o,o,o,o],s:[o,o,o,o]}", "affairs",
	    row("012041", "confirmed", "others"),
	    row("131041", "declared", "newest"),
	    row("131041", "confirmed", "confirmed"),
	    row("131041", "refused", "oldest"), "limits",
	    limit_row("131041", "", ""), limit_row("012041", "pension", ""),
	    limit_row("012041", "", "2026-04-01T00:00:00Z"),
	    limit_row("012041", "local-tax", ""));

	(void)state;
	assert_int_equal(
	    declared_find(list, &question, &declared, &found, NULL), OK);
	assert_true(found.is_confirmed);
	assert_true(slice_equal_string(found.own_use->title, "confirmed"));
	assert_int_equal(found.declared_under.year, 2024);
	assert_true(slice_equal_string(found.limit_number, "local-tax"));
	json_array_remove(json_object_get(list, "affairs"), 2);
	json_array_remove(json_object_get(list, "limits"), 3);
	found = (struct own_use_case){0};
	assert_int_equal(
	    declared_find(list, &question, &declared, &found, NULL), OK);
	assert_false(found.is_confirmed);
	assert_true(slice_equal_string(found.own_use->title, "newest"));
	assert_true(slice_is_empty(found.limit_ordinance));
	question.affair = SLICE("own-other");
	found = (struct own_use_case){0};
	assert_int_equal(
	    declared_find(list, &question, &declared, &found, NULL), OK);
	assert_null(found.own_use);
	json_object_del(list, "limits");
	assert_int_equal(
	    declared_find(list, &question, &declared, &found, NULL), ERR_INPUT);
	json_decref(list);
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
	    TEST(everything_is_judged_in_its_order),
	    TEST(a_row_that_moved_is_still_the_same_row),
	    TEST(
		in_a_list_the_confirmed_declaration_counts_and_else_the_newest),
	    TEST(a_malformed_declaration_is_refused_by_its_field),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
