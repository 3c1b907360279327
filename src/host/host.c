#include "host/host.h"
#include "host/evidence.h"

#include "host/confirmation.h"
#include "host/node_internal.h"
#include "host/reply.h"
#include "host/status.h"
#include "host_rows.h"
#include "pki/revoked.h"

#define DAY_MS (24ll * 3600 * 1000)
#define SENT_KEEP_MS (90 * DAY_MS)
#define HOUSEKEEPING_MS (3600 * 1000)
#define REVOKED_MS (3600 * 1000)
#define SEAL_MS (3600ll * 1000)
#define MARK_MS (60 * 1000)

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
	TRY(confirmation_erase(turn));
	if (more)
		turn_hurry(turn, "host.housekeeping");

	return OK;
}

/* The last write failed, on a full disk for example: write something, so that
 * the system becomes healthy by itself once that is mended. */
static enum err
write_again(struct turn *turn)
{
	return turn->node->last_write == OK
	    ? OK
	    : turn_audit(turn, "host.write", (struct slice){0}, SLICE(""));
}

/* One peer or another is asked for its list of revoked keys. */
static enum err
look_for_revoked(struct turn *turn)
{
	struct directory *d = turn->node->directory;
	size_t at;

	if (d->n_peers < 2)
		return OK;
	at = random_u64(&turn->random) % d->n_peers;
	if (system_id_equal(&d->peers[at].id, turn_self(turn)))
		at = (at + 1) % d->n_peers;
	d->peers[at].wish = true;

	return OK;
}

static const struct timer timers[] = {
    {"host.housekeeping", HOUSEKEEPING_MS, housekeeping,
	"forget old receipts and message ids"},
    {"host.revoked", REVOKED_MS, look_for_revoked,
	"ask a peer for its list of revoked keys"},
    {TIMER_SEAL, SEAL_MS, evidence_seal_earlier,
	"seal evidence of an earlier day in place"},
    {TIMER_MARK, MARK_MS, mark_renew,
	"note how far the ledger is, in the mark beside the keys"},
    {TIMER_WRITE, 0, write_again, "write again after a write that failed"},
    {0},
};

/* --- Health, status and metrics ------------------------------------------ */

/*
 * A system is not healthy if it cannot read its database, or if its last write
 * failed: such a system answers, but keeps nothing.
 */
static enum err
get_health(struct turn *turn, const struct input *in, struct reply *reply)
{
	enum err last = turn->node->last_write;
	struct host_audit_last_row newest;
	struct json_out *o;

	(void)in;
	if (last != OK)
		return problem_set(turn->problem, ERR_BUSY,
		    "the last change could not be written: %s",
		    err_info(last)->title);
	if (turn->node->gate == GATE_HALTED)
		return problem_set(
		    turn->problem, ERR_BUSY, "%s", turn->node->gate_why);
	TRY(rows_end(host_audit_last(turn->store, &newest)));
	o = reply_object(reply, 200);
	json_out_text(o, "status", SLICE("ok"));
	json_out_text(o, "system", slice_of(turn_self(turn)->text));

	return OK;
}

static enum err
get_status(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct status status;

	(void)in;
	TRY(status_take(turn, &status));
	status_write(&status, reply_object(reply, 200));

	return OK;
}

static enum err
get_metrics(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct status status;
	struct buf text;

	(void)in;
	TRY(status_take(turn, &status));
	buf_init(&text);
	status_write_metrics(&status, &text);
	reply_text(reply, 200, METRICS_MEDIA_TYPE, buf_slice(&text));
	buf_done(&text);

	return OK;
}

static enum err
get_revoked(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct host_revoked_text_row row;
	enum err rc = host_revoked_text(turn->store, turn->arena, &row);

	(void)in;
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "this system has not seen a list of revoked keys yet");
	TRY(rc);
	reply_text(reply, 200, REVOKED_MEDIA_TYPE, row.text);

	return OK;
}

/* The loop hands a batch to node_receive() instead, which takes a turn for each
 * envelope.  The row is for the head: method, door, right and size. */
static enum err
post_envelopes(struct turn *turn, const struct input *in, struct reply *reply)
{
	(void)in;
	(void)reply;

	return problem_set(turn->problem, ERR_INTERNAL,
	    "a batch of envelopes does not fit into one turn");
}

static const struct route routes[] = {
    {HTTP_POST, "/envelopes", RIGHT_PEER, post_envelopes, NULL,
	"Deliver a batch of envelopes and its waybill; docs/messages.md has "
	"their bodies",
	.raw = true, .max_bytes = 16u << 20},
    {HTTP_GET, "/health", RIGHT_PUBLIC, get_health, NULL,
	"the health of the system: whether it can do its work",
	.doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/revoked", RIGHT_PUBLIC, get_revoked, NULL,
	"the newest list of revoked keys that the system has seen, signed by "
	"the nation's authority"},
    {HTTP_GET, "/status", DUTY_STATUS, get_status, NULL,
	"counts, queues and refusals"},
    {HTTP_GET, "/metrics", DUTY_STATUS, get_metrics, NULL,
	"counts, queues and refusals, for Prometheus"},
    {HTTP_GET, "/pending", RIGHT_HOLDER, confirmation_list, NULL,
	"requests that wait for a second holder"},
    {HTTP_POST, "/pending/{id}/confirmation", RIGHT_HOLDER, confirmation_post,
	&pending_one_shape,
	"confirm a request as the second holder, with its body", .raw = true,
	.max_bytes = 16u << 20},
    {HTTP_POST, "/pending/{id}/withdrawal", RIGHT_HOLDER, confirmation_withdraw,
	&pending_one_shape, "take back the own request that waits"},
    {HTTP_POST, "/pending/{id}/emergency", RIGHT_HOLDER, confirmation_alone,
	&pending_emergency_shape,
	"act alone where waiting would harm, with the body of the request",
	.raw = true, .max_bytes = 16u << 20},
    {0},
};

static const struct setting_rule settings[] = {
    {"outbox_mib", SETTING_NUMBER, .most = BACKLOG_MIB_MAX},
    {0},
};

/* --- The component ------------------------------------------------------- */

const struct component host_component = {
    .name = "host",
    .schema = &host_schema,
    .routes = routes,
    .timers = timers,
    .settings = settings,
};
