/*
 * Moving between municipalities (住基法24条の2).
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
	const struct mover *people;
	size_t n_people;
};
DECLARE_MESSAGE(transfer_notice);

/* transfer.completed, registry to jukinet to registry */
struct transfer_completed {
	struct slice transfer;
	struct slice to; /* organisation from which they came */
	const struct resident_code *codes;
	size_t n_codes;
	struct date date;
};
DECLARE_MESSAGE(transfer_completed);

/* transfer.refused, jukinet to registry */
struct transfer_refused {
	struct slice transfer;
	struct slice reason;
};
DECLARE_MESSAGE(transfer_refused);

#endif
