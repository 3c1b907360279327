/* The invariants of a simulated nation, whatever happened to it. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"
#include "systems/network/relinking.h"

#define ROUNDS_MIN 3 /* longer than any timer's period */
#define ROUNDS_MAX 600
#define ROUND_MS 30000
#define WEEK_MS (8ll * 24 * 3600 * 1000)
#define SETTLE_MS (3600ll * 1000)
/* Rounds after which officers decide what is held, but for some, which are
 * left to their deadline, and after which they leave nothing. */
#define OFFICERS_ROUND 3
#define DEADLINE_ROUND 6
#define DEADLINE_MS (3ll * 24 * 3600 * 1000 + ROUND_MS)
/* Receipts and ids of messages are forgotten after ninety days. */
#define REMEMBERED_MS (80ll * 24 * 3600 * 1000)
#define RELINKINGS_MAX 20 /* of one seed */
#define LEDGER_MS 10000   /* within which every entry becomes a leaf */

const char *const simulate_invariants[] = {
    "completes",
    "timers-run",
    "answered-holds",
    "delivered-once",
    "applied-once",
    "permit-once",
    "permit-in-time",
    "taken-back",
    "hold-kept",
    "marks-kept",
    "search-true",
    "evidence-kept",
    "records-agree",
    "keeper-agrees",
    "legal-basis",
    "audited",
    "number-or-code",
    "codes-apart",
    "one-number",
    "acquisition-gone",
    "replica-newest",
    "own-records",
    "ledger-verifies",
    "one-history",
    "insider-learns",
    "insider-moves",
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

json_t *
dump_index(const json_t *dump, const char *system, const char *table,
    const char *column)
{
	json_t *index = json_object(), *row;
	size_t i;

	json_array_foreach(dump_rows(dump, system, table), i, row)
	    json_object_set(index, row_text(row, column), row);

	return index;
}

/* --- completes ----------------------------------------------------------- */

/* The counts of work under way in a system.  (A replica of a person whom the
 * addressee never came to know is tried for hours, and given up.) */
static const char *const waiting[] = {
    "acquiring", "waiting", "asking", "held", "open", NULL};
/* Halves of acquisitions that were answered twice: erased after a week. */
static const char *const halves[] = {"pending", NULL};
/* Organisations that still get other codes: for an hour after the last one. */
static const char *const relinking[] = {"relinking", NULL};

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

/* NULL if no work is under way, else the place where some is. */
static const char *
still_busy(struct driver *d, const char *const *counted, const char **ret_what)
{
	const struct system_config *s;
	size_t i;

	for (i = 0; i < d->config->n_systems; i++) {
		s = &d->config->systems[i];
		if (simulate_is_enemy(d, slice_of(s->id.text)))
			continue;
		if (under_way(d, s->id.text, counted, ret_what) > 0)
			return s->id.text;
	}

	return NULL;
}

/* Held answers wait for an officer, and so do inquiries past a budget, and
 * claims. */
static void
officers(struct driver *d, int round)
{
	static const char *const held[] = {"held", NULL};
	const char *what;

	if (round % OFFICERS_ROUND == 0) {
		simulate_release(d);
		if (simulate_has_travellers(d)) {
			simulate_claims(d);
			simulate_unknown_arrivals(d);
		}
	}
	if (round == OFFICERS_ROUND)
		simulate_decide_all(d, 500);
	else if (round == DEADLINE_ROUND && still_busy(d, held, &what) != NULL)
		simulation_leap(d->sim, DEADLINE_MS);
	else if (round > DEADLINE_ROUND && round % OFFICERS_ROUND == 0)
		simulate_decide_all(d, 0);
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
		officers(d, i);
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
	int i;

	wait_for(d, waiting);
	for (i = 0;
	     i < RELINKINGS_MAX && still_busy(d, relinking, &what) != NULL;
	     i++) {
		simulation_leap(d->sim, RELINKING_CLOSING_MS);
		wait_for(d, waiting);
	}
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

/* A person who is moving may have been refused, and still live in the old
 * place. */
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

/* Every inquiry has an answer, about the person whom it was about. */
static void
check_application(struct driver *d, const struct told_application *a)
{
	const json_t *questions, *q, *contents;
	char system[32], path[64];
	json_t *answer;
	size_t i;

	snprintf(system, sizeof(system), "%s/offices", d->cities[a->city]);
	snprintf(path, sizeof(path), "/applications/%s", a->id);
	if (get(d, system, path, &answer) != 200 ||
	    strcmp(row_text(answer, "state"), "waiting") == 0)
		driver_found(d, "answered-holds",
		    "%s: application %.8s... is %s", system, a->id,
		    row_text(answer, "state"));
	questions = json_object_get(answer, "questions");
	json_array_foreach(questions, i, q)
	{
		contents = json_object_get(q, "contents");
		if (contents != NULL && row_int(contents, "owner") != a->person)
			driver_found(d, "own-records",
			    "%s: asked about person %d, was told about %lld",
			    system, a->person,
			    (long long)row_int(contents, "owner"));
	}
	json_decref(answer);
}

/* The contents received for an inquiry are about the person asked about. */
static void
check_contents(struct driver *d, const char *organisation, const json_t *row)
{
	const json_t *contents = json_object_get(row, "contents");
	int person =
	    driver_person(d, organisation, row_text(row, "business_number"));

	if (contents != NULL && row_int(contents, "owner") != person)
		driver_found(d, "own-records",
		    "%s asked about person %d, was told about %lld",
		    organisation, person,
		    (long long)row_int(contents, "owner"));
}

static void
check_inquiry(struct driver *d, const struct told_inquiry *i)
{
	const char *state, *organisation = d->cities[i->city];
	char system[32], path[64];
	json_t *answer;
	int status;

	snprintf(system, sizeof(system), "%s/offices", organisation);
	snprintf(path, sizeof(path), "/inquiries/%s", i->id);
	status = get(d, system, path, &answer);
	state = row_text(answer, "state");
	if (i->asked && (status != 200 || strcmp(state, "waiting") == 0))
		driver_found(d, "answered-holds", "%s: inquiry %.8s... is %s",
		    system, i->id, state);
	if (i->cancelled && strcmp(state, "cancelled") != 0)
		driver_found(d, "taken-back",
		    "%s: inquiry %.8s... was taken back, and is %s", system,
		    i->id, state);
	if (strcmp(state, "cancelled") == 0 &&
	    json_object_get(answer, "contents") != NULL)
		driver_found(d, "taken-back",
		    "%s: inquiry %.8s... was taken back, and answered", system,
		    i->id);
	check_contents(d, organisation, answer);
	json_decref(answer);
}

/* Each line is answered, once. */
static void
check_file(struct driver *d, const struct told_file *f)
{
	char system[32], path[80];
	json_t *answer, *lines = json_object();
	const json_t *row;
	char line[24];
	size_t i, n;

	snprintf(system, sizeof(system), "%s/offices", d->cities[f->city]);
	snprintf(path, sizeof(path), "/inquiry-files/%s/results", f->id);
	get(d, system, path, &answer);
	n = json_array_size(json_object_get(answer, "results"));
	json_array_foreach(json_object_get(answer, "results"), i, row)
	{
		snprintf(line, sizeof(line), "%lld",
		    (long long)row_int(row, "line"));
		json_object_set_new(lines, line, json_true());
		if (strcmp(row_text(row, "state"), "waiting") == 0)
			driver_found(d, "answered-holds",
			    "%s: line %s of file %.8s... is waiting", system,
			    line, f->id);
		check_contents(d, d->cities[f->city], row);
	}
	if (n != json_object_size(lines) || n > (size_t)f->lines ||
	    (f->told && n != (size_t)f->lines))
		driver_found(d, "answered-holds",
		    "%s: file %.8s... of %d lines has %zu results of %zu lines",
		    system, f->id, f->lines, n, json_object_size(lines));
	json_decref(lines);
	json_decref(answer);
}

/* --- own-records --------------------------------------------------------- */

/* The owner of each record is looked up at the end (check_shown()). */
void
simulate_shown(struct driver *d, int person, const json_t *answer)
{
	const json_t *records = json_object_get(answer, "records"), *r, *other;
	struct someone *p = &d->people[person];
	const char *id;
	size_t i;

	if (!json_is_array(records))
		return;
	json_decref(p->shown);
	p->shown = json_object();
	json_array_foreach(records, i, r)
	{
		id = row_text(r, "record");
		/* A line that something is withheld names nobody. */
		if (json_object_get(r, "inquirer") != NULL)
			json_object_set_new(p->shown, id, json_true());
		other = json_object_get(d->shown, id);
		if (other != NULL && json_integer_value(other) != person)
			driver_found(d, "own-records",
			    "the portal showed record %.8s... to two persons",
			    id);
		json_put_int(d->shown, id, person);
	}
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
	if (status != 201) {
		driver_found(d, "answered-holds",
		    "person %d was enrolled and cannot sign in: %d", person,
		    status);
		return;
	}
	asked = (struct asked){
	    "digital/portal", HTTP_GET, "/records?wait=60", NULL, p->token};
	json_decref(p->shown);
	p->shown = NULL;
	driver_ask(d, &asked, 1, &answer);
	simulate_shown(d, person, answer);
	json_decref(answer);
	if (p->shown == NULL)
		driver_found(d, "answered-holds",
		    "the portal does not show person %d any records", person);
}

void
simulate_finish(struct driver *d)
{
	int i;

	complete(d);
	simulate_settle_in(d);
	for (i = 0; i < d->n_people && !driver_has_found(d); i++) {
		if (d->people[i].life != LIFE_UNSURE)
			check_someone(d, &d->people[i]);
	}
	for (i = 0; i < d->n_applications && !driver_has_found(d); i++)
		check_application(d, &d->applications[i]);
	for (i = 0; i < d->n_inquiries && !driver_has_found(d); i++)
		check_inquiry(d, &d->inquiries[i]);
	for (i = 0; i < d->n_files && !driver_has_found(d); i++)
		check_file(d, &d->files[i]);
	for (i = 0; i < d->n_people && !driver_has_found(d); i++) {
		if (d->people[i].enrolled && d->people[i].life == LIFE_HERE)
			sign_in(d, i);
	}
	simulate_report(d);
	simulation_run(d->sim, LEDGER_MS);
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
collect_sent(const struct driver *d, const char *system, const json_t *tables,
    json_t *sent)
{
	const json_t *row;
	json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(tables, "sent"), i, row)
	{
		if (simulate_is_enemy(d, slice_of(row_text(row, "peer"))))
			continue;
		entry = json_object();
		json_put_text(entry, "from", slice_of(system));
		json_put_text(entry, "to", slice_of(row_text(row, "peer")));
		json_put_text(entry, "type", slice_of(row_text(row, "type")));
		json_put_bool(entry, "accepted", is_accepted(row));
		json_put_int(entry, "at", row_int(row, "created"));
		json_put(sent, row_text(row, "id"), entry);
	}
}

/* Each message in the inbox was sent to this system, and settled alike. */
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
		    simulate_is_enemy(d, slice_of(row_text(row, "peer"))) ||
		    !is_accepted(row))
			continue;
		entry = json_object_get(sent, id);
		if (row_int(row, "received") < d->remembered) {
			/* Its sender may have forgotten it. */
			json_object_del(sent, id);
			continue;
		}
		if (entry == NULL)
			driver_found(d, "delivered-once",
			    "%s took a %s that no sender has settled", system,
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

	d->remembered = simulation_now(d->sim).ms - REMEMBERED_MS;
	json_object_foreach((json_t *)(uintptr_t)dump, key, tables)
	    collect_sent(d, key, tables, sent);
	json_object_foreach((json_t *)(uintptr_t)dump, key, tables)
	    check_inbox(d, key, tables, sent);
	json_object_foreach(sent, key, entry)
	{
		if (json_is_true(json_object_get(entry, "accepted")) &&
		    row_int(entry, "at") >= d->remembered)
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

/* The databases of those that are no enemies; a new reference. */
static json_t *
honest(const struct driver *d, const json_t *dump)
{
	json_t *ret = json_object(), *tables;
	const char *system;

	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		if (!simulate_is_enemy(d, slice_of(system)))
			json_object_set(ret, system, tables);
	}

	return ret;
}

void
simulate_check(struct driver *d, const json_t *all)
{
	json_t *dump = honest(d, all), *tables;
	const char *system;

	json_object_foreach(dump, system, tables)
	    check_turns(d, system, tables);
	check_delivery(d, dump);
	check_records(d, dump);
	check_exchanges(d, dump);
	check_keepers(d, dump);
	check_secrets(d, dump);
	check_relinking(d, dump);
	check_insiders(d, dump);
	json_decref(dump);
}
