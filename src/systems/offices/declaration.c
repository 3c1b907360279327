#include "systems/offices/declaration.h"

#include "law/catalogue.h"
#include "messages/records.h"
#include "offices_rows.h"
#include "systems/network/network.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("番号法19条9号")
#define LISTED_MAX 1000

static struct slice
wake_key(struct turn *turn, struct slice declaration)
{
	return arena_printf(
	    turn->arena, "declaration:%.*s", SLICE_ARG(declaration));
}

/* --- Reading ------------------------------------------------------------- */

static void
put_instant(json_t *to, const char *key, struct instant at)
{
	char text[INSTANT_TEXT_MAX] = "";

	if (at.ms != 0)
		instant_format(at, text);
	json_put_text(to, key, slice_of(text));
}

/* The declaration and how it stands; a new reference. */
static enum err
describe(
    struct turn *turn, const struct offices_declaration_row *held, json_t **ret)
{
	json_t *row;

	if (json_read(held->body, "a declaration", &row, turn->problem))
		return ERR_CORRUPT;
	json_put_text(row, "declaration", held->declaration);
	json_put_text(row, "kind", held->kind);
	json_put_text(row, "state", held->state);
	json_put_text(row, "reason", held->reason);
	json_put_text(row, "clerk", held->clerk);
	put_instant(row, "sent", held->sent);
	put_instant(row, "answered", held->answered);
	*ret = row;

	return OK;
}

static enum err
find(struct turn *turn, struct slice declaration,
    struct offices_declaration_row *ret)
{
	enum err rc = offices_declaration_find(
	    turn->store, turn->arena, declaration, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "we declared no such thing");

	return rc;
}

static enum err
reply_one(struct turn *turn, struct slice declaration, int status,
    struct reply *reply)
{
	struct offices_declaration_row held;
	json_t *row;
	enum err rc;

	rc = find(turn, declaration, &held);
	if (rc == OK)
		rc = describe(turn, &held, &row);
	if (rc == OK)
		reply_json(reply, status, row);

	return rc;
}

enum err
declaration_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice declaration = input_text(in, "declaration");
	int64_t wait = input_int(in, "wait");
	struct offices_declaration_row held;
	bool open;
	enum err rc;

	rc = find(turn, declaration, &held);
	if (rc)
		return rc;
	open = slice_equal_string(held.state, "sent") ||
	    (slice_equal_string(held.state, "declared") &&
		slice_equal_string(held.kind, "affair"));
	if (open && wait > 0 && !input_waited(in)) {
		reply_wait(reply, wake_key(turn, declaration), (int)wait);
		return OK;
	}

	return reply_one(turn, declaration, 200, reply);
}

enum err
declaration_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *row, *body;
	struct offices_declaration_row held;
	struct query q;
	enum err rc;

	(void)in;
	offices_declarations_rows(turn->store, LISTED_MAX, &q);
	while ((rc = offices_declarations_next(&q, &held)) == OK) {
		rc = describe(turn, &held, &row);
		if (rc)
			break;
		json_array_append_new(rows, row);
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "declarations", rows);
	reply_json(reply, 200, body);

	return OK;
}

/* --- Declaring ----------------------------------------------------------- */

static enum err
send(struct turn *turn, const char *type, struct slice body)
{
	struct system_id network;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc == OK)
		rc = turn_send_text(turn, &network, type, body);
	if (rc == OK)
		rc = turn_audit(turn, type, SLICE(""), BASIS);

	return rc;
}

/* Once; a repetition sends nothing. */
static enum err
declare(struct turn *turn, struct slice declaration, const char *kind,
    struct slice body)
{
	struct offices_declaration_row held;
	enum err rc;

	rc = offices_declaration_add(turn->store,
	    &(struct offices_declaration_add){
		.declaration = declaration,
		.kind = slice_of(kind),
		.body = body,
		.clerk = turn->caller.name,
		.sent = turn->now,
	    });
	if (rc == OK && store_changes(turn->store) == 1)
		return send(turn,
		    slice_equal_string(slice_of(kind), "limit")
			? "affair.limit"
			: "affair.declare",
		    body);
	if (rc == OK)
		rc = find(turn, declaration, &held);
	if (rc == OK && !slice_equal(held.body, body))
		rc = problem_set(turn->problem, ERR_CONFLICT,
		    "another declaration has this id; every declaration needs "
		    "a new one");

	return rc;
}

/* The fields of the input as an object; absent texts are empty. */
static json_t *
gather(const struct input *in, const char *const *texts)
{
	json_t *body = json_object();

	for (; *texts != NULL; texts++)
		json_put_text(body, *texts, input_text(in, *texts));

	return body;
}

static enum err
declare_and_reply(struct turn *turn, const struct input *in, const char *kind,
    const json_t *body, struct reply *reply)
{
	struct slice declaration = input_text(in, "declaration");
	struct buf text;
	enum err rc;

	buf_init(&text);
	json_write(body, &text);
	rc = declare(turn, declaration, kind, buf_slice(&text));
	buf_done(&text);

	return rc ? rc : reply_one(turn, declaration, 201, reply);
}

enum err
declaration_route_affair(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	static const char *const texts[] = {"declaration", "affair", "title",
	    "ordinance", "number", "effective", "row", NULL};
	json_t *body = gather(in, texts);
	struct affair_declare declared;
	struct buf text;
	enum err rc;

	json_put(body, "items", json_deep_copy(input_json(in, "items")));
	json_put(
	    body, "providers", json_deep_copy(input_json(in, "providers")));
	/* Its form; the network compares it with the law. */
	buf_init(&text);
	json_write(body, &text);
	rc = shape_read(&affair_declare_shape, turn->arena, buf_slice(&text),
	    &declared, turn->problem);
	buf_done(&text);
	if (rc == OK)
		rc = declare_and_reply(turn, in, "affair", body, reply);
	json_decref(body);

	return rc;
}

enum err
declaration_route_limit(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	static const char *const texts[] = {"declaration", "item",
	    "organisation", "affair", "ordinance", "number", NULL};
	struct slice item = input_text(in, "item");
	unsigned int form;
	json_t *body;
	enum err rc;

	if (input_has(in, "item") &&
	    catalogue_form(item, date_in_japan(turn->now), &form))
		return problem_set(turn->problem, ERR_INPUT,
		    "field item: the catalogue has no item \"%.*s\"",
		    SLICE_ARG(item));
	if (input_has(in, "affair") && !own_use_is_id(input_text(in, "affair")))
		return problem_set(turn->problem, ERR_INPUT,
		    "field affair: an own-use affair begins with \"own-\"; "
		    "those of the table cannot be limited (番号法22条1項)");
	body = gather(in, texts);
	rc = declare_and_reply(turn, in, "limit", body, reply);
	json_decref(body);

	return rc;
}

enum err
declaration_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice declaration = input_text(in, "declaration");
	struct offices_declaration_row held;
	struct buf text;
	json_t *body;
	enum err rc;

	rc = find(turn, declaration, &held);
	if (rc)
		return rc;
	if (slice_equal_string(held.state, "refused") ||
	    slice_equal_string(held.state, "withdrawn"))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "it is over: %.*s", SLICE_ARG(held.state));
	body = json_object();
	json_put_text(body, "declaration", declaration);
	buf_init(&text);
	json_write(body, &text);
	json_decref(body);
	rc = send(turn, "affair.withdraw", buf_slice(&text));
	buf_done(&text);

	return rc ? rc : reply_one(turn, declaration, 202, reply);
}

/* --- The answer ---------------------------------------------------------- */

/* `sent` is ours alone. */
static bool
is_state(struct slice state)
{
	static const char *const all[] = {
	    "declared", "confirmed", "refused", "withdrawn"};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (slice_equal_string(state, all[i]))
			return true;
	}

	return false;
}

enum err
declaration_stands(struct turn *turn, const struct message *message)
{
	struct slice declaration, state, reason, text;
	struct offices_declaration_row held;
	struct instant at;
	enum err rc;

	if (json_get_text(
		message->body, "declaration", &declaration, turn->problem) ||
	    json_get_text(message->body, "state", &state, turn->problem) ||
	    json_get_text_or_empty(
		message->body, "reason", &reason, turn->problem) ||
	    json_get_text(message->body, "at", &text, turn->problem))
		return ERR_INPUT;
	if (!is_state(state) || instant_parse(text, &at))
		return problem_set(turn->problem, ERR_INPUT,
		    "fields state and at: no state, or no instant");
	rc = find(turn, declaration, &held);
	if (rc)
		return rc;
	rc = offices_declaration_state(
	    turn->store, state, reason, at, declaration);
	if (rc == OK)
		rc = turn_audit(turn, "affair.state", SLICE(""), BASIS);
	turn_wake(turn, wake_key(turn, declaration));

	return rc;
}
