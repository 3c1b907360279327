/* Other linkage codes for everybody, after the key has leaked. */
#include "base/bug.h"
#include "systems/network/relinking.h"
#include "tests/support/network_scheme.h"

#define MANY 2001

/* A pair of codes of one person at one organisation. */
struct two_codes {
	char from[33], to[33];
};

/* --- Acts ------------------------------------------------------------------ */

static void
rotate(struct simulation *sim)
{
	struct problem problem = {0};

	if (simulation_rotate(sim, SELF, LINKAGE_KEY, &problem))
		fail_msg("%s", problem.text);
}

static void
command(struct simulation *sim, int want)
{
	double_post(sim, SELF, "/relinkings",
	    json_pack("{s:s}", "reason", "the key store was copied"), want);
}

static void
begin(struct simulation *sim)
{
	rotate(sim);
	command(sim, 201);
}

static const json_t *
row_of(const json_t *body, size_t row)
{
	return json_array_get(json_object_get(body, "items"), row);
}

/* The newest code.renewed for the system; borrowed. */
static const json_t *
renewed(const char *to)
{
	size_t i = double_n_messages;

	while (i-- > 0) {
		if (strcmp(double_messages[i].type, "code.renewed") == 0 &&
		    strcmp(double_messages[i].to, to) == 0)
			return double_messages[i].body;
	}
	fail_msg("%s was told no other codes", to);

	return NULL;
}

static struct two_codes
pair_of(const char *to, size_t row)
{
	const json_t *item = row_of(renewed(to), row);
	struct two_codes pair;

	snprintf(pair.from, sizeof(pair.from), "%s",
	    json_string_value(json_array_get(item, 0)));
	snprintf(pair.to, sizeof(pair.to), "%s",
	    json_string_value(json_array_get(item, 1)));

	return pair;
}

static void
say_taken(struct simulation *sim, const char *from, int epoch,
    const char *first, const char *last)
{
	double_say(sim, from, SELF, "code.taken",
	    json_pack(
		"{s:i,s:s,s:s}", "epoch", epoch, "first", first, "last", last));
}

/* The system takes the newest message that it was sent. */
static void
take(struct simulation *sim, const char *system)
{
	const json_t *body = renewed(system);
	size_t n = json_array_size(json_object_get(body, "items"));
	struct two_codes first = pair_of(system, 0),
			 last = pair_of(system, n - 1);

	say_taken(sim, system,
	    (int)json_integer_value(json_object_get(body, "epoch")), first.to,
	    last.to);
}

/* A member of an organisation's progress; a new reference. */
static json_t *
progress(struct simulation *sim, const char *organisation)
{
	json_t *answer =
	    double_call(sim, SELF, HTTP_GET, "/relinkings", NULL, 200);
	json_t *row, *found = NULL;
	size_t i;

	json_array_foreach(json_object_get(answer, "organisations"), i, row)
	{
		if (strcmp(
			json_string_value(json_object_get(row, "organisation")),
			organisation) == 0)
			found = json_incref(row);
	}
	json_decref(answer);
	assert_non_null(found);

	return found;
}

static void
assert_state(struct simulation *sim, const char *organisation, const char *want)
{
	json_t *row = progress(sim, organisation);

	assert_string_equal(
	    json_string_value(json_object_get(row, "state")), want);
	json_decref(row);
}

/* How many organisations are not done. */
static json_int_t
open_relinks(struct simulation *sim)
{
	json_t *answer =
	    double_call(sim, SELF, HTTP_GET, "/relinkings", NULL, 200);
	json_int_t n = 0;
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(answer, "states"), i, row)
	{
		if (strcmp(json_string_value(json_object_get(row, "state")),
			"done") != 0)
			n += json_integer_value(
			    json_object_get(row, "organisations"));
	}
	json_decref(answer);

	return n;
}

/* Ask about the person of a code.  Whether the network permits it. */
static bool
is_permitted(struct simulation *sim, const char *code)
{
	static unsigned int n;
	char inquiry[33];

	snprintf(inquiry, sizeof(inquiry), "%032x", ++n);
	double_say(sim, ASKER, SELF, "inquiry.request",
	    signed_inquiry(sim, inquiry, code,
		question_about("106", "local-tax", "012041")));
	if (double_count("inquiry.permitted") > 0 &&
	    strcmp(double_text("inquiry.permitted", "inquiry"), inquiry) == 0)
		return true;
	assert_string_equal(double_text("inquiry.refused", "inquiry"), inquiry);
	assert_string_equal(
	    double_text("inquiry.refused", "reason"), "no-code");

	return false;
}

static void
pass(struct simulation *sim, int64_t ms)
{
	simulation_leap(sim, ms);
	simulation_run(sim, 2 * 60000);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
close_all(struct simulation *sim)
{
	pass(sim, RELINKING_CLOSING_MS);
}

/* --- The command ----------------------------------------------------------- */

static void
without_a_new_key_it_is_refused(void **state)
{
	struct simulation *sim = *state;

	command(sim, 409);
	rotate(sim);
	command(sim, 201);
	/* The same key is the new one once. */
	command(sim, 409);
	rotate(sim);
	command(sim, 201);
}

static void
a_key_of_an_earlier_day_is_no_new_one(void **state)
{
	struct simulation *sim = *state;

	rotate(sim);
	simulation_leap(sim, RELINKING_KEY_MS);
	command(sim, 409);
}

static void
one_officer_alone_does_not_begin_it(void **state)
{
	struct simulation *sim = *state;
	char code[33];

	acquire(sim, ASKER, 1, code);
	rotate(sim);
	simulation_act_as(sim, SIMULATION_CLERK, NULL);
	command(sim, 202);
	assert_int_equal(double_count("code.renewed"), 0);
}

/* --- Pairs ------------------------------------------------------------------ */

static void
each_organisation_is_told_its_own_codes(void **state)
{
	static const char *const systems[] = {ASKER, GIVER, PORTAL};
	struct simulation *sim = *state;
	char codes[3][33];
	struct two_codes pair[3];
	size_t i;

	for (i = 0; i < 3; i++)
		acquire(sim, systems[i], 1, codes[i]);
	begin(sim);
	assert_int_equal(double_count("code.renewed"), 3);
	for (i = 0; i < 3; i++) {
		pair[i] = pair_of(systems[i], 0);
		assert_string_equal(pair[i].from, codes[i]);
		assert_string_not_equal(pair[i].to, codes[i]);
	}
	assert_string_not_equal(pair[0].to, pair[1].to);
	assert_string_not_equal(pair[1].to, pair[2].to);
	/* An organisation without codes is done at once. */
	assert_state(sim, "nenkin", "done");
	assert_int_equal(open_relinks(sim), 3);
}

static void
a_person_who_comes_meanwhile_gets_the_new_code(void **state)
{
	struct simulation *sim = *state;
	char old[33], new[33];

	acquire(sim, ASKER, 1, old);
	begin(sim);
	acquire(sim, ASKER, 2, new);
	acquire(sim, GIVER, 2, old);
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
	assert_int_equal(double_count("code.renewed"), 1);
	close_all(sim);
	assert_true(is_permitted(sim, new));
}

static void
one_message_of_many_is_under_way(void **state)
{
	struct simulation *sim = *state;
	json_t *items = json_array(), *row;
	char an[33];
	unsigned int i;

	for (i = 0; i < MANY; i++) {
		snprintf(an, sizeof(an), "%032x", i + 1);
		json_array_append_new(
		    items, json_pack("[s,s]", an, person(i + 1)));
	}
	double_say(sim, JUKINET, SELF, "acquisition.identify",
	    json_pack("{s:s,s:o}", "for", ASKER, "items", items));
	double_forget();
	begin(sim);
	assert_int_equal(double_count("code.renewed"), 1);
	assert_int_equal(
	    json_array_size(json_object_get(renewed(ASKER), "items")),
	    MESSAGE_ROWS_MAX);
	take(sim, ASKER);
	assert_int_equal(double_count("code.renewed"), 2);
	assert_int_equal(
	    json_array_size(json_object_get(renewed(ASKER), "items")),
	    MANY - MESSAGE_ROWS_MAX);
	take(sim, ASKER);
	row = progress(sim, "131041");
	assert_int_equal(
	    json_integer_value(json_object_get(row, "codes")), MANY);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "percent")), 100);
	json_decref(row);
}

/* --- Codes of both epochs --------------------------------------------------- */

static void
old_codes_count_until_the_organisation_is_done(void **state)
{
	struct simulation *sim = *state;
	struct two_codes pair;
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	begin(sim);
	pair = pair_of(ASKER, 0);
	assert_true(is_permitted(sim, pair.from));
	/* The relay uses the new one, and its word has not come yet. */
	assert_true(is_permitted(sim, pair.to));
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
	assert_true(is_permitted(sim, pair.from));
	close_all(sim);
	assert_state(sim, "131041", "done");
	assert_true(is_permitted(sim, pair.to));
	assert_false(is_permitted(sim, pair.from));
	assert_true(is_permitted(sim, pair.to));
	if (!bug_is_possible())
		return;
	bug_set(BUG_OLD_CODE_TAKEN);
	assert_true(is_permitted(sim, pair.from));
	bug_set(BUG_NONE);
}

/* A second relinking does not bring back the codes of before the first. */
static void
old_codes_never_count_again(void **state)
{
	struct simulation *sim = *state;
	struct two_codes first, second;
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	begin(sim);
	first = pair_of(ASKER, 0);
	take(sim, ASKER);
	close_all(sim);
	begin(sim);
	second = pair_of(ASKER, 0);
	assert_string_equal(second.from, first.to);
	assert_false(is_permitted(sim, first.from));
	assert_true(is_permitted(sim, second.from));
	assert_true(is_permitted(sim, second.to));
}

static void
a_permit_names_the_code_that_the_provider_has_taken(void **state)
{
	struct simulation *sim = *state;
	struct two_codes giver, asker;
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	begin(sim);
	giver = pair_of(GIVER, 0);
	asker = pair_of(ASKER, 0);
	assert_true(is_permitted(sim, asker.from));
	assert_string_equal(double_text("permit.issued", "code"), giver.from);
	take(sim, GIVER);
	assert_true(is_permitted(sim, asker.from));
	assert_string_equal(double_text("permit.issued", "code"), giver.to);
}

static void
records_are_shown_for_the_new_code(void **state)
{
	struct simulation *sim = *state;
	struct two_codes pair;
	char code[33];

	acquire(sim, PORTAL, 1, code);
	begin(sim);
	pair = pair_of(PORTAL, 0);
	take(sim, PORTAL);
	close_all(sim);
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", INQUIRY, "code", pair.from));
	assert_int_equal(double_count("records.answer"), 0);
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", INQUIRY, "code", pair.to));
	assert_int_equal(double_count("records.answer"), 1);
}

/* --- code.taken ------------------------------------------------------------- */

static void
an_organisation_confirms_its_own_codes_alone(void **state)
{
	struct simulation *sim = *state;
	struct two_codes asker, giver;
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	say_taken(sim, ASKER, 2, code, code);
	assert_int_equal(double_refused(sim, ASKER), 1);
	begin(sim);
	asker = pair_of(ASKER, 0);
	giver = pair_of(GIVER, 0);
	say_taken(sim, ASKER, 2, giver.to, giver.to);
	assert_int_equal(double_refused(sim, ASKER), 2);
	/* Nor old ones, nor those of a key that is not there. */
	say_taken(sim, ASKER, 2, asker.from, asker.from);
	assert_int_equal(double_refused(sim, ASKER), 3);
	say_taken(sim, ASKER, 3, asker.to, asker.to);
	assert_int_equal(double_refused(sim, ASKER), 4);
	assert_state(sim, "131041", "sent");
	assert_state(sim, "012041", "sent");
	if (!bug_is_possible())
		return;
	bug_set(BUG_TAKEN_FOR_OTHERS);
	say_taken(sim, ASKER, 2, giver.to, giver.to);
	bug_set(BUG_NONE);
	assert_state(sim, "131041", "closing");
}

static void
a_repeated_word_changes_nothing(void **state)
{
	struct simulation *sim = *state;
	char code[33];

	acquire(sim, ASKER, 1, code);
	begin(sim);
	take(sim, ASKER);
	take(sim, ASKER);
	assert_int_equal(double_refused(sim, ASKER), 0);
	assert_int_equal(double_count("code.renewed"), 1);
	close_all(sim);
	take(sim, ASKER);
	assert_int_equal(double_refused(sim, ASKER), 0);
}

/* --- What goes wrong -------------------------------------------------------- */

static void
a_dead_organisation_holds_up_nobody(void **state)
{
	struct simulation *sim = *state;
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	begin(sim);
	take(sim, ASKER);
	close_all(sim);
	assert_state(sim, "131041", "done");
	assert_state(sim, "012041", "sent");
	assert_int_equal(open_relinks(sim), 1);
}

static void
a_network_that_dies_goes_on(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	char code[33];

	acquire(sim, ASKER, 1, code);
	begin(sim);
	assert_int_equal(
	    simulation_restart(sim, SELF, simulation_now(sim), &problem), OK);
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
	assert_int_equal(
	    simulation_restart(sim, SELF, simulation_now(sim), &problem), OK);
	close_all(sim);
	assert_state(sim, "131041", "done");
}

static void
a_message_that_was_refused_is_sent_again(void **state)
{
	struct simulation *sim = *state;
	char code[33];

	acquire(sim, ASKER, 1, code);
	double_refuses = "code.renewed";
	begin(sim);
	double_refuses = NULL;
	assert_state(sim, "131041", "stopped");
	pass(sim, RELINKING_AGAIN_MS);
	assert_state(sim, "131041", "sent");
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
}

static void
a_message_whose_word_is_lost_is_sent_again(void **state)
{
	struct simulation *sim = *state;
	struct two_codes first, again;
	char code[33];

	acquire(sim, ASKER, 1, code);
	begin(sim);
	first = pair_of(ASKER, 0);
	pass(sim, RELINKING_RESEND_MS);
	assert_int_equal(double_count("code.renewed"), 2);
	again = pair_of(ASKER, 0);
	assert_string_equal(again.from, first.from);
	assert_string_equal(again.to, first.to);
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
}

static void
a_revoked_relay_is_told_when_it_has_a_key_again(void **state)
{
	struct simulation *sim = *state;
	struct problem problem = {0};
	char code[33];

	acquire(sim, ASKER, 1, code);
	acquire(sim, GIVER, 1, code);
	begin(sim);
	assert_int_equal(
	    simulation_revoke(sim, GIVER, "compromised", &problem), OK);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_state(sim, "012041", "stopped");
	pass(sim, RELINKING_AGAIN_MS);
	assert_state(sim, "012041", "stopped");
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
}

static void
another_leak_meanwhile_begins_again_afterwards(void **state)
{
	struct simulation *sim = *state;
	struct two_codes first, second;
	char code[33];

	acquire(sim, ASKER, 1, code);
	begin(sim);
	first = pair_of(ASKER, 0);
	begin(sim);
	assert_int_equal(double_count("code.renewed"), 1);
	take(sim, ASKER);
	assert_state(sim, "131041", "closing");
	close_all(sim);
	assert_state(sim, "131041", "sent");
	second = pair_of(ASKER, 0);
	assert_string_equal(second.from, first.to);
	take(sim, ASKER);
	close_all(sim);
	assert_state(sim, "131041", "done");
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(without_a_new_key_it_is_refused),
	    TEST(a_key_of_an_earlier_day_is_no_new_one),
	    TEST(one_officer_alone_does_not_begin_it),
	    TEST(each_organisation_is_told_its_own_codes),
	    TEST(a_person_who_comes_meanwhile_gets_the_new_code),
	    TEST(one_message_of_many_is_under_way),
	    TEST(old_codes_count_until_the_organisation_is_done),
	    TEST(old_codes_never_count_again),
	    TEST(a_permit_names_the_code_that_the_provider_has_taken),
	    TEST(records_are_shown_for_the_new_code),
	    TEST(an_organisation_confirms_its_own_codes_alone),
	    TEST(a_repeated_word_changes_nothing),
	    TEST(a_dead_organisation_holds_up_nobody),
	    TEST(a_network_that_dies_goes_on),
	    TEST(a_message_that_was_refused_is_sent_again),
	    TEST(a_message_whose_word_is_lost_is_sent_again),
	    TEST(a_revoked_relay_is_told_when_it_has_a_key_again),
	    TEST(another_leak_meanwhile_begins_again_afterwards),
	};

	return cmocka_run_group_tests_name(
	    "network.relinking", tests, NULL, NULL);
}
