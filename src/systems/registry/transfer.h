/*
 * Moves between municipalities (住基法22条, 24条, 24条の2) and arrivals from
 * elsewhere.
 *
 * A person who leaves declares the move here; the network tells the municipality
 * of the destination.  A record is made there only when the person has declared
 * the arrival and jukinet has confirmed it (move_in.h).  Until then the
 * municipality that was left may withdraw the notice.  Code and number go with the
 * person: no new number is made.
 *
 * An answer of jukinet's changes only people of the move that it names.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_TRANSFER_H
#define BANGO_SYSTEMS_REGISTRY_TRANSFER_H

#include "host/system.h"

extern const struct shape transfer_out_input_shape, transfer_in_input_shape,
    transfer_show_input_shape, transfer_withdraw_input_shape;

/* POST /move-outs: to another municipality, or abroad */
MUST_USE enum err
transfer_out(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /move-ins: against a notice, or without one */
MUST_USE enum err
transfer_in(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /move-outs/{transfer}/withdrawal */
MUST_USE enum err transfer_withdrawal(
    struct turn *turn, const struct input *in, struct reply *reply);
/* GET /transfers, GET /transfers/{transfer}?wait=N&until=open|completed */
MUST_USE enum err
transfer_list(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
transfer_show(struct turn *turn, const struct input *in, struct reply *reply);

/* transfer.completed, transfer.ended, transfer.refused */
MUST_USE enum err
transfer_take_completed(struct turn *turn, const struct message *message);
MUST_USE enum err
transfer_take_ended(struct turn *turn, const struct message *message);
MUST_USE enum err
transfer_take_refused(struct turn *turn, const struct message *message);
/* Our transfer.notice, which jukinet did not take: the same as a refusal. */
MUST_USE enum err
transfer_not_taken(struct turn *turn, const struct message *message);
/* Our identity.update, which jukinet did not take: a person who was said to have
 * come back from abroad is no resident. */
MUST_USE enum err
transfer_not_back(struct turn *turn, const struct message *message);

#endif
