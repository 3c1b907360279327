#include "systems/relay/mark.h"

#include "relay_statements.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法23条2項")

/* --- Marks --------------------------------------------------------------- */

static enum err
check(struct turn *turn, const struct mark *mark)
{
	if (!slice_equal_string(mark->kind, MARK_HOLD) &&
	    !slice_equal_string(mark->kind, MARK_UNDISCLOSED))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kind: either hold or undisclosed");

	return OK;
}

/* `reason` stays out of the audit: it may tell what the mark protects. */
static enum err
audit(struct turn *turn, const char *action, struct internal_number internal)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, subject);

	return turn_audit(turn, action, slice_of(subject), BASIS);
}

static void
bind_key(struct query *q, const struct mark *mark)
{
	query_int(q, "internal", mark->internal.value);
	query_text(q, "item", mark->item);
	query_text(q, "kind", mark->kind);
}

enum err
mark_put(struct turn *turn, const struct mark *mark)
{
	struct query q;
	enum err rc;

	rc = check(turn, mark);
	if (rc)
		return rc;
	store_query(turn->store, RELAY_MARK_PUT, &q);
	bind_key(&q, mark);
	query_text(&q, "reason", mark->reason);
	query_text(&q, "officer", mark->officer);
	query_text(&q, "role", mark->role);
	query_int(&q, "at", mark->at.ms);
	query_int(&q, "removed", mark->removed ? 1 : 0);
	rc = query_run(&q);
	if (rc)
		return rc;

	return audit(
	    turn, mark->removed ? "mark.remove" : "mark.set", mark->internal);
}

enum err
mark_is(struct turn *turn, struct internal_number internal, struct slice item,
    const char *kind, bool *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_MARK_FIND, &q);
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", item);
	query_text(&q, "kind", slice_of(kind));
	rc = query_step(&q);
	if (rc == OK)
		*ret = column_int(&q, "marks") > 0;
	query_done(&q);

	return rc;
}

static json_t *
describe(struct query *q)
{
	static const char *const columns[] = {
	    "item", "kind", "reason", "officer", "role"};
	char at[INSTANT_TEXT_MAX];
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));
	instant_format((struct instant){column_int(q, "at")}, at);
	json_put_text(row, "at", slice_of(at));

	return row;
}

enum err
mark_list(struct turn *turn, struct internal_number internal, json_t *rows)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_MARKS, &q);
	query_int(&q, "internal", internal.value);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;

	return audit(turn, "mark.list", internal);
}

/* --- Routes -------------------------------------------------------------- */

static enum err
reply_marks(
    struct turn *turn, struct internal_number internal, struct reply *reply)
{
	json_t *rows = json_array(), *body;
	enum err rc;

	rc = mark_list(turn, internal, rows);
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "marks", rows);
	reply_json(reply, 200, body);

	return OK;
}

static enum err
read_person(
    struct turn *turn, const struct input *in, struct internal_number *ret)
{
	if (internal_number_parse(input_text(in, "internal_number"), ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "field internal_number: not a number");

	return OK;
}

enum err
mark_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct internal_number internal;
	enum err rc;

	rc = read_person(turn, in, &internal);
	if (rc == OK)
		rc = reply_marks(turn, internal, reply);

	return rc;
}

/* Now, but after every order that there was: an office's clock may be ahead. */
static enum err
date_order(struct turn *turn, struct mark *mark)
{
	struct instant last = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_MARK_AT, &q);
	bind_key(&q, mark);
	rc = query_step(&q);
	if (rc == OK)
		last.ms = column_int(&q, "at");
	query_done(&q);
	mark->at = instant_is_before(last, turn->now) ? turn->now
						      : instant_plus(last, 1);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
order(struct turn *turn, const struct input *in, struct reply *reply,
    bool removed)
{
	struct mark mark = {.item = input_text(in, "item"),
	    .kind = input_text(in, "kind"),
	    .reason = input_text(in, "reason"),
	    .officer = turn->caller.name,
	    .role = input_text(in, "role"),
	    .removed = removed};
	enum err rc;

	rc = read_person(turn, in, &mark.internal);
	if (rc == OK)
		rc = date_order(turn, &mark);
	if (rc == OK)
		rc = mark_put(turn, &mark);
	if (rc == OK)
		rc = reply_marks(turn, mark.internal, reply);

	return rc;
}

enum err
mark_route_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	return order(turn, in, reply, false);
}

enum err
mark_route_remove(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	return order(turn, in, reply, true);
}

/* --- From the offices ------------------------------------------------------ */

static enum err
read_change(const json_t *body, bool *ret_removed, struct problem *problem)
{
	struct slice change;

	if (json_get_text(body, "change", &change, problem))
		return ERR_INPUT;
	*ret_removed = slice_equal_string(change, "remove");
	if (!*ret_removed && !slice_equal_string(change, "set"))
		return problem_set(
		    problem, ERR_INPUT, "field change: either set or remove");

	return OK;
}

static enum err
read_order(const json_t *body, struct mark *ret, struct slice *ret_id,
    struct problem *problem)
{
	const struct {
		const char *key;
		size_t max;
		struct slice *to;
	} texts[] = {
	    {"mark", 32, ret_id},
	    {"item", RELAY_NAME_MAX, &ret->item},
	    {"kind", RELAY_NAME_MAX, &ret->kind},
	    {"reason", RELAY_REASON_MAX, &ret->reason},
	    {"officer", RELAY_NAME_MAX, &ret->officer},
	    {"role", RELAY_ROLE_MAX, &ret->role},
	};
	struct slice internal, at;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (json_get_text_or_empty(
			body, texts[i].key, texts[i].to, problem) ||
		    texts[i].to->len > texts[i].max)
			return problem_set(problem, ERR_INPUT,
			    "field %s: no text, or too long", texts[i].key);
	}
	if (json_get_text(body, "internal_number", &internal, problem) ||
	    internal_number_parse(internal, &ret->internal) ||
	    json_get_text(body, "at", &at, problem) ||
	    instant_parse(at, &ret->at))
		return problem_set(problem, ERR_INPUT,
		    "fields internal_number and at: missing or malformed");

	return read_change(body, &ret->removed, problem);
}

enum err
mark_take(struct turn *turn, const struct message *message)
{
	struct system_id offices = turn_sibling(turn, "offices");
	struct mark mark = {0};
	struct slice id;
	json_t *body;
	enum err rc;

	rc = read_order(message->body, &mark, &id, turn->problem);
	if (rc == OK)
		rc = mark_put(turn, &mark);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "mark", id);

	return turn_send(turn, &offices, "mark.done", body);
}
