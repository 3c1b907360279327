/*
 * The acts of counters about a resident's sign-in, and the enrolments with their
 * tickets.  These lines stay with the resident when a sign-in ends, and are shown
 * with the records of provision, under every later sign-in.
 */
#ifndef BANGO_SYSTEMS_PORTAL_DEED_H
#define BANGO_SYSTEMS_PORTAL_DEED_H

#include "host/system.h"

/* `what`: "ticket", "begun" or "ended"; the municipality whose counter it was. */
MUST_USE enum err deed_add(struct turn *turn, struct slice resident,
    const char *what, struct slice municipality);
/* Write "sign_in": [{"at", "what", "municipality"}], oldest first. */
MUST_USE enum err
deed_put(struct turn *turn, struct slice resident, struct json_out *o);
/* Timer: erase lines after as many years as the records. */
MUST_USE enum err deed_erase(struct turn *turn);

#endif
