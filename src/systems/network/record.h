/*
 * Records of requests (情報提供等の記録, 番号法23条3項, 令85 47条): who asked
 * whom for what, when and why, and whether it was provided; never what.
 *
 * They are kept under a person's record code, which stands for nobody
 * outside this database, and erased after seven years.
 */
#ifndef BANGO_SYSTEMS_NETWORK_RECORD_H
#define BANGO_SYSTEMS_NETWORK_RECORD_H

#include "base/old_out.h"
#include "host/system.h"
#include "systems/network/acquisition.h"

struct record {
	struct slice id;                  /* 32 hex digits; of a permit too */
	const struct record_code *person; /* NULL: not known */
	struct slice inquirer, inquiry, affair, item, provider, unit;
	struct slice article;
	struct slice edition;   /* of the table; "2024-05-27" */
	struct slice reason;    /* of a refusal; else empty */
	struct instant expires; /* of the permit; 0: refused */
	bool undisclosed;       /* the request (番号法23条2項1号) */
};

/* Write it, and the audit entry. */
MUST_USE enum err record_add(struct turn *turn, const struct record *record);
/* In the arena, without person and unit.  ERR_NOT_FOUND. */
MUST_USE enum err record_of_inquiry(struct turn *turn, struct slice inquirer,
    struct slice inquiry, struct record *ret);

/* provision.report, from the provider's relay: {permit, outcome, at}.  The
 * first counts; what was provided after the permit's end counts as expired. */
MUST_USE enum err
record_report(struct turn *turn, const struct message *message);
/* records.request, from the portal: {request, code}. */
MUST_USE enum err record_show(struct turn *turn, const struct message *message);

/* All rows of the query, which is then done, as the field `records`. */
MUST_USE enum err record_describe_all(struct query *q, struct old_out *o);

/* Timers. */
MUST_USE enum err record_expire(struct turn *turn);
MUST_USE enum err record_erase(struct turn *turn);

/* Records requested before this are no longer kept at `now`: seven full
 * years in Japan have passed since the day after. */
struct instant record_keep_from(struct instant now);

#endif
