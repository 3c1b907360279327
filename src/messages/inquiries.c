#include "messages/inquiries.h"

#define PROVIDERS_MAX 4096
/* A revoked inquiry is reported to offices as refused. */
#define OFFICE_OUTCOMES "provided|no-data|refused|expired|cancelled"
#define OUTCOMES OFFICE_OUTCOMES "|revoked"

#define QUESTION(tag)                                                         \
	FIELD(tag, affair, NAME_OF, "for which one asks"),                    \
	    FIELD(tag, item, NAME_OF, "item of information"),                 \
	    OPTION(tag, version, NAME_OF, "of the item; the newest without"), \
	    FIELD(tag, provider, ORGANISATION, "who is asked"),               \
	    FIELD(tag, unit, UNIT, "who asks")
#define REFUSAL(tag)                                                          \
	OPTION(tag, reason, NAME_OF, "of a refusal"),                         \
	    OPTION(                                                           \
		tag, article, ARTICLE, "of the law, by which it is refused"), \
	    OPTION(tag, text, EXPLANATION, "the same in words")
#define SEALING_KEY JSON(1024)

static const struct field office_inquiry_request_fields[] = {
    FIELD(office_inquiry_request, inquiry, ID, "of the question"),
    FIELD(
	office_inquiry_request, business_number, BUSINESS_NUMBER, "about whom"),
    QUESTION(office_inquiry_request),
    FIELD(office_inquiry_request, deceased_confirmed, BOOL,
	"the office knows that the person has died"),
    OPTION(office_inquiry_request, undisclosed, BOOL, "不開示"),
};
DEFINE_MESSAGE(office_inquiry_request, "inquiry.request", 1);

static const struct field addressee_inquiry_request_fields[] = {
    FIELD(addressee_inquiry_request, inquiry, ID, "of the question"),
    FIELD(addressee_inquiry_request, internal_number, INTERNAL_NUMBER,
	"about whom"),
    QUESTION(addressee_inquiry_request),
    OPTION(addressee_inquiry_request, undisclosed, BOOL, "不開示"),
};
DEFINE_MESSAGE(addressee_inquiry_request, "inquiry.request", 1);

static const struct field relay_inquiry_request_fields[] = {
    FIELD(relay_inquiry_request, inquiry, ID, "of the question"),
    FIELD(relay_inquiry_request, code, LINKAGE_CODE, "the inquirer's"),
    QUESTION(relay_inquiry_request),
    FIELD(relay_inquiry_request, undisclosed, BOOL, "不開示"),
    FIELD(relay_inquiry_request, sealing_key, SEALING_KEY,
	"for which the answer is sealed"),
};
DEFINE_MESSAGE(relay_inquiry_request, "inquiry.request", 1);

static const struct field inquiry_permitted_fields[] = {
    FIELD(inquiry_permitted, inquiry, ID, "of the question"),
    FIELD(inquiry_permitted, permit, ID, "the network's id of the exchange"),
    FIELD(inquiry_permitted, article, ARTICLE, "that allows it"),
    FIELD(inquiry_permitted, expires, INSTANT, "until when it works"),
};
DEFINE_MESSAGE(inquiry_permitted, "inquiry.permitted", 1);

static const struct field inquiry_refused_fields[] = {
    FIELD(inquiry_refused, inquiry, ID, "of the question"),
    FIELD(inquiry_refused, reason, NAME_OF, "docs/refusals.md"),
    OPTION(inquiry_refused, article, ARTICLE, "by which it is refused"),
    OPTION(inquiry_refused, text, EXPLANATION, "the same in words"),
};
DEFINE_MESSAGE(inquiry_refused, "inquiry.refused", 1);

static const struct field permit_issued_fields[] = {
    FIELD(permit_issued, permit, ID, "works once"),
    FIELD(permit_issued, inquiry, ID, "the inquirer's id of its question"),
    FIELD(permit_issued, code, LINKAGE_CODE, "the provider's"),
    FIELD(permit_issued, item, NAME_OF, "item of information"),
    OPTION(permit_issued, version, NAME_OF, "of the item; the newest without"),
    FIELD(permit_issued, affair, NAME_OF, "for which it is asked"),
    FIELD(permit_issued, article, ARTICLE, "that allows it"),
    FIELD(permit_issued, inquirer, ORGANISATION, "who asks"),
    FIELD(permit_issued, unit, UNIT, "the part of it that asks"),
    FIELD(permit_issued, requested, INSTANT, "when it was asked"),
    FIELD(permit_issued, expires, INSTANT, "until when it works"),
    FIELD(permit_issued, answer_to, SYSTEM, "the inquirer's relay"),
    FIELD(permit_issued, undisclosed, BOOL, "不開示"),
    FIELD(permit_issued, sealing_key, SEALING_KEY,
	"for which the answer is sealed"),
};
DEFINE_MESSAGE(permit_issued, "permit.issued", 1);

static const struct field permit_revoked_fields[] = {
    FIELD(permit_revoked, permit, ID, "that works no more"),
    FIELD(permit_revoked, inquiry, ID, "the inquirer's id of its question"),
    FIELD(permit_revoked, inquirer, ORGANISATION, "who asked"),
    FIELD(permit_revoked, outcome, WORD("cancelled|revoked"), "why"),
    OPTION(permit_revoked, article, ARTICLE, "by which it is revoked"),
    OPTION(permit_revoked, text, EXPLANATION, "the same in words"),
};
DEFINE_MESSAGE(permit_revoked, "permit.revoked", 1);

static const struct field relay_inquiry_held_fields[] = {
    FIELD(relay_inquiry_held, permit, ID, "that waits"),
    FIELD(relay_inquiry_held, inquiry, ID, "of the question"),
    FIELD(relay_inquiry_held, deadline, INSTANT, "until when it waits"),
};
DEFINE_MESSAGE(relay_inquiry_held, "inquiry.held", 1);

static const struct field office_inquiry_held_fields[] = {
    FIELD(office_inquiry_held, inquiry, ID, "of the question"),
    FIELD(office_inquiry_held, deadline, INSTANT, "until when it waits"),
};
DEFINE_MESSAGE(office_inquiry_held, "inquiry.held", 1);

static const struct field answer_sealed_fields[] = {
    FIELD(answer_sealed, permit, ID, "by which it is answered"),
    FIELD(answer_sealed, inquiry, ID, "of the question"),
    FIELD(answer_sealed, outcome, WORD(OUTCOMES), "what came of it"),
    FIELD(answer_sealed, undisclosed, BOOL, "不開示"),
    OPTION(
	answer_sealed, sealed, TEXT(MESSAGE_SEALED_MAX), "JWE, when provided"),
    REFUSAL(answer_sealed),
};
DEFINE_MESSAGE(answer_sealed, "answer.sealed", 1);

static const struct field provided_fields[] = {
    FIELD(provided, item, NAME_OF, "item of information"),
    FIELD(provided, version, NAME_OF, "of the item"),
    OPTION(provided, form, INT(1, 9999),
	"in force when it was put, if the catalogue still knows it"),
    FIELD(provided, contents, JSON(MESSAGE_CONTENTS_MAX), "in that form"),
};
const struct shape provided_shape = SHAPE(provided, provided_fields);

static const struct field provision_report_fields[] = {
    FIELD(provision_report, permit, ID, "that was used"),
    FIELD(provision_report, outcome, WORD(OUTCOMES), "what came of it"),
    OPTION(provision_report, reason, NAME_OF, "of a refusal"),
    FIELD(provision_report, at, INSTANT, "when"),
    FIELD(provision_report, undisclosed, BOOL, "不開示"),
};
DEFINE_MESSAGE(provision_report, "provision.report", 1);

static const struct field inquiry_answered_fields[] = {
    FIELD(inquiry_answered, inquiry, ID, "of the question"),
    FIELD(inquiry_answered, outcome, WORD(OFFICE_OUTCOMES), "what came of it"),
    OPTION(inquiry_answered, contents, JSON(MESSAGE_CONTENTS_MAX),
	"when provided"),
    OPTION(inquiry_answered, version, NAME_OF, "of the item"),
    OPTION(inquiry_answered, form, INT(0, 9999), "of the contents"),
    REFUSAL(inquiry_answered),
};
DEFINE_MESSAGE(inquiry_answered, "inquiry.answered", 1);

static const struct field inquiry_cancel_fields[] = {
    FIELD(inquiry_cancel, inquiry, ID, "that nobody needs any more"),
};
DEFINE_MESSAGE(inquiry_cancel, "inquiry.cancel", 1);

static const struct field provision_corrected_fields[] = {
    FIELD(provision_corrected, permit, ID, "by which it was provided"),
    FIELD(provision_corrected, inquiry, ID, "of the question"),
    FIELD(provision_corrected, item, NAME_OF, "that was provided"),
    FIELD(provision_corrected, corrected, INSTANT, "when"),
};
DEFINE_MESSAGE(provision_corrected, "provision.corrected", 1);

static const struct field inquiry_corrected_fields[] = {
    FIELD(inquiry_corrected, inquiry, ID, "of the question"),
    FIELD(inquiry_corrected, corrected, INSTANT, "when"),
};
DEFINE_MESSAGE(inquiry_corrected, "inquiry.corrected", 1);

static const struct field relay_record_corrected_fields[] = {
    FIELD(relay_record_corrected, side, WORD("inquirer|provider"), "whose"),
    FIELD(relay_record_corrected, record, ID, "the inquiry, or the permit"),
    FIELD(relay_record_corrected, corrected, INSTANT, "when"),
    FIELD(relay_record_corrected, note, EXPLANATION, "what was wrong"),
};
DEFINE_MESSAGE(relay_record_corrected, "record.corrected", 1);

static const struct field network_record_corrected_fields[] = {
    FIELD(network_record_corrected, permit, ID, "of the exchange"),
    FIELD(network_record_corrected, inquiry, ID, "of the question"),
    FIELD(network_record_corrected, inquirer, ORGANISATION, "who asked"),
    FIELD(network_record_corrected, corrected, INSTANT, "when"),
    FIELD(network_record_corrected, note, EXPLANATION, "what was wrong"),
};
DEFINE_MESSAGE(network_record_corrected, "record.corrected", 1);

/* --- Searching for providers ---------------------------------------------- */

#define SEARCH(tag)                                             \
	FIELD(tag, affair, NAME_OF, "for which one would ask"), \
	    FIELD(tag, item, NAME_OF, "item of information")

static const struct field office_provider_search_fields[] = {
    FIELD(office_provider_search, search, ID, "of the search"),
    FIELD(
	office_provider_search, business_number, BUSINESS_NUMBER, "about whom"),
    SEARCH(office_provider_search),
};
DEFINE_MESSAGE(office_provider_search, "provider.search", 1);

static const struct field addressee_provider_search_fields[] = {
    FIELD(addressee_provider_search, search, ID, "of the search"),
    FIELD(addressee_provider_search, internal_number, INTERNAL_NUMBER,
	"about whom"),
    SEARCH(addressee_provider_search),
};
DEFINE_MESSAGE(addressee_provider_search, "provider.search", 1);

static const struct field relay_provider_search_fields[] = {
    FIELD(relay_provider_search, search, ID, "of the search"),
    FIELD(relay_provider_search, code, LINKAGE_CODE, "the inquirer's"),
    SEARCH(relay_provider_search),
};
DEFINE_MESSAGE(relay_provider_search, "provider.search", 1);

static const struct field provider_found_fields[] = {
    FIELD(provider_found, search, ID, "of the search"),
    LIST(provider_found, organisations, ORGANISATION, PROVIDERS_MAX,
	"that may be asked and have a code"),
    REFUSAL(provider_found),
};
DEFINE_MESSAGE(provider_found, "provider.found", 1);
