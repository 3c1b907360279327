/*
 * Archives of format 2: the inquirer signed the question (decision 0042), each
 * side knows the exchange by its own id, and both by the question's digest.
 */
#include "evidence/evidence_cast.h"
#include "messages/question.h"
#include "wire/sheet.h"

#define INVALID "question-invalid"

static const struct role roles[] = {
    {SIDE_INQUIRER, &message_question_sheet, true, WITH_NETWORK, PART_SHEET},
    {SIDE_INQUIRER, &message_relay_inquiry_request, true, WITH_NETWORK,
	PART_REQUEST},
    {SIDE_INQUIRER, &message_inquiry_cancel, true, WITH_NETWORK, PART_CANCEL},
    {SIDE_INQUIRER, &message_inquiry_permitted, false, WITH_NETWORK,
	PART_PERMITTED},
    {SIDE_INQUIRER, &message_inquiry_refused, false, WITH_NETWORK,
	PART_REFUSED},
    {SIDE_INQUIRER, &message_permit_revoked, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_INQUIRER, &message_relay_inquiry_held, false, WITH_RELAY, PART_HELD},
    {SIDE_INQUIRER, &message_answer_sealed, false, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_permit_issued, false, WITH_NETWORK, PART_ISSUED},
    {SIDE_PROVIDER, &message_permit_revoked, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_PROVIDER, &message_relay_inquiry_held, true, WITH_RELAY, PART_HELD},
    {SIDE_PROVIDER, &message_answer_sealed, true, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_provision_report, true, WITH_NETWORK, PART_REPORT},
};

/* The question, and who signed it. */
struct inquest {
	struct question question;
	struct digest digest;
	struct system_id asker;
};

/* --- The question ----------------------------------------------------------- */

static enum err
read_question(struct cast *c, struct slice text, struct inquest *ret)
{
	struct judging *j = c->j;

	if (question_read(j->arena, text, &ret->question, &j->problem))
		return evidence_wrong(
		    j, "the question is no question in its one spelling");
	ret->digest = digest_of(text);

	return system_id_of(ret->question.asker, "relay", &ret->asker);
}

/* The asker's relay signed a sheet that names the question. */
static enum err
check_sheet(struct cast *c, struct slice text, const struct inquest *q)
{
	const struct evidence_key *key = NULL;
	struct judging *j = c->j;
	struct sheet sheet;
	struct jws jws;
	enum err rc;

	if (sheet_read(j->arena, text, &sheet, &jws, &j->problem))
		return evidence_wrong(
		    j, "the question's sheet is not a JWS of type " SHEET_TYPE);
	rc = evidence_find_key(j, &q->asker, &jws.key, &key);
	if (rc)
		return rc;
	if (!system_id_equal(&sheet.by, &q->asker) ||
	    jws_verify(&jws, key->key))
		return evidence_wrong(
		    j, "the question's sheet is not signed by the asker");
	if (!sheet_has(&sheet, &q->digest))
		return evidence_wrong(
		    j, "the question's sheet does not name the question");

	return evidence_in_time(j, key, sheet.time);
}

static enum err
check_digest(struct cast *c, const struct digest *said, const struct inquest *q)
{
	if (said != NULL && !digest_equal(said, &q->digest))
		return evidence_wrong(
		    c->j, "the messages name more than one question");

	return OK;
}

/* The relays name the question by its digest alone. */
static enum err
check_digests(struct cast *c, const struct inquest *q)
{
	const struct inquiry_permitted *permitted =
	    BODY_OF(c, PART_PERMITTED, inquiry_permitted);
	const struct relay_inquiry_held *held =
	    BODY_OF(c, PART_HELD, relay_inquiry_held);
	const struct answer_sealed *answer =
	    BODY_OF(c, PART_ANSWER, answer_sealed);
	enum err rc;

	rc = check_digest(c, permitted ? &permitted->question : NULL, q);
	if (rc == OK)
		rc = check_digest(c, held ? &held->question : NULL, q);
	if (rc == OK)
		rc = check_digest(c, answer ? &answer->question : NULL, q);

	return rc;
}

static void
tell_question(struct cast *c, const struct inquest *q)
{
	struct evidence_story *s = &c->j->ret->story;

	s->inquirer.organisation = q->question.asker;
	s->provider.organisation = q->question.provider;
	s->affair = q->question.affair;
	s->item = q->question.item;
	s->unit = q->question.unit;
	s->question = q->digest;
	s->has_question = true;
}

/* The answer, if there is one. */
static enum err
check_answer(struct cast *c, const struct inquest *q)
{
	const struct answer_sealed *answer =
	    BODY_OF(c, PART_ANSWER, answer_sealed);

	return answer == NULL
	    ? OK
	    : evidence_check_answer(c,
		  &(struct said){answer->outcome, answer->reason,
		      answer->article, answer->sealed},
		  q->question.seal);
}

/* --- The inquirer ----------------------------------------------------------- */

/* The blind opens the commitments: the question is about that code and case. */
static enum err
check_commitments(struct cast *c, const struct relay_inquiry_request *request,
    const struct inquest *q)
{
	struct arena *arena = c->j->arena;
	struct digest who =
	    question_who(arena, &request->blind, &request->code);
	struct digest of_case =
	    question_case(arena, &request->blind, c->j->of_case);

	if (!digest_equal(&who, &q->question.who))
		return evidence_wrong(
		    c->j, "the question is not about the code of the request");
	if (!digest_equal(&of_case, &q->question.of_case))
		return evidence_wrong(
		    c->j, "the question does not name the case of the archive");

	return OK;
}

static enum err
check_signature(struct cast *c, const struct relay_inquiry_request *request,
    const struct inquest *q)
{
	const struct question_sheet *sheet =
	    BODY_OF(c, PART_SHEET, question_sheet);

	if (sheet == NULL || !slice_equal(sheet->sheet, request->sheet))
		return evidence_wrong(
		    c->j, "the archive lacks the sheet of the question");
	if (!system_id_equal(&q->asker, &c->j->holder))
		return evidence_wrong(c->j, "the question is of another asker");

	return check_sheet(c, sheet->jws, q);
}

static enum err
check_sender(struct cast *c, const struct inquest *q)
{
	if (c->other.text[0] != '\0' &&
	    !slice_equal(
		system_id_organisation(&c->other), q->question.provider))
		return evidence_wrong(
		    c->j, "%s answered without an inquiry", c->other.text);

	return OK;
}

static void
tell_inquirer(struct cast *c)
{
	const struct inquiry_permitted *permitted =
	    BODY_OF(c, PART_PERMITTED, inquiry_permitted);
	struct evidence_story *s = &c->j->ret->story;

	s->requested = c->first->envelope.time;
	s->accepted_by = slice_of(c->network.text);
	s->accepted = c->first->accepted;
	if (permitted != NULL) {
		s->permitted = c->parts[PART_PERMITTED]->envelope.time;
		s->expires = permitted->expires;
		s->article = permitted->article;
	}
	if (c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->j->holder.text);
		s->accepted = c->parts[PART_ANSWER]->entry.at;
	}
}

static enum err
check_inquirer(struct cast *c)
{
	const struct relay_inquiry_request *request =
	    BODY_OF(c, PART_REQUEST, relay_inquiry_request);
	struct evidence_story *s = &c->j->ret->story;
	struct inquest q;
	enum err rc;

	rc = evidence_check_same(c, "inquiry", &s->inquiry);
	if (rc == OK)
		rc = evidence_check_exchange(c, s->inquiry);
	if (rc == OK)
		rc = read_question(c, request->question, &q);
	if (rc == OK)
		rc = check_signature(c, request, &q);
	if (rc == OK)
		rc = check_commitments(c, request, &q);
	if (rc == OK)
		rc = check_digests(c, &q);
	if (rc == OK)
		rc = check_sender(c, &q);
	if (rc == OK)
		rc = evidence_tell_refusal(c);
	if (rc)
		return rc;
	tell_question(c, &q);
	tell_inquirer(c);

	return check_answer(c, &q);
}

/* --- The provider ----------------------------------------------------------- */

/* The provider found that nobody signed the question: that is the story, and
 * the sheet is not expected to hold. */
static bool
is_invalid(const struct cast *c)
{
	const struct provision_report *report =
	    BODY_OF(c, PART_REPORT, provision_report);

	return c->parts[PART_ANSWER] == NULL && report != NULL &&
	    slice_equal_string(report->reason, INVALID);
}

static enum err
check_report(struct cast *c)
{
	const struct provision_report *report =
	    BODY_OF(c, PART_REPORT, provision_report);

	return report == NULL
	    ? OK
	    : evidence_check_report(c, report->outcome, report->at);
}

static void
tell_provider(struct cast *c, const struct permit_issued *issued)
{
	struct evidence_story *s = &c->j->ret->story;

	s->provider.organisation = system_id_organisation(&c->j->holder);
	s->permitted = c->first->envelope.time;
	s->article = issued->article;
	s->requested = issued->requested;
	s->expires = issued->expires;
	if (c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->other.text);
		s->accepted = c->parts[PART_ANSWER]->accepted;
	}
}

static enum err
tell_invalid(struct cast *c, const struct permit_issued *issued)
{
	const struct provision_report *report =
	    BODY_OF(c, PART_REPORT, provision_report);
	struct evidence_story *s = &c->j->ret->story;
	struct inquest q;

	if (read_question(c, issued->question, &q) == OK)
		tell_question(c, &q);
	problem_clear(&c->j->problem);
	tell_provider(c, issued);
	s->answered = c->parts[PART_REPORT]->envelope.time;
	s->outcome = report->outcome;
	s->reason = report->reason;
	s->accepted_by = slice_of(c->network.text);
	s->accepted = c->parts[PART_REPORT]->accepted;

	return OK;
}

static enum err
check_ends(struct cast *c, const struct inquest *q)
{
	if (!slice_equal(
		q->question.provider, system_id_organisation(&c->j->holder)))
		return evidence_wrong(
		    c->j, "the question is for another provider");
	if (c->other.text[0] != '\0' && !system_id_equal(&c->other, &q->asker))
		return evidence_wrong(
		    c->j, "the answer did not go to the relay that asked");

	return OK;
}

static enum err
check_provider(struct cast *c)
{
	const struct permit_issued *issued =
	    BODY_OF(c, PART_ISSUED, permit_issued);
	struct evidence_story *s = &c->j->ret->story;
	struct inquest q;
	enum err rc;

	rc = evidence_check_same(c, "permit", &s->permit);
	if (rc == OK)
		rc = evidence_check_exchange(c, s->permit);
	if (rc == OK && is_invalid(c))
		return tell_invalid(c, issued);
	if (rc == OK)
		rc = read_question(c, issued->question, &q);
	if (rc == OK)
		rc = check_sheet(c, issued->sheet, &q);
	if (rc == OK)
		rc = check_digests(c, &q);
	if (rc == OK)
		rc = check_ends(c, &q);
	if (rc)
		return rc;
	tell_question(c, &q);
	tell_provider(c, issued);
	rc = check_answer(c, &q);

	return rc ? rc : check_report(c);
}

static enum err
check(struct cast *c)
{
	return c->side == SIDE_INQUIRER ? check_inquirer(c) : check_provider(c);
}

const struct rules evidence_rules_2 = {
    roles, sizeof(roles) / sizeof(roles[0]), check};
