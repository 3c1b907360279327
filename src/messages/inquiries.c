#include "messages/inquiries.h"

#include "wire/sheet.h"

#define PROVIDERS_MAX 4096
/* A revoked inquiry is reported to offices as refused. */
#define OFFICE_OUTCOMES "provided|no-data|refused|expired|cancelled"
#define OUTCOMES OFFICE_OUTCOMES "|revoked"

#define ASKED(tag)                                                  \
	FIELD(tag, affair, NAME_OF, "the inquiry's affair"),        \
	    FIELD(tag, item, NAME_OF, "item of information"),       \
	    OPTION(tag, version, NAME_OF,                           \
		"the version of the item; without it, the newest"), \
	    FIELD(tag, provider, ORGANISATION,                      \
		"the organisation that is asked"),                  \
	    FIELD(tag, unit, UNIT, "the inquirer's unit")
#define REFUSAL(tag)                                                      \
	OPTION(tag, reason, NAME_OF, "the reason of a refusal"),          \
	    OPTION(tag, article, ARTICLE, "the article that refuses it"), \
	    OPTION(tag, text, EXPLANATION, "the reason in words")
#define WITHHELD(tag)                      \
	OPTION(tag, withheld, WITHHOLDING, \
	    "how the record is kept from the person's view (不開示)")
#define WITHHELD_BY(tag)                                              \
	OPTION(tag, officer, TEXT(200), "the officer who withholds"), \
	    OPTION(tag, second, TEXT(200),                            \
		"the second one, where existence is withheld")
#define QUESTION_DIGEST(tag)         \
	FIELD(tag, question, DIGEST, \
	    "the digest of the question, by which both relays know it")
/* The network needs these to believe a question, and keeps none of them. */
#define SIGNED_QUESTION(tag)                                                \
	FIELD(tag, blind, DIGEST, "opens the commitments of the question"), \
	    FIELD(tag, question, TEXT(QUESTION_MAX),                        \
		"the question, a JSON text"),                               \
	    FIELD(tag, sheet, ID, "the id of the sheet that signs for it")

static const struct field inquiry_case_fields[] = {
    FIELD(inquiry_case, number, CASE_NUMBER, "the case's number at the unit"),
    FIELD(inquiry_case, unit, UNIT, "the unit that keeps the case"),
    FIELD(inquiry_case, clerk, TEXT(200), "the clerk who asks"),
    OPTION(inquiry_case, second, TEXT(200),
	"the second officer, where the existence of the record is withheld"),
    FIELD(inquiry_case, opened, DATE, "the day on which it was opened"),
};
const struct shape inquiry_case_shape =
    SHAPE(inquiry_case, inquiry_case_fields);
#define MATTER(tag)                                          \
	OBJECT_AS(tag, matter.of_case, "case", inquiry_case, \
	    "the case that needs the answer"),               \
	    OPTION_AS(tag, matter.step, "step", STEP,        \
		"the procedure within the affair"),          \
	    FIELD_AS(tag, matter.whose, "whose", WHOSE,      \
		"the part that the person has in the case")

static const struct field office_inquiry_request_fields[] = {
    FIELD(office_inquiry_request, inquiry, ID, "the inquiry's id"),
    FIELD(office_inquiry_request, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    ASKED(office_inquiry_request),
    MATTER(office_inquiry_request),
    FIELD(office_inquiry_request, deceased_confirmed, BOOL,
	"the office knows that the person has died"),
    WITHHELD(office_inquiry_request),
};
DEFINE_MESSAGE(office_inquiry_request, "inquiry.request", 1);

static const struct field addressee_inquiry_request_fields[] = {
    FIELD(addressee_inquiry_request, inquiry, ID, "the inquiry's id"),
    FIELD(addressee_inquiry_request, internal_number, INTERNAL_NUMBER,
	"the person's internal number"),
    ASKED(addressee_inquiry_request),
    MATTER(addressee_inquiry_request),
    WITHHELD(addressee_inquiry_request),
    OPTION(addressee_inquiry_request, deceased_confirmed, BOOL,
	"the office's word to the addressee; earlier programs pass it on"),
};
DEFINE_MESSAGE(addressee_inquiry_request, "inquiry.request", 1);

static const struct field question_sheet_fields[] = {
    FIELD(question_sheet, sheet, ID, "the sheet's id"),
    FIELD(question_sheet, jws, TEXT(SHEET_MAX),
	"the signature of the inquirer's relay"),
};
DEFINE_MESSAGE(question_sheet, "question.sheet", 1);

static const struct field relay_inquiry_request_fields[] = {
    FIELD(relay_inquiry_request, inquiry, ID, "the inquiry's id"),
    FIELD(relay_inquiry_request, code, LINKAGE_CODE,
	"the person's code at the inquirer"),
    FIELD(relay_inquiry_request, whose, WHOSE,
	"the part that the person has in the case"),
    SIGNED_QUESTION(relay_inquiry_request),
    WITHHELD_BY(relay_inquiry_request),
};
DEFINE_MESSAGE(relay_inquiry_request, "inquiry.request", 1);

static const struct field inquiry_permitted_fields[] = {
    FIELD(inquiry_permitted, inquiry, ID, "the inquiry's id"),
    QUESTION_DIGEST(inquiry_permitted),
    FIELD(inquiry_permitted, article, ARTICLE, "the article that allows it"),
    FIELD(inquiry_permitted, expires, INSTANT, "the end of the permit"),
};
DEFINE_MESSAGE(inquiry_permitted, "inquiry.permitted", 1);

static const struct field inquiry_refused_fields[] = {
    FIELD(inquiry_refused, inquiry, ID, "the inquiry's id"),
    FIELD(inquiry_refused, reason, NAME_OF, "a reason of docs/refusals.md"),
    OPTION(inquiry_refused, article, ARTICLE, "the article that refuses it"),
    OPTION(inquiry_refused, text, EXPLANATION, "the reason in words"),
};
DEFINE_MESSAGE(inquiry_refused, "inquiry.refused", 1);

#define WAITS WORD(WAITS_PERSON "|" WAITS_INQUIRIES "|" WAITS_WITHHELD)
static const struct field inquiry_waiting_fields[] = {
    FIELD(inquiry_waiting, inquiry, ID, "the inquiry's id"),
    FIELD(inquiry_waiting, until, INSTANT, "the end of the wait"),
    FIELD(inquiry_waiting, reason, WAITS, "the budget that is used up"),
};
DEFINE_MESSAGE(inquiry_waiting, "inquiry.waiting", 1);

static const struct field permit_issued_fields[] = {
    FIELD(permit_issued, permit, ID, "the permit's id; it works once"),
    FIELD(
	permit_issued, code, LINKAGE_CODE, "the person's code at the provider"),
    FIELD(permit_issued, article, ARTICLE, "the article that allows it"),
    OPTION(permit_issued, edition, NAME_OF, "the edition of the table"),
    FIELD(permit_issued, requested, PAST, "the time of the inquiry"),
    FIELD(permit_issued, expires, INSTANT, "the end of the permit"),
    FIELD(permit_issued, question, TEXT(QUESTION_MAX),
	"the question, a JSON text: asker, item, key of the answer"),
    FIELD(permit_issued, sheet, TEXT(SHEET_MAX),
	"the signature of the inquirer's relay"),
};
DEFINE_MESSAGE(permit_issued, "permit.issued", 1);

static const struct field permit_revoked_fields[] = {
    OPTION(permit_revoked, permit, ID,
	"to the provider: the permit that works no more"),
    OPTION(permit_revoked, inquiry, ID, "to the inquirer: the inquiry's id"),
    FIELD(permit_revoked, outcome, WORD("cancelled|revoked"),
	"the reason of the end"),
    OPTION(permit_revoked, article, ARTICLE, "the article that revokes it"),
    OPTION(permit_revoked, text, EXPLANATION, "the reason in words"),
};
DEFINE_MESSAGE(permit_revoked, "permit.revoked", 1);

static const struct field relay_inquiry_held_fields[] = {
    QUESTION_DIGEST(relay_inquiry_held),
    FIELD(relay_inquiry_held, deadline, INSTANT, "the end of the wait"),
};
DEFINE_MESSAGE(relay_inquiry_held, "inquiry.held", 1);

static const struct field office_inquiry_held_fields[] = {
    FIELD(office_inquiry_held, inquiry, ID, "the inquiry's id"),
    FIELD(office_inquiry_held, deadline, INSTANT, "the end of the wait"),
    OPTION(office_inquiry_held, reason, WAITS,
	"the network's budget, if it waits there"),
};
DEFINE_MESSAGE(office_inquiry_held, "inquiry.held", 1);

static const struct field answer_sealed_fields[] = {
    QUESTION_DIGEST(answer_sealed),
    FIELD(answer_sealed, outcome, WORD(OUTCOMES), "the outcome"),
    WITHHELD(answer_sealed),
    OPTION(answer_sealed, sealed, TEXT(MESSAGE_SEALED_MAX),
	"a JWE, when provided"),
    REFUSAL(answer_sealed),
};
DEFINE_MESSAGE(answer_sealed, "answer.sealed", 1);

static const struct field provided_fields[] = {
    FIELD(provided, item, NAME_OF, "item of information"),
    FIELD(provided, version, NAME_OF, "the version of the item"),
    OPTION(provided, form, INT(1, 9999),
	"the form in force when it was put, if the catalogue knows it"),
    FIELD(provided, contents, JSON(MESSAGE_CONTENTS_MAX),
	"the contents, in that form"),
};
const struct shape provided_shape = SHAPE(provided, provided_fields);

static const struct field provision_report_fields[] = {
    FIELD(provision_report, permit, ID, "the permit that was used"),
    FIELD(provision_report, outcome, WORD(OUTCOMES), "the outcome"),
    OPTION(provision_report, reason, NAME_OF, "the reason of a refusal"),
    FIELD(provision_report, at, PAST, "the time of the outcome"),
    WITHHELD(provision_report),
    WITHHELD_BY(provision_report),
};
DEFINE_MESSAGE(provision_report, "provision.report", 1);

static const struct field inquiry_answered_fields[] = {
    FIELD(inquiry_answered, inquiry, ID, "the inquiry's id"),
    FIELD(inquiry_answered, outcome, WORD(OFFICE_OUTCOMES), "the outcome"),
    OPTION(inquiry_answered, contents, JSON(MESSAGE_CONTENTS_MAX),
	"the contents, when provided"),
    OPTION(inquiry_answered, version, NAME_OF, "the version of the item"),
    OPTION(inquiry_answered, form, INT(0, 9999), "the form of the contents"),
    REFUSAL(inquiry_answered),
};
DEFINE_MESSAGE(inquiry_answered, "inquiry.answered", 1);

struct inquiry_answered
inquiry_ended(struct arena *arena, struct slice inquiry, struct slice outcome,
    enum refusal refusal, struct slice why)
{
	const struct refusal_info *info = refusal_info(refusal);

	return (struct inquiry_answered){.inquiry = inquiry,
	    .outcome = outcome,
	    .reason = slice_of(info->reason),
	    .article = slice_of(info->article),
	    .text = refusal_text(arena, refusal, why)};
}

static const struct field inquiry_cancel_fields[] = {
    FIELD(inquiry_cancel, inquiry, ID, "the inquiry that is taken back"),
};
DEFINE_MESSAGE(inquiry_cancel, "inquiry.cancel", 1);

static const struct field provision_corrected_fields[] = {
    QUESTION_DIGEST(provision_corrected),
    FIELD(provision_corrected, item, NAME_OF, "the item that was provided"),
    FIELD(provision_corrected, corrected, PAST_AS_TOLD,
	"the time of the correction"),
};
DEFINE_MESSAGE(provision_corrected, "provision.corrected", 1);

static const struct field inquiry_corrected_fields[] = {
    FIELD(inquiry_corrected, inquiry, ID, "the inquiry's id"),
    FIELD(inquiry_corrected, corrected, PAST_AS_TOLD,
	"the time of the correction"),
};
DEFINE_MESSAGE(inquiry_corrected, "inquiry.corrected", 1);

static const struct field relay_record_corrected_fields[] = {
    FIELD(relay_record_corrected, side, WORD("inquirer|provider"),
	"the side whose record was wrong"),
    FIELD(relay_record_corrected, record, ID, "the inquiry, or the permit"),
    FIELD(
	relay_record_corrected, corrected, PAST, "the time of the correction"),
    FIELD(relay_record_corrected, note, EXPLANATION, "the error in the record"),
};
DEFINE_MESSAGE(relay_record_corrected, "record.corrected", 1);

static const struct field network_record_corrected_fields[] = {
    FIELD(network_record_corrected, side, WORD("inquirer|provider"),
	"the side on which the receiver stands"),
    FIELD(network_record_corrected, record, ID,
	"the receiver's own id: the inquiry, or the permit"),
    FIELD(network_record_corrected, corrected, PAST_AS_TOLD,
	"the time of the correction"),
    FIELD(
	network_record_corrected, note, EXPLANATION, "the error in the record"),
};
DEFINE_MESSAGE(network_record_corrected, "record.corrected", 1);

static const struct field record_withheld_fields[] = {
    FIELD(record_withheld, side, WORD("inquirer|provider"),
	"the side on which the sender stands"),
    FIELD(record_withheld, record, ID, "the inquiry, or the permit"),
    FIELD(record_withheld, ground, NAME_OF,
	"a ground of the affair, or of a mark (data/withholding.tsv)"),
    FIELD(record_withheld, until, DATE, "the last day"),
    FIELD(record_withheld, officer, TEXT(200), "the officer who withholds"),
    FIELD(record_withheld, second, TEXT(200), "the second one"),
};
DEFINE_MESSAGE(record_withheld, "record.withheld", 1);

/* --- Searching for providers ---------------------------------------------- */

#define SEARCH(tag)                                           \
	FIELD(tag, affair, NAME_OF, "the affair to ask for"), \
	    FIELD(tag, item, NAME_OF, "item of information")

static const struct field office_provider_search_fields[] = {
    FIELD(office_provider_search, search, ID, "the search's id"),
    FIELD(office_provider_search, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    SEARCH(office_provider_search),
    MATTER(office_provider_search),
};
DEFINE_MESSAGE(office_provider_search, "provider.search", 1);

static const struct field addressee_provider_search_fields[] = {
    FIELD(addressee_provider_search, search, ID, "the search's id"),
    FIELD(addressee_provider_search, internal_number, INTERNAL_NUMBER,
	"the person's internal number"),
    SEARCH(addressee_provider_search),
    MATTER(addressee_provider_search),
};
DEFINE_MESSAGE(addressee_provider_search, "provider.search", 1);

static const struct field relay_provider_search_fields[] = {
    FIELD(relay_provider_search, search, ID, "the search's id"),
    FIELD(relay_provider_search, code, LINKAGE_CODE,
	"the person's code at the inquirer"),
    SIGNED_QUESTION(relay_provider_search),
};
DEFINE_MESSAGE(relay_provider_search, "provider.search", 1);

static const struct field provider_found_fields[] = {
    FIELD(provider_found, search, ID, "the search's id"),
    LIST(provider_found, organisations, ORGANISATION, PROVIDERS_MAX,
	"providers that may be asked and have a code"),
    REFUSAL(provider_found),
};
DEFINE_MESSAGE(provider_found, "provider.found", 1);
