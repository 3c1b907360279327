/*
 * The one row with the last numbers given and the counts for /progress.
 *
 * A turn that changes the tally loads it at the beginning and stores it at the
 * end; turns run one after another, so no change is lost.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_TALLY_H
#define BANGO_SYSTEMS_REGISTRY_TALLY_H

#include "host/turn.h"

struct tally {
	int64_t last_resident;
	int64_t last_household;
	int64_t residents;
	int64_t coded;     /* have a Resident Record Code */
	int64_t uncoded;   /* wait for one */
	int64_t requested; /* the network was asked to number them */
	int64_t numbered;
	int64_t refused; /* the network refused */
	int64_t notices;
	int64_t pool; /* codes ready for births and arrivals */
	int64_t imports;
};

MUST_USE enum err tally_load(struct turn *turn, struct tally *ret);
MUST_USE enum err tally_store(struct turn *turn, const struct tally *tally);

#endif
