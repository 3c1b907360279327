/*
 * Applications for a child allowance (児童手当法).
 *
 * Instead of asking the applicant for papers, the office asks the previous
 * municipality for the local tax information (row 106 of the table of 番号法
 * 19条8号), and, if the clerk wants it, the Pension Service for the pension
 * information (row 107).  The contents received belong to the application's
 * file.
 */
#ifndef BANGO_SYSTEMS_OFFICES_APPLICATION_H
#define BANGO_SYSTEMS_OFFICES_APPLICATION_H

#include "host/system.h"

extern const struct shape offices_allowance_input_shape,
    offices_application_input_shape;

/* POST /child-allowance: open an application and make its inquiries.  Repeating
 * the request changes nothing; ERR_CONFLICT if another application has the
 * id. */
MUST_USE enum err application_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
/* GET /applications/{application}: the application with all contents received;
 * waits until everything is answered. */
MUST_USE enum err application_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);

/* inquiry.answered, from our own relay, and refusals from our addressee: for an
 * application's question, or for an inquiry by itself (asking.h). */
MUST_USE enum err
application_answered(struct turn *turn, const struct message *message);
/* Our inquiry.request, which the addressee did not take: the same. */
MUST_USE enum err
application_not_taken(struct turn *turn, const struct message *message);

#endif
