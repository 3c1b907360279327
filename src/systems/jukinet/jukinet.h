/*
 * Jukinet: the national server of the Resident Registry Network (住民基本台帳
 * ネットワーク) and the generation of Individual Numbers, both operated by
 * J-LIS.
 *
 * It designates Resident Record Codes to municipalities, generates Individual
 * Numbers from them, and keeps everybody's identification information
 * (本人確認情報).  It translates Individual Numbers into codes for the network and
 * never sees a linkage code.
 */
#ifndef BANGO_SYSTEMS_JUKINET_JUKINET_H
#define BANGO_SYSTEMS_JUKINET_JUKINET_H

#include "host/system.h"

extern const struct system jukinet_system;

#define JUKINET_USUAL "jlis/jukinet" /* its id, for turn_single() */

/* Setting: "network", the id of the network ("digital/network" if not set). */

/* An update about an unknown person may have overtaken the request for the
 * person's number: it is tried again for this long. */
#define JUKINET_PATIENCE_MS (3600ll * 1000)

/* The state of its turns: the ciphers. */
MUST_USE enum err jukinet_start(struct turn *turn, void **ret_state);
void jukinet_stop(void *state);

/* Add `n` to today's count of `what` (令85 55条). */
MUST_USE enum err jukinet_count(struct turn *turn, const char *what, int64_t n);
/* For `bango status`: the totals, and the claims that wait for an officer. */
MUST_USE enum err jukinet_counts(struct turn *turn, struct counting *counts);
/* GET /progress: the totals; GET /ledger: the same, day by day. */
MUST_USE enum err jukinet_get_progress(
    struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err jukinet_get_ledger(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
