/*
 * A turn: everything that a handler gets, and everything that it may change.
 *
 * A system is a set of pure handlers (system.h).  A handler reads its input
 * and its turn, changes rows through turn->store, and leaves messages for
 * other systems with turn_tell(); it reaches no socket, no wall clock and no
 * generator of its own.  Its rows and messages commit together or not at
 * all; the reply leaves after the commit.
 *
 * A handler that returns anything but OK has done nothing: the host undoes
 * its rows and messages.  The handler gives the reason in turn->problem.
 *
 * Handlers must expect every message to come twice, late, and in any order.
 */
#ifndef BANGO_HOST_TURN_H
#define BANGO_HOST_TURN_H

#include "base/arena.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "crypto/keystore.h"
#include "crypto/random.h"
#include "crypto/sign.h"
#include "store/store.h"
#include "wire/envelope.h"
#include "wire/http_call.h"
#include "wire/http_reply.h"
#include "wire/message.h"

struct node;
struct taken;

/* A line of the nation's INI file, as it is given to the system. */
struct setting {
	const char *name;
	const char *value;
};

enum role {
	ROLE_PUBLIC,   /* anybody: health, sign-in */
	ROLE_RESIDENT, /* bearer of a session; the system checks the token */
	ROLE_HOLDER,   /* staff: a certificate with a row and duties */
	ROLE_PEER,     /* another system of the scheme */
	ROLE_HOST,     /* the host itself: timers */
};

struct caller {
	enum role role;
	struct system_id peer; /* ROLE_PEER */
	/* ROLE_HOLDER: "131041" and "山田花子", the officer of rows. */
	struct slice organisation, name;
	/* The two of an act that a second holder has confirmed: `name` is both. */
	struct slice first, second;
	uint64_t rights;      /* to routes: a set of RIGHT_BIT() */
	struct slice token;   /* ROLE_RESIDENT and ROLE_PUBLIC: bearer token */
	struct slice request; /* id of the request or message, for the log */
};

struct turn {
	struct node *node;
	struct arena *arena;
	struct store *store;
	struct instant now;
	struct random random;
	struct caller caller;
	struct problem *problem;
	const struct keystore *keys;
	void *state;           /* made by the component's start, or NULL */
	struct slice actor;    /* the caller in words, for the audit */
	struct taken *taken;   /* the envelope; NULL: the turn took none */
	struct slice exchange; /* its evidence is kept; empty: none */
	int64_t entry;         /* of the audit, kept with it; 0: none */
};

/* This system's own id, organisation and display name. */
const struct system_id *turn_self(const struct turn *turn);
struct slice turn_organisation(const struct turn *turn);
/* The caller's name; of an act of two holders, that of the first. */
struct slice turn_first_holder(const struct turn *turn);
/* The id of system `name` in our own organisation ("relay"). */
struct system_id turn_sibling(const struct turn *turn, const char *name);
/* The key with which this system signs; borrowed. */
const struct signing_key *turn_signing_key(const struct turn *turn);
/* A setting of the system's section in the nation's INI file; the empty
 * slice if it is not set. */
struct slice turn_setting(const struct turn *turn, const char *name);
/* All settings, ended by a NULL name. */
const struct setting *turn_settings(const struct turn *turn);
/*
 * The id of a system that exists once in the nation: `usual`, the usual id in
 * the contract of that system (NETWORK_USUAL, "digital/network"), unless the
 * setting of its name ("network") gives another.  ERR_INTERNAL if the setting
 * is no system's id.
 */
MUST_USE enum err
turn_single(struct turn *turn, const char *usual, struct system_id *ret);
/* Another organisation's clock may be ahead of ours by this: a field of kind PAST
 * that is further ahead refuses its message or request. */
#define CLOCK_AHEAD_MS (5 * 60ll * 1000)
/* ERR_INPUT if a field of kind PAST is ahead of our clock by more than the
 * slack; the problem names it. */
MUST_USE enum err turn_check_past(
    struct turn *turn, const struct shape *shape, const void *input);
/* True for an error that another try may not meet: the sender of a message is
 * asked to try again later.  All other errors are permanent refusals. */
bool err_is_passing(enum err err);
/* Whether a peer of that id is in the directory. */
bool turn_has_peer(const struct turn *turn, const struct system_id *id);
/* Whether that peer has no key that counts (pki/revoked.h).  Messages for it
 * wait until it has one. */
bool turn_is_revoked(const struct turn *turn, const struct system_id *id);
/* The number of our list of revoked keys; 0: none. */
int64_t turn_revoked_number(const struct turn *turn);
/* A peer says that it has a list of this number: if ours is older, the host
 * fetches that one soon, from the peer. */
void turn_hear_revoked(
    struct turn *turn, const struct system_id *peer, int64_t number);

/*
 * Leave a message of the type message_TAG for system `to`; the last argument,
 * the body, is a `const struct tag *`.  The message is delivered after the
 * commit, at least once.  The text of an envelope is erased when its receipt
 * has come.
 *
 * The body must fit the type's table, as the receiver will read it.  If it does
 * not, a request is refused: ERR_INPUT, and the problem names the field.  A
 * turn of a message or a timer has nobody who could correct a row that was kept
 * since an earlier day: it leaves such rows (ROWS) out, and the log and the
 * figure left_out tell; a misfit elsewhere is ERR_INPUT, too.
 *
 *	turn_tell(turn, &network, permit_report, &report)
 */
#define turn_tell(turn, to, tag, ...)        \
	turn_leave(turn, to, &message_##tag, \
	    1 ? (__VA_ARGS__) : (const struct tag *)0, WAITED_FOR)
/* The same for a message that nobody waits for: it leaves with the next message
 * to the same system, or after 100 ms, so that it causes no posting of its
 * own. */
#define turn_tell_at_leisure(turn, to, tag, ...) \
	turn_leave(turn, to, &message_##tag,     \
	    1 ? (__VA_ARGS__) : (const struct tag *)0, AT_LEISURE)
/* turn_tell() to a system that exists once in the nation (turn_single). */
#define turn_tell_usual(turn, usual, tag, ...)        \
	turn_leave_usual(turn, usual, &message_##tag, \
	    1 ? (__VA_ARGS__) : (const struct tag *)0)
enum urgency { WAITED_FOR, AT_LEISURE };
MUST_USE enum err turn_leave(struct turn *turn, const struct system_id *to,
    const struct message_type *type, const void *body, enum urgency urgency);
MUST_USE enum err turn_leave_usual(struct turn *turn, const char *usual,
    const struct message_type *type, const void *body);
/* The same for an unchecked body of edition 1: for doubles of systems, which
 * send wrong bodies, too.  Borrowed. */
MUST_USE enum err turn_send_text(struct turn *turn, const struct system_id *to,
    const char *type, struct slice body);

/*
 * Sign a question with this batch.  *ret_sheet is the id of the sheet (32 hex
 * digits, in the arena) that the message with the question names; the sheet
 * itself leaves for `to` before any message that this turn leaves from now on.
 * Call turn_audit() before: the sheet is evidence, under its own id.
 */
MUST_USE enum err turn_question(struct turn *turn, const struct system_id *to,
    const struct digest *question, struct slice *ret_sheet);
/* The key of that id with which the peer signed at that instant; NULL if the
 * directory has no such key of it, or it was revoked by then.  Borrowed for this
 * turn. */
const struct verify_key *turn_peer_key(const struct turn *turn,
    const struct system_id *peer, const struct key_id *key, struct instant at);

/*
 * Write the audit entry that every access to personal data requires (decision
 * 0004).  `action` is a short constant ("resident.import"), `subject` the system's
 * own id of the person (never an Individual Number or a code), `basis` the
 * affair or article, or empty.
 */
MUST_USE enum err turn_audit(struct turn *turn, const char *action,
    struct slice subject, struct slice basis);

/* Run the timer of that name in the next free turn.  The changes of a turn are
 * held in memory, so a timer with much to do does a part of its work and then
 * hurries itself. */
void turn_hurry(struct turn *turn, const char *timer);
/* The same within `ms`; earlier if the timer is due earlier. */
void turn_hurry_within(struct turn *turn, const char *timer, int64_t ms);

/* Write a line to the log: the event `what`, the thing `which` that it happened
 * to, and the problem's two texts; without personal data. */
void turn_note(struct turn *turn, const char *what, struct slice which,
    const struct problem *problem);

/* Run again every request that waits for `key` (reply_wait), in this batch if
 * there is time. */
void turn_wake(struct turn *turn, struct slice key);

/*
 * How many rows `statement` counts, less those that `less` counts (0: none):
 * statements without parameters, with one row and the column `n`.  A total
 * counts a table without WHERE; a part of one needs an index that holds this
 * part and no other rows.
 */
struct figure {
	const char *name;
	int statement;
	int less;
};

/* Named numbers for status and progress; initialised with zero.  Names are
 * borrowed; more than COUNTING_MAX are a programmer's error. */
#define COUNTING_MAX 32
struct counting {
	struct {
		const char *name;
		int64_t value;
	} all[COUNTING_MAX];
	size_t n;
};
void counting_add(struct counting *counting, const char *name, int64_t value);
/* The value of that name; 0 if there is none. */
int64_t counting_of(const struct counting *counting, const char *name);

/* Add figures (a NULL name ends); large ones may be some time old
 * (host/counts.h). */
MUST_USE enum err turn_counts(
    struct turn *turn, const struct figure *figures, struct counting *counting);

/*
 * A new id, 32 hex digits, in the arena: 48 bits of time and 80 random ones,
 * so that rows with new ids are appended to the end of an index (RFC 9562 §5.7
 * has the same order).  An id cannot be guessed; it shows when it was made.
 */
struct slice turn_new_id(struct turn *turn);

#endif
