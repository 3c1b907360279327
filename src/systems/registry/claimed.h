/*
 * Claims of other municipalities that a former resident of ours has come back from
 * abroad, to them (住基法30条の3第1項).  We agree by rule where our own closed record
 * shows it, otherwise a clerk agrees or objects; after the term an officer of J-LIS
 * decides (docs/decisions/0046-the-municipality-of-before.md).
 */
#ifndef BANGO_SYSTEMS_REGISTRY_CLAIMED_H
#define BANGO_SYSTEMS_REGISTRY_CLAIMED_H

#include "host/system.h"

/* arrival.notice; the same once more is a reminder. */
MUST_USE enum err
claimed_take_notice(struct turn *turn, const struct message *message);
/* arrival.ended */
MUST_USE enum err
claimed_take_end(struct turn *turn, const struct message *message);
/* Timer: attributes and stay are erased 90 days after the end. */
MUST_USE enum err claimed_timer(struct turn *turn);

extern const struct shape claimed_list_input_shape, claimed_reply_input_shape;
/* GET /claims */
MUST_USE enum err
claimed_list(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /claims/{claim}/reply */
MUST_USE enum err
claimed_reply(struct turn *turn, const struct input *in, struct reply *reply);

#endif
