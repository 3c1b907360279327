#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "law/catalogue.h"
#include "law/law.h"
#include "law/table.h"
#include "law/text.h"

#define TODAY ((struct date){2026, 11, 21})

static void
every_item_has_a_form_from_its_first_edition_on(void **state)
{
	struct law_text text = law_text_built_in();
	struct law *law = NULL;
	unsigned int form;
	size_t i;

	(void)state;
	assert_int_equal(law_load(&text, &law, NULL), OK);
	for (i = 0; i < law_items(law); i++) {
		assert_int_equal(catalogue_form(law_item_at(law, i).id,
				     (struct date){2024, 5, 27}, &form),
		    OK);
		assert_int_equal(form, 1);
	}
	law_free(law);
}

/* No line for an item that there is not; forms and days grow. */
static void
every_form_is_of_an_item_and_follows_the_one_before(void **state)
{
	struct law_text text = law_text_built_in();
	struct slice item = {0};
	struct law *law = NULL;
	struct law_item found;
	struct date from = {0}, day;
	struct table table;
	uint64_t form = 0, next;

	(void)state;
	assert_int_equal(law_load(&text, &law, NULL), OK);
	assert_int_equal(table_open(slice_bytes(law_text_item_forms,
					law_text_item_forms_len),
			     "f", "item\tform\tfrom\tversions", &table, NULL),
	    OK);
	while (table_next(&table, NULL) == OK) {
		assert_int_equal(law_item(law, table.columns[0], &found), OK);
		assert_int_equal(slice_to_u64(table.columns[1], 99, &next), OK);
		assert_int_equal(date_parse(table.columns[2], &day), OK);
		assert_true(slice_equal_string(table.columns[3], "year") ||
		    slice_equal_string(table.columns[3], "any"));
		if (slice_equal(item, table.columns[0])) {
			assert_int_equal(next, form + 1);
			assert_true(date_compare(from, day) < 0);
		} else
			assert_int_equal(next, 1);
		item = table.columns[0];
		from = day;
		form = next;
	}
	law_free(law);
}

static void
an_item_that_there_is_not_is_refused_by_its_name(void **state)
{
	struct problem problem = {0};
	unsigned int form;

	(void)state;
	assert_int_equal(catalogue_check(SLICE("diary"), SLICE("2026"), TODAY,
			     &form, &problem),
	    ERR_INPUT);
	assert_non_null(strstr(problem.text, "\"diary\""));
	/* Not before its first form. */
	assert_int_equal(catalogue_check(SLICE("pension"), SLICE("2026"),
			     (struct date){2024, 5, 26}, &form, &problem),
	    ERR_INPUT);
	assert_int_equal(
	    catalogue_form(SLICE("diary"), TODAY, &form), ERR_NOT_FOUND);
}

static void
a_version_that_is_no_year_is_refused_where_it_has_to_be(void **state)
{
	static const char *const bad[] = {"", "26", "20261", "r008", "1867"};
	struct problem problem = {0};
	unsigned int form = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(catalogue_check(SLICE("local-tax"),
				     slice_of(bad[i]), TODAY, &form, &problem),
		    ERR_INPUT);
	assert_int_equal(catalogue_check(SLICE("local-tax"), SLICE("2026"),
			     TODAY, &form, &problem),
	    OK);
	assert_int_equal(form, 1);
	assert_int_equal(catalogue_check(SLICE("disability"), SLICE("second"),
			     TODAY, &form, &problem),
	    OK);
	assert_int_equal(catalogue_check(SLICE("disability"), SLICE(""), TODAY,
			     &form, &problem),
	    ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_item_has_a_form_from_its_first_edition_on),
	    cmocka_unit_test(
		every_form_is_of_an_item_and_follows_the_one_before),
	    cmocka_unit_test(an_item_that_there_is_not_is_refused_by_its_name),
	    cmocka_unit_test(
		a_version_that_is_no_year_is_refused_where_it_has_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
