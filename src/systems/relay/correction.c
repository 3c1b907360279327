#include "systems/relay/correction.h"

#include "base/text.h"
#include "law/refusal.h"
#include "number/internal_number.h"
#include "relay_statements.h"
#include "systems/network/network.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法31条")

/* On which side of an exchange we are: how our record is found and changed. */
struct side {
	const char *name;
	int find, correct;
};
static const struct side inquirer = {
    "inquirer", RELAY_INQUIRY_CORRECTION, RELAY_INQUIRY_CORRECT};
static const struct side provider = {
    "provider", RELAY_PROVISION_CORRECTION, RELAY_PROVISION_CORRECT};

struct correction {
	struct instant at;
	struct slice note; /* what was wrong */
};

/* What stands in our record. */
struct held_record {
	struct internal_number internal;
	struct instant corrected; /* 0: never */
	bool is_shared;           /* the network has a record, too */
};

static enum err
find(struct turn *turn, const struct side *side, struct slice id,
    struct held_record *ret)
{
	struct slice alone =
	    slice_of(refusal_info(REFUSED_NOT_ACQUIRED)->reason);
	struct query q;
	enum err rc;

	store_query(turn->store, side->find, &q);
	query_text(&q, "record", id);
	rc = query_step(&q);
	if (rc == OK) {
		ret->internal.value = column_int(&q, "internal");
		ret->corrected.ms = column_int(&q, "corrected");
		ret->is_shared = !slice_equal(column_text(&q, "reason"), alone);
	}
	query_done(&q);

	return rc;
}

/* Write it, unless something newer stands there. */
static enum err
correct(struct turn *turn, const struct side *side, struct slice id,
    const struct held_record *held, const struct correction *correction)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, side->correct, &q);
	query_text(&q, "record", id);
	query_int(&q, "corrected", correction->at.ms);
	query_text(&q, "correction", correction->note);
	rc = query_run(&q);
	if (rc)
		return rc;
	internal_number_format(held->internal, subject);

	return turn_audit(turn, "record.correct", slice_of(subject), BASIS);
}

/* --- From the network ------------------------------------------------------ */

static enum err
read_correction(const json_t *body, struct correction *ret,
    struct slice *ret_permit, struct slice *ret_inquiry,
    struct slice *ret_inquirer, struct problem *problem)
{
	struct slice at;

	if (json_get_text(body, "permit", ret_permit, problem) ||
	    json_get_text(body, "inquiry", ret_inquiry, problem) ||
	    json_get_text(body, "inquirer", ret_inquirer, problem) ||
	    json_get_text(body, "note", &ret->note, problem) ||
	    json_get_text(body, "corrected", &at, problem))
		return ERR_INPUT;
	if (instant_parse(at, &ret->at) || slice_is_empty(ret->note) ||
	    ret->note.len > RELAY_REASON_MAX || !text_is_printable(ret->note))
		return problem_set(problem, ERR_INPUT,
		    "fields corrected and note: expected an instant and a "
		    "text");

	return OK;
}

enum err
correction_take(struct turn *turn, const struct message *message)
{
	struct slice permit, inquiry, organisation, id;
	const struct side *side = &provider;
	struct correction correction;
	struct held_record held;
	enum err rc;

	rc = read_correction(message->body, &correction, &permit, &inquiry,
	    &organisation, turn->problem);
	if (rc)
		return rc;
	if (slice_equal(organisation, turn_organisation(turn)))
		side = &inquirer;
	id = side == &inquirer ? inquiry : permit;
	rc = find(turn, side, id, &held);
	/* A provider writes its record when the permit ends. */
	if (rc == ERR_NOT_FOUND && side == &provider &&
	    turn->now.ms - message->time.ms < RELAY_REVOCATION_KEEP_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the permit has not ended here yet");
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such record here");
	if (rc)
		return rc;

	return correct(turn, side, id, &held, &correction);
}

/* --- From our own officers -------------------------------------------------- */

static enum err
tell_network(struct turn *turn, const struct side *side, struct slice id,
    const struct correction *correction)
{
	char at[INSTANT_TEXT_MAX];
	struct system_id network;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, NETWORK_USUAL, &network);
	if (rc)
		return rc;
	instant_format(correction->at, at);
	body = json_object();
	json_put_text(body, "side", slice_of(side->name));
	json_put_text(body, "record", id);
	json_put_text(body, "corrected", slice_of(at));
	json_put_text(body, "note", correction->note);

	return turn_send(turn, &network, "record.corrected", body);
}

static enum err
apply(struct turn *turn, const struct side *side, struct slice id,
    struct slice note)
{
	struct correction correction = {turn->now, note};
	struct held_record held;
	enum err rc;

	rc = find(turn, side, id, &held);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such record on that side");
	if (rc)
		return rc;
	/* Also against one that a clock ahead of ours has dated. */
	if (!instant_is_before(held.corrected, correction.at))
		correction.at = instant_plus(held.corrected, 1);
	rc = correct(turn, side, id, &held, &correction);
	if (rc == OK && held.is_shared)
		rc = tell_network(turn, side, id, &correction);

	return rc;
}

enum err
correction_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct side *const sides[] = {&inquirer, &provider};
	struct slice name = input_text(in, "side");
	struct slice id = input_text(in, "record");
	struct slice note = input_text(in, "note");
	json_t *body;
	size_t i;
	enum err rc;

	for (i = 0; i < 2 && !slice_equal_string(name, sides[i]->name); i++)
		continue;
	if (i == 2)
		return problem_set(turn->problem, ERR_INPUT,
		    "field side: either inquirer or provider");
	rc = apply(turn, sides[i], id, note);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "record", id);
	json_put_text(body, "correction", note);
	reply_json(reply, 200, body);

	return OK;
}
