/*
 * The engine of PostgreSQL: the rows of protected tables.
 *
 * A trigger of each table raises a notice for each row that a statement adds or
 * removes, which comes before the statement's result.  It is no row of the
 * database, and below the level that servers usually log.
 */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "store/postgresql.h"

/* The digest of a row: of the table's name and the row's text. */
#define DIGEST(table, row) \
	"encode(sha256(convert_to(" table " || ':' || " row ", 'UTF8')), 'hex')"

static const char function[] =
    "CREATE OR REPLACE FUNCTION bango_row() RETURNS trigger "
    "LANGUAGE plpgsql AS $$"
    "DECLARE was text := '-'; now_is text := '-'; BEGIN "
    "IF TG_OP <> 'INSERT' THEN was := " DIGEST("TG_TABLE_NAME",
	"OLD::text") "; END IF; "
		     "IF TG_OP <> 'DELETE' THEN now_is := " DIGEST(
			 "TG_TABLE_NAME",
			 "NEW::text") "; END IF; "
				      "IF was <> now_is THEN RAISE NOTICE USING ERRCODE = '" POSTGRESQL_ROW_STATE
				      "', "
				      "MESSAGE = TG_TABLE_NAME || ' ' || was || ' ' || now_is; END IF; "
				      "RETURN NULL; END$$";

/* ---- Watching ---- */

static enum err
watch_table(struct engine *engine, const char *table)
{
	char sql[512];
	int n;

	n = snprintf(sql, sizeof(sql),
	    "DO $$BEGIN IF to_regclass('\"%s\"') IS NOT NULL THEN "
	    "DROP TRIGGER IF EXISTS bango_row ON \"%s\";"
	    "CREATE TRIGGER bango_row AFTER INSERT OR UPDATE OR DELETE "
	    "ON \"%s\" FOR EACH ROW EXECUTE FUNCTION bango_row();"
	    "END IF; END$$",
	    table, table, table);
	if (n < 0 || (size_t)n >= sizeof(sql))
		store_die(NULL, "the name of table %s is too long", table);

	return postgresql_exec(engine, sql);
}

enum err
postgresql_watch_rows(struct engine *engine, struct rows *rows)
{
	struct postgresql *pg = (struct postgresql *)engine;
	unsigned int i;

	if (rows->n_tables == 0)
		return OK;
	TRY(postgresql_exec(engine, function));
	for (i = 0; i < rows->n_tables; i++)
		TRY(watch_table(engine, rows->tables[i].name));
	pg->rows = rows;

	return OK;
}

/* ---- All rows ---- */

static enum err
add_rows(struct postgresql *pg, struct lthasher *hasher, struct lthash *sum)
{
	PGresult *result;
	struct digest digest;
	enum err rc = OK;

	while ((result = PQgetResult(pg->conn)) != NULL) {
		if (PQresultStatus(result) == PGRES_SINGLE_TUPLE &&
		    hex_decode_exact(slice_of(PQgetvalue(result, 0, 0)),
			digest.bytes, sizeof(digest.bytes)) == OK)
			lthash_add(hasher, &digest, sum);
		else if (PQresultStatus(result) != PGRES_TUPLES_OK) {
			rc = postgresql_fail(pg, result, "sum rows");
			continue;
		}
		PQclear(result);
	}

	return rc;
}

enum err
postgresql_sum_rows(struct engine *engine, const char *table,
    struct lthasher *hasher, struct lthash *sum)
{
	struct postgresql *pg = (struct postgresql *)engine;
	struct buf sql;
	int sent;

	buf_init(&sql);
	buf_printf(&sql,
	    "SELECT " DIGEST(
		"'%s'", "bango_row::text") " FROM \"%s\" AS bango_row",
	    table, table);
	sent = PQsendQuery(pg->conn, sql.data) == 1 &&
	    PQsetSingleRowMode(pg->conn) == 1;
	buf_done(&sql);
	if (!sent)
		return postgresql_fail(pg, NULL, "sum rows");

	return add_rows(pg, hasher, sum);
}
