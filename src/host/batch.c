/* Batches of turns: begin, repeat, commit and undo them. */
#include <string.h>

#include "base/bug.h"
#include "base/secret.h"
#include "host/node_internal.h"

static void
note_beginning(struct node *node, struct instant now)
{
	/* Within a run time never goes back, even if the clock does. */
	if (instant_is_before(node->now, now))
		node->now = now;
	timers_begin(node);
	node->n_before = node->n;
	node->n_turns = 0;
	node->sheet.n = 0;
	arena_reset(node->batch);
}

enum err
node_begin(struct node *node, struct instant now)
{
	note_beginning(node, now);

	return store_begin(node->store);
}

/* Forget the open batch, as if it had never begun. */
static void
forget_batch(struct node *node)
{
	store_rollback(node->store);
	timers_forget(node);
	node->n = node->n_before;
	node->sheet.n = 0;
	backlogs_undo(&node->backlogs, 0);
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
	node->is_renewed = false;
}

enum err
node_perform(struct node *node, struct instant now, void (*work)(void *state),
    void *state)
{
	enum err rc;

	note_beginning(node, now);
	rc = store_begin_boldly(node->store);
	if (rc)
		return rc;
	work(state);
	if (!store_is_spoilt(node->store))
		return OK;
	node->n_repeated++;
	forget_batch(node);
	rc = node_begin(node, now);
	if (rc)
		return rc;
	work(state);

	return OK;
}

/* The turns are over: nothing of them stays in memory (decision 0032). */
static void
forget_turns(struct node *node)
{
	arena_reset(node->arena);
	secret_wipe_stack();
}

/* Without its signature no question leaves. */
static enum err
commit(struct node *node)
{
	enum err rc = sheet_close(node, node->batch);

	if (rc == OK)
		rc = node_enter_change(node);
	if (rc == OK)
		return store_commit(node->store);
	store_rollback(node->store);

	return rc;
}

enum err
node_commit(struct node *node, struct problem *problem)
{
	enum err rc = commit(node);
	size_t i;

	forget_turns(node);
	node->n_batches++;
	mark_committed(node, rc);
	if (store_has_written(node->store))
		node->last_write = rc;
	if (rc == OK)
		backlogs_keep(&node->backlogs);
	else
		backlogs_undo(&node->backlogs, 0);
	if (rc == OK || bug_is(BUG_COMMIT_UNCHECKED))
		return OK;
	if (node->last_write != OK)
		timers_hurry(
		    node, TIMER_WRITE, instant_plus(node->now, AGAIN_MS));
	/* The timers' work is undone: run them soon.  Receipts of the batch
	 * are unsettled again. */
	timers_repeat(node);
	for (i = 0; i < node->directory->n_peers; i++)
		node->directory->peers[i].due.ms = 1;
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
	*problem = *store_problem(node->store);
	problem_complete(problem, rc);

	return rc;
}

enum err
node_last_write(const struct node *node)
{
	return node->last_write;
}

void
node_abort(struct node *node)
{
	backlogs_undo(&node->backlogs, 0);
	counts_forget(&node->counts);
	buf_clear(&node->wakes);
	store_rollback(node->store);
	node->is_renewed = false;
	forget_turns(node);
}

/* --- Wakes --------------------------------------------------------------- */

void
node_show_wakes(const struct node *node,
    void (*each)(void *state, const char *key), void *state)
{
	const struct buf *wakes = &node->wakes;
	size_t at;

	for (at = 0; at < wakes->len; at += strlen(wakes->data + at) + 1)
		each(state, wakes->data + at);
}

void
node_take_wakes(
    struct node *node, void (*each)(void *state, const char *key), void *state)
{
	node_show_wakes(node, each, state);
	buf_clear(&node->wakes);
}
