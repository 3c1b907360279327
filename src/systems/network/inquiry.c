#include "systems/network/inquiry.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "host/once.h"
#include "law/catalogue.h"
#include "messages/inquiries.h"
#include "systems/network/acquisition.h"
#include "systems/network/amendment.h"
#include "systems/network/basis.h"
#include "systems/network/hiding.h"
#include "systems/network/network.h"
#include "systems/network/often.h"
#include "systems/network/question.h"
#include "systems/network/record.h"

/* A request, and the findings of the checks. */
struct inquiry {
	const struct relay_inquiry_request *request;
	struct network_question asked;
	const struct organisation *inquirer, *provider;
	struct system_id relay;           /* the provider's */
	struct network_person_row person; /* zero: nobody known */
	uint16_t epoch;                   /* of the provider's code */
	struct edition edition;           /* that decides */
	enum refusal refusal;
	struct slice article, text; /* that allows it; why not */
	struct slice content;       /* once_content() of the request */
	struct slice record;        /* the id of its record */
	struct instant requested;
};

/* --- Checks --------------------------------------------------------------- */

/* 1: the code is the inquirer's own, and was given to it. */
static enum err
check_code(struct turn *turn, struct inquiry *q)
{
	enum err rc = acquisition_person(
	    turn, q->inquirer, &q->request->code, &q->person);

	q->refusal = rc == OK ? REFUSED_NOT : REFUSED_NO_CODE;

	return rows_end(rc);
}

/* 2: the catalogue has the item, and the version if one is named. */
static enum err
check_item(struct turn *turn, struct inquiry *q)
{
	const struct question *r = &q->asked.question;
	const struct date today = date_in_japan(turn->now);
	struct law_item item;
	unsigned int form;

	TRY(amendment_on(turn, today, &q->edition));
	if (q->edition.law != NULL && law_item(q->edition.law, r->item, &item))
		q->refusal = REFUSED_UNKNOWN_ITEM;
	else if (!slice_is_empty(r->version) &&
	    catalogue_check(r->item, r->version, today, &form, NULL))
		q->refusal = REFUSED_UNKNOWN_VERSION;

	return OK;
}

/* 3: there is such a provider. */
static enum err
check_provider(struct turn *turn, struct inquiry *q)
{
	struct slice provider = q->asked.question.provider;

	q->provider = organisation_find(network_of(turn), provider);
	if (q->provider == NULL || system_id_of(provider, "relay", &q->relay) ||
	    !turn_has_peer(turn, &q->relay) || turn_is_revoked(turn, &q->relay))
		q->refusal = REFUSED_PROVIDER_UNKNOWN;

	return OK;
}

/* 4: the law allows it. */
static enum err
check_law(struct turn *turn, struct inquiry *q)
{
	const struct basis_question question = {.inquirer = q->inquirer,
	    .provider = q->provider,
	    .affair = q->asked.question.affair,
	    .item = q->asked.question.item,
	    .day = date_in_japan(turn->now),
	    .edition = q->edition};
	struct basis basis;

	TRY(basis_find(turn, &question, &basis));
	q->refusal =
	    basis.refusal == REFUSED_NO_BASIS && bug_is(BUG_LAW_SKIPPED)
	    ? REFUSED_NOT
	    : basis.refusal;
	q->article = basis.article;
	q->text = basis.text;

	return OK;
}

/* 5: 番号法28条. */
static enum err
check_assessments(struct turn *turn, struct inquiry *q)
{
	(void)turn;
	if (!q->inquirer->is_assessed)
		q->refusal = REFUSED_ASSESSMENT_INQUIRER;
	else if (!q->provider->is_assessed)
		q->refusal = REFUSED_ASSESSMENT_PROVIDER;

	return OK;
}

/* The inquirer's withholding of the record. */
static struct hiding
hiding_of(const struct inquiry *q)
{
	const struct question *asked = &q->asked.question;

	return (struct hiding){.side = HIDING_INQUIRER,
	    .organisation = asked->asker,
	    .affair = asked->affair,
	    .withheld = asked->withheld,
	    .officer = q->request->officer,
	    .second = q->request->second,
	    .from = date_in_japan(asked->asked)};
}

static bool
withholds(const struct inquiry *q)
{
	return !slice_is_empty(q->asked.question.withheld);
}

/* 6: 番号法23条2項. */
static enum err
check_withheld(struct turn *turn, struct inquiry *q)
{
	const struct hiding hiding = hiding_of(q);
	struct problem why = {0};

	if (!withholds(q) || hiding_check(&hiding, &why) == OK)
		return OK;
	q->refusal = REFUSED_WITHHOLDING;
	q->article = slice_of(refusal_info(REFUSED_WITHHOLDING)->article);
	q->text =
	    refusal_text(turn->arena, REFUSED_WITHHOLDING, slice_of(why.text));

	return OK;
}

/* 7: the provider was given a code for the person. */
static enum err
check_holder(struct turn *turn, struct inquiry *q)
{
	struct network_holder_epoch_row row = {0};
	enum err rc = network_holder_epoch(
	    turn->store, q->person.id, q->provider->number, &row);

	q->refusal = rc == OK ? REFUSED_NOT : REFUSED_PROVIDER_NO_CODE;
	q->epoch = (uint16_t)row.epoch;

	return rows_end(rc);
}

/* Make the checks one after another, until one refuses. */
static enum err
judge(struct turn *turn, struct inquiry *q)
{
	static enum err (*const checks[])(struct turn *, struct inquiry *) = {
	    check_code, check_item, check_provider, check_law,
	    check_assessments, check_withheld, check_holder};
	size_t i;

	q->refusal = REFUSED_NOT;
	for (i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		TRY(checks[i](turn, q));
		if (q->refusal != REFUSED_NOT)
			break;
	}

	return OK;
}

/* Set article and text of a refusal; those that differ from case to case have them
 * already. */
static void
explain(struct inquiry *q)
{
	if (q->refusal == REFUSED_NOT || q->refusal == REFUSED_NO_BASIS ||
	    q->refusal == REFUSED_OWN_USE ||
	    q->refusal == REFUSED_OWN_USE_LIMITED ||
	    q->refusal == REFUSED_WITHHOLDING)
		return;
	q->article = slice_of(refusal_info(q->refusal)->article);
	q->text = slice_of(refusal_info(q->refusal)->text);
}

/* --- Answers -------------------------------------------------------------- */

/* The permit, which is sent to the provider (令85 41条). */
static enum err
send_permit(struct turn *turn, const struct inquiry *q,
    const struct network_record_add *record)
{
	struct permit_issued permit = {.permit = record->record,
	    .article = q->article,
	    .edition = record->edition,
	    .requested = record->requested,
	    .expires = *record->expires,
	    .question = q->request->question,
	    .sheet = q->asked.jws};

	if (linkage_convert(network_of(turn)->linkage, &q->request->code,
		q->inquirer->number,
		(struct code_owner){q->provider->number, q->epoch},
		&permit.code))
		return problem_set(turn->problem, ERR_CORRUPT,
		    "the provider's code cannot be made");

	return turn_tell(turn, &q->relay, permit_issued, &permit);
}

/* The inquirer knows the exchange by its own id and its question alone. */
static enum err
send_permitted(struct turn *turn, const struct system_id *to,
    const struct relay_inquiry_request *r, struct slice article,
    struct instant expires)
{
	return turn_tell_at_leisure(turn, to, inquiry_permitted,
	    &(struct inquiry_permitted){
		r->inquiry, digest_of(r->question), article, expires});
}

/* A permit lasts no longer than its question. */
static struct instant
end_of(struct turn *turn, const struct question *q)
{
	struct instant end = instant_plus(turn->now, NETWORK_PERMIT_MS);

	return instant_is_before(q->until, end) ? q->until : end;
}

/* Write the record of the findings, and answer. */
static enum err
conclude(struct turn *turn, struct inquiry *q)
{
	const struct relay_inquiry_request *r = q->request;
	const struct question *asked = &q->asked.question;
	const struct hiding hiding = hiding_of(q);
	struct instant expires = end_of(turn, asked);
	struct network_record_add record = {.record = q->record,
	    .inquirer = asked->asker,
	    .inquiry = r->inquiry,
	    .affair = asked->affair,
	    .item = asked->item,
	    .provider = asked->provider,
	    .unit = asked->unit,
	    .requested = q->requested,
	    .withheld = asked->withheld,
	    .asked = q->content,
	    .question = digest_slice(&q->asked.digest)};
	struct system_id relay;

	explain(q);
	TRY(system_id_of(asked->asker, "relay", &relay));
	record.person = &q->person.record_code;
	record.article = q->article;
	record.edition = basis_edition_id(turn, &q->edition);
	record.reason = slice_of(refusal_info(q->refusal)->reason);
	record.expires = q->refusal == REFUSED_NOT ? &expires : NULL;
	TRY(record_add(turn, &record));
	if (q->refusal != REFUSED_NOT)
		return turn_tell(turn, &relay, inquiry_refused,
		    &(struct inquiry_refused){
			r->inquiry, record.reason, q->article, q->text});
	if (withholds(q))
		TRY(hiding_put(turn, record.record, &hiding));
	TRY(send_permitted(turn, &relay, r, q->article, expires));

	return send_permit(turn, q, &record);
}

/* --- Past a budget -------------------------------------------------------- */

/* When the network itself looks again: a day's budget renews itself; an inquiry
 * about one person waits for an officer. */
static struct instant
look_again(const struct turn *turn, struct slice reason, struct instant until)
{
	struct instant renews = budget_renews(turn);

	return slice_equal_string(reason, WAITS_INQUIRIES) &&
		instant_is_before(renews, until)
	    ? renews
	    : until;
}

static enum err
tell_waiting(struct turn *turn, const struct system_id *to,
    const struct network_waiting_row *row)
{
	return turn_tell(turn, to, inquiry_waiting,
	    &(struct inquiry_waiting){row->inquiry, row->until, row->reason});
}

/* Keep what is needed to decide later. */
static enum err
hold(struct turn *turn, const struct message *message, const struct inquiry *q,
    struct slice reason)
{
	const struct network_waiting_row row = {.inquiry = q->request->inquiry,
	    .reason = reason,
	    .until = end_of(turn, &q->asked.question)};

	TRY(network_waiting_add(turn->store,
	    &(struct network_waiting_add){.record = q->record,
		.id = q->person.id,
		.inquirer = q->asked.question.asker,
		.inquiry = row.inquiry,
		.question = q->request->question,
		.sheet = q->asked.jws,
		.asked = q->content,
		.reason = reason,
		.since = q->requested,
		.due = look_again(turn, reason, row.until),
		.until = row.until,
		.officer = q->request->officer,
		.second = q->request->second}));
	TRY(turn_audit(turn, "inquiry.wait",
	    record_code_text(turn, &q->person.record_code), q->article));

	return tell_waiting(turn, &message->from, &row);
}

/* The budget that is used up; empty: none is, or the inquiry is refused anyway. */
static enum err
take_budgets(struct turn *turn, const struct inquiry *q, struct slice *ret_over)
{
	const struct often often = {
	    q->asked.question.asker, &q->person.record_code, withholds(q)};

	*ret_over = SLICE("");

	return q->refusal == REFUSED_NOT ? often_take(turn, &often, ret_over)
					 : OK;
}

static enum err
decide(struct turn *turn, const struct message *message, struct inquiry *q)
{
	struct slice over;

	TRY(judge(turn, q));
	TRY(take_budgets(turn, q, &over));

	return slice_is_empty(over) ? conclude(turn, q)
				    : hold(turn, message, q, over);
}

/* The person's code at the inquirer, which is not stored. */
static enum err
code_of(struct turn *turn, struct id_code id,
    const struct organisation *inquirer, struct linkage_code *ret)
{
	struct network_holder_epoch_row row = {0};

	if (inquirer == NULL)
		return ERR_NOT_FOUND;
	TRY(network_holder_epoch(turn->store, id, inquirer->number, &row));

	return linkage_make(network_of(turn)->linkage, id,
	    (struct code_owner){inquirer->number, (uint16_t)row.epoch}, ret);
}

/* Read an inquiry that waited, and make the checks of today. */
static enum err
reopen(struct turn *turn, const struct network_waiting_row *row,
    struct relay_inquiry_request *request, struct inquiry *ret)
{
	*ret = (struct inquiry){.request = request,
	    .inquirer = organisation_find(network_of(turn), row->inquirer),
	    .asked.digest = digest_of(row->question),
	    .asked.jws = row->sheet,
	    .content = row->asked,
	    .record = row->record,
	    .requested = row->since};
	*request = (struct relay_inquiry_request){.inquiry = row->inquiry,
	    .question = row->question,
	    .officer = row->officer,
	    .second = row->second};
	TRY(question_read(
	    turn->arena, row->question, &ret->asked.question, turn->problem));
	TRY(rows_end(code_of(turn, row->id, ret->inquirer, &request->code)));

	return judge(turn, ret);
}

enum err
inquiry_release(struct turn *turn, const struct network_waiting_row *row)
{
	struct relay_inquiry_request request;
	struct inquiry q;

	TRY(reopen(turn, row, &request, &q));
	TRY(network_waiting_end(turn->store, row->record));

	return conclude(turn, &q);
}

enum err
inquiry_end(struct turn *turn, const struct network_waiting_row *row,
    enum refusal refusal)
{
	struct relay_inquiry_request request;
	struct inquiry q;

	TRY(reopen(turn, row, &request, &q));
	q.refusal = refusal;
	TRY(network_waiting_end(turn->store, row->record));

	return conclude(turn, &q);
}

enum err
inquiry_look_again(struct turn *turn, const struct network_waiting_row *row)
{
	struct relay_inquiry_request request;
	struct slice over;
	struct inquiry q;

	if (!instant_is_before(turn->now, row->until))
		return inquiry_end(turn, row, REFUSED_BUDGET);
	TRY(reopen(turn, row, &request, &q));
	TRY(take_budgets(turn, &q, &over));
	if (!slice_is_empty(over))
		return network_waiting_later(turn->store, over,
		    look_again(turn, over, row->until), row->record);
	TRY(network_waiting_end(turn->store, row->record));

	return conclude(turn, &q);
}

/* --- The message ---------------------------------------------------------- */

/* The request is a repetition: give the same answer, and no second permit. */
static enum err
repeat(struct turn *turn, const struct message *message,
    const struct inquiry *q, const struct network_record_row *record)
{
	const struct relay_inquiry_request *r = q->request;
	enum refusal refusal = refusal_of(record->reason);

	TRY(once_check(turn, "inquiry", record->asked, q->content));
	TRY(turn_audit(turn, "inquiry.repeat",
	    record_code_text(turn, &record->person), record->article));
	if (record->has_expires)
		return send_permitted(
		    turn, &message->from, r, record->article, record->expires);
	if (refusal == REFUSED_NOT)
		refusal = REFUSED_NO_BASIS;

	return turn_tell(turn, &message->from, inquiry_refused,
	    &(struct inquiry_refused){.inquiry = r->inquiry,
		.reason = slice_of(refusal_info(refusal)->reason),
		.article = record->article,
		.text = slice_of(refusal_info(refusal)->text)});
}

/* The same while it waits. */
static enum err
repeat_waiting(struct turn *turn, const struct message *message,
    struct inquiry *q, const struct network_waiting_row *row)
{
	TRY(once_check(turn, "inquiry", row->asked, q->content));
	TRY(check_code(turn, q));
	TRY(turn_audit(turn, "inquiry.repeat",
	    record_code_text(turn, &q->person.record_code),
	    SLICE("番号法21条2項")));

	return tell_waiting(turn, &message->from, row);
}

enum err
inquiry_take(struct turn *turn, const struct message *message)
{
	struct slice from = system_id_organisation(&message->from);
	struct inquiry q = {.request = MESSAGE(message, relay_inquiry_request),
	    .inquirer = organisation_find(network_of(turn), from)};
	const struct asked asked = {&q.request->code, &q.request->blind,
	    q.request->question, q.request->sheet};
	struct network_waiting_row waiting;
	struct network_record_row before;
	enum err rc;

	q.content =
	    once_content(turn, message_relay_inquiry_request.shape, q.request);
	rc = network_record_of_inquiry(
	    turn->store, turn->arena, from, q.request->inquiry, &before);
	if (rc == OK)
		return repeat(turn, message, &q, &before);
	if (rc == ERR_NOT_FOUND)
		rc = network_waiting_of_inquiry(turn->store, turn->arena, from,
		    q.request->inquiry, &waiting);
	if (rc == OK)
		return repeat_waiting(turn, message, &q, &waiting);
	if (rc != ERR_NOT_FOUND)
		return rc;
	q.record = turn_new_id(turn);
	q.requested = turn->now;
	TRY(question_open(turn, message, &asked, &q.asked));

	return decide(turn, message, &q);
}
