/*
 * The rows of a move: the move itself, and who moves.
 *
 * The personal data of a notice are kept until the people have a record here, or
 * the notice has ended, and erased then.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H
#define BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H

#include "host/system.h"
#include "messages/moving.h"
#include "registry_rows.h"
#include "systems/registry/registry.h"
#include "systems/registry/resident.h"

/* How a move stands, when no more of its people are under way. */
#define TRANSFER_OPEN SLICE("open")
#define TRANSFER_COMPLETED SLICE("completed") /* somebody has arrived */
#define TRANSFER_REFUSED SLICE("refused")     /* it could not be announced */
#define TRANSFER_ENDED SLICE("ended")         /* nobody has arrived */

/* How one of its people stands. */
enum mover_state {
	MOVER_OPEN,        /* announced */
	MOVER_DECLARED,    /* said to have come here; jukinet is asked */
	MOVER_WITHDRAWING, /* said to stay here; jukinet is asked */
	MOVER_ARRIVED,     /* there; nobody of the following will be */
	MOVER_WITHDRAWN,   /* stays */
	MOVER_EXPIRED,     /* left, and did not arrive in time */
	MOVER_REFUSED,
};

/* The declaration of an arrival adds this to the notice. */
struct declaration {
	struct date date;
	struct slice postal_code;
	struct household_id household;
	struct slice officer;
};

struct transfer_person {
	struct resident_id resident; /* 0: no record here yet */
	enum mover_state state;
	bool has_number;             /* of people on their way to us */
	struct declaration declared; /* of MOVER_DECLARED */
};

struct transfer {
	struct slice id; /* 32 hex digits */
	struct registry_transfer_get_row row;
	struct transfer_person people[REGISTRY_TRANSFER_MAX];
	struct mover movers[REGISTRY_TRANSFER_MAX]; /* the same people */
	size_t n_people;
};

/* The move and its people, copied into the arena; ERR_NOT_FOUND. */
MUST_USE enum err
transfer_load(struct turn *turn, struct slice id, struct transfer *ret);
MUST_USE enum err
transfer_add(struct turn *turn, const struct transfer *transfer);
/* End the move as a whole; requests that wait for it go on. */
MUST_USE enum err transfer_settle(struct turn *turn,
    const struct transfer *transfer, struct slice state, struct slice reason);
/* The same if nobody is under way any more: as completed if anybody has arrived,
 * else as ended for that reason.  Requests that wait go on in any case. */
MUST_USE enum err transfer_close(
    struct turn *turn, struct transfer *transfer, struct slice reason);
/* Person `i` is said to have come: keep the declaration, and the address. */
MUST_USE enum err
transfer_declare(struct turn *turn, struct transfer *transfer, size_t i);
/* Person `i` stands so from now on; the data of the notice are erased. */
MUST_USE enum err transfer_put(struct turn *turn, struct transfer *transfer,
    size_t i, enum mover_state state);
/* The place among the people of the one with a code; n_people if of nobody. */
size_t transfer_find(
    const struct transfer *transfer, const struct resident_code *code);
bool transfer_is_open(const struct transfer *transfer);
/* Is anybody in that state? */
bool transfer_has(const struct transfer *transfer, enum mover_state state);

/* "transfer:<id>", in the arena. */
struct slice transfer_wait_key(struct turn *turn, struct slice id);

/* Answer with the move: the people who have a record here, and how it stands. */
void transfer_answer(
    struct reply *reply, int status, const struct transfer *transfer);

#endif
