#include "systems/relay/inquiry.h"

#include "base/bug.h"
#include "host/evidence.h"
#include "host/once.h"
#include "law/refusal.h"
#include "relay_rows.h"
#include "systems/network/network.h"
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
find(struct turn *turn, const char *action, struct slice inquiry,
    struct relay_inquiry_find_row *ret)
{
	enum err rc =
	    relay_inquiry_find(turn->store, turn->arena, inquiry, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field inquiry: this relay made no such inquiry");
	if (rc)
		return rc;

	return audit(turn, action, inquiry, ret->internal, ret->affair);
}

static bool
is_answered(const struct relay_inquiry_find_row *held)
{
	return slice_equal_string(held->state, "answered");
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
		.asked = content}));
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

enum err
inquiry_ask(struct turn *turn, const struct message *message)
{
	const struct addressee_inquiry_request *m =
	    MESSAGE(message, addressee_inquiry_request);
	const struct answer not_acquired = {
	    inquiry_ended(turn->arena, m->inquiry, SLICE(OUTCOME_REFUSED),
		REFUSED_NOT_ACQUIRED, SLICE(""))};
	struct linkage_code code;
	bool is_new;
	enum err rc;

	TRY(record(turn, m, &is_new));
	TRY(audit(
	    turn, "inquiry.ask", m->inquiry, m->internal_number, m->affair));
	if (!is_new)
		return OK;
	rc = linkage_code_of(turn, m->internal_number, &code);
	if (rc == ERR_NOT_FOUND)
		return finish(turn, &not_acquired);
	TRY(rc);

	return send_question(turn, m, &code);
}

/* --- The network's answer ------------------------------------------------ */

static enum err
check_permit(struct turn *turn, const struct relay_inquiry_find_row *held,
    struct slice permit)
{
	if (!slice_is_empty(held->permit) && !slice_equal(held->permit, permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field permit: the inquiry has another permit");

	return OK;
}

enum err
inquiry_permitted(struct turn *turn, const struct message *message)
{
	const struct inquiry_permitted *m = MESSAGE(message, inquiry_permitted);
	struct relay_inquiry_find_row held;

	TRY(find(turn, "inquiry.permitted", m->inquiry, &held));
	TRY(check_permit(turn, &held, m->permit));

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

	TRY(find(turn, "inquiry.refused", m->inquiry, &held));
	/* Cancelled while the network refused it: the refusal is the record. */
	if (is_answered(&held))
		return slice_equal_string(held.outcome, OUTCOME_CANCELLED) &&
			slice_is_empty(held.permit)
		    ? write_end(turn, &answer)
		    : OK;
	if (!slice_is_empty(held.permit))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was permitted before");

	return finish(turn, &answer);
}

enum err
inquiry_not_taken(struct turn *turn, const struct message *message)
{
	const struct relay_inquiry_request *m =
	    MESSAGE(message, relay_inquiry_request);
	const struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_REFUSED), REFUSED_MESSAGE, message->refusal)};
	struct relay_inquiry_find_row held;

	TRY(find(turn, "inquiry.refused", m->inquiry, &held));

	return is_answered(&held) ? OK : finish(turn, &answer);
}

/* --- Taking back ---------------------------------------------------------- */

enum err
inquiry_revoked(struct turn *turn, const struct permit_revoked *m)
{
	const struct answer answer = {.told.inquiry = m->inquiry,
	    .told.outcome = SLICE(OUTCOME_REVOKED),
	    .told.reason = SLICE("revoked"),
	    .told.article = m->article,
	    .told.text = m->text,
	    .permit = m->permit};
	struct relay_inquiry_find_row held;

	TRY(find(turn, "inquiry.revoked", m->inquiry, &held));

	return is_answered(&held) ? OK : finish(turn, &answer);
}

enum err
inquiry_cancel(struct turn *turn, const struct message *message)
{
	const struct inquiry_cancel *m = MESSAGE(message, inquiry_cancel);
	struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_CANCELLED), REFUSED_CANCELLED, SLICE(""))};
	struct relay_inquiry_find_row held;
	enum err rc = find(turn, "inquiry.cancel", m->inquiry, &held);

	/* An inquiry that is not here may still be under way. */
	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < RELAY_OVERTAKE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "the inquiry has not arrived here yet");
	if (rc || is_answered(&held))
		return rc;
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

	if (m->deadline.ms > turn->now.ms + RELAY_REVOCATION_KEEP_MS)
		return problem_set(turn->problem, ERR_INPUT,
		    "field deadline: expected one within 60 days; no permit "
		    "is valid for longer");
	TRY(find(turn, "inquiry.held", m->inquiry, &held));
	TRY(check_provider(turn, message, &held));
	if (is_answered(&held))
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
	struct slice content =
	    once_content(turn, message_answer_sealed.shape, m);
	struct relay_inquiry_find_row held;

	TRY(find(turn, "inquiry.answer", m->inquiry, &held));
	TRY(check_provider(turn, message, &held));
	TRY(check_permit(turn, &held, m->permit));
	if (is_answered(&held) && slice_is_empty(held.permit) &&
	    !held.has_cancelled)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was not permitted");

	TRY(once_check(turn, "inquiry", held.answer, content));
	if (!slice_is_empty(held.answer))
		return OK; /* a repetition */
	TRY(relay_inquiry_answer_taken(turn->store, content, m->inquiry));

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
