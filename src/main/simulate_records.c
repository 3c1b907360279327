/* Records, permits, their basis in law, audit entries and replicas. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "law/law.h"
#include "main/simulate_internal.h"

#define NETWORK "digital/network"

static bool
same(const json_t *row, const char *column, const char *text)
{
	return strcmp(row_text(row, column), text) == 0;
}

static const json_t *
rows_at(const json_t *dump, const char *organisation, const char *name,
    const char *table)
{
	char system[64];

	snprintf(system, sizeof(system), "%s/%s", organisation, name);

	return dump_rows(dump, system, table);
}

/* --- audited ------------------------------------------------------------- */

static void
check_audit(struct driver *d, const json_t *audit, const char *action,
    int64_t at, const char *subject)
{
	const json_t *row;
	size_t i;

	json_array_foreach(audit, i, row)
	{
		if (same(row, "action", action) && row_int(row, "at") == at &&
		    (subject == NULL ? !same(row, "subject", "")
				     : same(row, "subject", subject)))
			return;
	}
	driver_found(d, "audited", "no audit entry %s for a record of %" PRId64,
	    action, at);
}

/* --- legal-basis --------------------------------------------------------- */

static enum err
names_of(const struct driver *d, const struct law *law, const char *id,
    struct law_names *ret)
{
	size_t i;

	for (i = 0; i < d->config->n_organisations; i++) {
		if (strcmp(d->config->organisations[i].id, id) == 0)
			return law_capacities(law,
			    slice_of(d->config->organisations[i].kind), ret);
	}

	return ERR_NOT_FOUND;
}

static bool
is_lawful(const struct driver *d, const struct law *law, const char *inquirer,
    const char *provider, const json_t *record)
{
	struct law_question q = {.row = 0};
	struct law_decision decision;
	struct law_item item;

	if (law_item(law, slice_of(row_text(record, "item")), &item) ||
	    law_row(law, slice_of(row_text(record, "affair")), &q.row) ||
	    names_of(d, law, inquirer, &q.inquirer) ||
	    names_of(d, law, provider, &q.provider))
		return false;
	q.kind = item.number;
	law_decide(law, &q, &decision);

	return decision.allowed;
}

/* --- records-agree ------------------------------------------------------- */

/* What the provider did; NULL if the permit ran out unused. */
static void
check_provider(struct driver *d, const json_t *dump, const json_t *record)
{
	const char *provider = row_text(record, "provider");
	const json_t *row =
	    row_find(rows_at(dump, provider, "relay", "provision"), "permit",
		row_text(record, "record"));
	const char *outcome = row_text(record, "outcome");

	if (row == NULL) {
		if (strcmp(outcome, "expired") != 0)
			driver_found(d, "records-agree",
			    "%s has no record of what it %s", provider,
			    outcome);
		return;
	}
	if (strcmp(row_text(row, "outcome"), "provided") == 0 &&
	    row_int(row, "answered") > row_int(record, "expires"))
		driver_found(d, "permit-in-time",
		    "%s provided under a permit that was over", provider);
	/* It may be reported late, and was nevertheless what it was. */
	if (!same(row, "outcome", outcome) && strcmp(outcome, "expired") != 0)
		driver_found(d, "records-agree",
		    "%s says %s where the network says %s", provider,
		    row_text(row, "outcome"), outcome);
	if (!same(row, "item", row_text(record, "item")) ||
	    !same(row, "affair", row_text(record, "affair")) ||
	    !same(row, "inquirer", row_text(record, "inquirer")) ||
	    !same(row, "unit", row_text(record, "unit")))
		driver_found(d, "records-agree",
		    "%s and the network disagree on who asked for what",
		    provider);
}

static void
check_inquirer(struct driver *d, const json_t *dump, const json_t *record)
{
	const char *inquirer = row_text(record, "inquirer");
	const json_t *row =
	    row_find(rows_at(dump, inquirer, "relay", "inquiry"), "inquiry",
		row_text(record, "inquiry"));
	bool refused = same(record, "outcome", "refused");

	if (row == NULL) {
		driver_found(d, "records-agree",
		    "%s has no record of its inquiry", inquirer);
		return;
	}
	if (refused != same(row, "outcome", "refused") ||
	    (refused && !same(row, "reason", row_text(record, "reason"))) ||
	    (!refused && !same(row, "permit", row_text(record, "record"))) ||
	    !same(row, "item", row_text(record, "item")) ||
	    !same(row, "affair", row_text(record, "affair")))
		driver_found(d, "records-agree",
		    "%s says %s, the network %s %s", inquirer,
		    row_text(row, "outcome"), row_text(record, "outcome"),
		    row_text(record, "reason"));
}

static void
check_record(struct driver *d, const struct law *law, const json_t *dump,
    const json_t *record)
{
	bool refused = same(record, "outcome", "refused");
	bool nobody = json_is_null(json_object_get(record, "person"));

	check_inquirer(d, dump, record);
	if (!nobody)
		check_audit(d, dump_rows(dump, NETWORK, "audit"),
		    refused ? "inquiry.refuse" : "inquiry.permit",
		    row_int(record, "requested"), NULL);
	d->report->refusals += refused;
	if (refused)
		return;
	d->report->exchanges++;
	check_provider(d, dump, record);
	if (!is_lawful(d, law, row_text(record, "inquirer"),
		row_text(record, "provider"), record))
		driver_found(d, "legal-basis",
		    "the network permitted %s to ask %s for %s under %s",
		    row_text(record, "inquirer"), row_text(record, "provider"),
		    row_text(record, "item"), row_text(record, "affair"));
}

/* The other way: nothing was provided that the network did not permit. */
static void
check_provisions(struct driver *d, const struct law *law, const json_t *dump,
    const char *organisation)
{
	const json_t *records = dump_rows(dump, NETWORK, "record"), *row;
	const json_t *audit = rows_at(dump, organisation, "relay", "audit");
	char subject[24];
	size_t i;

	json_array_foreach(
	    rows_at(dump, organisation, "relay", "provision"), i, row)
	{
		if (row_find(records, "record", row_text(row, "permit")) ==
		    NULL)
			driver_found(d, "records-agree",
			    "%s answered a permit that the network does not "
			    "know",
			    organisation);
		if (!is_lawful(
			d, law, row_text(row, "inquirer"), organisation, row))
			driver_found(d, "legal-basis",
			    "%s provided %s without a basis", organisation,
			    row_text(row, "item"));
		snprintf(subject, sizeof(subject), "%015" PRId64,
		    row_int(row, "internal"));
		check_audit(d, audit, "replica.provide",
		    row_int(row, "answered"), subject);
	}
}

/* --- own-records --------------------------------------------------------- */

static void
check_shown(struct driver *d, const json_t *dump, int person)
{
	const json_t *row;
	char unit[16];
	int n = 0;
	size_t i;

	simulate_unit(person, unit);
	json_array_foreach(dump_rows(dump, NETWORK, "record"), i, row)
	{
		if (slice_has_prefix(
			slice_of(row_text(row, "unit")), slice_of(unit)) &&
		    !json_is_null(json_object_get(row, "person")))
			n++;
	}
	if (n != d->people[person].shown)
		driver_found(d, "own-records",
		    "the portal showed person %d %d records of %d", person,
		    d->people[person].shown, n);
}

/* --- replica-newest ------------------------------------------------------ */

static bool
is_same_contents(const char *a, const char *b)
{
	json_t *left = json_loads(a, 0, NULL), *right = json_loads(b, 0, NULL);
	bool is_same = json_equal(left, right) == 1;

	json_decref(left);
	json_decref(right);

	return is_same;
}

static void
check_replica(struct driver *d, const json_t *dump, const char *organisation,
    const json_t *record)
{
	const json_t *link = row_find(
	    rows_at(dump, organisation, "addressee", "business_number"),
	    "business_number", row_text(record, "business_number"));
	const json_t *row;
	size_t i;

	if (link == NULL || !same(record, "state", "put"))
		return;
	json_array_foreach(
	    rows_at(dump, organisation, "relay", "replica"), i, row)
	{
		if (row_int(row, "internal") == row_int(link, "internal") &&
		    same(row, "item", row_text(record, "item")) &&
		    same(row, "version", row_text(record, "version")) &&
		    is_same_contents(row_text(row, "contents"),
			row_text(record, "contents")))
			return;
	}
	driver_found(d, "replica-newest",
	    "the relay of %s does not have what its office put last",
	    organisation);
}

void
check_records(struct driver *d, const json_t *dump)
{
	struct law_text text = law_text_built_in();
	struct problem problem = {0};
	const struct organisation_config *o;
	const json_t *row;
	struct law *law;
	size_t i, j;
	int p;

	if (law_load(&text, &law, &problem)) {
		driver_found(d, "legal-basis", "%s", problem.text);
		return;
	}
	json_array_foreach(dump_rows(dump, NETWORK, "record"), i, row)
	    check_record(d, law, dump, row);
	for (i = 0; i < d->config->n_organisations; i++) {
		o = &d->config->organisations[i];
		check_provisions(d, law, dump, o->id);
		json_array_foreach(rows_at(dump, o->id, "offices", "record"), j,
		    row) check_replica(d, dump, o->id, row);
	}
	for (p = 0; p < d->n_people; p++) {
		if (d->people[p].shown >= 0 && d->people[p].life == LIFE_HERE &&
		    d->people[p].enrolled)
			check_shown(d, dump, p);
	}
	law_free(law);
}
