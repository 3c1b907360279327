/*
 * Arrivals from abroad (国外転入) of people who bring no code and no record.
 *
 * Whoever had a Resident Record Code before a stay abroad keeps it, and the
 * Individual Number with it (住基法30条の3第1項).  So such an arrival goes to
 * jukinet as one from abroad.  If there are people who left and may be this
 * one, jukinet makes no number but says who they are; the arrival is held
 * until a clerk has decided by papers.  A later decision corrects an earlier
 * one (docs/decisions/0022-arrivals-from-abroad.md).
 *
 * A code of the pool is set aside for the arrival.  If nobody has come back,
 * it counts; else it is a former code of who has, and never anybody else's.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_ABROAD_H
#define BANGO_SYSTEMS_REGISTRY_ABROAD_H

#include "host/system.h"
#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/registry/resident.h"

enum abroad_state {
	ABROAD_ASKED, /* jukinet found nobody, or has not answered */
	ABROAD_HELD,
	ABROAD_SAME,
	ABROAD_DIFFERENT,
};

struct abroad {
	enum abroad_state state;
	struct slice candidates; /* JSON; empty unless held */
	bool has_own_code;
	struct resident_code own_code; /* set aside; of ABROAD_SAME */
	struct resident_id joined;     /* 0: the record is its own */
	struct instant since;
};

/* ERR_NOT_FOUND: no arrival from abroad. */
MUST_USE enum err
abroad_load(struct turn *turn, struct resident_id id, struct abroad *ret);
MUST_USE enum err abroad_store(
    struct turn *turn, struct resident_id id, const struct abroad *abroad);
/* The newest; its serial is 0 if nobody has decided yet. */
MUST_USE enum err abroad_last_decision(struct turn *turn, struct resident_id id,
    struct registry_abroad_decisions_row *ret);
/* jukinet has not answered. */
bool abroad_is_open(const struct registry_abroad_decisions_row *decision);

/* A new record is of somebody from abroad without a code. */
MUST_USE enum err abroad_open(struct turn *turn, struct resident_id id);
/* The record that goes on for `id`: its own, or that of who has come back. */
MUST_USE enum err abroad_follow(struct turn *turn, struct resident_id *id);
/* jukinet found these.  The audit is written. */
MUST_USE enum err abroad_hold(struct turn *turn, struct resident_id id,
    const struct numbering_answer_held *found);
/* arrival.settled */
MUST_USE enum err
abroad_take_settled(struct turn *turn, const struct message *message);

extern const struct shape abroad_list_input_shape, abroad_show_input_shape,
    abroad_decide_input_shape;

/* GET /arrivals */
MUST_USE enum err
abroad_list(struct turn *turn, const struct input *in, struct reply *reply);
/* GET /arrivals/{resident} */
MUST_USE enum err
abroad_show(struct turn *turn, const struct input *in, struct reply *reply);
/* POST /arrivals/{resident}/decision */
MUST_USE enum err
abroad_decide(struct turn *turn, const struct input *in, struct reply *reply);

#endif
