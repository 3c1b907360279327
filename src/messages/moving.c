#include "messages/moving.h"

static const struct field mover_fields[] = {
    FIELD(mover, code, RESIDENT_CODE, "住民票コード"),
    FIELD(mover, number, INDIVIDUAL_NUMBER, "個人番号"),
    OPTION(mover, relation, TEXT(90), "続柄"),
    OBJECT(mover, person, attributes, "the person's attributes"),
};
static const struct shape mover_shape = SHAPE(mover, mover_fields);

static const struct field transfer_notice_fields[] = {
    FIELD(transfer_notice, transfer, ID, "the move's id"),
    FIELD(transfer_notice, to, ORGANISATION, "the new municipality"),
    OPTION(transfer_notice, from_organisation, ORGANISATION,
	"the old municipality; jukinet puts it in"),
    FIELD(transfer_notice, household, ID, "the id of those who move together"),
    FIELD(transfer_notice, date, DATE, "the day of the move"),
    OBJECTS(transfer_notice, people, mover, MESSAGE_PEOPLE_MAX,
	"the people who move"),
};
DEFINE_MESSAGE(transfer_notice, "transfer.notice", 1);

static const struct field transfer_completed_fields[] = {
    FIELD(transfer_completed, transfer, ID, "the move's id"),
    FIELD(transfer_completed, to, ORGANISATION, "the old municipality"),
    LIST(transfer_completed, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people who have arrived"),
    FIELD(transfer_completed, date, DATE, "the day of the arrival"),
};
DEFINE_MESSAGE(transfer_completed, "transfer.completed", 1);

static const struct field transfer_refused_fields[] = {
    FIELD(transfer_refused, transfer, ID, "the move's id"),
    FIELD(transfer_refused, reason, EXPLANATION, "the reason"),
};
DEFINE_MESSAGE(transfer_refused, "transfer.refused", 1);
