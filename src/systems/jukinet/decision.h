/*
 * A decision of a municipality about an arrival from abroad, while it is made:
 * by the message (arrival_decide.c), or by the end of a claim
 * (arrival_settle.c).
 */
#ifndef BANGO_SYSTEMS_JUKINET_DECISION_H
#define BANGO_SYSTEMS_JUKINET_DECISION_H

#include "systems/jukinet/arrival.h"
#include "systems/jukinet/claim.h"

#define DECISION_BASIS SLICE("住民基本台帳法30条の3")
/* The answer about everybody whom the sender may not decide about, unknown,
 * dead, here, or another than was said; the others are in docs/messages.md. */
#define DECISION_NOT_YOURS SLICE("not-yours")

struct decision {
	/* The message; or the claim that is settled. */
	const struct arrival_decided *asked;
	struct claim claim;
	bool is_same;
	struct slice municipality;
	struct instant said;
	/* The state before the decision. */
	struct serial own; /* of the code set aside for the arrival */
	struct arrival arrival;
	bool has_record; /* under a number of its own, `record` */
	struct person record;
	/* The outcome. */
	struct person back; /* the one who has come back, if any */
	struct individual_number number;
	struct slice refusal; /* empty: none */
	bool is_claimed;      /* it is a claim, and answered as one */
};

bool decision_is_refused(const struct decision *d);
/* Whether the person is a resident of that municipality. */
bool decision_lives_there(const struct person *p, struct slice municipality);
/* Load the state before `asked`, of `municipality`, and refuse a sender who may
 * not decide about the arrival. */
MUST_USE enum err decision_load(struct turn *turn, struct decision *d);
/* Store the outcome, with its audit, and answer. */
MUST_USE enum err decision_finish(struct turn *turn, struct decision *d);

#endif
