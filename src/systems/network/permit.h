/*
 * Permits that are cancelled or revoked, and officers' decisions about records.
 *
 * An inquirer cancels its inquiry; an officer revokes a permit that should not
 * have been issued.  The provider's relay is told of either, and reports in the
 * end whether its answer or the revocation came first: until then the record is
 * `cancelled` or `revoked`.
 *
 * A wrong record is corrected (番号法31条) by an officer here, or by one of the
 * two organisations; the others who keep the record are told.  The correction
 * with the latest time counts, in whatever order the messages arrive.
 *
 * An officer who decides gives a reason; it is kept with the officer's name for as
 * long as the record.
 */
#ifndef BANGO_SYSTEMS_NETWORK_PERMIT_H
#define BANGO_SYSTEMS_NETWORK_PERMIT_H

#include "host/system.h"
#include "network_rows.h"

/* inquiry.cancel, from the inquirer's relay.  ERR_BUSY while the inquiry may be
 * under way to us. */
MUST_USE enum err
permit_cancel(struct turn *turn, const struct message *message);

/* Hook: a system is revoked.  If it is a relay, the permits of its organisation
 * that nobody used end as revoked, and the other relay is told. */
MUST_USE enum err
permit_end_revoked(struct turn *turn, const struct system_id *system);

/* record.corrected, from one of the two relays.  ERR_DENIED for a record of
 * other organisations; ERR_BUSY as above. */
MUST_USE enum err
permit_correct(struct turn *turn, const struct message *message);

/* The record that a message of a relay means, by its own id on that side.
 * ERR_NOT_FOUND, ERR_DENIED; ERR_BUSY as above. */
MUST_USE enum err
permit_of_sender(struct turn *turn, const struct message *message,
    struct slice side, struct slice record, struct network_record_row *ret);

/* Routes, and the shapes of their inputs. */
extern const struct shape permit_revocation_shape, permit_disclosure_shape,
    permit_correction_shape;
MUST_USE enum err permit_route_revoke(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Hide a record, or show it (hiding.h). */
MUST_USE enum err permit_route_disclosure(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Note that a record was wrong (番号法31条). */
MUST_USE enum err permit_route_correction(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Timer: erase decisions after seven years, with the records. */
MUST_USE enum err permit_erase(struct turn *turn);

#endif
