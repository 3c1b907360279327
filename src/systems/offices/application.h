/*
 * Applications for a child allowance (児童手当法).
 *
 * Instead of asking the applicant for papers, the office asks the previous
 * municipality for the local tax information (row 106 of the table of 番号法
 * 19条8号), and, where the clerk wants it, the Pension Service (row 107).
 * What is received belongs to the application's file.
 */
#ifndef BANGO_SYSTEMS_OFFICES_APPLICATION_H
#define BANGO_SYSTEMS_OFFICES_APPLICATION_H

#include "host/system.h"

extern const struct shape offices_allowance_input_shape,
    offices_application_input_shape;

/* POST /child-allowance: open an application and ask.  The same one again
 * changes nothing; ERR_CONFLICT if its id stands for another. */
MUST_USE enum err application_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
/* GET /applications/{application}: all of it, with what was received, waiting
 * until everything is answered. */
MUST_USE enum err application_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

/* inquiry.answered, from our own relay; refusals from our addressee, too: of
 * an application's question, or of an inquiry that stands for itself. */
MUST_USE enum err
application_answered(struct turn *turn, const struct message *message);

#endif
