#include "law/catalogue.h"

#include "law/table.h"
#include "law/text.h"

#define FORM_MAX 9999

/* A line of the catalogue; borrowed from the built-in text. */
struct item_form {
	unsigned int form;
	bool is_yearly; /* versions are years */
};

static enum err
read_line(const struct table *table, struct date *ret_from,
    struct item_form *ret, struct problem *problem)
{
	uint64_t form;

	if (slice_to_u64(table->columns[1], FORM_MAX, &form) || form == 0 ||
	    date_parse(table->columns[2], ret_from))
		return problem_set(problem, ERR_CORRUPT,
		    "%s, line %u: expected a form from 1 to %d and a day",
		    table->name, table->line, FORM_MAX);
	ret->form = (unsigned int)form;
	ret->is_yearly = slice_equal_string(table->columns[3], "year");

	return OK;
}

/* Forms of an item follow each other by their days. */
static enum err
find(struct slice item, struct date day, struct item_form *ret,
    struct problem *problem)
{
	struct item_form form = {0};
	struct table table;
	struct date from;
	bool found = false;
	enum err rc;

	rc = table_open(
	    slice_bytes(law_text_item_forms, law_text_item_forms_len),
	    "item_forms.tsv", "item\tform\tfrom\tversions", &table, problem);
	while (rc == OK && (rc = table_next_of(&table, item, problem)) == OK) {
		rc = read_line(&table, &from, &form, problem);
		if (rc == OK && date_compare(from, day) <= 0) {
			*ret = form;
			found = true;
		}
	}
	if (rc == ERR_NOT_FOUND && found)
		return OK;

	return rc;
}

enum err
catalogue_form(struct slice item, struct date day, unsigned int *ret)
{
	struct item_form form = {0};
	enum err rc = find(item, day, &form, NULL);

	if (rc == OK)
		*ret = form.form;

	return rc;
}

static bool
is_year(struct slice version)
{
	uint64_t year;

	return version.len == 4 && slice_to_u64(version, 9999, &year) == OK &&
	    year >= 1868;
}

enum err
catalogue_check(struct slice item, struct slice version, struct date day,
    unsigned int *ret_form, struct problem *problem)
{
	struct item_form form = {0};
	enum err rc = find(item, day, &form, problem);

	if (rc == ERR_NOT_FOUND)
		return problem_set(problem, ERR_INPUT,
		    "field item: the catalogue has no item \"%.*s\" on this "
		    "day; `bango law list items` lists them",
		    SLICE_ARG(item));
	if (rc)
		return rc;
	if (slice_is_empty(version) || (form.is_yearly && !is_year(version)))
		return problem_set(problem, ERR_INPUT,
		    "field version: expected %s for %.*s",
		    form.is_yearly ? "a year such as 2026" : "a version",
		    SLICE_ARG(item));
	*ret_form = form.form;

	return OK;
}
