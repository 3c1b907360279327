/*
 * Tokens of records: how a keeper finds out that one side has no record of an
 * exchange, without knowing who asked whom about whom (components/keeper).
 *
 * A token stands for a side of one exchange that ended.  Only a system that knows
 * the question can make it:
 *
 *	printf 'bango-record\nSIDE\nQUESTION\nOUTCOME\nWITHHELD\n' |
 *	sha256sum | cut -c1-32
 *
 * QUESTION is the digest of the question, 64 hexadecimal digits; WITHHELD is empty
 * if the answer may be shown.  `organisation` is the one that stands on that
 * side.
 */
#ifndef BANGO_MESSAGES_TOKENS_H
#define BANGO_MESSAGES_TOKENS_H

#include "messages/common.h"

#define TOKENS_MAX MESSAGE_ROWS_MAX
#define SIDE_ASKED "asked"
#define SIDE_ANSWERED "answered"

/* records.tokens, a relay (for its own organisation) or the network (for any) to
 * the organisation's keeper: what ended on a day in Japan */
struct records_tokens {
	struct slice organisation, side;
	struct date day;
	const struct slice *items; /* in ascending order, none twice */
	size_t n_items;
};
DECLARE_MESSAGE(records_tokens);

/* records.unmatched, keeper to relay and network: the tokens of a day that one of
 * them alone has reported.  `ours` are the receiver's. */
struct records_unmatched {
	struct slice organisation, side;
	struct date day;
	const struct slice *ours, *theirs;
	size_t n_ours, n_theirs;
	struct slice level; /* LEVEL_... */
};
DECLARE_MESSAGE(records_unmatched);
#define LEVEL_ASK "ask"         /* send again what you have sent */
#define LEVEL_ALARM "alarm"     /* an officer has to look */
#define LEVEL_SETTLED "settled" /* the other one has come after all */

/* records.explained, relay or network to keeper: an officer has looked.  The
 * archive of evidence goes to the Commission, not to the keeper. */
struct records_explained {
	struct slice organisation, side, token;
	struct slice by; /* "late", "evidence" */
};
DECLARE_MESSAGE(records_explained);

/* records.discrepancies, keeper to portal: open and explained ones of an
 * organisation and month; the latest `at` counts */
struct records_discrepancies_row {
	struct slice organisation;
	struct date month; /* its first day */
	int64_t open, explained;
};
struct records_discrepancies {
	struct instant at;
	const struct records_discrepancies_row *items;
	size_t n_items;
};
DECLARE_MESSAGE(records_discrepancies);
extern const struct shape records_discrepancies_row_shape;

#endif
