#include "law/declared.h"

/* The text of an id, an organisation, a word, an operator. */
#define SHORT TEXT(64)

static const struct field affair_fields[] = {
    OPTION(declared_affair, declaration, ID, "the declaration's id"),
    OWN_USE(declared_affair, own_use),
    FIELD(declared_affair, organisation, SHORT,
	"the organisation that declared it"),
    FIELD(declared_affair, state, SHORT, "the declaration's state"),
    BLANK(declared_affair, reason, TEXT(600), "the reason of the decision"),
    BLANK(declared_affair, officer, TEXT(200), "the officer who decided"),
    OPTION(declared_affair, declared, INSTANT, "the time of the declaration"),
    BLANK(declared_affair, decided, INSTANT,
	"the time of the decision, if there is one"),
    FIELD(declared_affair, edition, DATE,
	"the edition of the table with the row"),
};
const struct shape declared_affair_shape =
    SHAPE(declared_affair, affair_fields);

static const struct field limit_fields[] = {
    OPTION(declared_limit, declaration, ID, "the declaration's id"),
    FIELD(declared_limit, provider, SHORT, "the provider that declared it"),
    BLANK(declared_limit, item, SHORT, "one item; all without it"),
    BLANK(declared_limit, organisation, SHORT, "one inquirer; all without it"),
    BLANK(declared_limit, affair, SHORT, "one affair; all without it"),
    FIELD(declared_limit, ordinance, OWN_USE_TEXT, "the ordinance's title"),
    FIELD(declared_limit, number, OWN_USE_TEXT, "the ordinance's number"),
    OPTION(declared_limit, declared, INSTANT, "the time of the declaration"),
    BLANK(declared_limit, withdrawn, INSTANT,
	"the time of the withdrawal, if there is one"),
};
const struct shape declared_limit_shape = SHAPE(declared_limit, limit_fields);

static const struct field fields[] = {
    OBJECTS(declared_list, affairs, declared_affair, DECLARED_MAX,
	"own-use affairs, newest first"),
    OBJECTS(declared_list, limits, declared_limit, DECLARED_MAX,
	"limits of providers, newest first"),
};
const struct shape declared_list_shape = SHAPE(declared_list, fields);

/* An empty text stands for all. */
static bool
covers(struct slice text, struct slice what)
{
	return slice_is_empty(text) || slice_equal(text, what);
}

static bool
is_confirmed(const struct declared_affair *affair)
{
	return slice_equal_string(affair->state, "confirmed");
}

static const struct declared_affair *
find_affair(
    const struct declared_list *list, const struct declared_question *question)
{
	const struct declared_affair *a, *found = NULL;
	size_t i;

	for (i = 0; i < list->n_affairs; i++) {
		a = &list->affairs[i];
		if (!slice_equal(a->organisation, question->inquirer) ||
		    !slice_equal(a->own_use.affair, question->affair))
			continue;
		if (is_confirmed(a))
			return a;
		if (found == NULL)
			found = a;
	}

	return found;
}

static const struct declared_limit *
find_limit(
    const struct declared_list *list, const struct declared_question *question)
{
	const struct declared_limit *l;
	size_t i;

	for (i = 0; i < list->n_limits; i++) {
		l = &list->limits[i];
		if (slice_equal(l->provider, question->provider) &&
		    l->withdrawn.ms == 0 && covers(l->item, question->item) &&
		    covers(l->organisation, question->inquirer) &&
		    covers(l->affair, question->affair))
			return l;
	}

	return NULL;
}

void
declared_find(const struct declared_list *list,
    const struct declared_question *question, struct own_use_case *ret)
{
	const struct declared_affair *affair = find_affair(list, question);
	const struct declared_limit *limit = find_limit(list, question);

	if (affair != NULL) {
		ret->own_use = &affair->own_use;
		ret->is_confirmed = is_confirmed(affair);
		ret->declared_under = affair->edition;
	}
	if (limit != NULL) {
		ret->limit_ordinance = limit->ordinance;
		ret->limit_number = limit->number;
	}
}
