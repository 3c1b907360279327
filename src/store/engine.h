/*
 * The part of a store that SQLite and PostgreSQL do differently; within
 * src/store only.
 *
 * The front (store.c, transaction.c, query.c) keeps the rules that are the same on both:
 * transactions, marks, the audit rule, names, statements in use.  An engine
 * runs SQL and turns its own errors into ours.  It writes the reason of a
 * failure into engine->problem, always without a value that was bound.
 */
#ifndef BANGO_STORE_ENGINE_H
#define BANGO_STORE_ENGINE_H

#include "base/err.h"
#include "base/slice.h"
#include "store/rows.h"
#include "store/store.h"

/* A statement of this store. */
struct prepared {
	const struct statement *statement;
	void *handle; /* the engine's; NULL until first used */
	enum err err; /* why it has no handle */
	uint64_t serial;
	uint64_t bound;     /* a bit for each parameter */
	unsigned int depth; /* marks standing when it was begun */
	bool in_use;
	bool stepped;
	bool has_row;
	bool is_watched;       /* it may change a protected table */
	struct prepared *next; /* in use too */
	struct prepared **link;
};

enum mark_verb {
	MARK_SET,
	MARK_KEEP,
	MARK_UNDO, /* roll back to it and remove it */
};
#define MARK_VERBS 3

struct engine {
	const struct engine_ops *ops;
	struct problem *problem; /* the store's */
};

struct engine_ops {
	const char *name;
	/* Does a failed SELECT spoil the transaction, unless in a mark? */
	bool marks_reads;
	void (*close)(struct engine *engine);
	/* One or more statements without parameters. */
	enum err (*exec)(struct engine *engine, const char *sql);
	enum err (*begin)(struct engine *engine);
	enum err (*commit)(struct engine *engine);
	void (*rollback)(struct engine *engine);
	/* Has the transaction gone without our doing? */
	bool (*is_lost)(struct engine *engine);
	enum err (*mark)(
	    struct engine *engine, enum mark_verb verb, unsigned int depth);
	/* Make p->handle. */
	enum err (*prepare)(struct engine *engine, struct prepared *p);
	/* Have the engine look at the SQL now, not at the first step. */
	enum err (*check)(struct engine *engine, struct prepared *p);
	void (*release)(struct engine *engine, struct prepared *p);
	void (*bind_int)(struct prepared *p, unsigned int i, int64_t value);
	void (*bind_text)(struct prepared *p, unsigned int i, struct slice s);
	void (*bind_blob)(struct prepared *p, unsigned int i, struct slice s);
	void (*bind_null)(struct prepared *p, unsigned int i);
	/* OK a row, ERR_NOT_FOUND the end; *ret_changes at the end. */
	enum err (*step)(
	    struct engine *engine, struct prepared *p, int64_t *ret_changes);
	void (*reset)(struct engine *engine, struct prepared *p);
	bool (*is_null)(struct prepared *p, unsigned int i);
	/* False: the column has another type. */
	bool (*get_int)(struct prepared *p, unsigned int i, int64_t *ret);
	bool (*get_text)(struct prepared *p, unsigned int i, struct slice *ret);
	bool (*get_blob)(struct prepared *p, unsigned int i, struct slice *ret);
	enum err (*integrity_check)(struct engine *engine);
	enum err (*checkpoint)(struct engine *engine);
	/* From now on, note each change of a row in `rows`. */
	enum err (*watch_rows)(struct engine *engine, struct rows *rows);
	/* Add all rows of a table to *sum, each with the digest that would be
	 * noted for it. */
	enum err (*sum_rows)(struct engine *engine, const char *table,
	    struct lthasher *hasher, struct lthash *sum);
};

/* Is this location a PostgreSQL database? */
bool postgresql_is_location(const char *location);
MUST_USE enum err
postgresql_open(const char *location, const struct store_options *options,
    struct engine **ret, struct problem *problem);
/* As store_locate(), store_create() and store_claim(). */
MUST_USE enum err postgresql_locate(const char *server, const char *name,
    struct buf *ret, struct problem *problem);
MUST_USE enum err postgresql_create(
    const char *location, const char *server, struct problem *problem);
MUST_USE enum err postgresql_claim(
    char *const *locations, size_t n, const char *by, struct problem *problem);
void postgresql_files(const char *location,
    void (*tell)(void *state, const char *path), void *state);
MUST_USE enum err
sqlite_open(const char *path, const struct store_options *options,
    struct engine **ret, struct problem *problem);

struct mark {
	bool personal;
	bool audit;
	bool is_set; /* known to the engine */
	bool has_written;
	bool has_audited;
	size_t n_changes; /* noted in store->rows when it was set */
	enum err failed;  /* not OK: the mark must be undone */
};

struct store {
	struct engine *engine;
	struct problem problem;
	enum store_access access;
	bool in_transaction;
	bool bold;     /* the engine is told of no marks */
	bool spoilt;   /* ... and one was to be undone */
	enum err lost; /* why the transaction can only be rolled back */
	unsigned int depth;
	struct mark marks[STORE_MARKS_MAX + 1]; /* [0]: the transaction */
	struct prepared *prepared;              /* the store's own first */
	unsigned int n_prepared;
	struct prepared *in_use;
	uint64_t serial;
	int64_t changes; /* of the last statement that ran to its end */
	struct store_written written;
	struct rows rows;
	enum err (*inject)(struct store *store); /* NULL; or inject.c's */
	uint64_t inject_after;
	enum err inject_err;
};

/* Statement `index` of the whole array, the store's own included. */
void
store_query_any(struct store *store, unsigned int index, struct query *ret);
/* A statement is in use from now on, and no longer; its engine resets it. */
void store_begin_use(struct store *store, struct prepared *p);
void store_end_use(struct store *store, struct prepared *p);
/* Close the queries that were begun at `depth` marks or deeper. */
void store_close_queries(struct store *store, unsigned int depth);
/* ... or end the process if there are any. */
void store_demand_closed(const struct store *store, unsigned int depth);
/* Before the statement: make the marks that stand known to the engine, or note
 * that it writes. */
MUST_USE enum err
store_set_marks(struct store *store, const struct statement *statement);
/* The error that a test wants now, or OK. */
MUST_USE enum err store_injected(struct store *store);
/* The current mark must be undone now, or all of the transaction. */
void store_note_failure(struct store *store, enum err err);
MUST_USE enum err
store_migrate(struct store *store, const struct schema *const *schemas,
    unsigned int n_schemas, const struct store_options *options);
/* A programmer's error.  `p` may be NULL. */
_Noreturn void
store_die(const struct prepared *p, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
