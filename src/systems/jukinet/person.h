/*
 * 本人確認情報: identification information, the data of a person that jukinet
 * keeps (住基法30条の6); the current state and the former ones.
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
	struct serial code;        /* of the current code */
	struct slice municipality; /* organisation */
	enum person_state state;
	struct serial number_code;    /* the current number's origin */
	struct generation generation; /* of the current number */
	struct attributes attributes;
	struct slice event;
	struct date event_date;
	struct instant updated; /* by the sender's clock */
};

/*
 * The person who has or had a code, in the arena.  If the code is nobody's:
 * ERR_BUSY while the message sent at `said` may have overtaken the one that
 * makes it somebody's, ERR_NOT_FOUND later.  ERR_NOT_FOUND also if the code was
 * never designated.
 */
MUST_USE enum err person_of_code(struct turn *turn,
    const struct resident_code *code, struct instant said, struct person *ret);
/*
 * The same if the person, in whatever state, is on record in the municipality
 * that sent the message.  Otherwise one result for a code that was never
 * designated, is nobody's or is another municipality's: ERR_BUSY for an hour
 * after the message was sent, for another one may be under way; then
 * ERR_DENIED; *ret is nobody.
 */
MUST_USE enum err
person_of_sender(struct turn *turn, const struct message *message,
    const struct resident_code *code, struct person *ret);
/* That result; `what`: "no move of this id". */
MUST_USE enum err person_not_yours(
    struct turn *turn, const struct message *message, const char *what);
/* Whether somebody is called so, or was: name or kana, birth and sex, all of them
 * (attributes_confirm()).  The work does not depend on the answer. */
MUST_USE enum err person_fits(struct turn *turn, const struct person *person,
    const struct attributes *said, bool *ret);
/* The codes that a person had before the current one, oldest first, in the
 * arena; no more than a message holds. */
MUST_USE enum err person_former_codes(struct turn *turn, struct serial serial,
    struct serial today, const struct resident_code **ret, size_t *ret_n);
/* *ret_new is false if there is a person with that serial already: nothing was
 * written then.  The caller owes budget_resize() for somebody new. */
MUST_USE enum err
person_add(struct turn *turn, const struct person *person, bool *ret_new);
/* In the arena.  ERR_NOT_FOUND. */
MUST_USE enum err
person_find(struct turn *turn, struct serial serial, struct person *ret);
/* Keep `old` as a former state and write `changed`. */
MUST_USE enum err person_replace(
    struct turn *turn, const struct person *old, const struct person *changed);
/* The person's last state abroad, in the arena.  ERR_NOT_FOUND if the person
 * never was abroad. */
MUST_USE enum err person_former_abroad(
    struct turn *turn, struct serial serial, struct person *ret);
/* The person's last former state that was this one, in that municipality; in the
 * arena.  ERR_NOT_FOUND. */
MUST_USE enum err person_former(struct turn *turn, struct serial serial,
    enum person_state state, struct slice municipality, struct person *ret);
/* Keep, as a former one, a state that arrived too late to be the current one. */
MUST_USE enum err person_keep(struct turn *turn, const struct person *late);
/* The current number; as secret as numbers are. */
MUST_USE enum err person_number(struct turn *turn, const struct person *person,
    struct individual_number *ret);
/* The number of `person` is withdrawn and never given again (施行令6条); it is
 * kept as a former number of `owner`. */
MUST_USE enum err person_retire_number(
    struct turn *turn, const struct person *person, struct serial owner);
/* Find a person by exactly these four attributes (name, birth, sex, address).
 * ERR_NOT_FOUND; ERR_CONFLICT if several people have them. */
MUST_USE enum err person_look_up(
    struct turn *turn, const struct attributes *a, struct serial *ret);
MUST_USE enum err person_audit(struct turn *turn, const char *action,
    struct serial serial, struct slice basis);

#endif
