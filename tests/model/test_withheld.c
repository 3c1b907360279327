/*
 * An organisation that withholds the existence of all that it asks: its budget
 * bounds how much of it the resident does not see, the network's officer sees
 * each, and on the day after the last the resident sees all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "tests/model/world.h"

#define CITY "012041" /* the provider */
#define TOWN "131041" /* the inquirer */
#define NETWORK "digital/network"
#define ASKED 12
#define LEAST 5 /* withheld in 30 days */
#define DAY_MS (24 * 3600ll * 1000)

struct run {
	struct world w; /* first: the story's port takes a run for it */
	struct story story;
	json_t *sign_in; /* the father's, as the story made it */
};

/* The last day is tomorrow. */
static void
ask(struct run *r, int i)
{
	char inquiry[33], until[DATE_TEXT_MAX], withheld[DATE_TEXT_MAX + 24];

	date_format(
	    date_plus_days(date_in_japan(simulation_now(r->w.sim)), 1), until);
	snprintf(withheld, sizeof(withheld), "existence:protection:%s", until);
	snprintf(inquiry, sizeof(inquiry), "%032x", i);
	json_decref(world_must(&r->w, TOWN "/offices", HTTP_POST, "/inquiries",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry", inquiry,
		"business_number", r->story.father_moved, "affair", "106",
		"item", "local-tax", "provider", CITY, "unit", "u", "withheld",
		withheld),
	    201));
}

/* The world's, which notes how the father signs in. */
static enum err
call(void *state, const char *system, enum http_method method, const char *path,
    json_t *body, struct slice token, int *ret_status, json_t **ret,
    struct problem *problem)
{
	struct run *r = state;

	if (strcmp(path, "/sessions") == 0) {
		json_decref(r->sign_in);
		r->sign_in = json_deep_copy(body);
	}

	return world_call(
	    &r->w, system, method, path, body, token, ret_status, ret, problem);
}

static void
begin(struct run *r)
{
	struct problem problem = {0};
	struct story_port port;

	*r = (struct run){.sign_in = NULL};
	world_open(&r->w, 1);
	port = world_story_port(&r->w);
	port.call = call;
	port.state = r;
	world_import(&r->w, CITY);
	world_wait_for(&r->w, CITY "/relay", "linked", WORLD_RESIDENTS + 2);
	if (story_tell(&port, &r->w.random, &r->story, &problem))
		fail_msg("%s", problem.text);
}

static void
end(struct run *r)
{
	json_decref(r->sign_in);
	world_close(&r->w);
}

static void
ask_all(struct run *r)
{
	int i;

	for (i = 0; i < ASKED; i++)
		ask(r, i);
	assert_int_equal(simulation_settle(r->w.sim, 3600 * 1000), OK);
}

static size_t
count(struct run *r, const char *path, const char *name)
{
	json_t *reply = world_must(&r->w, NETWORK, HTTP_GET, path, NULL, 200);
	size_t n = json_array_size(json_object_get(reply, name));

	json_decref(reply);

	return n;
}

static json_t *
portal(struct run *r, enum http_method method, const char *path, json_t *body,
    const char *token)
{
	json_t *reply = NULL;
	int status = 0;

	assert_int_equal(world_call(&r->w, "digital/portal", method, path, body,
			     slice_of(token), &status, &reply, NULL),
	    OK);
	assert_true(status == 200 || status == 201);

	return reply;
}

/* The records of the father that his portal shows. */
static size_t
seen(struct run *r)
{
	json_t *session =
	    portal(r, HTTP_POST, "/sessions", json_deep_copy(r->sign_in), "");
	json_t *reply = portal(r, HTTP_GET, "/records?wait=30", NULL,
	    world_text(session, "token"));
	size_t n;

	json_decref(session);
	n = json_array_size(json_object_get(reply, "records"));
	json_decref(reply);

	return n;
}

static void
the_budget_bounds_how_much_an_organisation_withholds(void **state)
{
	struct run r;
	size_t before;

	(void)state;
	begin(&r);
	before = seen(&r);
	ask_all(&r);
	assert_int_equal(count(&r, "/records/hidden", "records"), LEAST);
	assert_int_equal(
	    count(&r, "/inquiries/waiting", "inquiries"), ASKED - LEAST);
	assert_int_equal(seen(&r), before);
	simulation_run(r.w.sim, 2 * DAY_MS);
	assert_int_equal(count(&r, "/records/hidden", "records"), 0);
	assert_int_equal(seen(&r), before + LEAST);
	end(&r);
}

static void
without_budgets_it_withholds_all(void **state)
{
	struct run r;

	(void)state;
	if (!bug_is_possible())
		skip();
	begin(&r);
	bug_set(BUG_BUDGET_ENDLESS);
	ask_all(&r);
	bug_set(BUG_NONE);
	assert_int_equal(count(&r, "/records/hidden", "records"), ASKED);
	end(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		the_budget_bounds_how_much_an_organisation_withholds),
	    cmocka_unit_test(without_budgets_it_withholds_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
