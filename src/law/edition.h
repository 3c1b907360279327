/*
 * Editions of the law's table.
 *
 * The order is amended; each edition is the whole table from the day on which
 * it takes effect until the next one does.  Its id is that day, as e-Gov
 * names editions too.  The edition in force on a day decides inquiries of that
 * day; before the first edition nothing is allowed.
 *
 * This module reads no files and does not know the date: the day is passed in,
 * so that a new edition takes effect by the clock and not by a restart.
 */
#ifndef BANGO_LAW_EDITION_H
#define BANGO_LAW_EDITION_H

#include "base/time.h"
#include "law/law.h"

/* The day on which the table of law_text_built_in() took effect. */
#define EDITION_BUILT_IN ((struct date){2024, 5, 27})

#define EDITIONS_MAX 64

struct editions;

struct editions *editions_new(void);
void editions_free(struct editions *editions); /* NULL is fine */

/*
 * ERR_CONFLICT if there is an edition of that day; ERR_INPUT for a day that is
 * not fully known; ERR_TOO_LARGE after EDITIONS_MAX; else as law_load().  The
 * text is not needed afterwards.
 */
MUST_USE enum err editions_add(struct editions *editions, struct date effective,
    const struct law_text *text, struct problem *problem);

/* Earliest first. */
struct edition {
	struct date effective;
	struct law *law; /* owned by the editions */
};
size_t editions_count(const struct editions *editions);
const struct edition *
editions_at(const struct editions *editions, size_t index);
/* The edition in force on that day.  ERR_NOT_FOUND before the first, and for a
 * day that is not fully known. */
MUST_USE enum err editions_on(const struct editions *editions, struct date day,
    const struct edition **ret);

#endif
