/*
 * An acquisition and an inquiry while the network loses, repeats, delays and
 * reorders, and processes die before and after their commits: in the end
 * everything has happened, and once.
 */
#include "number/individual_number.h"
#include "systems/addressee/addressee.h"
#include "systems/offices/offices.h"
#include "systems/relay/relay.h"
#include "tests/support/double.h"

#define REGISTRY "131041/registry"
#define OFFICES "131041/offices"
#define ADDRESSEE "131041/addressee"
#define RELAY "131041/relay"
#define OTHER "012041/relay"
#define JUKINET "jlis/jukinet"
#define NETWORK "digital/network"
#define SEEDS 12
#define MINUTES(n) ((n)*60ll * 1000)
#define APPLICATION "0123456789abcdef0123456789abcdef"
#define LC "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PERMIT "33333333333333333333333333333333"

static const struct simulation_faults rough = {.lose_request = 150,
    .lose_receipt = 150,
    .repeat = 200,
    .crash_before = 60,
    .crash_after = 60,
    .delay_min_ms = 1,
    .delay_max_ms = 800};
static const struct simulation_faults smooth = {0};

static struct simulation *
nation(uint64_t seed)
{
	static const struct double_member members[] = {
	    {&double_registry, REGISTRY},
	    {&double_jukinet, JUKINET},
	    {&double_network, NETWORK},
	    {&double_relay, OTHER},
	    {&offices_system, OFFICES},
	    {&addressee_system, ADDRESSEE},
	    {&relay_system, RELAY},
	};

	double_seed = seed;

	return double_nation(members, sizeof(members) / sizeof(members[0]));
}

/* Deliver all messages over a bad network. */
static void
live_through(struct simulation *sim)
{
	simulation_set_faults(sim, &rough);
	simulation_run(sim, MINUTES(5));
	simulation_set_faults(sim, &smooth);
	assert_int_equal(simulation_settle(sim, MINUTES(5)), OK);
}

static void
acquire(struct simulation *sim)
{
	struct individual_number in = individual_number_from_body(4711);
	char text[INDIVIDUAL_NUMBER_DIGITS + 1];

	individual_number_format(&in, text);
	double_tell(sim, REGISTRY, ADDRESSEE, "persons.registered",
	    json_pack("{s:[[s,s,s,s,s,s,s]]}", "items", "R1", text, "番号太郎",
		"バンゴウタロウ", "1980-05-05", "1", "東京都新宿区"));
	live_through(sim);
	double_tell(sim, NETWORK, RELAY, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items",
		double_item("acquisition.request", 0, 0), LC));
	live_through(sim);
}

static void
apply(struct simulation *sim)
{
	json_decref(double_call(sim, OFFICES, HTTP_POST, "/child-allowance",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "application", APPLICATION,
		"applicant", "R1", "child", "R2", "previous_municipality",
		"012041", "unit", "児童手当係"),
	    201));
	live_through(sim);
}

/* The permit and the answer, at once: either may come first. */
static void
answer(struct simulation *sim)
{
	const char *inquiry = double_text("inquiry.request", "inquiry");
	const char *question = double_asked();
	char expires[INSTANT_TEXT_MAX];

	instant_format(instant_plus(simulation_now(sim), MINUTES(60)), expires);
	double_tell(sim, OTHER, RELAY, "answer.sealed",
	    json_pack("{s:s,s:s}", "question", question, "outcome", "no-data"));
	double_tell(sim, NETWORK, RELAY, "inquiry.permitted",
	    json_pack("{s:s,s:s,s:s,s:s}", "inquiry", inquiry, "question",
		question, "article", "番号法19条8号の命令2条の表106の項",
		"expires", expires));
	live_through(sim);
}

static void
everything_happens_once_whatever_fails(void **state)
{
	struct simulation *sim;
	uint64_t seed;
	json_t *reply;

	(void)state;
	for (seed = 1; seed <= SEEDS; seed++) {
		sim = nation(seed);
		acquire(sim);
		assert_int_equal(double_progress(sim, RELAY, "linked"), 1);
		assert_int_equal(double_progress(sim, RELAY, "pending"), 0);
		assert_int_equal(
		    double_progress(sim, ADDRESSEE, "acquiring"), 0);
		apply(sim);
		assert_int_equal(double_progress(sim, RELAY, "inquiries"), 1);
		answer(sim);
		reply = double_call(sim, OFFICES, HTTP_GET,
		    "/applications/" APPLICATION, NULL, 200);
		assert_string_equal(
		    json_string_value(json_object_get(reply, "state")),
		    "no-data");
		json_decref(reply);
		assert_int_equal(double_refused(sim, NETWORK), 0);
		assert_int_equal(double_refused(sim, OTHER), 0);
		assert_int_equal(double_refused(sim, RELAY), 0);
		double_done(sim);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything_happens_once_whatever_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
