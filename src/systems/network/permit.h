/*
 * Permits that are taken back, and what officers decide about records.
 *
 * An inquirer cancels what it asked; an officer revokes a permit that should
 * not have been issued.  Both are told to the provider's relay, which says in
 * the end which came first, answer or revocation: until then the record is
 * `cancelled` or `revoked`.
 *
 * A record that was wrong is corrected (番号法31条) by an officer here, or by one
 * of the two organisations; the others who keep the record are told.  What was
 * said last counts, in whatever order it comes.
 *
 * Who decides acts in a role and gives a reason; both are kept with the name
 * for as long as the record.
 */
#ifndef BANGO_SYSTEMS_NETWORK_PERMIT_H
#define BANGO_SYSTEMS_NETWORK_PERMIT_H

#include "host/system.h"

/* inquiry.cancel, from the inquirer's relay.  ERR_BUSY while the inquiry may be
 * under way to us. */
MUST_USE enum err
permit_cancel(struct turn *turn, const struct message *message);

/* record.corrected, from one of the two relays.  ERR_DENIED for a record of
 * others; ERR_BUSY as above. */
MUST_USE enum err
permit_correct(struct turn *turn, const struct message *message);

/* Routes, and what they take. */
extern const struct shape permit_revocation_shape, permit_disclosure_shape,
    permit_correction_shape;
MUST_USE enum err permit_route_revoke(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Records that are kept from the person's view, newest first. */
MUST_USE enum err permit_route_hidden(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Hide a record, or show it. */
MUST_USE enum err permit_route_disclosure(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Note that a record was wrong (番号法31条). */
MUST_USE enum err permit_route_correction(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Timer: decisions go after seven years, with the records. */
MUST_USE enum err permit_erase(struct turn *turn);

#endif
