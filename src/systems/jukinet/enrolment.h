/*
 * Enrolments at the portal: a registry names a resident of its own by the Resident
 * Record Code, and jukinet vouches to the network that the person is one
 * (decision 0055).  It stores nothing of an enrolment.
 */
#ifndef BANGO_SYSTEMS_JUKINET_ENROLMENT_H
#define BANGO_SYSTEMS_JUKINET_ENROLMENT_H

#include "host/system.h"

/* enrolment.identify, from a registry. */
MUST_USE enum err
enrolment_take(struct turn *turn, const struct message *message);

#endif
