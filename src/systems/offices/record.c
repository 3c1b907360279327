#include "systems/offices/record.h"

#include "offices_rows.h"
#include "systems/offices/offices.h"

static void
push(struct record_batch *batch, struct slice business_number, json_t *contents)
{
	json_t *row = json_array();

	json_push_text(row, business_number);
	json_array_append(row, contents);
	json_array_append_new(batch->items, row);
}

enum err
record_put(struct turn *turn, struct record_batch *batch,
    struct slice business_number, json_t *contents)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(contents, &text);
	rc = offices_record_put(turn->store,
	    &(struct offices_record_put){
		.business_number = business_number,
		.item = batch->item,
		.version = batch->version,
		.contents = buf_slice(&text),
		.put = batch->put,
	    });
	buf_done(&text);
	if (rc)
		return rc;
	push(batch, business_number, contents);

	return turn_audit(turn, "record.put", business_number, batch->item);
}

enum err
record_remove(
    struct turn *turn, struct record_batch *batch, struct slice business_number)
{
	json_t *nothing = json_object();
	enum err rc;

	rc = offices_record_delete(
	    turn->store, business_number, batch->item, batch->version);
	push(batch, business_number, nothing);
	json_decref(nothing);
	if (rc)
		return rc;

	return turn_audit(turn, "record.delete", business_number, batch->item);
}

enum err
record_send(struct turn *turn, struct record_batch *batch)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	char at[INSTANT_TEXT_MAX];
	json_t *body = json_object();

	instant_format(batch->put, at);
	json_put_text(body, "item", batch->item);
	json_put_text(body, "version", batch->version);
	json_put_text(body, "at", slice_of(at));
	if (!slice_is_empty(batch->change))
		json_put_text(body, "change", batch->change);
	if (!slice_is_empty(batch->officer))
		json_put_text(body, "officer", batch->officer);
	json_put(body, "items", batch->items);
	batch->items = NULL;

	return turn_send(turn, &addressee, "replica.put", body);
}

/* --- Refused ones -------------------------------------------------------- */

static enum err
postpone(struct turn *turn, const struct record_batch *head,
    struct slice business_number)
{
	struct offices_record_attempts_row row;
	int64_t delay;
	enum err rc;

	rc = offices_record_attempts(
	    turn->store, business_number, head->item, head->version, &row);
	if (rc)
		return rows_end(rc);
	delay = (int64_t)OFFICES_RETRY_MS << row.attempts;

	return offices_record_refused(turn->store,
	    &(struct offices_record_refused){
		.state = row.attempts < OFFICES_RETRIES_MAX ? SLICE("refused")
							    : SLICE("given-up"),
		.attempts = row.attempts + 1,
		.retry = instant_plus(turn->now, delay),
		.business_number = business_number,
		.item = head->item,
		.version = head->version,
	    });
}

enum err
record_refused(struct turn *turn, const struct message *message)
{
	struct record_batch head = {0};
	struct slice business_number;
	const json_t *items;
	size_t i;
	enum err rc;

	rc = json_get_text(message->body, "item", &head.item, turn->problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "version", &head.version, turn->problem);
	if (rc == OK)
		rc = json_get_array(
		    message->body, "items", &items, turn->problem);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		rc =
		    json_at_text(json_array_get(items, i), 0, &business_number);
		if (rc == OK)
			rc = postpone(turn, &head, business_number);
	}

	return rc;
}

/* --- Again --------------------------------------------------------------- */

/* Texts in the arena. */
static enum err
load_due(struct turn *turn, struct offices_record_due_row *ret, size_t *ret_n)
{
	struct arena *arena = turn->arena;
	struct offices_record_due_row row;
	struct query q;
	enum err rc;

	*ret_n = 0;
	offices_record_due_rows(turn->store, turn->now, OFFICES_ROWS_MAX, &q);
	while ((rc = offices_record_due_next(&q, &row)) == OK) {
		row.business_number = arena_copy(arena, row.business_number);
		row.item = arena_copy(arena, row.item);
		row.version = arena_copy(arena, row.version);
		row.contents = arena_copy(arena, row.contents);
		ret[(*ret_n)++] = row;
	}

	return rows_end(rc);
}

static enum err
add_again(struct turn *turn, struct record_batch *batch,
    const struct offices_record_due_row *record)
{
	json_t *contents;
	enum err rc;

	rc = offices_record_retried(
	    turn->store, record->business_number, batch->item, batch->version);
	if (rc)
		return rc;
	if (json_read(record->contents, "the record", &contents, turn->problem))
		return ERR_CORRUPT;
	push(batch, record->business_number, contents);
	json_decref(contents);

	return OK;
}

static bool
same_head(const struct record_batch *batch,
    const struct offices_record_due_row *record)
{
	return slice_equal(batch->item, record->item) &&
	    slice_equal(batch->version, record->version) &&
	    batch->put.ms == record->put.ms;
}

/* One message for the run of records that share a head; *ret_n of them. */
static enum err
send_run(struct turn *turn, const struct offices_record_due_row *records,
    size_t n, size_t *ret_n)
{
	struct record_batch batch = {.item = records->item,
	    .version = records->version,
	    .put = records->put,
	    .items = json_array()};
	size_t i;
	enum err rc = OK;

	for (i = 0; rc == OK && i < n && same_head(&batch, &records[i]); i++)
		rc = add_again(turn, &batch, &records[i]);
	*ret_n = i;
	if (rc == OK)
		rc = record_send(turn, &batch);
	json_decref(batch.items);

	return rc;
}

enum err
record_retry(struct turn *turn)
{
	struct offices_record_due_row *due;
	struct offices_record_is_due_row any;
	size_t n = 0, at, done = 0;
	enum err rc;

	rc = offices_record_is_due(turn->store, turn->arena, turn->now, &any);
	if (rc)
		return rows_end(rc);
	due = arena_array(turn->arena, OFFICES_ROWS_MAX, sizeof(*due));
	rc = load_due(turn, due, &n);
	if (rc == OK)
		rc = turn_audit(turn, "replica.again", SLICE(""), SLICE(""));
	for (at = 0; rc == OK && at < n; at += done)
		rc = send_run(turn, &due[at], n - at, &done);

	return rc;
}
