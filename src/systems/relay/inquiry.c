#include "systems/relay/inquiry.h"

#include "base/bug.h"
#include "host/evidence.h"
#include "host/once.h"
#include "law/refusal.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/case.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"
#include "systems/relay/sealing.h"

#define EXPIRE_MAX 500

/* How an inquiry ends. */
struct answer {
	struct inquiry_answered told; /* to our office */
	struct slice permit;
	bool undisclosed; /* 番号法23条2項2号 */
};

/* --- The record ---------------------------------------------------------- */

/* Write the audit entry, and keep the turn's envelopes as evidence. */
static enum err
audit(struct turn *turn, const char *action, struct slice inquiry,
    struct internal_number internal, struct slice affair)
{
	TRY(relay_audit(turn, action, internal, affair));

	return turn_evidence(turn, inquiry);
}

static enum err
find(
    struct turn *turn, struct slice inquiry, struct relay_inquiry_find_row *ret)
{
	enum err rc =
	    relay_inquiry_find(turn->store, turn->arena, inquiry, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field inquiry: this relay made no such inquiry");

	return rc;
}

/* The message contradicts nothing that the row says: it becomes evidence, unless
 * it is a repetition, of which *ret_is_new is false. */
static enum err
join(struct turn *turn, const char *action, struct slice inquiry,
    const struct relay_inquiry_find_row *held, bool *ret_is_new)
{
	TRY(evidence_check(turn, "inquiry", inquiry, ret_is_new));
	if (!*ret_is_new)
		return relay_audit(
		    turn, "inquiry.repeat", held->internal, held->affair);

	return audit(turn, action, inquiry, held->internal, held->affair);
}

static bool
is_answered(const struct relay_inquiry_find_row *held)
{
	return slice_equal_string(held->state, "answered");
}

/* The network refused it, or it never went there. */
static bool
is_refused(const struct relay_inquiry_find_row *held)
{
	return slice_is_empty(held->permit) &&
	    slice_equal_string(held->outcome, OUTCOME_REFUSED);
}

static enum err
write_end(struct turn *turn, const struct answer *answer)
{
	return relay_inquiry_answer(turn->store,
	    &(struct relay_inquiry_answer){.inquiry = answer->told.inquiry,
		.outcome = answer->told.outcome,
		.reason = answer->told.reason,
		.article = answer->told.article,
		.permit = answer->permit,
		.answered = turn->now,
		.undisclosed = answer->undisclosed});
}

/* Write how the inquiry ended, and tell the office. */
static enum err
finish(struct turn *turn, const struct answer *answer)
{
	struct system_id offices = turn_sibling(turn, "offices");
	struct inquiry_answered told = answer->told;

	TRY(write_end(turn, answer));
	/* An office is told of a revoked permit as of a refusal. */
	if (slice_equal_string(told.outcome, OUTCOME_REVOKED))
		told.outcome = SLICE(OUTCOME_REFUSED);

	return turn_tell(turn, &offices, inquiry_answered, &told);
}

/* --- Asking -------------------------------------------------------------- */

/* *ret_new is false for a repetition. */
static enum err
record(
    struct turn *turn, const struct addressee_inquiry_request *m, bool *ret_new)
{
	struct relay_inquiry_find_row held;
	struct addressee_inquiry_request said = *m;
	struct slice content;

	said.deceased_confirmed = false; /* the addressee's own */
	content =
	    once_content(turn, message_addressee_inquiry_request.shape, &said);
	TRY(relay_inquiry_add(turn->store,
	    &(struct relay_inquiry_add){.inquiry = m->inquiry,
		.internal = m->internal_number,
		.affair = m->affair,
		.item = m->item,
		.version = m->version,
		.provider = m->provider,
		.unit = m->unit,
		.requested = turn->now,
		.undisclosed = m->undisclosed,
		.asked = content,
		.case_number = m->matter.of_case.number,
		.case_unit = m->matter.of_case.unit,
		.case_clerk = m->matter.of_case.clerk,
		.case_opened = m->matter.of_case.opened,
		.step = m->matter.step,
		.whose = m->matter.whose}));
	*ret_new = store_changes(turn->store) == 1;
	if (*ret_new)
		return OK;
	TRY(relay_inquiry_find(turn->store, turn->arena, m->inquiry, &held));

	return once_check(turn, "inquiry", held.asked, content);
}

static enum err
send_question(struct turn *turn, const struct addressee_inquiry_request *m,
    const struct linkage_code *code)
{
	struct relay_inquiry_request question = {.inquiry = m->inquiry,
	    .code = *code,
	    .affair = m->affair,
	    .item = m->item,
	    .version = m->version,
	    .provider = m->provider,
	    .unit = m->unit,
	    .undisclosed = m->undisclosed,
	    .sealing_key = sealing_public_key(turn)};

	return turn_tell_usual(
	    turn, NETWORK_USUAL, relay_inquiry_request, &question);
}

/* The question does not leave us. */
static enum err
refuse(struct turn *turn, struct slice inquiry, enum refusal refusal)
{
	const struct answer answer = {inquiry_ended(
	    turn->arena, inquiry, SLICE(OUTCOME_REFUSED), refusal, SLICE(""))};

	return finish(turn, &answer);
}

enum err
inquiry_ask(struct turn *turn, const struct message *message)
{
	const struct addressee_inquiry_request *m =
	    MESSAGE(message, addressee_inquiry_request);
	enum refusal refusal = REFUSED_NOT;
	struct linkage_code code;
	bool is_new;
	enum err rc;

	TRY(record(turn, m, &is_new));
	TRY(audit(
	    turn, "inquiry.ask", m->inquiry, m->internal_number, m->affair));
	if (!is_new)
		return OK;
	TRY(case_check(turn, &m->matter.of_case, &refusal));
	rc = linkage_code_of(turn, m->internal_number, &code);
	if (rc == ERR_NOT_FOUND && refusal == REFUSED_NOT)
		refusal = REFUSED_NOT_ACQUIRED;
	TRY(rows_end(rc));

	return refusal == REFUSED_NOT ? send_question(turn, m, &code)
				      : refuse(turn, m->inquiry, refusal);
}

/* --- The network's answer ------------------------------------------------ */

/* ERR_CONFLICT if the inquiry has another permit, or was refused. */
static enum err
check_permit(struct turn *turn, const struct relay_inquiry_find_row *held,
    struct slice permit)
{
	if (is_refused(held))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was refused before");
	if (!slice_is_empty(held->permit) && !slice_equal(held->permit, permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field permit: the inquiry has another permit");

	return OK;
}

/* The same for a message that waits for inquiry.permitted, because its sender's
 * word about the permit is not enough: ERR_BUSY if it overtook that. */
static enum err
check_permitted(struct turn *turn, const struct message *message,
    const struct relay_inquiry_find_row *held, struct slice permit)
{
	if (!slice_is_empty(held->permit) || is_refused(held))
		return check_permit(turn, held, permit);
	if (turn->now.ms - message->time.ms < RELAY_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry's permit has not arrived here yet");

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field inquiry: was not permitted; expected an inquiry that the "
	    "network permitted");
}

enum err
inquiry_permitted(struct turn *turn, const struct message *message)
{
	const struct inquiry_permitted *m = MESSAGE(message, inquiry_permitted);
	struct relay_inquiry_find_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	TRY(check_permit(turn, &held, m->permit));
	TRY(join(turn, "inquiry.permitted", m->inquiry, &held, &is_new));
	if (!is_new)
		return OK;

	return relay_inquiry_permit(
	    turn->store, m->permit, m->expires, m->article, m->inquiry);
}

enum err
inquiry_refused(struct turn *turn, const struct message *message)
{
	const struct inquiry_refused *m = MESSAGE(message, inquiry_refused);
	const struct answer answer = {.told.inquiry = m->inquiry,
	    .told.outcome = SLICE(OUTCOME_REFUSED),
	    .told.reason = m->reason,
	    .told.article = m->article,
	    .told.text = m->text};
	struct relay_inquiry_find_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	if (!slice_is_empty(held.permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was permitted before");
	TRY(join(turn, "inquiry.refused", m->inquiry, &held, &is_new));
	if (!is_new || is_refused(&held))
		return OK;

	/* Cancelled while the network refused it: the refusal is the record. */
	return is_answered(&held) ? write_end(turn, &answer)
				  : finish(turn, &answer);
}

enum err
inquiry_not_taken(struct turn *turn, const struct message *message)
{
	const struct relay_inquiry_request *m =
	    MESSAGE(message, relay_inquiry_request);
	const struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_REFUSED), REFUSED_MESSAGE, message->refusal)};
	struct relay_inquiry_find_row held;

	TRY(find(turn, m->inquiry, &held));
	TRY(audit(
	    turn, "inquiry.refused", m->inquiry, held.internal, held.affair));
	/* The network has permitted it all the same, or we have ended it. */
	if (!slice_is_empty(held.permit) || is_answered(&held))
		return OK;

	return finish(turn, &answer);
}

/* --- Taking back ---------------------------------------------------------- */

enum err
inquiry_revoked(struct turn *turn, const struct message *message)
{
	const struct permit_revoked *m = MESSAGE(message, permit_revoked);
	const struct answer answer = {.told.inquiry = m->inquiry,
	    .told.outcome = SLICE(OUTCOME_REVOKED),
	    .told.reason = SLICE("revoked"),
	    .told.article = m->article,
	    .told.text = m->text,
	    .permit = m->permit};
	struct relay_inquiry_find_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	TRY(check_permitted(turn, message, &held, m->permit));
	TRY(join(turn, "inquiry.revoked", m->inquiry, &held, &is_new));

	return is_new && !is_answered(&held) ? finish(turn, &answer) : OK;
}

enum err
inquiry_cancel(struct turn *turn, const struct message *message)
{
	const struct inquiry_cancel *m = MESSAGE(message, inquiry_cancel);
	struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_CANCELLED), REFUSED_CANCELLED, SLICE(""))};
	struct relay_inquiry_find_row held;
	enum err rc = find(turn, m->inquiry, &held);

	/* An inquiry that is not here may still be under way. */
	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < RELAY_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry has not arrived here yet");
	if (rc)
		return rc;
	TRY(audit(
	    turn, "inquiry.cancel", m->inquiry, held.internal, held.affair));
	if (is_answered(&held))
		return OK;
	answer.permit = held.permit;
	TRY(relay_inquiry_cancel(turn->store, turn->now, m->inquiry));
	TRY(finish(turn, &answer));

	return turn_tell_usual(turn, NETWORK_USUAL, inquiry_cancel, m);
}

/* --- Held by the provider -------------------------------------------------- */

/* ERR_DENIED unless the sender is the provider that we asked. */
static enum err
check_provider(struct turn *turn, const struct message *message,
    const struct relay_inquiry_find_row *held)
{
	if (!slice_equal(
		system_id_organisation(&message->from), held->provider))
		return problem_set(turn->problem, ERR_DENIED,
		    "field inquiry: another organisation was asked");

	return OK;
}

enum err
inquiry_held(struct turn *turn, const struct message *message)
{
	const struct relay_inquiry_held *m =
	    MESSAGE(message, relay_inquiry_held);
	struct system_id offices = turn_sibling(turn, "offices");
	struct relay_inquiry_find_row held;
	bool is_new;

	if (m->deadline.ms > turn->now.ms + RELAY_REVOCATION_KEEP_MS)
		return problem_set(turn->problem, ERR_INPUT,
		    "field deadline: expected one within 60 days; no permit "
		    "is valid for longer");
	TRY(find(turn, m->inquiry, &held));
	TRY(check_provider(turn, message, &held));
	TRY(check_permitted(turn, message, &held, m->permit));
	TRY(join(turn, "inquiry.held", m->inquiry, &held, &is_new));
	if (!is_new || is_answered(&held))
		return OK;
	TRY(relay_inquiry_held(turn->store, m->deadline, m->inquiry));

	return turn_tell(turn, &offices, office_inquiry_held,
	    &(struct office_inquiry_held){m->inquiry, m->deadline});
}

/* --- The provider's answer ----------------------------------------------- */

/* Open the sealed contents.  ERR_INPUT if the item is not the one asked for, or
 * the version is not, where the inquiry named one. */
static enum err
open_provided(struct turn *turn, struct slice sealed,
    const struct relay_inquiry_find_row *held, struct inquiry_answered *ret)
{
	struct provided provided;

	TRY(sealing_open(turn, sealed, &provided));
	if (!slice_equal(provided.item, held->item) ||
	    (!slice_is_empty(held->version) &&
		!slice_equal(provided.version, held->version)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sealed: is not of the item that was asked for");
	ret->contents = provided.contents;
	ret->version = provided.version;
	ret->form = provided.form;

	return OK;
}

/* May an answer change how the inquiry ended?  Yes, if it expired, or was
 * cancelled or revoked. */
static bool
is_open(const struct relay_inquiry_find_row *held, struct slice outcome)
{
	return !is_answered(held) ||
	    (!slice_equal(held->outcome, outcome) &&
		(slice_equal_string(held->outcome, OUTCOME_EXPIRED) ||
		    slice_equal_string(held->outcome, OUTCOME_CANCELLED) ||
		    slice_equal_string(held->outcome, OUTCOME_REVOKED)));
}

/* The answer to an inquiry that was cancelled or revoked is recorded; its
 * contents are told to nobody. */
static bool
is_taken_back(const struct relay_inquiry_find_row *held)
{
	return !bug_is(BUG_CANCELLED_DELIVERED) &&
	    (held->has_cancelled ||
		slice_equal_string(held->outcome, OUTCOME_REVOKED));
}

static enum err
accept(struct turn *turn, const struct answer_sealed *m,
    const struct relay_inquiry_find_row *held)
{
	struct answer answer = {.told.inquiry = m->inquiry,
	    .told.outcome = m->outcome,
	    .permit = m->permit,
	    .undisclosed = m->undisclosed};
	bool provided = slice_equal_string(m->outcome, OUTCOME_PROVIDED);

	if (!provided && !slice_equal_string(m->outcome, OUTCOME_NO_DATA)) {
		answer.told.reason =
		    slice_is_empty(m->reason) ? m->outcome : m->reason;
		answer.told.article = m->article;
		answer.told.text = m->text;
	}
	if (is_taken_back(held))
		return write_end(turn, &answer);
	if (provided)
		TRY(open_provided(turn, m->sealed, held, &answer.told));

	return finish(turn, &answer);
}

enum err
inquiry_take_answer(struct turn *turn, const struct message *message)
{
	const struct answer_sealed *m = MESSAGE(message, answer_sealed);
	struct relay_inquiry_find_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	TRY(check_provider(turn, message, &held));
	TRY(check_permit(turn, &held, m->permit));
	TRY(join(turn, "inquiry.answer", m->inquiry, &held, &is_new));
	if (!is_new)
		return OK;
	TRY(relay_inquiry_answer_taken(turn->store,
	    once_content(turn, message_answer_sealed.shape, m), m->inquiry));

	return is_open(&held, m->outcome) ? accept(turn, m, &held) : OK;
}

/* --- Time ---------------------------------------------------------------- */

enum err
inquiry_expire(struct turn *turn)
{
	struct instant before = instant_plus(turn->now, -RELAY_EXPIRY_GRACE_MS);
	struct relay_inquiry_expired_row row;
	struct answer answer;
	enum err rc;
	int i;

	for (i = 0; i < EXPIRE_MAX; i++) {
		rc = relay_inquiry_expired(
		    turn->store, turn->arena, before, &row);
		if (rc)
			return rows_end(rc);
		answer = (struct answer){
		    inquiry_ended(turn->arena, row.inquiry,
			SLICE(OUTCOME_EXPIRED), REFUSED_EXPIRED, SLICE("")),
		    .permit = row.permit};
		TRY(finish(turn, &answer));
	}

	return OK;
}
