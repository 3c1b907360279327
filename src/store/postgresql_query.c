/*
 * The engine of PostgreSQL: statements, execution, columns.
 *
 * Parameters and results travel in binary.  A statement is prepared with the
 * types of the values bound to it, and again if these change; the rows of a
 * statement marked `bulk` come through a cursor.
 */
#include "store/postgresql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define FETCH_ROWS "1000"

/* From PostgreSQL's catalog pg_type. */
enum type {
	TYPE_ANY = 0,
	TYPE_BOOL = 16,
	TYPE_BYTEA = 17,
	TYPE_NAME = 19,
	TYPE_INT8 = 20,
	TYPE_INT2 = 21,
	TYPE_INT4 = 23,
	TYPE_TEXT = 25,
	TYPE_OID = 26,
	TYPE_VARCHAR = 1043,
	TYPE_NUMERIC = 1700,
};

struct value {
	Oid type; /* TYPE_ANY for NULL */
	char number[8];
	struct slice bytes;
};

/* struct prepared's handle. */
struct handle {
	unsigned int name;
	uint64_t generation; /* of the connection that knows it; 0 none */
	Oid *types;          /* that it was prepared with */
	struct value *values;
	PGresult *result; /* NULL before the first step */
	int row;
	bool has_cursor;
	int64_t changes;
};

static struct postgresql *
pg_of(struct engine *engine)
{
	return (struct postgresql *)engine;
}

/* ---- Statements ---- */

enum err
postgresql_prepare(struct engine *engine, struct prepared *p)
{
	unsigned int n = p->statement->n_params;
	struct handle *h = heap_alloc(sizeof(*h));

	*h = (struct handle){.name = ++pg_of(engine)->n_names};
	/* One more, so that none is empty. */
	h->types = heap_array(n + 1, sizeof(h->types[0]));
	h->values = heap_array(n + 1, sizeof(h->values[0]));
	memset(h->types, 0, (n + 1) * sizeof(h->types[0]));
	p->handle = h;
	return OK;
}

void
postgresql_reset(struct engine *engine, struct prepared *p)
{
	struct postgresql *pg = pg_of(engine);
	struct handle *h = p->handle;
	char sql[32];

	PQclear(h->result);
	h->result = NULL;
	/* In a failed transaction it goes with what is rolled back. */
	if (h->has_cursor && PQtransactionStatus(pg->conn) == PQTRANS_INTRANS) {
		snprintf(sql, sizeof(sql), "CLOSE c%u", h->name);
		postgresql_exec_quietly(pg, sql);
	}
	h->has_cursor = false;
}

void
postgresql_release(struct engine *engine, struct prepared *p)
{
	struct handle *h = p->handle;

	(void)engine; /* the server forgets it with the connection */
	if (h == NULL)
		return;
	PQclear(h->result);
	free(h->types);
	free(h->values);
	free(h);
	p->handle = NULL;
}

static struct value *
value_at(struct prepared *p, unsigned int i)
{
	struct handle *h = p->handle;

	return &h->values[i];
}

void
postgresql_bind_int(struct prepared *p, unsigned int i, int64_t value)
{
	struct value *v = value_at(p, i);
	uint64_t bits = (uint64_t)value;
	int k;

	for (k = 7; k >= 0; k--, bits >>= 8)
		v->number[k] = (char)(bits & 0xff);
	v->type = TYPE_INT8;
	v->bytes = slice_bytes(v->number, sizeof(v->number));
}

static void
bind_bytes(struct prepared *p, unsigned int i, enum type type, struct slice s)
{
	struct value *v = value_at(p, i);

	if (s.len > INT32_MAX)
		store_die(p, "a value of more than 2 GiB");
	v->type = type;
	v->bytes = s.data != NULL ? s : SLICE("");
}

void
postgresql_bind_text(struct prepared *p, unsigned int i, struct slice s)
{
	bind_bytes(p, i, TYPE_TEXT, s);
}

void
postgresql_bind_blob(struct prepared *p, unsigned int i, struct slice s)
{
	bind_bytes(p, i, TYPE_BYTEA, s);
}

void
postgresql_bind_null(struct prepared *p, unsigned int i)
{
	*value_at(p, i) = (struct value){.type = TYPE_ANY};
}

/* ---- Execution ---- */

struct arguments {
	const char *values[STATEMENT_PARAMS_MAX];
	int lengths[STATEMENT_PARAMS_MAX];
	int formats[STATEMENT_PARAMS_MAX];
	Oid types[STATEMENT_PARAMS_MAX];
	int n;
};

static void
fill_arguments(const struct prepared *p, struct arguments *ret)
{
	const struct handle *h = p->handle;
	int i;

	ret->n = (int)p->statement->n_params;
	for (i = 0; i < ret->n; i++) {
		const struct value *v = &h->values[i];

		ret->values[i] = v->type != TYPE_ANY ? v->bytes.data : NULL;
		ret->lengths[i] = (int)v->bytes.len;
		ret->formats[i] = 1;
		ret->types[i] = v->type;
	}
}

/* NULL fits every type. */
static bool
types_fit(const struct handle *h, const struct arguments *args)
{
	int i;

	for (i = 0; i < args->n; i++)
		if (args->types[i] != TYPE_ANY && args->types[i] != h->types[i])
			return false;
	return true;
}

/* Tell the server of the statement, unless it knows it with these types. */
static enum err
introduce(
    struct postgresql *pg, struct prepared *p, const struct arguments *args)
{
	struct handle *h = p->handle;
	char name[16], sql[32];
	PGresult *result;
	int i;

	if (h->generation == pg->generation && types_fit(h, args))
		return OK;
	snprintf(name, sizeof(name), "s%u", h->name);
	if (h->generation == pg->generation) {
		snprintf(sql, sizeof(sql), "DEALLOCATE %s", name);
		postgresql_exec_quietly(pg, sql);
	}
	h->generation = 0;
	for (i = 0; i < args->n; i++)
		if (args->types[i] != TYPE_ANY)
			h->types[i] = args->types[i];
	result = PQprepare(
	    pg->conn, name, p->statement->postgresql, args->n, h->types);
	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, p->statement->name);
	PQclear(result);
	h->generation = pg->generation;
	return OK;
}

static enum err
take_result(struct postgresql *pg, struct prepared *p, PGresult *result)
{
	struct handle *h = p->handle;

	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, p->statement->name);
	PQclear(h->result);
	h->result = result;
	h->row = -1;
	return OK;
}

static enum err
fetch(struct postgresql *pg, struct prepared *p)
{
	struct handle *h = p->handle;
	char sql[48];

	snprintf(sql, sizeof(sql), "FETCH " FETCH_ROWS " FROM c%u", h->name);
	return take_result(
	    pg, p, PQexecParams(pg->conn, sql, 0, NULL, NULL, NULL, NULL, 1));
}

static enum err
open_cursor(
    struct postgresql *pg, struct prepared *p, const struct arguments *args)
{
	struct handle *h = p->handle;
	struct buf sql;
	PGresult *result;

	buf_init(&sql);
	buf_printf(&sql, "DECLARE c%u NO SCROLL CURSOR FOR %s", h->name,
	    p->statement->postgresql);
	result = PQexecParams(pg->conn, sql.data, args->n, args->types,
	    args->values, args->lengths, args->formats, 1);
	buf_done(&sql);
	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, p->statement->name);
	PQclear(result);
	h->has_cursor = true;
	return fetch(pg, p);
}

static enum err
execute(struct postgresql *pg, struct prepared *p)
{
	struct handle *h = p->handle;
	struct arguments args;
	char name[16];
	enum err err;

	fill_arguments(p, &args);
	if (p->statement->marks & STATEMENT_BULK)
		return open_cursor(pg, p, &args);
	err = introduce(pg, p, &args);
	if (err != OK)
		return err;
	snprintf(name, sizeof(name), "s%u", h->name);
	err = take_result(pg, p,
	    PQexecPrepared(pg->conn, name, args.n, args.values, args.lengths,
		args.formats, 1));
	if (err == OK && p->statement->writes)
		h->changes = strtoll(PQcmdTuples(h->result), NULL, 10);
	return err;
}

/* A read outside a transaction can be repeated on the connection that replaced
 * a lost one. */
static enum err
execute_anew(struct postgresql *pg, struct prepared *p)
{
	enum err err = execute(pg, p);

	if (err == OK || pg->in_transaction || !postgresql_is_lost(pg))
		return err;
	err = postgresql_connect(pg);
	if (err == OK)
		err = execute(pg, p);
	return err;
}

enum err
postgresql_step(struct engine *engine, struct prepared *p, int64_t *ret_changes)
{
	struct postgresql *pg = pg_of(engine);
	struct handle *h = p->handle;
	enum err err = OK;

	if (h->result == NULL)
		err = execute_anew(pg, p);
	else if (h->has_cursor && h->row + 1 == PQntuples(h->result))
		err = fetch(pg, p);
	if (err != OK)
		return err;
	if (++h->row < PQntuples(h->result))
		return OK;
	*ret_changes = p->statement->writes ? h->changes : 0;
	return ERR_NOT_FOUND;
}

/* ---- Columns ---- */

static bool
is_integer(Oid type)
{
	return type == TYPE_INT8 || type == TYPE_INT4 || type == TYPE_INT2 ||
	    type == TYPE_BOOL || type == TYPE_OID || type == TYPE_NUMERIC;
}

static bool
is_text(Oid type)
{
	return type == TYPE_TEXT || type == TYPE_VARCHAR || type == TYPE_NAME;
}

/*
 * A NUMERIC, which SUM() returns: four 16-bit numbers (count of digits,
 * weight of the first, sign, scale), then the digits to the base 10000.
 */
static bool
read_numeric(struct slice s, int64_t *ret)
{
	struct reader r;
	int count, weight, i;
	uint16_t sign;
	int64_t sum = 0;

	reader_init(&r, s);
	count = reader_u16(&r);
	weight = (int16_t)reader_u16(&r);
	sign = reader_u16(&r);
	(void)reader_u16(&r);
	if ((sign != 0 && sign != 0x4000) || count > weight + 1)
		return false;
	for (i = 0; i <= weight; i++) {
		int64_t digit = i < count ? reader_u16(&r) : 0;

		if (__builtin_mul_overflow(sum, 10000, &sum) ||
		    __builtin_sub_overflow(sum, digit, &sum))
			return false;
	}
	/* Summed up below zero, where there is one value more. */
	if (sign == 0 && __builtin_sub_overflow(0, sum, &sum))
		return false;
	*ret = sum;
	return reader_finish(&r) == OK;
}

bool
postgresql_is_null(struct prepared *p, unsigned int i)
{
	const struct handle *h = p->handle;

	return PQgetisnull(h->result, h->row, (int)i) == 1;
}

static struct slice
bytes_at(struct prepared *p, unsigned int i)
{
	const struct handle *h = p->handle;

	return slice_bytes(PQgetvalue(h->result, h->row, (int)i),
	    (size_t)PQgetlength(h->result, h->row, (int)i));
}

static Oid
type_at(struct prepared *p, unsigned int i)
{
	const struct handle *h = p->handle;

	return PQftype(h->result, (int)i);
}

bool
postgresql_get_int(struct prepared *p, unsigned int i, int64_t *ret)
{
	Oid type = type_at(p, i);
	struct slice s = bytes_at(p, i);
	uint64_t bits;
	size_t k;

	if (postgresql_is_null(p, i))
		return true;
	if (type == TYPE_NUMERIC)
		return read_numeric(s, ret);
	if (!is_integer(type) || s.len == 0)
		return false;
	/* Big-endian, 1 to 8 bytes, with the sign of the first. */
	bits = (s.data[0] & 0x80) != 0 && type != TYPE_OID ? UINT64_MAX : 0;
	for (k = 0; k < s.len; k++)
		bits = bits << 8 | (unsigned char)s.data[k];
	*ret = (int64_t)bits;
	return true;
}

bool
postgresql_get_text(struct prepared *p, unsigned int i, struct slice *ret)
{
	if (postgresql_is_null(p, i))
		return true;
	if (is_text(type_at(p, i)))
		*ret = bytes_at(p, i);
	return is_text(type_at(p, i));
}

bool
postgresql_get_blob(struct prepared *p, unsigned int i, struct slice *ret)
{
	if (postgresql_is_null(p, i))
		return true;
	if (type_at(p, i) == TYPE_BYTEA)
		*ret = bytes_at(p, i);
	return type_at(p, i) == TYPE_BYTEA;
}

/* ---- Checks ---- */

/* The columns must be as many as SQLite's, and of types that we can read. */
static enum err
check_columns(
    struct postgresql *pg, const struct prepared *p, const PGresult *result)
{
	int i, n = PQnfields(result);

	if (n != (int)p->statement->n_columns)
		return problem_set(pg->engine.problem, ERR_INTERNAL,
		    "statement %s: %d columns instead of %u",
		    p->statement->name, n, p->statement->n_columns);
	for (i = 0; i < n; i++) {
		Oid type = PQftype(result, i);

		if (!is_integer(type) && !is_text(type) && type != TYPE_BYTEA)
			return problem_set(pg->engine.problem, ERR_INTERNAL,
			    "statement %s: column %s has the foreign type %u",
			    p->statement->name, p->statement->columns[i],
			    (unsigned int)type);
	}
	return OK;
}

enum err
postgresql_check(struct engine *engine, struct prepared *p)
{
	struct postgresql *pg = pg_of(engine);
	PGresult *result;
	enum err err;

	/* The nameless statement lasts until the next one. */
	result = PQprepare(pg->conn, "", p->statement->postgresql, 0, NULL);
	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, p->statement->name);
	PQclear(result);
	result = PQdescribePrepared(pg->conn, "");
	if (!postgresql_is_success(result))
		return postgresql_fail(pg, result, p->statement->name);
	err = check_columns(pg, p, result);
	PQclear(result);
	return err;
}
