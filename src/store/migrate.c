/*
 * Bring a database up to date: forward only, a transaction for each step.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "store/engine.h"
#include "store_statements.h"

static enum err
exec_migration(struct store *store, const struct migration *m)
{
	bool sqlite = strcmp(store->engine->ops->name, "sqlite") == 0;

	return store->engine->ops->exec(
	    store->engine, sqlite ? m->sqlite : m->postgresql);
}

/* One migration, in a transaction that the caller opens and closes. */
static enum err
apply(struct store *store, const struct schema *schema,
    const struct migration *m, struct instant now)
{
	struct query q;
	enum err err = exec_migration(store, m);

	if (err != OK)
		return err;
	store_query_any(store, STORE_MIGRATION_PUT, &q);
	query_text(&q, "component", slice_of(schema->name));
	query_int(&q, "number", m->number);
	query_int(&q, "applied_at", now.ms);
	return query_run(&q);
}

static void
name_migration(
    struct store *store, const struct schema *schema, const struct migration *m)
{
	struct problem engine = store->problem;

	problem_detail(&store->problem, "migration %d of %s (%s): %s",
	    m->number, schema->name, m->title, engine.detail);
}

static enum err
apply_all(struct store *store, const struct schema *schema,
    unsigned int n_applied, struct instant now)
{
	const struct migration *m;
	unsigned int i;
	enum err err = OK;

	for (i = n_applied; err == OK && i < schema->n_migrations; i++) {
		m = &schema->migrations[i];
		err = store_begin(store);
		if (err != OK)
			return err;
		err = apply(store, schema, m, now);
		if (err == OK)
			err = store_commit(store);
		else
			store_rollback(store);
		if (err != OK)
			name_migration(store, schema, m);
	}
	return err;
}

static enum err
check_component(struct store *store, const struct schema *schema,
    int64_t applied, int64_t newest)
{
	if (newest > schema->n_migrations)
		return problem_set(&store->problem, ERR_CONFLICT,
		    "the database is newer than this program: %s is at %lld, "
		    "the program knows %u; use the newer program",
		    schema->name, (long long)newest, schema->n_migrations);
	if (newest != applied)
		return problem_set(&store->problem, ERR_CORRUPT,
		    "the database lacks a migration of %s", schema->name);
	return OK;
}

/* Tables that the program does not know.  Where those of the last schema, the
 * system itself, are there too, a newer program added them. */
static enum err
unknown_tables(struct store *store, const char *component, bool is_ours)
{
	if (is_ours)
		return problem_set(&store->problem, ERR_CONFLICT,
		    "the database is newer than this program, which does not "
		    "know the tables of %s; use the newer program",
		    component);
	return problem_set(&store->problem, ERR_CONFLICT,
	    "the database is another system's: it holds the tables of %s",
	    component);
}

/* How many migrations each schema has behind it. */
static enum err
read_applied(struct store *store, const struct schema *const *schemas,
    unsigned int n_schemas, unsigned int *ret)
{
	char *unknown = NULL;
	struct query q;
	unsigned int i;
	enum err err;

	store_query_any(store, STORE_MIGRATIONS, &q);
	while ((err = query_step(&q)) == OK) {
		struct slice component = column_text(&q, "component");
		int64_t applied = column_int(&q, "applied");

		for (i = 0; i < n_schemas; i++)
			if (slice_equal_string(component, schemas[i]->name))
				break;
		if (i == n_schemas) {
			free(unknown);
			unknown = heap_string(component);
			continue;
		}
		err = check_component(
		    store, schemas[i], applied, column_int(&q, "newest"));
		if (err != OK)
			break;
		ret[i] = (unsigned int)applied;
	}
	query_done(&q);
	if (err == ERR_NOT_FOUND)
		err = unknown == NULL
		    ? OK
		    : unknown_tables(store, unknown, ret[n_schemas - 1] > 0);
	free(unknown);
	return err;
}

static enum err
make_migration_table(struct store *store)
{
	enum err err = store_begin(store);

	if (err != OK)
		return err;
	err = exec_migration(store, &store_schema.migrations[0]);
	if (err == OK)
		return store_commit(store);
	store_rollback(store);
	return err;
}

static enum err
demand_current(
    struct store *store, const struct schema *schema, unsigned int n_applied)
{
	if (n_applied == schema->n_migrations)
		return OK;
	return problem_set(&store->problem, ERR_CONFLICT,
	    "the database is older than this program: start its system once "
	    "with this program, which brings the database up to date");
}

/* A database that was filled before must not be made anew in silence. */
static enum err
demand_filled(struct store *store, const unsigned int *applied, unsigned int n,
    const char *if_lost)
{
	unsigned int i;

	if (if_lost == NULL)
		return OK;
	for (i = 0; i < n; i++) {
		if (applied[i] > 0)
			return OK;
	}

	return problem_set(&store->problem, ERR_CORRUPT, "%s", if_lost);
}

/* Whether a database that is in use is to be migrated. */
static bool
is_behind(const struct schema *const *schemas, unsigned int n_schemas,
    const unsigned int *applied)
{
	bool is_used = false, is_behind = false;
	unsigned int i;

	for (i = 0; i < n_schemas; i++) {
		is_used |= applied[i] > 0;
		is_behind |= applied[i] < schemas[i]->n_migrations;
	}

	return is_used && is_behind;
}

enum err
store_migrate(struct store *store, const struct schema *const *schemas,
    unsigned int n_schemas, const struct store_options *options)
{
	unsigned int *applied = heap_array(n_schemas, sizeof(*applied));
	unsigned int i;
	enum err err = OK;

	memset(applied, 0, n_schemas * sizeof(*applied));
	if (store->access == STORE_WRITE)
		err = make_migration_table(store);
	if (err == OK)
		err = read_applied(store, schemas, n_schemas, applied);
	if (err == OK)
		err =
		    demand_filled(store, applied, n_schemas, options->if_lost);
	if (err == OK && store->access == STORE_WRITE &&
	    is_behind(schemas, n_schemas, applied))
		err = rows_check(store);
	for (i = 0; err == OK && i < n_schemas; i++) {
		if (store->access == STORE_WRITE)
			err = apply_all(
			    store, schemas[i], applied[i], options->now);
		else
			err = demand_current(store, schemas[i], applied[i]);
	}
	free(applied);
	return err;
}
