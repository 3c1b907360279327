/* Keepers: what honest organisations and the network report agrees, and nobody
 * raises an alarm about it (decision 0045). */
#include <string.h>

#include "lab/simulate/simulate_internal.h"

#define DAY_MS (24ll * 3600 * 1000)
#define REPORT_MS 120000
#define SETTLE_MS (3600ll * 1000)

void
simulate_report(struct driver *d)
{
	simulation_leap(d->sim, DAY_MS);
	simulation_run(d->sim, REPORT_MS);
	if (!driver_has_found(d) && simulation_settle(d->sim, SETTLE_MS))
		driver_found(
		    d, "completes", "the reports to keepers do not end");
}

/* The keeper of an organisation, as the founding file has it; "" if none. */
static const char *
keeper_of(const struct driver *d, const char *organisation)
{
	const char *keeper = NULL;
	struct system_id id;

	if (system_id_of(slice_of(organisation), "relay", &id) == OK &&
	    config_system(d->config, &id) != NULL)
		keeper =
		    config_setting(config_system(d->config, &id), "keeper");

	return keeper == NULL ? "" : keeper;
}

/* An enemy may leave out and invent what it likes, as keeper, too. */
static bool
is_honest(const struct driver *d, const json_t *row)
{
	const char *organisation = row_text(row, "organisation");

	return !simulate_is_enemy(d, slice_of(organisation)) &&
	    !simulate_is_enemy(d, slice_of(keeper_of(d, organisation)));
}

static void
check_none(
    struct driver *d, const char *system, const json_t *rows, const char *what)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (is_honest(d, row) &&
		    strcmp(row_text(row, "state"), "settled") != 0)
			driver_found(d, "keeper-agrees",
			    "%s has %s of what %s %s", system, what,
			    row_text(row, "organisation"),
			    row_text(row, "side"));
	}
}

void
check_keepers(struct driver *d, const json_t *dump)
{
	const char *system;
	json_t *tables;

	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		check_none(d, system, json_object_get(tables, "keeper_token"),
		    "an open token");
		check_none(d, system,
		    json_object_get(tables, "keeper_discrepancy"), "an alarm");
	}
}
