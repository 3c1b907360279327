/*
 * The end of a permit at its provider: an answer from the replica, a refusal, or
 * nothing to provide.
 *
 * The inquirer's relay and the network are both told of the end in the same
 * turn, so that the three records agree.  Not checked here: whether the permit
 * may be answered, and whether it has ended before (provision.h, hold.h).
 */
#ifndef BANGO_SYSTEMS_RELAY_ENDING_H
#define BANGO_SYSTEMS_RELAY_ENDING_H

#include "host/system.h"
#include "law/refusal.h"
#include "systems/relay/permit.h"

/* How a permit ends; texts that do not apply are empty. */
struct ending {
	struct slice outcome, reason, article, text;
	struct slice sealed;
	struct slice version; /* of the contents that are provided */
	struct instant put;   /* when the office had put them */
};

/* The ending of a permit that we refuse for that reason. */
struct ending ending_refused(enum refusal refusal);

/* Answer from the replica of the version that the permit names, or from the
 * newest if it names none; or answer that there is no such replica. */
MUST_USE enum err ending_provide(struct turn *turn, const struct permit *permit,
    struct internal_number internal);
/* Write the record, answer the inquirer and report to the network.  The audit
 * calls the end `replica.provide` if contents were provided, and otherwise
 * `provision.OUTCOME`: `provision.no-data`, `provision.refused`. */
MUST_USE enum err ending_write(struct turn *turn, const struct permit *permit,
    struct internal_number internal, const struct ending *ending);
/* End a permit whose question nobody signed: the network is told, the inquirer
 * that it names is not, and there is no record of a provision.  Permit and waybill
 * are kept as evidence against the network. */
MUST_USE enum err
ending_invalid(struct turn *turn, const struct permit_issued *issued);

#endif
