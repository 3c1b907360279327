#include "store/dump.h"

#include <sqlite3.h>

#include "base/encode.h"

static const char tables[] =
    "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

static enum err
fail(sqlite3 *db, const char *file, struct problem *problem)
{
	enum err err = ERR_IO;

	if (sqlite3_errcode(db) == SQLITE_BUSY)
		err = ERR_BUSY;
	if (sqlite3_errcode(db) == SQLITE_NOTADB ||
	    sqlite3_errcode(db) == SQLITE_CORRUPT)
		err = ERR_CORRUPT;

	return problem_set(
	    problem, err, "%s cannot be read: %s", file, sqlite3_errmsg(db));
}

static void
put_blob(sqlite3_stmt *row, int i, json_t *to)
{
	struct buf hex;

	buf_init(&hex);
	hex_encode(slice_bytes(sqlite3_column_blob(row, i),
		       (size_t)sqlite3_column_bytes(row, i)),
	    &hex);
	json_put_text(to, sqlite3_column_name(row, i), buf_slice(&hex));
	buf_done(&hex);
}

static void
put_column(sqlite3_stmt *row, int i, json_t *to)
{
	const char *name = sqlite3_column_name(row, i);

	switch (sqlite3_column_type(row, i)) {
	case SQLITE_INTEGER:
		json_put_int(to, name, sqlite3_column_int64(row, i));
		return;
	case SQLITE_TEXT:
		json_put_text(to, name,
		    slice_bytes(sqlite3_column_text(row, i),
			(size_t)sqlite3_column_bytes(row, i)));
		return;
	case SQLITE_BLOB:
		put_blob(row, i, to);
		return;
	default: /* an int: NULL; our schemas have no REAL */
		json_put(to, name, json_null());
		return;
	}
}

static enum err
dump_table(sqlite3 *db, const char *table, json_t *rows)
{
	char *sql = sqlite3_mprintf("SELECT * FROM \"%w\"", table);
	sqlite3_stmt *stmt = NULL;
	json_t *row;
	int i, rc;

	rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
	while (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
		row = json_object();
		for (i = 0; i < sqlite3_column_count(stmt); i++)
			put_column(stmt, i, row);
		json_array_append_new(rows, row);
	}
	if (sqlite3_finalize(stmt))
		rc = SQLITE_ERROR;
	sqlite3_free(sql);

	return rc == SQLITE_OK ? OK : ERR_IO;
}

static enum err
dump_all(sqlite3 *db, json_t *to)
{
	sqlite3_stmt *names = NULL;
	const char *name;
	json_t *rows;
	enum err rc = OK;

	if (sqlite3_prepare_v2(db, tables, -1, &names, NULL))
		return ERR_IO;
	while (rc == OK && sqlite3_step(names) == SQLITE_ROW) {
		name = (const char *)sqlite3_column_text(names, 0);
		rows = json_array();
		json_put(to, name, rows);
		rc = dump_table(db, name, rows);
	}
	if (sqlite3_finalize(names))
		return ERR_IO;

	return rc;
}

enum err
store_dump(const char *file, json_t **ret, struct problem *problem)
{
	json_t *all = json_object();
	sqlite3 *db = NULL;
	enum err rc = OK;

	if (sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, NULL) ||
	    dump_all(db, all))
		rc = fail(db, file, problem);
	sqlite3_close(db);
	if (rc) {
		json_decref(all);
		return rc;
	}
	*ret = all;

	return OK;
}
