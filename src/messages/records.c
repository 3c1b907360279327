#include "messages/records.h"

static const struct field records_request_fields[] = {
    FIELD(records_request, request, ID, "the request's id"),
    FIELD(records_request, code, LINKAGE_CODE,
	"the resident's code at the portal"),
};
DEFINE_MESSAGE(records_request, "records.request", 1);

static const struct field record_fields[] = {
    FIELD(records_answer_record, record, ID, "the network's id"),
    FIELD(records_answer_record, inquirer, ORGANISATION,
	"the organisation that asked"),
    FIELD(records_answer_record, provider, ORGANISATION,
	"the organisation that was asked"),
    FIELD(records_answer_record, item, NAME_OF, "item of information"),
    FIELD(records_answer_record, affair, NAME_OF, "the affair of the inquiry"),
    FIELD(records_answer_record, article, ARTICLE,
	"the article that allowed or refused it"),
    BLANK(records_answer_record, edition, NAME_OF, "the edition of the table"),
    FIELD(records_answer_record, unit, UNIT, "the inquirer's unit"),
    FIELD(records_answer_record, outcome, NAME_OF, "the outcome"),
    FIELD(records_answer_record, requested, INSTANT, "the time of the inquiry"),
    BLANK(records_answer_record, provided, INSTANT,
	"the time of the answer, if provided"),
    OPTION(records_answer_record, corrected, INSTANT,
	"the time of the record's correction"),
    OPTION(records_answer_record, correction, EXPLANATION,
	"the error in the record"),
    OPTION(records_answer_record, withheld_until, DATE,
	"the last day on which it was kept from the person's view (不開示)"),
    OPTION(records_answer_record, ground, NAME_OF, "the ground of that"),
    OPTION(records_answer_record, withheld_article, ARTICLE,
	"the article of the ground"),
};
const struct shape records_answer_record_shape =
    SHAPE(records_answer_record, record_fields);

static const struct field withheld_fields[] = {
    FIELD(records_answer_withheld, record, ID, "the network's id"),
    FIELD(records_answer_withheld, withheld_until, DATE,
	"the last day on which it is kept from the person's view (不開示)"),
};
const struct shape records_answer_withheld_shape =
    SHAPE(records_answer_withheld, withheld_fields);

static const struct field records_answer_fields[] = {
    FIELD(records_answer, request, ID, "the request's id"),
    OBJECTS(records_answer, records, records_answer_record, RECORDS_MAX,
	"the records, newest first"),
    OBJECTS(records_answer, withheld, records_answer_withheld, RECORDS_MAX,
	"records that are withheld, newest first"),
};
DEFINE_MESSAGE(records_answer, "records.answer", 1);

#define DECLARATION(tag) FIELD(tag, declaration, ID, "the declaration's id")

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
    FIELD(affair_limit, ordinance, OWN_USE_TEXT, "the ordinance's title"),
    FIELD(affair_limit, number, OWN_USE_TEXT, "the ordinance's number"),
};
DEFINE_MESSAGE(affair_limit, "affair.limit", 1);

static const struct field affair_withdraw_fields[] = {
    DECLARATION(affair_withdraw),
};
DEFINE_MESSAGE(affair_withdraw, "affair.withdraw", 1);

static const struct field affair_state_fields[] = {
    DECLARATION(affair_state),
    FIELD(affair_state, state, WORD("declared|confirmed|refused|withdrawn"),
	"the declaration's state"),
    OPTION(affair_state, reason, EXPLANATION, "the reason of a refusal"),
    FIELD(affair_state, at, PAST, "the time of the state's beginning"),
};
DEFINE_MESSAGE(affair_state, "affair.state", 1);
