#include "messages/tokens.h"

#define WHOSE_SIDE(tag)                                          \
	FIELD(tag, organisation, ORGANISATION,                   \
	    "the organisation that asked or answered"),          \
	    FIELD(tag, side, WORD(SIDE_ASKED "|" SIDE_ANSWERED), \
		"the side on which it stands")
#define COUNT_OF INT(0, INT64_C(1000000000))

static const struct field records_tokens_fields[] = {
    WHOSE_SIDE(records_tokens),
    FIELD(records_tokens, day, DATE, "the day on which the exchanges ended"),
    LIST(records_tokens, items, ID, TOKENS_MAX,
	"tokens, in ascending order, none twice"),
};
DEFINE_MESSAGE(records_tokens, "records.tokens", 1);

static const struct field records_unmatched_fields[] = {
    WHOSE_SIDE(records_unmatched),
    FIELD(records_unmatched, day, DATE, "the day of the report"),
    LIST(records_unmatched, ours, ID, TOKENS_MAX,
	"tokens that the receiver alone has reported"),
    LIST(records_unmatched, theirs, ID, TOKENS_MAX,
	"tokens that the other one alone has reported"),
    FIELD(records_unmatched, level,
	WORD(LEVEL_ASK "|" LEVEL_ALARM "|" LEVEL_SETTLED),
	"send again what was sent; look at it; it is settled"),
};
DEFINE_MESSAGE(records_unmatched, "records.unmatched", 1);

static const struct field records_explained_fields[] = {
    WHOSE_SIDE(records_explained),
    FIELD(records_explained, token, ID, "the token"),
    FIELD(records_explained, by, WORD("late|evidence"),
	"it was late; or the Commission has the evidence"),
};
DEFINE_MESSAGE(records_explained, "records.explained", 1);

static const struct field records_discrepancies_row_fields[] = {
    FIELD(records_discrepancies_row, organisation, ORGANISATION,
	"the organisation that asked or answered"),
    FIELD(records_discrepancies_row, month, DATE, "the month's first day"),
    FIELD(records_discrepancies_row, open, COUNT_OF,
	"discrepancies that one side at least has not explained"),
    FIELD(
	records_discrepancies_row, explained, COUNT_OF, "those that both have"),
};
const struct shape records_discrepancies_row_shape =
    SHAPE(records_discrepancies_row, records_discrepancies_row_fields);

static const struct field records_discrepancies_fields[] = {
    FIELD(records_discrepancies, at, PAST, "the time of the counts"),
    ROWS(records_discrepancies, items, records_discrepancies_row,
	MESSAGE_ROWS_MAX, "organisation, month, open, explained"),
};
DEFINE_MESSAGE(records_discrepancies, "records.discrepancies", 1);
