/*
 * The right that a route asks of its caller, and duties.
 *
 * A duty is the right of staff to one kind of work: a route names the one duty
 * that it needs, and a holder's row in this system's database says which duties
 * the holder has (docs/decisions/0038-holders-and-duties.md).  Nothing that a
 * caller says about itself counts.
 */
#ifndef BANGO_HOST_RIGHT_H
#define BANGO_HOST_RIGHT_H

#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

enum right {
	RIGHT_PUBLIC,   /* anybody: health, sign-in */
	RIGHT_RESIDENT, /* the bearer of a session's token */
	RIGHT_PEER,     /* another system of the scheme */
	RIGHT_HOLDER,   /* staff with any duty here */

	/* In every system. */
	DUTY_LOOK,
	DUTY_STATUS,
	DUTY_LEDGER,
	DUTY_DISCREPANCY,
	DUTY_ADOPT,
	DUTY_ANNOUNCE,
	/* Some systems have these; struct system says which. */
	DUTY_RECORD,
	DUTY_IMPORT,
	DUTY_NUMBER,
	DUTY_CODE,
	DUTY_ENROL,
	DUTY_CLAIM,
	DUTY_REPLY,
	DUTY_LOOKUP,
	DUTY_BUDGET,
	DUTY_CLAIMS,
	DUTY_RESTORE,
	DUTY_RENUMBER,
	DUTY_CONFLICT,
	DUTY_MARK,
	DUTY_DECLARE,
	DUTY_CASE,
	DUTY_HOLD,
	DUTY_CORRECT,
	DUTY_EVIDENCE,
	DUTY_EDITION,
	DUTY_HIDE,
	DUTY_PERMIT_REVOKE,
	DUTY_RELINK,
	DUTY_REVOKE,
	DUTY_OPERATOR,
	DUTY_COMMISSION_CONFIRM,
	DUTY_COMMISSION_FREEZE,
	RIGHT_COUNT,
};
#define DUTY_FIRST DUTY_LOOK

/* A set of rights is one word, a bit for each. */
#define RIGHT_BIT(duty) (UINT64_C(1) << (duty))
#define DUTIES_COMMON                                              \
	(RIGHT_BIT(DUTY_LOOK) | RIGHT_BIT(DUTY_STATUS) |           \
	    RIGHT_BIT(DUTY_LEDGER) | RIGHT_BIT(DUTY_DISCREPANCY) | \
	    RIGHT_BIT(DUTY_ADOPT) | RIGHT_BIT(DUTY_ANNOUNCE))
#define DUTIES_ALL                        \
	(RIGHT_BIT(RIGHT_COUNT - 1) * 2 - \
	    RIGHT_BIT(DUTY_FIRST)) /* of all systems */
/* The duties of the Commission at the network; no others have them there. */
#define DUTIES_COMMISSION \
	(RIGHT_BIT(DUTY_COMMISSION_CONFIRM) | RIGHT_BIT(DUTY_COMMISSION_FREEZE))

/*
 * Duties whose acts need a second holder: everything but GET.  A handler may ask
 * for one in other cases, too (reply_pending()).  One holder acts alone in an
 * emergency where the act stops something and opens nothing.
 */
#define DUTIES_OF_TWO                                                     \
	(RIGHT_BIT(DUTY_ADOPT) | RIGHT_BIT(DUTY_CLAIMS) |                 \
	    RIGHT_BIT(DUTY_RESTORE) | RIGHT_BIT(DUTY_RENUMBER) |          \
	    RIGHT_BIT(DUTY_EDITION) | RIGHT_BIT(DUTY_HIDE) |              \
	    RIGHT_BIT(DUTY_PERMIT_REVOKE) | RIGHT_BIT(DUTY_RELINK) |      \
	    RIGHT_BIT(DUTY_REVOKE) | RIGHT_BIT(DUTY_COMMISSION_CONFIRM) | \
	    RIGHT_BIT(DUTY_COMMISSION_FREEZE))
#define DUTIES_OF_EMERGENCY \
	(RIGHT_BIT(DUTY_REVOKE) | RIGHT_BIT(DUTY_COMMISSION_FREEZE))

struct duty_info {
	const char *name; /* "commission.confirm" */
	const char *what; /* one line: what a holder may do */
};
/* NULL for a right that is no duty. */
const struct duty_info *duty_info(enum right right);
/* ERR_NOT_FOUND if no duty has that name. */
MUST_USE enum err duty_find(struct slice name, enum right *ret);
/* A set of duties from names with spaces between; names that this program does
 * not know are left out.  And back; appends. */
uint64_t duties_read(struct slice names);
void duties_write(uint64_t set, struct buf *ret);

#endif
