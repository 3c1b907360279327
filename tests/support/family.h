/*
 * For tests on live processes: a nation in which the story has been told, so
 * that the father may be asked about, and exchanges in it.
 *
 * Every function fails the test if something goes otherwise than it should.
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

/* The program is that of the variable BANGO. */
void family_open(struct family *f);
void family_close(struct family *f);

/* One request as the operator, that succeeds; *ret may be NULL. */
void family_call(struct family *f, const char *system, enum http_method method,
    const char *path, json_t *body, json_t **ret);
/* What a system's status holds under `name`, or among its counts; -1 if
 * neither has it. */
int64_t family_status(struct family *f, const char *system, const char *name);
/* Wait until it is at least `least`. */
void family_until(
    struct family *f, const char *system, const char *name, int64_t least);
/* Wait until the system answers as a whole and well one. */
void family_until_well(struct family *f, const char *system);

/* Shinjuku asks about the father: his local tax of Asahikawa, or his pension.
 * Returns the inquiry's number. */
int family_ask(struct family *f, const char *provider);
/* The state of an inquiry, after at most `wait` seconds: static text. */
const char *family_state(struct family *f, int inquiry, int wait);
/* Wait until an inquiry is answered with contents. */
void family_until_received(struct family *f, int inquiry);
/* An exchange as a whole: milliseconds. */
int64_t family_exchange(struct family *f, const char *provider);

/* A signal for a system's process; its id. */
pid_t family_signal(struct family *f, const char *system, int number);

#endif
