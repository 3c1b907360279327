#include "messages/records.h"

static const struct field records_request_fields[] = {
    FIELD(records_request, request, ID, "of the request"),
    FIELD(records_request, code, LINKAGE_CODE, "the portal's"),
};
DEFINE_MESSAGE(records_request, "records.request", 1);

static const struct field record_fields[] = {
    FIELD(records_answer_record, record, ID, "the network's id"),
    FIELD(records_answer_record, inquirer, ORGANISATION, "who asked"),
    FIELD(records_answer_record, provider, ORGANISATION, "who was asked"),
    FIELD(records_answer_record, item, NAME_OF, "item of information"),
    FIELD(records_answer_record, affair, NAME_OF, "for which"),
    FIELD(records_answer_record, article, ARTICLE, "that allowed it, or not"),
    BLANK(records_answer_record, edition, NAME_OF, "of the table"),
    FIELD(records_answer_record, unit, UNIT, "the part that asked"),
    FIELD(records_answer_record, outcome, NAME_OF, "what came of it"),
    FIELD(records_answer_record, requested, INSTANT, "when"),
    BLANK(records_answer_record, provided, INSTANT, "when, if it was"),
    OPTION(records_answer_record, corrected, INSTANT, "the record, when"),
    OPTION(records_answer_record, correction, EXPLANATION, "what was wrong"),
};
const struct shape records_answer_record_shape =
    SHAPE(records_answer_record, record_fields);

static const struct field records_answer_fields[] = {
    FIELD(records_answer, request, ID, "of the request"),
    OBJECTS(records_answer, records, records_answer_record, RECORDS_MAX,
	"newest first"),
};
DEFINE_MESSAGE(records_answer, "records.answer", 1);

#define DECLARATION(tag) FIELD(tag, declaration, ID, "of the declaration")

static const struct field affair_declare_fields[] = {
    DECLARATION(affair_declare),
    OWN_USE(affair_declare, own_use),
};
DEFINE_MESSAGE(affair_declare, "affair.declare", 1);

static const struct field affair_limit_fields[] = {
    DECLARATION(affair_limit),
    BLANK(affair_limit, item, NAME_OF, "one item; all without it"),
    BLANK(affair_limit, organisation, ORGANISATION,
	"one inquirer; all without it"),
    BLANK(affair_limit, affair, NAME_OF, "one affair; all without it"),
    FIELD(affair_limit, ordinance, OWN_USE_TEXT, "its title"),
    FIELD(affair_limit, number, OWN_USE_TEXT, "of the ordinance"),
};
DEFINE_MESSAGE(affair_limit, "affair.limit", 1);

static const struct field affair_withdraw_fields[] = {
    DECLARATION(affair_withdraw),
};
DEFINE_MESSAGE(affair_withdraw, "affair.withdraw", 1);

static const struct field affair_state_fields[] = {
    DECLARATION(affair_state),
    FIELD(affair_state, state, WORD("declared|confirmed|refused|withdrawn"),
	"how it stands"),
    OPTION(affair_state, reason, EXPLANATION, "of a refusal"),
    FIELD(affair_state, at, INSTANT, "since when"),
};
DEFINE_MESSAGE(affair_state, "affair.state", 1);
