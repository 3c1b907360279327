/*
 * What was erased from the database stands in the database's log until the log is
 * emptied.  A live host empties it when its work rests, and once a minute if
 * that never happens.
 *
 * Inside live/ only.
 */
#ifndef BANGO_LIVE_TIDY_H
#define BANGO_LIVE_TIDY_H

struct live;

/* Make the event; free it with live->tidy_event. */
void tidy_arm(struct live *live);
/* A batch was committed: the log is emptied soon if the batch wrote anything. */
void tidy_note(struct live *live);

#endif
