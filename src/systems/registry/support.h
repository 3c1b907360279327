/*
 * Support measures (DV等支援措置): a person who has been threatened asks that nobody
 * learns where they are (住民基本台帳事務処理要領 第5-10 [not checked against the
 * text]).  About such a person this registry agrees to no claim by rule: a clerk
 * looks (claimed.h).  Certificates and look-ups know nothing of them yet.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_SUPPORT_H
#define BANGO_SYSTEMS_REGISTRY_SUPPORT_H

#include "host/system.h"
#include "systems/registry/kinds.h"

extern const struct shape support_input_shape;
/* POST /support-measures: begin, prolong or end one. */
MUST_USE enum err
support_post(struct turn *turn, const struct input *in, struct reply *reply);
/* Whether one is in force today. */
MUST_USE enum err
support_is(struct turn *turn, struct resident_id id, bool *ret);

#endif
