#include "systems/offices/record.h"

#include "offices_statements.h"
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
	struct query q;
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(contents, &text);
	store_query(turn->store, OFFICES_RECORD_PUT, &q);
	query_text(&q, "business_number", business_number);
	query_text(&q, "item", batch->item);
	query_text(&q, "version", batch->version);
	query_text(&q, "contents", buf_slice(&text));
	query_int(&q, "put", batch->put.ms);
	rc = query_run(&q);
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
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_RECORD_DELETE, &q);
	query_text(&q, "business_number", business_number);
	query_text(&q, "item", batch->item);
	query_text(&q, "version", batch->version);
	rc = query_run(&q);
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

static void
bind_key(struct query *q, const struct record_batch *head,
    struct slice business_number)
{
	query_text(q, "business_number", business_number);
	query_text(q, "item", head->item);
	query_text(q, "version", head->version);
}

static enum err
postpone(struct turn *turn, const struct record_batch *head,
    struct slice business_number)
{
	int64_t attempts = 0, delay;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_RECORD_ATTEMPTS, &q);
	bind_key(&q, head, business_number);
	rc = query_step(&q);
	if (rc == OK)
		attempts = column_int(&q, "attempts");
	query_done(&q);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	delay = (int64_t)OFFICES_RETRY_MS << attempts;
	attempts++;
	store_query(turn->store, OFFICES_RECORD_REFUSED, &q);
	query_text(&q, "state",
	    attempts > OFFICES_RETRIES_MAX ? SLICE("given-up")
					   : SLICE("refused"));
	query_int(&q, "attempts", attempts);
	query_int(&q, "retry", turn->now.ms + delay);
	bind_key(&q, head, business_number);

	return query_run(&q);
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

struct due_record {
	struct slice business_number, item, version, contents;
	struct instant put;
};

static enum err
is_due(struct turn *turn)
{
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_RECORD_IS_DUE, &q);
	query_int(&q, "now", turn->now.ms);
	rc = query_step(&q);
	query_done(&q);

	return rc;
}

static enum err
load_due(struct turn *turn, struct due_record *ret, size_t *ret_n)
{
	struct arena *arena = turn->arena;
	struct due_record *r;
	struct query q;
	enum err rc;

	*ret_n = 0;
	store_query(turn->store, OFFICES_RECORD_DUE, &q);
	query_int(&q, "now", turn->now.ms);
	query_int(&q, "limit", OFFICES_ROWS_MAX);
	while ((rc = query_step(&q)) == OK && *ret_n < OFFICES_ROWS_MAX) {
		r = &ret[(*ret_n)++];
		r->business_number =
		    arena_copy(arena, column_text(&q, "business_number"));
		r->item = arena_copy(arena, column_text(&q, "item"));
		r->version = arena_copy(arena, column_text(&q, "version"));
		r->contents = arena_copy(arena, column_text(&q, "contents"));
		r->put.ms = column_int(&q, "put");
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
add_again(struct turn *turn, struct record_batch *batch,
    const struct due_record *record)
{
	json_t *contents;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_RECORD_RETRIED, &q);
	bind_key(&q, batch, record->business_number);
	rc = query_run(&q);
	if (rc)
		return rc;
	if (json_read(record->contents, "the record", &contents, turn->problem))
		return ERR_CORRUPT;
	push(batch, record->business_number, contents);
	json_decref(contents);

	return OK;
}

static bool
same_head(const struct record_batch *batch, const struct due_record *record)
{
	return slice_equal(batch->item, record->item) &&
	    slice_equal(batch->version, record->version) &&
	    batch->put.ms == record->put.ms;
}

/* One message for the run of records that share a head; *ret_n of them. */
static enum err
send_run(struct turn *turn, const struct due_record *records, size_t n,
    size_t *ret_n)
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
	struct due_record *due;
	size_t n = 0, at, done = 0;
	enum err rc;

	rc = is_due(turn);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	due = arena_array(turn->arena, OFFICES_ROWS_MAX, sizeof(*due));
	rc = load_due(turn, due, &n);
	if (rc == OK)
		rc = turn_audit(turn, "replica.again", SLICE(""), SLICE(""));
	for (at = 0; rc == OK && at < n; at += done)
		rc = send_run(turn, &due[at], n - at, &done);

	return rc;
}
