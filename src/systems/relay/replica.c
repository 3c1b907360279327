#include "systems/relay/replica.h"

#include "base/bug.h"
#include "base/text.h"
#include "law/catalogue.h"
#include "relay_statements.h"
#include "systems/relay/outdated.h"
#include "systems/relay/relay.h"

/* The head of a replica.put. */
struct replica_head {
	struct slice item;
	struct slice version;
	struct slice change;  /* load, replace, correct, delete */
	struct slice officer; /* who ordered it; may be empty */
	struct instant at;    /* when the office put it */
};

/* What is there under a key; contents in the arena. */
struct held_replica {
	bool is_there;
	struct slice contents; /* empty: was deleted */
	struct instant put;
};

#define CHANGES_MAX 500

static enum err
read_change(const struct message *message, struct replica_head *ret,
    struct problem *problem)
{
	static const char *const all[] = {
	    "load", "replace", "correct", "delete"};
	enum err rc;
	size_t i;

	rc = json_get_text_or_empty(
	    message->body, "change", &ret->change, problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    message->body, "officer", &ret->officer, problem);
	if (rc)
		return rc;
	ret->officer = utf8_cut(ret->officer, RELAY_NAME_MAX);
	if (slice_is_empty(ret->change))
		ret->change = SLICE("load");
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(ret->change, all[i]))
			return OK;
	}

	return problem_set(problem, ERR_INPUT,
	    "field change: expected load, replace, correct or delete");
}

static enum err
read_head(const struct message *message, struct replica_head *ret,
    struct problem *problem)
{
	struct slice at;
	unsigned int form;
	enum err rc;

	rc = json_get_text(message->body, "item", &ret->item, problem);
	if (rc == OK)
		rc = json_get_text(
		    message->body, "version", &ret->version, problem);
	if (rc == OK)
		rc = json_get_text_or_empty(message->body, "at", &at, problem);
	if (rc)
		return rc;
	if (slice_is_empty(ret->item) || ret->item.len > RELAY_NAME_MAX ||
	    ret->version.len > RELAY_NAME_MAX)
		return problem_set(problem, ERR_INPUT,
		    "fields item and version: empty or too long");
	ret->at = message->time;
	if (!slice_is_empty(at) && instant_parse(at, &ret->at))
		return problem_set(
		    problem, ERR_INPUT, "field at: not an instant");
	rc = catalogue_check(
	    ret->item, ret->version, date_in_japan(ret->at), &form, problem);
	if (rc)
		return rc;

	return read_change(message, ret, problem);
}

static void
bind_key(struct query *q, struct internal_number internal,
    const struct replica_head *head)
{
	query_int(q, "internal", internal.value);
	query_text(q, "item", head->item);
	query_text(q, "version", head->version);
}

static enum err
find(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct held_replica *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct held_replica){0};
	store_query(turn->store, RELAY_REPLICA_FIND, &q);
	bind_key(&q, internal, head);
	rc = query_step(&q);
	if (rc == OK) {
		ret->is_there = true;
		ret->contents =
		    arena_copy(turn->arena, column_text(&q, "contents"));
		ret->put.ms = column_int(&q, "put");
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
keep_former(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice contents, struct instant put)
{
	struct query q;

	store_query(turn->store, RELAY_FORMER_REPLICA_ADD, &q);
	bind_key(&q, internal, head);
	query_text(&q, "contents", contents);
	query_int(&q, "put", put.ms);
	query_int(&q, "replaced", turn->now.ms);

	return query_run(&q);
}

static enum err
write(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice contents)
{
	struct query q;

	store_query(turn->store, RELAY_REPLICA_PUT, &q);
	bind_key(&q, internal, head);
	query_text(&q, "contents", contents);
	query_int(&q, "put", head->at.ms);

	return query_run(&q);
}

static enum err
erase_former(struct turn *turn, struct internal_number internal,
    const struct replica_head *head)
{
	struct query q;

	store_query(turn->store, RELAY_FORMER_REPLICA_ERASE, &q);
	bind_key(&q, internal, head);

	return query_run(&q);
}

/* `kind`: what was ordered, but a load over something else replaces it. */
static enum err
note(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice kind, bool late)
{
	struct query q;

	store_query(turn->store, RELAY_REPLICA_CHANGE_ADD, &q);
	bind_key(&q, internal, head);
	query_text(&q, "kind", kind);
	query_text(&q, "officer", head->officer);
	query_int(&q, "put", head->at.ms);
	query_int(&q, "noted", turn->now.ms);
	query_int(&q, "late", late ? 1 : 0);

	return query_run(&q);
}

/* Bring one key in line; empty contents delete it. */
static enum err
change(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, const struct held_replica *old,
    struct slice contents)
{
	bool has_old = old->is_there && !slice_is_empty(old->contents);
	struct slice kind = head->change;
	enum err rc;

	if (slice_is_empty(contents))
		rc = erase_former(turn, internal, head);
	else if (has_old)
		rc = keep_former(turn, internal, head, old->contents, old->put);
	else
		rc = OK;
	if (rc == OK)
		rc = write(turn, internal, head, contents);
	if (has_old && slice_equal_string(kind, "load"))
		kind = SLICE("replace");
	if (rc == OK)
		rc = note(turn, internal, head, kind, false);

	return rc;
}

static enum err
put_one(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice contents)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	bool corrects = slice_equal_string(head->change, "correct");
	const struct outdated outdated = {
	    internal, head->item, head->version, head->at};
	struct held_replica old;
	enum err rc;

	rc = find(turn, internal, head, &old);
	if (rc)
		return rc;
	if (old.is_there && head->at.ms < old.put.ms &&
	    !bug_is(BUG_REPLICA_OLDEST)) {
		if (!slice_is_empty(contents) && !slice_is_empty(old.contents))
			rc = keep_former(
			    turn, internal, head, contents, head->at);
		if (rc == OK)
			rc = note(turn, internal, head, head->change, true);
	} else if (!old.is_there || !slice_equal(old.contents, contents))
		rc = change(turn, internal, head, &old, contents);
	else
		corrects = false;
	if (rc == OK && corrects)
		rc = outdated_tell(turn, &outdated);
	if (rc)
		return rc;
	internal_number_format(internal, subject);

	return turn_audit(turn, "replica.put", slice_of(subject), head->item);
}

static enum err
put_row(struct turn *turn, const struct replica_head *head, const json_t *row,
    struct buf *scratch)
{
	const json_t *contents = json_array_get(row, 1);
	struct internal_number internal;
	struct slice text;

	if (json_at_text(row, 0, &text) ||
	    internal_number_parse(text, &internal) || !json_is_object(contents))
		return problem_set(turn->problem, ERR_INPUT,
		    "items: an internal number and an object are needed");
	buf_clear(scratch);
	if (slice_equal_string(head->change, "delete") &&
	    !bug_is(BUG_DELETED_KEPT))
		return put_one(turn, internal, head, SLICE(""));
	json_write(contents, scratch);

	return put_one(turn, internal, head, buf_slice(scratch));
}

enum err
replica_put(struct turn *turn, const struct message *message)
{
	struct replica_head head;
	const json_t *items;
	struct buf scratch;
	size_t i;
	enum err rc;

	buf_init(&scratch);
	rc = read_head(message, &head, turn->problem);
	if (rc == OK)
		rc = json_get_array(
		    message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > RELAY_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message", RELAY_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = put_row(turn, &head, json_array_get(items, i), &scratch);
	buf_done(&scratch);
	if (rc == OK)
		turn_wake(turn, RELAY_WAKE_KEY);

	return rc;
}

/* Read the one row of a query and end it. */
static enum err
read_replica(
    struct turn *turn, struct query *q, struct slice item, struct replica *ret)
{
	unsigned int form = 0;
	json_t *contents;
	enum err rc;

	rc = query_step(q);
	if (rc == OK &&
	    json_read(column_text(q, "contents"), "the replica", &contents,
		turn->problem))
		rc = ERR_CORRUPT;
	if (rc == OK) {
		ret->version =
		    arena_copy(turn->arena, column_text(q, "version"));
		ret->put.ms = column_int(q, "put");
		ret->document = json_object();
		json_put_text(ret->document, "item", item);
		json_put_text(ret->document, "version", ret->version);
		/* The form that was in force when the office put it. */
		if (catalogue_form(item, date_in_japan(ret->put), &form) == OK)
			json_put_int(ret->document, "form", form);
		json_put(ret->document, "contents", contents);
	}
	query_done(q);

	return rc;
}

enum err
replica_newest(struct turn *turn, struct internal_number internal,
    struct slice item, struct replica *ret)
{
	struct query q;

	store_query(turn->store, RELAY_REPLICA_NEWEST, &q);
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", item);

	return read_replica(turn, &q, item, ret);
}

enum err
replica_find(struct turn *turn, struct internal_number internal,
    struct slice item, struct slice version, struct replica *ret)
{
	struct query q;

	store_query(turn->store, RELAY_REPLICA_OF_VERSION, &q);
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", item);
	query_text(&q, "version", version);

	return read_replica(turn, &q, item, ret);
}

/* --- Changes ------------------------------------------------------------- */

static json_t *
describe(struct query *q)
{
	static const char *const texts[] = {
	    "item", "version", "kind", "officer"};
	static const char *const times[] = {"put", "noted"};
	char at[INSTANT_TEXT_MAX];
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put_text(row, texts[i], column_text(q, texts[i]));
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		instant_format((struct instant){column_int(q, times[i])}, at);
		json_put_text(row, times[i], slice_of(at));
	}
	json_put_bool(row, "late", column_int(q, "late") == 1);

	return row;
}

enum err
replica_changes(
    struct turn *turn, struct internal_number internal, json_t *rows)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_REPLICA_CHANGES, &q);
	query_int(&q, "internal", internal.value);
	query_int(&q, "limit", CHANGES_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	internal_number_format(internal, subject);

	return turn_audit(turn, "changes.read", slice_of(subject), SLICE(""));
}
