#include "law/declared.h"

static bool
is_text(const json_t *row, const char *key, struct slice want)
{
	struct slice text;

	return json_get_text(row, key, &text, NULL) == OK &&
	    slice_equal(text, want);
}

/* An empty text stands for all. */
static bool
covers(const json_t *row, const char *key, struct slice what)
{
	return is_text(row, key, SLICE("")) || is_text(row, key, what);
}

static const json_t *
find_affair(const json_t *rows, const struct declared_question *question)
{
	const json_t *row, *found = NULL;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (!is_text(row, "organisation", question->inquirer) ||
		    !is_text(row, "affair", question->affair))
			continue;
		if (is_text(row, "state", SLICE("confirmed")))
			return row;
		if (found == NULL)
			found = row;
	}

	return found;
}

static const json_t *
find_limit(const json_t *rows, const struct declared_question *question)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (is_text(row, "provider", question->provider) &&
		    is_text(row, "withdrawn", SLICE("")) &&
		    covers(row, "item", question->item) &&
		    covers(row, "organisation", question->inquirer) &&
		    covers(row, "affair", question->affair))
			return row;
	}

	return NULL;
}

static enum err
read_affair(const json_t *row, struct own_use *ret_own_use,
    struct own_use_case *ret, struct problem *problem)
{
	struct slice edition;
	enum err rc;

	rc = own_use_read(row, ret_own_use, problem);
	if (rc == OK)
		rc = json_get_text(row, "edition", &edition, problem);
	if (rc == OK && date_parse(edition, &ret->declared_under))
		rc =
		    problem_set(problem, ERR_INPUT, "field edition: not a day");
	ret->own_use = ret_own_use;
	ret->is_confirmed = is_text(row, "state", SLICE("confirmed"));

	return rc;
}

enum err
declared_find(const json_t *list, const struct declared_question *question,
    struct own_use *ret_own_use, struct own_use_case *ret,
    struct problem *problem)
{
	const json_t *affairs, *limits, *row;
	enum err rc;

	rc = json_get_array(list, "affairs", &affairs, problem);
	if (rc == OK)
		rc = json_get_array(list, "limits", &limits, problem);
	if (rc)
		return rc;
	row = find_affair(affairs, question);
	if (row != NULL)
		rc = read_affair(row, ret_own_use, ret, problem);
	row = find_limit(limits, question);
	if (rc == OK && row != NULL)
		rc = json_get_text(
		    row, "ordinance", &ret->limit_ordinance, problem);
	if (rc == OK && row != NULL)
		rc = json_get_text(row, "number", &ret->limit_number, problem);

	return rc;
}
