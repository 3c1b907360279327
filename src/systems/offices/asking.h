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
#include "offices_rows.h"

/* The state after an outcome ("received"); NULL if there is no such. */
const char *asking_state_after(struct slice outcome);
/* Of inquiry.answered: which inquiry, borrowed, and the state that it is in
 * then ("received").  ERR_INPUT. */
MUST_USE enum err
asking_read_answer(struct turn *turn, const struct message *message,
    struct slice *ret_inquiry, const char **ret_state);

/* May an answer change what is in state `held`?  The first counts, but what was
 * expired may still be received. */
bool asking_is_open(struct slice held, const char *state);
/* Write what came of it: offices_inquiry_answer or offices_question_answer. */
MUST_USE enum err asking_write_answer(struct turn *turn,
    enum err (*write)(struct store *, const struct offices_answer *),
    struct slice inquiry, const char *state, const json_t *body);

/* inquiry.answered, from our own relay or addressee; ERR_NOT_FOUND if it is
 * none of these. */
MUST_USE enum err
asking_answered(struct turn *turn, const struct message *message);
/* inquiry.held, from our own relay: for these and for an application's
 * questions. */
MUST_USE enum err asking_held(struct turn *turn, const struct message *message);

/* Routes. */
MUST_USE enum err asking_route_post(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err asking_route_get(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err asking_route_cancel(
    struct turn *turn, const struct input *in, struct reply *reply);
/* A part of a file: rows [line, BN, affair, item, provider]. */
MUST_USE enum err asking_route_batch(
    struct turn *turn, const struct input *in, struct reply *reply);
/* How far a file is, waiting until it is done. */
MUST_USE enum err asking_route_batch_state(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Its results in order, after a line. */
MUST_USE enum err asking_route_results(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
