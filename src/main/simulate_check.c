/* What must be true of a simulated nation, whatever happened to it. */
#include <stdio.h>
#include <string.h>

#include "main/simulate_internal.h"

#define ROUNDS_MIN 3 /* longer than any timer's period */
#define ROUNDS_MAX 600
#define ROUND_MS 30000
#define WEEK_MS (8ll * 24 * 3600 * 1000)
#define SETTLE_MS (3600ll * 1000)

const char *const simulate_invariants[] = {
    "completes",
    "answered-holds",
    "delivered-once",
    "applied-once",
    "permit-once",
    "permit-in-time",
    "records-agree",
    "legal-basis",
    "audited",
    "number-or-code",
    "codes-apart",
    "one-number",
    "acquisition-gone",
    "replica-newest",
    "own-records",
    NULL,
};

/* --- Rows ---------------------------------------------------------------- */

const json_t *
dump_rows(const json_t *dump, const char *system, const char *table)
{
	return json_object_get(json_object_get(dump, system), table);
}

const char *
row_text(const json_t *row, const char *column)
{
	const char *text = json_string_value(json_object_get(row, column));

	return text == NULL ? "" : text;
}

int64_t
row_int(const json_t *row, const char *column)
{
	return json_integer_value(json_object_get(row, column));
}

const json_t *
row_find(const json_t *rows, const char *column, const char *text)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (strcmp(row_text(row, column), text) == 0)
			return row;
	}

	return NULL;
}

/* --- completes ----------------------------------------------------------- */

/* What a system counts as under way.  (A replica of somebody whom the
 * addressee never came to know is tried for hours, and given up.) */
static const char *const waiting[] = {"acquiring", "waiting", "open", NULL};
/* Halves of acquisitions that were answered twice: erased after a week. */
static const char *const halves[] = {"pending", NULL};

static int64_t
under_way(struct driver *d, const char *system, const char *const *counted,
    const char **ret_what)
{
	const struct asked asked = {system, HTTP_GET, "/status", NULL, NULL};
	const json_t *counts;
	json_t *answer;
	int64_t n = 0;

	*ret_what = "status";
	if (driver_ask(d, &asked, 1, &answer) != 200)
		n = 1;
	counts = json_object_get(answer, "counts");
	for (; n == 0 && *counted != NULL; counted++) {
		n = row_int(counts, *counted);
		*ret_what = *counted;
	}
	json_decref(answer);

	return n;
}

/* NULL if nothing is under way anywhere, else where. */
static const char *
still_busy(struct driver *d, const char *const *counted, const char **ret_what)
{
	const struct system_config *s;
	size_t i;

	for (i = 0; i < d->config->n_systems; i++) {
		s = &d->config->systems[i];
		/* An enrolment may stay open, but not a permit. */
		if (strcmp(s->system->name, "portal") == 0)
			continue;
		if (under_way(d, s->id.text, counted, ret_what) > 0)
			return s->id.text;
	}

	return NULL;
}

static void
wait_for(struct driver *d, const char *const *counted)
{
	const char *where = "", *what = "";
	int i;

	for (i = 0; i < ROUNDS_MAX && where != NULL; i++) {
		simulation_run(d->sim, ROUND_MS);
		if (simulation_settle(d->sim, SETTLE_MS)) {
			driver_found(d, "completes",
			    "messages are still on their way hours after "
			    "the faults");
			return;
		}
		if (i + 1 >= ROUNDS_MIN)
			where = still_busy(d, counted, &what);
	}
	if (where != NULL)
		driver_found(d, "completes",
		    "%s: %s is not 0 hours after the faults", where, what);
}

static void
complete(struct driver *d)
{
	const char *what;

	wait_for(d, waiting);
	if (still_busy(d, halves, &what) == NULL)
		return;
	simulation_leap(d->sim, WEEK_MS);
	wait_for(d, halves);
}

/* --- answered-holds ------------------------------------------------------ */

static int
get(struct driver *d, const char *system, const char *path, json_t **ret)
{
	const struct asked asked = {system, HTTP_GET, path, NULL, NULL};

	return driver_ask(d, &asked, 1, ret);
}

/* Who moves may have been refused, and lives where he did. */
static bool
check_someone(struct driver *d, const struct someone *p)
{
	const char *want = p->life == LIFE_HERE ? "current"
	    : p->life == LIFE_DEAD              ? "deceased"
						: "moved-out";
	char system[32], path[64];
	json_t *answer;
	bool holds;

	snprintf(system, sizeof(system), "%s/registry", d->cities[p->city]);
	snprintf(path, sizeof(path), "/residents/%s", p->resident);
	holds = get(d, system, path, &answer) == 200 &&
	    (strcmp(row_text(answer, "state"), want) == 0 ||
		p->life == LIFE_MOVING) &&
	    (p->life != LIFE_HERE ||
		strcmp(row_text(answer, "numbering"), "numbered") == 0);
	if (!holds)
		driver_found(d, "answered-holds",
		    "%s: resident %s was %s and numbered, and is %s, %s",
		    system, p->resident, want, row_text(answer, "state"),
		    row_text(answer, "numbering"));
	json_decref(answer);

	return holds;
}

/* Everything asked came back, and is about whom it was asked. */
static bool
check_application(struct driver *d, const struct told_application *a)
{
	char system[32], path[64];
	const json_t *q, *contents;
	json_t *answer;
	bool holds;
	size_t i;

	snprintf(system, sizeof(system), "%s/offices", d->cities[a->city]);
	snprintf(path, sizeof(path), "/applications/%s", a->id);
	holds = get(d, system, path, &answer) == 200 &&
	    strcmp(row_text(answer, "state"), "waiting") != 0;
	if (!holds)
		driver_found(d, "answered-holds",
		    "%s: application %.8s... is %s", system, a->id,
		    row_text(answer, "state"));
	json_array_foreach(json_object_get(answer, "questions"), i, q)
	{
		contents = json_object_get(q, "contents");
		if (contents != NULL && row_int(contents, "owner") != a->person)
			holds = driver_found(d, "own-records",
			    "%s: asked about person %d, was told about %lld",
			    system, a->person,
			    (long long)row_int(contents, "owner"));
	}
	json_decref(answer);

	return holds;
}

/* --- own-records --------------------------------------------------------- */

void
simulate_shown(struct driver *d, int person, const json_t *answer)
{
	const json_t *records = json_object_get(answer, "records"), *r;
	char unit[16];
	size_t i;

	if (!json_is_array(records))
		return;
	simulate_unit(person, unit);
	json_array_foreach(records, i, r)
	{
		if (!slice_has_prefix(
			slice_of(row_text(r, "unit")), slice_of(unit)))
			driver_found(d, "own-records",
			    "the portal showed person %d a record of unit %s",
			    person, row_text(r, "unit"));
	}
	d->people[person].shown = (int)json_array_size(records);
}

static void
sign_in(struct driver *d, int person)
{
	struct someone *p = &d->people[person];
	struct asked asked = {
	    "digital/portal", HTTP_POST, "/sessions", json_object(), NULL};
	json_t *answer;
	int status;

	json_put_text(asked.body, "enrolment", slice_of(p->enrolment));
	json_put_text(asked.body, "secret", slice_of(p->secret));
	status = driver_ask(d, &asked, 1, &answer);
	snprintf(p->token, sizeof(p->token), "%s", row_text(answer, "token"));
	json_decref(answer);
	/* An enrolment that nobody confirms for a day is forgotten. */
	if (status != 201 && p->enrolments == 1 && !d->has_slept) {
		driver_found(d, "answered-holds",
		    "person %d was enrolled and cannot sign in: %d", person,
		    status);
		return;
	}
	if (status != 201)
		return;
	asked = (struct asked){
	    "digital/portal", HTTP_GET, "/records?wait=60", NULL, p->token};
	p->shown = -1;
	driver_ask(d, &asked, 1, &answer);
	simulate_shown(d, person, answer);
	json_decref(answer);
	if (p->shown < 0)
		driver_found(d, "answered-holds",
		    "the portal does not show person %d any records", person);
}

void
simulate_finish(struct driver *d)
{
	int i;

	complete(d);
	for (i = 0; i < d->n_people && !driver_has_found(d); i++) {
		if (d->people[i].life != LIFE_UNSURE)
			check_someone(d, &d->people[i]);
	}
	for (i = 0; i < d->n_applications && !driver_has_found(d); i++)
		check_application(d, &d->applications[i]);
	/* A refusal of the counter is told to nobody: who moves or dies just
	 * then is not enrolled. */
	for (i = 0; i < d->n_people && !driver_has_found(d); i++) {
		if (d->people[i].enrolled && d->people[i].life == LIFE_HERE)
			sign_in(d, i);
	}
	if (!driver_has_found(d) && simulation_settle(d->sim, SETTLE_MS))
		driver_found(d, "completes", "the last look does not end");
}

/* --- delivered-once, applied-once ---------------------------------------- */

static bool
is_accepted(const json_t *row)
{
	return strcmp(row_text(row, "outcome"), "accepted") == 0;
}

/* {id: {"from": accepted, "to": system, "in": accepted}} of one system. */
static void
collect_sent(const char *system, const json_t *tables, json_t *sent)
{
	const json_t *row;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(tables, "sent"), i, row)
	{
		entry = json_object();
		json_put_text(entry, "from", slice_of(system));
		json_put_text(entry, "to", slice_of(row_text(row, "peer")));
		json_put_text(entry, "type", slice_of(row_text(row, "type")));
		json_put_bool(entry, "accepted", is_accepted(row));
		json_put(sent, row_text(row, "id"), entry);
	}
}

/* Each message in the inbox was sent, to here, and settled alike. */
static void
check_inbox(
    struct driver *d, const char *system, const json_t *tables, json_t *sent)
{
	const json_t *row, *entry;
	const char *id;
	size_t i;

	json_array_foreach(json_object_get(tables, "inbox"), i, row)
	{
		id = row_text(row, "id");
		if (slice_has_prefix(slice_of(id), SLICE(LIE_PREFIX)) ||
		    !is_accepted(row))
			continue;
		entry = json_object_get(sent, id);
		if (entry == NULL)
			driver_found(d, "delivered-once",
			    "%s took a %s that nobody settled", system,
			    row_text(row, "type"));
		else if (strcmp(row_text(entry, "to"), system) != 0)
			driver_found(d, "delivered-once",
			    "%s took a %s that was for %s", system,
			    row_text(row, "type"), row_text(entry, "to"));
		else if (!json_is_true(json_object_get(entry, "accepted")))
			driver_found(d, "delivered-once",
			    "%s took a %s and told %s that it had not", system,
			    row_text(row, "type"), row_text(entry, "from"));
		json_object_del(sent, id);
	}
}

static void
check_delivery(struct driver *d, const json_t *dump)
{
	json_t *sent = json_object(), *entry, *tables;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)dump, key, tables)
	    collect_sent(key, tables, sent);
	json_object_foreach((json_t *)(uintptr_t)dump, key, tables)
	    check_inbox(d, key, tables, sent);
	json_object_foreach(sent, key, entry)
	{
		if (json_is_true(json_object_get(entry, "accepted")))
			driver_found(d, "delivered-once",
			    "%s settled a %s that %s does not have",
			    row_text(entry, "from"), row_text(entry, "type"),
			    row_text(entry, "to"));
	}
	json_decref(sent);
}

/* A turn is of one instant: entries of one message at two are two turns. */
static void
check_turns(struct driver *d, const char *system, const json_t *tables)
{
	json_t *at = json_object();
	const json_t *row, *seen;
	const char *request;
	size_t i;

	json_array_foreach(json_object_get(tables, "audit"), i, row)
	{
		request = row_text(row, "request");
		if (strlen(request) != 32)
			continue;
		seen = json_object_get(at, request);
		if (seen == NULL)
			json_put_int(at, request, row_int(row, "at"));
		else if (json_integer_value(seen) != row_int(row, "at"))
			driver_found(d, "applied-once",
			    "%s worked off one message twice (%s)", system,
			    row_text(row, "action"));
	}
	json_decref(at);
}

void
simulate_check(struct driver *d, const json_t *dump)
{
	const char *system;
	json_t *tables;

	check_delivery(d, dump);
	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	    check_turns(d, system, tables);
	check_records(d, dump);
	check_secrets(d, dump);
}
