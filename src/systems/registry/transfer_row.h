/*
 * The rows of a move: the move itself, and who moves.
 *
 * The personal data of a notice are kept until the people have a record here, and
 * erased then.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H
#define BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H

#include "host/system.h"
#include "messages/moving.h"
#include "registry_rows.h"
#include "systems/registry/registry.h"
#include "systems/registry/resident.h"

#define TRANSFER_OPEN SLICE("open")
#define TRANSFER_COMPLETED SLICE("completed")
#define TRANSFER_REFUSED SLICE("refused")

struct transfer_person {
	struct resident_id resident; /* 0: no record here yet */
	bool arrived;
	bool has_number; /* of people on their way to us */
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
MUST_USE enum err transfer_settle(struct turn *turn,
    const struct transfer *transfer, struct slice state, struct slice reason);
/* Person `i` is on record at the destination; the data of the notice are
 * erased. */
MUST_USE enum err transfer_arrive(struct turn *turn, struct transfer *transfer,
    size_t i, struct resident_id resident);
bool transfer_is_open(const struct transfer *transfer);
bool transfer_is_complete(const struct transfer *transfer);

/* "transfer:<id>", in the arena. */
struct slice transfer_wait_key(struct turn *turn, struct slice id);

/* Begin an answer: the people who have a record here, the move, its state. */
struct json_out *transfer_answer(
    struct reply *reply, int status, const struct transfer *transfer);

#endif
