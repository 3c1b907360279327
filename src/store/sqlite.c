/*
 * The engine of SQLite.
 *
 * The connection holds the file in exclusive locking mode: nobody else can
 * open it, and the index of the write-ahead log lives on our heap.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "store/engine.h"
#include "store/sqlite_rows.h"

/*
 * WAL_PAGES: a commit that leaves so many pages in the log moves them into the
 * file.  WAL_BYTES: the size that the log's file keeps after that.  64 MiB: a
 * bulk load writes each page of an index once for many rows; reading the log
 * back after a crash takes well under a second.
 */
#define PAGE_BYTES 8192 /* of a new file: rows and messages here are long */
#define WAL_BYTES (64 << 20)
#define WAL_PAGES (WAL_BYTES / PAGE_BYTES)
#define LOG_HEADER_BYTES 32 /* "The WAL file format" of sqlite.org */
#define WIPE_BYTES (16 << 10)
/* The cache of pages.  With 8 MiB the inner pages of ten million residents were
 * read again and again; 16 MiB are more than a process should have. */
#define CACHE_KIB 12288

struct sqlite {
	struct engine engine;
	sqlite3 *db;
	sqlite3_stmt *begin;
	sqlite3_stmt *commit;
	sqlite3_stmt *rollback;
	sqlite3_stmt *marks[MARK_VERBS][STORE_MARKS_MAX];
	struct sqlite_rows *watch; /* NULL: no table is protected */
};

static struct sqlite *
sqlite_of(struct engine *engine)
{
	return (struct sqlite *)engine;
}

/* ---- Errors ---- */

static enum err
err_of_constraint(int extended)
{
	switch (extended) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
	case SQLITE_CONSTRAINT_FOREIGNKEY:
		return ERR_CONFLICT;
	default: /* an int: CHECK, NOTNULL, DATATYPE ... */
		return ERR_INPUT;
	}
}

static enum err
err_of_sqlite(int extended)
{
	switch (extended & 0xff) {
	case SQLITE_CONSTRAINT:
		return err_of_constraint(extended);
	case SQLITE_FULL:
		return ERR_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return ERR_BUSY;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_FORMAT:
		return ERR_CORRUPT;
	case SQLITE_TOOBIG:
		return ERR_TOO_LARGE;
	case SQLITE_MISMATCH:
		return ERR_INPUT;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_PROTOCOL:
		return ERR_IO;
	default: /* an int: SQLITE_ERROR, SQLITE_MISUSE ... */
		return ERR_INTERNAL;
	}
}

static const char *
text_of(enum err err, int extended)
{
	switch (extended & 0xff) {
	case SQLITE_FULL:
		return "the disk is full: make room on it and try again";
	case SQLITE_READONLY:
		return "the database is read-only: give the program the right "
		       "to write to its file and folder";
	case SQLITE_CANTOPEN:
		return "the database cannot be opened: check that its folder "
		       "exists and may be written to";
	case SQLITE_NOTADB:
		return "the file is not a database";
	case SQLITE_BUSY:
		return "the database is in use by another process: stop it "
		       "first";
	default: /* an int */
		break;
	}
	if (err == ERR_CONFLICT)
		return "the change contradicts the recorded data";
	if (err == ERR_INPUT)
		return "a value breaks a rule of the database";
	if (err == ERR_CORRUPT)
		return "the database is damaged: restore it from a copy, and remove its -wal and -shm first";
	if (err == ERR_TOO_LARGE)
		return "a value is too large for the database";
	if (err == ERR_IO)
		return "the database's file cannot be read or written";
	return "the database refused a statement of this program";
}

/* SQLite's messages name tables and columns, never values. */
static enum err
fail(struct sqlite *s, const char *what)
{
	int extended = sqlite3_extended_errcode(s->db);
	int sys = sqlite3_system_errno(s->db);
	enum err err = err_of_sqlite(extended);

	/* SQLite reports some full disks as a failed write. */
	if (err == ERR_IO && err_of_errno(sys) == ERR_FULL) {
		err = ERR_FULL;
		extended = SQLITE_FULL;
	}
	err = problem_set(s->engine.problem, err, "%s", text_of(err, extended));
	problem_detail(s->engine.problem, "%s: %s (SQLite %d, errno %d)", what,
	    sqlite3_errmsg(s->db), extended, sys);
	return err;
}

/* ---- Statements of our own ---- */

static enum err
sqlite_exec(struct engine *engine, const char *sql)
{
	struct sqlite *s = sqlite_of(engine);

	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(s, "exec");
	return OK;
}

/* Run `sql`, which is prepared once and kept in *stmt. */
static enum err
run_kept(struct sqlite *s, sqlite3_stmt **stmt, const char *sql)
{
	int rc = SQLITE_OK;

	if (*stmt == NULL)
		rc = sqlite3_prepare_v3(
		    s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, stmt, NULL);
	if (rc == SQLITE_OK) {
		(void)sqlite3_step(*stmt);
		rc = sqlite3_reset(*stmt);
	}
	return rc == SQLITE_OK ? OK : fail(s, sql);
}

static enum err
sqlite_begin(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);

	return run_kept(s, &s->begin, "BEGIN");
}

static enum err
sqlite_commit(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);
	enum err err = run_kept(s, &s->commit, "COMMIT");

	/*
	 * When the flush fails, the log may or may not hold the commit: SQLite
	 * forgets it now, but would find it after a crash.
	 */
	if (err == ERR_IO)
		return problem_set(engine->problem, ERR_UNCERTAIN,
		    "the database's file failed during a commit: it is not "
		    "known whether the commit was done");
	return err;
}

static void
sqlite_rollback(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);
	struct problem *problem = engine->problem;

	if (sqlite3_get_autocommit(s->db))
		return;
	/* Nobody waits for the answer; keep the words for the first error. */
	engine->problem = NULL;
	(void)run_kept(s, &s->rollback, "ROLLBACK");
	engine->problem = problem;
}

static bool
sqlite_is_lost(struct engine *engine)
{
	return sqlite3_get_autocommit(sqlite_of(engine)->db) != 0;
}

static enum err
sqlite_mark(struct engine *engine, enum mark_verb verb, unsigned int depth)
{
	static const char *const verbs[MARK_VERBS] = {
	    [MARK_SET] = "SAVEPOINT",
	    [MARK_KEEP] = "RELEASE",
	    [MARK_UNDO] = "ROLLBACK TO",
	};
	struct sqlite *s = sqlite_of(engine);
	sqlite3_stmt **kept = &s->marks[verb][depth - 1];
	char sql[32] = "";
	enum err err;

	if (*kept == NULL)
		snprintf(sql, sizeof(sql), "%s mark%u", verbs[verb], depth);
	err = run_kept(s, kept, sql);
	if (err == OK && verb == MARK_UNDO)
		err = sqlite_mark(engine, MARK_KEEP, depth);
	return err;
}

/* ---- Queries ---- */

static enum err
sqlite_prepare(struct engine *engine, struct prepared *p)
{
	struct sqlite *s = sqlite_of(engine);
	sqlite3_stmt *stmt;
	int rc;

	sqlite_rows_begin_prepare(s->watch);
	rc = sqlite3_prepare_v3(s->db, p->statement->sqlite, -1,
	    SQLITE_PREPARE_PERSISTENT, &stmt, NULL);
	p->is_watched = sqlite_rows_end_prepare(s->watch);
	if (rc != SQLITE_OK)
		return fail(s, p->statement->name);
	p->handle = stmt;
	return OK;
}

static enum err
sqlite_check(struct engine *engine, struct prepared *p)
{
	return p->handle != NULL ? OK : sqlite_prepare(engine, p);
}

static void
sqlite_release(struct engine *engine, struct prepared *p)
{
	(void)engine;
	sqlite3_finalize(p->handle);
	p->handle = NULL;
}

/*
 * Binding fails when memory or a limit is exceeded; the parameter is then
 * NULL, which must not be written in silence.
 */
static void
demand_bind(const struct prepared *p, int rc)
{
	if (rc != SQLITE_OK)
		store_die(p, "bind: %s", sqlite3_errstr(rc));
}

static void
sqlite_bind_int(struct prepared *p, unsigned int i, int64_t value)
{
	demand_bind(p, sqlite3_bind_int64(p->handle, (int)i + 1, value));
}

static void
sqlite_bind_text(struct prepared *p, unsigned int i, struct slice s)
{
	const char *data = s.data != NULL ? s.data : "";

	demand_bind(p,
	    sqlite3_bind_text64(p->handle, (int)i + 1, data, s.len,
		SQLITE_STATIC, SQLITE_UTF8));
}

static void
sqlite_bind_blob(struct prepared *p, unsigned int i, struct slice s)
{
	const char *data = s.data != NULL ? s.data : "";

	demand_bind(p,
	    sqlite3_bind_blob64(
		p->handle, (int)i + 1, data, s.len, SQLITE_STATIC));
}

static void
sqlite_bind_null(struct prepared *p, unsigned int i)
{
	demand_bind(p, sqlite3_bind_null(p->handle, (int)i + 1));
}

static enum err
sqlite_step(struct engine *engine, struct prepared *p, int64_t *ret_changes)
{
	struct sqlite *s = sqlite_of(engine);
	int rc;

	if (p->is_watched)
		sqlite_rows_on(s->watch);
	rc = sqlite3_step(p->handle);
	if (p->is_watched)
		sqlite_rows_off(s->watch);
	if (rc == SQLITE_ROW)
		return OK;
	if (rc != SQLITE_DONE)
		return fail(s, p->statement->name);
	*ret_changes = p->statement->writes ? sqlite3_changes64(s->db) : 0;
	return ERR_NOT_FOUND;
}

static void
sqlite_reset(struct engine *engine, struct prepared *p)
{
	(void)engine;
	sqlite3_reset(p->handle);
}

static bool
sqlite_is_null(struct prepared *p, unsigned int i)
{
	return sqlite3_column_type(p->handle, (int)i) == SQLITE_NULL;
}

static bool
sqlite_get_int(struct prepared *p, unsigned int i, int64_t *ret)
{
	int type = sqlite3_column_type(p->handle, (int)i);

	if (type == SQLITE_INTEGER)
		*ret = sqlite3_column_int64(p->handle, (int)i);
	return type == SQLITE_INTEGER || type == SQLITE_NULL;
}

static bool
get_bytes(struct prepared *p, unsigned int i, int type, struct slice *ret)
{
	int found = sqlite3_column_type(p->handle, (int)i);
	const void *data;

	if (found == SQLITE_NULL)
		return true;
	if (found != type)
		return false;
	data = sqlite3_column_blob(p->handle, (int)i);
	if (data != NULL)
		*ret = slice_bytes(
		    data, (size_t)sqlite3_column_bytes(p->handle, (int)i));
	return true;
}

static bool
sqlite_get_text(struct prepared *p, unsigned int i, struct slice *ret)
{
	return get_bytes(p, i, SQLITE_TEXT, ret);
}

static bool
sqlite_get_blob(struct prepared *p, unsigned int i, struct slice *ret)
{
	return get_bytes(p, i, SQLITE_BLOB, ret);
}

/* ---- Upkeep ---- */

/*
 * Run a check of SQLite's own: a first row whose first column is not `good`
 * is a finding.
 */
static enum err
run_check(struct sqlite *s, const char *sql, const char *good)
{
	sqlite3_stmt *stmt = NULL;
	const char *finding;
	enum err err = OK;
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return fail(s, sql);
	rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW) {
		finding = (const char *)sqlite3_column_text(stmt, 0);
		if (finding == NULL || strcmp(finding, good) != 0) {
			err = problem_set(s->engine.problem, ERR_CORRUPT,
			    "the database is damaged: restore it from a copy, and remove its -wal and -shm first");
			problem_detail(s->engine.problem, "%s: %s", sql,
			    finding != NULL ? finding : "");
		}
	} else if (rc != SQLITE_DONE) {
		err = fail(s, sql);
	}
	sqlite3_finalize(stmt);
	return err;
}

static enum err
sqlite_integrity_check(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);
	enum err err = run_check(s, "PRAGMA integrity_check(1)", "ok");

	if (err == OK)
		err = run_check(s, "PRAGMA foreign_key_check", "");
	return err;
}

/* The bytes of the log from `at` on become zeros. */
static int
wipe_piece(sqlite3_file *log, sqlite3_int64 at, int len)
{
	static const char zeros[WIPE_BYTES];
	char piece[WIPE_BYTES];
	int rc = log->pMethods->xRead(log, piece, len, at);

	if (rc == SQLITE_OK && memcmp(piece, zeros, (size_t)len) != 0)
		rc = log->pMethods->xWrite(log, zeros, len, at);

	return rc;
}

/*
 * The log has nothing that is not in the file.  It keeps its size, since a log
 * that grows costs a longer flush than one that is written over.  Its header
 * goes first: SQLite takes a log without one for empty, whichever of the other
 * bytes a crash leaves.
 */
static int
wipe_log(sqlite3_file *log)
{
	sqlite3_int64 size = 0, at;
	int rc = log->pMethods->xFileSize(log, &size);

	if (rc == SQLITE_OK && size >= LOG_HEADER_BYTES)
		rc = wipe_piece(log, 0, LOG_HEADER_BYTES);
	if (rc == SQLITE_OK)
		rc = log->pMethods->xSync(log, SQLITE_SYNC_NORMAL);
	for (at = LOG_HEADER_BYTES; rc == SQLITE_OK && at < size;
	     at += WIPE_BYTES)
		rc = wipe_piece(log, at,
		    size - at < WIPE_BYTES ? (int)(size - at) : WIPE_BYTES);

	return rc == SQLITE_OK ? log->pMethods->xSync(log, SQLITE_SYNC_NORMAL)
			       : rc;
}

static enum err
sqlite_checkpoint(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);
	sqlite3_file *log = NULL;
	int rc;

	rc = sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_RESTART, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_file_control(
		    s->db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
	if (rc != SQLITE_OK)
		return fail(s, "checkpoint");
	if (log == NULL || log->pMethods == NULL) /* in memory */
		return OK;
	if (wipe_log(log) != SQLITE_OK)
		return problem_set(
		    s->engine.problem, ERR_IO, "the log cannot be overwritten");

	return OK;
}

static void
sqlite_close(struct engine *engine)
{
	struct sqlite *s = sqlite_of(engine);
	int i, k;

	sqlite3_finalize(s->begin);
	sqlite3_finalize(s->commit);
	sqlite3_finalize(s->rollback);
	for (i = 0; i < MARK_VERBS; i++)
		for (k = 0; k < STORE_MARKS_MAX; k++)
			sqlite3_finalize(s->marks[i][k]);
	sqlite3_close(s->db);
	sqlite_rows_free(s->watch);
	free(s);
}

/* ---- Rows of protected tables ---- */

static enum err
sqlite_watch_rows(struct engine *engine, struct rows *rows)
{
	struct sqlite *s = sqlite_of(engine);

	if (rows->n_tables == 0)
		return OK;
	s->watch = sqlite_rows_watch(s->db, rows);

	return s->watch != NULL ? OK : fail(s, "watch rows");
}

static enum err
sqlite_sum_rows(struct engine *engine, const char *table,
    struct lthasher *hasher, struct lthash *sum)
{
	struct sqlite *s = sqlite_of(engine);

	if (sqlite_rows_sum(s->db, table, hasher, sum) != SQLITE_OK)
		return fail(s, "sum rows");

	return OK;
}

static const struct engine_ops sqlite_ops = {
    .name = "sqlite",
    .marks_reads = false,
    .close = sqlite_close,
    .exec = sqlite_exec,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .is_lost = sqlite_is_lost,
    .mark = sqlite_mark,
    .prepare = sqlite_prepare,
    .check = sqlite_check,
    .release = sqlite_release,
    .bind_int = sqlite_bind_int,
    .bind_text = sqlite_bind_text,
    .bind_blob = sqlite_bind_blob,
    .bind_null = sqlite_bind_null,
    .step = sqlite_step,
    .reset = sqlite_reset,
    .is_null = sqlite_is_null,
    .get_int = sqlite_get_int,
    .get_text = sqlite_get_text,
    .get_blob = sqlite_get_blob,
    .integrity_check = sqlite_integrity_check,
    .checkpoint = sqlite_checkpoint,
    .watch_rows = sqlite_watch_rows,
    .sum_rows = sqlite_sum_rows,
};

/* ---- Opening ---- */

static void
harden(sqlite3 *db)
{
	static const struct {
		int option;
		int value;
	} options[] = {
	    {SQLITE_DBCONFIG_DEFENSIVE, 1},
	    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
	    {SQLITE_DBCONFIG_DQS_DDL, 0},
	    {SQLITE_DBCONFIG_DQS_DML, 0},
	};
	size_t i;

	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		sqlite3_db_config(
		    db, options[i].option, options[i].value, NULL);
}

static enum err
read_pragma(struct sqlite *s, const char *sql, int64_t *ret)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(s->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*ret = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? OK : fail(s, sql);
}

/* Refuse a file with another program's tables. */
static enum err
check_application(struct sqlite *s, const struct store_options *options)
{
	char sql[64];
	int64_t id = 0, tables = 0;
	enum err err;

	if (options->application_id == 0)
		return OK;
	err = read_pragma(s, "PRAGMA application_id", &id);
	if (err == OK)
		err = read_pragma(
		    s, "SELECT count(*) FROM sqlite_schema", &tables);
	if (err != OK || (uint32_t)id == options->application_id)
		return err;
	if (id != 0 || tables != 0)
		return problem_set(s->engine.problem, ERR_CONFLICT,
		    "the file is a database of another program");
	if (options->access == STORE_READ)
		return OK;
	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d",
	    (int32_t)options->application_id);
	return sqlite_exec(&s->engine, sql);
}

static enum err
configure(struct sqlite *s, const struct store_options *options)
{
	unsigned int cache = options->cache_kib;
	struct buf sql;
	enum err err;

	harden(s->db);
	sqlite3_busy_timeout(s->db, (int)options->busy_ms);
	buf_init(&sql);
	if (options->access == STORE_WRITE)
		/* Before anything that reads the file, as cache_size does; it
		 * would make an index of the log in shared memory. */
		buf_add_string(&sql, "PRAGMA locking_mode = EXCLUSIVE;");
	buf_printf(&sql,
	    "PRAGMA cache_size = -%u; PRAGMA temp_store = MEMORY;"
	    "PRAGMA cell_size_check = ON; PRAGMA case_sensitive_like = ON;",
	    cache != 0 ? cache : CACHE_KIB);
	if (options->access == STORE_WRITE)
		buf_printf(&sql,
		    "PRAGMA page_size = %d;"
		    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		    "PRAGMA secure_delete = ON;"
		    "PRAGMA wal_autocheckpoint = %d;"
		    "PRAGMA journal_size_limit = %d;"
		    "BEGIN IMMEDIATE; COMMIT;",
		    PAGE_BYTES, WAL_PAGES, WAL_BYTES);
	err = sqlite_exec(&s->engine, sql.data);
	buf_done(&sql);
	if (err == OK)
		err = check_application(s, options);
	return err;
}

/*
 * Make the file before SQLite would, so that nobody but its owner can read it;
 * SQLite gives the log the same mode.
 */
static enum err
make_file(const char *path, struct problem *problem)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	enum err err;

	if (fd >= 0) {
		close(fd);
		return OK;
	}
	if (errno == EACCES || errno == EROFS || errno == EPERM)
		return problem_set(problem, ERR_IO,
		    "the database is read-only: give the program the right to "
		    "write to its file and folder");
	err = err_of_errno(errno) == ERR_FULL ? ERR_FULL : ERR_IO;
	return problem_set(
	    problem, err, "the database cannot be opened: %s", strerror(errno));
}

/* A database that was in use has a header: SQLite writes it at once. */
static enum err
demand_file(const char *path, const char *if_lost, struct problem *problem)
{
	struct stat st;

	if (stat(path, &st) == 0 ? st.st_size > 0 : errno != ENOENT)
		return OK;

	return problem_set(problem, ERR_CORRUPT, "%s", if_lost);
}

static enum err
connect_file(
    struct sqlite *s, const char *path, const struct store_options *options)
{
	int flags = SQLITE_OPEN_NOMUTEX;

	if (options->access == STORE_READ)
		flags |= SQLITE_OPEN_READONLY;
	else
		flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK)
		return fail(s, "open");
	sqlite3_extended_result_codes(s->db, 1);
	if (options->access == STORE_WRITE &&
	    sqlite3_db_readonly(s->db, "main") == 1)
		return problem_set(s->engine.problem, ERR_IO, "%s",
		    text_of(ERR_IO, SQLITE_READONLY));
	return configure(s, options);
}

enum err
sqlite_open(const char *path, const struct store_options *options,
    struct engine **ret, struct problem *problem)
{
	bool memory = strcmp(path, ":memory:") == 0;
	struct sqlite *s;
	enum err err;

	if (*path == '\0' || strncmp(path, "file:", 5) == 0)
		return problem_set(problem, ERR_INPUT,
		    "a database's location is a file's path or begins with "
		    "postgresql:");
	/* We are one thread and count no memory; too late is no harm. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	err = OK;
	if (!memory && options->if_lost != NULL)
		err = demand_file(path, options->if_lost, problem);
	if (err == OK && !memory && options->access == STORE_WRITE)
		err = make_file(path, problem);
	if (err != OK)
		return err;
	s = heap_alloc(sizeof(*s));
	*s = (struct sqlite){.engine = {&sqlite_ops, problem}};
	err = connect_file(s, path, options);
	if (err != OK) {
		sqlite_close(&s->engine);
		return err;
	}
	*ret = &s->engine;
	return OK;
}
