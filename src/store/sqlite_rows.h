/*
 * The rows of protected tables in SQLite: what its pre-update hook says.  For
 * sqlite.c only.
 */
#ifndef BANGO_STORE_SQLITE_ROWS_H
#define BANGO_STORE_SQLITE_ROWS_H

#include <sqlite3.h>

#include "store/rows.h"

struct sqlite_rows;

/* To note changes of protected tables in `rows`.  NULL if SQLite fails; the
 * connection has the error. */
struct sqlite_rows *sqlite_rows_watch(sqlite3 *db, struct rows *rows);
/*
 * A hook costs each change of each table, so it is there for the statements
 * alone that may change a protected table: prepare each between the first two,
 * the second of which says whether it does, and step it between the others.
 * The first two take NULL, too.
 */
void sqlite_rows_begin_prepare(struct sqlite_rows *watch);
bool sqlite_rows_end_prepare(struct sqlite_rows *watch);
void sqlite_rows_on(struct sqlite_rows *watch);
void sqlite_rows_off(struct sqlite_rows *watch);
void sqlite_rows_free(struct sqlite_rows *watch); /* NULL is fine */

/* Add all rows of a table; SQLITE_OK, or the connection has the error. */
int sqlite_rows_sum(sqlite3 *db, const char *table, struct lthasher *hasher,
    struct lthash *sum);

#endif
