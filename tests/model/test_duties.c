/*
 * An attack with one certificate: it declares an own-use affair as a
 * municipality, and confirms it as the Commission, which would be a legal basis
 * out of nothing (番号法9条2項, 19条9号).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/bug.h"
#include "tests/model/world.h"

#define OFFICES "131041/offices"
#define NETWORK "digital/network"
#define DECLARATION "66666666666666666666666666666661"
#define DECISION "/affairs/" DECLARATION "/decision"

static json_t *
decision(void)
{
	return json_pack("{s:s,s:s}", "decision", "confirm", "reason", "r");
}

static void
declare(struct world *w)
{
	json_decref(world_must(w, OFFICES, HTTP_POST, "/affairs",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[s],s:[s]}",
		"declaration", DECLARATION, "affair", "own-medical-children",
		"title", "子ども医療費の助成に関する事務", "ordinance",
		"新宿区子ども医療費助成条例", "number", "平成10年条例第5号",
		"effective", "2026-04-01", "row", "106", "items", "local-tax",
		"providers", "municipality"),
	    201));
	simulation_run(w->sim, 60 * 1000);
}

static void
assert_state(struct world *w, const char *want)
{
	json_t *answer;

	simulation_run(w->sim, 60 * 1000);
	answer = world_must(
	    w, OFFICES, HTTP_GET, "/affairs/" DECLARATION, NULL, 200);
	assert_string_equal(world_text(answer, "state"), want);
	json_decref(answer);
}

/* Each system knows the clerk's certificate, with every duty that its
 * organisation can give. */
static void
one_certificate_does_not_declare_and_confirm(void **state)
{
	struct world w;

	(void)state;
	world_open(&w, 1);
	simulation_act_as(w.sim, SIMULATION_CLERK, NULL);
	declare(&w);
	json_decref(
	    world_must(&w, NETWORK, HTTP_POST, DECISION, decision(), 403));
	assert_state(&w, "declared");
	if (bug_is_possible()) {
		bug_set(BUG_DUTIES_UNCHECKED);
		json_decref(world_must(
		    &w, NETWORK, HTTP_POST, DECISION, decision(), 200));
		bug_set(BUG_NONE);
		assert_state(&w, "confirmed");
	}
	world_close(&w);
}

/* Nor does one officer of the Commission confirm alone. */
static void
the_commission_confirms_with_two(void **state)
{
	json_t *answer;
	struct world w;
	char path[120];

	(void)state;
	world_open(&w, 1);
	declare(&w);
	simulation_act_as(w.sim, SIMULATION_COMMISSIONER, NULL);
	answer = world_must(&w, NETWORK, HTTP_POST, DECISION, decision(), 202);
	snprintf(path, sizeof(path), "/pending/%s/confirmation",
	    world_text(answer, "pending"));
	json_decref(answer);
	json_decref(world_must(&w, NETWORK, HTTP_POST, path, decision(), 403));
	simulation_act_as(w.sim, SIMULATION_CHIEF, NULL);
	json_decref(world_must(&w, NETWORK, HTTP_POST, path, decision(), 403));
	assert_state(&w, "declared");
	simulation_act_as(w.sim, SIMULATION_VICE, NULL);
	json_decref(world_must(&w, NETWORK, HTTP_POST, path, decision(), 200));
	simulation_act_as(w.sim, SIMULATION_CLERK, NULL);
	assert_state(&w, "confirmed");
	world_close(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(one_certificate_does_not_declare_and_confirm),
	    cmocka_unit_test(the_commission_confirms_with_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
