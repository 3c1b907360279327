/* Decisions of officers of a simulated nation: marks, holds, revocations,
 * disclosure, replicas. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

static void
put_reason(json_t *body)
{
	json_put_text(body, "reason", SLICE("理由"));
}

/* --- Known persons ------------------------------------------------------- */

struct known {
	const char *organisation;
	char business_number[16];
	const char *item; /* of the replica put there */
};

/* An organisation that can be asked about a person. */
static struct known
any_place(struct driver *d, const struct someone *p)
{
	struct known k = {d->cities[p->city], "", "local-tax"};

	snprintf(
	    k.business_number, sizeof(k.business_number), "%s", p->resident);
	if (p->insured && driver_below(d, 3) > 0) {
		k.organisation = NENKIN;
		k.item = "pension";
		simulate_insured_number(driver_index(d, p), k.business_number);
	} else if (p->came_from >= 0 && driver_below(d, 3) > 0) {
		k.organisation = d->cities[p->came_from];
		snprintf(k.business_number, sizeof(k.business_number), "%s",
		    p->former);
	}

	return k;
}

static bool
internal_number(struct driver *d, const struct known *k, char ret[24])
{
	json_t *body = json_object(), *answer = NULL;

	json_put_text(body, "business_number", slice_of(k->business_number));
	driver_post(d, k->organisation, "addressee", "/lookups", body, &answer);
	driver_keep(answer, "internal_number", ret, 24);
	json_decref(answer);

	return ret[0] != '\0';
}

/* --- Marks --------------------------------------------------------------- */

/* Put or remove a mark, often just before an inquiry about the person. */
void
simulate_mark(struct driver *d)
{
	const struct someone *p = driver_anybody(d, LIFE_HERE);
	bool withholds, removes;
	char internal[24];
	struct known k;
	json_t *body;

	if (p == NULL)
		return;
	k = any_place(d, p);
	if (!internal_number(d, &k, internal))
		return;
	body = json_object();
	json_put_text(body, "internal_number", slice_of(internal));
	withholds = driver_below(d, 3) == 0;
	json_put_text(
	    body, "kind", withholds ? SLICE("undisclosed") : SLICE("hold"));
	if (driver_below(d, 2) == 0)
		json_put_text(body, "item", slice_of(k.item));
	put_reason(body);
	removes = driver_below(d, 4) == 0;
	if (withholds && !removes)
		json_put_text(body, "withheld", simulate_withheld(d));
	(void)driver_tell(d, k.organisation, "relay",
	    removes ? "/marks/remove" : "/marks", body);
	if (driver_below(d, 2) == 0)
		simulate_ask_about(d, p);
}

/* --- Holds --------------------------------------------------------------- */

static void
decide(struct driver *d, const char *organisation, const char *permit)
{
	const char *choice = driver_below(d, 3) == 0 ? "refuse" : "release";
	json_t *body = json_object();
	char path[80];

	if (strcmp(choice, "release") == 0)
		json_object_set_new(d->tried, permit, json_true());
	json_put_text(body, "decision", slice_of(choice));
	put_reason(body);
	snprintf(path, sizeof(path), "/held/%s/decision", permit);
	if (driver_tell(d, organisation, "relay", path, body))
		json_put_text(d->decided, permit, slice_of(choice));
}

static void
decide_at(struct driver *d, const char *organisation, int leave_per_mille)
{
	json_t *answer = NULL;
	const json_t *row;
	size_t i;

	driver_get(d, organisation, "relay", "/held", &answer);
	json_array_foreach(json_object_get(answer, "held"), i, row)
	{
		if (driver_below(d, 1000) >= (uint64_t)leave_per_mille)
			decide(d, organisation, row_text(row, "permit"));
	}
	json_decref(answer);
}

void
simulate_decide(struct driver *d)
{
	decide_at(d,
	    driver_below(d, 2) == 0 ? NENKIN : d->cities[driver_city(d)], 300);
}

void
simulate_decide_all(struct driver *d, int leave_per_mille)
{
	int i;

	decide_at(d, NENKIN, leave_per_mille);
	for (i = 0; i < d->options->organisations; i++)
		decide_at(d, d->cities[i], leave_per_mille);
}

/* --- The network's officers ---------------------------------------------- */

/* A permit that was held, if there is one; it may be decided by now. */
static void
any_held(struct driver *d, char ret[ID_TEXT])
{
	size_t n = json_object_size(d->held), at;
	const json_t *value;
	const char *key;

	if (n == 0)
		return;
	at = (size_t)driver_below(d, n);
	json_object_foreach(d->held, key, value)
	{
		(void)value;
		if (at-- == 0)
			snprintf(ret, ID_TEXT, "%s", key);
	}
}

void
simulate_revoke(struct driver *d)
{
	char permit[ID_TEXT], path[80];
	json_t *body;

	snprintf(permit, sizeof(permit), "%s", d->permit);
	if (driver_below(d, 2) == 0)
		any_held(d, permit);
	if (permit[0] == '\0')
		return;
	body = json_object();
	put_reason(body);
	snprintf(path, sizeof(path), "/permits/%s/revocation", permit);
	(void)driver_tell(d, "digital", "network", path, body);
}

/* An officer reads the records that are kept from the persons' view. */
void
simulate_show(struct driver *d)
{
	json_t *answer = NULL, *body;
	const json_t *rows;
	char record[ID_TEXT], path[80];
	bool hide;
	size_t n;

	driver_get(d, "digital", "network", "/records/hidden", &answer);
	rows = json_object_get(answer, "records");
	n = json_array_size(rows);
	record[0] = '\0';
	if (n > 0)
		driver_keep(json_array_get(rows, (size_t)driver_below(d, n)),
		    "record", record, sizeof(record));
	json_decref(answer);
	if (record[0] == '\0')
		return;
	body = json_object();
	hide = driver_below(d, 3) == 0;
	json_put_text(body, "decision", hide ? SLICE("hide") : SLICE("show"));
	if (hide)
		json_put_text(body, "withheld", simulate_withheld(d));
	put_reason(body);
	snprintf(path, sizeof(path), "/records/%s/disclosure", record);
	(void)driver_tell(d, "digital", "network", path, body);
}

/* An officer of the network releases all that waits because of a budget. */
void
simulate_release(struct driver *d)
{
	json_t *answer = NULL, *body;
	const json_t *row;
	char path[96];
	size_t i;

	driver_get(d, "digital", "network", "/inquiries/waiting", &answer);
	json_array_foreach(json_object_get(answer, "inquiries"), i, row)
	{
		body = json_object();
		json_put_text(body, "decision", SLICE("release"));
		put_reason(body);
		snprintf(path, sizeof(path), "/inquiries/waiting/%s/decision",
		    row_text(row, "record"));
		(void)driver_tell(d, "digital", "network", path, body);
	}
	json_decref(answer);
}

/* --- Replicas ------------------------------------------------------------ */

void
simulate_change_replica(struct driver *d)
{
	static const char *const changes[] = {
	    "load", "replace", "correct", "delete"};
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *row, *body;
	struct known k;

	if (p == NULL)
		return;
	k = any_place(d, p);
	row = json_array();
	json_push_text(row, slice_of(k.business_number));
	json_array_append_new(
	    row, simulate_contents(driver_index(d, p), ++p->taxes));
	body = simulate_one_item(row);
	json_put_text(body, "item", slice_of(k.item));
	json_put_text(body, "version",
	    driver_below(d, 3) == 0 ? SLICE("2025") : SLICE("2026"));
	json_put_text(body, "change", slice_of(changes[driver_below(d, 4)]));
	/* Replicas that are put within a millisecond have no order. */
	simulation_run(d->sim, 2);
	(void)driver_tell(d, k.organisation, "offices", "/replicas", body);
	simulation_run(d->sim, 2);
}
