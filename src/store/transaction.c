/*
 * Transactions and marks, and the audit rule.
 */
#include "store/engine.h"

/* ---- Failures ---- */

enum err
store_injected(struct store *store)
{
	return store->inject != NULL ? store->inject(store) : OK;
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
	if (store->rows.is_lost)
		err = store->rows.load(store);
	if (err != OK)
		store_rollback(store);
	return err;
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
	rows_end_transaction(&store->rows, ERR_BUSY);
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
	if (store->rows.write != NULL)
		err = store->rows.write(store);
	if (err == OK)
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
	rows_end_transaction(&store->rows, err);
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
	store->marks[++store->depth] =
	    (struct mark){.n_changes = store->rows.n_changes};
	return OK;
}

enum err
store_set_marks(struct store *store, const struct statement *statement)
{
	struct engine *engine = store->engine;
	unsigned int i;
	enum err err;

	store->marks[store->depth].has_written |= statement->writes;
	if (store->bold)
		return OK;
	if (!statement->writes && !engine->ops->marks_reads)
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
	mark[-1].has_audited |= mark->has_audited;
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
	rows_back(&store->rows, mark->n_changes);
	store->depth--;
	/* Undoing does not change that personal data was seen. */
	if (store->depth > 0)
		mark[-1].personal |= mark->personal;
}
