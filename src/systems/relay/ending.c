#include "systems/relay/ending.h"

#include "base/bug.h"
#include "components/keeper/keeper.h"
#include "crypto/jose.h"
#include "host/evidence.h"
#include "messages/tokens.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/apart.h"
#include "systems/relay/correction.h"
#include "systems/relay/mark.h"
#include "systems/relay/relay.h"
#include "systems/relay/replica.h"

static enum err
send_answer(struct turn *turn, const struct permit *permit,
    const struct ending *ending, const struct mark_withheld *mark)
{
	return turn_tell(turn, &permit->asker, answer_sealed,
	    &(struct answer_sealed){.question = permit->digest,
		.outcome = ending->outcome,
		.withheld = mark->withheld,
		.sealed = ending->sealed,
		.reason = ending->reason,
		.article = ending->article,
		.text = ending->text});
}

static enum err
send_report(struct turn *turn, const struct permit *permit,
    const struct ending *ending, const struct mark_withheld *mark)
{
	bool lies = bug_is(BUG_REPORT_WRONG) &&
	    slice_equal_string(ending->outcome, OUTCOME_NO_DATA);
	struct system_id network;

	TRY(turn_single(turn, NETWORK_USUAL, &network));

	return turn_tell_at_leisure(turn, &network, provision_report,
	    &(struct provision_report){.permit = permit->issued.permit,
		.outcome = lies ? SLICE(OUTCOME_PROVIDED) : ending->outcome,
		.reason = ending->reason,
		.at = turn->now,
		.withheld = mark->withheld,
		.officer = mark->officer,
		.second = mark->second});
}

static enum err
record(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const struct ending *ending,
    const struct mark_withheld *mark)
{
	const struct question *q = &permit->question;
	struct slice tag, sealed;

	TRY(apart_tag(turn, apart_epoch(turn), &permit->digest, &tag));
	TRY(apart_seal(turn, digest_slice(&permit->digest), &sealed));
	TRY(relay_provision_add(turn->store,
	    &(struct relay_provision_add){.permit = permit->issued.permit,
		.tag = tag,
		.sealed = sealed,
		.internal = internal,
		.affair = q->affair,
		.item = q->item,
		.article = permit->issued.article,
		.inquirer = q->asker,
		.unit = q->unit,
		.requested = q->asked,
		.outcome = ending->outcome,
		.reason = ending->reason,
		.answered = apart_minute(turn->now),
		.withheld_inquiry = q->withheld,
		.withheld_answer = mark->withheld,
		.version = ending->version,
		.put = ending->put}));

	return correction_catch_up(turn, permit->issued.permit);
}

struct ending
ending_refused(enum refusal refusal)
{
	const struct refusal_info *info = refusal_info(refusal);

	return (struct ending){.outcome = SLICE(OUTCOME_REFUSED),
	    .reason = slice_of(info->reason),
	    .article = slice_of(info->article),
	    .text = slice_of(info->text)};
}

/* For the keeper, which compares it with the network's. */
static enum err
note_end(struct turn *turn, const struct permit *permit,
    const struct ending *ending, struct slice withheld)
{
	return keeper_note(turn,
	    &(struct keeper_exchange){.organisation = turn_organisation(turn),
		.side = SIDE_ANSWERED,
		.question = &permit->digest,
		.outcome = ending->outcome,
		.withheld = withheld,
		.record = permit->issued.permit});
}

/* Only contents that leave us are provided; any other end is named by its
 * outcome. */
static const char *
action_of(struct turn *turn, const struct ending *ending)
{
	if (slice_equal_string(ending->outcome, OUTCOME_PROVIDED))
		return "replica.provide";

	return arena_printf(
	    turn->arena, "provision.%.*s", SLICE_ARG(ending->outcome))
	    .data;
}

enum err
ending_write(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const struct ending *ending)
{
	struct mark_withheld mark;

	TRY(mark_withholds(turn, internal, permit->question.item, &mark));
	TRY(record(turn, permit, internal, ending, &mark));
	TRY(note_end(turn, permit, ending, mark.withheld));
	TRY(relay_audit(
	    turn, action_of(turn, ending), internal, permit->issued.article));
	TRY(turn_evidence(turn, permit->issued.permit));
	TRY(send_answer(turn, permit, ending, &mark));

	return send_report(turn, permit, ending, &mark);
}

enum err
ending_invalid(struct turn *turn, const struct permit_issued *issued)
{
	const struct permit permit = {.issued = *issued};
	const struct ending ending = ending_refused(REFUSED_QUESTION);

	TRY(turn_audit(turn, "provision.invalid", SLICE(""), ending.article));
	TRY(turn_evidence(turn, issued->permit));

	return send_report(turn, &permit, &ending, &(struct mark_withheld){0});
}

/* --- Answering ----------------------------------------------------------- */

static enum err
seal(struct turn *turn, const struct permit *permit,
    const struct provided *provided, struct slice *ret)
{
	struct json_out o;

	json_out_init(&o, turn->arena);
	shape_write(&provided_shape, provided, &o, NULL);
	if (jwe_seal(
		turn->arena, permit->question.seal, json_out_finish(&o), ret))
		return problem_set(turn->problem, ERR_INPUT,
		    "field question.seal: is not a key that answers can be "
		    "sealed for");

	return OK;
}

/* There are replicas of other versions of the item alone, or none at all. */
static enum err
end_without(struct turn *turn, const struct permit *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = SLICE(OUTCOME_NO_DATA)};
	struct replica other;
	enum err rc = ERR_NOT_FOUND;

	if (!slice_is_empty(permit->question.version))
		rc = replica_find(
		    turn, internal, permit->question.item, SLICE(""), &other);
	if (rc == OK)
		ending = ending_refused(REFUSED_OTHER_VERSION);
	TRY(rows_end(rc));

	return ending_write(turn, permit, internal, &ending);
}

enum err
ending_provide(struct turn *turn, const struct permit *permit,
    struct internal_number internal)
{
	struct ending ending = {.outcome = SLICE(OUTCOME_PROVIDED)};
	struct replica replica;
	enum err rc = replica_find(turn, internal, permit->question.item,
	    permit->question.version, &replica);

	if (rc == ERR_NOT_FOUND)
		return end_without(turn, permit, internal);
	if (rc)
		return rc;
	ending.version = replica.provided.version;
	ending.put = replica.put;
	TRY(seal(turn, permit, &replica.provided, &ending.sealed));

	return ending_write(turn, permit, internal, &ending);
}
