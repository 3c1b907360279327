/*
 * The engine of PostgreSQL: locations, and databases for a new nation.
 *
 * Nothing here ever removes a database or its content.  The comment on a
 * database says that it is taken: the comments on all of a server's databases
 * lie in one catalogue, so that one transaction can take many.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/postgresql.h"

#define MAINTENANCE "postgres"
#define INSUFFICIENT_PRIVILEGE "42501"

/* ---- Locations ---- */

/* As libpq reads the values of its keywords. */
static void
put_keyword(struct buf *out, const char *keyword, const char *value)
{
	buf_printf(out, "%s%s='", out->len > 0 ? " " : "", keyword);
	for (; *value != '\0'; value++) {
		if (*value == '\'' || *value == '\\')
			buf_add_char(out, '\\');
		buf_add_char(out, *value);
	}
	buf_add_char(out, '\'');
}

static enum err
parse(const char *location, PQconninfoOption **ret, struct problem *problem)
{
	char *why = NULL;
	enum err err;

	*ret = PQconninfoParse(postgresql_conninfo(location), &why);
	if (*ret != NULL)
		return OK;
	err = problem_set(problem, ERR_INPUT,
	    "libpq does not understand the location: %.*s",
	    (int)strcspn(why != NULL ? why : "", "\n"), why);
	PQfreemem(why);
	return err;
}

/* The value of `dbname`, or NULL. */
static const char *
database_name(const PQconninfoOption *options)
{
	for (; options->keyword != NULL; options++)
		if (strcmp(options->keyword, "dbname") == 0)
			return options->val;
	return NULL;
}

enum err
postgresql_locate(const char *server, const char *name, struct buf *ret,
    struct problem *problem)
{
	PQconninfoOption *options, *o;
	struct buf conninfo;
	enum err err = parse(server, &options, problem);

	if (err != OK)
		return err;
	buf_init(&conninfo);
	for (o = options; o->keyword != NULL; o++)
		if (o->val != NULL && strcmp(o->keyword, "dbname") != 0)
			put_keyword(&conninfo, o->keyword, o->val);
	put_keyword(&conninfo, "dbname", name);
	buf_clear(ret);
	buf_printf(ret, POSTGRESQL_PREFIX "%s", conninfo.data);
	buf_done(&conninfo);
	PQconninfoFree(options);
	return OK;
}

/* The files that libpq reads at each connection: of the location, of the
 * environment, and of the user's folder. */
static void
tell_files(const PQconninfoOption *o,
    void (*tell)(void *state, const char *path), void *state)
{
	static const char *const files[] = {"passfile", "sslcert", "sslkey",
	    "sslrootcert", "sslcrl", "sslcrldir"};
	size_t i;

	for (; o != NULL && o->keyword != NULL; o++) {
		for (i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
			if (o->val != NULL && strcmp(o->keyword, files[i]) == 0)
				tell(state, o->val);
		}
	}
}

void
postgresql_files(const char *location,
    void (*tell)(void *state, const char *path), void *state)
{
	static const char *const usual[] = {".pgpass", ".postgresql"};
	const char *home = getenv("HOME");
	PQconninfoOption *o;
	struct buf path;
	size_t i;

	o = PQconninfoParse(postgresql_conninfo(location), NULL);
	tell_files(o, tell, state);
	PQconninfoFree(o);
	o = PQconndefaults();
	tell_files(o, tell, state);
	PQconninfoFree(o);
	buf_init(&path);
	for (i = 0; home != NULL && i < sizeof(usual) / sizeof(usual[0]); i++) {
		buf_clear(&path);
		buf_printf(&path, "%s/%s", home, usual[i]);
		tell(state, path.data);
	}
	buf_done(&path);
}

/* ---- Making one ---- */

/* One value as text, "" for NULL or no row. */
static enum err
ask(struct postgresql *pg, const char *sql, const char *param, struct buf *ret)
{
	PGresult *result = PQexecParams(
	    pg->conn, sql, param != NULL ? 1 : 0, NULL, &param, NULL, NULL, 0);

	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, "founding");
	buf_clear(ret);
	if (PQntuples(result) > 0)
		buf_add_string(ret, PQgetvalue(result, 0, 0));
	PQclear(result);
	return OK;
}

static enum err
may_not_create(struct postgresql *pg, const char *name)
{
	return problem_set(pg->engine.problem, ERR_DENIED,
	    "there is no database %s, and the role %s may not make one; give "
	    "it the attribute CREATEDB, or make this and the other systems' "
	    "databases by hand: createdb -h %s -p %s -O %s -E UTF8 -T "
	    "template0 %s",
	    name, PQuser(pg->conn), PQhost(pg->conn), PQport(pg->conn),
	    PQuser(pg->conn), name);
}

static enum err
create_database(struct postgresql *pg, const char *name)
{
	char *quoted = PQescapeIdentifier(pg->conn, name, strlen(name));
	const char *state;
	PGresult *result;
	struct buf sql;

	if (quoted == NULL)
		return problem_set(pg->engine.problem, ERR_INPUT,
		    "%s is not a valid name of a database", name);
	buf_init(&sql);
	/* Text is ordered by its bytes, as in SQLite. */
	buf_printf(&sql,
	    "CREATE DATABASE %s TEMPLATE template0 ENCODING 'UTF8' "
	    "LC_COLLATE 'C' LC_CTYPE 'C'",
	    quoted);
	PQfreemem(quoted);
	result = PQexec(pg->conn, sql.data);
	buf_done(&sql);
	if (postgresql_is_success(result)) {
		PQclear(result);
		return OK;
	}
	state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	if (state != NULL && strcmp(state, INSUFFICIENT_PRIVILEGE) == 0) {
		PQclear(result);
		return may_not_create(pg, name);
	}
	return postgresql_fail(pg, result, "CREATE DATABASE");
}

/* Unless it is there; then `why` says why we could not enter it. */
static enum err
create_missing(struct postgresql *pg, const char *name, struct problem *why)
{
	struct buf found;
	enum err err;

	buf_init(&found);
	err = ask(
	    pg, "SELECT 1 FROM pg_database WHERE datname = $1", name, &found);
	if (err == OK && found.len > 0) {
		*pg->engine.problem = *why;
		err = why->err;
	} else if (err == OK)
		err = create_database(pg, name);
	buf_done(&found);
	return err;
}

/* Through the database that `server` names, or the usual one. */
static enum err
create_on(const char *server, const char *name, struct problem *why,
    struct problem *p)
{
	struct postgresql pg = {.engine = {.problem = p}};
	PQconninfoOption *options;
	struct buf location;
	enum err err = parse(server, &options, p);

	if (err != OK)
		return err;
	buf_init(&location);
	buf_add_string(&location, server);
	if (database_name(options) == NULL)
		err = postgresql_locate(server, MAINTENANCE, &location, p);
	if (err == OK)
		err = postgresql_dial(&pg, postgresql_conninfo(location.data));
	if (err == OK)
		err = create_missing(&pg, name, why);
	PQfinish(pg.conn);
	buf_done(&location);
	PQconninfoFree(options);
	return err;
}

/* ---- Whether it may be taken ---- */

#define OWN_TABLES                                            \
	"SELECT 1 FROM pg_class WHERE relkind IN ('r', 'p') " \
	"AND relnamespace = current_schema()::regnamespace LIMIT 1"
#define COMMENT                                                          \
	"SELECT shobj_description(oid, 'pg_database') FROM pg_database " \
	"WHERE datname = current_database()"
#define MAY_USE                                                         \
	"SELECT 1 FROM pg_database WHERE datname = current_database() " \
	"AND pg_has_role(datdba, 'USAGE') "                             \
	"AND has_schema_privilege(current_schema(), 'CREATE')"

static enum err
is_taken(struct postgresql *pg, const char *name, const char *by)
{
	return problem_set(pg->engine.problem, ERR_CONFLICT,
	    "the database %s is taken%s%s; if nobody needs what is in it, "
	    "remove it: dropdb -h %s -p %s -U %s %s",
	    name, *by != '\0' ? " by " : ", there are tables in it", by,
	    PQhost(pg->conn), PQport(pg->conn), PQuser(pg->conn), name);
}

static enum err
check_free(struct postgresql *pg, const char *name)
{
	struct buf answer;
	enum err err = postgresql_check_server(pg);

	buf_init(&answer);
	if (err == OK)
		err = ask(pg, COMMENT, NULL, &answer);
	if (err == OK && slice_has_prefix(buf_slice(&answer), SLICE("bango: ")))
		err = is_taken(pg, name, answer.data + strlen("bango: "));
	if (err == OK)
		err = ask(pg, OWN_TABLES, NULL, &answer);
	if (err == OK && answer.len > 0)
		err = is_taken(pg, name, "");
	if (err == OK)
		err = ask(pg, MAY_USE, NULL, &answer);
	if (err == OK && answer.len == 0)
		err = problem_set(pg->engine.problem, ERR_DENIED,
		    "the database %s does not belong to the role %s: ALTER "
		    "DATABASE %s OWNER TO %s",
		    name, PQuser(pg->conn), name, PQuser(pg->conn));
	buf_done(&answer);
	return err;
}

static enum err
create(struct postgresql *pg, const char *location, const char *server,
    const char *name)
{
	struct problem why = {0};
	enum err err = postgresql_dial(pg, postgresql_conninfo(location));

	if (err != OK) {
		why = *pg->engine.problem;
		err = create_on(server, name, &why, pg->engine.problem);
		if (err == OK)
			err =
			    postgresql_dial(pg, postgresql_conninfo(location));
	}
	if (err == OK)
		err = check_free(pg, name);
	return err;
}

enum err
postgresql_create(
    const char *location, const char *server, struct problem *problem)
{
	struct postgresql pg = {.engine = {.problem = problem}};
	PQconninfoOption *options;
	enum err err = parse(location, &options, problem);

	if (err != OK)
		return err;
	err = create(&pg, location, server, database_name(options));
	PQfinish(pg.conn);
	PQconninfoFree(options);
	return err;
}

/* ---- Taking them ---- */

static enum err
put_claim(struct postgresql *pg, const char *location, const char *comment,
    struct buf *sql)
{
	PQconninfoOption *options;
	const char *name;
	char *quoted;
	enum err err = parse(location, &options, pg->engine.problem);

	if (err != OK)
		return err;
	name = database_name(options);
	quoted = PQescapeIdentifier(pg->conn, name, strlen(name));
	if (quoted != NULL)
		buf_printf(
		    sql, "COMMENT ON DATABASE %s IS %s;", quoted, comment);
	else
		err = problem_set(pg->engine.problem, ERR_INPUT,
		    "%s is not a valid name of a database", name);
	PQfreemem(quoted);
	PQconninfoFree(options);
	return err;
}

/* Several statements at once are one transaction. */
static enum err
claim(struct postgresql *pg, char *const *locations, size_t n, const char *by)
{
	struct buf text, sql;
	PGresult *result;
	char *comment;
	enum err err = OK;
	size_t i;

	buf_init(&text);
	buf_init(&sql);
	buf_printf(&text, "bango: %s", by);
	comment = PQescapeLiteral(pg->conn, text.data, text.len);
	if (comment == NULL)
		err = problem_set(pg->engine.problem, ERR_INPUT,
		    "the nation's name cannot stand in a comment");
	for (i = 0; err == OK && i < n; i++)
		err = put_claim(pg, locations[i], comment, &sql);
	if (err == OK) {
		result = PQexec(pg->conn, sql.data);
		if (postgresql_is_success(result))
			PQclear(result);
		else
			err = postgresql_fail(pg, result, "COMMENT");
	}
	PQfreemem(comment);
	buf_done(&text);
	buf_done(&sql);
	return err;
}

enum err
postgresql_claim(
    char *const *locations, size_t n, const char *by, struct problem *problem)
{
	struct postgresql pg = {.engine = {.problem = problem}};
	enum err err;

	err = postgresql_dial(&pg, postgresql_conninfo(locations[0]));
	if (err == OK)
		err = claim(&pg, locations, n, by);
	PQfinish(pg.conn);
	return err;
}
