/*
 * Non-disclosure (不開示): how long an organisation may keep a request from the
 * person whom it is about, and why.
 * (番号法23条2項: a request or provision of which the fact itself is 不開示情報 by
 * 個人情報保護法78条1項.)
 *
 * A message says it as a text, "GRADE:GROUND:UNTIL", or "" where nothing is
 * withheld:
 *
 *   contents    the person sees that one record is withheld, and until when
 *   existence   the person sees nothing
 *
 * and in either case the whole record when the last day is over.  The grounds of
 * each affair are a table (data/withholding.tsv); its word "mark" in the place of
 * an affair is a provider's own mark.  This module knows the notation and the
 * table; it does not know whether the ground is true.
 */
#ifndef BANGO_LAW_WITHHOLDING_H
#define BANGO_LAW_WITHHOLDING_H

#include "base/shape.h"

#define WITHHOLDING_CONTENTS "contents"
#define WITHHOLDING_EXISTENCE "existence"
#define WITHHOLDING_MARK SLICE("mark") /* in the place of an affair */
/* The ground of records and marks of an earlier program, which had none. */
#define WITHHOLDING_BEFORE "before-2026"

struct withholding {
	struct slice grade, ground;
	struct date until; /* the last day */
};

/* A field of a shape: the text. */
extern const struct kind kind_withholding;
#define WITHHOLDING struct slice, .kind = &kind_withholding
/* ERR_INPUT; the parts point into the text. */
MUST_USE enum err withholding_parse(struct slice text, struct withholding *ret);
/* The text, in the arena. */
struct slice withholding_text(struct arena *arena, const struct withholding *w);
/* Whether two officers have to say so: for existence.  False if it is no such
 * text. */
bool withholding_needs_two(struct slice text);
/* The first instant at which nothing is withheld any more: the midnight after the
 * last day, in Japan.  And the last day, of such an instant. */
struct instant withholding_end(const struct withholding *w);
struct date withholding_last_day(struct instant end);

/*
 * Whether the table allows it in that affair, from a day in Japan on; *ret_article
 * is the ground's article, static.  ERR_DENIED, and the problem says what it would
 * allow: no such ground for the affair, another grade, a last day before `from`
 * or later than the ground's longest.
 */
MUST_USE enum err
withholding_check(struct slice affair, const struct withholding *w,
    struct date from, struct slice *ret_article, struct problem *problem);

#endif
