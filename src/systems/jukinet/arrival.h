/*
 * Arrivals from abroad (国外転入) without a Resident Record Code.
 *
 * A person who had a code and a number before leaving keeps both (住基法30条の3
 * 第1項).  An arrival that resembles people who have left for abroad is held: no
 * number is made until the municipality says that it is none of them, or shows by
 * the person's last stay which one it is.  Nobody is told who they are
 * (docs/decisions/0041-claims-of-arrivals.md).
 */
#ifndef BANGO_SYSTEMS_JUKINET_ARRIVAL_H
#define BANGO_SYSTEMS_JUKINET_ARRIVAL_H

#include "messages/numbering.h"
#include "systems/jukinet/person.h"

/* An arrival under the serial of the code that was set aside for it. */
struct arrival {
	enum arrival_case {
		ARRIVAL_NONE, /* not held, now or before */
		ARRIVAL_HELD,
		ARRIVAL_SAME,
		ARRIVAL_DIFFERENT,
	} state;
	struct slice municipality;
	struct serial person; /* if ARRIVAL_SAME: the one who has come back */
};

MUST_USE enum err
arrival_load(struct turn *turn, struct serial serial, struct arrival *ret);
MUST_USE enum err arrival_store(
    struct turn *turn, struct serial serial, const struct arrival *arrival);

/*
 * Whether the arrival of a request may not be numbered: *ret is false if it was
 * decided before, or resembles nobody and brings no code of before.  Otherwise it
 * is held from now on.
 */
MUST_USE enum err arrival_check(struct turn *turn, struct serial serial,
    struct slice municipality, const struct numbering_request_item *asked,
    bool *ret);
/* The serials of the people of a birth date who have left for abroad, in the
 * arena. */
struct departed {
	const struct serial *serials;
	size_t n;
};
MUST_USE enum err
arrival_departed(struct turn *turn, struct date birth, struct departed *ret);

/* arrival.decided */
MUST_USE enum err
arrival_take_decision(struct turn *turn, const struct message *message);
/* Settle a claim (claim.h): the person is the claimant's resident from now on, which
 * gets number and code.  *ret_refusal is why not, or empty. */
struct claim;
MUST_USE enum err arrival_settle(
    struct turn *turn, const struct claim *claim, struct slice *ret_refusal);

#endif
