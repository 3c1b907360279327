#include "systems/registry/enrolment.h"

#include "messages/enrolment.h"
#include "messages/ticket.h"
#include "registry_rows.h"
#include "systems/portal/portal.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"

#define BASIS SLICE("番号法附則6条")
#define KEEP_MS (90 * 24 * 3600ll * 1000)

/* --- Orders --------------------------------------------------------------- */

struct enrolment_order_input {
	struct resident_id resident;
	struct slice step;
};
static const struct field fields[] = {
    FORM_RESIDENT(enrolment_order_input),
    FIELD(enrolment_order_input, step, WORD(ENROLMENT_STEPS),
	"a ticket for who has no sign-in; the end of the sign-in, and a ticket "
	"for another; the end of it"),
};
const struct shape enrolment_order_input_shape =
    SHAPE(enrolment_order_input, fields);

static enum err
load(struct turn *turn, struct resident_id id, struct resident *ret)
{
	TRY(resident_load(turn, id, ret));
	if (ret->state == RESIDENT_CURRENT &&
	    ret->numbering == NUMBERING_NUMBERED && ret->has_code)
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the resident must live here and have an Individual Number");
}

static enum err
tell(struct turn *turn, const struct resident *r, struct slice step,
    struct slice acquisition)
{
	struct enrolment_identify_item item = {
	    acquisition, step, turn->now, r->code};
	struct enrolment_identify body = {.items = &item, .n_items = 1};

	TRY(turn_single(turn, PORTAL_USUAL, &body.to));

	return tell_jukinet(turn, enrolment_identify, &body);
}

enum err
enrolment_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct enrolment_order_input *i =
	    INPUT(in, enrolment_order_input);
	struct slice ticket = ticket_new(&turn->random, turn->arena);
	struct slice id = turn_new_id(turn), acquisition;
	struct resident r;
	struct digest digest;
	struct json_out *o;

	TRY(load(turn, i->resident, &r));
	TRY(ticket_acquisition(ticket, turn->arena, &acquisition));
	digest = digest_of(acquisition);
	TRY(tell(turn, &r, i->step, acquisition));
	TRY(registry_enrolment_add(turn->store,
	    &(struct registry_enrolment_add){.enrolment = id,
		.digest = &digest,
		.resident = r.id,
		.step = i->step,
		.asked_at = turn->now}));
	TRY(resident_audit(turn, "resident.enrol", r.id, BASIS));
	o = reply_object(reply, 202);
	json_out_text(o, "enrolment", id);
	json_out_resident(o, "resident", r.id);
	json_out_text(o, "step", i->step);
	if (!slice_equal_string(i->step, "end"))
		json_out_text(o, "ticket", ticket);

	return OK;
}

/* --- How one stands ------------------------------------------------------- */

struct enrolment_one {
	struct slice enrolment;
	int64_t wait;
};
static const struct field one_fields[] = {
    FIELD(enrolment_one, enrolment, ID, "the order's id"),
    OPTION(enrolment_one, wait, INT(0, 60), "seconds to wait for the portal"),
};
const struct shape enrolment_one_shape = SHAPE(enrolment_one, one_fields);

static struct slice
wake_key(struct turn *turn, struct slice enrolment)
{
	return arena_printf(
	    turn->arena, "enrolment:%.*s", SLICE_ARG(enrolment));
}

enum err
enrolment_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct enrolment_one *i = INPUT(in, enrolment_one);
	struct registry_enrolment_get_row row;
	struct json_out *o;
	enum err rc;

	rc = registry_enrolment_get(
	    turn->store, turn->arena, i->enrolment, &row);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "no order to the portal has this id; POST /enrolments "
		    "tells it, and it is forgotten after 90 days");
	TRY(rc);
	TRY(resident_audit(turn, "resident.enrolment", row.resident, BASIS));
	if (i->wait > 0 && !input_waited(in) &&
	    slice_equal_string(row.state, "sent")) {
		reply_wait(reply, wake_key(turn, i->enrolment), (int)i->wait);
		return OK;
	}
	o = reply_object(reply, 200);
	json_out_text(o, "enrolment", i->enrolment);
	json_out_resident(o, "resident", row.resident);
	json_out_text(o, "step", row.step);
	json_out_text(o, "state", row.state);
	if (!slice_is_empty(row.reason))
		json_out_text(o, "reason", row.reason);
	if (row.has_until)
		json_out_instant(o, "until", row.until);

	return OK;
}

/* --- Answers -------------------------------------------------------------- */

struct answer {
	struct slice state, reason;
	const struct instant *until; /* when to order again; NULL: never */
};

/* An order is answered.  One that nobody knows any more is left alone. */
static enum err
settle(struct turn *turn, struct slice acquisition, const struct answer *answer)
{
	struct digest digest = digest_of(acquisition);
	struct registry_enrolment_of_digest_row row;
	enum err rc;

	rc = registry_enrolment_of_digest(
	    turn->store, turn->arena, &digest, &row);
	if (rc)
		return rows_end(rc);
	TRY(registry_enrolment_settle(turn->store,
	    &(struct registry_enrolment_settle){.state = answer->state,
		.reason = answer->reason,
		.until = answer->until,
		.settled_at = turn->now,
		.enrolment = row.enrolment}));
	turn_wake(turn, wake_key(turn, row.enrolment));

	return resident_audit(
	    turn, "resident.enrolment.settled", row.resident, BASIS);
}

enum err
enrolment_settled_take(struct turn *turn, const struct message *message)
{
	const struct enrolment_settled *said =
	    MESSAGE(message, enrolment_settled);
	size_t i;

	for (i = 0; i < said->n_items; i++)
		TRY(settle(turn, said->items[i].acquisition,
		    &(struct answer){
			.state = said->items[i].outcome, .reason = SLICE("")}));

	return OK;
}

enum err
enrolment_refused_take(struct turn *turn, const struct message *message)
{
	const struct enrolment_refused *said =
	    MESSAGE(message, enrolment_refused);
	const struct acquisition_refused_item *item = said->items;
	struct answer answer = {.state = SLICE("refused")};

	for (; item < said->items + said->n_items; item++) {
		answer.reason = item->reason;
		answer.until = said->has_until &&
			slice_equal_string(item->reason, "stopped")
		    ? &said->until
		    : NULL;
		TRY(settle(turn, item->acquisition, &answer));
	}

	return OK;
}

enum err
enrolment_not_taken(struct turn *turn, const struct message *message)
{
	const struct enrolment_identify *told =
	    MESSAGE(message, enrolment_identify);
	const struct answer answer = {
	    .state = SLICE("refused"), .reason = message->refusal};
	size_t i;

	for (i = 0; i < told->n_items; i++)
		TRY(settle(turn, told->items[i].acquisition, &answer));

	return OK;
}

enum err
enrolment_erase(struct turn *turn)
{
	return registry_enrolments_erase(
	    turn->store, instant_plus(turn->now, -KEEP_MS));
}
