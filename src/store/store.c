#include "store/store.h"

#include <stdlib.h>

#include "base/arena.h"
#include "store/engine.h"
#include "store_statements.h"

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

void
store_files(const char *location, void (*tell)(void *state, const char *path),
    void *state)
{
	if (postgresql_is_location(location))
		postgresql_files(location, tell, state);
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
	rows_init(&store->rows, schemas, n_schemas);
	return store;
}

static enum err
open_engine(struct store *store, const char *location,
    const struct store_options *options)
{
	if (postgresql_is_location(location))
		return postgresql_open(
		    location, options, &store->engine, &store->problem);

	return sqlite_open(location, options, &store->engine, &store->problem);
}

static enum err
watch_rows(struct store *store)
{
	TRY(rows_load(store));
	store->rows.load = rows_load;
	store->rows.write = rows_store;
	if (store->access == STORE_READ)
		return OK;

	return store->engine->ops->watch_rows(store->engine, &store->rows);
}

/* Say which file it was; a location on a server may hold a password. */
static void
name_file(const char *location, struct problem *problem)
{
	struct problem old = *problem;

	if (postgresql_is_location(location))
		return;
	(void)!problem_set(problem, old.err, "%s: %s", location, old.text);
	problem_detail(problem, "%s", old.detail);
}

enum err
store_open(const char *location, const struct schema *const *schemas,
    unsigned int n_schemas, const struct store_options *options,
    struct store **ret, struct problem *problem)
{
	struct store *store = store_new(schemas, n_schemas);
	enum err err;

	store->access = options->access;
	err = open_engine(store, location, options);
	if (err == OK)
		err = store_migrate(store, schemas, n_schemas, options);
	if (err == OK)
		err = watch_rows(store);
	if (err != OK) {
		name_file(location, &store->problem);
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
	rows_done(&store->rows);
	free(store->prepared);
	free(store);
}

const struct problem *
store_problem(const struct store *store)
{
	return &store->problem;
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
