#include "host/guesses.h"

#include <stdlib.h>

#include "base/bug.h"

#define WAYS 4
#define SETS 4096 /* together 16,384 networks, 256 KiB */

/* A network that has missed, and the instant at which its share is whole again,
 * GUESSES_EVERY_MS later with each miss; 0: the place is free. */
struct guesser {
	uint64_t network;
	int64_t whole_ms;
};

struct guesses {
	uint64_t seed; /* so that nobody chooses networks that share places */
	struct guesser all[SETS][WAYS];
};

struct guesses *
guesses_new(void)
{
	/* Not the node's, whose numbers decide what a simulation does. */
	const struct random random = random_system();
	struct guesses *g = heap_array(1, sizeof(*g));

	g->seed = random_u64(&random);

	return g;
}

void
guesses_free(struct guesses *guesses)
{
	free(guesses);
}

/* Whether a call counts at all, and for which network. */
static bool
counts(const struct route *route, const struct http_call *call, uint64_t *ret)
{
	if (!route->guessed || call->has_certificate ||
	    !http_call_network(call, ret) || bug_is(BUG_ADDRESS_ENDLESS))
		return false;
	if (bug_is(BUG_ADDRESS_SHARED))
		*ret = 0;

	return true;
}

/* The places that a network may have. */
static size_t
set_of(const struct guesses *g, uint64_t network)
{
	uint64_t mixed = (network ^ g->seed) * UINT64_C(0x9e3779b97f4a7c15);

	return mixed >> 52; /* 12 bits: SETS */
}

bool
guesses_allow(const struct guesses *guesses, const struct route *route,
    const struct http_call *call, struct instant now)
{
	const struct guesser *set;
	uint64_t network;
	size_t i;

	if (!counts(route, call, &network))
		return true;
	set = guesses->all[set_of(guesses, network)];
	for (i = 0; i < WAYS; i++) {
		if (set[i].network == network)
			return set[i].whole_ms <=
			    now.ms + (GUESSES_MAX - 1) * GUESSES_EVERY_MS;
	}

	return true;
}

/* The place of a network; otherwise the one that is nearest to being free. */
static struct guesser *
place_of(struct guesses *g, uint64_t network)
{
	struct guesser *set = g->all[set_of(g, network)], *least = set;
	size_t i;

	for (i = 0; i < WAYS; i++) {
		if (set[i].whole_ms != 0 && set[i].network == network)
			return &set[i];
		if (set[i].whole_ms < least->whole_ms)
			least = &set[i];
	}
	*least = (struct guesser){.network = network};

	return least;
}

/* The misses that an answer adds.  A guess was looked up when it begins to wait,
 * and its caller may never come for the answer: it counts at once. */
static int
misses_of(const struct http_call *call, int status)
{
	bool is_miss = status == 0 || status == 401 || status == 404;

	if (call->resumed)
		return is_miss ? 0 : -1;
	if (status == 0 && bug_is(BUG_WAITING_GUESS))
		return 0;

	return is_miss ? 1 : 0;
}

void
guesses_note(struct guesses *guesses, const struct route *route,
    const struct http_call *call, int status, struct instant now)
{
	int misses = misses_of(call, status);
	struct guesser *who;
	uint64_t network;

	if (misses == 0 || !counts(route, call, &network))
		return;
	who = place_of(guesses, network);
	if (who->whole_ms < now.ms)
		who->whole_ms = now.ms;
	who->whole_ms += misses * GUESSES_EVERY_MS;
	if (who->whole_ms > now.ms + GUESSES_MAX * GUESSES_EVERY_MS)
		who->whole_ms = now.ms + GUESSES_MAX * GUESSES_EVERY_MS;
}
