#include "messages/numbering.h"

static const struct field codes_request_fields[] = {
    FIELD(
	codes_request, count, INT(1, MESSAGE_CODES_MAX), "the number of codes"),
    FIELD(
	codes_request, request, ID, "the caller's id; the same on repetition"),
};
DEFINE_MESSAGE(codes_request, "codes.request", 1);

static const struct field codes_designated_fields[] = {
    FIELD(codes_designated, request, ID, "the request's id"),
    LIST(codes_designated, codes, RESIDENT_CODE, MESSAGE_CODES_MAX,
	"the codes for the municipality"),
};
DEFINE_MESSAGE(codes_designated, "codes.designated", 1);

static const struct field codes_refused_fields[] = {
    FIELD(codes_refused, request, ID, "the request's id"),
    FIELD(codes_refused, pool, INT(0, INT64_MAX),
	"the number of unused codes that the municipality may hold"),
    FIELD(codes_refused, held, INT(INT64_MIN, INT64_MAX),
	"the number that it holds"),
};
DEFINE_MESSAGE(codes_refused, "codes.refused", 1);

static const struct field codes_return_fields[] = {
    FIELD(codes_return, request, ID, "the caller's id"),
    LIST(codes_return, codes, RESIDENT_CODE, MESSAGE_CODES_MAX,
	"codes of the municipality that nobody has or had"),
};
DEFINE_MESSAGE(codes_return, "codes.return", 1);

static const struct field codes_outstanding_fields[] = {
    FIELD(codes_outstanding, request, ID, "the caller's id"),
    MAYBE(codes_outstanding, after, RESIDENT_CODE,
	"`next` of the list before; absent: from the beginning"),
};
DEFINE_MESSAGE(codes_outstanding, "codes.outstanding", 1);

static const struct field codes_listed_fields[] = {
    FIELD(codes_listed, request, ID, "the request's id"),
    LIST(codes_listed, codes, RESIDENT_CODE, MESSAGE_CODES_MAX,
	"codes designated to the municipality that nobody has"),
    MAYBE(codes_listed, next, RESIDENT_CODE,
	"the code after which the list goes on; absent: it has ended"),
};
DEFINE_MESSAGE(codes_listed, "codes.listed", 1);

static const struct field request_item_fields[] = {
    FIELD(numbering_request_item, code, RESIDENT_CODE, "the resident's code"),
    ATTRIBUTES(numbering_request_item, person),
    OPTION(numbering_request_item, origin, WORD("abroad|returned"),
	"an arrival from abroad: of anybody, or of who says to have had a "
	"code"),
};
static const struct shape numbering_request_item_shape =
    SHAPE(numbering_request_item, request_item_fields);

static const struct field numbering_request_fields[] = {
    ROWS(numbering_request, items, numbering_request_item, MESSAGE_ROWS_MAX,
	"the residents who need a number"),
};
DEFINE_MESSAGE(numbering_request, "numbering.request", 1);

static const struct field answer_item_fields[] = {
    FIELD(numbering_answer_item, code, RESIDENT_CODE, "the resident's code"),
    FIELD(numbering_answer_item, number, INDIVIDUAL_NUMBER,
	"the number, assigned on receipt"),
    OPTION(numbering_answer_item, carried, WORD("carried"),
	"the number is not new: the resident back from abroad had it before"),
};
static const struct shape numbering_answer_item_shape =
    SHAPE(numbering_answer_item, answer_item_fields);

static const struct field refusal_fields[] = {
    FIELD(numbering_answer_refusal, code, RESIDENT_CODE, "the resident's code"),
    FIELD(numbering_answer_refusal, reason, NAME_OF, "the reason"),
};
static const struct shape numbering_answer_refusal_shape =
    SHAPE(numbering_answer_refusal, refusal_fields);

static const struct field numbering_answer_fields[] = {
    ROWS(numbering_answer, items, numbering_answer_item, MESSAGE_ROWS_MAX,
	"numbers"),
    OPTIONAL_ROWS(numbering_answer, refused, numbering_answer_refusal,
	MESSAGE_ROWS_MAX, "the residents who get none"),
    OPTIONAL_LIST(numbering_answer, held, RESIDENT_CODE, MESSAGE_ROWS_MAX,
	"arrivals from abroad of people who may have a number"),
    MAYBE(numbering_answer, until, INSTANT,
	"when to ask again for those that are `stopped`"),
};
DEFINE_MESSAGE(numbering_answer, "numbering.answer", 1);

static const struct field number_change_fields[] = {
    FIELD(
	number_change, request, ID, "the caller's id; the same on repetition"),
    FIELD(number_change, code, RESIDENT_CODE, "the resident's code"),
    FIELD(number_change, number, INDIVIDUAL_NUMBER, "the number that leaked"),
    FIELD(number_change, reason, EXPLANATION, "the reason"),
    OPTION(number_change, paper, NAME_OF,
	"the id of the papers that show the leak (疎明資料)"),
    OPTION(number_change, officer, NAME_OF, "the officer who saw them"),
};
DEFINE_MESSAGE(number_change, "number.change", 1);

static const struct field number_changed_fields[] = {
    FIELD(number_changed, request, ID, "the request's id"),
    FIELD(number_changed, code, RESIDENT_CODE, "the resident's code"),
    MAYBE(number_changed, number, INDIVIDUAL_NUMBER,
	"the new number, unless refused"),
    OPTION(number_changed, refused, EXPLANATION, "the reason of a refusal"),
};
DEFINE_MESSAGE(number_changed, "number.changed", 1);

static const struct field code_changed_item_fields[] = {
    FIELD(code_changed_item, from, RESIDENT_CODE,
	"an earlier code of the person"),
    FIELD(code_changed_item, to, RESIDENT_CODE, "today's code"),
};
static const struct shape code_changed_item_shape =
    SHAPE(code_changed_item, code_changed_item_fields);

static const struct field code_changed_fields[] = {
    ROWS(code_changed, items, code_changed_item, MESSAGE_CODES_MAX,
	"the persons with another code"),
    OPTION(code_changed, paper, NAME_OF,
	"the id of the papers that show why (疎明資料)"),
    OPTION(code_changed, officer, NAME_OF, "the officer who saw them"),
};
DEFINE_MESSAGE(code_changed, "code.changed", 1);

static const struct field identity_update_item_fields[] = {
    FIELD(identity_update_item, code, RESIDENT_CODE, "the resident's code"),
    FIELD(identity_update_item, event,
	WORD("correction|move-in|move|move-out|death"), "the event"),
    FIELD(identity_update_item, date, DATE_OR_PART, "the day of the event"),
    ATTRIBUTES(identity_update_item, person),
};
static const struct shape identity_update_item_shape =
    SHAPE(identity_update_item, identity_update_item_fields);

static const struct field identity_update_fields[] = {
    ROWS(identity_update, items, identity_update_item, MESSAGE_ROWS_MAX,
	"changes of residents"),
};
DEFINE_MESSAGE(identity_update, "identity.update", 1);

static const struct field identity_restored_fields[] = {
    FIELD(identity_restored, code, RESIDENT_CODE, "the person's code today"),
    FIELD(identity_restored, state, WORD("resident|moved-out"),
	"the person's state again"),
    FIELD(identity_restored, municipality, ORGANISATION,
	"the municipality in which"),
    FIELD(identity_restored, date, DATE, "the day of the officer's act"),
    FIELD(identity_restored, reason, EXPLANATION, "why it was wrong"),
};
DEFINE_MESSAGE(identity_restored, "identity.restored", 1);
