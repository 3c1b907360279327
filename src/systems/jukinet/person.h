/*
 * 本人確認情報: what jukinet knows of a person (住基法30条の6), the current state
 * and what was before.
 *
 * Texts are borrowed, UTF-8 in NFC; an absent one is empty.
 */
#ifndef BANGO_SYSTEMS_JUKINET_PERSON_H
#define BANGO_SYSTEMS_JUKINET_PERSON_H

#include "person/attributes.h"
#include "systems/jukinet/numbers.h"

enum person_state {
	PERSON_RESIDENT = 1,
	PERSON_MOVED_OUT = 2,
	PERSON_DEAD = 3,
};
const char *person_state_name(enum person_state state);

struct person {
	struct serial serial;      /* of the first code: our own id */
	struct serial code;        /* of today's */
	struct slice municipality; /* organisation */
	enum person_state state;
	struct serial number_code;    /* what the current number was made of */
	struct generation generation; /* of the current number */
	struct attributes attributes;
	struct slice event;
	struct date event_date;
	struct instant updated; /* by the sender's clock */
};

/* Whose this code is or was, by its serial: a person's own, unless it is a
 * later code of somebody.  Whether there is such a person is not checked. */
MUST_USE enum err
person_serial(struct turn *turn, struct serial code, struct serial *ret);
/*
 * Whose code it is or was, in the arena.  ERR_BUSY if it is nobody's, but
 * what was said of it at `said` may have overtaken what makes it somebody's;
 * ERR_NOT_FOUND after that, or if it was never designated.
 */
MUST_USE enum err person_of_code(struct turn *turn,
    const struct resident_code *code, struct instant said, struct person *ret);
/* The codes that a person had before today's, oldest first, in the arena; no
 * more than a message holds. */
MUST_USE enum err person_former_codes(struct turn *turn, struct serial serial,
    struct serial today, const struct resident_code **ret, size_t *ret_n);
/* *ret_new is false if there is somebody with that serial: then nothing was
 * written. */
MUST_USE enum err
person_add(struct turn *turn, const struct person *person, bool *ret_new);
/* In the arena.  ERR_NOT_FOUND. */
MUST_USE enum err
person_find(struct turn *turn, struct serial serial, struct person *ret);
/* Keep `old` as a former state and write `changed`. */
MUST_USE enum err person_replace(
    struct turn *turn, const struct person *old, const struct person *changed);
/* The person as they were when they were abroad last, in the arena.
 * ERR_NOT_FOUND: they never were. */
MUST_USE enum err person_former_abroad(
    struct turn *turn, struct serial serial, struct person *ret);
/* Keep a state that never was the current one, as it came too late. */
MUST_USE enum err person_keep(struct turn *turn, const struct person *late);
/* The current number; as secret as numbers are. */
MUST_USE enum err person_number(struct turn *turn, const struct person *person,
    struct individual_number *ret);
/* The number of `person` is not theirs any more and never given again; it was
 * `owner`'s (施行令6条). */
MUST_USE enum err person_retire_number(
    struct turn *turn, const struct person *person, struct serial owner);
/* By exactly these four attributes (name, birth, sex, address).
 * ERR_NOT_FOUND; ERR_CONFLICT if there are several. */
MUST_USE enum err person_look_up(
    struct turn *turn, const struct attributes *a, struct serial *ret);
MUST_USE enum err person_audit(struct turn *turn, const char *action,
    struct serial serial, struct slice basis);

#endif
