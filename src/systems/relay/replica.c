#include "systems/relay/replica.h"

#include "base/bug.h"
#include "relay_statements.h"
#include "systems/relay/relay.h"

/* The head of a replica.put. */
struct replica_head {
	struct slice item;
	struct slice version;
	struct instant at; /* when the office put it */
};

static enum err
read_head(const struct message *message, struct replica_head *ret,
    struct problem *problem)
{
	struct slice at;
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

	return OK;
}

static void
bind_key(struct query *q, struct internal_number internal,
    const struct replica_head *head)
{
	query_int(q, "internal", internal.value);
	query_text(q, "item", head->item);
	query_text(q, "version", head->version);
}

/* What is there under the key; contents in the arena, empty if nothing. */
static enum err
find(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice *ret_contents,
    struct instant *ret_put)
{
	struct query q;
	enum err rc;

	*ret_contents = SLICE("");
	store_query(turn->store, RELAY_REPLICA_FIND, &q);
	bind_key(&q, internal, head);
	rc = query_step(&q);
	if (rc == OK) {
		*ret_contents =
		    arena_copy(turn->arena, column_text(&q, "contents"));
		ret_put->ms = column_int(&q, "put");
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
put_one(struct turn *turn, struct internal_number internal,
    const struct replica_head *head, struct slice contents)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct instant put = {0};
	struct slice old;
	enum err rc;

	rc = find(turn, internal, head, &old, &put);
	if (rc)
		return rc;
	if (slice_is_empty(old))
		rc = write(turn, internal, head, contents);
	else if (head->at.ms < put.ms && !bug_is(BUG_REPLICA_OLDEST))
		rc = keep_former(turn, internal, head, contents, head->at);
	else if (!slice_equal(old, contents)) {
		rc = keep_former(turn, internal, head, old, put);
		if (rc == OK)
			rc = write(turn, internal, head, contents);
	}
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

enum err
replica_newest(struct turn *turn, struct internal_number internal,
    struct slice item, json_t **ret)
{
	json_t *contents, *answer;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_REPLICA_NEWEST, &q);
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", item);
	rc = query_step(&q);
	if (rc == OK &&
	    json_read(column_text(&q, "contents"), "the replica", &contents,
		turn->problem))
		rc = ERR_CORRUPT;
	if (rc == OK) {
		answer = json_object();
		json_put_text(answer, "item", item);
		json_put_text(answer, "version", column_text(&q, "version"));
		json_put(answer, "contents", contents);
		*ret = answer;
	}
	query_done(&q);

	return rc;
}
