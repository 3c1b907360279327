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
    OPTION(transfer_notice, until, DATE,
	"the last day on which it can be used; jukinet puts it in"),
    OBJECTS(transfer_notice, people, mover, MESSAGE_PEOPLE_MAX,
	"the people who move"),
};
DEFINE_MESSAGE(transfer_notice, "transfer.notice", 1);

static const struct field transfer_refused_fields[] = {
    FIELD(transfer_refused, transfer, ID, "the move's id"),
    FIELD(transfer_refused, reason, EXPLANATION, "the reason"),
};
DEFINE_MESSAGE(transfer_refused, "transfer.refused", 1);

static const struct field arriver_fields[] = {
    FIELD(arriver, code, RESIDENT_CODE, "the code in the notice"),
    ATTRIBUTES(arriver, person),
};
static const struct shape arriver_shape = SHAPE(arriver, arriver_fields);

static const struct field transfer_arrive_fields[] = {
    FIELD(transfer_arrive, transfer, ID, "the move's id"),
    FIELD(transfer_arrive, date, DATE, "the day of the arrival"),
    ROWS(transfer_arrive, people, arriver, MESSAGE_PEOPLE_MAX,
	"the people who have come, as they are on record from now on"),
};
DEFINE_MESSAGE(transfer_arrive, "transfer.arrive", 1);

static const struct field transfer_arrived_fields[] = {
    FIELD(transfer_arrived, transfer, ID, "the move's id"),
    LIST(transfer_arrived, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people who are the new municipality's now"),
    LIST(transfer_arrived, refused, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people of whom there is no open notice to that municipality"),
};
DEFINE_MESSAGE(transfer_arrived, "transfer.arrived", 1);

static const struct field transfer_completed_fields[] = {
    FIELD(transfer_completed, transfer, ID, "the move's id"),
    LIST(transfer_completed, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people who have arrived"),
    FIELD(transfer_completed, date, DATE, "the day of the arrival"),
};
DEFINE_MESSAGE(transfer_completed, "transfer.completed", 1);

static const struct field transfer_withdraw_fields[] = {
    FIELD(transfer_withdraw, transfer, ID, "the move's id"),
    LIST(transfer_withdraw, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people who stay"),
};
DEFINE_MESSAGE(transfer_withdraw, "transfer.withdraw", 1);

static const struct field transfer_ended_fields[] = {
    FIELD(transfer_ended, transfer, ID, "the move's id"),
    LIST(transfer_ended, codes, RESIDENT_CODE, MESSAGE_PEOPLE_MAX,
	"the people whose notice has ended"),
    FIELD(transfer_ended, reason, WORD("withdrawn|arrived|expired|revoked"),
	"the reason: `arrived` is a withdrawal that came too late"),
};
DEFINE_MESSAGE(transfer_ended, "transfer.ended", 1);
