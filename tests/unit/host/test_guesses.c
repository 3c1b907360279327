/* Strangers guess so often from one network, and do not stand in each other's
 * way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/bug.h"
#include "host/guesses.h"

#define HERE "192.0.2.1:1024"
#define THERE "192.0.2.2:1024"
#define NETWORKS 100000

static const struct route guessed = {.guessed = true}, other = {0};
static const struct instant start = {1000000};

static struct http_call
from(const char *remote)
{
	return (struct http_call){.remote = slice_of(remote)};
}

static bool
may(const struct guesses *g, const char *remote, struct instant now)
{
	struct http_call call = from(remote);

	return guesses_allow(g, &guessed, &call, now);
}

static void
miss(struct guesses *g, const char *remote, int times, struct instant now)
{
	struct http_call call = from(remote);
	int i;

	for (i = 0; i < times; i++)
		guesses_note(g, &guessed, &call, i % 2 ? 401 : 404, now);
}

static void
a_network_misses_so_often_and_then_waits(void **state)
{
	struct guesses *g = guesses_new();
	struct instant later = instant_plus(start, GUESSES_EVERY_MS);

	(void)state;
	miss(g, HERE, GUESSES_MAX - 1, start);
	assert_true(may(g, HERE, start));
	miss(g, HERE, 1, start);
	assert_false(may(g, HERE, start));
	assert_false(may(g, HERE, instant_plus(later, -1)));
	assert_true(may(g, HERE, later));
	miss(g, HERE, 1, later);
	assert_false(may(g, HERE, later));
	assert_true(
	    may(g, HERE, instant_plus(later, GUESSES_MAX * GUESSES_EVERY_MS)));
	guesses_free(g);
}

/* However much it missed. */
static void
a_network_never_waits_longer_for_another_guess(void **state)
{
	struct guesses *g = guesses_new();

	(void)state;
	miss(g, HERE, 100 * GUESSES_MAX, start);
	assert_false(may(g, HERE, instant_plus(start, GUESSES_EVERY_MS - 1)));
	assert_true(may(g, HERE, instant_plus(start, GUESSES_EVERY_MS)));
	guesses_free(g);
}

/* So many guesses begin to wait, and their callers leave. */
static void
begin_to_wait(struct guesses *g, int times)
{
	struct http_call call = from(HERE);
	int i;

	for (i = 0; i < times; i++)
		guesses_note(g, &guessed, &call, 0, start);
}

static void
a_guess_that_waits_counts_at_once(void **state)
{
	struct guesses *g = guesses_new();

	(void)state;
	if (bug_is_possible()) {
		bug_set(BUG_WAITING_GUESS);
		begin_to_wait(g, GUESSES_MAX);
		assert_true(may(g, HERE, start));
		bug_set(BUG_NONE);
	}
	begin_to_wait(g, GUESSES_MAX - 1);
	assert_true(may(g, HERE, start));
	begin_to_wait(g, 1);
	assert_false(may(g, HERE, start));
	guesses_free(g);
}

/* It is woken, waits again, and is answered at last. */
static void
a_guess_that_waited_counts_once_and_a_right_one_not_at_all(void **state)
{
	struct guesses *g = guesses_new();
	struct http_call call = from(HERE);

	(void)state;
	begin_to_wait(g, GUESSES_MAX);
	call.resumed = true;
	guesses_note(g, &guessed, &call, 0, start);
	guesses_note(g, &guessed, &call, 404, start);
	assert_false(may(g, HERE, start));
	guesses_note(g, &guessed, &call, 201, start);
	assert_true(may(g, HERE, start));
	begin_to_wait(g, 1);
	assert_false(may(g, HERE, start));
	guesses_free(g);
}

static void
a_network_misses_for_itself_alone(void **state)
{
	struct guesses *g = guesses_new();

	(void)state;
	miss(g, HERE, 10 * GUESSES_MAX, start);
	assert_false(may(g, HERE, start));
	assert_true(may(g, THERE, start));
	assert_true(may(g, "[2001:db8::c000:201]:1024", start));
	if (bug_is_possible()) {
		bug_set(BUG_ADDRESS_SHARED);
		miss(g, HERE, 10 * GUESSES_MAX, start);
		assert_false(may(g, THERE, start));
		bug_set(BUG_ADDRESS_ENDLESS);
		assert_true(may(g, HERE, start));
		bug_set(BUG_NONE);
	}
	guesses_free(g);
}

static void
a_site_of_ipv6_is_one_network(void **state)
{
	struct guesses *g = guesses_new();

	(void)state;
	miss(g, "[2001:db8:1:100::1]:1024", GUESSES_MAX, start);
	assert_false(may(g, "[2001:db8:1:1ff:2::3]:9", start));
	assert_true(may(g, "[2001:db8:1:200::1]:1024", start));
	guesses_free(g);
}

static void
only_misses_of_strangers_at_such_routes_count(void **state)
{
	struct guesses *g = guesses_new();
	struct http_call call = from(HERE), known = call;
	static const int statuses[] = {201, 400, 403, 409, 503};
	size_t i;
	int n;

	(void)state;
	known.has_certificate = true;
	for (n = 0; n < 2 * GUESSES_MAX; n++) {
		for (i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
			guesses_note(g, &guessed, &call, statuses[i], start);
		guesses_note(g, &other, &call, 404, start);
		guesses_note(g, &guessed, &known, 404, start);
	}
	assert_true(may(g, HERE, start));
	miss(g, HERE, GUESSES_MAX, start);
	assert_true(guesses_allow(g, &other, &call, start));
	assert_true(guesses_allow(g, &guessed, &known, start));
	guesses_free(g);
}

/* The table is bounded: whoever has missed least is forgotten. */
static void
many_networks_refuse_nobody_who_has_not_missed(void **state)
{
	struct guesses *g = guesses_new();
	char remote[32];
	int i;

	(void)state;
	miss(g, HERE, GUESSES_MAX, start);
	for (i = 0; i < NETWORKS; i++) {
		snprintf(remote, sizeof(remote), "10.%d.%d.%d:1", i >> 16,
		    i >> 8 & 255, i & 255);
		assert_true(may(g, remote, start));
		miss(g, remote, 1, start);
	}
	assert_true(may(g, THERE, start));
	assert_false(may(g, HERE, start));
	guesses_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_network_misses_so_often_and_then_waits),
	    cmocka_unit_test(a_network_never_waits_longer_for_another_guess),
	    cmocka_unit_test(a_guess_that_waits_counts_at_once),
	    cmocka_unit_test(
		a_guess_that_waited_counts_once_and_a_right_one_not_at_all),
	    cmocka_unit_test(a_network_misses_for_itself_alone),
	    cmocka_unit_test(a_site_of_ipv6_is_one_network),
	    cmocka_unit_test(only_misses_of_strangers_at_such_routes_count),
	    cmocka_unit_test(many_networks_refuse_nobody_who_has_not_missed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
