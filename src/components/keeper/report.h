/*
 * Reports to keepers: the tokens that this system has noted.
 *
 * A day is reported once it is over.  The message and the place up to which all
 * is sent are written in one turn, and the outbox keeps the message until the
 * keeper has signed for it; so a crash neither loses nor repeats a token.
 */
#ifndef BANGO_COMPONENTS_KEEPER_REPORT_H
#define BANGO_COMPONENTS_KEEPER_REPORT_H

#include "components/keeper/keeper.h"
#include "messages/tokens.h"

#define REPORT_TIMER "keeper.report"
#define REPORT_FORGET_TIMER "keeper.forget"

/* A keeper raises its alarm within nine of its days. */
#define REPORT_KEPT_DAYS 30

/* Timer: send what was noted on days that are over. */
MUST_USE enum err report_send(struct turn *turn);
/* The keeper has not heard of these from us: send again those of them that we
 * have sent. */
MUST_USE enum err
report_again(struct turn *turn, const struct records_unmatched *asked);
/* Our id of the exchange of a token that was noted at about that day; empty if
 * there is none. */
MUST_USE enum err report_record(struct turn *turn,
    const struct records_unmatched *of, struct slice token, struct slice *ret);
/* Timer: forget notes that are older than an alarm can be. */
MUST_USE enum err report_forget(struct turn *turn);

#endif
