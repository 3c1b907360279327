#include "host/host.h"

#include "host/node_internal.h"
#include "host/reply.h"

#define DAY_MS (24ll * 3600 * 1000)
#define INBOX_KEEP_MS (90 * DAY_MS) /* longer than an envelope is taken */
#define SENT_KEEP_MS (90 * DAY_MS)
#define HOUSEKEEPING_MS (3600 * 1000)

/* The oldest rows, if they are old enough; *ret_more if there may be more. */
static enum err
erase(struct turn *turn, int statement, int64_t keep_ms, bool *ret_more)
{
	struct query q;
	enum err rc;

	store_query(turn->store, statement, &q);
	query_int(&q, "before", turn->now.ms - keep_ms);
	query_int(&q, "limit", ERASE_MAX);
	rc = query_run(&q);
	if (rc == OK && query_changes(&q) == ERASE_MAX)
		*ret_more = true;

	return rc;
}

/* Forget what no repetition of an envelope can ask for any more. */
static enum err
housekeeping(struct turn *turn)
{
	bool more = false;
	enum err rc;

	rc = erase(turn, HOST_INBOX_ERASE, INBOX_KEEP_MS, &more);
	if (rc == OK)
		rc = erase(turn, HOST_SENT_ERASE, SENT_KEEP_MS, &more);
	if (rc == OK)
		rc = erase(turn, HOST_RECEIPT_ERASE, SENT_KEEP_MS, &more);
	if (more)
		turn_hurry(turn, "host.housekeeping");

	return rc;
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
