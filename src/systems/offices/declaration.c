#include "systems/offices/declaration.h"

#include "law/catalogue.h"
#include "messages/records.h"
#include "offices_rows.h"
#include "systems/network/network.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("番号法19条9号")
#define LISTED_MAX 1000

/* The type of the message that makes a declaration of that kind. */
static const struct message_type *
type_of(struct slice kind)
{
	return slice_equal_string(kind, "limit") ? &message_affair_limit
						 : &message_affair_declare;
}

/* --- Reading --------------------------------------------------------------- */

/* Write a declaration and its state. */
static enum err
describe(struct turn *turn, const struct offices_declaration_row *held,
    struct json_out *o)
{
	const struct shape *shape = type_of(held->kind)->shape;
	void *body = arena_alloc(turn->arena, shape->size);

	if (shape_read_kept(
		shape, turn->arena, held->body, body, turn->problem))
		return ERR_CORRUPT;
	shape_write_members(shape, body, o);
	json_out_text(o, "kind", held->kind);
	json_out_text(o, "state", held->state);
	json_out_text(o, "reason", held->reason);
	json_out_text(o, "clerk", held->clerk);
	json_out_instant(o, "sent", held->sent);
	if (held->has_answered)
		json_out_instant(o, "answered", held->answered);
	else
		json_out_text(o, "answered", SLICE(""));

	return OK;
}

static enum err
find(struct turn *turn, struct slice declaration,
    struct offices_declaration_row *ret)
{
	enum err rc = offices_declaration_find(
	    turn->store, turn->arena, declaration, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field declaration: this organisation made no such "
		    "declaration; GET /affairs lists them");

	return rc;
}

static enum err
reply_one(struct turn *turn, struct slice declaration, int status,
    struct reply *reply)
{
	struct offices_declaration_row held;

	TRY(find(turn, declaration, &held));

	return describe(turn, &held, reply_object(reply, status));
}

struct offices_declaration_input {
	struct slice declaration;
	int64_t wait;
};
static const struct field declaration_fields[] = {
    FIELD(offices_declaration_input, declaration, ID, "the declaration's id"),
    OFFICES_WAIT(offices_declaration_input),
};
const struct shape offices_declaration_input_shape =
    SHAPE(offices_declaration_input, declaration_fields);

enum err
declaration_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_declaration_input *i =
	    INPUT(in, offices_declaration_input);
	struct offices_declaration_row held;
	bool is_open;

	TRY(find(turn, i->declaration, &held));
	is_open = slice_equal_string(held.state, "sent") ||
	    (slice_equal_string(held.state, "declared") &&
		slice_equal_string(held.kind, "affair"));
	if (is_open &&
	    offices_wait(
		turn, in, reply, "declaration", i->declaration, i->wait))
		return OK;

	return describe(turn, &held, reply_object(reply, 200));
}

enum err
declaration_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct offices_declaration_row held;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "declarations");
	offices_declarations_rows(turn->store, LISTED_MAX, &q);
	while ((rc = offices_declarations_next(&q, &held)) == OK) {
		json_out_object(o, NULL);
		rc = describe(turn, &held, o);
		if (rc)
			break;
		json_out_end(o);
	}
	query_done(&q);

	return rows_end(rc);
}

/* --- Declaring ------------------------------------------------------------- */

static enum err
tell(struct turn *turn, const struct message_type *type, const void *body)
{

	TRY(turn_leave_usual(turn, NETWORK_USUAL, type, body));

	return turn_audit(turn, type->name, SLICE(""), BASIS);
}

/* Make a declaration once; a repetition sends nothing.  `body` is the body of
 * the kind's message. */
static enum err
declare(struct turn *turn, struct slice declaration, struct slice kind,
    const void *body)
{
	const struct message_type *type = type_of(kind);
	struct offices_declaration_row held;
	struct json_out o;
	struct slice text;

	json_out_init(&o, turn->arena);
	shape_write(type->shape, body, &o, NULL);
	text = json_out_finish(&o);
	TRY(offices_declaration_add(turn->store,
	    &(struct offices_declaration_add){
		.declaration = declaration,
		.kind = kind,
		.body = text,
		.clerk = turn->caller.name,
		.sent = turn->now,
	    }));
	if (store_changes(turn->store) == 1)
		return tell(turn, type, body);
	TRY(find(turn, declaration, &held));
	if (!slice_equal(held.body, text))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field declaration: another declaration has this id; "
		    "every declaration needs a new one");

	return OK;
}

/* The shape has checked the declaration's form; the network checks it against
 * the law. */
enum err
declaration_route_affair(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct affair_declare *i = INPUT(in, affair_declare);

	TRY(declare(turn, i->declaration, SLICE("affair"), i));

	return reply_one(turn, i->declaration, 201, reply);
}

enum err
declaration_route_limit(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct affair_limit *i = INPUT(in, affair_limit);
	unsigned int form;

	if (!slice_is_empty(i->item) &&
	    catalogue_form(i->item, date_in_japan(turn->now), &form))
		return problem_set(turn->problem, ERR_INPUT,
		    "field item: the catalogue has no item \"%.*s\"",
		    SLICE_ARG(i->item));
	if (!slice_is_empty(i->affair) && !own_use_is_id(i->affair))
		return problem_set(turn->problem, ERR_INPUT,
		    "field affair: an own-use affair begins with \"own-\"; "
		    "those of the table cannot be limited (番号法22条1項)");
	TRY(declare(turn, i->declaration, SLICE("limit"), i));

	return reply_one(turn, i->declaration, 201, reply);
}

enum err
declaration_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct affair_withdraw *i = INPUT(in, affair_withdraw);
	struct offices_declaration_row held;

	TRY(find(turn, i->declaration, &held));
	if (slice_equal_string(held.state, "refused") ||
	    slice_equal_string(held.state, "withdrawn"))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the declaration is over: %.*s", SLICE_ARG(held.state));
	TRY(tell(turn, &message_affair_withdraw, i));

	return describe(turn, &held, reply_object(reply, 202));
}

/* --- The answer ------------------------------------------------------------ */

enum err
declaration_stands(struct turn *turn, const struct message *message)
{
	const struct affair_state *s = MESSAGE(message, affair_state);
	struct offices_declaration_row held;

	TRY(find(turn, s->declaration, &held));
	TRY(offices_declaration_state(
	    turn->store, s->state, s->reason, s->at, s->declaration));
	offices_wake(turn, "declaration", s->declaration);

	return turn_audit(turn, "affair.state", SLICE(""), BASIS);
}
