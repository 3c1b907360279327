/*
 * The outbox: messages written in the turn that leaves them, signed for
 * together when they are posted, delivered at least once, settled by signed
 * receipts.
 */
#include <string.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

#define POSTPONE_FIRST_MS 100
#define POSTPONE_MAX_MS 30000
/* How long a message may wait for another one to the same system. */
#define LEISURE_MS 100

/* Between organisations, evidence of an exchange is kept. */
static void
put_exchange(struct turn *turn, const struct system_id *to, struct query *q)
{
	bool ours =
	    slice_equal(system_id_organisation(to), turn_organisation(turn));

	if (slice_is_empty(turn->exchange) || ours) {
		query_null(q, "exchange");
		query_null(q, "entry");
		return;
	}
	query_text(q, "exchange", turn->exchange);
	query_int(q, "entry", turn->entry);
}

/* Ask the outbox again at this time, or when it was to be asked before. */
static void
set_due(struct peer_entry *peer, int64_t ms)
{
	if (peer->due.ms == 0 || peer->due.ms > ms)
		peer->due.ms = ms;
}

static enum err
leave(struct turn *turn, const struct system_id *to, const char *type,
    int64_t edition, struct slice body, int64_t due_ms)
{
	struct node *node = turn->node;
	struct envelope e = {.id = turn_make_id(turn),
	    .type = slice_of(type),
	    .edition = edition,
	    .from = node->id,
	    .to = *to,
	    .time = turn->now,
	    .body = body};
	struct peer_entry *peer = directory_peer(node->directory, to);
	struct digest digest;
	struct slice text;
	struct query q;
	enum err rc;

	if (peer == NULL || peer->revoked)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "system %s is not in the directory of %s; add it and try "
		    "again",
		    to->text, node->id.text);
	rc = envelope_write(turn->arena, &e, &text);
	if (rc)
		return problem_set(turn->problem, rc,
		    "a message %s would be larger than an envelope may be",
		    type);
	digest = digest_of(text);

	store_query(turn->store, HOST_OUTBOX_PUT, &q);
	query_blob(&q, "digest", digest_slice(&digest));
	query_blob(&q, "id", slice_bytes(e.id.bytes, sizeof(e.id.bytes)));
	query_text(&q, "peer", slice_of(to->text));
	query_text(&q, "type", e.type);
	query_text(&q, "envelope", text);
	query_int(&q, "created", turn->now.ms);
	put_exchange(turn, to, &q);
	rc = query_run(&q);
	if (rc == OK)
		set_due(peer, due_ms);

	return rc;
}

enum err
turn_leave(struct turn *turn, const struct system_id *to,
    const struct message_type *type, const void *body, enum urgency urgency)
{
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(type->shape, body, &o, NULL);

	return leave(turn, to, type->name, type->edition, json_out_finish(&o),
	    urgency == AT_LEISURE ? turn->now.ms + LEISURE_MS : 1);
}

enum err
turn_send_text(struct turn *turn, const struct system_id *to, const char *type,
    struct slice body)
{
	return leave(turn, to, type, 1, body, 1);
}

static enum err
leave_json(struct turn *turn, const struct system_id *to, const char *type,
    json_t *body, int64_t due_ms)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(body, &text);
	json_decref(body);
	rc = leave(turn, to, type, 1, buf_slice(&text), due_ms);
	buf_done(&text);

	return rc;
}

enum err
turn_send(struct turn *turn, const struct system_id *to, const char *type,
    json_t *body)
{
	return leave_json(turn, to, type, body, 1);
}

enum err
turn_send_at_leisure(struct turn *turn, const struct system_id *to,
    const char *type, json_t *body)
{
	return leave_json(turn, to, type, body, turn->now.ms + LEISURE_MS);
}

/* What is put together for a posting. */
struct bundle {
	struct buf lines; /* LF and the envelope, for each */
	struct digest digests[ENVELOPE_BATCH_MAX];
	size_t n;
	bool is_all; /* nothing else is in the outbox */
};

/* Add the rows that are due. */
static enum err
collect(struct query *q, struct instant now, struct posting *p,
    struct bundle *bundle)
{
	struct slice envelope, digest;
	int n_later = 0;
	enum err rc;

	bundle->is_all = false;
	while ((rc = query_step(q)) == OK) {
		if (column_int(q, "not_before") > now.ms) {
			n_later++;
			continue;
		}
		envelope = column_text(q, "envelope");
		digest = column_blob(q, "digest");
		if (digest.len != sizeof(bundle->digests[0].bytes))
			return ERR_CORRUPT;
		if (bundle->n > 0 &&
		    bundle->lines.len + envelope.len + 1 > p->max_bytes)
			return OK;
		buf_add_char(&bundle->lines, '\n');
		buf_add(&bundle->lines, envelope);
		memcpy(bundle->digests[bundle->n++].bytes, digest.data,
		    digest.len);
		p->last = column_int(q, "seq");
	}

	if (rc != ERR_NOT_FOUND)
		return rc;
	bundle->is_all = n_later == 0 && bundle->n < ENVELOPE_BATCH_MAX;

	return OK;
}

/* The waybill, and what it names. */
static enum err
sign_for(struct node *node, const struct peer_entry *peer, struct instant now,
    const struct bundle *bundle, struct buf *ret)
{
	struct waybill waybill = {.from = node->id,
	    .to = peer->id,
	    .time = now,
	    .envelopes = bundle->digests,
	    .n_envelopes = bundle->n};
	struct arena *arena = arena_new();
	enum err rc = waybill_sign(arena, &waybill, node->signing, ret);

	arena_free(arena);
	if (rc == OK)
		buf_add(ret, buf_slice(&bundle->lines));

	return rc;
}

static enum err
next_due(struct node *node, struct peer_entry *peer)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_OUTBOX_NEXT_DUE, &q);
	query_text(&q, "peer", slice_of(peer->id.text));
	rc = query_step(&q);
	if (rc == OK)
		peer->due.ms = column_is_null(&q, "not_before")
		    ? 0
		    : column_int(&q, "not_before");
	query_done(&q);

	return rc;
}

/* ERR_NOT_FOUND if nothing is due. */
static enum err
pack(struct node *node, struct peer_entry *peer, struct instant now,
    struct posting *posting)
{
	struct bundle bundle = {.n = 0};
	struct query q;
	enum err rc;

	buf_init(&bundle.lines);
	store_query(node->store, HOST_OUTBOX_DUE, &q);
	query_text(&q, "peer", slice_of(peer->id.text));
	query_int(&q, "after", posting->after);
	query_int(&q, "limit", ENVELOPE_BATCH_MAX);
	rc = collect(&q, now, posting, &bundle);
	query_done(&q);
	if (rc == OK && bundle.n == 0)
		rc = ERR_NOT_FOUND;
	if (rc == OK)
		rc = sign_for(node, peer, now, &bundle, &posting->batch);
	if (rc == OK)
		peer->due.ms = bundle.is_all ? now.ms + LEISURE_MS : 1;
	buf_done(&bundle.lines);

	return rc;
}

enum err
node_outbox(struct node *node, size_t peer_index, struct instant now,
    struct posting *posting)
{
	struct peer_entry *peer = &node->directory->peers[peer_index];
	enum err rc;

	if (peer->revoked) {
		peer->due.ms = 0;
		return ERR_NOT_FOUND;
	}
	rc = pack(node, peer, now, posting);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (posting->after > 0) {
		peer->due.ms = 0; /* until what is under way is settled */
		return ERR_NOT_FOUND;
	}
	rc = next_due(node, peer);

	return rc ? rc : ERR_NOT_FOUND;
}

struct outbox_row {
	int64_t seq;
	struct slice id;
	struct slice type;
	int64_t created;
	int64_t attempts;
	bool is_evidence;
};

static enum err
find_row(struct node *node, const struct peer_entry *peer,
    const struct digest *digest, struct arena *arena, struct outbox_row *ret)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_OUTBOX_FIND, &q);
	query_blob(&q, "digest", digest_slice(digest));
	query_text(&q, "peer", slice_of(peer->id.text));
	rc = query_step(&q);
	if (rc == OK) {
		ret->seq = column_int(&q, "seq");
		ret->id = arena_copy(arena, column_blob(&q, "id"));
		ret->type = arena_copy(arena, column_text(&q, "type"));
		ret->created = column_int(&q, "created");
		ret->attempts = column_int(&q, "attempts");
		ret->is_evidence = !column_is_null(&q, "exchange");
	}
	query_done(&q);

	return rc;
}

static enum err
postpone(struct node *node, const struct outbox_row *row)
{
	int64_t wait = POSTPONE_FIRST_MS;
	struct query q;
	int64_t i;

	for (i = 0; i < row->attempts && wait < POSTPONE_MAX_MS; i++)
		wait *= 2;
	if (wait > POSTPONE_MAX_MS)
		wait = POSTPONE_MAX_MS;
	store_query(node->store, HOST_OUTBOX_POSTPONE, &q);
	query_int(&q, "seq", row->seq);
	query_int(&q, "not_before", node->now.ms + wait);

	return query_run(&q);
}

/* The row is evidence of an exchange: keep it with its receipt. */
static enum err
keep_sent(struct turn *turn, int64_t outbox_seq, int64_t receipt)
{
	struct query q;

	store_query(turn->store, HOST_EVIDENCE_SENT, &q);
	query_int(&q, "seq", outbox_seq);
	query_int(&q, "receipt", receipt);
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

static enum err
mark_receipt(struct turn *turn, int64_t receipt)
{
	struct query q;

	store_query(turn->store, HOST_RECEIPT_KEEP, &q);
	query_int(&q, "seq", receipt);

	return query_run(&q);
}

static enum err
settle_row(struct turn *turn, const struct peer_entry *peer,
    const struct receipt_line *line, const struct outbox_row *row,
    int64_t receipt)
{
	bool refused = line->outcome == RECEIPT_REFUSED;
	struct node *node = turn->node;
	struct query q;
	enum err rc = OK;

	if (row->is_evidence)
		rc = keep_sent(turn, row->seq, receipt);
	if (rc)
		return rc;
	store_query(node->store, HOST_OUTBOX_DELETE, &q);
	query_int(&q, "seq", row->seq);
	rc = query_run(&q);
	if (rc)
		return rc;
	store_query(node->store, HOST_SENT_PUT, &q);
	query_blob(&q, "digest", digest_slice(&line->digest));
	query_blob(&q, "id", row->id);
	query_text(&q, "peer", slice_of(peer->id.text));
	query_text(&q, "type", row->type);
	query_int(&q, "created", row->created);
	query_int(&q, "settled", node->now.ms);
	query_text(&q, "outcome", slice_of(refused ? "refused" : "accepted"));
	query_text(&q, "reason", refused ? line->reason : SLICE(""));
	query_int(&q, "receipt", receipt);

	return query_run(&q);
}

static enum err
keep_receipt(struct node *node, const struct peer_entry *peer,
    struct slice text, int64_t *ret_seq)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_RECEIPT_PUT, &q);
	query_text(&q, "peer", slice_of(peer->id.text));
	query_text(&q, "text", text);
	query_int(&q, "received", node->now.ms);
	rc = query_step(&q);
	if (rc == OK)
		*ret_seq = column_int(&q, "seq");
	query_done(&q);

	return rc;
}

static enum err
apply_receipt(struct turn *turn, struct peer_entry *peer,
    const struct receipt *receipt, struct slice text)
{
	struct node *node = turn->node;
	bool is_evidence = false;
	struct outbox_row row;
	int64_t seq = 0;
	enum err rc;
	size_t i;

	rc = keep_receipt(node, peer, text, &seq);
	for (i = 0; rc == OK && i < receipt->n_receipts; i++) {
		rc = find_row(node, peer, &receipt->receipts[i].digest,
		    turn->arena, &row);
		if (rc == ERR_NOT_FOUND) {
			rc = OK; /* settled by an earlier receipt */
			continue;
		}
		if (rc)
			break;
		if (receipt->receipts[i].outcome == RECEIPT_LATER &&
		    !bug_is(BUG_LATER_IS_DONE)) {
			rc = postpone(node, &row);
			peer->due.ms = 1;
		} else
			rc = settle_row(
			    turn, peer, &receipt->receipts[i], &row, seq);
		is_evidence = is_evidence || row.is_evidence;
	}
	if (rc == OK && is_evidence)
		rc = mark_receipt(turn, seq);

	return rc;
}

static enum err
check_receipt(struct node *node, struct peer_entry *peer, struct slice text,
    struct arena *arena, struct receipt *ret, struct problem *problem)
{
	const struct peer_key *key;
	struct jws jws;
	enum err rc;

	rc = jws_parse(arena, text, RECEIPT_TYPE, &jws);
	if (rc)
		return problem_set(problem, ERR_INPUT,
		    "the answer of %s is not a receipt", peer->id.text);
	key = directory_key(node->directory, &jws.key);
	if (key == NULL ||
	    (&node->directory->peers[key->peer] != peer &&
		!bug_is(BUG_RECEIPT_UNCHECKED)))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt of %s is not signed with a key of its own",
		    peer->id.text);
	rc = receipt_open(arena, &jws, key->key, ret, problem);
	if (rc)
		return rc;
	if ((!system_id_equal(&ret->by, &peer->id) ||
		!system_id_equal(&ret->to, &node->id)) &&
	    !bug_is(BUG_RECEIPT_UNCHECKED))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt of %s is for somebody else", peer->id.text);

	return OK;
}

enum err
node_settle(struct node *node, size_t peer_index, struct slice text,
    struct problem *problem)
{
	struct peer_entry *peer = &node->directory->peers[peer_index];
	struct caller caller = {.role = ROLE_HOST};
	struct receipt receipt;
	struct turn turn;
	enum err rc;

	rc = turn_open(node, &caller, problem, &turn);
	if (rc)
		return rc;
	rc = check_receipt(node, peer, text, turn.arena, &receipt, problem);
	if (rc == OK)
		rc = apply_receipt(&turn, peer, &receipt, text);
	rc = turn_close(&turn, rc);
	if (rc)
		peer->due.ms = 1;

	return rc;
}
