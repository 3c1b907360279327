#include "host/reply.h"

#include <string.h>

#include "crypto/tally.h"
#include "host/metrics.h"
#include "host/node_internal.h"
#include "host_rows.h"

struct json_out *
reply_object(struct reply *reply, int status)
{
	reply->to->status = status;
	reply->has_object = true;
	json_out_init(&reply->out, reply->arena);
	json_out_object(&reply->out, NULL);

	return &reply->out;
}

void
reply_finish(struct reply *reply)
{
	if (reply->has_object)
		reply_json_text(
		    reply, reply->to->status, json_out_finish(&reply->out));
}

void
reply_counting(struct reply *reply, int status, const struct counting *counting)
{
	struct json_out *o = reply_object(reply, status);
	size_t i;

	for (i = 0; i < counting->n; i++)
		json_out_int(o, counting->all[i].name, counting->all[i].value);
}

void
reply_json(struct reply *reply, int status, json_t *body)
{
	struct node_reply *to = reply->to;

	to->status = status;
	to->content_type = "application/json";
	buf_clear(&to->body);
	json_write(body, &to->body);
	buf_add_char(&to->body, '\n');
	json_decref(body);
}

void
reply_json_text(struct reply *reply, int status, struct slice body)
{
	reply_text(reply, status, "application/json", body);
	buf_add_char(&reply->to->body, '\n');
}

void
reply_text(struct reply *reply, int status, const char *content_type,
    struct slice body)
{
	struct node_reply *to = reply->to;

	to->status = status;
	to->content_type = content_type;
	buf_clear(&to->body);
	buf_add(&to->body, body);
}

void
reply_wait(struct reply *reply, struct slice key, int seconds)
{
	struct node_reply *to = reply->to;

	to->status = 0;
	to->wait_seconds = seconds;
	if (key.len >= sizeof(to->wait_key))
		key.len = sizeof(to->wait_key) - 1;
	memcpy(to->wait_key, key.data, key.len);
	to->wait_key[key.len] = '\0';
}

void
reply_problem(struct reply *reply, enum err err, struct slice request)
{
	const struct err_info *info = err_info(err);
	const struct problem *p = &reply->to->problem;
	json_t *body = json_object();

	json_put_int(body, "status", info->http_status);
	json_put_text(body, "error", slice_of(info->name));
	json_put_text(body, "detail",
	    slice_of(p->text[0] != '\0' ? p->text : info->title));
	json_put_text(body, "request", request);
	reply_json(reply, info->http_status, body);
	reply->to->content_type = "application/problem+json";
	if (info->http_status == 503)
		(void)!http_header_add(
		    &reply->to->headers, "Retry-After", SLICE("1"));
}

/* --- Looking in ---------------------------------------------------------- */

static enum err
add_outbox(struct turn *turn, json_t *status)
{
	struct host_outbox_peers_row row;
	json_t *waiting = json_array(), *peer;
	struct query q;
	enum err rc;

	json_put(status, "waiting", waiting);
	host_outbox_peers_rows(turn->store, &q);
	while ((rc = host_outbox_peers_next(&q, &row)) == OK) {
		peer = json_object();
		json_put_text(peer, "peer", slice_of(row.peer.text));
		json_put_int(peer, "messages", row.pending);
		json_put_int(peer, "oldest_seconds",
		    (turn->now.ms - row.since.ms) / 1000);
		json_array_append_new(waiting, peer);
	}

	return rows_end(rc);
}

static enum err
add_refusals(struct turn *turn, json_t *status)
{
	static const struct figure refused[] = {
	    {"refused", HOST_SENT_REFUSED, 0}, {0}};
	struct host_sent_last_refusal_row last;
	struct counting counting = {0};
	char at[INSTANT_TEXT_MAX];
	json_t *refusal;
	enum err rc = host_sent_last_refusal(turn->store, turn->arena, &last);

	TRY(rows_end(rc));
	if (rc == OK) {
		refusal = json_object();
		instant_format(last.settled, at);
		json_put_text(refusal, "peer", slice_of(last.peer.text));
		json_put_text(refusal, "type", last.type);
		json_put_text(refusal, "reason", last.reason);
		json_put_text(refusal, "at", slice_of(at));
		json_put(status, "last_refusal", refusal);
	}
	rc = turn_counts(turn, refused, &counting);
	json_put_int(status, "refused", counting_of(&counting, "refused"));

	return rc;
}

/* How long something is overdue; 0 if it is not. */
static int64_t
seconds_late(struct instant now, struct instant due)
{
	return now.ms > due.ms ? (now.ms - due.ms) / 1000 : 0;
}

static enum err
fill_status(struct turn *turn, json_t *status)
{
	struct node *node = turn->node;
	struct counting counting = {0};
	json_t *counts = json_object();
	char at[INSTANT_TEXT_MAX];
	enum err rc = OK;
	size_t i;

	instant_format(turn->now, at);
	json_put_text(status, "system", slice_of(node->id.text));
	json_put_text(status, "title", slice_of(node->system->title));
	json_put_text(status, "version", slice_of(BANGO_VERSION));
	json_put_text(status, "time", slice_of(at));
	json_put_int(status, "requests", (int64_t)node->n.requests);
	json_put_int(status, "messages", (int64_t)node->n.messages);
	json_put_int(status, "denied", (int64_t)node->n.denied);
	json_put_int(status, "batches", (int64_t)node->n_batches);
	json_put_int(status, "repeated", (int64_t)node->n_repeated);
	json_put_int(status, "signatures", crypto_tally.signatures);
	json_put_int(status, "verifications", crypto_tally.verifications);
	json_put_int(status, "seals", crypto_tally.seals);
	json_put_int(status, "openings", crypto_tally.openings);
	json_put_int(status, "connections", node->around.connections);
	json_put_int(status, "parked", node->around.parked);
	json_put_int(status, "turned_away", node->around.turned_away);
	if (node->around.revocations_until.ms != 0)
		json_put_int(status, "revocations_late_seconds",
		    seconds_late(turn->now, node->around.revocations_until));
	if (node->around.directory_late.ms != 0)
		json_put_int(status, "directory_late_seconds",
		    seconds_late(turn->now, node->around.directory_late));
	json_put(status, "counts", counts);
	for (i = 0; rc == OK && i < node->n_parts; i++) {
		if (node->parts[i].component->count != NULL)
			rc = node->parts[i].component->count(turn, &counting);
	}
	for (i = 0; i < counting.n; i++)
		json_put_int(
		    counts, counting.all[i].name, counting.all[i].value);
	if (rc == OK)
		rc = add_outbox(turn, status);
	if (rc == OK)
		rc = add_refusals(turn, status);

	return rc;
}

/*
 * A system that cannot read its database is not well, nor one whose last
 * write failed: it answers, and does nothing that would last.
 */
static enum err
get_health(struct turn *turn, const struct input *in, struct reply *reply)
{
	enum err last = turn->node->last_write;
	struct host_audit_last_row newest;
	json_t *body;

	(void)in;
	if (last != OK)
		return problem_set(turn->problem, ERR_BUSY,
		    "the last change could not be written: %s",
		    err_info(last)->title);
	TRY(rows_end(host_audit_last(turn->store, &newest)));
	body = json_object();
	json_put_text(body, "status", SLICE("ok"));
	json_put_text(body, "system", slice_of(turn_self(turn)->text));
	reply_json(reply, 200, body);

	return OK;
}

static enum err
get_status(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *status = json_object();
	enum err rc;

	(void)in;
	rc = fill_status(turn, status);
	if (rc) {
		json_decref(status);
		return rc;
	}
	reply_json(reply, 200, status);

	return OK;
}

static enum err
get_metrics(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *status = json_object();
	struct buf text;
	enum err rc;

	(void)in;
	buf_init(&text);
	rc = fill_status(turn, status);
	if (rc == OK) {
		metrics_write(status, &text);
		reply_text(reply, 200, METRICS_MEDIA_TYPE, buf_slice(&text));
	}
	json_decref(status);
	buf_done(&text);

	return rc;
}

const struct route host_routes[] = {
    {HTTP_GET, "/health", ROLE_PUBLIC, get_health, NULL, false,
	"whether the system can do its work", .doors = HTTP_DOORS_ALL},
    {HTTP_GET, "/status", ROLE_OPERATOR, get_status, NULL, false,
	"counts, queues and refusals"},
    {HTTP_GET, "/metrics", ROLE_OPERATOR, get_metrics, NULL, false,
	"the same figures for Prometheus"},
    {0},
};
