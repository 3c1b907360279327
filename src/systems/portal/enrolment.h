/*
 * Enrolment: a ticket of a municipality's counter becomes a sign-in.  A stranger
 * without one leaves nothing here, however often.
 */
#ifndef BANGO_SYSTEMS_PORTAL_ENROLMENT_H
#define BANGO_SYSTEMS_PORTAL_ENROLMENT_H

#include "host/system.h"

/* POST /enrolments: answers once with enrolment and secret.  ERR_NOT_FOUND, the
 * same for every ticket that does not work. */
extern const struct shape enrolment_input_shape;
MUST_USE enum err
enrolment_begin(struct turn *turn, const struct input *in, struct reply *reply);

#endif
