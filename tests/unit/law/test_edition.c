#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "law/difference.h"
#include "law/edition.h"

/* A derivative made by hand for these tests; no text of law. */
#define HEADER "row\tsub\tinquirer\taffair\tprovider\tinformation\n"
#define ROW_1 \
	"1\t1\t市町村長\t甲であって次条で定めるもの\t市町村長\t税関係情報\n"
#define CAPACITIES "kind\tname\twhy\nmunicipality\t市町村長\tis\n"
#define ITEMS "id\tkind\ttitle\ttitle_en\ntax\t税関係情報\t税\tTax\n"

#define LINES_MAX 16

static struct law_difference lines[LINES_MAX];
static size_t n_lines;

static struct law_text
text_of(struct slice provisions)
{
	return (struct law_text){.provisions = provisions,
	    .capacities = SLICE(CAPACITIES),
	    .items = SLICE(ITEMS)};
}

static struct law *
law_of(struct slice provisions)
{
	struct law_text text = text_of(provisions);
	struct law *law = NULL;

	assert_int_equal(law_load(&text, &law, NULL), OK);

	return law;
}

static void
note(void *context, const struct law_difference *difference)
{
	(void)context;
	assert_true(n_lines < LINES_MAX);
	lines[n_lines] = *difference;
	/* The texts die with the laws. */
	lines[n_lines].name = lines[n_lines].kind = (struct slice){0};
	n_lines++;
}

static size_t
compare(struct slice old_text, struct slice new_text)
{
	struct law *old_law = law_of(old_text), *new_law = law_of(new_text);
	size_t n;

	n_lines = 0;
	n = law_compare(old_law, new_law, note, NULL);
	assert_int_equal(n, n_lines);
	law_free(old_law);
	law_free(new_law);

	return n;
}

/* --- Editions ------------------------------------------------------------- */

static void
the_edition_in_force_on_the_day_decides(void **state)
{
	struct law_text text = text_of(SLICE(HEADER ROW_1));
	struct editions *all = editions_new();
	const struct edition *found;

	(void)state;
	/* In any order. */
	assert_int_equal(
	    editions_add(all, (struct date){2026, 6, 26}, &text, NULL), OK);
	assert_int_equal(
	    editions_add(all, (struct date){2024, 5, 27}, &text, NULL), OK);
	assert_int_equal(editions_count(all), 2);
	assert_int_equal(
	    editions_on(all, (struct date){2026, 6, 25}, &found), OK);
	assert_ptr_equal(found, editions_at(all, 0));
	assert_int_equal(
	    editions_on(all, (struct date){2026, 6, 26}, &found), OK);
	assert_ptr_equal(found, editions_at(all, 1));
	editions_free(all);
}

static void
before_the_first_edition_nothing_is_in_force(void **state)
{
	struct law_text text = text_of(SLICE(HEADER ROW_1));
	struct editions *all = editions_new();
	const struct edition *found;

	(void)state;
	assert_int_equal(
	    editions_on(all, (struct date){2026, 1, 1}, &found), ERR_NOT_FOUND);
	assert_int_equal(
	    editions_add(all, (struct date){2024, 5, 27}, &text, NULL), OK);
	assert_int_equal(editions_on(all, (struct date){2024, 5, 26}, &found),
	    ERR_NOT_FOUND);
	assert_int_equal(
	    editions_on(all, (struct date){2025, 0, 0}, &found), ERR_NOT_FOUND);
	editions_free(all);
}

static void
an_edition_is_refused_twice_and_without_its_day(void **state)
{
	struct law_text text = text_of(SLICE(HEADER ROW_1));
	struct law_text bad = text_of(SLICE("nonsense\n"));
	struct editions *all = editions_new();
	struct date day = {2024, 5, 27};

	(void)state;
	assert_int_equal(
	    editions_add(all, (struct date){2024, 0, 0}, &text, NULL),
	    ERR_INPUT);
	assert_int_equal(editions_add(all, day, &bad, NULL), ERR_INPUT);
	assert_int_equal(editions_count(all), 0);
	assert_int_equal(editions_add(all, day, &text, NULL), OK);
	assert_int_equal(editions_add(all, day, &text, NULL), ERR_CONFLICT);
	editions_free(all);
	editions_free(NULL);
}

/* --- Differences ---------------------------------------------------------- */

static void
an_edition_does_not_differ_from_itself(void **state)
{
	struct law_text text = law_text_built_in();
	struct law *a = NULL, *b = NULL;

	(void)state;
	assert_int_equal(law_load(&text, &a, NULL), OK);
	assert_int_equal(law_load(&text, &b, NULL), OK);
	assert_int_equal(law_compare(a, b, note, NULL), 0);
	assert_int_equal(law_compare(a, a, note, NULL), 0);
	law_free(a);
	law_free(b);
}

static void
a_row_put_in_moves_the_others_and_changes_none(void **state)
{
	(void)state;
	assert_int_equal(
	    compare(SLICE(HEADER ROW_1),
		SLICE(HEADER
		    "1\t1\t市町村長\t乙であって次条で定めるもの\t市町村長\t税関係情報\n"
		    "2\t1\t市町村長\t甲であって第四条で定めるもの\t市町村長\t税関係情報\n")),
	    2);
	assert_int_equal(lines[0].change, LAW_ROW_ADDED);
	assert_int_equal(lines[0].new_row, 1);
	assert_int_equal(lines[1].change, LAW_ROW_MOVED);
	assert_int_equal(lines[1].old_row, 1);
	assert_int_equal(lines[1].new_row, 2);
}

static void
a_row_that_is_gone_is_told_of(void **state)
{
	(void)state;
	assert_int_equal(
	    compare(SLICE(HEADER ROW_1
			"2\t1\t市町村長\t乙\t市町村長\t税関係情報\n"),
		SLICE(HEADER ROW_1)),
	    1);
	assert_int_equal(lines[0].change, LAW_ROW_REMOVED);
	assert_int_equal(lines[0].old_row, 2);
}

static void
changes_within_a_row_are_told_one_by_one(void **state)
{
	(void)state;
	assert_int_equal(
	    compare(SLICE(HEADER ROW_1),
		SLICE(HEADER
		    "1\t1\t法務大臣\t甲であって次条で定めるもの\t法務大臣\t税関係情報\n")),
	    4);
	assert_int_equal(lines[0].change, LAW_INQUIRER_REMOVED);
	assert_int_equal(lines[1].change, LAW_PROVISION_REMOVED);
	assert_int_equal(lines[2].change, LAW_INQUIRER_ADDED);
	assert_int_equal(lines[3].change, LAW_PROVISION_ADDED);
	assert_int_equal(
	    compare(SLICE(HEADER ROW_1),
		SLICE(HEADER "1\t1\t市町村長\t丙\t市町村長\t税関係情報\n")),
	    1);
	assert_int_equal(lines[0].change, LAW_AFFAIR_CHANGED);
}

static void
every_change_has_a_name_of_its_own(void **state)
{
	unsigned int i, j;

	(void)state;
	for (i = 0; i <= LAW_PROVISION_REMOVED; i++) {
		for (j = 0; j < i; j++)
			assert_string_not_equal(
			    law_change_name((enum law_change)i),
			    law_change_name((enum law_change)j));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_edition_in_force_on_the_day_decides),
	    cmocka_unit_test(before_the_first_edition_nothing_is_in_force),
	    cmocka_unit_test(an_edition_is_refused_twice_and_without_its_day),
	    cmocka_unit_test(an_edition_does_not_differ_from_itself),
	    cmocka_unit_test(a_row_put_in_moves_the_others_and_changes_none),
	    cmocka_unit_test(a_row_that_is_gone_is_told_of),
	    cmocka_unit_test(changes_within_a_row_are_told_one_by_one),
	    cmocka_unit_test(every_change_has_a_name_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
