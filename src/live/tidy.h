/*
 * Rows that were erased from the database stand in the database's log until the
 * log is overwritten.  A live host does that when its work rests, and once a
 * minute if it never rests.
 *
 * Inside live/ only.
 */
#ifndef BANGO_LIVE_TIDY_H
#define BANGO_LIVE_TIDY_H

struct live;

/* Make the event; free it with live->tidy_event. */
void tidy_arm(struct live *live);
/* A batch was committed: the log is overwritten soon if the batch wrote
 * anything. */
void tidy_note(struct live *live);

#endif
