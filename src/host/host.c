#include "host/host.h"

#include "host/node_internal.h"
#include "host/reply.h"
#include "host_rows.h"

#define DAY_MS (24ll * 3600 * 1000)
#define INBOX_KEEP_MS (90 * DAY_MS) /* longer than an envelope is taken */
#define SENT_KEEP_MS (90 * DAY_MS)
#define HOUSEKEEPING_MS (3600 * 1000)
#define ERASE_MAX 1000 /* rows in one turn */

enum err
turn_erase(struct turn *turn, erase_function *erase, struct instant before,
    bool *ret_more)
{
	TRY(erase(turn->store, ERASE_MAX, before));
	if (store_changes(turn->store) == ERASE_MAX)
		*ret_more = true;

	return OK;
}

/* Erase rows that no repeated envelope can need any more. */
static enum err
housekeeping(struct turn *turn)
{
	struct instant taken = instant_plus(turn->now, -INBOX_KEEP_MS);
	struct instant sent = instant_plus(turn->now, -SENT_KEEP_MS);
	bool more = false;

	TRY(turn_erase(turn, host_inbox_erase, taken, &more));
	TRY(turn_erase(turn, host_sent_erase, sent, &more));
	TRY(turn_erase(turn, host_receipt_erase, sent, &more));
	if (more)
		turn_hurry(turn, "host.housekeeping");

	return OK;
}

static const struct timer timers[] = {
    {"host.housekeeping", HOUSEKEEPING_MS, housekeeping,
	"forget old receipts and message ids"},
    {0},
};

const struct component host_component = {
    .name = "host",
    .schema = &host_schema,
    .routes = host_routes,
    .timers = timers,
};
