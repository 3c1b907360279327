/* Other codes in the places of ours, after the network's key has leaked. */
#include "base/bug.h"
#include "systems/relay/permit.h"
#include "tests/support/relay_scheme.h"

#define NEW "cccccccccccccccccccccccccccccccc"
#define NEW2 "dddddddddddddddddddddddddddddddd"
#define NEWER2 "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
#define OTHER_NETWORK "012041/network"

static void
renew(struct simulation *sim, const char *to, int epoch, const char *old,
    const char *new)
{
	double_say(sim, NETWORK, to, "code.renewed",
	    json_pack("{s:i,s:[[s,s]]}", "epoch", epoch, "items", old, new));
}

/* The code with which the person is asked about. */
static const char *
code_asked(struct simulation *sim)
{
	ask(sim);

	return double_text("inquiry.request", "code");
}

static void
issue_under(struct simulation *sim, const char *code)
{
	json_t *body = issued(sim);

	json_put_text(body, "code", slice_of(code));
	issue(sim, body);
}

/* --- Our code ---------------------------------------------------------------- */

static void
another_code_takes_the_place_of_ours(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	renew(sim, SELF, 2, LC, NEW);
	double_said("code.taken",
	    json_pack("{s:i,s:s,s:s}", "epoch", 2, "first", NEW, "last", NEW));
	assert_string_equal(code_asked(sim), NEW);
	assert_int_equal(double_progress(sim, SELF, "linked"), 1);
}

static void
the_same_message_again_changes_nothing(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	renew(sim, SELF, 2, LC, NEW);
	renew(sim, SELF, 2, LC, NEW);
	assert_int_equal(double_count("code.taken"), 2);
	assert_string_equal(code_asked(sim), NEW);
}

static void
a_code_that_comes_late_is_the_new_one(void **state)
{
	struct simulation *sim = *state;

	renew(sim, SELF, 2, LC, NEW);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	assert_string_equal(code_asked(sim), NEW);
}

static void
so_is_one_that_waits_for_its_person(void **state)
{
	struct simulation *sim = *state;

	say_code(sim, SELF, AN, LC);
	renew(sim, SELF, 2, LC, NEW);
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	assert_string_equal(code_asked(sim), NEW);
	/* And it contradicts nothing when it comes again. */
	say_code(sim, SELF, AN2, LC);
	say_link(sim, ADDRESSEE, SELF, AN2, PERSON_INT);
	assert_int_equal(double_progress(sim, SELF, "pending"), 0);
}

/* --- Permits ----------------------------------------------------------------- */

static void
ask_and_permit(struct simulation *sim)
{
	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	permit(sim);
}

static void
a_permit_under_the_new_code_finds_what_was_put_before(void **state)
{
	struct simulation *sim = *state;

	ask_and_permit(sim);
	renew(sim, OTHER, 2, LC2, NEW2);
	issue_under(sim, NEW2);
	assert_int_equal(received_income(), 6);
}

static void
a_permit_that_was_under_way_is_answered(void **state)
{
	struct simulation *sim = *state;

	ask_and_permit(sim);
	renew(sim, OTHER, 2, LC2, NEW2);
	renew(sim, OTHER, 3, NEW2, NEWER2);
	issue_under(sim, LC2);
	assert_int_equal(received_income(), 6);
}

/* No permit of before the renewal lives longer. */
static void
after_eight_days_an_old_code_is_nobodys(void **state)
{
	struct simulation *sim = *state;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	renew(sim, OTHER, 2, LC2, NEW2);
	simulation_leap(sim, PERMIT_LIFE_MAX_MS);
	ask(sim);
	permit(sim);
	double_tell(
	    sim, NETWORK, OTHER, "permit.issued", issued(sim)); /* LC2 */
	simulation_run(sim, 60000);
	assert_int_equal(double_count("inquiry.answered"), 0);
}

/* --- At rest ----------------------------------------------------------------- */

static bool
has_text(const json_t *rows, const char *text)
{
	char *all = json_dumps(rows, 0);
	bool has;

	assert_non_null(all);
	has = strstr(all, text) != NULL;
	free(all);

	return has;
}

static void
the_old_code_is_sealed(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	const json_t *tables, *former;
	json_t *dump = NULL;

	acquire(sim);
	renew(sim, SELF, 2, LC, NEW);
	assert_int_equal(simulation_dump(sim, &dump, &problem), OK);
	tables = json_object_get(dump, SELF);
	former = json_object_get(tables, "former_linkage");
	assert_int_equal(json_array_size(former), 1);
	assert_false(has_text(former, LC));
	assert_true(has_text(json_object_get(tables, "linkage"), NEW));
	assert_false(has_text(json_object_get(tables, "linkage"), LC));
	json_decref(dump);
}

/* --- The sender --------------------------------------------------------------- */

static void
say_of_another_network(struct simulation *sim)
{
	double_say(sim, OTHER_NETWORK, SELF, "code.renewed",
	    json_pack("{s:i,s:[[s,s]]}", "epoch", 2, "items", LC, NEW));
}

static void
the_network_alone_gives_other_codes(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};

	assert_int_equal(
	    simulation_add(sim, &double_network, OTHER_NETWORK, NULL, &problem),
	    OK);
	acquire(sim);
	say_of_another_network(sim);
	assert_int_equal(double_refused(sim, OTHER_NETWORK), 1);
	double_say(sim, OFFICES, SELF, "code.renewed",
	    json_pack("{s:i,s:[[s,s]]}", "epoch", 2, "items", LC, NEW));
	assert_int_equal(double_refused(sim, OFFICES), 1);
	assert_string_equal(code_asked(sim), LC);
}

static void
with_the_bug_anybody_does(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};

	if (!bug_is_possible())
		skip();
	assert_int_equal(
	    simulation_add(sim, &double_network, OTHER_NETWORK, NULL, &problem),
	    OK);
	acquire(sim);
	bug_set(BUG_RENEWED_BY_ANYBODY);
	say_of_another_network(sim);
	bug_set(BUG_NONE);
	assert_string_equal(code_asked(sim), NEW);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(another_code_takes_the_place_of_ours),
	    TEST(the_same_message_again_changes_nothing),
	    TEST(a_code_that_comes_late_is_the_new_one),
	    TEST(so_is_one_that_waits_for_its_person),
	    TEST(a_permit_under_the_new_code_finds_what_was_put_before),
	    TEST(a_permit_that_was_under_way_is_answered),
	    TEST(after_eight_days_an_old_code_is_nobodys),
	    TEST(the_old_code_is_sealed),
	    TEST(the_network_alone_gives_other_codes),
	    TEST(with_the_bug_anybody_does),
	};

	return cmocka_run_group_tests_name("relay.renewal", tests, NULL, NULL);
}
