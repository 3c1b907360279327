/*
 * Inquiries (情報照会) that belong to no application: single inquiries of a
 * clerk, and files of them.
 *
 *   waiting    asked; with `held_until` if a person at the provider decides, and
 *              with a reason if a budget of the network is used up
 *   received, no-data, refused, expired
 *   cancelled  by the clerk; a later answer is not received
 *
 * The id of a file's inquiry follows from the file's digest and the line, so that
 * sending the same file again makes no inquiry again.
 */
#ifndef BANGO_SYSTEMS_OFFICES_ASKING_H
#define BANGO_SYSTEMS_OFFICES_ASKING_H

#include "host/system.h"
#include "messages/inquiries.h"
#include "offices_rows.h"

extern const struct shape offices_ask_input_shape, offices_inquiry_input_shape,
    offices_file_input_shape, offices_file_state_input_shape,
    offices_results_input_shape;

/* The row that is written for an answer; borrows from it. */
struct offices_answer
asking_answer(struct turn *turn, const struct inquiry_answered *answered);
/* May an answer change an inquiry in state `held` to `state`?  The first answer
 * counts, but an inquiry that expired may still be answered. */
bool asking_is_open(struct slice held, struct slice state);

/* Take an answer that is not for an application.  ERR_NOT_FOUND if it is for no
 * inquiry of ours. */
MUST_USE enum err
asking_answered(struct turn *turn, const struct offices_answer *answer);
/* inquiry.held, from our own relay: for these inquiries and for the questions of
 * applications. */
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
/* The progress of a file; waits until all its inquiries are answered. */
MUST_USE enum err asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply);
/* The results of a file in the order of its lines, after a given line. */
MUST_USE enum err asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
