/*
 * The two halves of the engine of PostgreSQL: the connection (postgresql.c)
 * and the statements (postgresql_query.c).  Within them only.
 */
#ifndef BANGO_STORE_POSTGRESQL_H
#define BANGO_STORE_POSTGRESQL_H

#include <libpq-fe.h>

#include "store/engine.h"

struct postgresql {
	struct engine engine;
	PGconn *conn;
	char *conninfo;
	enum store_access access;
	unsigned int busy_ms;
	uint64_t generation; /* of the connection */
	unsigned int n_names;
};

/* Turn a failed result, which is cleared, into an error. */
MUST_USE enum err
postgresql_fail(struct postgresql *pg, PGresult *result, const char *what);
bool postgresql_is_success(const PGresult *result);
/* Whatever becomes of it; the words stay those of the first error. */
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

#endif
