/*
 * The identity of a database, and the mark outside it.
 *
 * A database gets an id at its first start, which stands in its rows and in the
 * mark.  The mark lies apart from the database, beside the keys: a lost, older
 * or foreign database does not fit it, and the node does not start on one
 * unless an officer adopts it, with a reason that goes into the ledger.
 *
 * The mark also holds a bound for every kind of value that must never be given
 * twice.  The bound is raised, and durable, before a value is given: a system
 * whose database is lost or rolled back goes on above it.  It is raised by a
 * lease, so that one flush serves many values; each start skips one lease, in
 * case the mark was rolled back together with the database by a little.
 *
 * A mark is a line of JSON and a line with its HMAC-SHA-256 under the signing
 * key of the key store: one of another system, or an altered one, is refused.
 * The mark does not show that it was put back together with its database; the
 * witness of the ledger does (components/audit/witness.h).
 */
#ifndef BANGO_HOST_MARK_H
#define BANGO_HOST_MARK_H

#include "host/turn.h"
#include "ledger/merkle.h"

/* Values that are given once: jukinet's serials, and the network's indexes of
 * organisations. */
enum mark_kind { MARK_SERIAL, MARK_ORGANISATION };
#define MARK_KINDS (MARK_ORGANISATION + 1)

struct mark {
	char id[33];               /* of the database; "" without a mark */
	bool worked;               /* the database was complete once */
	struct merkle_tree ledger; /* which the database had at `time` */
	int64_t given[MARK_KINDS]; /* no value from here on was given */
	struct instant time;       /* of the last renewal */
};

/* Append the text of a mark. */
void mark_write(
    const struct mark *mark, const struct keystore *keys, struct buf *ret);
/* ERR_CRYPTO if no signing key of the key store has made it, ERR_INPUT if it is
 * malformed. */
MUST_USE enum err mark_read(struct slice text, const struct keystore *keys,
    struct mark *ret, struct problem *problem);

/* The place where a node's mark lies: a file on a real machine. */
struct mark_place {
	/* ERR_NOT_FOUND if there is none yet. */
	enum err (*load)(
	    void *state, struct mark *ret, struct problem *problem);
	/* Durable when it returns OK; otherwise the old one stays. */
	enum err (*save)(
	    void *state, const struct mark *mark, struct problem *problem);
	void *state;
	/* For errors: the path of the file, and the database's name on a server;
	 * NULL: it is a file. */
	const char *name, *database;
};

enum adoption_kind { ADOPT_NOTHING, ADOPT_EMPTY, ADOPT_OLDER };
/* An officer's decision to start on a database that does not fit its mark. */
struct adoption {
	enum adoption_kind what;
	const char *reason; /* for the ledger */
};
#define ADOPTION_REASON_MAX 200 /* characters */

/* Append the error about a database that is missing or empty. */
void mark_lost(const struct mark_place *place, const struct system_id *id,
    struct buf *ret);

/* --- In a turn ----------------------------------------------------------- */

/* The least value that may be given now, if the database gave all below
 * `next`. */
int64_t turn_mark_next(struct turn *turn, enum mark_kind kind, int64_t next);
/* Before values below `end` are given: raise the mark above them.  ERR_FULL or
 * ERR_IO, with the place in the problem, if that is not durable; then nothing
 * may be given. */
MUST_USE enum err
turn_mark_raise(struct turn *turn, enum mark_kind kind, int64_t end);
/* Whether a value, which the database does not know, may have been given by one
 * that is lost: the database was adopted, and the value lies under the mark.
 * Its owner has to wait; the status says of how many values this was asked since
 * the start (`waits_for_rebuild`). */
bool turn_mark_forgot(struct turn *turn, enum mark_kind kind, int64_t value);

#endif
