/*
 * Every route of every system, from the tables: a holder who has all duties but
 * the one that the route names is refused, and so is one of another
 * organisation; a holder of that duty alone is let in.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "base/file.h"
#include "nation/systems.h"
#include "tests/support/scratch.h"
#include "virtual/simulated.h"

#define START ((struct instant){1795219200000})
#define COMMISSION "ppc"

static const struct setting settings[] = {
    {"organisation.city", "1 municipality 新宿区"},
    {"commission", COMMISSION},
    {0},
};

/* A node of each kind of system, one after another. */
struct bench {
	struct simulation *sim;
	struct node *node;
	const struct system *system;
};

static void
bench_open(struct bench *b, const struct system *system)
{
	struct problem problem = {0};
	struct buf id;

	buf_init(&id);
	buf_printf(&id, "city/%s", system->component.name);
	b->system = system;
	if (simulation_new(
		1, scratch_folder(), NULL, START, &b->sim, &problem) ||
	    simulation_add(b->sim, system, id.data, settings, &problem))
		fail_msg("%s: %s", id.data, problem.text);
	b->node = simulation_node(b->sim, id.data);
	buf_done(&id);
}

static void
bench_close(struct bench *b)
{
	simulation_free(b->sim);
}

static struct fingerprint
certificate(void)
{
	return (struct fingerprint){digest_of(SLICE("somebody"))};
}

/* The only holder of the node. */
static void
set_holder(struct bench *b, const char *organisation, uint64_t duties)
{
	const struct holder holder = {.fingerprint = certificate(),
	    .organisation = slice_of(organisation),
	    .name = SLICE("山田花子"),
	    .duties = duties,
	    .until.ms = INT64_MAX};
	struct problem problem = {0};

	assert_int_equal(
	    node_set_holders(b->node, &holder, 1, START, &problem), OK);
}

/* The path of a route with something in the place of {name}. */
static void
put_path(struct buf *ret, const char *pattern)
{
	const char *c;

	buf_clear(ret);
	for (c = pattern; *c != '\0'; c++) {
		if (*c == '{') {
			buf_add_char(ret, '1');
			c = strchr(c, '}');
		} else
			buf_add_char(ret, *c);
	}
}

/* Whether the head of a call is let in. */
static bool
is_let_in(struct bench *b, const struct route *route)
{
	struct http_call call = {.method = route->method,
	    .doors = HTTP_DOOR_PEERS,
	    .has_certificate = true,
	    .fingerprint = certificate()};
	struct buf path;
	bool is;

	buf_init(&path);
	put_path(&path, route->path);
	call.path = buf_slice(&path);
	is = node_body_bytes(b->node, &call) != HTTP_BODY_UNREAD;
	buf_done(&path);

	return is;
}

typedef void checking(struct bench *b, const struct route *route);

static void
each_of(struct bench *b, const struct component *c, checking *check)
{
	const struct route *r;

	for (r = c->routes; r != NULL && r->handle != NULL; r++) {
		if (duty_info(r->right) != NULL)
			check(b, r);
	}
}

static void
each_route(checking *check)
{
	const struct system *const *s;
	const struct component *const *c;
	struct bench b;

	for (s = all_systems; *s != NULL; s++) {
		bench_open(&b, *s);
		for (c = (*s)->components; *c != NULL; c++)
			each_of(&b, *c, check);
		each_of(&b, &(*s)->component, check);
		bench_close(&b);
	}
}

static const char *
organisation_for(const struct route *route)
{
	return (RIGHT_BIT(route->right) & DUTIES_COMMISSION) != 0 ? COMMISSION
								  : "city";
}

static void
check_all_but_one(struct bench *b, const struct route *route)
{
	set_holder(
	    b, organisation_for(route), DUTIES_ALL & ~RIGHT_BIT(route->right));
	if (is_let_in(b, route))
		fail_msg("%s: %s lets in without %s", b->system->component.name,
		    route->path, duty_info(route->right)->name);
}

static void
who_has_every_duty_but_one_is_refused(void **state)
{
	(void)state;
	each_route(check_all_but_one);
}

static void
check_that_one(struct bench *b, const struct route *route)
{
	set_holder(b, organisation_for(route), RIGHT_BIT(route->right));
	if (!is_let_in(b, route))
		fail_msg("%s: %s refuses %s", b->system->component.name,
		    route->path, duty_info(route->right)->name);
}

static void
who_has_that_duty_alone_is_let_in(void **state)
{
	(void)state;
	each_route(check_that_one);
}

static void
check_abroad(struct bench *b, const struct route *route)
{
	bool is_commissions =
	    (RIGHT_BIT(route->right) & DUTIES_COMMISSION) != 0;

	set_holder(b, "other", DUTIES_ALL);
	if (is_let_in(b, route))
		fail_msg("%s: %s lets in a holder of another organisation",
		    b->system->component.name, route->path);
	set_holder(b, is_commissions ? "city" : COMMISSION, DUTIES_ALL);
	if (is_let_in(b, route))
		fail_msg("%s: %s mixes the Commission up with the operator",
		    b->system->component.name, route->path);
	if (!bug_is_possible() || is_commissions)
		return;
	bug_set(BUG_DUTIES_ABROAD);
	assert_true(is_let_in(b, route));
	bug_set(BUG_NONE);
}

static void
duties_count_in_the_own_organisation_alone(void **state)
{
	(void)state;
	each_route(check_abroad);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_has_every_duty_but_one_is_refused),
	    cmocka_unit_test(who_has_that_duty_alone_is_let_in),
	    cmocka_unit_test(duties_count_in_the_own_organisation_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
