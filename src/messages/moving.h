/*
 * Moving between municipalities (住基法24条の2, 9条1項).  A notice is used once, by
 * its id: docs/decisions/0040-notices-of-moves.md.
 */
#ifndef BANGO_MESSAGES_MOVING_H
#define BANGO_MESSAGES_MOVING_H

#include "messages/common.h"

/* transfer.notice, registry to jukinet to registry */
struct mover {
	struct resident_code code;
	struct individual_number number;
	struct slice relation;
	struct attributes person;
};
struct transfer_notice {
	struct slice transfer;
	struct slice to;                /* organisation */
	struct slice from_organisation; /* jukinet says so; else empty */
	struct slice household;
	struct date date;
	struct date until; /* the last day; jukinet says so; else none */
	const struct mover *people;
	size_t n_people;
};
DECLARE_MESSAGE(transfer_notice);

/* transfer.refused, jukinet to registry */
struct transfer_refused {
	struct slice transfer;
	struct slice reason;
};
DECLARE_MESSAGE(transfer_refused);

/* transfer.arrive, registry to jukinet */
struct arriver {
	struct resident_code code;
	struct attributes person;
};
struct transfer_arrive {
	struct slice transfer;
	struct date date;
	const struct arriver *people;
	size_t n_people;
};
DECLARE_MESSAGE(transfer_arrive);

/* transfer.arrived, jukinet to registry: the answer */
struct transfer_arrived {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
	const struct resident_code *refused;
	size_t n_refused;
};
DECLARE_MESSAGE(transfer_arrived);

/* transfer.completed, jukinet to registry */
struct transfer_completed {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
	struct date date;
};
DECLARE_MESSAGE(transfer_completed);

/* transfer.withdraw, registry to jukinet (転出取消) */
struct transfer_withdraw {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
};
DECLARE_MESSAGE(transfer_withdraw);

/* transfer.ended, jukinet to registry */
struct transfer_ended {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
	struct slice reason;
};
DECLARE_MESSAGE(transfer_ended);

#endif
