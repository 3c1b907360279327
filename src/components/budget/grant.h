/*
 * Grants: what an organisation may use beside the budgets of the days.
 *
 * At the founding each organisation is granted R once; the grant is written when
 * it is needed first.  An announcement (budget.announce) is granted by rule: six
 * in a year and kind, each of up to a tenth of R and 31 days.  An officer grants up
 * to ten times a day's budget, and more with a second holder.
 */
#ifndef BANGO_COMPONENTS_BUDGET_GRANT_H
#define BANGO_COMPONENTS_BUDGET_GRANT_H

#include "components/budget/budget.h"

#define GRANT_ANNOUNCEMENTS_MAX 6  /* of a kind, in a year */
#define GRANT_ANNOUNCED_SHARE 1000 /* of R, in ten-thousandths */
#define GRANT_DAYS_MAX 31
#define GRANT_OFFICER_TIMES 10 /* a day's budget */

/* The rest of the grants of today; and the use of `n` of it, of those grants first
 * that end first.  ERR_INTERNAL if there is not as much. */
MUST_USE enum err grant_left(struct turn *turn, enum budget_kind kind,
    struct slice organisation, int64_t *ret);
MUST_USE enum err grant_use(struct turn *turn, enum budget_kind kind,
    struct slice organisation, int64_t n);

/* budget.announce.  ERR_DENIED if the rule does not allow it: an officer may. */
MUST_USE enum err
grant_take_announcement(struct turn *turn, const struct message *message);
/* POST /budgets/announcements: announce to another system that we shall need more
 * of its budget. */
extern const struct shape grant_announcement_input_shape;
MUST_USE enum err grant_post_announcement(
    struct turn *turn, const struct input *in, struct reply *reply);
/* GET /budgets: what each organisation used today, and the grants. */
MUST_USE enum err
grant_get(struct turn *turn, const struct input *in, struct reply *reply);

#endif
