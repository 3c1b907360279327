/*
 * Resident records: the current state, and every version of it.
 *
 * A version is never overwritten.  An event adds one and makes it current.
 * Whoever reads a record owes the audit entry (turn_audit), whoever writes
 * one gets it written here.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_RESIDENT_H
#define BANGO_SYSTEMS_REGISTRY_RESIDENT_H

#include "host/turn.h"
#include "number/individual_number.h"
#include "number/resident_code.h"
#include "systems/registry/person.h"
#include "systems/registry/tally.h"

enum resident_state {
	RESIDENT_CURRENT = 1,
	RESIDENT_MOVED_OUT = 2,
	RESIDENT_DECEASED = 3,
};
const char *resident_state_name(enum resident_state state);

/* How far a resident is from an Individual Number (番号法7条, 8条). */
enum numbering {
	NUMBERING_WAITING = 0,   /* not asked for yet */
	NUMBERING_REQUESTED = 1, /* the network was asked */
	NUMBERING_NUMBERED = 2,
	NUMBERING_REFUSED = 3, /* resident.refusal says why */
	NUMBERING_ENDED = 4,   /* gone before it was asked for */
};
const char *numbering_name(enum numbering numbering);

struct resident {
	struct resident_id id;
	int64_t version;
	enum resident_state state;
	enum numbering numbering;
	int64_t assignment; /* serial of the current number; 0: none */
	bool has_code;
	struct resident_code code;
	struct slice refusal;
	bool from_abroad;   /* without a code; said of new records alone */
	struct slice event; /* that made this version */
	struct date event_date;
	struct person person;
};

/* What happened, for the record and the audit. */
struct event {
	const char *name;  /* "birth", "move" … of docs/messages.md */
	const char *audit; /* "resident.birth" */
	struct date date;
	struct slice basis; /* article */
};

/* Copied into the turn's arena.  ERR_NOT_FOUND says so in the problem. */
MUST_USE enum err
resident_load(struct turn *turn, struct resident_id id, struct resident *ret);
/* The same without a word in the problem, for who expects either. */
MUST_USE enum err
resident_peek(struct turn *turn, struct resident_id id, struct resident *ret);

/* Whose code it is or was; ERR_NOT_FOUND. */
MUST_USE enum err resident_find_code(struct turn *turn,
    const struct resident_code *code, struct resident_id *ret);
/* Whose Individual Number it is today; ERR_NOT_FOUND also for an old one. */
MUST_USE enum err resident_find_number(struct turn *turn,
    const struct individual_number *number, struct resident_id *ret);
/*
 * The one record that has this name, birth, sex and address, all four.
 * ERR_NOT_FOUND; ERR_CONFLICT if several have, which a person must decide
 * (docs/incidents.md F11).
 */
MUST_USE enum err resident_find_attributes(
    struct turn *turn, const struct attributes *a, struct resident_id *ret);

/*
 * A new record with its first version, in state current and waiting for its
 * number.  An id and a household of 0 are given here, from the tally.  The
 * caller has made sure that id and code (NULL: none yet) are free.
 */
MUST_USE enum err
resident_add(struct turn *turn, struct tally *tally, const struct event *event,
    const struct resident_code *code, struct resident *resident);
/* Another version, made of all that `resident` now says; the version counts
 * up. */
MUST_USE enum err resident_change(
    struct turn *turn, const struct event *event, struct resident *resident);

/* Another Resident Record Code for who has one, which becomes a former one;
 * for the next resident_change(). */
MUST_USE enum err resident_recode(struct turn *turn,
    const struct resident_code *code, struct resident *resident);

/* The number under the current assignment; ERR_NOT_FOUND if there is none. */
MUST_USE enum err resident_number(struct turn *turn,
    const struct resident *resident, struct individual_number *ret);

/* turn_audit() with the resident as the subject. */
MUST_USE enum err resident_audit(struct turn *turn, const char *action,
    struct resident_id id, struct slice basis);

/* Add the record without number and code.  `numbering` is how far that is, in
 * words. */
void resident_describe(
    const struct resident *r, const char *numbering, struct json_out *o);

#endif
