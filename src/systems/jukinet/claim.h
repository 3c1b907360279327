/*
 * Claims that somebody has come back from abroad (国外転入, 住基法30条の3第1項): a
 * municipality's decision that an arrival is a person who had left.
 *
 * A claim settles nothing by itself.  The municipality of before agrees, by rule or
 * by a clerk; otherwise an officer of J-LIS decides.  Silence settles nothing
 * (docs/decisions/0046-the-municipality-of-before.md).
 *
 *   sought     nobody abroad is shown by it; the news of a departure may be
 *              under way, for an hour
 *   asked      one person is; the municipality of before is asked
 *   held       it objected, said nothing in time, or cannot be asked: an
 *              officer decides
 *   settled, refused, withdrawn: ended
 */
#ifndef BANGO_SYSTEMS_JUKINET_CLAIM_H
#define BANGO_SYSTEMS_JUKINET_CLAIM_H

#include "messages/arrivals.h"
#include "systems/jukinet/person.h"

enum claim_state {
	CLAIM_SOUGHT,
	CLAIM_ASKED,
	CLAIM_HELD,
	CLAIM_SETTLED,
	CLAIM_REFUSED,
	CLAIM_WITHDRAWN,
};

/* A row; texts in the arena. */
struct claim {
	struct slice id;           /* the claimant's */
	struct serial own;         /* of the code set aside for the arrival */
	struct slice municipality; /* the claimant */
	struct instant said;       /* by its clock */
	enum claim_state state;
	struct instant until; /* the end of the term; 0: none */
	struct instant due;   /* when to look again; 0: never */
	struct serial person; /* the one abroad; 0: not found yet */
	struct slice asked;   /* the municipality of before; empty: nobody */
	struct slice reason;  /* why it is held or refused */
	bool names_code;      /* and the serial of that code; 0: nobody's */
	struct serial known;
	struct arrival_before before; /* but for the code */
	struct attributes attributes; /* of the arrival's record */
	struct slice evidence, officer;
	struct slice reply, reply_reason, reply_officer;
	struct instant ended; /* 0: open */
};

bool claim_is_open(const struct claim *claim);
/* The state's name in rows and messages. */
struct slice claim_state_name(const struct claim *claim);

/* ERR_NOT_FOUND. */
MUST_USE enum err
claim_load(struct turn *turn, struct slice id, struct claim *ret);
/* An open claim about an arrival; about a person, but for `other`; one that waits
 * for a municipality, or is its own, and for no officer yet; one of which the timer
 * has to think.  ERR_NOT_FOUND. */
MUST_USE enum err
claim_of_arrival(struct turn *turn, struct serial own, struct claim *ret);
MUST_USE enum err claim_of_person(struct turn *turn, struct serial person,
    struct slice other, struct claim *ret);
MUST_USE enum err claim_of_municipality(
    struct turn *turn, struct slice organisation, struct claim *ret);
MUST_USE enum err claim_due(struct turn *turn, struct claim *ret);
MUST_USE enum err claim_add(struct turn *turn, const struct claim *claim);
MUST_USE enum err claim_store(struct turn *turn, const struct claim *claim);
/* Forget attributes and stay. */
MUST_USE enum err claim_erase(struct turn *turn, const struct claim *claim);
/* Whether a municipality has as many open ones as it may: ten days' budget. */
MUST_USE enum err
claim_is_full(struct turn *turn, struct slice municipality, bool *ret);

/* Tell the claimant how the claim stands, unless it is settled or withdrawn. */
MUST_USE enum err claim_tell(struct turn *turn, const struct claim *claim);
/* Ask the municipality of before, also once more; tell it of the end. */
MUST_USE enum err claim_ask(struct turn *turn, const struct claim *claim);
MUST_USE enum err claim_tell_end(struct turn *turn, const struct claim *claim);
/* The registry of a municipality that can answer.  ERR_NOT_FOUND if it is no peer,
 * or its keys are revoked. */
MUST_USE enum err claim_registry(
    struct turn *turn, struct slice organisation, struct system_id *ret);

/*
 * Find the people abroad whom the claim shows: name, birth and sex fit, today or
 * before, and so does the last stay.  *ret_n is their number, *ret the last.
 */
MUST_USE enum err claim_seek(struct turn *turn, const struct claim *claim,
    struct person *ret, size_t *ret_n);
/* Whether the claim shows that it is this person. */
MUST_USE enum err claim_shows(struct turn *turn, const struct claim *claim,
    const struct person *person, bool *ret);

/* Begin a claim: id, own, municipality, said and what it says are set.  The
 * claimant is told. */
MUST_USE enum err claim_open(struct turn *turn, struct claim *claim);
/* End the open claim about an arrival, if there is one, as withdrawn. */
MUST_USE enum err claim_withdraw(struct turn *turn, struct serial own);
/* arrival.reply */
MUST_USE enum err
claim_take_reply(struct turn *turn, const struct message *message);
/* An officer's decision about a claim that is held. */
MUST_USE enum err claim_settle(struct turn *turn, struct claim *claim);
MUST_USE enum err
claim_refuse(struct turn *turn, struct claim *claim, struct slice reason);
/* Timer: terms, reminders, those who are sought, erasure. */
MUST_USE enum err claim_timer(struct turn *turn);
/* Hook: open claims of a revoked registry, and those about which it is asked, go to
 * an officer. */
MUST_USE enum err
claim_revoked(struct turn *turn, const struct system_id *system);

extern const struct shape claim_list_input_shape, claim_show_input_shape,
    claim_decide_input_shape;
/* GET /claims, GET /claims/{claim}, POST /claims/{claim}/decision */
MUST_USE enum err
claim_list(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
claim_show(struct turn *turn, const struct input *in, struct reply *reply);
MUST_USE enum err
claim_decide(struct turn *turn, const struct input *in, struct reply *reply);

#endif
