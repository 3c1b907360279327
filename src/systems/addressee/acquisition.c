#include "systems/addressee/acquisition.h"

#include "addressee_rows.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"
#include "systems/jukinet/jukinet.h"

#define DAY_MS (24 * 3600ll * 1000)
#define NO_MATCH SLICE(ADDRESSEE_NO_MATCH)

struct acquisition_batch
acquisition_batch_of(struct turn *turn, size_t max)
{
	struct acquisition_batch b = {0};

	b.for_jukinet = arena_array(turn->arena, max, sizeof(*b.for_jukinet));
	b.for_relay = arena_array(turn->arena, max, sizeof(*b.for_relay));

	return b;
}

static void
push(struct acquisition_batch *b, struct slice acquisition,
    const struct acquiring *who)
{
	b->for_jukinet[b->n] = (struct acquisition_request_item){
	    acquisition, *who->number, who->attributes};
	b->for_relay[b->n++] =
	    (struct acquisition_link_item){acquisition, who->internal};
}

enum err
acquisition_begin(struct turn *turn, struct acquisition_batch *batch,
    const struct acquiring *who)
{
	struct slice acquisition = turn_new_id(turn);

	TRY(addressee_acquisition_add(
	    turn->store, acquisition, who->internal, turn->now));
	if (store_changes(turn->store) == 1)
		push(batch, acquisition, who);

	return OK;
}

enum err
acquisition_send(struct turn *turn, const struct acquisition_batch *batch)
{
	struct acquisition_request request = {batch->for_jukinet, batch->n};
	struct system_id relay = turn_sibling(turn, "relay");

	if (batch->n == 0)
		return OK;
	TRY(turn_tell_usual(
	    turn, JUKINET_USUAL, acquisition_request, &request));

	return turn_tell(turn, &relay, acquisition_link,
	    &(struct acquisition_link){batch->for_relay, batch->n});
}

static enum err
end_linked(struct turn *turn, struct slice acquisition)
{
	struct addressee_acquisition_find_row row;
	enum err rc;

	rc = addressee_acquisition_find(turn->store, acquisition, &row);
	if (rc)
		return rows_end(rc); /* it has ended before */
	TRY(addressee_person_linked(turn->store, row.internal));

	return addressee_acquisition_delete(turn->store, acquisition);
}

enum err
acquisition_done(struct turn *turn, const struct message *message)
{
	const struct acquisition_done *done =
	    MESSAGE(message, acquisition_done);
	size_t i;

	for (i = 0; i < done->n_items; i++)
		TRY(end_linked(turn, done->items[i]));
	TRY(person_end_recognised(turn));
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return OK;
}

/*
 * Whether an acquisition goes on after a refusal, to be asked for again with the
 * record of then.
 *
 * no-match: jukinet may not have heard yet of what the record says.
 * former-number: jukinet refused a repeated request because the number was
 * changed meanwhile.  The first request may have succeeded, and the network
 * tells a code only once.
 */
static bool
goes_on(struct slice reason, int64_t attempts)
{
	if (slice_equal(reason, NO_MATCH))
		return attempts < ADDRESSEE_NO_MATCH_ATTEMPTS;

	return slice_equal_string(reason, "former-number") && attempts > 1 &&
	    attempts <= ADDRESSEE_ACQUISITION_ATTEMPTS;
}

/*
 * Jukinet's budget for us is used up: ask again when it renews itself, which is
 * within a day.
 */
static enum err
put_off(struct turn *turn, const struct acquisition_refused *refused,
    struct slice acquisition)
{
	struct instant until = instant_plus(turn->now, DAY_MS);

	if (refused->has_until && instant_is_before(refused->until, until))
		until = refused->until;

	return addressee_acquisition_stopped(turn->store,
	    instant_plus(until, -ADDRESSEE_ACQUISITION_PATIENCE_MS),
	    acquisition);
}

static enum err
end_refused(struct turn *turn, const struct acquisition_refused *refused,
    const struct acquisition_refused_item *item, bool *ret_ended)
{
	struct addressee_acquisition_find_row row;
	enum err rc;

	*ret_ended = false;
	if (slice_equal_string(item->reason, "stopped"))
		return put_off(turn, refused, item->acquisition);
	rc = addressee_acquisition_find(turn->store, item->acquisition, &row);
	if (rc)
		return rows_end(rc);
	if (goes_on(item->reason, row.attempts))
		return turn_audit(
		    turn, "acquisition.wait", SLICE(""), SLICE(""));
	TRY(addressee_person_refused(turn->store, item->reason, row.internal));
	if (slice_equal(item->reason, NO_MATCH))
		TRY(person_set_aside_unrecognised(turn, row.internal));
	*ret_ended = true;

	return addressee_acquisition_delete(turn->store, item->acquisition);
}

enum err
acquisition_refused(struct turn *turn, const struct message *message)
{
	const struct acquisition_refused *refused =
	    MESSAGE(message, acquisition_refused);
	struct slice *dropped =
	    arena_array(turn->arena, refused->n_items, sizeof(*dropped));
	struct system_id relay = turn_sibling(turn, "relay");
	size_t i, n = 0;
	bool ended;

	for (i = 0; i < refused->n_items; i++) {
		TRY(end_refused(turn, refused, &refused->items[i], &ended));
		if (ended)
			dropped[n++] = refused->items[i].acquisition;
	}
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return n == 0 ? OK
		      : turn_tell(turn, &relay, acquisition_drop,
			    &(struct acquisition_drop){dropped, n});
}

/* --- Asking again -------------------------------------------------------- */

static void
push_stuck(struct turn *turn, const struct addressee_acquisition_stuck_row *row,
    struct acquisition_batch *batch)
{
	const struct attributes borrowed = ATTRIBUTES_SHORT_OF(*row);
	const struct acquiring who = {row->internal, &row->number,
	    attributes_copy(turn->arena, &borrowed)};

	push(batch, arena_copy(turn->arena, row->acquisition), &who);
}

/* Collect the acquisitions that have been under way since before `before`. */
static enum err
collect_stuck(
    struct turn *turn, struct instant before, struct acquisition_batch *batch)
{
	struct addressee_acquisition_stuck_row row;
	struct query q;
	enum err rc;

	addressee_acquisition_stuck_rows(
	    turn->store, before, MESSAGE_ROWS_MAX, &q);
	while ((rc = addressee_acquisition_stuck_next(&q, &row)) == OK)
		push_stuck(turn, &row, batch);

	return rows_end(rc);
}

enum err
acquisition_ask_again(struct turn *turn)
{
	struct instant before =
	    instant_plus(turn->now, -ADDRESSEE_ACQUISITION_PATIENCE_MS);
	struct addressee_acquisition_is_stuck_row stuck;
	struct acquisition_batch batch;
	size_t i;
	enum err rc;

	rc = addressee_acquisition_is_stuck(
	    turn->store, turn->arena, before, &stuck);
	if (rc)
		return rows_end(rc);
	batch = acquisition_batch_of(turn, MESSAGE_ROWS_MAX);
	TRY(collect_stuck(turn, before, &batch));
	TRY(turn_audit(turn, "acquisition.again", SLICE(""), SLICE("")));
	for (i = 0; i < batch.n; i++)
		TRY(addressee_acquisition_asked(
		    turn->store, turn->now, batch.for_relay[i].acquisition));

	if (batch.n == MESSAGE_ROWS_MAX)
		turn_hurry(turn, ADDRESSEE_ACQUISITION_TIMER);

	return acquisition_send(turn, &batch);
}
