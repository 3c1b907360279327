/*
 * The inbox: a batch of envelopes, each applied once in a turn of its own,
 * and one signed receipt for all of them.
 */
#include <string.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "host/witness.h"

/* An envelope older than this is refused, so that the memory of the inbox
 * may end (INBOX_KEEP_MS in node.c is longer). */
#define ENVELOPE_AGE_MAX_MS (60ll * 24 * 3600 * 1000)

struct slice
message_id_text(struct arena *arena, const struct message_id *id)
{
	char text[33];

	message_id_format(id, text);

	return arena_copy(arena, slice_of(text));
}

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
	case ERR_CONFLICT:
	case ERR_UNAUTHENTICATED:
	case ERR_DENIED:
	case ERR_TOO_LARGE:
	case ERR_CRYPTO:
		return false;
	}

	return false;
}

/* A line of the receipt: refused, and why. */
static void
refuse(struct arena *arena, struct receipt_line *line, const char *why)
{
	line->outcome = RECEIPT_REFUSED;
	line->reason = arena_copy(arena, slice_of(why));
}

/* The name of the system in its id: "registry". */
static struct slice
system_name(const struct system_id *id)
{
	struct slice rest = slice_of(id->text);

	slice_cut(&rest, '/');

	return rest;
}

/* A type may have a row for each system that may send it; where none is the
 * sender's, the first is what it is refused by. */
static const struct message_handler *
find_handler(const struct system *system, struct slice type,
    const struct system_id *from)
{
	const struct message_handler *h, *found = NULL;

	for (h = system->messages; h != NULL && h->type != NULL; h++) {
		if (!slice_equal_string(type, h->type))
			continue;
		if (slice_equal_string(system_name(from), h->from))
			return h;
		if (found == NULL)
			found = h;
	}
	for (h = host_messages; found == NULL && h->type != NULL; h++) {
		if (slice_equal_string(type, h->type))
			found = h;
	}

	return found;
}

/* May `from` send this type to us?  NULL if so, else why not. */
static const char *
check_sender(const struct node *node, const struct message_handler *h,
    const struct system_id *from)
{
	struct slice own;

	if (h->from != NULL && !slice_equal_string(system_name(from), h->from))
		return "such a system may not send this type of message";
	own = system_id_organisation(&node->id);
	if (h->scope == FROM_OWN_ORGANISATION &&
	    !slice_equal(system_id_organisation(from), own))
		return "only our own organisation may send this type";

	return NULL;
}

/* Whether this id was here before; fills the line if so. */
static enum err
seen_before(struct node *node, struct arena *arena, const struct message_id *id,
    struct receipt_line *line)
{
	struct slice digest, outcome;
	struct query q;
	enum err rc;

	if (bug_is(BUG_INBOX_FORGETS))
		return ERR_NOT_FOUND;
	store_query(node->store, HOST_INBOX_FIND, &q);
	query_blob(&q, "id", slice_bytes(id->bytes, sizeof(id->bytes)));
	rc = query_step(&q);
	if (rc == OK) {
		digest = column_blob(&q, "digest");
		outcome = column_text(&q, "outcome");
		if (!slice_equal(digest, digest_slice(&line->digest)))
			refuse(arena, line,
			    "another message of this id was here before");
		else if (slice_equal_string(outcome, "refused")) {
			line->outcome = RECEIPT_REFUSED;
			line->reason =
			    arena_copy(arena, column_text(&q, "reason"));
		} else
			line->outcome = RECEIPT_DUPLICATE;
	}
	query_done(&q);

	return rc;
}

static enum err
remember(struct node *node, const struct envelope *e,
    const struct receipt_line *line, const char *outcome)
{
	struct query q;
	enum err rc;

	store_query(node->store, HOST_INBOX_PUT, &q);
	query_blob(&q, "id", slice_bytes(e->id.bytes, sizeof(e->id.bytes)));
	query_text(&q, "peer", slice_of(e->from.text));
	query_text(&q, "type", e->type);
	query_blob(&q, "digest", digest_slice(&line->digest));
	query_int(&q, "received", node->now.ms);
	query_text(&q, "outcome", slice_of(outcome));
	query_text(&q, "reason", line->reason);
	rc = query_run(&q);

	return bug_is(BUG_INBOX_FORGETS) && rc == ERR_CONFLICT ? OK : rc;
}

/* Why an authentic envelope cannot be for a handler of ours, or NULL. */
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

/* Apply in one turn; on refusal remember that in another. */
static void
apply(struct node *node, const struct envelope *e, struct receipt_line *line)
{
	const struct message_handler *h =
	    find_handler(node->system, e->type, &e->from);
	const char *why = misdirected(node, e, h);
	struct caller caller = {.role = ROLE_PEER, .peer = e->from};
	struct message m = {.id = e->id,
	    .type = e->type,
	    .from = e->from,
	    .time = e->time,
	    .body = e->body};
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	if (why == NULL) {
		rc = turn_open(node, &caller, &problem, &turn);
		if (rc == OK) {
			turn.caller.request =
			    message_id_text(turn.arena, &e->id);
			rc = remember(node, e, line, "accepted");
			if (rc == OK)
				rc = h->handle(&turn, &m);
			rc = turn_close(&turn, rc);
		}
		if (rc == OK) {
			line->outcome = RECEIPT_ACCEPTED;
			return;
		}
		line->outcome = RECEIPT_LATER;
		if (err_is_passing(rc)) {
			node_note(node, "later", e->type, &problem);
			return;
		}
		why = problem.text[0] != '\0' ? problem.text
					      : err_info(rc)->title;
	}
	refuse(node->batch, line, why);
	node_note(node, "refused", e->type, &problem);
	node->n.denied++;
	if (turn_open(node, &caller, &problem, &turn) ||
	    turn_close(&turn, remember(node, e, line, "refused")))
		line->outcome = RECEIPT_LATER;
}

/* One envelope of a batch that `peer` brought. */
static void
receive_one(struct node *node, const struct peer_certificate *from,
    struct slice text, struct receipt_line *line)
{
	const struct peer_key *key;
	struct problem problem = {0};
	struct envelope e = {0};
	struct jws jws;
	enum err rc;

	line->digest = digest_of(text);
	if (jws_parse(node->batch, text, "bango-envelope", &jws)) {
		refuse(node->batch, line, "not an envelope");
		return;
	}
	key = directory_key(node->directory, &jws.key);
	if (key == NULL) {
		/* Perhaps a new key that our directory does not have yet. */
		line->outcome = RECEIPT_LATER;
		return;
	}
	if (key->peer != from->peer) {
		refuse(node->batch, line,
		    "signed with a key that the bearer does not own");
		return;
	}
	rc = envelope_open(&jws, key->key, &e, &problem);
	if (rc) {
		refuse(node->batch, line, problem.text);
		return;
	}
	line->id = e.id;
	if (!system_id_equal(&e.from, &node->directory->peers[from->peer].id)) {
		refuse(node->batch, line, "sent in another system's name");
	} else {
		rc = seen_before(node, node->batch, &e.id, line);
		if (rc == ERR_NOT_FOUND)
			apply(node, &e, line);
		else if (rc)
			line->outcome = RECEIPT_LATER;
	}
	json_decref(e.document);
	node->n.messages++;
}

static size_t
count_lines(struct slice batch)
{
	size_t i, n = 1;

	for (i = 0; i < batch.len; i++)
		n += batch.data[i] == '\n';

	return n;
}

enum err
node_receive(struct node *node, const struct fingerprint *fingerprint,
    struct slice batch, struct buf *ret_receipt, struct problem *problem)
{
	const struct peer_certificate *from =
	    directory_certificate(node->directory, fingerprint);
	struct receipt_line *lines;
	struct receipt receipt;
	size_t i, n;

	if (from == NULL || from->peer == SIZE_MAX ||
	    node->directory->peers[from->peer].revoked) {
		node->n.denied++;
		return problem_set(problem, ERR_DENIED,
		    "envelopes are taken from systems of the directory only; "
		    "this certificate belongs to none");
	}
	n = count_lines(batch);
	if (n > ENVELOPE_BATCH_MAX)
		return problem_set(problem, ERR_TOO_LARGE,
		    "%zu envelopes in one batch; at most %d are taken", n,
		    ENVELOPE_BATCH_MAX);
	lines = arena_array(node->batch, n, sizeof(*lines));
	for (i = 0; i < n; i++)
		receive_one(node, from, slice_cut(&batch, '\n'), &lines[i]);
	receipt = (struct receipt){.by = node->id,
	    .to = node->directory->peers[from->peer].id,
	    .time = node->now,
	    .lines = lines,
	    .n_lines = n};

	return receipt_sign(&receipt, node->signing, ret_receipt);
}
