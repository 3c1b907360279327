/* Records, permits, their basis in law, audit entries and replicas. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"
#include "law/law.h"
#include "law/refusal.h"

#define MINUTE_MS 60000

static bool
same(const json_t *row, const char *column, const char *text)
{
	return strcmp(row_text(row, column), text) == 0;
}

/* --- Looking up ---------------------------------------------------------- */

/* Indexes of rows: {organisation: {key: row}} and the like. */
struct books {
	struct driver *d;
	const json_t *dump;
	const struct law *law;
	json_t *records; /* of the network, by id */
	json_t *inquiries, *provisions;
	json_t *asked, *questions, *applications; /* of the offices */
	json_t *audits; /* {system: {"action at subject": true}} */
};

static const json_t *
row_of(const json_t *index, const char *organisation, const char *key)
{
	return json_object_get(json_object_get(index, organisation), key);
}

static json_t *
index_all(const struct books *b, const char *name, const char *table,
    const char *column)
{
	json_t *all = json_object();
	const char *organisation;
	char system[64];
	size_t i;

	for (i = 0; i < b->d->config->n_organisations; i++) {
		organisation = b->d->config->organisations[i].id;
		snprintf(system, sizeof(system), "%s/%s", organisation, name);
		json_put(all, organisation,
		    dump_index(b->dump, system, table, column));
	}

	return all;
}

static void
audit_key(const char *action, int64_t at, const char *subject, char ret[128])
{
	snprintf(ret, 128, "%s %" PRId64 " %s", action, at, subject);
}

/* With the subject, and, for those who do not know it, whether there is one. */
static void
index_entry(json_t *index, const json_t *row, int64_t at)
{
	char key[128];

	audit_key(row_text(row, "action"), at, row_text(row, "subject"), key);
	json_object_set_new(index, key, json_true());
	audit_key(row_text(row, "action"), at,
	    same(row, "subject", "") ? "" : "anybody", key);
	json_object_set_new(index, key, json_true());
}

/* By the instant, and by the minute, which is all that a relay's record has. */
static json_t *
index_audit(const json_t *tables)
{
	json_t *index = json_object(), *row;
	int64_t at;
	size_t i;

	json_array_foreach(json_object_get(tables, "audit"), i, row)
	{
		at = row_int(row, "at");
		index_entry(index, row, at);
		index_entry(index, row, at - at % MINUTE_MS);
	}

	return index;
}

static void
open_books(struct books *b)
{
	const char *system;
	json_t *tables;

	b->records = dump_index(b->dump, "digital/network", "record", "record");
	b->inquiries = index_all(b, "relay", "inquiry", "inquiry");
	b->provisions = index_all(b, "relay", "provision", "permit");
	b->asked = index_all(b, "offices", "inquiry", "inquiry");
	b->questions = index_all(b, "offices", "question", "inquiry");
	b->applications = index_all(b, "offices", "application", "application");
	b->audits = json_object();
	json_object_foreach((json_t *)(uintptr_t)b->dump, system, tables)
	    json_put(b->audits, system, index_audit(tables));
}

static void
close_books(struct books *b)
{
	json_decref(b->records);
	json_decref(b->inquiries);
	json_decref(b->provisions);
	json_decref(b->asked);
	json_decref(b->questions);
	json_decref(b->applications);
	json_decref(b->audits);
}

/* --- audited ------------------------------------------------------------- */

/* NULL as subject: somebody's. */
static void
check_audit(struct books *b, const char *system, const char *action, int64_t at,
    const char *subject)
{
	char key[128];

	audit_key(action, at, subject == NULL ? "anybody" : subject, key);
	if (row_of(b->audits, system, key) == NULL)
		driver_found(b->d, "audited",
		    "no audit entry %s for a record of %" PRId64, action, at);
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

bool
check_lawful(const struct driver *d, const struct law *law,
    const char *inquirer, const char *provider, const json_t *record)
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

/* Refused at once, it has no end. */
static bool
is_permit(const json_t *record)
{
	return !json_is_null(json_object_get(record, "expires"));
}

static bool
differ(struct books *b, const char *who, const json_t *row,
    const json_t *record, const char *column)
{
	if (same(row, column, row_text(record, column)))
		return false;
	driver_found(b->d, "records-agree",
	    "%s has %s \"%s\" where the network has \"%s\"", who, column,
	    row_text(row, column), row_text(record, column));

	return true;
}

/* 番号法23条2項: said of the inquiry, and of its answer. */
static void
check_marks(
    struct books *b, const char *who, const json_t *row, const json_t *record)
{
	bool answered = same(record, "outcome", "provided") ||
	    same(record, "outcome", "no-data");

	if (!same(row, "withheld_inquiry",
		row_text(record, "withheld_inquiry")) ||
	    (answered &&
		!same(row, "withheld_answer",
		    row_text(record, "withheld_answer"))))
		driver_found(b->d, "records-agree",
		    "%s and the network disagree on how the record is withheld",
		    who);
}

/* A permit that never came to the provider ended without it. */
static bool
may_be_unknown(const json_t *record)
{
	return same(record, "outcome", "expired") ||
	    same(record, "outcome", "cancelled") ||
	    same(record, "outcome", "revoked");
}

static void
check_provider(struct books *b, const json_t *record)
{
	static const char *const columns[] = {
	    "outcome", "item", "affair", "inquirer", "unit"};
	const char *provider = row_text(record, "provider");
	const json_t *row =
	    row_of(b->provisions, provider, row_text(record, "record"));
	size_t i;

	if (row == NULL) {
		if (!may_be_unknown(record))
			driver_found(b->d, "records-agree",
			    "%s has no record of an exchange with the outcome %s",
			    provider, row_text(record, "outcome"));
		return;
	}
	if (same(row, "outcome", "provided") &&
	    row_int(record, "provided") > row_int(record, "expires"))
		driver_found(b->d, "permit-in-time",
		    "%s provided under a permit that was over", provider);
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (differ(b, provider, row, record, columns[i]))
			return;
	}
	check_marks(b, provider, row, record);
}

static void
check_inquirer(struct books *b, const json_t *record)
{
	static const char *const columns[] = {
	    "outcome", "item", "affair", "provider", "unit"};
	const char *inquirer = row_text(record, "inquirer");
	const json_t *row =
	    row_of(b->inquiries, inquirer, row_text(record, "inquiry"));
	size_t i;

	if (row == NULL) {
		driver_found(b->d, "records-agree",
		    "%s has no record of its inquiry", inquirer);
		return;
	}
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		if (differ(b, inquirer, row, record, columns[i]))
			return;
	}
	if (same(record, "outcome", "refused"))
		differ(b, inquirer, row, record, "reason");
	check_marks(b, inquirer, row, record);
}

/* The act of the network when the request came: it decided, or let it wait. */
static const char *
action_of(const struct books *b, const json_t *record)
{
	char key[128];

	audit_key("inquiry.wait", row_int(record, "requested"), "anybody", key);
	if (row_of(b->audits, "digital/network", key) != NULL)
		return "inquiry.wait";

	return is_permit(record) ? "inquiry.permit" : "inquiry.refuse";
}

static void
check_record(struct books *b, const json_t *record)
{
	bool nobody = same(record, "person", "");

	/* An enemy keeps what it likes. */
	if (is_permit(record) &&
	    !simulate_is_enemy(b->d, slice_of(row_text(record, "provider"))))
		check_provider(b, record);
	if (!simulate_is_enemy(b->d, slice_of(row_text(record, "inquirer"))))
		check_inquirer(b, record);
	if (!nobody)
		check_audit(b, "digital/network", action_of(b, record),
		    row_int(record, "requested"), NULL);
	b->d->report->refusals += !is_permit(record);
	if (!is_permit(record))
		return;
	b->d->report->exchanges++;
	if (!check_lawful(b->d, b->law, row_text(record, "inquirer"),
		row_text(record, "provider"), record))
		driver_found(b->d, "legal-basis",
		    "the network permitted %s to ask %s for %s under %s",
		    row_text(record, "inquirer"), row_text(record, "provider"),
		    row_text(record, "item"), row_text(record, "affair"));
}

/* The entry of a provision says how the permit ended. */
static void
check_ending(struct books *b, const char *system, const json_t *row)
{
	char action[64] = "replica.provide", subject[24];

	if (!same(row, "outcome", OUTCOME_PROVIDED))
		snprintf(action, sizeof(action), "provision.%s",
		    row_text(row, "outcome"));
	snprintf(
	    subject, sizeof(subject), "%015" PRId64, row_int(row, "internal"));
	check_audit(b, system, action, row_int(row, "answered"), subject);
}

/* The reverse: nothing was provided that the network did not permit. */
static void
check_provisions(struct books *b, const char *organisation)
{
	const json_t *row;
	char system[64];
	size_t i;

	snprintf(system, sizeof(system), "%s/relay", organisation);
	json_array_foreach(dump_rows(b->dump, system, "provision"), i, row)
	{
		if (json_object_get(b->records, row_text(row, "permit")) ==
		    NULL)
			driver_found(b->d, "records-agree",
			    "%s answered a permit that the network does not "
			    "know",
			    organisation);
		if (!check_lawful(b->d, b->law, row_text(row, "inquirer"),
			organisation, row))
			driver_found(b->d, "legal-basis",
			    "%s provided %s without a basis", organisation,
			    row_text(row, "item"));
		check_ending(b, system, row);
	}
}

/* --- own-records --------------------------------------------------------- */

/* The person whom an inquiry is about, by its office; -1 if it never asked. */
static int
owner_of(const struct books *b, const json_t *record)
{
	const char *inquirer = row_text(record, "inquirer");
	const char *inquiry = row_text(record, "inquiry"), *column;
	const json_t *row = row_of(b->asked, inquirer, inquiry);

	column = "business_number";
	if (row == NULL) {
		row = row_of(b->questions, inquirer, inquiry);
		row = row_of(
		    b->applications, inquirer, row_text(row, "application"));
		column = "applicant";
	}

	return row == NULL
	    ? -1
	    : driver_person(b->d, inquirer, row_text(row, column));
}

/* The last decision of an officer of the network, or NULL. */
static const char *
decision_on(const struct books *b, const char *record)
{
	const char *last = NULL;
	const json_t *row;
	size_t i;

	json_array_foreach(
	    dump_rows(b->dump, "digital/network", "decision"), i, row)
	{
		if (same(row, "record", record) &&
		    (same(row, "kind", "hide") || same(row, "kind", "show")))
			last = row_text(row, "kind");
	}

	return last;
}

/* 番号法23条2項, as inquirer and provider said, or an officer decided. */
static bool
is_hidden(const struct books *b, const json_t *record)
{
	const char *decision = decision_on(b, row_text(record, "record"));
	const json_t *asked = row_of(b->asked, row_text(record, "inquirer"),
	    row_text(record, "inquiry"));
	const json_t *provision = row_of(b->provisions,
	    row_text(record, "provider"), row_text(record, "record"));

	if (decision != NULL)
		return strcmp(decision, "hide") == 0;

	/* A refusal before a permit is never hidden. */
	return row_int(record, "expires") > 0 &&
	    (row_text(asked, "withheld")[0] != '\0' ||
		row_text(provision, "withheld_answer")[0] != '\0');
}

static void
check_shown(struct books *b, int person)
{
	const json_t *shown = b->d->people[person].shown, *record;
	const char *key;
	bool is_shown;

	json_object_foreach(b->records, key, record)
	{
		is_shown = json_object_get(shown, key) != NULL;
		if (owner_of(b, record) != person) {
			if (is_shown)
				driver_found(b->d, "own-records",
				    "the portal showed person %d a record of "
				    "person %d",
				    person, owner_of(b, record));
			continue;
		}
		if (same(record, "person", ""))
			continue;
		if (is_shown && is_hidden(b, record))
			driver_found(b->d, "own-records",
			    "the portal showed person %d a record that is "
			    "kept from their view",
			    person);
		if (!is_shown && !is_hidden(b, record))
			driver_found(b->d, "own-records",
			    "the portal did not show person %d a record",
			    person);
	}
}

/* Records that were shown during the run were the person's own, too. */
static void
check_seen(struct books *b)
{
	const json_t *record;
	json_t *person;
	const char *key;

	json_object_foreach(b->d->shown, key, person)
	{
		record = json_object_get(b->records, key);
		if (record == NULL ||
		    owner_of(b, record) != json_integer_value(person))
			driver_found(b->d, "own-records",
			    "the portal showed person %lld a record of another "
			    "person",
			    (long long)json_integer_value(person));
	}
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

/* The internal number behind a business number; 0 if there is none. */
static int64_t
internal_of(const json_t *numbers, const char *business_number)
{
	return row_int(
	    row_find(numbers, "business_number", business_number), "internal");
}

static bool
is_of(const json_t *replica, int64_t internal, const json_t *record)
{
	return row_int(replica, "internal") == internal &&
	    same(replica, "item", row_text(record, "item")) &&
	    same(replica, "version", row_text(record, "version"));
}

/* The relay has the replica that its office put last. */
static void
check_put(struct books *b, const char *organisation, const json_t *numbers,
    const json_t *replicas, const json_t *record)
{
	int64_t internal =
	    internal_of(numbers, row_text(record, "business_number"));
	const json_t *row;
	size_t i;

	if (internal == 0 || !same(record, "state", "put"))
		return;
	json_array_foreach(replicas, i, row)
	{
		if (is_of(row, internal, record) &&
		    is_same_contents(row_text(row, "contents"),
			row_text(record, "contents")))
			return;
	}
	driver_found(b->d, "replica-newest",
	    "the relay of %s lacks the replica that its office put last",
	    organisation);
}

/* The relay does not have a replica that its office deleted. */
static void
check_kept(struct books *b, const char *organisation, const json_t *numbers,
    const json_t *records, const json_t *replica)
{
	const json_t *row;
	size_t i;

	if (same(replica, "contents", ""))
		return;
	json_array_foreach(records, i, row)
	{
		if (is_of(replica,
			internal_of(numbers, row_text(row, "business_number")),
			row))
			return;
	}
	driver_found(b->d, "replica-newest",
	    "the relay of %s has a replica that its office deleted",
	    organisation);
}

static void
check_replicas(struct books *b, const char *organisation)
{
	const json_t *records, *replicas, *numbers, *row;
	char system[64];
	size_t i;

	snprintf(system, sizeof(system), "%s/offices", organisation);
	records = dump_rows(b->dump, system, "record");
	snprintf(system, sizeof(system), "%s/relay", organisation);
	replicas = dump_rows(b->dump, system, "replica");
	snprintf(system, sizeof(system), "%s/addressee", organisation);
	numbers = dump_rows(b->dump, system, "business_number");
	json_array_foreach(records, i, row)
	    check_put(b, organisation, numbers, replicas, row);
	json_array_foreach(replicas, i, row)
	    check_kept(b, organisation, numbers, records, row);
}

/* --- All of them --------------------------------------------------------- */

static void
check_all(struct books *b)
{
	const struct someone *p;
	const char *key;
	json_t *record;
	size_t i;
	int n;

	json_object_foreach(b->records, key, record) check_record(b, record);
	for (i = 0; i < b->d->config->n_organisations; i++) {
		check_provisions(b, b->d->config->organisations[i].id);
		check_replicas(b, b->d->config->organisations[i].id);
	}
	check_seen(b);
	for (n = 0; n < b->d->n_people; n++) {
		p = &b->d->people[n];
		if (p->shown != NULL && p->life == LIFE_HERE && p->enrolled)
			check_shown(b, n);
	}
}

void
check_records(struct driver *d, const json_t *dump)
{
	struct law_text text = law_text_built_in();
	struct books b = {.d = d, .dump = dump};
	struct problem problem = {0};
	struct law *law;

	if (law_load(&text, &law, &problem)) {
		driver_found(d, "legal-basis", "%s", problem.text);
		return;
	}
	b.law = law;
	open_books(&b);
	check_all(&b);
	close_books(&b);
	check_searches(d, law, dump);
	law_free(law);
}
