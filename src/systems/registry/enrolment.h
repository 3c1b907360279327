/*
 * The counter's orders about residents' sign-ins at the portal (decision 0055): a
 * ticket to begin with, another after a lost secret, the end of a sign-in.
 *
 * A ticket is in the answer to the order and nowhere else: neither the ticket nor
 * its acquisition number is kept (番号法21条の2第3項).
 */
#ifndef BANGO_SYSTEMS_REGISTRY_ENROLMENT_H
#define BANGO_SYSTEMS_REGISTRY_ENROLMENT_H

#include "host/system.h"

extern const struct shape enrolment_order_input_shape, enrolment_one_shape;

/* POST /enrolments. */
MUST_USE enum err
enrolment_post(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /enrolments/{enrolment}; may wait for the portal. */
MUST_USE enum err
enrolment_show(struct turn *turn, const struct input *in, struct reply *reply);

/* enrolment.settled, from the portal; enrolment.refused, from jukinet. */
MUST_USE enum err
enrolment_settled_take(struct turn *turn, const struct message *message);
MUST_USE enum err
enrolment_refused_take(struct turn *turn, const struct message *message);
/* enrolment.identify was refused. */
MUST_USE enum err
enrolment_not_taken(struct turn *turn, const struct message *message);

/* Timer: erase orders after 90 days. */
MUST_USE enum err enrolment_erase(struct turn *turn);

#endif
