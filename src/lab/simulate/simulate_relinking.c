/* The network's key leaks: everybody gets other linkage codes, while all goes
 * on. */
#include <string.h>

#include "lab/simulate/simulate_internal.h"
#include "systems/network/linkage.h"
#include "systems/network/network.h"

#define LEAK_SEEDS 7 /* in one of so many seeds, the sixth */
#define LEAK_STEPS 20

static bool
has_leaks(const struct driver *d)
{
	return d->options->seed % LEAK_SEEDS == 5 &&
	    d->options->insiders == 0 && !driver_loses(d);
}

void
simulate_leak(struct driver *d)
{
	struct problem problem = {0};
	json_t *body;

	if (!has_leaks(d) || driver_below(d, LEAK_STEPS) > 0)
		return;
	if (simulation_rotate(d->sim, NETWORK_USUAL, LINKAGE_KEY, &problem)) {
		driver_found(d, "completes",
		    "the network does not start with another key: %s",
		    problem.text);
		return;
	}
	body = json_object();
	json_put_text(body, "reason", SLICE("the key store was copied"));
	driver_tell(d, "digital", "network", "/relinkings", body);
}

/* --- In the end ------------------------------------------------------------- */

static void
check_done(struct driver *d, const json_t *dump)
{
	const json_t *row;
	size_t i;

	json_array_foreach(dump_rows(dump, NETWORK_USUAL, "relink"), i, row)
	{
		if (strcmp(row_text(row, "state"), "done") != 0)
			driver_found(d, "completes",
			    "a relinking stays in the state %s",
			    row_text(row, "state"));
	}
}

/* Nobody uses a code that another one has replaced. */
static void
check_codes(struct driver *d, const char *system, const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		if (json_object_get(d->replaced, row_text(row, "code")) != NULL)
			driver_found(d, "codes-apart",
			    "%s holds a code that was replaced", system);
	}
}

void
check_relinking(struct driver *d, const json_t *dump)
{
	const char *system;
	json_t *tables;

	if (!has_leaks(d))
		return;
	check_done(d, dump);
	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		check_codes(d, system, json_object_get(tables, "linkage"));
		check_codes(d, system, json_object_get(tables, "resident"));
	}
}
