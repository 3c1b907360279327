/*
 * Batches of a live host: all requests that are ready, with the host's own
 * work, in one transaction; the replies leave after its commit.
 *
 * Inside live/ only.
 */
#ifndef BANGO_LIVE_BATCH_H
#define BANGO_LIVE_BATCH_H

struct live;

/* Make the events that begin batches; the base has LIVE_PRIORITIES. */
void batch_arm(struct live *live);

#endif
