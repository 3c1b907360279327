/*
 * Resident records: the current state, and every version of it.
 *
 * A version is never overwritten: an event adds one and makes it current.  A
 * caller that reads a record must write the audit entry (turn_audit); functions
 * that change a record write the entry themselves.
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
	bool from_abroad;   /* without a code; set for new records only */
	bool returned;      /* the same, and says to have had one */
	struct slice event; /* which added this version */
	struct date event_date;
	struct person person;
};

/* An event, for the record and the audit. */
struct event {
	const char *name;  /* "birth", "move" … of docs/messages.md */
	const char *audit; /* "resident.birth" */
	struct date date;
	struct slice basis; /* article */
	struct slice by;    /* the officer; empty: the turn's caller */
};

/* Copied into the turn's arena.  ERR_NOT_FOUND, with a problem. */
MUST_USE enum err
resident_load(struct turn *turn, struct resident_id id, struct resident *ret);
/* The same without a problem, for callers that expect either result. */
MUST_USE enum err
resident_peek(struct turn *turn, struct resident_id id, struct resident *ret);

/* The resident who has or had a code.  ERR_NOT_FOUND. */
MUST_USE enum err resident_find_code(struct turn *turn,
    const struct resident_code *code, struct resident_id *ret);
/* The resident who has an Individual Number today.  ERR_NOT_FOUND also for a
 * former number. */
MUST_USE enum err resident_find_number(struct turn *turn,
    const struct individual_number *number, struct resident_id *ret);
/*
 * The one record that has this name, birth, sex and address, all four.
 * ERR_NOT_FOUND; ERR_CONFLICT if several records have them: a person must then
 * decide (docs/incidents.md F11).
 */
MUST_USE enum err resident_find_attributes(
    struct turn *turn, const struct attributes *a, struct resident_id *ret);

/*
 * Add a new record with its first version, in state current and waiting for its
 * number.  If id or household is 0, a new one is given, from the tally.  The
 * caller must make sure that id and code (NULL: none yet) are free.
 */
MUST_USE enum err
resident_add(struct turn *turn, struct tally *tally, const struct event *event,
    const struct resident_code *code, struct resident *resident);
/* Add another version, with all that `resident` says now; its version number is
 * incremented. */
MUST_USE enum err resident_change(
    struct turn *turn, const struct event *event, struct resident *resident);

/* Give another Resident Record Code to a resident who has one, which becomes a
 * former code; the next resident_change() stores the new one. */
MUST_USE enum err resident_recode(struct turn *turn,
    const struct resident_code *code, struct resident *resident);

/* The number under the current assignment; ERR_NOT_FOUND if there is none. */
MUST_USE enum err resident_number(struct turn *turn,
    const struct resident *resident, struct individual_number *ret);

/* turn_audit() with the resident as the subject. */
MUST_USE enum err resident_audit(struct turn *turn, const char *action,
    struct resident_id id, struct slice basis);

/* Write the record without number and code.  `numbering` is the name of the state
 * of numbering. */
void resident_describe(
    const struct resident *r, const char *numbering, struct json_out *o);

/* The key that requests wait for until a resident has a number or a decision; in
 * the arena. */
struct slice resident_wait_key(struct turn *turn, struct resident_id id);

#endif
