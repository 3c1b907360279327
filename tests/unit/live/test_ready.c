/* In whose turn requests are worked off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "live/live_internal.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Named by a letter: the peer with that key, or from that address. */
struct sample {
	struct work work;
	struct http_call request;
};

static void
make(struct sample *s, const char *peer)
{
	memset(s, 0, sizeof(*s));
	s->work.call = &s->request;
	s->request.has_certificate = peer[0] < 'a';
	memset(
	    &s->request.fingerprint, peer[0], sizeof(s->request.fingerprint));
	s->request.remote = slice_of(peer);
}

/* Add them in this order; `expected` names the turns. */
static void
assert_turns(const char *const *peers, size_t n, const char *expected)
{
	struct sample all[16];
	struct ready ready = {0};
	struct work *w;
	char got[17] = "";
	size_t i;

	assert_true(n <= COUNT(all));
	for (i = 0; i < n; i++) {
		make(&all[i], peers[i]);
		ready_add(&ready, &all[i].work);
	}
	assert_int_equal(ready.n, n);
	for (i = 0, w = ready_take(&ready); w != NULL; w = w->next)
		got[i++] = w->call->remote.data[0];
	assert_string_equal(got, expected);
	assert_int_equal(ready.n, 0);
	assert_null(ready_take(&ready));
}

static void
one_peers_requests_stay_in_order(void **state)
{
	static const char *const peers[] = {"A:1", "A:2", "A:3"};
	struct sample all[3];
	struct ready ready = {0};
	size_t i;

	(void)state;
	assert_turns(peers, COUNT(peers), "AAA");
	for (i = 0; i < COUNT(all); i++) {
		make(&all[i], peers[i]);
		ready_add(&ready, &all[i].work);
	}
	assert_ptr_equal(ready.first, &all[0].work);
	assert_ptr_equal(ready.first->next, &all[1].work);
	assert_ptr_equal(ready_take_last(&ready), &all[2].work);
}

static void
who_asks_much_waits_and_not_the_others(void **state)
{
	static const char *const peers[] = {
	    "A:1", "A:2", "A:3", "B:1", "B:2", "C:1"};
	static const char *const strangers[] = {
	    "a:1", "a:2", "b:1", "a:3", "B:1"};

	(void)state;
	assert_turns(peers, COUNT(peers), "ABCABA");
	/* Without a certificate the address counts, not the port. */
	assert_turns(strangers, COUNT(strangers), "abBaa");
}

static void
what_is_put_back_comes_before_what_is_new(void **state)
{
	struct sample a1, a2, a3, b;
	struct ready ready = {0};
	struct work *list;

	(void)state;
	make(&a1, "A:1");
	make(&a2, "A:2");
	make(&a3, "A:3");
	make(&b, "B:1");
	ready_add(&ready, &a1.work);
	ready_add(&ready, &a2.work);
	ready_add(&ready, &a3.work);
	list = ready_take(&ready);
	ready_put_back(&ready, list->next);
	assert_int_equal(ready.n, 2);
	ready_add(&ready, &b.work);
	list = ready_take(&ready);
	/* a2 waited for this turn already; b is before a3. */
	assert_ptr_equal(list, &a2.work);
	assert_ptr_equal(list->next, &b.work);
	assert_ptr_equal(list->next->next, &a3.work);
}

static void
who_has_most_is_last(void **state)
{
	struct sample a[3], b, after;
	struct ready ready = {0};
	size_t i;

	(void)state;
	assert_null(ready_take_last(&ready));
	for (i = 0; i < COUNT(a); i++) {
		make(&a[i], "A:1");
		ready_add(&ready, &a[i].work);
	}
	make(&b, "B:1");
	ready_add(&ready, &b.work);
	assert_ptr_equal(ready_take_last(&ready), &a[2].work);
	/* The request of who is gone is gone too. */
	a[1].work.gone = true;
	a[1].work.call = NULL;
	make(&after, "A:1");
	ready_add(&ready, &after.work);
	assert_ptr_equal(ready_take_last(&ready), &after.work);
	assert_ptr_equal(ready_take_last(&ready), &a[1].work);
	assert_int_equal(ready.n, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_peers_requests_stay_in_order),
	    cmocka_unit_test(who_asks_much_waits_and_not_the_others),
	    cmocka_unit_test(what_is_put_back_comes_before_what_is_new),
	    cmocka_unit_test(who_has_most_is_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
