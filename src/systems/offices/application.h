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

struct application {
	struct slice application; /* 32 hex digits */
	struct slice applicant;   /* business number */
	struct slice child;       /* business number */
	struct slice previous_municipality;
	struct slice unit;
	struct slice clerk;
};

/* What else the clerk said. */
struct application_options {
	bool ask_pension;
	bool deceased_confirmed;
};

/*
 * Open an application and ask.  The same one again changes nothing;
 * ERR_CONFLICT if the id stands for another.
 */
MUST_USE enum err
application_open(struct turn *turn, const struct application *application,
    const struct application_options *options);

/* Whether an answer is still waited for.  ERR_NOT_FOUND. */
MUST_USE enum err
application_is_waiting(struct turn *turn, struct slice application, bool *ret);
/* All of it, with what was received; new reference.  ERR_NOT_FOUND. */
MUST_USE enum err
application_describe(struct turn *turn, struct slice application, json_t **ret);
/* Requests wait for this key: text in the arena. */
struct slice application_wake_key(struct turn *turn, struct slice application);

/* inquiry.answered, from our own relay; refusals from our addressee, too. */
MUST_USE enum err
application_answered(struct turn *turn, const struct message *message);

#endif
