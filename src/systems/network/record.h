/*
 * Records of requests (情報提供等の記録, 番号法23条3項, 令85 47条): who asked
 * whom for which item, when and why, and whether it was provided; never the
 * contents.
 *
 * Records are kept under a person's record code, which identifies nobody outside
 * this database, and erased after seven years.
 */
#ifndef BANGO_SYSTEMS_NETWORK_RECORD_H
#define BANGO_SYSTEMS_NETWORK_RECORD_H

#include "host/system.h"
#include "messages/records.h"
#include "network_rows.h"

/* Write the record of a request that was permitted (it has `expires`) or
 * refused, and the audit entry. */
MUST_USE enum err
record_add(struct turn *turn, struct network_record_add *record);

/* provision.report, from the provider's relay.  The first report counts, and
 * another is refused, as is one of an instant before the inquiry; a provision
 * after the permit's end counts as expired. */
MUST_USE enum err
record_report(struct turn *turn, const struct message *message);
/* records.request, from the portal. */
MUST_USE enum err record_show(struct turn *turn, const struct message *message);

/* Timers. */
MUST_USE enum err record_expire(struct turn *turn);
MUST_USE enum err record_erase(struct turn *turn);

/* Records requested before this are no longer kept at `now`: seven full
 * years in Japan have passed since the day after. */
struct instant record_keep_from(struct instant now);

#endif
