/*
 * Refusals of running systems, as the commands tell them.
 */
#ifndef BANGO_NATION_REFUSAL_H
#define BANGO_NATION_REFUSAL_H

#include "base/slice.h"

/*
 * The error that an answer with a status of 300 or more stands for, by
 * err_of_http_status().  Its text is the answer's own, which says what to do,
 * or else, of a body without one, names the status.
 */
MUST_USE enum err nation_refusal(const char *system_id, int status,
    struct slice body, struct problem *problem);

#endif
