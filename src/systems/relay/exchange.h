/*
 * Records of exchanges (情報提供等の記録, 番号法23条1項), as inquirer and as
 * provider, and the evidence of each.
 */
#ifndef BANGO_SYSTEMS_RELAY_EXCHANGE_H
#define BANGO_SYSTEMS_RELAY_EXCHANGE_H

#include "host/system.h"

/* Route: GET /records of a person: who asked whom, and when. */
MUST_USE enum err exchange_route_records(
    struct turn *turn, const struct input *in, struct reply *reply);
/* Route: GET /evidence/{exchange}. */
extern const struct shape relay_evidence_input_shape;
MUST_USE enum err exchange_route_evidence(
    struct turn *turn, const struct input *in, struct reply *reply);

/* Timer: erase records that are seven years old. */
MUST_USE enum err exchange_erase(struct turn *turn);

#endif
