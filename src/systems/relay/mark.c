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
mark_set(struct turn *turn, const struct mark *mark)
{
	struct query q;
	enum err rc;

	rc = check(turn, mark);
	if (rc)
		return rc;
	store_query(turn->store, RELAY_MARK_PUT, &q);
	bind_key(&q, mark);
	query_text(&q, "reason", mark->reason);
	query_text(&q, "officer", turn->caller.name);
	query_text(&q, "role", mark->role);
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;

	return audit(turn, "mark.set", mark->internal);
}

enum err
mark_remove(struct turn *turn, const struct mark *mark)
{
	struct query q;
	enum err rc;

	rc = check(turn, mark);
	if (rc)
		return rc;
	store_query(turn->store, RELAY_MARK_DELETE, &q);
	bind_key(&q, mark);
	rc = query_run(&q);
	if (rc)
		return rc;

	return audit(turn, "mark.remove", mark->internal);
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

static enum err
change(struct turn *turn, const struct input *in, struct reply *reply,
    enum err (*apply)(struct turn *turn, const struct mark *mark))
{
	struct mark mark = {.item = input_text(in, "item"),
	    .kind = input_text(in, "kind"),
	    .reason = input_text(in, "reason"),
	    .role = input_text(in, "role")};
	enum err rc;

	rc = read_person(turn, in, &mark.internal);
	if (rc == OK)
		rc = apply(turn, &mark);
	if (rc == OK)
		rc = reply_marks(turn, mark.internal, reply);

	return rc;
}

enum err
mark_route_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	return change(turn, in, reply, mark_set);
}

enum err
mark_route_remove(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	return change(turn, in, reply, mark_remove);
}
