/*
 * Inquiries that wait because a budget is used up (decision 0036).
 *
 * An officer releases or refuses them.  Those of an organisation that asked too
 * much on a day are judged after midnight in the order in which they came; those
 * about a person of whom it asked often wait for the officer.  After seven days
 * they are refused.  An organisation may take them back.
 */
#ifndef BANGO_SYSTEMS_NETWORK_WAITING_H
#define BANGO_SYSTEMS_NETWORK_WAITING_H

#include "host/system.h"

extern const struct shape waiting_page_shape, waiting_decision_shape;

/* GET /inquiries/waiting, and POST /inquiries/waiting/{record}/decision. */
MUST_USE enum err waiting_route_list(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err waiting_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply);

/* End the organisation's inquiry, which it takes back.  ERR_NOT_FOUND if it does
 * not wait. */
MUST_USE enum err waiting_cancel(
    struct turn *turn, struct slice organisation, struct slice inquiry);
/* End all of an organisation's whose relay was revoked. */
MUST_USE enum err
waiting_end_revoked(struct turn *turn, struct slice organisation);

/* Timer: look at those again whose time has come. */
MUST_USE enum err waiting_look_again(struct turn *turn);

#endif
