/*
 * Arrivals from abroad of people who may have a number (住基法30条の3第1項):
 * docs/decisions/0041-claims-of-arrivals.md, 0046-the-municipality-of-before.md.
 */
#ifndef BANGO_MESSAGES_ARRIVALS_H
#define BANGO_MESSAGES_ARRIVALS_H

#include "messages/common.h"

/* A person's last stay, as the person and the papers say; all may be absent. */
struct arrival_before {
	struct slice name, kana;
	struct slice municipality;
	struct slice address;
	struct date left;
	struct resident_code code;
	bool has_code;
};
extern const struct shape arrival_before_shape;

/* arrival.decided, registry to jukinet */
struct arrival_decided {
	struct slice claim;
	struct resident_code code;
	struct slice decision;
	struct arrival_before before;
	struct slice evidence, officer;
	struct attributes attributes;
};
DECLARE_MESSAGE(arrival_decided);

/* arrival.state, jukinet to registry */
struct arrival_state {
	struct slice claim;
	struct slice state;
	struct individual_number number;
	bool has_number;
	struct resident_code known_code;
	bool has_known_code;
	struct instant until;
	bool has_until;
	struct slice reason;
};
DECLARE_MESSAGE(arrival_state);

/* arrival.notice, jukinet to the registry of before */
struct arrival_notice {
	struct slice claim;
	struct resident_code code;
	struct slice by;
	struct attributes attributes;
	struct arrival_before before;
	struct slice evidence;
	struct instant until;
};
DECLARE_MESSAGE(arrival_notice);

/* arrival.reply, registry of before to jukinet */
struct arrival_reply {
	struct slice claim;
	struct slice reply;
	struct slice reason, officer;
};
DECLARE_MESSAGE(arrival_reply);

/* arrival.ended, jukinet to the registry of before */
struct arrival_ended {
	struct slice claim;
	struct slice outcome;
};
DECLARE_MESSAGE(arrival_ended);

#endif
