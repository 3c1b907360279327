#include "systems/relay/inquiry.h"

#include <string.h>

#include "base/bug.h"
#include "components/keeper/keeper.h"
#include "host/evidence.h"
#include "host/once.h"
#include "law/refusal.h"
#include "messages/tokens.h"
#include "relay_rows.h"
#include "systems/network/network.h"
#include "systems/relay/apart.h"
#include "systems/relay/case.h"
#include "systems/relay/linkage.h"
#include "systems/relay/relay.h"
#include "systems/relay/sealing.h"
#include "systems/relay/signing.h"

#define EXPIRE_MAX 500

/* How an inquiry ends. */
struct answer {
	struct inquiry_answered told; /* to our office */
	struct slice withheld;        /* by the provider (番号法23条2項) */
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
find(struct turn *turn, struct slice inquiry, struct relay_inquiry_row *ret)
{
	enum err rc =
	    relay_inquiry_find(turn->store, turn->arena, inquiry, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field inquiry: this relay made no such inquiry");

	return rc;
}

enum err
inquiry_of_question(struct turn *turn, const struct digest *question,
    struct relay_inquiry_row *ret)
{
	enum err rc = ERR_NOT_FOUND;
	struct slice tag;
	uint32_t epoch;

	for (epoch = apart_epoch(turn); rc == ERR_NOT_FOUND && epoch > 0;
	     epoch--) {
		TRY(apart_tag(turn, epoch, question, &tag));
		rc = relay_inquiry_of_question(
		    turn->store, turn->arena, tag, ret);
	}

	return rc;
}

/* The inquiry that asked the question, by which the provider knows it. */
static enum err
find_asked(struct turn *turn, const struct digest *question,
    struct relay_inquiry_row *ret)
{
	enum err rc = inquiry_of_question(turn, question, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field question: this relay asked no such question");

	return rc;
}

/* The message contradicts nothing that the row says: it becomes evidence, unless
 * it is a repetition, of which *ret_is_new is false. */
static enum err
join(struct turn *turn, const char *action, struct slice inquiry,
    const struct relay_inquiry_row *held, bool *ret_is_new)
{
	TRY(evidence_check(turn, "inquiry", inquiry, ret_is_new));
	if (!*ret_is_new)
		return relay_audit(
		    turn, "inquiry.repeat", held->internal, held->affair);

	return audit(turn, action, inquiry, held->internal, held->affair);
}

static bool
is_answered(const struct relay_inquiry_row *held)
{
	return slice_equal_string(held->state, "answered");
}

/* The network refused it, or it never went there. */
static bool
is_refused(const struct relay_inquiry_row *held)
{
	return !held->has_expires &&
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
		.answered = apart_minute(turn->now),
		.withheld = answer->withheld});
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
	struct relay_inquiry_row held;
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
		.requested = apart_minute(turn->now),
		.withheld = m->withheld,
		.asked = content,
		.case_number = m->matter.of_case.number,
		.case_unit = m->matter.of_case.unit,
		.case_clerk = m->matter.of_case.clerk,
		.case_second = m->matter.of_case.second,
		.case_opened = m->matter.of_case.opened,
		.step = m->matter.step,
		.whose = m->matter.whose}));
	*ret_new = store_changes(turn->store) == 1;
	if (*ret_new)
		return OK;
	TRY(relay_inquiry_find(turn->store, turn->arena, m->inquiry, &held));

	return once_check(turn, "inquiry", held.asked, content);
}

/* Keep the question, whose answer names its digest alone. */
static enum err
keep_question(
    struct turn *turn, struct slice inquiry, const struct signed_question *q)
{
	uint8_t both[2 * sizeof(struct digest)];
	struct slice tag, sealed;

	memcpy(both, q->digest.bytes, sizeof(q->digest.bytes));
	memcpy(both + sizeof(q->digest.bytes), q->blind.bytes,
	    sizeof(q->blind.bytes));
	TRY(apart_tag(turn, apart_epoch(turn), &q->digest, &tag));
	TRY(apart_seal(turn, slice_bytes(both, sizeof(both)), &sealed));

	return relay_inquiry_question(
	    turn->store, tag, sealed, q->sheet, inquiry);
}

static enum err
send_question(struct turn *turn, const struct addressee_inquiry_request *m,
    const struct linkage_code *code)
{
	const struct question draft = {.provider = m->provider,
	    .affair = m->affair,
	    .item = m->item,
	    .version = m->version,
	    .unit = m->unit,
	    .withheld = m->withheld};
	const bool withholds = !slice_is_empty(m->withheld);
	struct signed_question q;

	TRY(signing_ask(turn, &draft, &m->matter, code, &q));
	TRY(keep_question(turn, m->inquiry, &q));

	return turn_tell_usual(turn, NETWORK_USUAL, relay_inquiry_request,
	    &(struct relay_inquiry_request){.inquiry = m->inquiry,
		.code = *code,
		.blind = q.blind,
		.whose = m->matter.whose,
		.question = q.text,
		.sheet = q.sheet,
		.officer = withholds ? m->matter.of_case.clerk : SLICE(""),
		.second = withholds ? m->matter.of_case.second : SLICE("")});
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

/* A refused inquiry is neither permitted nor answered. */
static enum err
check_not_refused(struct turn *turn, const struct relay_inquiry_row *held)
{
	if (is_refused(held))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field inquiry: was refused before");

	return OK;
}

/* The network permitted the question that we asked, not another. */
static enum err
check_question(struct turn *turn, const struct relay_inquiry_row *held,
    const struct digest *question)
{
	struct relay_inquiry_row asked;

	TRY(find_asked(turn, question, &asked));
	if (!slice_equal(asked.inquiry, held->inquiry))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field question: is that of another inquiry");

	return OK;
}

enum err
inquiry_permitted(struct turn *turn, const struct message *message)
{
	const struct inquiry_permitted *m = MESSAGE(message, inquiry_permitted);
	struct relay_inquiry_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	TRY(check_question(turn, &held, &m->question));
	TRY(check_not_refused(turn, &held));
	TRY(join(turn, "inquiry.permitted", m->inquiry, &held, &is_new));
	if (!is_new)
		return OK;

	return relay_inquiry_permit(
	    turn->store, m->expires, m->article, m->inquiry);
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
	struct relay_inquiry_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	if (held.has_expires || !slice_is_empty(held.answer))
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
inquiry_waiting(struct turn *turn, const struct message *message)
{
	const struct inquiry_waiting *m = MESSAGE(message, inquiry_waiting);
	struct system_id offices = turn_sibling(turn, "offices");
	struct relay_inquiry_row held;

	TRY(find(turn, m->inquiry, &held));
	TRY(relay_audit(turn, "inquiry.waiting", held.internal, held.affair));
	/* It was permitted meanwhile, or it has ended. */
	if (held.has_expires || is_answered(&held))
		return OK;
	TRY(relay_inquiry_held(turn->store, m->until, m->inquiry));

	return turn_tell(turn, &offices, office_inquiry_held,
	    &(struct office_inquiry_held){m->inquiry, m->until, m->reason});
}

enum err
inquiry_not_taken(struct turn *turn, const struct message *message)
{
	const struct relay_inquiry_request *m =
	    MESSAGE(message, relay_inquiry_request);
	const struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_REFUSED), REFUSED_MESSAGE, message->refusal)};
	struct relay_inquiry_row held;

	TRY(find(turn, m->inquiry, &held));
	TRY(audit(
	    turn, "inquiry.refused", m->inquiry, held.internal, held.affair));
	/* The network has permitted it all the same, or we have ended it. */
	if (held.has_expires || is_answered(&held))
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
	    .told.text = m->text};
	struct relay_inquiry_row held;
	bool is_new;

	TRY(find(turn, m->inquiry, &held));
	TRY(check_not_refused(turn, &held));
	TRY(join(turn, "inquiry.revoked", m->inquiry, &held, &is_new));

	return is_new && !is_answered(&held) ? finish(turn, &answer) : OK;
}

enum err
inquiry_cancel(struct turn *turn, const struct message *message)
{
	const struct inquiry_cancel *m = MESSAGE(message, inquiry_cancel);
	const struct answer answer = {inquiry_ended(turn->arena, m->inquiry,
	    SLICE(OUTCOME_CANCELLED), REFUSED_CANCELLED, SLICE(""))};
	struct relay_inquiry_row held;
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
	TRY(relay_inquiry_cancel(turn->store, turn->now, m->inquiry));
	TRY(finish(turn, &answer));

	return turn_tell_usual(turn, NETWORK_USUAL, inquiry_cancel, m);
}

/* --- Held by the provider -------------------------------------------------- */

/* ERR_DENIED unless the sender is the provider that we asked. */
static enum err
check_provider(struct turn *turn, const struct message *message,
    const struct relay_inquiry_row *held)
{
	if (!slice_equal(
		system_id_organisation(&message->from), held->provider))
		return problem_set(turn->problem, ERR_DENIED,
		    "field question: another organisation was asked");

	return OK;
}

enum err
inquiry_held(struct turn *turn, const struct message *message)
{
	const struct relay_inquiry_held *m =
	    MESSAGE(message, relay_inquiry_held);
	struct system_id offices = turn_sibling(turn, "offices");
	struct relay_inquiry_row held;
	bool is_new;

	if (m->deadline.ms > turn->now.ms + RELAY_REVOCATION_KEEP_MS)
		return problem_set(turn->problem, ERR_INPUT,
		    "field deadline: expected one within 60 days; no permit "
		    "is valid for longer");
	TRY(find_asked(turn, &m->question, &held));
	TRY(check_provider(turn, message, &held));
	TRY(check_not_refused(turn, &held));
	TRY(join(turn, "inquiry.held", held.inquiry, &held, &is_new));
	if (!is_new || is_answered(&held))
		return OK;
	TRY(relay_inquiry_held(turn->store, m->deadline, held.inquiry));

	return turn_tell(turn, &offices, office_inquiry_held,
	    &(struct office_inquiry_held){
		.inquiry = held.inquiry, .deadline = m->deadline});
}

/* --- The provider's answer ----------------------------------------------- */

/* Open the sealed contents.  ERR_INPUT if the item is not the one asked for, or
 * the version is not, where the inquiry named one. */
static enum err
open_provided(struct turn *turn, struct slice sealed,
    const struct relay_inquiry_row *held, struct inquiry_answered *ret)
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
is_open(const struct relay_inquiry_row *held, struct slice outcome)
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
is_taken_back(const struct relay_inquiry_row *held)
{
	return !bug_is(BUG_CANCELLED_DELIVERED) &&
	    (held->has_cancelled ||
		slice_equal_string(held->outcome, OUTCOME_REVOKED));
}

static enum err
accept(struct turn *turn, const struct answer_sealed *m,
    const struct relay_inquiry_row *held)
{
	struct answer answer = {.told.inquiry = held->inquiry,
	    .told.outcome = m->outcome,
	    .withheld = m->withheld};
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

/* For the keeper: what the provider said, whatever our record says by now. */
static enum err
note_answer(struct turn *turn, const struct answer_sealed *m,
    const struct relay_inquiry_row *held)
{
	return keeper_note(turn,
	    &(struct keeper_exchange){.organisation = turn_organisation(turn),
		.side = SIDE_ASKED,
		.question = &m->question,
		.outcome = m->outcome,
		.withheld = m->withheld,
		.record = held->inquiry});
}

enum err
inquiry_take_answer(struct turn *turn, const struct message *message)
{
	const struct answer_sealed *m = MESSAGE(message, answer_sealed);
	struct relay_inquiry_row held;
	bool is_new;

	TRY(find_asked(turn, &m->question, &held));
	TRY(check_provider(turn, message, &held));
	TRY(check_not_refused(turn, &held));
	TRY(join(turn, "inquiry.answer", held.inquiry, &held, &is_new));
	if (!is_new)
		return OK;
	TRY(relay_inquiry_answer_taken(turn->store,
	    once_content(turn, message_answer_sealed.shape, m), held.inquiry));
	TRY(note_answer(turn, m, &held));

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
		answer = (struct answer){inquiry_ended(turn->arena, row.inquiry,
		    SLICE(OUTCOME_EXPIRED), REFUSED_EXPIRED, SLICE(""))};
		TRY(finish(turn, &answer));
	}

	return OK;
}
