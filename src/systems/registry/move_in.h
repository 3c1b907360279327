/*
 * Arrivals by a notice (転入届, 住基法22条; docs/decisions/
 * 0040-notices-of-moves.md).
 *
 * A declared arrival is provisional (仮登録): jukinet is asked, and only its answer
 * makes a record, of which offices, addressee and lists then know.  The declaration
 * waits among the rows of the notice.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_MOVE_IN_H
#define BANGO_SYSTEMS_REGISTRY_MOVE_IN_H

#include "host/system.h"
#include "systems/registry/transfer_row.h"

/* Input of POST /move-ins. */
struct transfer_in_input {
	struct slice transfer;
	const struct resident_code *codes;
	size_t n_codes;
	struct slice registration;
	struct resident_id resident;
	struct resident_code code;
	bool has_code;
	struct person person;
	struct date date;
	int64_t wait;
};

/* Declare the arrival of people of a notice. */
MUST_USE enum err move_in_by_notice(struct turn *turn, const struct input *in,
    const struct transfer_in_input *given, struct reply *reply);

/* transfer.notice */
MUST_USE enum err
move_in_take_notice(struct turn *turn, const struct message *message);
/* transfer.arrived */
MUST_USE enum err
move_in_take_arrived(struct turn *turn, const struct message *message);
/* Our transfer.arrive, which jukinet did not take: nobody of it has arrived. */
MUST_USE enum err
move_in_not_taken(struct turn *turn, const struct message *message);
/* transfer.ended, of a move to here. */
MUST_USE enum err move_in_end(struct turn *turn,
    const struct transfer_ended *told, struct transfer *transfer);

#endif
