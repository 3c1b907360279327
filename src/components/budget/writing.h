/*
 * Writing: how many rows, and bytes in them, the messages and requests of another
 * organisation make this system write on a day.
 *
 * They are counted in memory, and taken from its budgets `rows` and `kib` whenever
 * a thousand rows or a mebibyte have come together; a start forgets less than that.
 * Past a budget, everything that it sends is answered `later` until midnight,
 * or until an officer grants more: the message waits at its sender.
 *
 * The systems that exist once in the nation have no such budget: they bring what
 * others asked for, who have been counted where they asked.
 */
#ifndef BANGO_COMPONENTS_BUDGET_WRITING_H
#define BANGO_COMPONENTS_BUDGET_WRITING_H

#include "components/budget/budget.h"

#define WRITING_ROWS 1000
#define WRITING_BYTES (1 << 20)
/* So often an organisation that is past a budget is looked at again. */
#define WRITING_AGAIN_MS (60 * 1000)

/* The component's state, its end, and its hook. */
MUST_USE enum err writing_start(struct turn *turn, void **ret_state);
void writing_stop(void *state);
MUST_USE enum err writing_note(struct turn *turn, struct slice organisation,
    const struct store_written *written);

#endif
