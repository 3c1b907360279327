/*
 * The case (事案) for which our office asks: it was opened, not long ago, and
 * does not stand for more inquiries than a case needs.  Nobody can see from here
 * that there is such a case at the office; the record keeps its number for seven
 * years, and whoever looks into the record can ask for its papers.
 */
#ifndef BANGO_SYSTEMS_RELAY_CASE_H
#define BANGO_SYSTEMS_RELAY_CASE_H

#include "host/turn.h"
#include "law/refusal.h"
#include "messages/inquiries.h"

#define CASE_DAYS_MAX 731     /* since it was opened */
#define CASE_INQUIRIES_MAX 40 /* in CASE_PERIOD_MS */
#define CASE_PERIOD_MS (30 * 24 * 3600ll * 1000)

/* *ret is REFUSED_CASE, REFUSED_CASE_OFTEN or unchanged.  The inquiry or search of
 * this turn is in its table already, and counts. */
MUST_USE enum err
case_check(struct turn *turn, const struct inquiry_case *c, enum refusal *ret);

#endif
