/*
 * The offices (業務システム): tax, pension and child allowance, as far as the
 * exchange needs them.  One process for each organisation.
 *
 * An office knows its people by business number.  In this first form it stores no
 * Individual Number at all: the number of a new insured person is passed on to
 * the addressee in the same turn.
 */
#ifndef BANGO_SYSTEMS_OFFICES_H
#define BANGO_SYSTEMS_OFFICES_H

#include "host/system.h"
#include "messages/inquiries.h"

extern const struct system offices_system;

#define OFFICES_ROWS_MAX MESSAGE_ROWS_MAX /* of one message */
#define OFFICES_BATCH_MAX 500             /* inquiries in one request */

/* Items of information (利用特定個人情報) and affairs, by row of the table. */
#define OFFICES_ITEM_TAX "local-tax"   /* 地方税関係情報 */
#define OFFICES_ITEM_PENSION "pension" /* 年金給付関係情報 */
#define OFFICES_AFFAIR_ALLOWANCE "106" /* 児童手当, asking a municipality */
#define OFFICES_AFFAIR_PENSION "107"   /* 児童手当, asking about pensions */

/* The organisation that is asked about pensions if no setting says another. */
#define OFFICES_PENSION_PROVIDER "nenkin"

/* A refused replica is put again after 15 s, 30 s, 1 min ..., at most ten
 * times. */
#define OFFICES_RETRY_MS 15000
#define OFFICES_RETRIES_MAX 10

/* Fields that several inputs share. */
#define OFFICES_AFFAIR(tag, member)              \
	FIELD_AS(tag, member, "affair", NAME_OF, \
	    "row of the law's table, or own-use affair of ours")
#define OFFICES_ITEM(tag, member) \
	FIELD_AS(tag, member, "item", NAME_OF, "item of information")
/* The members of a struct matter, all of which offices_matter() completes. */
#define OFFICES_MATTER(tag, member)                                         \
	OPTION_AS(tag, member.of_case.number, "case", CASE_NUMBER,          \
	    "the case that needs the answer; without it, a case of its "    \
	    "own"),                                                         \
	    OPTION_AS(tag, member.of_case.opened, "opened", DATE,           \
		"the day on which the case was opened; without it, today"), \
	    OPTION_AS(tag, member.step, "step", STEP,                       \
		"the procedure within the affair"),                         \
	    OPTION_AS(tag, member.whose, "whose", WHOSE,                    \
		"the part that the person has in the case; without it, "    \
		"self")
#define OFFICES_WAIT(tag) \
	OPTION(tag, wait, INT(0, 60), "seconds to wait for the answer")

/*
 * Let the request wait, for at most `seconds`, until offices_wake() is called
 * with the same `what` and `id` ("inquiry" and its id); the handler must then
 * end.  False if the request does not wait, or has waited.
 */
MUST_USE bool offices_wait(struct turn *turn, const struct input *in,
    struct reply *reply, const char *what, struct slice id, int64_t seconds);
void offices_wake(struct turn *turn, const char *what, struct slice id);

/* The business number of the person whom an inquiry or an application's question
 * is about, for the audit; the empty slice if neither has this id. */
MUST_USE enum err
offices_subject(struct turn *turn, struct slice inquiry, struct slice *ret);

/* Complete the matter of a request with that id: its own case, opened today, and
 * about the person themselves, where it does not say another.  The clerk is the
 * holder whose turn this is. */
void offices_matter(struct turn *turn, struct matter *matter, struct slice id,
    struct slice unit);

/* Write an instant of a row unless it is 0, which stands for NULL. */
void
offices_out_instant(struct json_out *o, const char *key, struct instant at);

/* The members that a list and a single inquiry begin with, from a row that has
 * columns of these names. */
struct offices_asked {
	struct slice inquiry, business_number, affair, item, provider, unit,
	    clerk;
};
#define OFFICES_ASKED(row)                                                     \
	(&(const struct offices_asked){(row)->inquiry, (row)->business_number, \
	    (row)->affair, (row)->item, (row)->provider, (row)->unit,          \
	    (row)->clerk})
void offices_out_asked(struct json_out *o, const struct offices_asked *asked);

/* Counts for `bango status`, and GET /progress. */
MUST_USE enum err offices_count(struct turn *turn, struct counting *counts);
MUST_USE enum err offices_route_progress(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
