#include "messages/moving.h"

static const struct field mover_fields[] = {
    FIELD(mover, code, RESIDENT_CODE, "住民票コード"),
    FIELD(mover, number, INDIVIDUAL_NUMBER, "個人番号"),
    OPTION(mover, relation, TEXT(90), "続柄"),
    OBJECT(mover, person, attributes, "who it is"),
};
static const struct shape mover_shape = SHAPE(mover, mover_fields);

static const struct field transfer_notice_fields[] = {
    FIELD(transfer_notice, transfer, ID, "of this move"),
    FIELD(transfer_notice, to, ORGANISATION, "where they move"),
    OPTION(transfer_notice, from_organisation, ORGANISATION,
	"from where; jukinet puts it in"),
    FIELD(transfer_notice, household, ID, "of those who move together"),
    FIELD(transfer_notice, date, DATE, "when"),
    OBJECTS(transfer_notice, people, mover, MESSAGE_PEOPLE_MAX, "who moves"),
};
DEFINE_MESSAGE(transfer_notice, "transfer.notice", 1);

static const struct field transfer_completed_fields[] = {
    FIELD(transfer_completed, transfer, ID, "of the move"),
    FIELD(transfer_completed, to, ORGANISATION, "from where they moved"),
    LIST(transfer_completed, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"who has arrived"),
    FIELD(transfer_completed, date, DATE, "when"),
};
DEFINE_MESSAGE(transfer_completed, "transfer.completed", 1);

static const struct field transfer_refused_fields[] = {
    FIELD(transfer_refused, transfer, ID, "of the move"),
    FIELD(transfer_refused, reason, EXPLANATION, "why"),
};
DEFINE_MESSAGE(transfer_refused, "transfer.refused", 1);
