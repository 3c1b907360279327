/*
 * Arrivals from abroad (国外転入) of people who bring no code and no record.
 *
 * A person who had a Resident Record Code before a stay abroad keeps it, and the
 * Individual Number with it (住基法30条の3第1項).  The request for such an
 * arrival's number therefore tells jukinet that the person comes from abroad.  If
 * people who left resemble the arrival, jukinet makes no number and names nobody;
 * the arrival is held until a clerk has decided by documents: that the person is
 * none of those, or had this last stay in Japan.  The latter is a claim, to which the
 * municipality of before agrees.  A later decision takes the place of an
 * earlier one (docs/decisions/0022-arrivals-from-abroad.md,
 * 0041-claims-of-arrivals.md, 0046-the-municipality-of-before.md).
 *
 * A code of the pool is set aside for the arrival.  It becomes the arrival's code
 * if the person is new; otherwise it becomes a former code of the person who has
 * come back, and is never given to anybody else.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_ABROAD_H
#define BANGO_SYSTEMS_REGISTRY_ABROAD_H

#include "host/system.h"
#include "messages/arrivals.h"
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

/* Note that a new record is of a person from abroad without a code. */
MUST_USE enum err abroad_open(struct turn *turn, struct resident_id id);
/* Replace `id` by the record that is continued: `id` itself, or the former record
 * of the person who has come back. */
MUST_USE enum err abroad_follow(struct turn *turn, struct resident_id *id);
/* Note that such a person says to have had a code: the claim leaves when jukinet
 * holds the arrival. */
MUST_USE enum err abroad_claim(struct turn *turn, const struct resident *r,
    const struct resident_code *code);
/* Hold an arrival.  The audit entry is written. */
MUST_USE enum err abroad_hold(struct turn *turn, struct resident_id id);
/* arrival.state */
MUST_USE enum err
abroad_take_state(struct turn *turn, const struct message *message);

extern const struct shape abroad_show_input_shape, abroad_decide_input_shape;

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
