#include "systems/relay/correction.h"

#include "law/refusal.h"
#include "messages/inquiries.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法31条")

/* The sides of an exchange: how our record is found and changed on each. */
struct side {
	enum err (*find)(struct store *store, struct arena *arena,
	    struct slice record, struct relay_correction_row *ret);
	enum err (*correct)(struct store *store, struct instant corrected,
	    struct slice correction, struct slice record);
};
static const struct side inquirer = {
    relay_inquiry_correction, relay_inquiry_correct};
static const struct side provider = {
    relay_provision_correction, relay_provision_correct};

/* Write the correction, unless the record has a newer one. */
static enum err
correct(struct turn *turn, const struct side *side,
    const struct relay_correction_row *held,
    const struct relay_record_corrected *c)
{
	TRY(side->correct(turn->store, c->corrected, c->note, c->record));

	return relay_audit(turn, "record.correct", held->internal, BASIS);
}

/* A provider's record is written when its permit ends. */
static enum err
keep_early(struct turn *turn, const struct relay_record_corrected *c)
{
	TRY(relay_early_correction_put(
	    turn->store, c->record, c->corrected, c->note, turn->now));

	return turn_audit(turn, "record.correct", SLICE(""), BASIS);
}

enum err
correction_catch_up(struct turn *turn, struct slice permit)
{
	struct relay_early_correction_find_row early;
	enum err rc = relay_early_correction_find(
	    turn->store, turn->arena, permit, &early);

	if (rc)
		return rows_end(rc);
	TRY(relay_provision_correct(
	    turn->store, early.corrected, early.correction, permit));

	return relay_early_correction_delete(turn->store, permit);
}

enum err
correction_take(struct turn *turn, const struct message *message)
{
	const struct network_record_corrected *m =
	    MESSAGE(message, network_record_corrected);
	bool ours = slice_equal_string(m->side, "inquirer");
	const struct side *side = ours ? &inquirer : &provider;
	const struct relay_record_corrected c = {
	    .record = m->record, .corrected = m->corrected, .note = m->note};
	struct relay_correction_row held;
	enum err rc;

	rc = side->find(turn->store, turn->arena, c.record, &held);
	if (rc == ERR_NOT_FOUND && !ours)
		return keep_early(turn, &c);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this relay has no such record");
	if (rc)
		return rc;

	return correct(turn, side, &held, &c);
}

/* --- From our own officers -------------------------------------------------- */

struct relay_correction_input {
	struct slice side, record, note;
};
static const struct field correction_fields[] = {
    FIELD(relay_correction_input, side, WORD("inquirer|provider"),
	"the side whose record was wrong"),
    FIELD(relay_correction_input, record, ID,
	"the inquiry of an inquirer's record, the permit of a provider's"),
    FIELD(relay_correction_input, note, TEXT(RELAY_REASON_MAX),
	"the error in the record"),
};
const struct shape relay_correction_input_shape =
    SHAPE(relay_correction_input, correction_fields);

/* The network has no record of an inquiry that we never sent, or that it did not
 * take. */
static bool
is_known_to_network(struct slice reason)
{
	enum refusal refusal = refusal_of(reason);

	return refusal != REFUSED_NOT_ACQUIRED && refusal != REFUSED_MESSAGE &&
	    refusal != REFUSED_CASE && refusal != REFUSED_CASE_OFTEN;
}

static enum err
apply(struct turn *turn, const struct relay_correction_input *i)
{
	const struct side *side =
	    slice_equal_string(i->side, "inquirer") ? &inquirer : &provider;
	struct relay_record_corrected c = {.side = i->side,
	    .record = i->record,
	    .corrected = turn->now,
	    .note = i->note};
	struct relay_correction_row held;
	enum err rc = side->find(turn->store, turn->arena, i->record, &held);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this relay has no such record on that side; see GET "
		    "/records");
	if (rc)
		return rc;
	/* It counts even if a clock ahead of ours dated an earlier one. */
	if (!instant_is_before(held.corrected, c.corrected))
		c.corrected = instant_plus(held.corrected, 1);
	TRY(correct(turn, side, &held, &c));
	if (!is_known_to_network(held.reason))
		return OK;

	return turn_tell_usual(turn, NETWORK_USUAL, relay_record_corrected, &c);
}

enum err
correction_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct relay_correction_input *i =
	    INPUT(in, relay_correction_input);
	struct json_out *o = reply_object(reply, 200);

	TRY(apply(turn, i));
	json_out_text(o, "record", i->record);
	json_out_text(o, "correction", i->note);

	return OK;
}
