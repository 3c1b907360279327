#include "host/evidence.h"

#include "base/bug.h"
#include "crypto/rest.h"
#include "host/node_internal.h"
#include "host_rows.h"

#define CLOCK_APART_MS (24 * 3600ll * 1000)

/* --- Keeping ------------------------------------------------------------- */

enum err
evidence_check_time(
    struct turn *turn, const char *what, struct instant signed_at)
{
	if (!instant_is_before(
		signed_at, instant_plus(turn->now, -CLOCK_APART_MS)) &&
	    !instant_is_before(
		instant_plus(turn->now, CLOCK_APART_MS), signed_at))
		return OK;

	return problem_set(turn->problem, ERR_BUSY,
	    "the %s was signed at a time that is more than a day from ours; "
	    "its signer's clock or ours is wrong",
	    what);
}

enum err
evidence_seal(struct turn *turn, struct slice text, struct at_rest *ret)
{
	*ret = (struct at_rest){.text = text, .sealed = SLICE("")};
	if (rest_epoch(turn->keys) == 0 || bug_is(BUG_ROWS_IN_THE_CLEAR))
		return OK;
	ret->text = SLICE("");

	return rest_seal(
	    turn->arena, turn->keys, &turn->random, text, &ret->sealed);
}

enum err
evidence_open(struct turn *turn, const struct at_rest *kept, struct slice *ret)
{
	if (slice_is_empty(kept->sealed)) {
		*ret = arena_copy(turn->arena, kept->text);
		return OK;
	}
	if (rest_open(turn->arena, turn->keys, kept->sealed, ret))
		return problem_set(turn->problem, ERR_CORRUPT,
		    "evidence cannot be opened with the keys of this key "
		    "store");

	return OK;
}

static enum err
keep_waybill(struct turn *turn, struct taken *taken)
{
	struct host_waybill_put_row kept;
	struct at_rest paper;

	if (taken->waybill_seq != 0)
		return OK;
	TRY(evidence_seal(turn, taken->waybill, &paper));
	TRY(host_waybill_put(
	    turn->store, paper.text, paper.sealed, turn->now, &kept));
	taken->waybill_seq = kept.seq;

	return OK;
}

static enum err
keep_taken(struct turn *turn, struct taken *taken)
{
	struct at_rest envelope;

	TRY(evidence_check_time(turn, "waybill", taken->signed_at));
	TRY(keep_waybill(turn, taken));
	TRY(evidence_seal(turn, taken->envelope, &envelope));

	return host_evidence_received(turn->store,
	    &(struct host_evidence_received){.exchange = turn->exchange,
		.envelope = envelope.text,
		.sealed = envelope.sealed,
		.waybill = &taken->waybill_seq,
		.entry = &turn->entry,
		.at = turn->now});
}

/* The store has one writer, so the newest entry is this turn's. */
enum err
evidence_note_entry(struct turn *turn)
{
	struct host_audit_newest_row newest = {turn->entry};

	TRY(rows_end(host_audit_newest(turn->store, &newest)));
	turn->entry = newest.seq;

	return OK;
}

/* Whether this turn took a message of another organisation. */
static bool
is_foreign(const struct turn *turn)
{
	return turn->taken != NULL &&
	    !slice_equal(system_id_organisation(&turn->caller.peer),
		turn_organisation(turn));
}

enum err
turn_evidence(struct turn *turn, struct slice exchange)
{
	bool is_first = slice_is_empty(turn->exchange);
	enum err rc;

	if (slice_equal(turn->exchange, exchange) ||
	    (!is_first && bug_is(BUG_EVIDENCE_FIRST)))
		return OK;
	/* The caller's text may be freed before the turn ends. */
	turn->exchange = arena_copy(turn->arena, exchange);
	rc = evidence_note_entry(turn);
	/* A timer may end several exchanges; a message is about one. */
	if (rc || !is_first || !is_foreign(turn))
		return rc;

	return keep_taken(turn, turn->taken);
}

/* --- Repetitions --------------------------------------------------------- */

/* The message of that type which came of the exchange and is kept; in the arena.
 * ERR_NOT_FOUND if there is none. */
static enum err
evidence_find(struct turn *turn, struct slice exchange, struct slice type,
    struct envelope *ret)
{
	struct host_evidence_came_row row;
	struct slice text;
	struct query q;
	enum err rc;

	host_evidence_came_rows(turn->store, exchange, &q);
	while ((rc = host_evidence_came_next(&q, &row)) == OK) {
		rc = evidence_open(
		    turn, &(struct at_rest){row.envelope, row.sealed}, &text);
		if (rc == OK)
			rc = envelope_read(
			    turn->arena, text, ret, turn->problem);
		if (rc || slice_equal(ret->type, type))
			break;
	}
	query_done(&q);

	return rc == ERR_INPUT ? ERR_CORRUPT : rc;
}

enum err
evidence_check(struct turn *turn, const char *field, struct slice exchange,
    bool *ret_is_new)
{
	struct envelope kept;
	enum err rc;

	*ret_is_new = true;
	if (!is_foreign(turn))
		return OK;
	rc = evidence_find(turn, exchange, turn->taken->read->type, &kept);
	if (rc)
		return rows_end(rc);
	*ret_is_new = false;
	if (slice_equal(kept.body, turn->taken->read->body))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field %s: a message %.*s of other content came before; expected "
	    "the same content again",
	    field, SLICE_ARG(kept.type));
}

/* --- An earlier day ------------------------------------------------------- */

/* A table of evidence with rows of a day before there was a key for them. */
struct clear {
	void (*rows)(struct store *store, int64_t limit, struct query *ret);
	enum err (*next)(struct query *q, struct host_clear_row *ret);
	enum err (*seal)(struct store *store, struct slice sealed, int64_t seq);
};
static const struct clear clears[] = {
    {host_evidence_clear_rows, host_evidence_clear_next, host_evidence_seal},
    {host_waybill_clear_rows, host_waybill_clear_next, host_waybill_seal},
    {host_receipt_clear_rows, host_receipt_clear_next, host_receipt_seal},
};
#define CLEARS (sizeof(clears) / sizeof(clears[0]))
#define SEALED_MAX 1000 /* rows in one turn */

/* Seal up to `max` rows of the table; *ret_n is how many. */
static enum err
seal_rows(
    struct turn *turn, const struct clear *table, size_t max, size_t *ret_n)
{
	struct host_clear_row *rows =
	    arena_array(turn->arena, max, sizeof(*rows));
	struct at_rest kept;
	struct query q;
	enum err rc;
	size_t i;

	*ret_n = 0;
	table->rows(turn->store, (int64_t)max, &q);
	while ((rc = table->next(&q, &rows[*ret_n])) == OK) {
		rows[*ret_n].text = arena_copy(turn->arena, rows[*ret_n].text);
		if (++*ret_n == max)
			break;
	}
	query_done(&q);
	TRY(rows_end(rc));
	for (i = 0; i < *ret_n; i++) {
		TRY(evidence_seal(turn, rows[i].text, &kept));
		TRY(table->seal(turn->store, kept.sealed, rows[i].seq));
	}

	return OK;
}

enum err
evidence_seal_earlier(struct turn *turn)
{
	size_t i, n, done = 0;

	if (rest_epoch(turn->keys) == 0 || bug_is(BUG_ROWS_IN_THE_CLEAR))
		return OK;
	for (i = 0; i < CLEARS && done < SEALED_MAX; i++) {
		TRY(seal_rows(turn, &clears[i], SEALED_MAX - done, &n));
		done += n;
	}
	if (done == SEALED_MAX)
		turn_hurry(turn, TIMER_SEAL);

	return OK;
}

/* --- Time ---------------------------------------------------------------- */

enum err
evidence_erase(struct turn *turn, struct instant before, bool *ret_more)
{
	*ret_more = false;
	TRY(turn_erase(turn, host_evidence_erase, before, ret_more));
	TRY(turn_erase(turn, host_waybill_erase, before, ret_more));

	return turn_erase(turn, host_receipt_drop, before, ret_more);
}
