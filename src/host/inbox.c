/*
 * The inbox: a batch of envelopes with its waybill, each applied once in a
 * turn of its own, and one signed receipt for all of them.
 */
#include <string.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "host_rows.h"
#include "wire/receipt.h"
#include "wire/waybill.h"

/* An envelope older than this is refused, so that the inbox may forget the ids
 * of older ones (INBOX_KEEP_MS is longer). */
#define ENVELOPE_AGE_MAX_MS (60ll * 24 * 3600 * 1000)

/* An envelope that is dated further ahead waits with its sender: its id would be
 * forgotten before it is too old to be taken again. */
#define ENVELOPE_AHEAD_MAX_MS (INBOX_KEEP_MS - ENVELOPE_AGE_MAX_MS)

bool
err_is_passing(enum err err)
{
	switch (err) {
	case ERR_BUSY:
	case ERR_UNCERTAIN:
	case ERR_UNREACHABLE:
	case ERR_FULL:
	case ERR_IO:
	case ERR_CORRUPT:
	case ERR_INTERNAL:
		return true;
	case OK:
	case ERR_INPUT:
	case ERR_NOT_FOUND:
	case ERR_METHOD:
	case ERR_MEDIA:
	case ERR_CONFLICT:
	case ERR_UNAUTHENTICATED:
	case ERR_DENIED:
	case ERR_TOO_LARGE:
	case ERR_CRYPTO:
		return false;
	}

	return false;
}

/* Into the log: what became of an envelope, its type if that could be read, its
 * sender, and the reason. */
static void
note(struct node *node, const char *what, struct slice type,
    const struct system_id *from, const struct problem *problem)
{
	struct slice which = arena_printf(node->batch, "%.*s from %s",
	    SLICE_ARG(slice_is_empty(type) ? SLICE("an envelope") : type),
	    from->text);

	node_note(node, what, which, problem);
}

/* Fill a line of the receipt, and log it: refused, with the reason. */
static void
refuse(struct node *node, struct receipt_line *line, struct slice type,
    const struct system_id *from, const struct problem *problem)
{
	line->outcome = RECEIPT_REFUSED;
	line->reason = arena_copy(node->batch, slice_of(problem->text));
	note(node, "refused", type, from, problem);
}

bool
peer_is_called(const struct system_id *peer, const char *name)
{
	return slice_equal_string(system_id_name(peer), name);
}

static bool
is_from(const struct message_handler *h, const struct system_id *from)
{
	return h->from == NULL || peer_is_called(from, h->from);
}

/* How well a row of our tables fits a message: by type, then by sender, then by
 * edition. */
static int
fit_of(const struct message_handler *h, const struct envelope *e)
{
	if (!slice_equal_string(e->type, h->takes->name))
		return 0;

	return 1 + 2 * is_from(h, &e->from) + (e->edition == h->takes->edition);
}

/* The row that fits best, even one that refuses the message: the refusal is
 * then about that row.  NULL if no row has the type. */
static const struct message_handler *
find_handler(const struct node *node, const struct envelope *e,
    const struct part **ret_part)
{
	const struct message_handler *h, *found = NULL;
	const struct part *part = node->parts + node->n_parts;
	int fit, best = 0;

	while (part-- > node->parts) {
		h = part->component->messages;
		for (; h != NULL && h->takes != NULL; h++) {
			fit = fit_of(h, e);
			if (fit <= best)
				continue;
			best = fit;
			found = h;
			*ret_part = part;
		}
	}

	return found;
}

/* NULL if `from` may send this type to us, else the reason why not. */
static const char *
check_sender(const struct node *node, const struct message_handler *h,
    const struct system_id *from)
{
	struct slice own;

	if (!is_from(h, from))
		return "a system of the sender's kind may not send this type "
		       "of message";
	own = system_id_organisation(&node->id);
	if ((h->scope & FROM_OWN_ORGANISATION) &&
	    !slice_equal(system_id_organisation(from), own))
		return "only a system of the receiver's organisation may send "
		       "this type of message";

	return NULL;
}

/* Whether this id was received before; fills the line if so. */
static enum err
seen_before(
    struct node *node, const struct envelope *e, struct receipt_line *line)
{
	struct host_inbox_find_row before;
	struct problem problem = {0};

	TRY(host_inbox_find(node->store, node->batch, &e->id, &before));
	if (!digest_equal(&before.digest, &line->digest)) {
		if (problem_set(&problem, ERR_CONFLICT,
			"another message with this id was received before; "
			"every message needs a new id"))
			refuse(node, line, e->type, &e->from, &problem);
	} else if (slice_equal_string(before.outcome, "refused")) {
		line->outcome = RECEIPT_REFUSED;
		line->reason = before.reason;
	} else {
		line->outcome = RECEIPT_DUPLICATE;
	}

	return OK;
}

static enum err
remember(struct node *node, const struct envelope *e,
    const struct receipt_line *line, const char *outcome)
{
	return host_inbox_put(node->store,
	    &(struct host_inbox_put){.id = &e->id,
		.peer = &e->from,
		.type = e->type,
		.digest = &line->digest,
		.received = node->now,
		.outcome = slice_of(outcome),
		.reason = line->reason});
}

/* The reason why an authentic envelope cannot be for a handler of ours, or
 * NULL. */
static const char *
misdirected(const struct node *node, const struct envelope *e,
    const struct message_handler *h)
{
	if (!system_id_equal(&e->to, &node->id) && !bug_is(BUG_MISDIRECTED))
		return "this envelope is for another system";
	if (h == NULL)
		return "this system knows no message of that type";
	if (e->time.ms < node->now.ms - ENVELOPE_AGE_MAX_MS)
		return "this envelope is older than 60 days";

	return check_sender(node, h, &e->from);
}

/* A time far ahead of our clock would count as the newest until that time has
 * come: ours counts instead. */
static struct instant
time_of(const struct turn *turn, const struct envelope *e)
{
	return e->time.ms > turn->now.ms + CLOCK_AHEAD_MS ? turn->now : e->time;
}

/* Read the body in the form that the handler takes, and call the handler.  A
 * newer version of this program may take an edition that is unknown now. */
static enum err
handle(struct turn *turn, const struct message_handler *h,
    const struct envelope *e)
{
	const struct message_type *taken = h->takes;
	struct message m = {.id = e->id,
	    .type = e->type,
	    .from = e->from,
	    .time = time_of(turn, e),
	    .text = e->body,
	    .is = taken};
	void *input;

	if (e->time.ms > turn->now.ms + ENVELOPE_AHEAD_MAX_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "field time: is more than 30 days ahead of our clock; set "
		    "the sender's clock");
	if (e->edition != taken->edition)
		return problem_set(turn->problem, ERR_BUSY,
		    "this system does not take edition %lld of %s yet; it "
		    "takes edition %lld",
		    (long long)e->edition, taken->name,
		    (long long)taken->edition);
	if (taken->shape != NULL) {
		m.input = input = arena_alloc(turn->arena, taken->shape->size);
		TRY(shape_read(
		    taken->shape, turn->arena, e->body, input, turn->problem));
		TRY(turn_check_past(turn, taken->shape, input));
	}

	return h->handle(turn, &m);
}

/* A sender for whom too much was written today is told so before the work is
 * done. */
static enum err
accept(struct turn *turn, const struct message_handler *h,
    const struct envelope *e, const struct receipt_line *line)
{
	struct slice sender = system_id_organisation(&e->from);

	TRY(turn_tell_written(turn, sender));
	TRY(remember(turn->node, e, line, "accepted"));
	TRY(handle(turn, h, e));

	return turn_tell_written(turn, sender);
}

static enum err
remember_refusal(struct turn *turn, const struct envelope *e,
    const struct receipt_line *line)
{
	TRY(remember(turn->node, e, line, "refused"));

	return turn_tell_written(turn, system_id_organisation(&e->from));
}

/* Apply an envelope in one turn; record a refusal in another. */
static void
apply(struct node *node, const struct envelope *e, struct taken *taken,
    struct receipt_line *line)
{
	int64_t waybill_seq = taken->waybill_seq;
	const struct part *part = NULL;
	const struct message_handler *h = find_handler(node, e, &part);
	const char *why = misdirected(node, e, h);
	struct caller caller = {.role = ROLE_PEER, .peer = e->from};
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	if (why != NULL)
		rc = problem_set(&problem, ERR_DENIED, "%s", why);
	else {
		rc = gate_check(node, part, &problem);
		if (rc == OK)
			rc = turn_open(node, &caller, &problem, &turn);
		if (rc == OK) {
			turn.caller.request =
			    message_id_text(turn.arena, &e->id);
			turn.state = part->state;
			taken->read = e;
			turn.taken = taken;
			rc = turn_close(&turn, accept(&turn, h, e, line));
		}
		if (rc == OK) {
			line->outcome = RECEIPT_ACCEPTED;
			return;
		}
		/* If the turn stored the waybill, that was undone. */
		taken->waybill_seq = waybill_seq;
		line->outcome = RECEIPT_LATER;
		if (err_is_passing(rc)) {
			note(node, "later", e->type, &e->from, &problem);
			return;
		}
	}
	problem_complete(&problem, rc);
	refuse(node, line, e->type, &e->from, &problem);
	node->n.denied++;
	if (turn_open(node, &caller, &problem, &turn) ||
	    turn_close(&turn, remember_refusal(&turn, e, line)))
		line->outcome = RECEIPT_LATER;
}

/* Read an envelope, which must be of the sender that signed the waybill. */
static enum err
read_one(struct arena *arena, const struct waybill *waybill, struct slice text,
    struct receipt_line *line, struct envelope *ret, struct problem *problem)
{
	TRY(envelope_read(arena, text, ret, problem));
	line->id = ret->id;
	if (!system_id_equal(&ret->from, &waybill->from))
		return problem_set(problem, ERR_DENIED,
		    "field from: is not the sender of the waybill");

	return OK;
}

/* One envelope of a batch, which its waybill names. */
static void
receive_one(struct node *node, const struct waybill *waybill,
    struct taken *taken, struct receipt_line *line)
{
	struct problem problem = {0};
	struct envelope e = {0};
	enum err rc;

	rc =
	    read_one(node->batch, waybill, taken->envelope, line, &e, &problem);
	if (rc) {
		refuse(node, line, e.type, &waybill->from, &problem);
		return;
	}
	rc = seen_before(node, &e, line);
	if (rc == ERR_NOT_FOUND)
		apply(node, &e, taken, line);
	else if (rc)
		line->outcome = RECEIPT_LATER;
	node->n.messages++;
}

/* Check that the bearer signed the waybill, for us. */
static enum err
check_waybill(struct node *node, const struct peer_certificate *from,
    struct slice text, struct waybill *ret, struct problem *problem)
{
	const struct peer_key *key;
	struct jws jws;
	enum err rc;

	if (jws_parse(node->batch, text, WAYBILL_TYPE, &jws))
		return problem_set(problem, ERR_INPUT,
		    "the first line of the batch is not a waybill; expected a "
		    "JWS of type " WAYBILL_TYPE);
	key = directory_key(node->directory, &jws.key);
	if (key == NULL)
		return problem_set(problem, ERR_BUSY,
		    "the waybill's key is not in our directory yet; try again "
		    "later");
	if (key->revoked.ms != 0)
		return problem_set(problem, ERR_DENIED,
		    "the waybill is signed with a revoked key");
	if (key->peer != from->peer)
		return problem_set(problem, ERR_DENIED,
		    "the waybill is signed with a key of another system than "
		    "that of the certificate");
	rc = waybill_open(node->batch, &jws, key->key, ret, problem);
	if (rc)
		return rc;
	if (!system_id_equal(
		&ret->from, &node->directory->peers[from->peer].id))
		return problem_set(problem, ERR_DENIED,
		    "the sender in the waybill is not the system of the "
		    "certificate");
	if (!system_id_equal(&ret->to, &node->id) && !bug_is(BUG_MISDIRECTED))
		return problem_set(problem, ERR_DENIED,
		    "the receiver in the waybill is not this system");

	return OK;
}

/* Check that the batch holds exactly the envelopes of the waybill, in its
 * order. */
static enum err
check_envelopes(const struct waybill *waybill, struct slice batch,
    struct slice *texts, struct receipt_line *lines, struct problem *problem)
{
	size_t i;

	for (i = 0; i < waybill->n_envelopes && batch.data != NULL; i++) {
		texts[i] = slice_cut(&batch, '\n');
		lines[i].digest = digest_of(texts[i]);
		if (!digest_equal(&lines[i].digest, &waybill->envelopes[i]) &&
		    !bug_is(BUG_ENVELOPE_UNCHECKED))
			return problem_set(problem, ERR_CRYPTO,
			    "envelope %zu has another digest than the waybill "
			    "gives",
			    i + 1);
	}
	if (i < waybill->n_envelopes || batch.data != NULL)
		return problem_set(problem, ERR_INPUT,
		    "the waybill names %zu envelopes, the batch has %s",
		    waybill->n_envelopes,
		    batch.data != NULL ? "more" : "fewer");

	return OK;
}

/* A sender that has our receipt for an envelope which the inbox lacks: this is an
 * older database than the one that gave it.  A hint for both sides' officers, for
 * the sender may lie. */
static enum err
look_for_last(
    struct node *node, const struct waybill *waybill, struct receipt *receipt)
{
	struct peer_entry *peer =
	    directory_peer(node->directory, &waybill->from);
	struct host_inbox_find_row before;
	struct problem problem = {0};
	enum err rc;

	if (!waybill->has_last || peer == NULL)
		return OK;
	rc = host_inbox_find(node->store, node->batch, &waybill->last, &before);
	if (rc != ERR_NOT_FOUND)
		return rc;
	receipt->lacks = waybill->last;
	receipt->has_lacks = true;
	if (!peer->lost_here &&
	    problem_set(&problem, ERR_CORRUPT,
		"it has our receipt for a message that this database lacks: "
		"was an older copy put back?"))
		node_note(node, "lost", slice_of(peer->id.text), &problem);
	peer->lost_here = true;

	return OK;
}

/* --- Piece by piece ------------------------------------------------------- */

void
intake_keep(struct intake *intake)
{
	intake->done = intake->reached;
	intake->waybill = intake->waybill_reached;
}

void
intake_done(struct intake *intake)
{
	arena_free(intake->arena);
	*intake = (struct intake){0};
}

/* The texts and lines of a posting, of which an earlier batch took a piece. */
static void
resume(const struct intake *intake, size_t n, struct slice batch,
    struct slice *texts, struct receipt_line *lines)
{
	size_t i;

	memcpy(lines, intake->lines, n * sizeof(*lines));
	for (i = 0; i < n; i++)
		texts[i] = slice_cut(&batch, '\n');
}

/* Keep the lines for the next piece, since a batch's memory is not kept. */
static void
leave(struct intake *intake, const struct receipt_line *lines, size_t n)
{
	size_t i;

	if (intake->arena == NULL) {
		intake->arena = arena_new();
		intake->lines =
		    arena_array(intake->arena, n, sizeof(*intake->lines));
		memcpy(intake->lines, lines, n * sizeof(*lines));
	}
	for (i = intake->done; i < intake->reached; i++) {
		intake->lines[i] = lines[i];
		intake->lines[i].reason =
		    arena_copy(intake->arena, lines[i].reason);
	}
}

static bool
is_over(const struct intake *intake, size_t i)
{
	return i > intake->done && intake->until != 0 &&
	    monotonic_ms() >= intake->until && !bug_is(BUG_POSTING_WHOLE);
}

static void
receive_piece(struct node *node, const struct waybill *waybill,
    struct taken *taken, const struct slice *texts, struct receipt_line *lines,
    struct intake *intake)
{
	size_t i;

	taken->waybill_seq = intake->waybill;
	for (i = intake->done; i < waybill->n_envelopes && !is_over(intake, i);
	     i++) {
		lines[i] = (struct receipt_line){.digest = lines[i].digest};
		taken->envelope = texts[i];
		receive_one(node, waybill, taken, &lines[i]);
	}
	intake->waybill_reached = taken->waybill_seq;
	intake->reached = i;
	intake->is_whole = i == waybill->n_envelopes;
}

static enum err
receive_all(struct node *node, const struct waybill *waybill,
    struct taken *taken, struct slice batch, struct intake *intake,
    struct buf *ret_receipt, struct problem *problem)
{
	size_t n = waybill->n_envelopes;
	struct slice *texts = arena_array(node->batch, n, sizeof(*texts));
	struct receipt_line *lines =
	    arena_array(node->batch, n, sizeof(*lines));
	struct receipt receipt = {.by = node->id,
	    .to = waybill->from,
	    .time = node->now,
	    .receipts = lines,
	    .n_receipts = n};

	if (intake->arena != NULL)
		resume(intake, n, batch, texts, lines);
	else
		TRY(check_envelopes(waybill, batch, texts, lines, problem));
	receive_piece(node, waybill, taken, texts, lines, intake);
	if (!intake->is_whole) {
		leave(intake, lines, n);
		return OK;
	}
	TRY(look_for_last(node, waybill, &receipt));

	return receipt_sign(node->batch, &receipt, node->signing, ret_receipt);
}

enum err
node_receive_part(struct node *node, const struct fingerprint *fingerprint,
    struct slice batch, struct intake *intake, struct buf *ret_receipt,
    struct problem *problem)
{
	const struct peer_certificate *from =
	    directory_certificate(node->directory, fingerprint);
	struct slice first = slice_cut(&batch, '\n');
	struct waybill waybill = {0};
	struct taken taken = {.waybill = first};
	enum err rc;

	if (from == NULL || from->peer == SIZE_MAX)
		rc = problem_set(problem, ERR_DENIED,
		    "the certificate belongs to no system of the directory; "
		    "envelopes are taken from those only");
	else
		rc = check_waybill(node, from, first, &waybill, problem);
	if (rc == OK && node->gate == GATE_HALTED)
		rc = gate_check(node, NULL, problem);
	taken.signed_at = waybill.time;
	if (rc == OK)
		rc = receive_all(node, &waybill, &taken, batch, intake,
		    ret_receipt, problem);
	if (rc)
		node->n.denied++;

	return rc;
}

enum err
node_receive(struct node *node, const struct fingerprint *fingerprint,
    struct slice batch, struct buf *ret_receipt, struct problem *problem)
{
	struct intake whole = {0};

	return node_receive_part(
	    node, fingerprint, batch, &whole, ret_receipt, problem);
}
