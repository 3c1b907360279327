/*
 * Jukinet: the national server of the Resident Registry Network (住民基本台帳
 * ネットワーク) and the generation of Individual Numbers, both operated by
 * J-LIS.
 *
 * It designates Resident Record Codes to municipalities, generates Individual
 * Numbers of them, and keeps the identification information (本人確認情報) of
 * everybody.  It translates Individual Numbers into codes for the network and
 * never sees a linkage code.
 */
#ifndef BANGO_SYSTEMS_JUKINET_JUKINET_H
#define BANGO_SYSTEMS_JUKINET_JUKINET_H

#include "host/system.h"

extern const struct system jukinet_system;

#define JUKINET_USUAL "jlis/jukinet" /* its id, for turn_single() */

/* Setting: "network", the id of the network ("digital/network" if not set). */

#define JUKINET_ROWS_MAX 2000  /* of one message */
#define JUKINET_CODES_MAX 5000 /* in one designation */
#define JUKINET_PEOPLE_MAX 100 /* in one move */
#define JUKINET_REASON_MAX 600 /* bytes of why a number is changed */

/* An update for somebody unknown may have overtaken the request for his
 * number: so long it is asked for again. */
#define JUKINET_PATIENCE_MS (3600ll * 1000)

/* Count `n` of something today (令85 55条). */
MUST_USE enum err jukinet_count(struct turn *turn, const char *what, int64_t n);

#endif
