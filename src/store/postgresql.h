/*
 * The parts of the engine of PostgreSQL: the connection (postgresql.c), the
 * statements (postgresql_query.c), protected rows (postgresql_rows.c), new databases (postgresql_create.c), and the
 * engine itself (postgresql_engine.c).  For these files only.
 */
#ifndef BANGO_STORE_POSTGRESQL_H
#define BANGO_STORE_POSTGRESQL_H

#include <libpq-fe.h>

#include "store/engine.h"

/* Notices of rows of protected tables: "person OLD NEW", each digest in
 * hexadecimal, or "-". */
#define POSTGRESQL_ROW_STATE "BG001"

#define POSTGRESQL_PREFIX "postgresql:"

struct postgresql {
	struct engine engine;
	PGconn *conn;
	char *conninfo;
	enum store_access access;
	unsigned int busy_ms;
	uint64_t generation; /* of the connection */
	unsigned int n_names;
	bool in_transaction;
	bool is_broken;    /* though libpq may not say so */
	struct rows *rows; /* of protected tables; NULL: not watched */
	/* After an attempt to connect that failed: */
	struct problem failure;
	int64_t back_off_ms; /* 0: the last one did not fail */
	int64_t not_before;  /* monotonic */
};

/* The part of a location that libpq understands; borrowed from it. */
const char *postgresql_conninfo(const char *location);
/* A bare connection in place of pg->conn, for the caller to PQfinish(), also
 * after an error.  ERR_UNREACHABLE. */
MUST_USE enum err postgresql_dial(struct postgresql *pg, const char *conninfo);
/* Is it new enough, and the database in UTF8? */
MUST_USE enum err postgresql_check_server(struct postgresql *pg);
/* Connect (again) and own the database.  Soon after a failed attempt, return
 * its error without another attempt. */
MUST_USE enum err postgresql_connect(struct postgresql *pg);
bool postgresql_is_lost(const struct postgresql *pg);

/* Turn a failed result, which is cleared, into an error. */
MUST_USE enum err
postgresql_fail(struct postgresql *pg, PGresult *result, const char *what);
bool postgresql_is_success(const PGresult *result);
enum err postgresql_exec(struct engine *engine, const char *sql);
/* Execute and ignore an error; the problem keeps the words of the first one. */
void postgresql_exec_quietly(struct postgresql *pg, const char *sql);

enum err postgresql_prepare(struct engine *engine, struct prepared *p);
enum err postgresql_check(struct engine *engine, struct prepared *p);
void postgresql_release(struct engine *engine, struct prepared *p);
void postgresql_bind_int(struct prepared *p, unsigned int i, int64_t value);
void postgresql_bind_text(struct prepared *p, unsigned int i, struct slice s);
void postgresql_bind_blob(struct prepared *p, unsigned int i, struct slice s);
void postgresql_bind_null(struct prepared *p, unsigned int i);
enum err postgresql_step(
    struct engine *engine, struct prepared *p, int64_t *ret_changes);
void postgresql_reset(struct engine *engine, struct prepared *p);
bool postgresql_is_null(struct prepared *p, unsigned int i);
bool postgresql_get_int(struct prepared *p, unsigned int i, int64_t *ret);
bool postgresql_get_text(struct prepared *p, unsigned int i, struct slice *ret);
bool postgresql_get_blob(struct prepared *p, unsigned int i, struct slice *ret);

enum err postgresql_watch_rows(struct engine *engine, struct rows *rows);
enum err postgresql_sum_rows(struct engine *engine, const char *table,
    struct lthasher *hasher, struct lthash *sum);

#endif
