#include "host/status.h"

#include "crypto/tally.h"
#include "host/node_internal.h"
#include "host_rows.h"

#define DAY_MS (24ll * 3600 * 1000)
#define SOON_MS (28 * DAY_MS) /* a renewal by itself is due before */
#define AUTHORITY_SOON_MS (365 * DAY_MS)

/* --- Collecting ----------------------------------------------------------- */

static enum err
take_waiting(struct turn *turn, struct status *ret)
{
	struct host_outbox_peers_row row;
	struct query q;
	enum err rc;

	ret->waiting = arena_array(
	    turn->arena, turn->node->directory->n_peers, sizeof(*ret->waiting));
	host_outbox_peers_rows(turn->store, &q);
	while ((rc = host_outbox_peers_next(&q, &row)) == OK &&
	    ret->n_waiting < turn->node->directory->n_peers)
		ret->waiting[ret->n_waiting++] =
		    (struct status_waiting){.peer = row.peer,
			.messages = row.pending,
			.oldest_seconds = (turn->now.ms - row.since.ms) / 1000};
	query_done(&q);

	return rows_end(rc);
}

/* Those that are half full at least, and the fullest one in percent. */
static void
take_backlogs(const struct turn *turn, struct status *ret)
{
	const struct backlogs *b = &turn->node->backlogs;
	const struct backlog *one;
	int64_t percent, fullest = 0;

	ret->backlog_bound = b->bound;
	ret->backlogs = arena_array(turn->arena, b->n, sizeof(*ret->backlogs));
	for (one = b->all; one < b->all + b->n; one++) {
		percent = one->bytes * 100 / b->bound;
		if (percent >= 50)
			ret->backlogs[ret->n_backlogs++] = *one;
		if (percent > fullest)
			fullest = percent;
	}
	counting_add(&ret->figures, "backlog_percent", fullest);
}

static enum err
take_refusals(struct turn *turn, struct status *ret)
{
	static const struct figure refused[] = {
	    {"refused", HOST_SENT_REFUSED, 0}, {0}};
	struct host_sent_last_refusal_row last;
	struct counting counting = {0};
	enum err rc = host_sent_last_refusal(turn->store, turn->arena, &last);

	TRY(rows_end(rc));
	if (rc == OK) {
		ret->has_refusal = true;
		ret->refused_by = last.peer;
		ret->refused_type = last.type;
		ret->refused_reason = last.reason;
		ret->refused_at = last.settled;
	}
	TRY(turn_counts(turn, refused, &counting));
	ret->refused = counting_of(&counting, "refused");

	return OK;
}

/* Seconds since `due`; 0 if nothing is overdue. */
static int64_t
seconds_late(struct instant now, struct instant due)
{
	return now.ms > due.ms ? (now.ms - due.ms) / 1000 : 0;
}

/* Peers whose receipts and databases, or ours, do not fit together. */
static void
take_lost(const struct directory *d, struct counting *f)
{
	int64_t here = 0, there = 0;
	size_t i;

	for (i = 0; i < d->n_peers; i++) {
		here += d->peers[i].lost_here;
		there += d->peers[i].lost_there;
	}
	if (here > 0)
		counting_add(f, "lost_here", here);
	if (there > 0)
		counting_add(f, "lost_there", there);
}

static void
take_figures(const struct turn *turn, struct counting *f)
{
	const struct node *node = turn->node;
	const struct surroundings *around = &node->around;

	counting_add(f, "requests", (int64_t)node->n.requests);
	counting_add(f, "messages", (int64_t)node->n.messages);
	counting_add(f, "denied", (int64_t)node->n.denied);
	counting_add(f, "left_out", (int64_t)node->n.left_out);
	counting_add(f, "put_off", (int64_t)node->n.put_off);
	counting_add(f, "batches", (int64_t)node->n_batches);
	counting_add(f, "repeated", (int64_t)node->n_repeated);
	counting_add(f, "signatures", crypto_tally.signatures);
	counting_add(f, "verifications", crypto_tally.verifications);
	counting_add(f, "seals", crypto_tally.seals);
	counting_add(f, "openings", crypto_tally.openings);
	counting_add(f, "connections", around->connections);
	counting_add(f, "parked", around->parked);
	counting_add(f, "turned_away", around->turned_away);
	if (node->gate == GATE_UNWITNESSED)
		counting_add(f, "unwitnessed", 1);
	take_lost(node->directory, f);
	if (node->is_adopted)
		counting_add(f, "waits_for_rebuild", node->n_forgotten);
	if (node->directory->revoked_number != 0) {
		counting_add(f, "revocations", node->directory->revoked_number);
		counting_add(f, "revocations_age_seconds",
		    seconds_late(turn->now, node->directory->revoked_at));
	}
	if (around->revocations_until.ms != 0)
		counting_add(f, "revocations_late_seconds",
		    seconds_late(turn->now, around->revocations_until));
	if (around->clock.ms != 0)
		counting_add(f, "clock_behind_seconds",
		    seconds_late(turn->now, around->clock));
	if (around->directory_late.ms != 0)
		counting_add(f, "directory_late_seconds",
		    seconds_late(turn->now, around->directory_late));
}

/* Nobody can ask the system for anything once its last holder's duties are over. */
static struct instant
last_holder(const struct directory *d)
{
	struct instant last = {0};
	size_t i;

	for (i = 0; i < d->n_holders; i++) {
		if (d->holders[i].revoked.ms == 0 &&
		    d->holders[i].until.ms > last.ms)
			last = d->holders[i].until;
	}

	return last;
}

/* Without a time to warn, nothing refuses what is over. */
static void
add_end(struct status *s, const char *what, struct instant at, int64_t warn_ms)
{
	int64_t left = at.ms - s->time.ms;

	if (at.ms == 0)
		return;
	s->ends[s->n_ends++] = (struct status_end){what, at,
	    left > warn_ms                 ? "good"
		: left > 0 || warn_ms == 0 ? "soon"
					   : "over"};
}

static void
take_ends(const struct node *node, struct status *s)
{
	const struct node_ends *e = &node->ends;

	add_end(s, "authority", e->authority, AUTHORITY_SOON_MS);
	add_end(s, "certificate", e->certificate, SOON_MS);
	add_end(s, "signing-key", e->signing_key, SOON_MS);
	add_end(s, "sealing-key", e->sealing_key, 0);
	add_end(s, "revocation-list", node->around.revocations_until, SOON_MS);
	add_end(s, "holders", last_holder(node->directory), SOON_MS);
}

enum err
status_take(struct turn *turn, struct status *ret)
{
	struct node *node = turn->node;
	size_t i;

	*ret = (struct status){.system = slice_of(node->id.text),
	    .title = slice_of(node->system->title),
	    .version = slice_of(BANGO_VERSION),
	    .time = turn->now,
	    .sandbox = slice_of(node->sandbox),
	    .last_write = node->last_write};

	if (node->gate == GATE_HALTED)
		ret->halted = slice_of(node->gate_why);
	take_figures(turn, &ret->figures);
	take_backlogs(turn, ret);
	take_ends(node, ret);
	for (i = 0; i < node->n_parts; i++) {
		if (node->parts[i].component->count != NULL)
			TRY(node->parts[i].component->count(
			    turn, &ret->counts));
	}
	TRY(take_waiting(turn, ret));

	return take_refusals(turn, ret);
}

/* --- JSON ----------------------------------------------------------------- */

static void
write_counting(const struct counting *counting, struct json_out *o)
{
	size_t i;

	for (i = 0; i < counting->n; i++)
		json_out_int(o, counting->all[i].name, counting->all[i].value);
}

static void
write_waiting(const struct status *s, struct json_out *o)
{
	const struct status_waiting *w;

	json_out_array(o, "waiting");
	for (w = s->waiting; w < s->waiting + s->n_waiting; w++) {
		json_out_object(o, NULL);
		json_out_text(o, "peer", slice_of(w->peer.text));
		json_out_int(o, "messages", w->messages);
		json_out_int(o, "oldest_seconds", w->oldest_seconds);
		json_out_end(o);
	}
	json_out_end(o);
}

static void
write_backlogs(const struct status *s, struct json_out *o)
{
	const struct backlog *b;

	json_out_array(o, "backlogs");
	for (b = s->backlogs; b < s->backlogs + s->n_backlogs; b++) {
		json_out_object(o, NULL);
		json_out_text(o, "cause", slice_of(b->cause.text));
		json_out_text(o, "peer", slice_of(b->to.text));
		json_out_int(o, "messages", b->messages);
		json_out_int(o, "bytes", b->bytes);
		json_out_int(o, "bound", s->backlog_bound);
		json_out_end(o);
	}
	json_out_end(o);
}

static void
write_ends(const struct status *s, struct json_out *o)
{
	const struct status_end *e;

	json_out_array(o, "ends");
	for (e = s->ends; e < s->ends + s->n_ends; e++) {
		json_out_object(o, NULL);
		json_out_text(o, "what", slice_of(e->what));
		json_out_instant(o, "at", e->at);
		json_out_text(o, "state", slice_of(e->state));
		json_out_end(o);
	}
	json_out_end(o);
}

static void
write_refusal(const struct status *s, struct json_out *o)
{
	json_out_object(o, "last_refusal");
	json_out_text(o, "peer", slice_of(s->refused_by.text));
	json_out_text(o, "type", s->refused_type);
	json_out_text(o, "reason", s->refused_reason);
	json_out_instant(o, "at", s->refused_at);
	json_out_end(o);
}

void
status_write(const struct status *s, struct json_out *o)
{
	json_out_text(o, "system", s->system);
	json_out_text(o, "title", s->title);
	json_out_text(o, "version", s->version);
	json_out_instant(o, "time", s->time);
	write_counting(&s->figures, o);
	json_out_object(o, "counts");
	write_counting(&s->counts, o);
	json_out_end(o);
	write_waiting(s, o);
	write_backlogs(s, o);
	write_ends(s, o);
	if (s->has_refusal)
		write_refusal(s, o);
	json_out_int(o, "refused", s->refused);
	if (!slice_is_empty(s->halted))
		json_out_text(o, "halted", s->halted);
	if (!slice_is_empty(s->sandbox))
		json_out_text(o, "sandbox", s->sandbox);
	if (s->last_write != OK)
		json_out_text(o, "write_failed",
		    slice_of(err_info(s->last_write)->title));
}
