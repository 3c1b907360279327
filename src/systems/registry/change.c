#include "systems/registry/change.h"

#include "host/once.h"
#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("番号法7条2項")

/* ---- Asking for another number ----------------------------------------- */

struct change_request_input {
	struct resident_id resident;
	struct slice reason, paper, request;
};
static const struct field number_change_fields[] = {
    FORM_RESIDENT(change_request_input),
    FIELD(change_request_input, reason, TEXT(600), "the leak: what and how"),
    OPTION(change_request_input, paper, NAME_OF,
	"the id of the papers that show the leak (疎明資料): for a third number "
	"within ten years"),
    FIELD(change_request_input, request, ID,
	"the caller's id; the same id again answers the progress"),
};
const struct shape change_request_input_shape =
    SHAPE(change_request_input, number_change_fields);

static enum err
check_none_open(struct turn *turn, struct resident_id id)
{
	struct registry_number_change_open_row row;

	TRY(registry_number_change_open(turn->store, id, &row));
	if (row.open > 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another number is on its way to this resident already");

	return OK;
}

static enum err
ask(struct turn *turn, const struct change_request_input *i,
    struct slice content)
{
	struct number_change body = {.request = i->request,
	    .reason = i->reason,
	    .paper = i->paper,
	    .officer = turn->caller.name};
	struct resident r;

	TRY(resident_load(turn, i->resident, &r));
	if (r.state != RESIDENT_CURRENT || !r.has_code ||
	    resident_number(turn, &r, &body.number))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "only the number of a person who lives here can be changed "
		    "(番号法施行令3条)");
	body.code = r.code;
	TRY(check_none_open(turn, r.id));
	TRY(registry_number_change_add(turn->store,
	    &(struct registry_number_change_add){.request = i->request,
		.resident = r.id,
		.serial = r.assignment,
		.reason = i->reason,
		.asked_at = turn->now,
		.content = content}));

	return tell_jukinet(turn, number_change, &body);
}

static const char *
change_state(const struct registry_number_change_get_row *c)
{
	if (!c->has_settled_at)
		return "requested";

	return slice_is_empty(c->refusal) ? "changed" : "refused";
}

enum err
change_request(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct change_request_input *i = INPUT(in, change_request_input);
	struct slice content =
	    once_content(turn, &change_request_input_shape, i);
	struct registry_number_change_get_row c = {0};
	struct json_out *o;
	enum err rc;

	rc = registry_number_change_get(
	    turn->store, turn->arena, i->request, &c);
	TRY(rc == ERR_NOT_FOUND ? ask(turn, i, content) : rc);
	TRY(once_check(turn, "request", c.content, content));
	TRY(resident_audit(turn, "number.change", i->resident, BASIS));
	o = reply_object(reply, c.has_settled_at ? 200 : 202);
	json_out_text(o, "request", i->request);
	json_out_text(o, "state", slice_of(change_state(&c)));
	if (!slice_is_empty(c.refusal))
		json_out_text(o, "refusal", c.refusal);

	return OK;
}

/* ---- The answer -------------------------------------------------------- */

static enum err
assign(struct turn *turn, struct resident_id id,
    const struct individual_number *number)
{
	const struct event event = {
	    .name = "number-change", .date = date_in_japan(turn->now)};
	struct tally tally;
	struct resident r;

	TRY(resident_load(turn, id, &r));
	TRY(tally_load(turn, &tally));
	TRY(numbering_assign(turn, &tally, &r, number, ASSIGNED_CHANGE));
	TRY(tally_store(turn, &tally));

	return news_changed(turn, &event, &r, 1);
}

enum err
change_take_answer(struct turn *turn, const struct message *message)
{
	const struct number_changed *answer = MESSAGE(message, number_changed);
	struct registry_number_change_get_row c;
	enum err rc;

	rc = registry_number_change_get(
	    turn->store, turn->arena, answer->request, &c);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field request: no change of a number was asked for under "
		    "this id");
	if (rc || c.has_settled_at)
		return rc;
	if (answer->has_number)
		TRY(assign(turn, c.resident, &answer->number));
	else if (slice_is_empty(answer->refused))
		return problem_set(turn->problem, ERR_INPUT,
		    "expected a number or the reason of the refusal");
	turn_wake(turn, resident_wait_key(turn, c.resident));

	return registry_number_change_settle(turn->store, &turn->now,
	    answer->has_number ? (struct slice){0} : answer->refused,
	    answer->request);
}
