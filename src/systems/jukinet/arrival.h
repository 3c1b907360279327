/*
 * Arrivals from abroad (国外転入) without a Resident Record Code.
 *
 * A person who had a code and a number before leaving keeps both (住基法30条の3
 * 第1項).  An arrival that resembles people who have left for abroad is held: no
 * number is made until the municipality says which of them it is, or that it is
 * none of them.  The program never decides that (docs/incidents.md F11).
 */
#ifndef BANGO_SYSTEMS_JUKINET_ARRIVAL_H
#define BANGO_SYSTEMS_JUKINET_ARRIVAL_H

#include "systems/jukinet/person.h"

/* The people that an arrival may be: people[i] is candidate i + 1 of
 * docs/messages.md. */
struct candidates {
	const struct person *people;
	size_t n;
};

/* An arrival under the serial of the code that was set aside for it. */
struct arrival {
	enum arrival_state {
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
 * The people that the arrival may be, in the arena.  ret->n is 0 if the arrival
 * may be numbered: it resembles nobody, or was decided before.  Otherwise it is
 * held from now on.
 */
MUST_USE enum err arrival_check(struct turn *turn, struct serial serial,
    struct slice municipality, const struct attributes *attributes,
    struct candidates *ret);
/* The people that an arrival on hold may be, in the arena. */
MUST_USE enum err arrival_candidates(
    struct turn *turn, struct serial serial, struct candidates *ret);

/* arrival.decided */
MUST_USE enum err
arrival_take_decision(struct turn *turn, const struct message *message);

#endif
