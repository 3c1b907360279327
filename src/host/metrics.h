/*
 * What /status says, as figures for a monitoring system: the text format of
 * Prometheus, version 0.0.4.
 */
#ifndef BANGO_HOST_METRICS_H
#define BANGO_HOST_METRICS_H

#include "base/json.h"
#include "base/slice.h"

#define METRICS_MEDIA_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * One line for each figure of a status: its integers as bango_NAME, its counts
 * as bango_count{what="NAME"}, what waits for peers as
 * bango_outbox_messages{peer="ID"} and bango_outbox_oldest_seconds{peer="ID"}.
 * Appends.
 */
void metrics_write(const json_t *status, struct buf *ret);

#endif
