#include "systems/addressee/acquisition.h"

#include "addressee_rows.h"
#include "base/text.h"
#include "systems/addressee/addressee.h"
#include "systems/jukinet/jukinet.h"

#define REFUSAL_MAX 120 /* bytes kept of jukinet's reason */

void
acquisition_batch_init(struct acquisition_batch *batch)
{
	batch->for_jukinet = json_array();
	batch->for_relay = json_array();
}

void
acquisition_batch_done(struct acquisition_batch *batch)
{
	json_decref(batch->for_jukinet);
	json_decref(batch->for_relay);
	batch->for_jukinet = NULL;
	batch->for_relay = NULL;
}

static void
push_pair(json_t *to, struct slice first, struct slice second)
{
	json_t *pair = json_array();

	json_push_text(pair, first);
	json_push_text(pair, second);
	json_array_append_new(to, pair);
}

/* Both halves of one acquisition. */
static void
push(struct acquisition_batch *batch, struct slice acquisition,
    struct internal_number internal, const struct individual_number *number)
{
	struct slice digits = individual_number_slice(number);
	char text[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, text);
	push_pair(batch->for_jukinet, acquisition, digits);
	push_pair(batch->for_relay, acquisition, slice_of(text));
}

enum err
acquisition_begin(struct turn *turn, struct acquisition_batch *batch,
    struct internal_number internal, const struct individual_number *number)
{
	struct slice acquisition = turn_new_id(turn);
	enum err rc;

	rc = addressee_acquisition_add(
	    turn->store, acquisition, internal, turn->now);
	if (rc == OK && store_changes(turn->store) == 1)
		push(batch, acquisition, internal, number);

	return rc;
}

static enum err
send_items(struct turn *turn, const struct system_id *to, const char *type,
    json_t *items)
{
	json_t *body = json_object();

	json_put(body, "items", json_incref(items));

	return turn_send(turn, to, type, body);
}

enum err
acquisition_send(struct turn *turn, struct acquisition_batch *batch)
{
	struct system_id relay = turn_sibling(turn, "relay"), to;
	enum err rc;

	if (json_array_size(batch->for_jukinet) == 0)
		return OK;
	rc = turn_single(turn, JUKINET_USUAL, &to);
	if (rc == OK)
		rc = send_items(
		    turn, &to, "acquisition.request", batch->for_jukinet);
	if (rc == OK)
		rc = send_items(
		    turn, &relay, "acquisition.link", batch->for_relay);

	return rc;
}

static enum err
end_linked(struct turn *turn, struct slice acquisition)
{
	struct addressee_acquisition_find_row row;
	enum err rc;

	rc = addressee_acquisition_find(turn->store, acquisition, &row);
	if (rc)
		return rows_end(rc); /* it has ended before */
	rc = addressee_person_linked(turn->store, row.internal);
	if (rc == OK)
		rc = addressee_acquisition_delete(turn->store, acquisition);

	return rc;
}

enum err
acquisition_done(struct turn *turn, const struct message *message)
{
	const json_t *items;
	struct slice acquisition;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		rc = json_at_text(items, i, &acquisition);
		if (rc == OK)
			rc = end_linked(turn, acquisition);
	}
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return rc;
}

/*
 * Asked again, with a number that was changed meanwhile: the first asking may
 * have brought the code, which the network says only once.  So the
 * acquisition goes on, for a while, and asks with the new number.
 */
static bool
may_be_on_its_way(struct slice reason, int64_t attempts)
{
	return slice_equal_string(reason, "former-number") && attempts > 1 &&
	    attempts <= ADDRESSEE_ACQUISITION_ATTEMPTS;
}

static enum err
end_refused(struct turn *turn, const json_t *item, json_t *drop)
{
	struct addressee_acquisition_find_row row;
	struct slice acquisition, reason;
	enum err rc;

	if (json_at_text(item, 0, &acquisition) ||
	    json_at_text(item, 1, &reason))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: an acquisition number and a reason are needed");
	rc = addressee_acquisition_find(turn->store, acquisition, &row);
	if (rc)
		return rows_end(rc);
	if (may_be_on_its_way(reason, row.attempts))
		return turn_audit(
		    turn, "acquisition.wait", SLICE(""), SLICE(""));
	rc = addressee_person_refused(
	    turn->store, utf8_cut(reason, REFUSAL_MAX), row.internal);
	if (rc == OK)
		rc = addressee_acquisition_delete(turn->store, acquisition);
	if (rc == OK)
		json_push_text(drop, acquisition);

	return rc;
}

enum err
acquisition_refused(struct turn *turn, const struct message *message)
{
	struct system_id relay = turn_sibling(turn, "relay");
	json_t *drop = json_array();
	const json_t *items;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = end_refused(turn, json_array_get(items, i), drop);
	if (rc == OK && json_array_size(drop) > 0)
		rc = send_items(turn, &relay, "acquisition.drop", drop);
	turn_wake(turn, ADDRESSEE_WAKE_KEY);
	json_decref(drop);

	return rc;
}

/* --- What got stuck ------------------------------------------------------ */

static enum err
mark_asked(struct turn *turn, const json_t *pairs)
{
	struct slice acquisition;
	size_t i;
	enum err rc = OK;

	for (i = 0; rc == OK && i < json_array_size(pairs); i++) {
		rc = json_at_text(json_array_get(pairs, i), 0, &acquisition);
		if (rc == OK)
			rc = addressee_acquisition_asked(
			    turn->store, turn->now, acquisition);
	}

	return rc;
}

enum err
acquisition_ask_again(struct turn *turn)
{
	struct instant before =
	    instant_plus(turn->now, -ADDRESSEE_ACQUISITION_PATIENCE_MS);
	struct addressee_acquisition_is_stuck_row stuck;
	struct addressee_acquisition_stuck_row row;
	struct acquisition_batch batch;
	struct query q;
	enum err rc;

	rc = addressee_acquisition_is_stuck(
	    turn->store, turn->arena, before, &stuck);
	if (rc)
		return rows_end(rc);
	acquisition_batch_init(&batch);
	addressee_acquisition_stuck_rows(
	    turn->store, before, ADDRESSEE_ROWS_MAX, &q);
	while ((rc = addressee_acquisition_stuck_next(&q, &row)) == OK)
		push(&batch, row.acquisition, row.internal, &row.number);
	individual_number_wipe(&row.number);
	if (rc == ERR_NOT_FOUND)
		rc =
		    turn_audit(turn, "acquisition.again", SLICE(""), SLICE(""));
	if (rc == OK)
		rc = mark_asked(turn, batch.for_relay);
	if (rc == OK)
		rc = acquisition_send(turn, &batch);
	acquisition_batch_done(&batch);

	return rc;
}
