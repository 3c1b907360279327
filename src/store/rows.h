/*
 * The sums over the rows of protected tables (decision 0054); within src/store
 * only.
 *
 * An engine tells of each row that a statement adds or removes.  The rows that
 * were told are kept in their order, so that undoing a mark takes back those
 * since, and are added to the sums when a transaction commits or somebody asks
 * for the sums.
 */
#ifndef BANGO_STORE_ROWS_H
#define BANGO_STORE_ROWS_H

#include "crypto/lthash.h"
#include "store/store.h"

struct row_table {
	const char *name;
	struct lthash sum;
	struct digest digest; /* of the sum */
	int64_t migrations;   /* done when it was counted; 0: there is no sum */
	bool is_summed;       /* counted since the last migration */
	bool is_changed;      /* and not stored since */
	bool is_digested;     /* `digest` is of this sum */
};

enum row_change_kind { ROW_ADDED, ROW_REMOVED };

struct row_change {
	struct digest row;
	unsigned int table;
	enum row_change_kind kind;
};

struct rows {
	struct row_table *tables; /* in the order of the schemas */
	unsigned int n_tables;
	struct lthasher *hasher; /* NULL: no table is protected */
	struct row_change *changes;
	size_t n_changes, n_room;
	size_t n_added;     /* of them, added to the sums */
	size_t n_told;      /* of them, in a state that somebody asked for */
	int64_t migrations; /* done in this database */
	bool is_counting;   /* tables were counted in this transaction */
	/* Functions of row_sums.c; NULL before the store is open. */
	enum err (*load)(struct store *store);
	enum err (*write)(struct store *store);
	bool is_lost; /* the sums may not be those of the database */
};

void rows_init(struct rows *rows, const struct schema *const *schemas,
    unsigned int n_schemas);
void rows_done(struct rows *rows);

/* For engines: the index of a protected table with a sum, or -1. */
int rows_find(const struct rows *rows, const char *name);
/* ... and one of its rows was added or removed.  The digest is over the table's
 * name as well. */
void rows_note(struct rows *rows, int table, const struct digest *row,
    enum row_change_kind kind);
/* Add all that was noted to the sums. */
void rows_add(struct rows *rows);
/* Take back all that was noted after the first `n`. */
void rows_back(struct rows *rows, size_t n);

/* --- Of a store ---------------------------------------------------------- */

/* Read the sums. */
MUST_USE enum err rows_load(struct store *store);
/* Before migrations change the tables: drop the sums that they do not fit. */
MUST_USE enum err rows_check(struct store *store);
/* Before the engine commits: write the sums that have changed. */
MUST_USE enum err rows_store(struct store *store);
/* The transaction has ended. */
void rows_end_transaction(struct rows *rows, enum err committed);

#endif
