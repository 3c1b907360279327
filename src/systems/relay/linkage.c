#include "systems/relay/linkage.h"

#include <string.h>

#include "base/bug.h"
#include "relay_statements.h"
#include "systems/relay/relay.h"

/* What is known of one acquisition so far. */
struct halves {
	bool stored;                     /* a row is in the database */
	struct internal_number internal; /* 0: not here yet */
	bool has_code;
	struct linkage_code code;
	bool held; /* the network says that we hold it already */
};

/* --- Codes --------------------------------------------------------------- */

static enum err
read_code(struct query *q, struct linkage_code *ret)
{
	struct slice bytes = column_blob(q, "code");

	if (bytes.len != sizeof(ret->bytes))
		return ERR_CORRUPT;
	memcpy(ret->bytes, bytes.data, sizeof(ret->bytes));

	return OK;
}

enum err
linkage_code_of(struct turn *turn, struct internal_number internal,
    struct linkage_code *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_LINKAGE_CODE, &q);
	query_int(&q, "internal", internal.value);
	rc = query_step(&q);
	if (rc == OK)
		rc = read_code(&q, ret);
	query_done(&q);

	return rc;
}

enum err
linkage_person_of(struct turn *turn, const struct linkage_code *code,
    struct internal_number *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_LINKAGE_PERSON, &q);
	query_blob(&q, "code", linkage_code_slice(code));
	rc = query_step(&q);
	if (rc == OK)
		ret->value = column_int(&q, "internal");
	query_done(&q);

	return rc;
}

static enum err
add(struct turn *turn, const struct halves *h)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_LINKAGE_ADD, &q);
	query_int(&q, "internal", h->internal.value);
	query_blob(&q, "code", linkage_code_slice(&h->code));
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	internal_number_format(h->internal, subject);

	return turn_audit(
	    turn, "code.acquired", slice_of(subject), SLICE("番号法21条の2"));
}

/* --- Halves -------------------------------------------------------------- */

static enum err
load(struct turn *turn, struct slice acquisition, struct halves *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct halves){0};
	store_query(turn->store, RELAY_ACQUISITION_FIND, &q);
	query_text(&q, "acquisition", acquisition);
	rc = query_step(&q);
	if (rc == OK) {
		ret->stored = true;
		ret->internal.value = column_int(&q, "internal");
		ret->held = column_int(&q, "held") == 1;
		ret->has_code = !column_is_null(&q, "code");
		if (ret->has_code)
			rc = read_code(&q, &ret->code);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
save(struct turn *turn, struct slice acquisition, const struct halves *h)
{
	struct query q;

	store_query(turn->store, RELAY_ACQUISITION_PUT, &q);
	query_text(&q, "acquisition", acquisition);
	if (h->internal.value != 0)
		query_int(&q, "internal", h->internal.value);
	else
		query_null(&q, "internal");
	if (h->has_code)
		query_blob(&q, "code", linkage_code_slice(&h->code));
	else
		query_null(&q, "code");
	query_int(&q, "held", h->held ? 1 : 0);
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

static enum err
forget(struct turn *turn, struct slice acquisition)
{
	struct query q;

	store_query(turn->store, RELAY_ACQUISITION_DELETE, &q);
	query_text(&q, "acquisition", acquisition);

	return query_run(&q);
}

/*
 * Join the halves if both are here.  *ret_joined is false while one is
 * missing, and also where they contradict what we hold: then a person must
 * look (they count as pending).
 */
static enum err
join(struct turn *turn, const struct halves *h, bool *ret_joined)
{
	struct linkage_code code;
	struct internal_number owner;
	enum err rc;

	*ret_joined = false;
	if (h->internal.value == 0 || (!h->has_code && !h->held))
		return OK;
	rc = linkage_code_of(turn, h->internal, &code);
	if (rc == OK) {
		*ret_joined =
		    !h->has_code || linkage_code_equal(&code, &h->code);
		return turn_audit(
		    turn, "code.held", SLICE(""), SLICE("番号法21条の2"));
	}
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (!h->has_code)
		return turn_audit(
		    turn, "code.missing", SLICE(""), SLICE("番号法21条の2"));
	rc = linkage_person_of(turn, &h->code, &owner);
	if (rc == OK)
		return turn_audit(turn, "code.contradicts", SLICE(""),
		    SLICE("番号法21条の2"));
	if (rc != ERR_NOT_FOUND)
		return rc;
	*ret_joined = true;

	return add(turn, h);
}

/* After a new half: join or keep.  `done` gets the number if joined. */
static enum err
settle(struct turn *turn, struct slice acquisition, const struct halves *h,
    json_t *done)
{
	bool joined;
	enum err rc;

	rc = join(turn, h, &joined);
	if (rc)
		return rc;
	if (!joined)
		return save(turn, acquisition, h);
	json_push_text(done, acquisition);

	return h->stored && !bug_is(BUG_ACQUISITION_KEPT)
	    ? forget(turn, acquisition)
	    : OK;
}

/* --- Messages ------------------------------------------------------------ */

static enum err
malformed(struct turn *turn, size_t index)
{
	return problem_set(
	    turn->problem, ERR_INPUT, "items[%zu]: malformed", index);
}

static enum err
take_link(struct turn *turn, const json_t *items, size_t index, json_t *done)
{
	const json_t *row = json_array_get(items, index);
	struct internal_number internal;
	struct slice acquisition, text;
	struct halves h;
	enum err rc;

	if (json_at_text(row, 0, &acquisition) || acquisition.len != 32 ||
	    json_at_text(row, 1, &text) ||
	    internal_number_parse(text, &internal))
		return malformed(turn, index);
	rc = load(turn, acquisition, &h);
	if (rc)
		return rc;
	if (h.internal.value != 0 && h.internal.value != internal.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "items[%zu]: this acquisition is another person's", index);
	h.internal = internal;

	return settle(turn, acquisition, &h, done);
}

static enum err
take_code(struct turn *turn, const json_t *items, size_t index, json_t *done)
{
	const json_t *row = json_array_get(items, index);
	struct slice acquisition, text;
	struct linkage_code code = {{0}};
	struct halves h;
	enum err rc;

	if (json_at_text(row, 0, &acquisition) || acquisition.len != 32 ||
	    json_at_text(row, 1, &text) ||
	    (text.len > 0 && linkage_code_parse(text, &code)))
		return malformed(turn, index);
	rc = load(turn, acquisition, &h);
	if (rc)
		return rc;
	if (text.len == 0)
		h.held = true;
	else if (!h.has_code) {
		h.has_code = true;
		h.code = code;
	}

	return settle(turn, acquisition, &h, done);
}

static enum err
tell_addressee(struct turn *turn, json_t *done)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body;

	if (json_array_size(done) == 0)
		return OK;
	turn_wake(turn, RELAY_WAKE_KEY);
	body = json_object();
	json_put(body, "items", json_incref(done));

	return turn_send(turn, &addressee, "acquisition.done", body);
}

static enum err
take_all(struct turn *turn, const struct message *message,
    enum err (*take)(
	struct turn *turn, const json_t *items, size_t index, json_t *done))
{
	json_t *done = json_array();
	const json_t *items;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > RELAY_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message", RELAY_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = take(turn, items, i, done);
	if (rc == OK)
		rc = tell_addressee(turn, done);
	json_decref(done);

	return rc;
}

enum err
linkage_take_links(struct turn *turn, const struct message *message)
{
	return take_all(turn, message, take_link);
}

enum err
linkage_take_codes(struct turn *turn, const struct message *message)
{
	return take_all(turn, message, take_code);
}

enum err
linkage_drop(struct turn *turn, const struct message *message)
{
	struct slice acquisition;
	const json_t *items;
	size_t i;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	for (i = 0; rc == OK && i < json_array_size(items); i++) {
		if (json_at_text(items, i, &acquisition))
			return malformed(turn, i);
		rc = forget(turn, acquisition);
	}

	return rc;
}

enum err
linkage_forget(struct turn *turn)
{
	struct query q;

	store_query(turn->store, RELAY_ACQUISITION_ERASE, &q);
	query_int(&q, "before", turn->now.ms - RELAY_HALF_KEEP_MS);

	return query_run(&q);
}
