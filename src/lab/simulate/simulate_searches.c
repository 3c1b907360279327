/* search-true: a search finds the organisations that can be asked about the
 * person. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"
#include "law/law.h"

/* A code that came here within this time of the question (of other clocks)
 * may or may not be found. */
#define MARGIN_MS 90000

struct look {
	struct driver *d;
	const json_t *dump;
	const struct law *law;
	const char *inquirer;
	const json_t *search;
	int person;
};

/* The instant when the relay of an organisation got the person's code; 0:
 * never. */
static int64_t
linked_at(const struct look *l, const char *organisation)
{
	const json_t *numbers, *row, *linkage;
	char system[64];
	size_t i, j;

	snprintf(system, sizeof(system), "%s/addressee", organisation);
	numbers = dump_rows(l->dump, system, "business_number");
	snprintf(system, sizeof(system), "%s/relay", organisation);
	json_array_foreach(numbers, i, row)
	{
		if (driver_person(l->d, organisation,
			row_text(row, "business_number")) != l->person)
			continue;
		json_array_foreach(
		    dump_rows(l->dump, system, "linkage"), j, linkage)
		{
			if (row_int(linkage, "internal") ==
			    row_int(row, "internal"))
				return row_int(linkage, "at");
		}
	}

	return 0;
}

static void
check_one(const struct look *l, const char *organisation, bool was_found)
{
	int64_t at = linked_at(l, organisation);
	bool lawful =
	    check_lawful(l->d, l->law, l->inquirer, organisation, l->search) &&
	    strcmp(organisation, l->inquirer) != 0;

	if (was_found && (at == 0 || !lawful))
		driver_found(l->d, "search-true",
		    "%s was told to ask %s about person %d, which %s",
		    l->inquirer, organisation, l->person,
		    at == 0 ? "has no code" : "may not be asked");
	if (!was_found && lawful && at != 0 &&
	    at + MARGIN_MS < row_int(l->search, "asked"))
		driver_found(l->d, "search-true",
		    "%s was not told that %s can be asked about person %d",
		    l->inquirer, organisation, l->person);
}

static bool
has(const json_t *names, const char *name)
{
	const json_t *one;
	size_t i;

	json_array_foreach(names, i, one)
	{
		if (strcmp(json_string_value(one), name) == 0)
			return true;
	}

	return false;
}

static void
check_search(const struct look *l)
{
	json_t *found = json_loads(row_text(l->search, "found"), 0, NULL);
	const char *organisation;
	size_t i;

	if (json_is_null(json_object_get(l->search, "answered")))
		driver_found(l->d, "completes", "%s: a search has no answer",
		    l->inquirer);
	/* Refused: the inquirer had no code of the person yet. */
	else if (row_text(l->search, "reason")[0] == '\0') {
		for (i = 0; i < l->d->config->n_organisations; i++) {
			organisation = l->d->config->organisations[i].id;
			check_one(l, organisation, has(found, organisation));
		}
	}
	json_decref(found);
}

void
check_searches(struct driver *d, const struct law *law, const json_t *dump)
{
	struct look l = {.d = d, .dump = dump, .law = law};
	char system[64];
	size_t i, j;

	for (i = 0; i < d->config->n_organisations; i++) {
		l.inquirer = d->config->organisations[i].id;
		snprintf(system, sizeof(system), "%s/offices", l.inquirer);
		json_array_foreach(
		    dump_rows(dump, system, "search"), j, l.search)
		{
			l.person = driver_person(d, l.inquirer,
			    row_text(l.search, "business_number"));
			check_search(&l);
		}
	}
}
