#include "store/store.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "store/engine.h"
#include "store_statements.h"

_Noreturn void
store_die(const struct prepared *p, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "store: %s%s", p != NULL ? p->statement->name : "",
	    p != NULL ? ": " : "");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/* ---- Founding ---- */

enum err
store_locate(const char *server, const char *name, struct buf *ret,
    struct problem *problem)
{
	if (!postgresql_is_location(server))
		return problem_set(
		    problem, ERR_INPUT, "%s is no PostgreSQL server", server);
	return postgresql_locate(server, name, ret, problem);
}

enum err
store_create(const char *location, const char *server, struct problem *problem)
{
	struct problem unheard;

	if (!postgresql_is_location(location))
		return OK;
	return postgresql_create(
	    location, server, problem != NULL ? problem : &unheard);
}

enum err
store_claim(
    char *const *locations, size_t n, const char *by, struct problem *problem)
{
	if (n == 0 || !postgresql_is_location(locations[0]))
		return OK;
	return postgresql_claim(locations, n, by, problem);
}

/* ---- Opening ---- */

static void
add_statements(struct store *store, const struct schema *schema)
{
	unsigned int i;

	for (i = 0; i < schema->n_statements; i++)
		store->prepared[store->n_prepared++].statement =
		    &schema->statements[i];
}

/* Their statements were numbered through when they were built. */
static void
check_order(const struct store *store, const struct schema *schema)
{
	size_t next = store->n_prepared - STORE_STATEMENTS_END;

	if (schema->n_statements > 0 && (size_t)schema->first != next)
		store_die(NULL,
		    "the statements of %s begin at %d, and here at %zu: open "
		    "the schemas in the order in which they are built",
		    schema->name, schema->first, next);
}

static struct store *
store_new(const struct schema *const *schemas, unsigned int n_schemas)
{
	struct store *store = heap_alloc(sizeof(*store));
	size_t n = STORE_STATEMENTS_END;
	unsigned int i;

	*store = (struct store){0};
	for (i = 0; i < n_schemas; i++)
		n += schemas[i]->n_statements;
	store->prepared = heap_array(n, sizeof(store->prepared[0]));
	for (i = 0; i < n; i++)
		store->prepared[i] = (struct prepared){0};
	add_statements(store, &store_schema);
	for (i = 0; i < n_schemas; i++) {
		check_order(store, schemas[i]);
		add_statements(store, schemas[i]);
	}
	return store;
}

enum err
store_open(const char *location, const struct schema *const *schemas,
    unsigned int n_schemas, const struct store_options *options,
    struct store **ret, struct problem *problem)
{
	struct store *store = store_new(schemas, n_schemas);
	enum err err;

	store->access = options->access;
	if (postgresql_is_location(location))
		err = postgresql_open(
		    location, options, &store->engine, &store->problem);
	else
		err = sqlite_open(
		    location, options, &store->engine, &store->problem);
	if (err == OK)
		err = store_migrate(store, schemas, n_schemas, options);
	if (err != OK) {
		if (problem != NULL)
			*problem = store->problem;
		store_close(store);
		return err;
	}
	*ret = store;
	return OK;
}

void
store_close(struct store *store)
{
	unsigned int i;

	if (store == NULL)
		return;
	if (store->engine != NULL) {
		store_rollback(store);
		store_close_queries(store, 0);
		for (i = 0; i < store->n_prepared; i++)
			store->engine->ops->release(
			    store->engine, &store->prepared[i]);
		store->engine->ops->close(store->engine);
	}
	free(store->prepared);
	free(store);
}

const struct problem *
store_problem(const struct store *store)
{
	return &store->problem;
}

const char *
store_engine(const struct store *store)
{
	return store->engine->ops->name;
}

/* ---- Faults on demand ---- */

void
store_inject(struct store *store, uint64_t nth, enum err err)
{
	store->inject_after = nth;
	store->inject_err = err;
}

bool
store_inject_is_pending(const struct store *store)
{
	return store->inject_after != 0;
}

enum err
store_injected(struct store *store)
{
	if (store->inject_after == 0 || --store->inject_after != 0)
		return OK;
	return problem_set(
	    &store->problem, store->inject_err, "a fault made for a test");
}

/* Would this error have taken the transaction with it? */
static bool
loses_transaction(enum err err)
{
	return err == ERR_FULL || err == ERR_IO || err == ERR_UNREACHABLE;
}

void
store_note_failure(struct store *store, enum err err)
{
	if (!store->in_transaction)
		return;
	store->marks[store->depth].failed = err;
	if (store->depth == 0 || loses_transaction(err) ||
	    store->engine->ops->is_lost(store->engine))
		store->lost = err;
}

/* ---- Transactions ---- */

bool
store_is_open(const struct store *store)
{
	return store->in_transaction;
}

bool
store_has_written(const struct store *store)
{
	return store->marks[0].has_written;
}

unsigned int
store_depth(const struct store *store)
{
	return store->depth;
}

static enum err
why_not(const struct store *store)
{
	if (store->lost != OK)
		return store->lost;
	return store->marks[store->depth].failed;
}

enum err
store_begin(struct store *store)
{
	enum err err;

	if (store->in_transaction)
		store_die(NULL, "a transaction within a transaction");
	store_demand_closed(store, 0);
	err = store->engine->ops->begin(store->engine);
	if (err != OK)
		return err;
	store->in_transaction = true;
	store->bold = store->spoilt = false;
	store->lost = OK;
	store->depth = 0;
	store->marks[0] = (struct mark){.is_set = true};
	return OK;
}

enum err
store_begin_boldly(struct store *store)
{
	enum err err = store_begin(store);

	store->bold = err == OK;
	return err;
}

bool
store_is_spoilt(const struct store *store)
{
	return store->spoilt;
}

void
store_rollback(struct store *store)
{
	if (!store->in_transaction)
		return;
	store_close_queries(store, 0);
	store->engine->ops->rollback(store->engine);
	store->in_transaction = false;
	store->depth = 0;
}

/* The audit rule (see store.h). */
static enum err
check_audit(struct store *store)
{
	const struct mark *mark = &store->marks[store->depth];

	if (mark->personal && !mark->audit)
		return problem_set(&store->problem, ERR_INTERNAL,
		    "personal data was touched without an audit entry");
	return OK;
}

static enum err
commit(struct store *store)
{
	enum err err, injected;

	err = why_not(store);
	if (err == OK)
		err = check_audit(store);
	if (err != OK)
		return err;
	injected = store_injected(store);
	if (injected != OK && injected != ERR_UNCERTAIN)
		return injected;
	err = store->engine->ops->commit(store->engine);
	if (err != OK)
		return err;
	store->in_transaction = false;
	return injected;
}

enum err
store_commit(struct store *store)
{
	enum err err;

	if (!store->in_transaction)
		store_die(NULL, "a commit without a transaction");
	if (store->depth != 0)
		store_die(NULL, "a commit with marks that stand");
	if (store->lost == OK)
		store_demand_closed(store, 0);
	err = commit(store);
	if (err != OK)
		store_rollback(store);
	return err;
}

/* ---- Marks ---- */

enum err
store_mark(struct store *store)
{
	enum err err;

	if (!store->in_transaction)
		store_die(NULL, "a mark without a transaction");
	if (store->depth == STORE_MARKS_MAX)
		store_die(NULL, "more than %d marks", STORE_MARKS_MAX);
	err = why_not(store);
	if (err != OK)
		return err;
	/* The engine is told of the mark once there is something to undo. */
	store->marks[++store->depth] = (struct mark){0};
	return OK;
}

enum err
store_set_marks(struct store *store, bool writes)
{
	struct engine *engine = store->engine;
	unsigned int i;
	enum err err;

	store->marks[store->depth].has_written |= writes;
	if (store->bold)
		return OK;
	if (!writes && !engine->ops->marks_reads)
		return OK;
	for (i = 1; i <= store->depth; i++) {
		if (store->marks[i].is_set)
			continue;
		err = engine->ops->mark(engine, MARK_SET, i);
		if (err != OK)
			return err;
		store->marks[i].is_set = true;
	}
	return OK;
}

enum err
store_keep(struct store *store)
{
	struct mark *mark = &store->marks[store->depth];
	struct engine *engine = store->engine;
	enum err err = why_not(store);

	if (store->depth == 0)
		store_die(NULL, "nothing is marked");
	if (err != OK)
		return err;
	store_demand_closed(store, store->depth);
	if (store->depth == 1)
		err = check_audit(store);
	if (err == OK && mark->is_set)
		err = engine->ops->mark(engine, MARK_KEEP, store->depth);
	if (err != OK) {
		store_note_failure(store, err);
		return err;
	}
	store->depth--;
	mark[-1].has_written |= mark->has_written;
	if (store->depth > 0) {
		mark[-1].personal |= mark->personal;
		mark[-1].audit |= mark->audit;
	}
	return OK;
}

/* The engine was told of no marks, so the changes of this part cannot be told
 * from the rest: all of the transaction is lost. */
static void
spoil(struct store *store)
{
	store->spoilt = true;
	store->lost = problem_set(&store->problem, ERR_BUSY,
	    "a part of the transaction failed; all of it is done again");
}

void
store_undo(struct store *store)
{
	struct mark *mark = &store->marks[store->depth];
	struct engine *engine = store->engine;
	enum err err = OK;

	if (store->depth == 0)
		store_die(NULL, "nothing is marked");
	store_close_queries(store, store->depth);
	if (store->lost == OK && mark->is_set)
		err = engine->ops->mark(engine, MARK_UNDO, store->depth);
	if (err != OK)
		store->lost = err;
	else if (store->lost == OK && store->bold &&
	    (mark->has_written || mark->failed != OK))
		spoil(store);
	store->depth--;
	/* Undoing does not change that personal data was seen. */
	if (store->depth > 0)
		mark[-1].personal |= mark->personal;
}

/* ---- Upkeep ---- */

enum err
store_integrity_check(struct store *store)
{
	return store->engine->ops->integrity_check(store->engine);
}

enum err
store_checkpoint(struct store *store)
{
	if (store->in_transaction)
		store_die(NULL, "a checkpoint within a transaction");
	return store->engine->ops->checkpoint(store->engine);
}

enum err
store_prepare_all(struct store *store)
{
	struct engine *engine = store->engine;
	unsigned int i;
	enum err err;

	for (i = 0; i < store->n_prepared; i++) {
		err = engine->ops->check(engine, &store->prepared[i]);
		if (err != OK)
			return err;
	}
	return OK;
}
