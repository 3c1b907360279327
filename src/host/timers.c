/* The timers of a node's components: when they are due, and their turns. */
#include <assert.h>
#include <string.h>

#include "host/node_internal.h"

/* Turns in one batch of a timer that hurries itself. */
#define TIMER_TURNS 20
/* A patient timer that is later than this waits no longer. */
#define PATIENCE_MS 10000

static size_t
count_timers(const struct timer *timers)
{
	size_t n = 0;

	while (timers != NULL && timers[n].name != NULL)
		n++;

	return n;
}

static void
arm(struct node *node, const struct part *part, const struct timer *timers)
{
	size_t i, n = count_timers(timers);

	for (i = 0; i < n; i++)
		node->timers[node->n_timers++] =
		    (struct timer_state){.timer = &timers[i],
			.part = part,
			.is_patient = timers == part->component->patient_timers,
			.due = node->now};
}

void
timers_arm(struct node *node)
{
	struct part *parts = node->parts;
	size_t i, n = 0;

	for (i = 0; i < node->n_parts; i++)
		n += count_timers(parts[i].component->timers) +
		    count_timers(parts[i].component->patient_timers);
	node->timers = heap_array(n, sizeof(*node->timers));
	for (i = 0; i < node->n_parts; i++)
		arm(node, &parts[i], parts[i].component->timers);
	for (i = 0; i < node->n_parts; i++)
		arm(node, &parts[i], parts[i].component->patient_timers);
}

struct instant
node_next_timer(const struct node *node)
{
	struct instant next = {0};
	size_t i;

	for (i = 0; i < node->n_timers; i++) {
		if (node->timers[i].due.ms == 0)
			continue;
		if (next.ms == 0 || node->timers[i].due.ms < next.ms)
			next = node->timers[i].due;
	}

	return next;
}

/* --- With the batch ------------------------------------------------------ */

void
timers_begin(struct node *node)
{
	size_t i;

	for (i = 0; i < node->n_timers; i++) {
		node->timers[i].ran = false;
		node->timers[i].was = node->timers[i].due;
	}
}

void
timers_forget(struct node *node)
{
	size_t i;

	for (i = 0; i < node->n_timers; i++)
		node->timers[i].due = node->timers[i].was;
}

static void
run_soon(const struct node *node, struct timer_state *state)
{
	if (state->due.ms == 0 || state->due.ms > node->now.ms + AGAIN_MS)
		state->due.ms = node->now.ms + AGAIN_MS;
}

void
timers_repeat(struct node *node)
{
	size_t i;

	for (i = 0; i < node->n_timers; i++) {
		if (node->timers[i].ran)
			run_soon(node, &node->timers[i]);
	}
}

void
timers_hurry(struct node *node, const char *name, struct instant latest)
{
	struct timer_state *end = node->timers + node->n_timers, *t;

	for (t = node->timers; t < end; t++) {
		if (strcmp(t->timer->name, name) != 0)
			continue;
		if (t->due.ms == 0 || instant_is_before(latest, t->due))
			t->due = latest;
		return;
	}
	assert(false && "only timers that a component has are hurried");
}

void
turn_hurry(struct turn *turn, const char *timer)
{
	turn_hurry_within(turn, timer, 0);
}

void
turn_hurry_within(struct turn *turn, const char *timer, int64_t ms)
{
	timers_hurry(turn->node, timer, instant_plus(turn->now, ms));
}

/* --- Turns --------------------------------------------------------------- */

/* A failed timer is tried again after a second, or at its next period. */
static void
run(struct node *node, struct timer_state *state)
{
	struct caller caller = {.role = ROLE_HOST};
	const struct timer *timer = state->timer;
	struct problem problem = {0};
	struct turn turn;
	enum err rc;

	state->due.ms =
	    timer->period_ms > 0 ? node->now.ms + timer->period_ms : 0;
	state->ran = true;
	rc = turn_open(node, &caller, &problem, &turn);
	if (rc == OK) {
		turn.state = state->part->state;
		turn.caller.request =
		    arena_printf(turn.arena, "timer %s", timer->name);
		rc = turn_close(&turn, timer->handle(&turn));
	}
	if (rc == OK)
		return;
	node_note(node, "timer", slice_of(timer->name), &problem);
	run_soon(node, state);
}

static bool
is_due(const struct node *node, const struct timer_state *state)
{
	return state->due.ms != 0 && state->due.ms <= node->now.ms;
}

/*
 * A patient timer has one turn in a batch without other work, so that a
 * request that arrives meanwhile does not wait.  It has no turn in any other
 * batch, unless it is too late already.
 */
static int
turns_of(const struct node *node, const struct timer_state *state)
{
	if (!state->is_patient || node->now.ms - state->due.ms >= PATIENCE_MS)
		return TIMER_TURNS;

	return node->n_turns == 0 ? 1 : 0;
}

void
node_timers(struct node *node)
{
	struct timer_state *end = node->timers + node->n_timers, *t;
	int turns;

	for (t = node->timers; t < end; t++) {
		for (turns = turns_of(node, t); turns > 0 && is_due(node, t);
		     turns--)
			run(node, t);
	}
}

bool
timers_finish(struct node *node)
{
	struct timer_state *end = node->timers + node->n_timers, *t;
	bool more = false;

	for (t = node->timers; t < end; t++) {
		if (!t->is_patient || t->due.ms == 0)
			continue;
		run(node, t);
		more = more || is_due(node, t);
	}

	return more;
}
