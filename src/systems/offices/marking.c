#include "systems/offices/marking.h"

#include <string.h>

#include "base/text.h"
#include "offices_rows.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("番号法23条2項")
#define REFUSAL_MAX 64

static struct slice
wake_key(struct turn *turn, struct slice mark)
{
	return arena_printf(turn->arena, "mark:%.*s", SLICE_ARG(mark));
}

/* --- The table ------------------------------------------------------------- */

static json_t *
describe(const struct offices_mark_show_row *mark)
{
	json_t *row = json_object();

	json_put_text(row, "mark", mark->mark);
	json_put_text(row, "business_number", mark->business_number);
	json_put_text(row, "item", mark->item);
	json_put_text(row, "kind", mark->kind);
	json_put_text(row, "change", mark->change);
	json_put_text(row, "officer", mark->officer);
	json_put_text(row, "role", mark->role);
	json_put_text(row, "state", mark->state);
	json_put_text(row, "refusal", mark->refusal);
	offices_put_instant(row, "ordered", mark->ordered);
	offices_put_instant(row, "answered", mark->answered);

	return row;
}

/* A new reference; the audit entry is written. */
static enum err
load(struct turn *turn, struct slice mark, json_t **ret)
{
	struct offices_mark_show_row row;
	enum err rc;

	rc = offices_mark_show(turn->store, turn->arena, mark, &row);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, rc, "there is no such order of a mark");
	if (rc == OK)
		rc = turn_audit(turn, "mark.read", row.business_number, BASIS);
	if (rc == OK)
		*ret = describe(&row);

	return rc;
}

/* --- Ordering -------------------------------------------------------------- */

/* What makes one order: fields of the request and of the message. */
static const char *const keys[] = {
    "mark", "business_number", "item", "kind", "change", "role"};
#define KEYS (sizeof(keys) / sizeof(keys[0]))

static struct slice
text_of(const struct input *in, const char *key)
{
	if (strcmp(key, "change") == 0 && !input_has(in, key))
		return SLICE("set");

	return input_text(in, key);
}

static enum err
check(struct turn *turn, const struct input *in)
{
	struct slice kind = input_text(in, "kind");
	struct slice change = text_of(in, "change");

	if (!slice_equal_string(kind, "hold") &&
	    !slice_equal_string(kind, "undisclosed"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field kind: either hold or undisclosed");
	if (!slice_equal_string(change, "set") &&
	    !slice_equal_string(change, "remove"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field change: either set or remove");

	return OK;
}

static enum err
add(struct turn *turn, const struct input *in, bool *ret_new)
{
	enum err rc;

	rc = offices_mark_add(turn->store,
	    &(struct offices_mark_add){
		.mark = input_text(in, "mark"),
		.business_number = input_text(in, "business_number"),
		.item = input_text(in, "item"),
		.kind = input_text(in, "kind"),
		.change = text_of(in, "change"),
		.officer = turn->caller.name,
		.role = input_text(in, "role"),
		.ordered = turn->now,
	    });
	*ret_new = rc == OK && store_changes(turn->store) == 1;

	return rc;
}

static enum err
send_order(struct turn *turn, const struct input *in)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	char at[INSTANT_TEXT_MAX];
	json_t *body = json_object();
	size_t i;

	for (i = 0; i < KEYS; i++)
		json_put_text(body, keys[i], text_of(in, keys[i]));
	instant_format(turn->now, at);
	json_put_text(body, "at", slice_of(at));
	json_put_text(body, "reason", input_text(in, "reason"));
	json_put_text(body, "officer", turn->caller.name);

	return turn_send(turn, &addressee, "mark.put", body);
}

/* The id stands for this order already, or for another. */
static enum err
check_same(struct turn *turn, const struct input *in, const json_t *row)
{
	struct slice held;
	size_t i;

	for (i = 0; i < KEYS; i++) {
		if (json_get_text_or_empty(
			row, keys[i], &held, turn->problem) ||
		    !slice_equal(held, text_of(in, keys[i])))
			return problem_set(turn->problem, ERR_CONFLICT,
			    "another order has this id; every order needs a "
			    "new one");
	}

	return OK;
}

enum err
marking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *row = NULL;
	bool is_new = false;
	enum err rc;

	rc = check(turn, in);
	if (rc == OK)
		rc = add(turn, in, &is_new);
	if (rc == OK && is_new)
		rc = send_order(turn, in);
	if (rc == OK)
		rc = turn_audit(turn, is_new ? "mark.order" : "mark.repeat",
		    input_text(in, "business_number"), BASIS);
	if (rc == OK)
		rc = load(turn, input_text(in, "mark"), &row);
	if (rc == OK)
		rc = check_same(turn, in, row);
	if (rc) {
		json_decref(row);
		return rc;
	}
	reply_json(reply, 201, row);

	return OK;
}

/* --- Answers --------------------------------------------------------------- */

/* The first counts. */
static enum err
answer(struct turn *turn, struct slice mark, const char *state,
    struct slice refusal)
{
	enum err rc;

	rc = offices_mark_answered(
	    turn->store, slice_of(state), refusal, turn->now, mark);
	if (rc)
		return rc;
	turn_wake(turn, wake_key(turn, mark));

	return turn_audit(turn, "mark.answered", SLICE(""), BASIS);
}

enum err
marking_done(struct turn *turn, const struct message *message)
{
	struct slice mark;

	if (json_get_text(message->body, "mark", &mark, turn->problem))
		return ERR_INPUT;

	return answer(turn, mark, "done", SLICE(""));
}

enum err
marking_refused(struct turn *turn, const struct message *message)
{
	struct slice mark, reason;

	if (json_get_text(message->body, "mark", &mark, turn->problem) ||
	    json_get_text(message->body, "reason", &reason, turn->problem))
		return ERR_INPUT;

	return answer(turn, mark, "refused", utf8_cut(reason, REFUSAL_MAX));
}

enum err
marking_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice mark = input_text(in, "mark"), state;
	int64_t wait = input_int(in, "wait");
	json_t *row;
	enum err rc;

	rc = load(turn, mark, &row);
	if (rc)
		return rc;
	rc = json_get_text(row, "state", &state, turn->problem);
	if (rc == OK && slice_equal_string(state, "ordered") && wait > 0 &&
	    !input_waited(in)) {
		reply_wait(reply, wake_key(turn, mark), (int)wait);
		json_decref(row);
		return OK;
	}
	reply_json(reply, 200, row);

	return rc;
}
