#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#include "store/sqlite_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"

/*
 * The digest of a row is over the table's name, and each column's value in the
 * order of the table: NULL 'n'; integer 'i' and 8 bytes; text 't' and blob 'b',
 * each with its length in 4 bytes and its bytes.  Numbers are big-endian.
 */

/* The defaults of a table's columns. */
struct defaults {
	const char *table;
	sqlite3_value **values; /* NULL where there is none */
	int n;
};

struct sqlite_rows {
	sqlite3 *db;
	bool
	    is_touched; /* a protected table, by the statement being prepared */
	struct rows *rows;
	struct defaults *tables; /* as rows->tables */
	struct buf row;          /* the one under way */
};

/* ---- The digest of a row ---- */

static void
begin_row(struct buf *row, const char *table)
{
	buf_add_string(row, table);
	buf_add_char(row, '\0');
}

/* A kind, and a number in so many bytes. */
static void
add_number(struct buf *row, char kind, uint64_t number, size_t bytes)
{
	uint8_t field[1 + sizeof(number)] = {(uint8_t)kind};
	size_t i;

	for (i = bytes; i > 0; i--, number >>= 8)
		field[i] = (uint8_t)number;
	buf_add(row, slice_bytes(field, 1 + bytes));
}

static void
add_bytes(struct buf *row, char kind, const void *data, int len)
{
	add_number(row, kind, (uint64_t)len, 4);
	if (len > 0)
		buf_add(row, slice_bytes(data, (size_t)len));
}

static void
add_value(struct buf *row, sqlite3_value *v)
{
	const void *data;

	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		add_number(row, 'i', (uint64_t)sqlite3_value_int64(v), 8);
		return;
	case SQLITE_TEXT: /* as a blob: sqlite3_value_text() makes a copy */
		data = sqlite3_value_blob(v);
		add_bytes(row, 't', data, sqlite3_value_bytes(v));
		return;
	case SQLITE_BLOB:
		data = sqlite3_value_blob(v);
		add_bytes(row, 'b', data, sqlite3_value_bytes(v));
		return;
	default: /* an int: SQLITE_NULL; a table that is STRICT has no other */
		buf_add_char(row, 'n');
	}
}

/* Its values do not stay in memory. */
static struct digest
end_row(struct buf *row)
{
	struct digest digest = digest_of(buf_slice(row));

	secret_wipe(row->data, row->len);
	buf_clear(row);

	return digest;
}

/* ---- Defaults ---- */

/* A value by an expression of SQL; NULL, and the connection has the error. */
static sqlite3_value *
evaluate(sqlite3 *db, const char *expression)
{
	char *sql = sqlite3_mprintf("SELECT %s", expression);
	sqlite3_value *value = NULL;
	sqlite3_stmt *stmt = NULL;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_value_dup(sqlite3_column_value(stmt, 0));
	sqlite3_finalize(stmt);
	sqlite3_free(sql);

	return value;
}

static bool
add_default(sqlite3 *db, struct defaults *d, const char *expression)
{
	sqlite3_value *value =
	    expression != NULL ? evaluate(db, expression) : NULL;

	d->values = heap_grow(d->values, (size_t)d->n + 1, sizeof(*d->values));
	d->values[d->n++] = value;

	return expression == NULL || value != NULL;
}

static bool
read_defaults(sqlite3 *db, struct defaults *d)
{
	char *sql = sqlite3_mprintf(
	    "SELECT dflt_value FROM pragma_table_xinfo(%Q) ORDER BY cid",
	    d->table);
	sqlite3_stmt *stmt = NULL;
	bool is_read =
	    sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK;

	while (is_read && sqlite3_step(stmt) == SQLITE_ROW)
		is_read = add_default(
		    db, d, (const char *)sqlite3_column_text(stmt, 0));
	is_read &= sqlite3_finalize(stmt) == SQLITE_OK;
	sqlite3_free(sql);

	return is_read;
}

/* ---- Watching ---- */

typedef int preupdate_value(sqlite3 *db, int column, sqlite3_value **ret);

/* A row that was written before a column was added has NULL there; a column
 * with a default has no other NULL. */
static struct digest
digest_of_row(struct sqlite_rows *w, sqlite3 *db, const struct defaults *d,
    preupdate_value *value_of)
{
	sqlite3_value *value;
	int i, n = sqlite3_preupdate_count(db);

	begin_row(&w->row, d->table);
	for (i = 0; i < n; i++) {
		if (value_of(db, i, &value) != SQLITE_OK)
			abort(); /* out of memory */
		if (d->values[i] != NULL &&
		    sqlite3_value_type(value) == SQLITE_NULL)
			value = d->values[i];
		add_value(&w->row, value);
	}

	return end_row(&w->row);
}

/* The last two are numbers of rows. */
static void
on_change(void *state, sqlite3 *db, int change, const char *database,
    const char *table, sqlite3_int64 from __attribute__((unused)),
    sqlite3_int64 to __attribute__((unused)))
{
	struct sqlite_rows *w = state;
	int i = rows_find(w->rows, table);
	struct digest before, after;

	(void)database;
	if (i < 0)
		return;
	if (change != SQLITE_INSERT)
		before =
		    digest_of_row(w, db, &w->tables[i], sqlite3_preupdate_old);
	if (change != SQLITE_DELETE)
		after =
		    digest_of_row(w, db, &w->tables[i], sqlite3_preupdate_new);
	if (change == SQLITE_UPDATE && digest_equal(&before, &after))
		return;
	if (change != SQLITE_INSERT)
		rows_note(w->rows, i, &before, ROW_REMOVED);
	if (change != SQLITE_DELETE)
		rows_note(w->rows, i, &after, ROW_ADDED);
}

/* For SQLite's authorizer: what the statement that is being prepared does. */
static int
on_prepare(void *state, int action, const char *table,
    const char *column __attribute__((unused)),
    const char *database __attribute__((unused)),
    const char *trigger __attribute__((unused)))
{
	struct sqlite_rows *w = state;
	unsigned int i;

	for (i = 0; i < w->rows->n_tables; i++) {
		if ((action == SQLITE_INSERT || action == SQLITE_UPDATE ||
			action == SQLITE_DELETE) &&
		    strcmp(table, w->rows->tables[i].name) == 0)
			w->is_touched = true;
	}

	return SQLITE_OK;
}

struct sqlite_rows *
sqlite_rows_watch(sqlite3 *db, struct rows *rows)
{
	struct sqlite_rows *w = heap_alloc(sizeof(*w));
	unsigned int i;

	*w = (struct sqlite_rows){.db = db, .rows = rows};
	buf_init(&w->row);
	w->tables = heap_array(rows->n_tables, sizeof(*w->tables));
	for (i = 0; i < rows->n_tables; i++) {
		w->tables[i].table = rows->tables[i].name;
		if (read_defaults(db, &w->tables[i]))
			continue;
		sqlite_rows_free(w);
		return NULL;
	}
	sqlite3_set_authorizer(db, on_prepare, w);

	return w;
}

/* With the hook: a DELETE of all rows is otherwise made a short cut. */
void
sqlite_rows_begin_prepare(struct sqlite_rows *w)
{
	if (w == NULL)
		return;
	w->is_touched = false;
	sqlite_rows_on(w);
}

bool
sqlite_rows_end_prepare(struct sqlite_rows *w)
{
	if (w == NULL)
		return false;
	sqlite_rows_off(w);

	return w->is_touched;
}

void
sqlite_rows_on(struct sqlite_rows *w)
{
	sqlite3_preupdate_hook(w->db, on_change, w);
}

void
sqlite_rows_off(struct sqlite_rows *w)
{
	sqlite3_preupdate_hook(w->db, NULL, NULL);
}

void
sqlite_rows_free(struct sqlite_rows *w)
{
	unsigned int i;
	int k;

	if (w == NULL)
		return;
	for (i = 0; i < w->rows->n_tables; i++) {
		for (k = 0; k < w->tables[i].n; k++)
			sqlite3_value_free(w->tables[i].values[k]);
		free(w->tables[i].values);
	}
	free(w->tables);
	buf_done(&w->row);
	free(w);
}

/* ---- All rows ---- */

static struct digest
digest_of_result(struct buf *row, const char *table, sqlite3_stmt *stmt)
{
	int i, n = sqlite3_column_count(stmt);

	begin_row(row, table);
	for (i = 0; i < n; i++)
		add_value(row, sqlite3_column_value(stmt, i));

	return end_row(row);
}

int
sqlite_rows_sum(
    sqlite3 *db, const char *table, struct lthasher *hasher, struct lthash *sum)
{
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
	sqlite3_stmt *stmt = NULL;
	struct digest digest;
	struct buf row;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	sqlite3_free(sql);
	buf_init(&row);
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		digest = digest_of_result(&row, table, stmt);
		lthash_add(hasher, &digest, sum);
	}
	buf_done(&row);

	return rc == SQLITE_OK ? sqlite3_finalize(stmt) : rc;
}
