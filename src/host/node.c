#include "host/node.h"

#include <stdlib.h>

#include "host/node_internal.h"
#include "host_rows.h"

#define CLOCK_SLACK_MS (60 * 1000)

/*
 * A clock that was set back would date new records before old ones, so the
 * node does not start on one.
 */
static enum err
check_clock(struct node *node, struct problem *problem)
{
	char clock[INSTANT_TEXT_MAX], newest[INSTANT_TEXT_MAX];
	struct instant last = {0};
	struct query q;
	enum err rc;

	store_query(node->store, HOST_AUDIT_LAST, &q);
	rc = query_step(&q);
	if (rc == OK)
		last.ms = column_int(&q, "at");
	query_done(&q);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (node->now.ms >= last.ms - CLOCK_SLACK_MS)
		return OK;
	instant_format(node->now, clock);
	instant_format(last, newest);

	return problem_set(problem, ERR_CONFLICT,
	    "the clock says %s, but the newest record of %s is of %s: if the "
	    "clock is wrong, set it right and start again; if it was ahead "
	    "when that was written, start with --clock-was-ahead",
	    clock, node->id.text, newest);
}

/* Messages that were put off by a clock that was ahead are due. */
static enum err
release_messages(struct node *node, struct problem *problem)
{
	TRY(node_begin(node, node->now));
	TRY(host_outbox_release(node->store, node->now));

	return node_commit(node, problem);
}

/* `k` may be NULL. */
static enum err
sign_with(
    struct node *node, const struct stored_key *k, struct problem *problem)
{
	struct signing_key *key;

	if (k == NULL || signing_key_decode(k->secret, &key))
		return problem_set(problem, ERR_CRYPTO,
		    "the key store of %s holds no signing key", node->id.text);
	signing_key_free(node->signing);
	node->signing = key;

	return OK;
}

/* 0: the newest. */
static const struct stored_key *
signing_epoch(const struct keystore *keys, uint32_t epoch)
{
	return epoch != 0 ? keystore_epoch(keys, "sign", epoch)
			  : keystore_current(keys, "sign");
}

enum err
node_use_keys(struct node *node, const struct keystore *keys, uint32_t epoch,
    struct problem *problem)
{
	TRY(sign_with(node, signing_epoch(keys, epoch), problem));
	node->keys = keys;

	return OK;
}

/* The start's own turns: each is a batch, and may read and write. */
static enum err
open_turn(struct node *node, struct problem *problem, struct turn *ret)
{
	struct caller caller = {.role = ROLE_HOST, .request = SLICE("start")};
	enum err rc = node_begin(node, node->now);

	if (rc)
		return problem_set(problem, rc,
		    "the database of %s takes no work", node->id.text);
	rc = turn_open(node, &caller, problem, ret);
	if (rc)
		store_rollback(node->store);

	return rc;
}

static enum err
end_turn(struct turn *turn, enum err rc, struct problem *problem)
{
	rc = turn_close(turn, rc);
	if (rc == OK)
		return node_commit(turn->node, problem);
	store_rollback(turn->node->store);

	return rc;
}

static enum err
start(struct node *node, struct part *part, struct problem *problem)
{
	struct turn turn;

	if (part->component->start == NULL)
		return OK;
	TRY(open_turn(node, problem, &turn));

	return end_turn(
	    &turn, part->component->start(&turn, &part->state), problem);
}

static enum err
identify(
    struct node *node, const struct adoption *adoption, struct problem *problem)
{
	struct turn turn;

	TRY(open_turn(node, problem, &turn));

	return end_turn(&turn, identity_check(&turn, adoption), problem);
}

/* The start is complete, or the node stops. */
static enum err
renew_mark(struct node *node, struct problem *problem)
{
	struct turn turn;

	TRY(open_turn(node, problem, &turn));

	return end_turn(&turn, mark_renew(&turn), problem);
}

static void
add_part(struct node *node, const struct component *component)
{
	node->parts =
	    heap_grow(node->parts, node->n_parts + 1, sizeof(*node->parts));
	node->parts[node->n_parts++] = (struct part){.component = component};
}

static struct node *
node_new(const struct node_options *options)
{
	const struct component *const *c = options->system->components;
	struct node *node = heap_array(1, sizeof(*node));

	node->system = options->system;
	node->id = options->id;
	node->keys = options->keys;
	node->settings = options->settings;
	node->random = options->random;
	node->guesses = guesses_new();
	node->now = options->now;
	node->log = options->log;
	node->log_state = options->log_state;
	node->place = options->place;
	node->adoption = &options->adoption;
	node->database =
	    options->place != NULL && options->place->database != NULL
	    ? options->place->database
	    : options->database;
	node->backlogs.bound = backlog_bound(node_setting(node, "outbox_mib"));
	node->arena = arena_new();
	node->batch = arena_new();
	buf_init(&node->wakes);
	for (; *c != NULL; c++)
		add_part(node, *c);
	add_part(node, &options->system->component);

	return node;
}

/* The text of the refusal if the database is missing or empty although it has
 * worked, in `ret`; NULL if it may be. */
static const char *
if_lost(const struct node *node, const struct node_options *options,
    struct buf *ret)
{
	const char *never = options->system->never_empty;

	if (!node->worked_before ||
	    (options->adoption.what == ADOPT_EMPTY && never == NULL))
		return NULL;
	mark_lost(node->place, &node->id, ret);
	if (options->adoption.what == ADOPT_EMPTY)
		buf_printf(ret, "; which %s refuses: %s", node->id.text, never);

	return ret->data;
}

static enum err
open_store(struct node *node, const struct node_options *options,
    struct problem *problem)
{
	struct store_options so = {
	    .now = options->now, .cache_kib = options->cache_kib};
	struct buf lost;
	enum err rc = mark_load(node, problem);

	if (rc)
		return rc;
	buf_init(&lost);
	so.if_lost = if_lost(node, options, &lost);
	rc = system_open_store(
	    options->system, options->database, &so, &node->store, problem);
	buf_done(&lost);

	return rc;
}

enum err
node_open(const struct node_options *options, struct node **ret,
    struct problem *problem)
{
	struct node *node = node_new(options);
	enum err rc;
	size_t i;

	rc = open_store(node, options, problem);
	if (rc == OK)
		rc = sign_with(node,
		    signing_epoch(node->keys, options->sign_epoch), problem);
	if (rc == OK && !options->clock_was_ahead)
		rc = check_clock(node, problem);
	if (rc == OK)
		rc = directory_load(node->store, &node->directory, problem);
	if (rc == OK)
		rc = backlogs_load(node);
	if (rc == OK)
		timers_arm(node); /* before the first commit, which may fail */
	if (rc == OK)
		rc = identify(node, &options->adoption, problem);
	if (rc == OK && options->clock_was_ahead)
		rc = release_messages(node, problem);
	for (i = 0; rc == OK && i < node->n_parts; i++)
		rc = start(node, &node->parts[i], problem);
	if (rc == OK)
		rc = renew_mark(node, problem);
	if (rc) {
		node_close(node);
		return rc;
	}
	node->database = NULL;
	node->adoption = NULL;
	*ret = node;

	return OK;
}

void
node_close(struct node *node)
{
	struct part *part;

	if (node == NULL)
		return;
	while (node->n_parts > 0) {
		part = &node->parts[--node->n_parts];
		if (part->component->stop != NULL && part->state != NULL)
			part->component->stop(part->state);
	}
	free(node->parts);
	directory_free(node->directory);
	store_close(node->store);
	signing_key_free(node->signing);
	arena_free(node->arena);
	arena_free(node->batch);
	buf_done(&node->wakes);
	backlogs_done(&node->backlogs);
	free(node->timers);
	free(node->forgotten);
	guesses_free(node->guesses);
	free(node);
}

void
node_finish(struct node *node, struct instant now)
{
	struct problem problem = {0};
	bool more = true;

	while (more && node_begin(node, now) == OK) {
		more = timers_finish(node);
		if (node_commit(node, &problem))
			return;
	}
	if (renew_mark(node, &problem))
		node_note(node, "mark", SLICE("not renewed"), &problem);
}

const struct system_id *
node_id(const struct node *node)
{
	return &node->id;
}

void
node_note_surroundings(struct node *node, const struct surroundings *around)
{
	node->around = *around;
}

void
node_note_sandbox(struct node *node, const char *text)
{
	snprintf(node->sandbox, sizeof(node->sandbox), "%s", text);
}

void
node_note_ends(struct node *node, const struct node_ends *ends)
{
	node->ends = *ends;
}

struct store *
node_store(struct node *node)
{
	return node->store;
}
