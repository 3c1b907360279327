/*
 * Faults made for a test.  No program but a test and bango-lab calls
 * store_inject(), so that no other one has this file in it.
 */
#include "store/engine.h"

static enum err
inject(struct store *store)
{
	if (store->inject_after == 0 || --store->inject_after != 0)
		return OK;
	return problem_set(
	    &store->problem, store->inject_err, "a fault made for a test");
}

void
store_inject(struct store *store, uint64_t nth, enum err err)
{
	store->inject = inject;
	store->inject_after = nth;
	store->inject_err = err;
}

bool
store_inject_is_pending(const struct store *store)
{
	return store->inject_after != 0;
}
