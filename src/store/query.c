/*
 * Queries: names, rows, and when the audit rule is touched.
 */
#include <string.h>

#include "store/engine.h"
#include "store_statements.h"

/* ---- Beginning and ending ---- */

static bool
is_current(const struct query *q)
{
	return q->prepared != NULL && q->prepared->in_use &&
	    q->prepared->serial == q->serial;
}

static struct prepared *
current(const struct query *q)
{
	if (!is_current(q))
		store_die(q->prepared, "used after it was done");
	return q->prepared;
}

void
store_query_any(struct store *store, unsigned int index, struct query *ret)
{
	struct prepared *p = &store->prepared[index];

	if (p->in_use)
		store_die(p, "in use twice at once");
	if (p->handle == NULL)
		p->err = store->engine->ops->prepare(store->engine, p);
	store_begin_use(store, p);
	*ret =
	    (struct query){.store = store, .prepared = p, .serial = p->serial};
}

void
store_query(struct store *store, int id, struct query *ret)
{
	if (id < 0 ||
	    (unsigned int)id >= store->n_prepared - STORE_STATEMENTS_END)
		store_die(NULL, "there is no statement %d", id);
	store_query_any(store, (unsigned int)id + STORE_STATEMENTS_END, ret);
}

void
query_done(struct query *q)
{
	if (is_current(q))
		store_end_use(q->store, q->prepared);
}

/* ---- Binding ---- */

/* Index of `name`, looked for from *hint on, which becomes the next one. */
static unsigned int
find_name(const struct prepared *p, const char *const *names, unsigned int n,
    const char *name, unsigned int *hint)
{
	unsigned int i, at = *hint;

	for (i = 0; i < n; i++, at++) {
		if (at >= n)
			at = 0;
		if (strcmp(names[at], name) == 0) {
			*hint = at + 1;
			return at;
		}
	}
	store_die(p, "has no parameter or column %s", name);
}

/* Whether there is something to bind to. */
static bool
find_param(struct query *q, const char *name, unsigned int *ret)
{
	struct prepared *p = current(q);

	if (p->stepped)
		store_die(p, "bound after the first step");
	*ret = find_name(p, p->statement->params, p->statement->n_params, name,
	    &q->next_param);
	p->bound |= UINT64_C(1) << *ret;
	return p->handle != NULL;
}

void
query_int(struct query *q, const char *name, int64_t value)
{
	unsigned int i;

	if (find_param(q, name, &i))
		q->store->engine->ops->bind_int(q->prepared, i, value);
}

void
query_text(struct query *q, const char *name, struct slice value)
{
	unsigned int i;

	if (find_param(q, name, &i))
		q->store->engine->ops->bind_text(q->prepared, i, value);
}

/* ---- Stepping ---- */

static void
demand_bound(const struct prepared *p)
{
	const struct statement *s = p->statement;
	unsigned int i;

	for (i = 0; i < s->n_params; i++)
		if ((p->bound & UINT64_C(1) << i) == 0)
			store_die(p, "%s was not bound", s->params[i]);
}

static void
note_marks(struct store *store, const struct statement *s)
{
	struct mark *mark = &store->marks[store->depth];

	mark->personal |= (s->marks & STATEMENT_PERSONAL) != 0;
	mark->audit |= (s->marks & STATEMENT_AUDIT) != 0;
	mark->has_audited |= mark->audit;
}

/* Everything that is due before a statement's first step. */
static enum err
begin_step(struct store *store, struct prepared *p)
{
	const struct statement *s = p->statement;
	enum err err;

	demand_bound(p);
	if (!store->in_transaction && (s->writes || s->marks != 0))
		store_die(p, "needs a transaction");
	if (p->err != OK)
		return p->err;
	if (!store->in_transaction)
		return OK;
	if (store->access == STORE_READ && s->writes)
		return problem_set(&store->problem, ERR_IO,
		    "the database was opened for reading only");
	err = store_set_marks(store, s);
	if (err == OK && s->writes)
		err = store_injected(store);
	if (err == OK)
		note_marks(store, s);
	return err;
}

/* The earlier error that lets nothing run now; OK if there is none. */
static enum err
refusal(const struct store *store)
{
	if (!store->in_transaction)
		return OK;
	if (store->lost != OK)
		return store->lost;
	return store->marks[store->depth].failed;
}

enum err
query_step(struct query *q)
{
	struct prepared *p = current(q);
	struct store *store = q->store;
	enum err err = refusal(store);
	int64_t changes = 0;

	if (err == OK && !p->stepped)
		err = begin_step(store, p);
	if (err == OK) {
		p->stepped = true;
		err = store->engine->ops->step(store->engine, p, &changes);
	}
	p->has_row = err == OK;
	if (err == OK)
		return OK;
	store_end_use(store, p);
	if (err == ERR_NOT_FOUND) {
		store->changes = changes;
		store->written.rows += changes;
	} else
		store_note_failure(store, err);
	return err;
}

enum err
query_run(struct query *q)
{
	enum err err;

	do
		err = query_step(q);
	while (err == OK);
	return err == ERR_NOT_FOUND ? OK : err;
}

int64_t
store_changes(const struct store *store)
{
	return store->changes;
}

struct store_written
store_written(const struct store *store)
{
	return store->written;
}

enum err
rows_end(enum err err)
{
	return err == ERR_NOT_FOUND ? OK : err;
}

/* ---- The current row ---- */

static unsigned int
find_column(struct query *q, const char *name)
{
	const struct prepared *p = current(q);

	if (!p->has_row)
		store_die(p, "has no row");
	return find_name(p, p->statement->columns, p->statement->n_columns,
	    name, &q->next_column);
}

int64_t
column_int(struct query *q, const char *name)
{
	unsigned int i = find_column(q, name);
	int64_t value = 0;

	if (!q->store->engine->ops->get_int(q->prepared, i, &value))
		store_die(q->prepared, "%s is not an integer", name);
	return value;
}

struct slice
column_text(struct query *q, const char *name)
{
	unsigned int i = find_column(q, name);
	struct slice value = {"", 0};

	if (!q->store->engine->ops->get_text(q->prepared, i, &value))
		store_die(q->prepared, "%s is not text", name);
	return value;
}
