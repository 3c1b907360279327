/* Holds, marks and revocations: the uses that a provider may make of a permit,
 * and when. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

/* One organisation's relay. */
struct desk {
	struct driver *d;
	const char *organisation;
	const json_t *tables;
	json_t *provisions; /* by permit */
	json_t *held;       /* by permit */
	/* {exchange: messages}, of which evidence is kept. */
	json_t *sent, *taken;
};

static bool
same(const json_t *row, const char *column, const char *text)
{
	return strcmp(row_text(row, column), text) == 0;
}

static bool
is_contents(const json_t *provision)
{
	return same(provision, "outcome", "provided") ||
	    same(provision, "outcome", "no-data");
}

static bool
taken_back(const struct desk *desk, const json_t *provision)
{
	return driver_found(desk->d, "taken-back",
	    "%s answered with %s under a permit that was taken back",
	    desk->organisation, row_text(provision, "outcome"));
}

/* --- hold-kept ----------------------------------------------------------- */

/* The outcome that a provision must have after a decision. */
static bool
is_consequence(const json_t *held, const json_t *provision)
{
	if (same(held, "decision", "release"))
		return is_contents(provision);
	if (same(held, "decision", "refuse"))
		return same(provision, "reason", "hold-refused");
	if (same(held, "decision", "deadline"))
		return same(provision, "reason", "hold-deadline");

	return same(provision, "outcome", "cancelled") ||
	    same(provision, "outcome", "revoked");
}

static void
check_hold(const struct desk *desk, const json_t *held)
{
	const char *permit = row_text(held, "permit");
	const char *decision = row_text(held, "decision");
	const json_t *provision = json_object_get(desk->provisions, permit);
	const char *told =
	    json_string_value(json_object_get(desk->d->decided, permit));

	if (provision == NULL || !is_consequence(held, provision) ||
	    row_int(provision, "answered") != row_int(held, "decided"))
		driver_found(desk->d, "hold-kept",
		    "%s decided \"%s\" about permit %.8s..., and it is %s",
		    desk->organisation, decision, permit,
		    row_text(provision, "outcome"));
	if (strcmp(decision, "release") == 0 &&
	    json_object_get(desk->d->tried, permit) == NULL)
		driver_found(desk->d, "hold-kept",
		    "%s released permit %.8s... by itself", desk->organisation,
		    permit);
	if (told != NULL && strcmp(told, decision) != 0)
		driver_found(desk->d, "answered-holds",
		    "%s said \"%s\" about permit %.8s..., and did \"%s\"",
		    desk->organisation, told, permit, decision);
}

/* --- marks-kept ---------------------------------------------------------- */

/* A mark that is still there and was there before. */
static void
check_mark(const struct desk *desk, const json_t *mark, const json_t *provision)
{
	bool covers = row_int(mark, "removed") == 0 &&
	    row_int(mark, "internal") == row_int(provision, "internal") &&
	    (same(mark, "item", "") ||
		same(mark, "item", row_text(provision, "item"))) &&
	    row_int(mark, "at") < row_int(provision, "answered");

	if (!covers)
		return;
	if (same(mark, "kind", "undisclosed") &&
	    same(provision, "withheld_answer", ""))
		driver_found(desk->d, "marks-kept",
		    "%s disclosed the provision of a marked item",
		    desk->organisation);
	if (same(mark, "kind", "hold") && is_contents(provision) &&
	    json_object_get(desk->held, row_text(provision, "permit")) == NULL)
		driver_found(desk->d, "marks-kept",
		    "%s answered at once an inquiry that a mark holds",
		    desk->organisation);
}

/* --- taken-back ---------------------------------------------------------- */

/* A revocation that came before its permit, and was remembered. */
static void
check_revocation(const struct desk *desk, const json_t *revocation)
{
	const json_t *provision =
	    json_object_get(desk->provisions, row_text(revocation, "permit"));

	if (provision != NULL &&
	    !same(provision, "outcome", row_text(revocation, "outcome")))
		taken_back(desk, provision);
}

/* Nothing is provided after the network's revocation was taken. */
static void
check_revoked(const struct desk *desk, const json_t *message)
{
	const char *permit = json_string_value(
	    json_object_get(desk->d->revocations, row_text(message, "id")));
	const json_t *provision =
	    permit == NULL ? NULL : json_object_get(desk->provisions, permit);

	if (provision != NULL && same(message, "outcome", "accepted") &&
	    is_contents(provision) &&
	    row_int(desk->d->answered, permit) > row_int(message, "received"))
		taken_back(desk, provision);
}

/* --- evidence-kept ------------------------------------------------------- */

static void
count_evidence(struct desk *desk)
{
	const json_t *row;
	const char *exchange;
	json_t *counts;
	size_t i;

	desk->sent = json_object();
	desk->taken = json_object();
	json_array_foreach(json_object_get(desk->tables, "evidence"), i, row)
	{
		exchange = row_text(row, "exchange");
		counts = json_is_null(json_object_get(row, "receipt"))
		    ? desk->taken
		    : desk->sent;
		json_put_int(counts, exchange, row_int(counts, exchange) + 1);
	}
}

static void
check_evidence(const struct desk *desk, const char *exchange, int sent)
{
	if (row_int(desk->sent, exchange) < sent ||
	    row_int(desk->taken, exchange) < 1)
		driver_found(desk->d, "evidence-kept",
		    "%s has evidence of %lld messages sent and %lld taken of "
		    "exchange %.8s...",
		    desk->organisation,
		    (long long)row_int(desk->sent, exchange),
		    (long long)row_int(desk->taken, exchange), exchange);
}

/* The provider sends an answer and a report, the inquirer its request. */
static void
check_all_evidence(const struct desk *desk)
{
	const json_t *row;
	json_t *provision;
	const char *key;
	size_t i;

	json_object_foreach(desk->provisions, key, provision)
	    check_evidence(desk, key, 2);
	json_array_foreach(json_object_get(desk->tables, "inquiry"), i, row)
	{
		if (!json_is_null(json_object_get(row, "expires")))
			check_evidence(desk, row_text(row, "inquiry"), 1);
	}
}

/* --- One relay after another --------------------------------------------- */

static void
check_desk(const struct desk *desk)
{
	const json_t *row, *marks = json_object_get(desk->tables, "mark");
	json_t *provision;
	const char *key;
	size_t i;

	json_array_foreach(json_object_get(desk->tables, "held"), i, row)
	    check_hold(desk, row);
	json_array_foreach(marks, i, row)
	{
		json_object_foreach(desk->provisions, key, provision)
		    check_mark(desk, row, provision);
	}
	json_array_foreach(json_object_get(desk->tables, "revocation"), i, row)
	    check_revocation(desk, row);
	json_array_foreach(json_object_get(desk->tables, "inbox"), i, row)
	    check_revoked(desk, row);
	check_all_evidence(desk);
}

void
check_exchanges(struct driver *d, const json_t *dump)
{
	struct desk desk = {.d = d};
	char system[64];
	size_t i;

	for (i = 0; i < d->config->n_organisations; i++) {
		desk.organisation = d->config->organisations[i].id;
		snprintf(system, sizeof(system), "%s/relay", desk.organisation);
		desk.tables = json_object_get(dump, system);
		if (desk.tables == NULL)
			continue;
		desk.provisions =
		    dump_index(dump, system, "provision", "permit");
		desk.held = dump_index(dump, system, "held", "permit");
		count_evidence(&desk);
		check_desk(&desk);
		json_decref(desk.sent);
		json_decref(desk.taken);
		json_decref(desk.provisions);
		json_decref(desk.held);
	}
}
