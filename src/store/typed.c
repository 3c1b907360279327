/*
 * Queries by index, for generated code.
 */
#include "store/typed.h"

#include "store/engine.h"
#include "store_statements.h"

void
typed_begin(struct store *store, int id, struct query *ret)
{
	store_query(store, id, ret);
	ret->prepared->bound = UINT64_MAX;
}

/* ---- Binding ---- */

/* Without a handle the step says what went wrong. */
static bool
has_handle(const struct query *q)
{
	return q->prepared->handle != NULL;
}

void
typed_int(struct query *q, unsigned int i, int64_t value)
{
	if (has_handle(q))
		q->store->engine->ops->bind_int(q->prepared, i, value);
}

/* Bytes are bound to a statement that writes. */
static void
count(struct query *q, struct slice value)
{
	if (q->prepared->statement->writes)
		q->store->written.bytes += (int64_t)value.len;
}

void
typed_text(struct query *q, unsigned int i, struct slice value)
{
	count(q, value);
	if (has_handle(q))
		q->store->engine->ops->bind_text(q->prepared, i, value);
}

void
typed_blob(struct query *q, unsigned int i, struct slice value)
{
	count(q, value);
	if (has_handle(q))
		q->store->engine->ops->bind_blob(q->prepared, i, value);
}

void
typed_null(struct query *q, unsigned int i)
{
	if (has_handle(q))
		q->store->engine->ops->bind_null(q->prepared, i);
}

void
typed_text_or_null(struct query *q, unsigned int i, struct slice value)
{
	if (value.data == NULL)
		typed_null(q, i);
	else
		typed_text(q, i, value);
}

void
typed_blob_or_null(struct query *q, unsigned int i, struct slice value)
{
	if (value.data == NULL)
		typed_null(q, i);
	else
		typed_blob(q, i, value);
}

/* ---- Stepping and reading ---- */

enum err
typed_step(struct query *q, int id)
{
	const struct prepared *p = q->prepared;

	if (p != &q->store->prepared[id + STORE_STATEMENTS_END])
		store_die(p, "read as a row of another statement");

	return query_step(q);
}

bool
typed_has(struct query *q, unsigned int i)
{
	return !q->store->engine->ops->is_null(q->prepared, i);
}

static _Noreturn void
die_of_type(const struct prepared *p, unsigned int i, const char *type)
{
	store_die(p, "%s is not %s", p->statement->columns[i], type);
}

int64_t
typed_get_int(struct query *q, unsigned int i)
{
	int64_t value = 0;

	if (!q->store->engine->ops->get_int(q->prepared, i, &value))
		die_of_type(q->prepared, i, "an integer");

	return value;
}

static struct slice
get_text(struct query *q, unsigned int i, struct slice none)
{
	if (!q->store->engine->ops->get_text(q->prepared, i, &none))
		die_of_type(q->prepared, i, "text");

	return none;
}

static struct slice
get_blob(struct query *q, unsigned int i, struct slice none)
{
	if (!q->store->engine->ops->get_blob(q->prepared, i, &none))
		die_of_type(q->prepared, i, "a blob");

	return none;
}

struct slice
typed_get_text(struct query *q, unsigned int i)
{
	return get_text(q, i, SLICE(""));
}

struct slice
typed_get_blob(struct query *q, unsigned int i)
{
	return get_blob(q, i, SLICE(""));
}

struct slice
typed_get_text_or_null(struct query *q, unsigned int i)
{
	return typed_has(q, i) ? typed_get_text(q, i) : (struct slice){NULL, 0};
}

struct slice
typed_get_blob_or_null(struct query *q, unsigned int i)
{
	return typed_has(q, i) ? typed_get_blob(q, i) : (struct slice){NULL, 0};
}

enum err
typed_misfit(struct query *q, unsigned int i)
{
	const struct statement *s = q->prepared->statement;
	struct problem *problem = &q->store->problem;
	enum err rc;

	query_done(q);
	rc = problem_set(problem, ERR_CORRUPT,
	    "the database holds a value that does not fit its type");
	problem_detail(problem, "%s: column %s", s->name, s->columns[i]);

	return rc;
}

struct slice
typed_keep(struct arena *arena, struct slice value)
{
	return value.data == NULL ? value : arena_copy(arena, value);
}
