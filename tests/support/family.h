/*
 * For tests on live processes: a nation in which the story has been told, so
 * that inquiries about the father are possible, and exchanges in that nation.
 *
 * Every function fails the test on an unexpected result.
 */
#ifndef BANGO_TESTS_SUPPORT_FAMILY_H
#define BANGO_TESTS_SUPPORT_FAMILY_H

#include "lab/demo/stage.h"
#include "lab/demo/story.h"

#define FAMILY_PATIENCE_MS (600 * 1000) /* then something hangs */

struct family {
	struct stage *stage;
	struct story story;
	int n_asked; /* inquiries have numbers */
};

/* The environment variable BANGO names the program.  An officer has allowed
 * more questions about one person than its budget does. */
void family_open(struct family *f);
void family_close(struct family *f);

/* One request as the operator, which must succeed; *ret may be NULL. */
void family_call(struct family *f, const char *system, enum http_method method,
    const char *path, json_t *body, json_t **ret);
/* The number `name` in a system's status, or among its counts; -1 if neither
 * has it. */
int64_t family_status(struct family *f, const char *system, const char *name);
/* Wait until that number is at least `least`. */
void family_until(
    struct family *f, const char *system, const char *name, int64_t least);
/* Wait until the system answers that it is healthy. */
void family_until_well(struct family *f, const char *system);

/* Shinjuku asks about the father: his local tax of Asahikawa, or his pension.
 * Returns the inquiry's number. */
int family_ask(struct family *f, const char *provider);
/* The state of an inquiry, after at most `wait` seconds: static text. */
const char *family_state(struct family *f, int inquiry, int wait);
/* Wait until an inquiry is answered with contents. */
void family_until_received(struct family *f, int inquiry);
/* Do a whole exchange; returns its milliseconds. */
int64_t family_exchange(struct family *f, const char *provider);

/* Send a signal to a system's process; returns the process id. */
pid_t family_signal(struct family *f, const char *system, int number);

#endif
