/*
 * The engine of PostgreSQL: transactions, and all of it in one table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/postgresql.h"

static struct postgresql *
pg_of(struct engine *engine)
{
	return (struct postgresql *)engine;
}

/* ---- Transactions ---- */

static bool
pg_is_lost(struct engine *engine)
{
	return postgresql_is_lost(pg_of(engine));
}

static enum err
pg_begin(struct engine *engine)
{
	struct postgresql *pg = pg_of(engine);
	enum err err = ERR_UNREACHABLE;

	if (!pg_is_lost(engine))
		err = postgresql_exec(engine, "BEGIN");
	/* Nothing has been done yet, so that it can be begun anew. */
	if (err != OK && pg_is_lost(engine)) {
		err = postgresql_connect(pg);
		if (err == OK)
			err = postgresql_exec(engine, "BEGIN");
	}
	pg->in_transaction = err == OK;
	return err;
}

static enum err
pg_commit(struct engine *engine)
{
	struct postgresql *pg = pg_of(engine);
	PGresult *result = PQexec(pg->conn, "COMMIT");
	bool done;
	enum err err;

	pg->in_transaction = false;
	if (postgresql_is_success(result)) {
		/* A transaction that had failed says ROLLBACK. */
		done = strcmp(PQcmdStatus(result), "COMMIT") == 0;
		PQclear(result);
		return done ? OK
			    : problem_set(engine->problem, ERR_INTERNAL,
				  "the transaction had failed before");
	}
	err = postgresql_fail(pg, result, "COMMIT");
	if (pg_is_lost(engine) || err == ERR_UNREACHABLE)
		err = problem_set(engine->problem, ERR_UNCERTAIN,
		    "the connection to the database was lost during a commit: "
		    "it is not known whether the commit was done");
	return err;
}

static void
pg_rollback(struct engine *engine)
{
	struct postgresql *pg = pg_of(engine);

	pg->in_transaction = false;
	if (PQtransactionStatus(pg->conn) != PQTRANS_IDLE &&
	    !pg_is_lost(engine))
		postgresql_exec_quietly(pg, "ROLLBACK");
}

static enum err
pg_mark(struct engine *engine, enum mark_verb verb, unsigned int depth)
{
	static const char *const formats[MARK_VERBS] = {
	    [MARK_SET] = "SAVEPOINT mark",
	    [MARK_KEEP] = "RELEASE mark",
	    [MARK_UNDO] = "ROLLBACK TO mark",
	};
	char sql[80];

	if (verb == MARK_UNDO)
		snprintf(sql, sizeof(sql), "%s%u; RELEASE mark%u",
		    formats[verb], depth, depth);
	else
		snprintf(sql, sizeof(sql), "%s%u", formats[verb], depth);
	return postgresql_exec(engine, sql);
}

/* ---- Upkeep ---- */

/* The server checks each page that it reads, if it keeps checksums. */
static enum err
pg_integrity_check(struct engine *engine)
{
	return postgresql_exec(engine,
	    "DO $$DECLARE t regclass; BEGIN "
	    "FOR t IN SELECT oid::regclass FROM pg_class WHERE relkind = 'r' "
	    "AND relnamespace = current_schema()::regnamespace LOOP "
	    "EXECUTE format('SELECT count(t) FROM %s t', t); "
	    "END LOOP; END$$");
}

static enum err
pg_checkpoint(struct engine *engine)
{
	(void)engine; /* the server's own affair */
	return OK;
}

static void
pg_close(struct engine *engine)
{
	struct postgresql *pg = pg_of(engine);

	PQfinish(pg->conn);
	free(pg->conninfo);
	free(pg);
}

static const struct engine_ops postgresql_ops = {
    .name = "postgresql",
    .marks_reads = true,
    .close = pg_close,
    .exec = postgresql_exec,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .is_lost = pg_is_lost,
    .mark = pg_mark,
    .prepare = postgresql_prepare,
    .check = postgresql_check,
    .release = postgresql_release,
    .bind_int = postgresql_bind_int,
    .bind_text = postgresql_bind_text,
    .bind_blob = postgresql_bind_blob,
    .bind_null = postgresql_bind_null,
    .step = postgresql_step,
    .reset = postgresql_reset,
    .is_null = postgresql_is_null,
    .get_int = postgresql_get_int,
    .get_text = postgresql_get_text,
    .get_blob = postgresql_get_blob,
    .integrity_check = pg_integrity_check,
    .checkpoint = pg_checkpoint,
    .watch_rows = postgresql_watch_rows,
    .sum_rows = postgresql_sum_rows,
};

/* ---- Opening ---- */

enum err
postgresql_open(const char *location, const struct store_options *options,
    struct engine **ret, struct problem *problem)
{
	struct postgresql *pg = heap_alloc(sizeof(*pg));
	enum err err;

	*pg = (struct postgresql){
	    .engine = {&postgresql_ops, problem},
	    .conninfo = heap_string(slice_of(postgresql_conninfo(location))),
	    .access = options->access,
	    .busy_ms = options->busy_ms,
	};
	err = postgresql_connect(pg);
	if (err != OK) {
		pg_close(&pg->engine);
		return err;
	}
	*ret = &pg->engine;
	return OK;
}
