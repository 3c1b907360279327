/*
 * The outbox: messages are written in the turn that leaves them, signed for
 * together when they are posted, delivered at least once, and settled by
 * signed receipts.
 */
#include <string.h>

#include "base/bug.h"
#include "host/evidence.h"
#include "host/node_internal.h"
#include "host_rows.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

#define POSTPONE_FIRST_MS 100
#define POSTPONE_MAX_MS 30000
/* How long a message may wait for another one to the same system. */
#define LEISURE_MS 100
/* An acknowledged envelope is no longer spoken of after this time: the peer's
 * inbox forgets it one day. */
#define LAST_MS (INBOX_KEEP_MS / 3)
/* Characters of a signed receipt, without its lines and for each: more than any
 * text of ours needs, so that nobody fills our disk with blanks. */
#define RECEIPT_BYTES_FIRST 4096
#define RECEIPT_BYTES_LINE 2560
/* Messages of one peer whose receipts are remembered: more postings than any
 * courier has under way. */
#define POSTED_MAX ((size_t)32 * ENVELOPE_BATCH_MAX)

/* The turn's exchange if `to` is another organisation, of which evidence is
 * kept; else NULL. */
static struct slice
exchange_with(const struct turn *turn, const struct system_id *to)
{
	bool ours =
	    slice_equal(system_id_organisation(to), turn_organisation(turn));

	if (ours || slice_is_empty(turn->exchange))
		return (struct slice){0};

	return turn->exchange;
}

/* Ask the outbox again at this time, or earlier if that was planned. */
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
	const struct system_id *cause = backlog_cause(turn);
	struct slice text, exchange = exchange_with(turn, to);
	struct digest digest;
	int64_t counted = 0;
	enum err rc;

	if (peer == NULL)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "system %s is not in the directory of %s; add it and try "
		    "again",
		    to->text, node->id.text);
	rc = envelope_write(turn->arena, &e, &text);
	if (rc)
		return problem_set(turn->problem, rc,
		    "a message %s is larger than an envelope may be", type);
	digest = digest_of(text);
	if (cause != NULL)
		TRY(backlog_add(turn, to, text.len, &counted));
	TRY(host_outbox_put(turn->store,
	    &(struct host_outbox_put){.digest = &digest,
		.id = &e.id,
		.peer = to,
		.type = e.type,
		.envelope = text,
		.created = turn->now,
		.exchange = exchange,
		.entry = exchange.data != NULL ? &turn->entry : NULL,
		.cause = cause,
		.counted = counted}));
	set_due(peer, due_ms);

	return OK;
}

/* --- Writing by the receiver's table -------------------------------------- */

/* A person waits for this turn's answer, and can correct what is refused. */
static bool
is_asked(const struct turn *turn)
{
	return turn->caller.role != ROLE_PEER && turn->caller.role != ROLE_HOST;
}

static enum err
misfit(struct turn *turn, const struct message_type *type,
    const struct problem *why)
{
	return problem_set(turn->problem, ERR_INPUT,
	    "the message %s would be refused: %s; correct that first",
	    type->name, why->text);
}

/* The message without the rows that do not fit, so that they hold up no
 * others. */
static enum err
write_fitting(struct turn *turn, const struct message_type *type,
    const void *body, const struct problem *why, struct slice *ret)
{
	struct problem note = *why, again;
	const void *fitting;
	size_t n = shape_fitting(type->shape, turn->arena, body, &fitting);

	if (n == 0)
		return misfit(turn, type, why);
	if (shape_text(type->shape, turn->arena, fitting, ret, &again))
		return misfit(turn, type, &again);
	problem_detail(
	    &note, "%zu rows in turn %.*s", n, SLICE_ARG(turn->caller.request));
	turn_note(turn, "rows-left-out", slice_of(type->name), &note);
	turn->node->n.left_out += n;

	return OK;
}

static enum err
write_body(struct turn *turn, const struct message_type *type, const void *body,
    struct slice *ret)
{
	struct problem why;

	if (shape_text(type->shape, turn->arena, body, ret, &why) == OK)
		return OK;

	return is_asked(turn) ? misfit(turn, type, &why)
			      : write_fitting(turn, type, body, &why, ret);
}

enum err
turn_leave(struct turn *turn, const struct system_id *to,
    const struct message_type *type, const void *body, enum urgency urgency)
{
	struct slice text;

	TRY(write_body(turn, type, body, &text));

	return leave(turn, to, type->name, type->edition, text,
	    urgency == AT_LEISURE ? turn->now.ms + LEISURE_MS : 1);
}

enum err
turn_send_text(struct turn *turn, const struct system_id *to, const char *type,
    struct slice body)
{
	return leave(turn, to, type, 1, body, 1);
}

/* Envelopes put together for a posting. */
struct bundle {
	struct buf lines; /* LF and the envelope, for each */
	struct digest digests[ENVELOPE_BATCH_MAX];
	size_t n;
	bool is_all; /* nothing else is due */
};

/* Remember what a receipt may speak of.  A message that is forgotten is posted
 * again, and acknowledged again. */
static void
note_posted(struct peer_entry *peer, const struct host_outbox_due_row *row)
{
	if (peer->n_posted == POSTED_MAX)
		peer->n_posted = 0;
	peer->posted =
	    heap_grow(peer->posted, peer->n_posted + 1, sizeof(*peer->posted));
	peer->posted[peer->n_posted++] =
	    (struct posted){.digest = row->digest, .seq = row->seq};
}

/* Add the rows that are due. */
static enum err
collect(struct query *q, struct peer_entry *peer, struct posting *p,
    struct bundle *bundle)
{
	struct host_outbox_due_row row;
	enum err rc;

	bundle->is_all = false;
	while ((rc = host_outbox_due_next(q, &row)) == OK) {
		if (bundle->n > 0 &&
		    bundle->lines.len + row.envelope.len + 1 > p->max_bytes)
			return OK;
		buf_add_char(&bundle->lines, '\n');
		buf_add(&bundle->lines, row.envelope);
		bundle->digests[bundle->n++] = row.digest;
		note_posted(peer, &row);
		p->last = row.seq;
	}
	bundle->is_all = bundle->n < ENVELOPE_BATCH_MAX;

	return rows_end(rc);
}

/* Append the waybill, and the envelopes that it names. */
static enum err
sign_for(struct node *node, const struct peer_entry *peer, struct instant now,
    const struct bundle *bundle, struct buf *ret)
{
	struct waybill waybill = {.from = node->id,
	    .to = peer->id,
	    .time = now,
	    .envelopes = bundle->digests,
	    .n_envelopes = bundle->n,
	    .last = peer->last,
	    .has_last =
		instant_is_before(instant_plus(now, -LAST_MS), peer->last_at)};
	struct arena *arena = arena_new();
	enum err rc = waybill_sign(arena, &waybill, node->signing, ret);

	arena_free(arena);
	if (rc == OK)
		buf_add(ret, buf_slice(&bundle->lines));

	return rc;
}

/* Nothing is due, but for the posting under way: ask again when a message that
 * was put off is. */
static enum err
next_due(struct node *node, struct peer_entry *peer, struct instant now)
{
	struct host_outbox_next_due_row row;

	TRY(host_outbox_next_due(node->store, &peer->id, now, &row));
	peer->due = row.not_before;

	return OK;
}

/* ERR_NOT_FOUND if nothing is due. */
static enum err
pack(struct node *node, struct peer_entry *peer, struct instant now,
    struct posting *posting)
{
	struct bundle bundle = {.n = 0};
	struct query q;
	enum err rc;

	if (posting->after == 0)
		peer->n_posted = 0;
	buf_init(&bundle.lines);
	host_outbox_due_rows(node->store, &peer->id, posting->after, now,
	    ENVELOPE_BATCH_MAX, &q);
	rc = collect(&q, peer, posting, &bundle);
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

	if (peer_is_revoked(peer)) {
		peer->due.ms = 0;
		return ERR_NOT_FOUND;
	}
	rc = pack(node, peer, now, posting);
	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = next_due(node, peer, now);

	return rc ? rc : ERR_NOT_FOUND;
}

static enum err
postpone(struct node *node, const struct host_outbox_find_row *row)
{
	int64_t i, wait = POSTPONE_FIRST_MS;

	for (i = 0; i < row->attempts && wait < POSTPONE_MAX_MS; i++)
		wait *= 2;
	if (wait > POSTPONE_MAX_MS)
		wait = POSTPONE_MAX_MS;

	return host_outbox_postpone(
	    node->store, instant_plus(node->now, wait), row->seq);
}

static enum err
keep_sent(
    struct turn *turn, const struct host_outbox_find_row *row, int64_t receipt)
{
	struct at_rest envelope;

	TRY(evidence_seal(turn, row->envelope, &envelope));

	return host_evidence_sent(turn->store,
	    &(struct host_evidence_sent){.exchange = row->exchange,
		.envelope = envelope.text,
		.sealed = envelope.sealed,
		.receipt = &receipt,
		.entry = row->has_entry ? &row->entry : NULL,
		.at = turn->now});
}

/* A message that is evidence of an exchange is kept with its receipt. */
static enum err
settle_row(struct turn *turn, const struct peer_entry *peer,
    const struct receipt_line *line, const struct host_outbox_find_row *row,
    int64_t receipt)
{
	bool refused = line->outcome == RECEIPT_REFUSED;

	if (row->exchange.data != NULL)
		TRY(keep_sent(turn, row, receipt));
	if (refused)
		TRY(refused_tell(turn, &peer->id, row->envelope, line->reason));
	TRY(host_outbox_delete(turn->store, row->seq));
	if (row->has_cause)
		backlog_take(turn->node, &row->cause, &peer->id, row->counted);

	return host_sent_put(turn->store,
	    &(struct host_sent_put){.digest = &line->digest,
		.id = &row->id,
		.peer = &peer->id,
		.type = row->type,
		.created = row->created,
		.settled = turn->now,
		.outcome = refused ? SLICE("refused") : SLICE("accepted"),
		.reason = refused ? line->reason : SLICE(""),
		.receipt = receipt});
}

/* The row of that message; ERR_NOT_FOUND if an earlier receipt settled it.  A
 * receipt has the order of its waybill, so *at is mostly the place. */
static enum err
find_posted(struct turn *turn, const struct peer_entry *peer,
    const struct digest *digest, size_t *at, struct host_outbox_find_row *ret)
{
	size_t i, k;

	for (i = 0; i < peer->n_posted; i++) {
		k = (*at + i) % peer->n_posted;
		if (!digest_equal(&peer->posted[k].digest, digest))
			continue;
		*at = k + 1;
		return host_outbox_find(
		    turn->store, turn->arena, peer->posted[k].seq, digest, ret);
	}

	return ERR_NOT_FOUND;
}

/* A receipt that is being applied. */
struct applied {
	int64_t seq;      /* its row */
	size_t at;        /* among what was posted */
	size_t n_settled; /* messages that are over */
	bool is_evidence; /* of one of them */
};

static enum err
apply_line(struct turn *turn, struct peer_entry *peer,
    const struct receipt_line *line, struct applied *a)
{
	struct host_outbox_find_row row;
	enum err rc = find_posted(turn, peer, &line->digest, &a->at, &row);

	if (rc)
		return rows_end(rc); /* settled by an earlier receipt */
	if (line->outcome == RECEIPT_ACCEPTED) {
		peer->last = row.id;
		peer->last_at = turn->now;
	}
	if (line->outcome != RECEIPT_LATER || bug_is(BUG_LATER_IS_DONE)) {
		a->is_evidence = a->is_evidence || row.exchange.data != NULL;
		a->n_settled++;
		return settle_row(turn, peer, line, &row, a->seq);
	}
	peer->due.ms = 1;

	return postpone(turn->node, &row);
}

/* One that settles nothing says nothing that is to be kept. */
static enum err
keep_receipt(struct turn *turn, const struct receipt *receipt,
    struct slice text, const struct applied *a)
{
	struct at_rest paper;

	if (a->n_settled == 0)
		return host_receipt_delete(turn->store, a->seq);
	if (!a->is_evidence)
		return OK;
	TRY(evidence_check_time(turn, "receipt", receipt->time));
	TRY(evidence_seal(turn, text, &paper));

	return host_receipt_keep(turn->store, paper.text, paper.sealed, a->seq);
}

static enum err
apply_receipt(struct turn *turn, struct peer_entry *peer,
    const struct receipt *receipt, struct slice text)
{
	struct host_receipt_put_row kept;
	struct applied a = {.n_settled = 0};
	size_t i;

	TRY(host_receipt_put(turn->store, &peer->id, text, turn->now, &kept));
	a.seq = kept.seq;
	for (i = 0; i < receipt->n_receipts; i++)
		TRY(apply_line(turn, peer, &receipt->receipts[i], &a));

	return keep_receipt(turn, receipt, text, &a);
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
	if (key->revoked.ms != 0)
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt of %s is signed with a revoked key",
		    peer->id.text);
	rc = receipt_open(arena, &jws, key->key, ret, problem);
	if (rc)
		return rc;
	if (text.len >
	    RECEIPT_BYTES_FIRST + RECEIPT_BYTES_LINE * ret->n_receipts)
		return problem_set(problem, ERR_INPUT,
		    "the receipt of %s is longer than its lines need",
		    peer->id.text);
	if ((!system_id_equal(&ret->by, &peer->id) ||
		!system_id_equal(&ret->to, &node->id)) &&
	    !bug_is(BUG_RECEIPT_UNCHECKED))
		return problem_set(problem, ERR_CRYPTO,
		    "the receipt of %s is for another system", peer->id.text);

	return OK;
}

/* The peer's database lacks what it has acknowledged: a hint for officers. */
static void
hear_of_loss(struct node *node, struct peer_entry *peer)
{
	struct problem problem = {0};

	if (!peer->lost_there &&
	    problem_set(&problem, ERR_CORRUPT,
		"its database lacks a message for which we have its receipt: "
		"was an older copy put back?"))
		node_note(node, "lost", slice_of(peer->id.text), &problem);
	peer->lost_there = true;
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
	if (rc == OK && receipt.has_lacks)
		hear_of_loss(node, peer);
	rc = turn_close(&turn, rc);
	if (rc)
		peer->due.ms = 1;

	return rc;
}
