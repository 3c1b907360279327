#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "law/declared.h"

static struct law *law;
/* As a message or a list holds one. */
struct holder {
	struct own_use own_use;
};
static const struct field holder_fields[] = {OWN_USE(holder, own_use)};
static const struct shape holder_shape = SHAPE(holder, holder_fields);

static const char declaration[] =
    "{\"affair\":\"own-medical-children\","
    "\"title\":\"子ども医療費の助成に関する事務\","
    "\"ordinance\":\"新宿区子ども医療費助成条例\","
    "\"number\":\"平成10年条例第5号\",\"effective\":\"2026-04-01\","
    "\"row\":\"106\",\"items\":[\"local-tax\"],"
    "\"providers\":[\"municipality\"]}";

static struct arena *arena;
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
	struct holder holder;

	(void)state;
	arena = arena_new();
	if (shape_read(
		&holder_shape, arena, slice_of(declaration), &holder, NULL))
		return -1;
	own_use = holder.own_use;

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	arena_free(arena);

	return 0;
}

/* The declaration's items or providers with another one behind them. */
static const struct slice *
with(const struct slice *list, size_t *n, const char *word)
{
	struct slice *more = arena_array(arena, *n + 1, sizeof(*more));

	memcpy(more, list, *n * sizeof(*more));
	more[(*n)++] = slice_of(word);

	return more;
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
	own_use.providers =
	    with(own_use.providers, &own_use.n_providers, "pension-service");
	/* Declared, but the row does not give it that provider. */
	assert_false(ask("pension-service", "local-tax").allowed);
}

/* The declaration says less than the row. */
static void
an_item_of_the_row_that_is_not_declared_is_refused(void **state)
{
	struct slice other = SLICE("disability");
	struct law_decision decision;

	(void)state;
	own_use.items = &other;
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
	own_use.items = with(own_use.items, &own_use.n_items, "pension");
	assert_int_equal(
	    own_use_check(law, &own_use, row_now(), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "item pension in row 106"));
	own_use.n_items--;
	own_use.providers =
	    with(own_use.providers, &own_use.n_providers, "nobody");
	assert_int_equal(
	    own_use_check(law, &own_use, row_now(), &problem), ERR_INPUT);
	assert_non_null(strstr(problem.text, "providers: entry 2"));
	own_use.n_providers--;
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

/* The decision about the inquiry; the caller ends the article's buffer. */
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

static struct declared_affair
affair(const char *organisation, const char *state, const char *title)
{
	struct declared_affair a = {.organisation = slice_of(organisation),
	    .own_use = own_use,
	    .state = slice_of(state),
	    .edition = {2024, 5, 27}};

	a.own_use.title = slice_of(title);

	return a;
}

static struct declared_limit
limit(const char *provider, const char *item, int64_t withdrawn)
{
	return (struct declared_limit){.provider = slice_of(provider),
	    .item = slice_of(item),
	    .ordinance = SLICE("条例"),
	    .number = slice_of(item),
	    .withdrawn = {withdrawn}};
}

static void
in_a_list_the_confirmed_declaration_counts_and_else_the_newest(void **state)
{
	struct declared_question question = {.inquirer = SLICE("131041"),
	    .affair = SLICE("own-medical-children"),
	    .item = SLICE("local-tax"),
	    .provider = SLICE("012041")};
	struct declared_affair affairs[] = {
	    affair("012041", "confirmed", "others"),
	    affair("131041", "declared", "newest"),
	    affair("131041", "refused", "oldest"),
	    affair("131041", "confirmed", "confirmed")};
	struct declared_limit limits[] = {limit("131041", "", 0),
	    limit("012041", "pension", 0), limit("012041", "", 1),
	    limit("012041", "local-tax", 0)};
	struct declared_list list = {affairs, limits, 4, 4};
	struct own_use_case found = {0};

	(void)state;
	declared_find(&list, &question, &found);
	assert_true(found.is_confirmed);
	assert_true(slice_equal_string(found.own_use->title, "confirmed"));
	assert_int_equal(found.declared_under.year, 2024);
	assert_true(slice_equal_string(found.limit_number, "local-tax"));
	list.n_affairs = list.n_limits = 3;
	found = (struct own_use_case){0};
	declared_find(&list, &question, &found);
	assert_false(found.is_confirmed);
	assert_true(slice_equal_string(found.own_use->title, "newest"));
	assert_true(slice_is_empty(found.limit_ordinance));
	question.affair = SLICE("own-other");
	found = (struct own_use_case){0};
	declared_find(&list, &question, &found);
	assert_null(found.own_use);
}

static void
a_list_is_read_as_it_was_written(void **state)
{
	struct declared_affair affairs[] = {
	    affair("131041", "declared", "title")};
	struct declared_limit limits[] = {limit("131041", "pension", 1)};
	struct declared_list list = {affairs, limits, 1, 1}, again;
	struct problem problem;
	struct json_out o;

	(void)state;
	json_out_init(&o, arena);
	shape_write(&declared_list_shape, &list, &o, NULL);
	assert_int_equal(shape_read(&declared_list_shape, arena,
			     json_out_finish(&o), &again, NULL),
	    OK);
	assert_true(
	    slice_equal_string(again.affairs[0].own_use.title, "title"));
	assert_int_equal(again.limits[0].withdrawn.ms, 1);
	assert_int_equal(shape_read(&declared_list_shape, arena,
			     SLICE("{\"affairs\":[]}"), &again, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "limits"));
}

/* The declaration with another value of one field. */
static struct slice
text_with(const char *field, const char *value)
{
	json_t *object = json_loads(declaration, 0, NULL);
	char *changed;
	struct slice copy;

	json_object_set_new(
	    object, field, value == NULL ? json_array() : json_string(value));
	changed = json_dumps(object, 0);
	copy = arena_copy(arena, slice_of(changed));
	free(changed);
	json_decref(object);

	return copy;
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
	struct holder holder;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(shape_read(&holder_shape, arena,
				     text_with(bad[i].field, bad[i].value),
				     &holder, &problem),
		    ERR_INPUT);
		assert_non_null(strstr(problem.text, bad[i].field));
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
	    TEST(a_list_is_read_as_it_was_written),
	    TEST(a_malformed_declaration_is_refused_by_its_field),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
