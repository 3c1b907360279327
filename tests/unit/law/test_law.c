#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/law.h"

#define HEADER "row\tsub\tinquirer\taffair\tprovider\tinformation\n"
#define CAPACITIES "kind\tname\twhy\nmunicipality\t市町村長\tis\n"
#define ITEMS "id\tkind\ttitle\ttitle_en\nlocal-tax\t地方税関係情報\t税\tTax\n"

static struct law *law;

static int
load(void **state)
{
	struct law_text text = law_text_built_in();
	struct problem problem;

	(void)state;
	problem_clear(&problem);

	return law_load(&text, &law, &problem) == OK ? 0 : -1;
}

static int
unload(void **state)
{
	(void)state;
	law_free(law);

	return 0;
}

/* The decision of a question in words. */
static struct law_decision
ask(const char *inquirer, const char *affair, const char *provider,
    const char *item)
{
	struct law_question question = {0};
	struct law_decision decision;
	struct law_item found;

	assert_int_equal(
	    law_capacities(law, slice_of(inquirer), &question.inquirer), OK);
	assert_int_equal(
	    law_capacities(law, slice_of(provider), &question.provider), OK);
	assert_int_equal(law_item(law, slice_of(item), &found), OK);
	question.kind = found.number;
	if (law_row(law, slice_of(affair), &question.row))
		question.row = 0;
	law_decide(law, &question, &decision);

	return decision;
}

static void
assert_allowed(const char *inquirer, const char *affair, const char *provider,
    const char *item)
{
	struct law_decision d = ask(inquirer, affair, provider, item);

	assert_true(d.allowed);
	assert_int_equal(d.missing, LAW_MISSING_NOTHING);
	assert_int_not_equal(d.sub, 0);
}

static void
assert_missing(const char *inquirer, const char *affair, const char *provider,
    const char *item, enum law_missing missing)
{
	struct law_decision d = ask(inquirer, affair, provider, item);

	assert_false(d.allowed);
	assert_int_equal(d.missing, missing);
	assert_int_equal(d.sub, 0);
}

/* --- Decisions ------------------------------------------------------------ */

static void
child_allowance_may_ask_another_municipality_for_local_tax(void **state)
{
	struct law_decision d =
	    ask("municipality", "106", "municipality", "local-tax");

	(void)state;
	assert_true(d.allowed);
	assert_int_equal(d.row, 106);
	assert_int_equal(d.sub, 2);
	assert_int_equal(d.article, 108);
}

static void
child_allowance_may_not_ask_for_pensions(void **state)
{
	(void)state;
	assert_missing("municipality", "106", "pension-service", "pension",
	    LAW_MISSING_INFORMATION);
	assert_missing("municipality", "106", "municipality", "pension",
	    LAW_MISSING_INFORMATION);
}

static void
local_tax_is_not_asked_of_the_pension_service(void **state)
{
	(void)state;
	assert_missing("municipality", "106", "pension-service", "local-tax",
	    LAW_MISSING_PROVIDER);
}

static void
an_affair_of_municipalities_is_not_the_pension_services(void **state)
{
	(void)state;
	assert_missing("pension-service", "106", "municipality", "local-tax",
	    LAW_MISSING_INQUIRER);
}

static void
an_affair_that_the_table_lacks_is_refused(void **state)
{
	(void)state;
	assert_missing("municipality", "174", "municipality", "local-tax",
	    LAW_MISSING_ROW);
	assert_missing(
	    "municipality", "0", "municipality", "local-tax", LAW_MISSING_ROW);
}

static void
abbreviations_defined_in_earlier_rows_hold_later(void **state)
{
	(void)state;
	/* 共済組合等 of row 1 in row 107; 厚生労働大臣若しくは日本年金機構 */
	assert_allowed("municipality", "107", "pension-service", "pension");
	assert_allowed(
	    "municipality", "107", "national-mutual-aid-federation", "pension");
	/* 医療保険者 of row 2 in row 13: health insurers and mayors alike */
	assert_allowed("prefecture", "13", "national-health-insurance-society",
	    "medical-insurance");
	assert_allowed("prefecture", "13", "municipality", "medical-insurance");
	assert_allowed(
	    "prefecture", "13", "late-elderly-union", "medical-insurance");
}

static void
every_kind_of_organisation_that_is_listed_has_names(void **state)
{
	struct law_names names;
	struct slice kind;
	size_t i;

	(void)state;
	for (i = 0; !slice_is_empty(kind = law_capacity_at(law, i)); i++)
		assert_int_equal(law_capacities(law, kind, &names), OK);
	assert_true(i > 0);
	assert_true(slice_is_empty(law_capacity_at(law, SIZE_MAX)));
}

static void
a_group_is_not_more_than_its_members(void **state)
{
	(void)state;
	assert_missing("municipality", "107", "accident-compensation-fund",
	    "pension", LAW_MISSING_PROVIDER);
}

static void
every_name_of_a_list_is_an_inquirer(void **state)
{
	(void)state;
	/* 都道府県知事又は都道府県教育委員会 ask 市町村長 */
	assert_allowed("prefecture", "168", "municipality", "local-tax");
	assert_allowed("prefectural-board-of-education", "168", "municipality",
	    "local-tax");
	/* 都道府県知事等: of municipalities only cities and some towns */
	assert_allowed("prefecture", "168", "city", "public-assistance");
	assert_allowed(
	    "prefecture", "168", "welfare-office-town", "public-assistance");
	assert_missing("prefecture", "168", "municipality", "public-assistance",
	    LAW_MISSING_PROVIDER);
}

static void
a_qualification_that_the_affair_implies_is_left_out(void **state)
{
	(void)state;
	/* 公営住宅法第二条第十六号に規定する事業主体である都道府県知事又は市町村長 */
	assert_allowed("municipality", "53", "municipality", "local-tax");
	assert_allowed("prefecture", "53", "municipality", "local-tax");
}

static void
a_zeroed_question_is_refused(void **state)
{
	struct law_question question = {0};
	struct law_decision d;

	(void)state;
	law_decide(law, &question, &d);
	assert_false(d.allowed);
	question.row = 106;
	law_decide(law, &question, &d);
	assert_false(d.allowed);
	question.row = LAW_ROWS_MAX + 1;
	law_decide(law, &question, &d);
	assert_false(d.allowed);
	question.row = 106;
	memset(&question.inquirer, 0xff, sizeof(question.inquirer));
	memset(&question.provider, 0xff, sizeof(question.provider));
	question.kind = LAW_KINDS_MAX;
	law_decide(law, &question, &d);
	assert_false(d.allowed);
}

static void
a_decision_cites_its_row(void **state)
{
	struct law_decision d =
	    ask("municipality", "106", "municipality", "local-tax");
	struct buf text;

	(void)state;
	buf_init(&text);
	law_cite(&d, &text);
	assert_string_equal(
	    text.data, "番号法19条8号、令和6年命令第9号2条の表106の項");
	buf_clear(&text);
	d = ask("municipality", "900", "municipality", "local-tax");
	law_cite(&d, &text);
	assert_string_equal(text.data, "番号法19条8号");
	buf_done(&text);
	assert_true(strlen(law_missing_text(LAW_MISSING_ROW)) > 0);
	assert_true(strlen(law_missing_text(LAW_MISSING_INQUIRER)) > 0);
	assert_true(strlen(law_missing_text(LAW_MISSING_PROVIDER)) > 0);
	assert_true(strlen(law_missing_text(LAW_MISSING_INFORMATION)) > 0);
	assert_string_equal(law_missing_text(LAW_MISSING_NOTHING), "");
}

/* --- The table ------------------------------------------------------------ */

static bool
is_empty(const uint64_t *bits, size_t n)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all |= bits[i];

	return all == 0;
}

static void
every_line_names_inquirer_provider_and_information(void **state)
{
	const struct law_provision *p;
	size_t i;

	(void)state;
	assert_int_equal(law_provisions(law), 443);
	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		assert_false(is_empty(p->inquirers.bits, LAW_NAMES_MAX / 64));
		assert_false(is_empty(p->providers.bits, LAW_NAMES_MAX / 64));
		assert_false(is_empty(p->kinds, LAW_KINDS_MAX / 64));
	}
	assert_int_equal(law_provision_at(law, 442)->row, 173);
}

static void
no_term_keeps_a_parenthesis_or_a_reference(void **state)
{
	static const char *const left[] = {
	    "（", "）", "「", "であって", "をいう", "以下"};
	struct slice s;
	size_t i, j;

	(void)state;
	for (i = 0; (s = law_kind_at(law, i)).len > 0; i++) {
		for (j = 0; j < sizeof(left) / sizeof(left[0]); j++)
			assert_null(strstr(s.data, left[j]));
	}
	for (i = 0; (s = law_name_at(law, i)).len > 0; i++) {
		for (j = 0; j < sizeof(left) / sizeof(left[0]); j++)
			assert_null(strstr(s.data, left[j]));
	}
}

/* A capacity with a slip of the pen would silently be nobody's. */
static void
every_capacity_occurs_in_the_table(void **state)
{
	struct law_names used = {{0}};
	const struct law_provision *p;
	struct slice name;
	size_t i, w;

	(void)state;
	for (i = 0; i < law_provisions(law); i++) {
		p = law_provision_at(law, i);
		for (w = 0; w < LAW_NAMES_MAX / 64; w++)
			used.bits[w] |=
			    p->inquirers.bits[w] | p->providers.bits[w];
	}
	for (i = 0; (name = law_name_at(law, i)).len > 0; i++) {
		if ((used.bits[i / 64] >> (i % 64) & 1) == 0)
			fail_msg("%.*s", SLICE_ARG(name));
	}
}

static void
items_are_found_by_id_and_nothing_else_is(void **state)
{
	struct law_item item;
	size_t i;

	(void)state;
	assert_true(law_items(law) >= 4);
	for (i = 0; i < law_items(law); i++) {
		item = law_item_at(law, i);
		assert_int_equal(law_item(law, item.id, &item), OK);
		assert_true(
		    slice_equal(law_kind_at(law, item.number), item.kind));
		assert_false(slice_is_empty(item.title));
		assert_false(slice_is_empty(item.title_en));
	}
	assert_int_equal(
	    law_item(law, SLICE("local-taxes"), &item), ERR_NOT_FOUND);
	assert_int_equal(law_item(law, SLICE(""), &item), ERR_NOT_FOUND);
}

static void
an_affair_is_a_row_without_leading_zeros(void **state)
{
	static const char *const bad[] = {
	    "", "0", "0106", "174", "1000", "99999999999999999999", "-1", "1a"};
	unsigned int row = 7;
	size_t i;

	(void)state;
	assert_int_equal(law_row(law, SLICE("173"), &row), OK);
	assert_int_equal(row, 173);
	assert_false(slice_is_empty(law_affair(law, 106)));
	assert_true(slice_is_empty(law_affair(law, 174)));
	assert_true(slice_is_empty(law_affair(law, LAW_ROWS_MAX + 1)));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    law_row(law, slice_of(bad[i]), &row), ERR_NOT_FOUND);
	assert_int_equal(row, 173);
}

static void
an_unknown_kind_of_organisation_has_no_capacity(void **state)
{
	struct law_names names;

	(void)state;
	assert_int_equal(
	    law_capacities(law, SLICE("bank"), &names), ERR_NOT_FOUND);
}

/* --- Refusals of texts ---------------------------------------------------- */

static enum err
try_load(const char *provisions, const char *capacities, const char *items,
    struct problem *problem)
{
	struct law_text text = {.provisions = slice_of(provisions),
	    .capacities = slice_of(capacities),
	    .items = slice_of(items)};
	struct law *other = NULL;
	enum err rc;

	problem_clear(problem);
	rc = law_load(&text, &other, problem);
	law_free(other);

	return rc;
}

#define ROW(row, sub, information) \
	row "\t" sub "\t市町村長\t事務\t市町村長\t" information "\n"

static void
a_table_that_cannot_be_read_is_refused_with_its_line(void **state)
{
	static const char *const bad[] = {
	    "row\tsub\n",
	    HEADER "1\t1\t市町村長\t事務\t市町村長\n",
	    HEADER "1\t1\t\t事務\t市町村長\t地方税関係情報\n",
	    HEADER ROW("0", "1", "地方税関係情報"),
	    HEADER ROW("1", "2", "地方税関係情報"),
	    HEADER ROW("1", "1", "地方税関係情報")
		ROW("2", "1", "地方税関係情報") ROW("1", "2", "地方税関係情報"),
	    HEADER ROW("1", "1", "地方税（関係情報"),
	    HEADER ROW("1", "1", "地方税）関係情報"),
	    HEADER ROW("1", "1", "、"),
	    HEADER ROW("x", "1", "地方税関係情報"),
	};
	struct problem problem;
	size_t i;

	(void)state;
	assert_int_equal(try_load(HEADER ROW("1", "1", "地方税関係情報"),
			     CAPACITIES, ITEMS, &problem),
	    OK);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    try_load(bad[i], CAPACITIES, ITEMS, &problem), ERR_INPUT);
		assert_non_null(strstr(problem.text, "line"));
	}
}

static void
an_item_that_the_table_does_not_know_is_refused(void **state)
{
	struct problem problem;

	(void)state;
	assert_int_equal(try_load(HEADER ROW("1", "1", "年金給付関係情報"),
			     CAPACITIES, ITEMS, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "items.tsv, line 2"));
}

static void
an_item_without_its_kind_may_be_kept_and_is_allowed_to_nobody(void **state)
{
	struct law_text text = {
	    .provisions = SLICE(HEADER ROW("1", "1", "年金給付関係情報")),
	    .capacities = SLICE(CAPACITIES),
	    .items = SLICE(ITEMS),
	    .may_lack_kinds = true};
	struct law_question question = {.row = 1};
	struct law_decision decision;
	struct law_item item;
	struct law *own = NULL;

	(void)state;
	assert_int_equal(law_load(&text, &own, NULL), OK);
	assert_int_equal(law_item(own, SLICE("local-tax"), &item), OK);
	assert_int_equal(
	    law_party(own, SLICE("municipality"), &question.inquirer), OK);
	question.provider = question.inquirer;
	question.kind = item.number;
	law_decide(own, &question, &decision);
	assert_false(decision.allowed);
	assert_int_equal(decision.missing, LAW_MISSING_INFORMATION);
	law_free(own);
}

static void
a_party_is_a_kind_or_a_name_of_the_table(void **state)
{
	struct law_names kind, name;

	(void)state;
	assert_int_equal(law_party(law, SLICE("municipality"), &kind), OK);
	assert_int_equal(law_party(law, SLICE("市町村長"), &name), OK);
	assert_true(law_names_meet(&kind, &name));
	assert_int_equal(law_party(law, SLICE("日本年金機構"), &name), OK);
	assert_false(law_names_meet(&kind, &name));
	assert_int_equal(law_party(law, SLICE("nobody"), &name), ERR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		child_allowance_may_ask_another_municipality_for_local_tax),
	    cmocka_unit_test(child_allowance_may_not_ask_for_pensions),
	    cmocka_unit_test(local_tax_is_not_asked_of_the_pension_service),
	    cmocka_unit_test(
		an_affair_of_municipalities_is_not_the_pension_services),
	    cmocka_unit_test(an_affair_that_the_table_lacks_is_refused),
	    cmocka_unit_test(abbreviations_defined_in_earlier_rows_hold_later),
	    cmocka_unit_test(
		every_kind_of_organisation_that_is_listed_has_names),
	    cmocka_unit_test(a_group_is_not_more_than_its_members),
	    cmocka_unit_test(every_name_of_a_list_is_an_inquirer),
	    cmocka_unit_test(
		a_qualification_that_the_affair_implies_is_left_out),
	    cmocka_unit_test(a_zeroed_question_is_refused),
	    cmocka_unit_test(a_decision_cites_its_row),
	    cmocka_unit_test(
		every_line_names_inquirer_provider_and_information),
	    cmocka_unit_test(no_term_keeps_a_parenthesis_or_a_reference),
	    cmocka_unit_test(every_capacity_occurs_in_the_table),
	    cmocka_unit_test(items_are_found_by_id_and_nothing_else_is),
	    cmocka_unit_test(an_affair_is_a_row_without_leading_zeros),
	    cmocka_unit_test(an_unknown_kind_of_organisation_has_no_capacity),
	    cmocka_unit_test(
		a_table_that_cannot_be_read_is_refused_with_its_line),
	    cmocka_unit_test(an_item_that_the_table_does_not_know_is_refused),
	    cmocka_unit_test(
		an_item_without_its_kind_may_be_kept_and_is_allowed_to_nobody),
	    cmocka_unit_test(a_party_is_a_kind_or_a_name_of_the_table),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
