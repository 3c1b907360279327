/*
 * Records of provision (情報提供等の記録): requested from the network for the
 * resident of a session, handed over once and not kept.
 */
#ifndef BANGO_SYSTEMS_PORTAL_RECORDS_H
#define BANGO_SYSTEMS_PORTAL_RECORDS_H

#include "host/system.h"

/*
 * GET /records: the network's answer for the session, {"as_of", "records"}, if it
 * is here and fresh, with what counters did about the sign-in ("sign_in"); the
 * answer is deleted then.  Otherwise the network is asked, unless
 * it was before, and the caller waits or gets status 202.
 */
extern const struct shape records_input_shape;
MUST_USE enum err
records_get(struct turn *turn, const struct input *in, struct reply *reply);

/* records.answer, from the network. */
MUST_USE enum err
records_answered(struct turn *turn, const struct message *message);

#endif
