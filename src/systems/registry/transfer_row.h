/*
 * The rows of a move: the move itself, and who moves.
 *
 * What a notice says of the people is kept until they have a record here, and
 * erased then.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H
#define BANGO_SYSTEMS_REGISTRY_TRANSFER_ROW_H

#include "systems/registry/registry.h"
#include "systems/registry/resident.h"

enum transfer_state {
	TRANSFER_OPEN,
	TRANSFER_COMPLETED,
	TRANSFER_REFUSED,
};
const char *transfer_state_name(enum transfer_state state);

struct transfer_person {
	int64_t position;
	struct resident_code code;
	struct resident_id resident; /* 0: no record here yet */
	bool arrived;
	bool has_number; /* of people on their way to us */
	struct individual_number number;
	struct slice relation;
	struct person person;
};

struct transfer {
	struct slice id; /* 32 hex digits */
	bool inward;
	struct slice organisation; /* the other municipality */
	struct slice household;    /* 32 hex digits, of the people moving */
	struct date date;
	enum transfer_state state;
	struct slice reason; /* of a refusal */
	struct transfer_person people[REGISTRY_TRANSFER_MAX];
	size_t n_people;
};

/* The move and its people, copied into the arena; ERR_NOT_FOUND. */
MUST_USE enum err
transfer_load(struct turn *turn, struct slice id, struct transfer *ret);
MUST_USE enum err
transfer_add(struct turn *turn, const struct transfer *transfer);
MUST_USE enum err
transfer_settle(struct turn *turn, const struct transfer *transfer,
    enum transfer_state state, struct slice reason);
/* Person `i` is on record at the new place; what we knew of them goes. */
MUST_USE enum err transfer_arrive(struct turn *turn, struct transfer *transfer,
    size_t i, struct resident_id resident);
bool transfer_is_complete(const struct transfer *transfer);

/* "transfer:<id>", in the arena. */
struct slice transfer_wait_key(struct turn *turn, struct slice id);

/* An element of `people` in transfer.notice. */
json_t *transfer_person_to_json(const struct transfer_person *p);
MUST_USE enum err transfer_person_of_json(
    struct turn *turn, const json_t *json, struct transfer_person *ret);

#endif
