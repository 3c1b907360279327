/*
 * At the keeper: tokens come, and match or do not.
 *
 * A keeper counts its own days of work.  On the third day a token that one of
 * both has alone is asked for at both (`ask`); on the ninth it is an alarm at both.
 * A token that comes after that settles it.
 */
#ifndef BANGO_COMPONENTS_KEEPER_COMPARE_H
#define BANGO_COMPONENTS_KEEPER_COMPARE_H

#include "components/keeper/keeper.h"

#define COMPARE_TIMER "keeper.compare"
#define COMPARE_ASK_DAYS 3
#define COMPARE_ALARM_DAYS 9
/* Tokens of one reporter, organisation and side that may be open.  More of them wait
 * in its outbox. */
#define COMPARE_OPEN_MAX 100000

/* records.tokens.  ERR_DENIED for another organisation's side, or if the keeper is
 * of the reporter's own organisation; ERR_BUSY while too many are open. */
MUST_USE enum err
compare_take(struct turn *turn, const struct message *message);
/* records.explained: counted, and shown by the portal; nothing is forgotten. */
MUST_USE enum err
compare_take_explanation(struct turn *turn, const struct message *message);
/* Timer: ask, raise alarms. */
MUST_USE enum err compare_look(struct turn *turn);
/* Timer: erase counts and tokens after seven years. */
MUST_USE enum err compare_erase(struct turn *turn);
/* GET /keeper: the counts of the newest days. */
MUST_USE enum err
compare_get(struct turn *turn, const struct input *in, struct reply *reply);

#endif
