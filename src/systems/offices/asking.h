/*
 * Inquiries (情報照会) that stand for themselves: one that a clerk asks, or a
 * file of them.
 *
 *   waiting    asked; `held_until` if a person of the provider's decides
 *   received, no-data, refused, expired
 *   cancelled  by the clerk; what comes after is not received
 *
 * An inquiry of a file has an id that follows from the file's digest and its
 * line, so that the same file again asks nothing again.
 */
#ifndef BANGO_SYSTEMS_OFFICES_ASKING_H
#define BANGO_SYSTEMS_OFFICES_ASKING_H

#include "host/system.h"
#include "messages/inquiries.h"
#include "offices_rows.h"

extern const struct shape offices_ask_input_shape, offices_inquiry_input_shape,
    offices_file_input_shape, offices_file_state_input_shape,
    offices_results_input_shape;

/* What is written of an answer; borrowed. */
struct offices_answer
asking_answer(struct turn *turn, const struct inquiry_answered *answered);
/* May an answer change what is in state `held`?  The first counts, but what was
 * expired may still be received. */
bool asking_is_open(struct slice held, struct slice state);

/* An answer has come that is no application's.  ERR_NOT_FOUND if nobody asked
 * for it. */
MUST_USE enum err
asking_answered(struct turn *turn, const struct offices_answer *answer);
/* inquiry.held, from our own relay: for these and for an application's
 * questions. */
MUST_USE enum err asking_held(struct turn *turn, const struct message *message);

/* Routes. */
MUST_USE enum err asking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err asking_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Its input is inquiry_cancel_shape. */
MUST_USE enum err asking_route_cancel(
    struct turn *turn, const struct input *in, struct reply *reply);
/* A part of a file: rows [line, BN, affair, item, provider, version]. */
MUST_USE enum err asking_route_batch(
    struct turn *turn, const struct input *in, struct reply *reply);
/* How far a file is, waiting until it is done. */
MUST_USE enum err asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Its results in order, after a line. */
MUST_USE enum err asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
