/*
 * Archives of format 1, which were written before questions were signed
 * (decision 0042): judged by the rules of their day, with the messages of that
 * day.
 */
#include "evidence/evidence_cast.h"

/* --- The messages of that day ----------------------------------------------- */

#define MESSAGE_1(tag, name_)                                             \
	static const struct shape tag##_shape = SHAPE(tag, tag##_fields); \
	static const struct message_type message_##tag = {                \
	    .name = name_, .edition = 1, .shape = &tag##_shape}

struct asked_1 {
	struct slice inquiry;
	struct linkage_code code;
	struct slice affair, item, version, provider, unit;
	bool undisclosed;
	struct slice sealing_key;
};
static const struct field asked_1_fields[] = {
    FIELD(asked_1, inquiry, ID, ""),
    FIELD(asked_1, code, LINKAGE_CODE, ""),
    FIELD(asked_1, affair, NAME_OF, ""),
    FIELD(asked_1, item, NAME_OF, ""),
    OPTION(asked_1, version, NAME_OF, ""),
    FIELD(asked_1, provider, ORGANISATION, ""),
    FIELD(asked_1, unit, UNIT, ""),
    FIELD(asked_1, undisclosed, BOOL, ""),
    FIELD(asked_1, sealing_key, JSON(1024), ""),
};
MESSAGE_1(asked_1, "inquiry.request");

struct permitted_1 {
	struct slice inquiry, permit;
	struct slice article;
	struct instant expires;
};
static const struct field permitted_1_fields[] = {
    FIELD(permitted_1, inquiry, ID, ""),
    FIELD(permitted_1, permit, ID, ""),
    FIELD(permitted_1, article, ARTICLE, ""),
    FIELD(permitted_1, expires, INSTANT, ""),
};
MESSAGE_1(permitted_1, "inquiry.permitted");

struct issued_1 {
	struct slice permit, inquiry;
	struct linkage_code code;
	struct slice item, version, affair, article;
	struct slice inquirer, unit;
	struct instant requested, expires;
	struct system_id answer_to;
	bool undisclosed;
	struct slice sealing_key;
};
static const struct field issued_1_fields[] = {
    FIELD(issued_1, permit, ID, ""),
    FIELD(issued_1, inquiry, ID, ""),
    FIELD(issued_1, code, LINKAGE_CODE, ""),
    FIELD(issued_1, item, NAME_OF, ""),
    OPTION(issued_1, version, NAME_OF, ""),
    FIELD(issued_1, affair, NAME_OF, ""),
    FIELD(issued_1, article, ARTICLE, ""),
    FIELD(issued_1, inquirer, ORGANISATION, ""),
    FIELD(issued_1, unit, UNIT, ""),
    FIELD(issued_1, requested, INSTANT, ""),
    FIELD(issued_1, expires, INSTANT, ""),
    FIELD(issued_1, answer_to, SYSTEM, ""),
    FIELD(issued_1, undisclosed, BOOL, ""),
    FIELD(issued_1, sealing_key, JSON(1024), ""),
};
MESSAGE_1(issued_1, "permit.issued");

struct revoked_1 {
	struct slice permit, inquiry;
	struct slice inquirer;
	struct slice outcome, article, text;
};
static const struct field revoked_1_fields[] = {
    FIELD(revoked_1, permit, ID, ""),
    FIELD(revoked_1, inquiry, ID, ""),
    FIELD(revoked_1, inquirer, ORGANISATION, ""),
    FIELD(revoked_1, outcome, WORD("cancelled|revoked"), ""),
    OPTION(revoked_1, article, ARTICLE, ""),
    OPTION(revoked_1, text, EXPLANATION, ""),
};
MESSAGE_1(revoked_1, "permit.revoked");

struct held_1 {
	struct slice permit, inquiry;
	struct instant deadline;
};
static const struct field held_1_fields[] = {
    FIELD(held_1, permit, ID, ""),
    FIELD(held_1, inquiry, ID, ""),
    FIELD(held_1, deadline, INSTANT, ""),
};
MESSAGE_1(held_1, "inquiry.held");

struct answer_1 {
	struct slice permit, inquiry;
	struct slice outcome;
	bool undisclosed;
	struct slice sealed;
	struct slice reason, article, text;
};
static const struct field answer_1_fields[] = {
    FIELD(answer_1, permit, ID, ""),
    FIELD(answer_1, inquiry, ID, ""),
    FIELD(answer_1, outcome,
	WORD("provided|no-data|refused|expired|cancelled|revoked"), ""),
    FIELD(answer_1, undisclosed, BOOL, ""),
    OPTION(answer_1, sealed, TEXT(MESSAGE_SEALED_MAX), ""),
    OPTION(answer_1, reason, NAME_OF, ""),
    OPTION(answer_1, article, ARTICLE, ""),
    OPTION(answer_1, text, EXPLANATION, ""),
};
MESSAGE_1(answer_1, "answer.sealed");

struct report_1 {
	struct slice permit;
	struct slice outcome, reason;
	struct instant at;
	bool undisclosed;
};
static const struct field report_1_fields[] = {
    FIELD(report_1, permit, ID, ""),
    FIELD(report_1, outcome,
	WORD("provided|no-data|refused|expired|cancelled|revoked"), ""),
    OPTION(report_1, reason, NAME_OF, ""),
    FIELD(report_1, at, PAST, ""),
    FIELD(report_1, undisclosed, BOOL, ""),
};
MESSAGE_1(report_1, "provision.report");

static const struct role roles[] = {
    {SIDE_INQUIRER, &message_asked_1, true, WITH_NETWORK, PART_REQUEST},
    {SIDE_INQUIRER, &message_inquiry_cancel, true, WITH_NETWORK, PART_CANCEL},
    {SIDE_INQUIRER, &message_permitted_1, false, WITH_NETWORK, PART_PERMITTED},
    {SIDE_INQUIRER, &message_inquiry_refused, false, WITH_NETWORK,
	PART_REFUSED},
    {SIDE_INQUIRER, &message_revoked_1, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_INQUIRER, &message_held_1, false, WITH_RELAY, PART_HELD},
    {SIDE_INQUIRER, &message_answer_1, false, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_issued_1, false, WITH_NETWORK, PART_ISSUED},
    {SIDE_PROVIDER, &message_revoked_1, false, WITH_NETWORK, PART_REVOKED},
    {SIDE_PROVIDER, &message_held_1, true, WITH_RELAY, PART_HELD},
    {SIDE_PROVIDER, &message_answer_1, true, WITH_RELAY, PART_ANSWER},
    {SIDE_PROVIDER, &message_report_1, true, WITH_NETWORK, PART_REPORT},
};

static enum err
check_names(struct cast *c)
{
	struct evidence_story *s = &c->j->ret->story;
	enum err rc;

	rc = evidence_check_same(c, "inquiry", &s->inquiry);
	if (rc == OK)
		rc = evidence_check_same(c, "permit", &s->permit);

	return rc ? rc
		  : evidence_check_exchange(
			c, c->side == SIDE_INQUIRER ? s->inquiry : s->permit);
}

/* The answer, if there is one. */
static enum err
check_answer(struct cast *c, struct slice jwk)
{
	const struct answer_1 *answer = BODY_OF(c, PART_ANSWER, answer_1);

	return answer == NULL
	    ? OK
	    : evidence_check_answer(c,
		  &(struct said){answer->outcome, answer->reason,
		      answer->article, answer->sealed},
		  jwk);
}

static enum err
check_report(struct cast *c)
{
	const struct report_1 *report = BODY_OF(c, PART_REPORT, report_1);

	return report == NULL
	    ? OK
	    : evidence_check_report(c, report->outcome, report->at);
}

static enum err
check_inquirer(struct cast *c)
{
	const struct asked_1 *request = BODY_OF(c, PART_REQUEST, asked_1);
	const struct permitted_1 *permitted =
	    BODY_OF(c, PART_PERMITTED, permitted_1);
	struct evidence_story *s = &c->j->ret->story;
	enum err rc;

	s->inquirer.organisation = system_id_organisation(&c->j->holder);
	s->requested = c->first->envelope.time;
	s->provider.organisation = request->provider;
	s->affair = request->affair;
	s->item = request->item;
	s->unit = request->unit;
	rc = evidence_tell_refusal(c);
	if (permitted != NULL) {
		s->permitted = c->parts[PART_PERMITTED]->envelope.time;
		s->expires = permitted->expires;
		s->article = permitted->article;
	}
	if (rc == OK && c->other.text[0] != '\0' &&
	    !slice_equal(
		system_id_organisation(&c->other), s->provider.organisation))
		rc = evidence_wrong(
		    c->j, "%s answered without an inquiry", c->other.text);
	if (rc)
		return rc;
	s->accepted_by = slice_of(c->network.text);
	s->accepted = c->first->accepted;
	if (c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->j->holder.text);
		s->accepted = c->parts[PART_ANSWER]->entry.at;
	}

	return check_answer(c, request->sealing_key);
}

static enum err
check_provider(struct cast *c)
{
	const struct issued_1 *issued = BODY_OF(c, PART_ISSUED, issued_1);
	struct evidence_story *s = &c->j->ret->story;
	enum err rc = OK;

	s->provider.organisation = system_id_organisation(&c->j->holder);
	s->permitted = c->first->envelope.time;
	s->inquirer.organisation = issued->inquirer;
	s->affair = issued->affair;
	s->item = issued->item;
	s->unit = issued->unit;
	s->article = issued->article;
	s->requested = issued->requested;
	s->expires = issued->expires;
	if (!slice_equal(
		system_id_organisation(&issued->answer_to), issued->inquirer) ||
	    (c->other.text[0] != '\0' &&
		!system_id_equal(&c->other, &issued->answer_to)))
		rc = evidence_wrong(
		    c->j, "the answer did not go to the relay that asked");
	if (rc == OK && c->parts[PART_ANSWER] != NULL) {
		s->accepted_by = slice_of(c->other.text);
		s->accepted = c->parts[PART_ANSWER]->accepted;
	}
	if (rc == OK)
		rc = check_answer(c, issued->sealing_key);

	return rc ? rc : check_report(c);
}

static enum err
check(struct cast *c)
{
	enum err rc = check_names(c);

	if (rc)
		return rc;

	return c->side == SIDE_INQUIRER ? check_inquirer(c) : check_provider(c);
}

const struct rules evidence_rules_1 = {
    roles, sizeof(roles) / sizeof(roles[0]), check};
