/*
 * The engine of PostgreSQL: errors and the connection.
 *
 * An advisory lock keeps other processes out; it goes with the connection.
 */
#include "store/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/encode.h"
#include "base/time.h"

/* "bango" in ASCII: the number of our advisory lock. */
#define LOCK_KEY "422541420399"
#define OLDEST_SERVER 120000
/* The connection of a killed process lives until the server's work is done. */
#define BUSY_DEFAULT_MS 5000
#define BACK_OFF_FIRST_MS 50
#define BACK_OFF_MAX_MS 2000

static struct postgresql *
pg_of(struct engine *engine)
{
	return (struct postgresql *)engine;
}

/* ---- Errors ---- */

static const struct {
	const char *state; /* SQLSTATE or the beginning of it */
	enum err err;
	const char *text;
} states[] = {
    {"23502", ERR_INPUT, "a value breaks a rule of the database"},
    {"23514", ERR_INPUT, "a value breaks a rule of the database"},
    {"23", ERR_CONFLICT, "the change contradicts the recorded data"},
    {"22", ERR_INPUT, "a value breaks a rule of the database"},
    {"53100", ERR_FULL,
	"the disk is full: make room on the database's disk and try again"},
    {"53", ERR_BUSY, "the database has no room for more work now"},
    {"25006", ERR_IO,
	"the database is read-only: give the program the right to write"},
    {"40", ERR_BUSY, "the database was busy with the same data"},
    {"55", ERR_BUSY,
	"the database is in use by another process: stop it "
	"first"},
    {"57014", ERR_BUSY, "the database broke the statement off"},
    {"57", ERR_UNREACHABLE, "the database is being stopped"},
    {"08", ERR_UNREACHABLE, "the database does not answer"},
    {"28", ERR_IO, "the database refused the login: check role and password"},
    {"3D", ERR_IO, "the server has no database of that name: create it"},
    {"42501", ERR_IO, "the database role lacks a right: grant it"},
    {"54", ERR_TOO_LARGE, "a value is too large for the database"},
    {"58", ERR_IO, "the database's files cannot be read or written"},
    {"XX001", ERR_CORRUPT, "the database is damaged: restore it from a copy"},
    {"XX002", ERR_CORRUPT, "the database is damaged: restore it from a copy"},
    {"", ERR_INTERNAL, "the database refused a statement of this program"},
};

static const char *
field(const PGresult *result, int code)
{
	const char *value = PQresultErrorField(result, code);

	return value != NULL ? value : "";
}

/*
 * In these classes the server's own message may quote a value; the names of
 * table, column and constraint are enough.
 */
static bool
message_may_quote(const char *state)
{
	return strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0;
}

enum err
postgresql_fail(struct postgresql *pg, PGresult *result, const char *what)
{
	const char *state = field(result, PG_DIAG_SQLSTATE);
	enum err err;
	size_t i = 0;

	/* Without a code it is libpq's own: what was sent did not arrive, or
	 * no answer did.  It may go on to call the connection a good one. */
	if (*state == '\0') {
		pg->is_broken = true;
		state = "08";
	}
	while (strncmp(states[i].state, state, strlen(states[i].state)) != 0)
		i++;
	err = problem_set(
	    pg->engine.problem, states[i].err, "%s", states[i].text);
	problem_detail(pg->engine.problem, "%s: SQLSTATE %s %s%s%s%s%s%s", what,
	    state, field(result, PG_DIAG_CONSTRAINT_NAME),
	    *field(result, PG_DIAG_TABLE_NAME) != '\0' ? " table " : "",
	    field(result, PG_DIAG_TABLE_NAME),
	    *field(result, PG_DIAG_COLUMN_NAME) != '\0' ? " column " : "",
	    field(result, PG_DIAG_COLUMN_NAME),
	    message_may_quote(state) ? ""
				     : field(result, PG_DIAG_MESSAGE_PRIMARY));
	PQclear(result);
	return err;
}

bool
postgresql_is_success(const PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);

	/* A migration may hold nothing but comments. */
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
	    status == PGRES_EMPTY_QUERY;
}

/* ---- Statements of our own ---- */

enum err
postgresql_exec(struct engine *engine, const char *sql)
{
	struct postgresql *pg = pg_of(engine);
	PGresult *result = PQexec(pg->conn, sql);

	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, "exec");
	PQclear(result);
	return OK;
}

void
postgresql_exec_quietly(struct postgresql *pg, const char *sql)
{
	PQclear(PQexec(pg->conn, sql));
}

/* ---- The connection ---- */

static const char prefix[] = POSTGRESQL_PREFIX;

bool
postgresql_is_location(const char *location)
{
	return strncmp(location, prefix, sizeof(prefix) - 1) == 0;
}

const char *
postgresql_conninfo(const char *location)
{
	const char *conninfo = location + sizeof(prefix) - 1;

	/* A URI is libpq's as it is. */
	return strncmp(conninfo, "//", 2) == 0 ? location : conninfo;
}

/* ---- Notices of rows ---- */

static void
note(struct rows *rows, int table, struct slice hex, enum row_change_kind kind)
{
	struct digest digest;

	if (hex_decode_exact(hex, digest.bytes, sizeof(digest.bytes)) == OK)
		rows_note(rows, table, &digest, kind);
}

static void
hear(void *arg, const PGresult *result)
{
	struct postgresql *pg = arg;
	const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
	const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
	struct slice rest, was;
	char table[64];
	int i;

	if (pg->rows == NULL || state == NULL || text == NULL ||
	    strcmp(state, POSTGRESQL_ROW_STATE) != 0)
		return;
	rest = slice_of(text);
	was = slice_cut(&rest, ' ');
	(void)snprintf(table, sizeof(table), "%.*s", SLICE_ARG(was));
	i = rows_find(pg->rows, table);
	if (i < 0)
		return;
	was = slice_cut(&rest, ' ');
	note(pg->rows, i, was, ROW_REMOVED);
	note(pg->rows, i, rest, ROW_ADDED);
}

/* ---- Owning ---- */

static enum err
own(struct postgresql *pg)
{
	bool shared = pg->access == STORE_READ;
	char sql[160];
	enum err err;

	/* Without lock_timeout it would wait for ever. */
	snprintf(sql, sizeof(sql),
	    "SET lock_timeout = %u; SELECT pg_advisory_lock%s(" LOCK_KEY ");"
	    "SET lock_timeout = 0",
	    pg->busy_ms > 0 ? pg->busy_ms : BUSY_DEFAULT_MS,
	    shared ? "_shared" : "");
	err = postgresql_exec(&pg->engine, sql);
	if (err == OK && shared)
		err = postgresql_exec(
		    &pg->engine, "SET default_transaction_read_only = on");
	return err;
}

enum err
postgresql_check_server(struct postgresql *pg)
{
	const char *encoding = PQparameterStatus(pg->conn, "server_encoding");

	if (PQserverVersion(pg->conn) < OLDEST_SERVER)
		return problem_set(pg->engine.problem, ERR_IO,
		    "the database server is too old: PostgreSQL 12 is needed");
	if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
		return problem_set(pg->engine.problem, ERR_CONFLICT,
		    "the database's encoding must be UTF8");
	return OK;
}

static enum err
set_up(struct postgresql *pg)
{
	enum err err = postgresql_check_server(pg);

	/*
	 * A commit that was reported must be on the disk.  A server that does
	 * not hear from us any more must give up our lock.  Plans are made
	 * when tables are still empty, and kept; so an index is used wherever
	 * there is one, whatever the statistics say.
	 */
	if (err == OK)
		err = postgresql_exec(&pg->engine,
		    "SET client_min_messages = notice; SET bytea_output = 'hex';"
		    "SET standard_conforming_strings = on;"
		    "SET enable_seqscan = off;"
		    "SET jit = off;"
		    "SET tcp_keepalives_idle = 30;"
		    "SET tcp_keepalives_interval = 10;"
		    "SET tcp_keepalives_count = 3;"
		    "SELECT set_config('synchronous_commit', 'on', false)"
		    " WHERE current_setting('synchronous_commit') = 'off'");
	if (err == OK)
		err = own(pg);
	return err;
}

/* In one line, as logs have it. */
static void
detail_of_connection(const struct postgresql *pg)
{
	struct buf text;
	size_t i;

	buf_init(&text);
	buf_add(&text, slice_trim(slice_of(PQerrorMessage(pg->conn))));
	for (i = 0; i < text.len; i++) {
		if (text.data[i] == '\n' || text.data[i] == '\t')
			text.data[i] = ' ';
	}
	problem_detail(pg->engine.problem, "%.*s", (int)text.len, text.data);
	buf_done(&text);
}

enum err
postgresql_dial(struct postgresql *pg, const char *conninfo)
{
	/* `dbname` may override the keywords before it, not those after it. */
	static const char *const keywords[] = {"connect_timeout", "keepalives",
	    "keepalives_idle", "tcp_user_timeout", "fallback_application_name",
	    "dbname", "client_encoding", NULL};
	const char *values[] = {
	    "10", "1", "30", "30000", "bango", conninfo, "UTF8", NULL};
	enum err err;

	PQfinish(pg->conn);
	pg->conn = PQconnectdbParams(keywords, values, 1);
	pg->generation++;
	pg->is_broken = false;
	if (PQstatus(pg->conn) == CONNECTION_OK) {
		PQsetNoticeReceiver(pg->conn, hear, pg);
		return OK;
	}
	err = problem_set(pg->engine.problem, ERR_UNREACHABLE,
	    "the database server cannot be reached or refused the login: "
	    "check its address, the role and the password");
	detail_of_connection(pg);
	return err;
}

/* An attempt may take seconds, during which the process does nothing else; so
 * the next attempt after a failed one has to wait. */
static void
back_off(struct postgresql *pg)
{
	pg->failure = *pg->engine.problem;
	pg->back_off_ms =
	    pg->back_off_ms == 0 ? BACK_OFF_FIRST_MS : pg->back_off_ms * 2;
	if (pg->back_off_ms > BACK_OFF_MAX_MS)
		pg->back_off_ms = BACK_OFF_MAX_MS;
	pg->not_before = monotonic_ms() + pg->back_off_ms;
}

enum err
postgresql_connect(struct postgresql *pg)
{
	enum err err;

	if (pg->back_off_ms > 0 && monotonic_ms() < pg->not_before) {
		*pg->engine.problem = pg->failure;
		return pg->failure.err;
	}
	err = postgresql_dial(pg, pg->conninfo);
	if (err == OK)
		err = set_up(pg);
	if (err == OK) {
		pg->back_off_ms = 0;
		return OK;
	}
	/* Do not go on with half a session. */
	PQfinish(pg->conn);
	pg->conn = NULL;
	back_off(pg);
	return err;
}

bool
postgresql_is_lost(const struct postgresql *pg)
{
	return pg->is_broken || PQstatus(pg->conn) == CONNECTION_BAD;
}
