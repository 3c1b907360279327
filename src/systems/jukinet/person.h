/*
 * 本人確認情報: what jukinet knows of a person (住基法30条の6), the current state
 * and what was before.
 *
 * Texts are borrowed, UTF-8 in NFC; an absent one is empty.
 */
#ifndef BANGO_SYSTEMS_JUKINET_PERSON_H
#define BANGO_SYSTEMS_JUKINET_PERSON_H

#include "systems/jukinet/numbers.h"

struct attributes {
	struct slice name, kana, address;
	struct slice former_surname; /* 旧氏 */
	struct slice alias;          /* 通称 */
	struct date birth;
	int sex; /* 1 male, 2 female */
};

enum person_state {
	PERSON_RESIDENT = 1,
	PERSON_MOVED_OUT = 2,
	PERSON_DEAD = 3,
};
const char *person_state_name(enum person_state state);

struct person {
	struct serial serial;
	struct slice municipality; /* organisation */
	enum person_state state;
	struct generation generation; /* of the current number */
	struct attributes attributes;
	struct slice event;
	struct date event_date;
	struct instant updated; /* by the sender's clock */
};

/* yyyymmdd, as rows have dates. */
int64_t person_date_number(struct date date);

/* Seven texts of a message's row from `first` on: name, kana, birth, sex,
 * address, former surname, alias (the last two may be ""). */
bool attributes_read(const json_t *row, size_t first, struct attributes *ret);

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
/* Keep a state that never was the current one, as it came too late. */
MUST_USE enum err person_keep(struct turn *turn, const struct person *late);
/* The current number; as secret as numbers are. */
MUST_USE enum err person_number(struct turn *turn, const struct person *person,
    struct individual_number *ret);
/* By exactly these four attributes (name, birth, sex, address).
 * ERR_NOT_FOUND; ERR_CONFLICT if there are several. */
MUST_USE enum err person_look_up(
    struct turn *turn, const struct attributes *attributes, struct serial *ret);
MUST_USE enum err person_audit(struct turn *turn, const char *action,
    struct serial serial, struct slice basis);

#endif
