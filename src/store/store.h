/*
 * One database, in SQLite or PostgreSQL, behind one interface.
 *
 * A store is opened for an ordered list of schemas.  Their statements are
 * numbered through, so that the host's enum begins at 0 and a system's enum
 * begins where the host's ends.  SQL appears in schema.sql and statements.sql
 * alone.
 *
 * Each statement has functions of its own, with typed parameters and rows, in
 * the component's NAME_rows.h, which tools/statements writes: use those.  They
 * build on the queries below, which know a statement by its number, and its
 * parameters and columns by name.
 *
 * A process owns its database alone: a second one that opens it gets
 * ERR_BUSY.  A store is used by one thread.
 *
 * Order of use: store_begin(), for each turn store_mark() ... store_keep() or
 * store_undo(), then store_commit().  Committed data survives a crash of the
 * machine.  After an error other than ERR_NOT_FOUND the turn must undo its
 * mark (or roll the transaction back): PostgreSQL accepts nothing else, and
 * SQLite may have executed half of the statement.
 *
 * The audit rule: a mark in which a statement marked `personal` ran is kept
 * only if a statement marked `audit` ran in it too.  The statements of a mark
 * within a mark count for the outer one once it is kept (and undoing it takes
 * back the audit, not the fact that personal data was seen).  Statements
 * outside any mark count for the transaction.
 *
 * A programmer's error (a parameter that does not exist or was not bound, a
 * statement used twice at once, a write outside a transaction, a query left
 * open at store_keep() or store_commit(), schemas in another order than they
 * were built in) ends the process with a message.
 */
#ifndef BANGO_STORE_STORE_H
#define BANGO_STORE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"
#include "base/time.h"
#include "crypto/hash.h"
#include "store/schema.h"

#define STORE_MARKS_MAX 8

struct store;

enum store_access {
	STORE_WRITE = 0, /* owns the database; creates and migrates it */
	STORE_READ,      /* never changes it; it must be up to date */
};

/* Zero everywhere is a good choice everywhere, but for `now`. */
struct store_options {
	enum store_access access;
	/* Not NULL: the database was in use before.  ERR_CORRUPT with this text
	 * if it is missing or empty; no other one is made in its place. */
	const char *if_lost;
	struct instant now;     /* recorded with the migrations applied */
	unsigned int cache_kib; /* SQLite; 0 means 12288 */
	/* How long to wait for another owner.  0: SQLite not at all,
	 * PostgreSQL 5 s, as long as it may take to notice one's death. */
	unsigned int busy_ms;
	uint32_t application_id; /* SQLite: a file with another is refused */
};

/*
 * Open the database at `location` and bring it up to date.  A location is a
 * file (made if it is missing; its folder must exist), ":memory:", or
 * PostgreSQL as "postgresql://USER@HOST/NAME" or "postgresql:" followed by
 * libpq's "host=... dbname=...".
 *
 * The schemas must live as long as the store.  ERR_BUSY if another process
 * owns the database, ERR_CONFLICT if it was made by a newer program or for
 * other components, ERR_CORRUPT if it is no database or is lost,
 * ERR_UNREACHABLE, ERR_FULL, ERR_IO.
 */
MUST_USE enum err
store_open(const char *location, const struct schema *const *schemas,
    unsigned int n_schemas, const struct store_options *options,
    struct store **ret, struct problem *problem);
/* Rolls back an open transaction.  NULL is fine. */
void store_close(struct store *store);

/*
 * For founding: find places for databases, and make sure that nobody else uses
 * them.
 *
 * store_locate(): the location of the database `name` on the PostgreSQL server
 * at `server`, a location that may name another database or none.  ERR_INPUT
 * if libpq does not understand it.
 *
 * store_create(): make the database at `location`, unless it is there and
 * empty; its server is told through the database in `server`, or "postgres".
 * ERR_CONFLICT if it is taken or not empty, ERR_DENIED, with the command for
 * somebody else, if the role has no right to make it, ERR_UNREACHABLE.
 *
 * store_claim(): take databases that store_create() found to be free, all or
 * none; `by` says for whom.  ERR_INPUT, ERR_UNREACHABLE, ERR_IO.
 *
 * A file of SQLite is made when it is opened, so these do nothing for it.
 * Nothing undoes them: store_create() may be called again for a database that
 * was made and not claimed.
 */
MUST_USE enum err store_locate(const char *server, const char *name,
    struct buf *ret, struct problem *problem);
MUST_USE enum err
store_create(const char *location, const char *server, struct problem *problem);
/* `n` locations on one server. */
MUST_USE enum err store_claim(
    char *const *locations, size_t n, const char *by, struct problem *problem);

/* For a sandbox: tell of each file or folder, there or not, that is read whenever
 * the database is connected to.  For a file of SQLite there is none. */
void store_files(const char *location,
    void (*tell)(void *state, const char *path), void *state);

/* The last error, in words without any value that was bound. */
const struct problem *store_problem(const struct store *store);

/*
 * A transaction.  store_begin(), and a query outside a transaction, connects
 * again if the connection was lost (ERR_UNREACHABLE, or ERR_BUSY if another
 * process owns the database by now; the next attempts then fail at once, for
 * up to 2 s).
 */
MUST_USE enum err store_begin(struct store *store);
/*
 * The same in the hope that no mark which wrote something will be undone: the
 * database is told of no marks, which spares it a copy of every page that
 * changes between them.  If such a mark is undone after all, the transaction is
 * spoilt: every later call fails with ERR_BUSY and store_is_spoilt() says so;
 * roll back, begin with store_begin() and do it all again.
 */
MUST_USE enum err store_begin_boldly(struct store *store);
bool store_is_spoilt(const struct store *store);
/*
 * Make the transaction durable.  It is over with every result: OK means that it
 * is on the disk, ERR_UNCERTAIN that nobody knows, every other error that
 * nothing of it was done.  Marks must have been kept or undone.
 */
MUST_USE enum err store_commit(struct store *store);
/* Forget all of it, marks included; fine without a transaction. */
void store_rollback(struct store *store);
bool store_is_open(const struct store *store); /* within a transaction? */
/* Did the transaction that is open, or else the last one, write anything that
 * was not undone? */
bool store_has_written(const struct store *store);

/*
 * A part of a transaction that can be undone by itself, at most
 * STORE_MARKS_MAX deep.
 */
MUST_USE enum err store_mark(struct store *store);
/* End the innermost mark.  On an error it still stands: undo it. */
MUST_USE enum err store_keep(struct store *store);
/*
 * Undo the innermost mark and end it, closing the queries that were begun in
 * it.  If the whole transaction is lost (disk full, connection gone), later
 * calls and the commit say so.
 */
void store_undo(struct store *store);
unsigned int store_depth(const struct store *store); /* marks standing */

/*
 * A query in progress.  It lives on the caller's stack, and its statement is
 * in use until query_done(), query_run(), or until query_step() has returned
 * anything but OK.  A statement cannot be in use twice at once.
 */
struct query {
	struct store *store;
	struct prepared *prepared;
	uint64_t serial;
	unsigned int next_param;
	unsigned int next_column;
};

/* Begin statement `id`; bind its parameters next.  Stepping reports errors. */
void store_query(struct store *store, int id, struct query *ret);

/* Bind by name, in any order; the statement's order is fastest.  The bytes are
 * borrowed until the query is done, and UTF-8 without NUL.  Blobs and NULL are
 * for generated code alone (store/typed.h). */
void query_int(struct query *q, const char *name, int64_t value);
void query_text(struct query *q, const char *name, struct slice value);

/* OK: a row.  ERR_NOT_FOUND: no more rows.  Otherwise see store_problem(). */
MUST_USE enum err query_step(struct query *q);
/* Execute to the end, ignoring rows.  OK also if nothing was changed. */
MUST_USE enum err query_run(struct query *q);
/* Rows written by the last statement of the store that ran to its end; 0 if
 * that statement writes nothing. */
int64_t store_changes(const struct store *store);
/* The rows that statements have written since the store was opened, undone ones
 * included, and the bytes of texts and blobs that were bound to such statements. */
struct store_written {
	int64_t rows, bytes;
};
struct store_written store_written(const struct store *store);
/* After a loop over rows: turns ERR_NOT_FOUND, the end of the rows, into OK. */
MUST_USE enum err rows_end(enum err err);
/* Always safe, also twice. */
void query_done(struct query *q);

/*
 * The current row.  NULL reads as 0 and as the empty slice.  Slices are valid
 * until the next step.  Reading text as an integer or the like is a
 * programmer's error.
 */
int64_t column_int(struct query *q, const char *name);
struct slice column_text(struct query *q, const char *name);

/* Read everything and compare checksums, indexes and references.
 * ERR_CORRUPT with the first finding in the problem's detail. */
MUST_USE enum err store_integrity_check(struct store *store);
/* Move SQLite's write-ahead log into the file and overwrite it with zeros; not
 * within a transaction.  Nothing to do on PostgreSQL. */
MUST_USE enum err store_checkpoint(struct store *store);

/*
 * Sums over the rows of protected tables (decision 0054): what a program other
 * than this one changes in them does not change the sums, and is found.  They
 * are kept with each commit, for tables that were counted once.
 *
 * store_rows_count(): count the tables whose sum is not known, in a transaction.
 * *ret says which tables with rows there were: that had no sum yet, or whose sum
 * was counted before a migration.
 *
 * store_rows_state(): a digest of all sums as they are now, and, appended, the
 * migrations that were done and the beginning of each table's: "migrations 41,
 * person 0123456789abcdef, record ...".  False if no table has rows.
 *
 * store_rows_compare(): append what is wrong with the kept sums, as far as an
 * earlier state in `told` shows: a table that it names has lost its sum, or has
 * one that was counted before the migrations of `told`, which no crash does; or
 * another one, if `told` is the newest.  A table whose rows did not fit before a
 * migration has lost its sum, too.  Reads no rows.
 *
 * store_rows_verify(): read all rows again; *ret_table is the first table that
 * does not fit its sum, or NULL.  Tables that are to be counted are left out:
 * store_rows_uncounted() is the first of these, or NULL.
 */
struct row_count {
	bool first, stale;
};
struct rows_told {
	struct slice tables; /* as store_rows_state() appended them */
	bool is_newest;      /* no row may have changed since */
};
MUST_USE enum err store_rows_count(struct store *store, struct row_count *ret);
bool store_rows_state(
    struct store *store, struct digest *ret, struct buf *ret_tables);
void store_rows_compare(
    struct store *store, const struct rows_told *told, struct buf *ret);
MUST_USE enum err
store_rows_verify(struct store *store, const char **ret_table);
const char *store_rows_uncounted(const struct store *store);
/* Did the transaction that is open change a protected table since its last
 * store_rows_state(), and was no statement marked `audit` kept in it since? */
bool store_rows_unaudited(const struct store *store);

/* For tests of the statements: prepare all of them now. */
MUST_USE enum err store_prepare_all(struct store *store);
/*
 * For fault tests: the `nth` writing statement or commit from now on (1 is the
 * next) fails with `err`, once.  ERR_FULL, ERR_IO and ERR_UNREACHABLE end the
 * whole transaction, as real faults may.  A commit that fails with
 * ERR_UNCERTAIN is carried out.  `nth` 0 calls the fault off.
 */
void store_inject(struct store *store, uint64_t nth, enum err err);
bool store_inject_is_pending(const struct store *store);

#endif
