/* Jukinet's budgets: how much an organisation may acquire on a day. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define PEOPLE 250 /* settled at once */
#define MISSES 50  /* a day, and 2 % of what is asked */
#define STRANGERS 200
#define NEW 50
#define CHANGES 20
#define STOCK 1000 /* codes of a small municipality */
#define DAY_MS (24 * 3600 * 1000)

/* Without the grants of a founding. */
static int
set_up(void **state)
{
	static const struct setting settings[] = {
	    {"population.012041", "0"}, {0}};

	return scheme_set_up_with(state, settings);
}

/* An officer grants the municipality HERE new numbers. */
static void
grant_numbers(struct simulation *sim)
{
	json_decref(double_call(sim, SELF, HTTP_POST, "/budgets/grants",
	    json_pack("{s:s,s:s,s:i,s:s,s:s,s:s}", "organisation", "012041",
		"kind", "new", "amount", PEOPLE, "from", "2026-11-21", "until",
		"2026-11-21", "reason", "合併"),
	    201));
}

/* Ask for numbers of people, all of one name. */
static void
say_people(struct simulation *sim, const char *registry)
{
	json_t *codes, *items = json_array();
	size_t i;

	double_say(sim, registry, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", PEOPLE, "request", REQUEST));
	codes = json_object_get(double_last("codes.designated"), "codes");
	for (i = 0; i < PEOPLE; i++)
		json_array_append_new(items,
		    json_pack("[s,s,s,s,s,s,s,s]",
			json_string_value(json_array_get(codes, i)),
			HANAKO.name, "", HANAKO.birth, HANAKO.sex,
			HANAKO.address, "", ""));
	double_say(sim, registry, SELF, "numbering.request",
	    json_pack("{s:o}", "items", items));
}

/* Residents of `registry`, and their numbers. */
static void
settle_people(struct simulation *sim, const char *registry,
    char ret[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1])
{
	json_t *items, *row;
	size_t i;

	if (strcmp(registry, HERE) == 0)
		grant_numbers(sim);
	say_people(sim, registry);
	items = json_object_get(double_last("numbering.answer"), "items");
	assert_int_equal(json_array_size(items), PEOPLE);
	for (i = 0; i < PEOPLE; i++) {
		row = json_array_get(items, i);
		snprintf(ret[i], sizeof(ret[i]), "%s",
		    json_string_value(json_array_get(row, 1)));
	}
}

/* Ask for the first `n`, all of the name and birth date. */
static void
ask(struct simulation *sim, char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1],
    size_t n, const char *birth)
{
	json_t *items = json_array();
	char an[33];
	size_t i;

	for (i = 0; i < n; i++) {
		snprintf(an, sizeof(an), "%032zx", i);
		json_array_append_new(items,
		    json_pack("[s,s,s,s,s,s]", an, numbers[i], HANAKO.name, "",
			birth, HANAKO.sex));
	}
	double_say(sim, ADDRESSEE, SELF, "acquisition.request",
	    json_pack("{s:o}", "items", items));
}

static size_t
refused_with(const char *reason)
{
	const json_t *items =
	    json_object_get(double_last("acquisition.refused"), "items");
	size_t i, n = 0;

	for (i = 0; i < json_array_size(items); i++)
		n += strcmp(json_string_value(
				json_array_get(json_array_get(items, i), 1)),
			 reason) == 0;

	return n;
}

static size_t
identified(void)
{
	return json_array_size(
	    json_object_get(double_last("acquisition.identify"), "items"));
}

static void
guesses_stop_every_acquisition_until_midnight(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];
	struct somebody s = settle(sim, HERE, HANAKO);

	settle_people(sim, THERE, numbers);
	ask(sim, numbers, 100, "1980-02-28");
	assert_int_equal(refused_with("no-match"), MISSES + 1);
	assert_int_equal(refused_with("stopped"), 100 - MISSES - 1);
	/* Midnight in Japan. */
	assert_string_equal(double_text("acquisition.refused", "until"),
	    "2026-11-21T15:00:00.000Z");
	/* Own residents, too; nothing is looked up. */
	say_acquisition(sim, &s, s.number);
	assert_int_equal(refused_with("stopped"), 1);
	assert_int_equal(double_count("acquisition.identify"), 0);
	simulation_run(sim, DAY_MS);
	say_acquisition(sim, &s, s.number);
	assert_int_equal(identified(), 1);
}

static void
strangers_are_stopped_and_residents_are_not(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];
	struct somebody s = settle(sim, HERE, HANAKO);

	settle_people(sim, THERE, numbers);
	ask(sim, numbers, PEOPLE, HANAKO.birth);
	assert_int_equal(identified(), STRANGERS);
	assert_int_equal(refused_with("stopped"), PEOPLE - STRANGERS);
	say_acquisition(sim, &s, s.number);
	assert_int_equal(double_count("acquisition.identify"), 2);
	simulation_run(sim, DAY_MS);
	ask(sim, numbers, 1, HANAKO.birth);
	assert_int_equal(double_count("acquisition.identify"), 3);
}

static void
own_residents_have_no_budget(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];

	settle_people(sim, HERE, numbers);
	ask(sim, numbers, PEOPLE, HANAKO.birth);
	assert_int_equal(identified(), PEOPLE);
	assert_int_equal(double_count("acquisition.refused"), 0);
}

static void
former_residents_are_no_strangers(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];
	struct somebody gone = settle(sim, HERE, HANAKO);

	tell_notice(sim, HERE, "131041", &gone, gone.number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_true(arrives(sim, THERE, TRANSFER, &gone));
	settle_people(sim, THERE, numbers);
	ask(sim, numbers, STRANGERS, HANAKO.birth);
	assert_int_equal(identified(), STRANGERS);
	say_acquisition(sim, &gone, gone.number);
	assert_int_equal(double_count("acquisition.identify"), 2);
	assert_int_equal(double_count("acquisition.refused"), 0);
}

/* --- Numbers -------------------------------------------------------------- */

static size_t
rows_of(const char *type, const char *kind)
{
	return json_array_size(json_object_get(double_last(type), kind));
}

static void
new_numbers_are_bounded(void **state)
{
	struct simulation *sim = *state;

	say_people(sim, HERE);
	assert_int_equal(rows_of("numbering.answer", "items"), NEW);
	assert_int_equal(rows_of("numbering.answer", "refused"), PEOPLE - NEW);
	assert_string_equal(answered("refused", 1), "stopped");
	assert_string_equal(double_text("numbering.answer", "until"),
	    "2026-11-21T15:00:00.000Z");
	/* A repetition has the answers of before, and no more. */
	say_people(sim, HERE);
	assert_int_equal(rows_of("numbering.answer", "items"), NEW);
	simulation_run(sim, DAY_MS);
	say_people(sim, HERE);
	assert_int_equal(rows_of("numbering.answer", "items"), 2 * NEW);
}

static void
changed_numbers_are_bounded(void **state)
{
	struct simulation *sim = *state;
	struct somebody s;
	char request[33];
	int i;

	for (i = 0; i <= CHANGES; i++) {
		s = settle(sim, HERE, HANAKO);
		snprintf(request, sizeof(request), "%032x", 1000 + i);
		double_say(sim, HERE, SELF, "number.change",
		    json_pack("{s:s,s:s,s:s,s:s}", "code", s.code, "number",
			s.number, "reason", "漏えい", "request", request));
		if (i < CHANGES)
			assert_non_null(
			    double_text("number.changed", "number"));
	}
	assert_non_null(strstr(
	    double_text("number.changed", "refused"), "used up for today"));
}

/* The news waits: the municipality has changed the code already. */
static void
changed_codes_are_bounded(void **state)
{
	struct simulation *sim = *state;
	struct somebody s, other = HANAKO;
	int i;

	for (i = 0; i < CHANGES + 1; i++) {
		s = settle(sim, HERE, HANAKO);
		get_code(sim, HERE, &other);
		double_tell(sim, HERE, SELF, "code.changed",
		    json_pack("{s:[[s,s]]}", "items", s.code, other.code));
		simulation_run(sim, 60000);
	}
	assert_int_equal(double_count("code.changed"), CHANGES);
	assert_int_equal(double_refused(sim, HERE), 0);
	simulation_run(sim, DAY_MS);
	assert_int_equal(double_count("code.changed"), CHANGES + 1);
}

/* --- Resident Record Codes ------------------------------------------------ */

/* Ask for `n` codes; true if they were designated. */
static bool
has_codes(struct simulation *sim, const char *registry, int n)
{
	static unsigned int serial = 100;
	size_t before = double_count("codes.designated");
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++serial);
	double_say(sim, registry, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", n, "request", request));

	return double_count("codes.designated") > before;
}

static void
unused_codes_are_bounded(void **state)
{
	struct simulation *sim = *state;

	assert_true(has_codes(sim, HERE, STOCK - 100));
	assert_false(has_codes(sim, HERE, 101));
	assert_int_equal(json_integer_value(json_object_get(
			     double_last("codes.refused"), "pool")),
	    STOCK);
	assert_int_equal(json_integer_value(json_object_get(
			     double_last("codes.refused"), "held")),
	    STOCK - 100);
	assert_true(has_codes(sim, HERE, 100));
	assert_false(has_codes(sim, HERE, 1));
	/* Another municipality has its own. */
	assert_true(has_codes(sim, THERE, 1));
}

static void
a_used_code_makes_room(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];
	struct somebody s = settle(sim, HERE, HANAKO), other = HANAKO;

	settle_people(sim, HERE, numbers);
	get_code(sim, HERE, &other);
	assert_true(has_codes(sim, HERE, STOCK - 1));
	assert_false(has_codes(sim, HERE, 1));
	double_say(sim, HERE, SELF, "code.changed",
	    json_pack("{s:[[s,s]]}", "items", s.code, other.code));
	assert_true(has_codes(sim, HERE, 1));
	assert_false(has_codes(sim, HERE, 1));
}

/* Without the check, a municipality uses up all 10^10 codes in hours. */
static void
without_the_check_codes_are_used_up(void **state)
{
	struct simulation *sim = *state;
	int i;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_POOL_ENDLESS);
	for (i = 0; i < 10; i++)
		assert_true(has_codes(sim, HERE, 5000));
	bug_set(BUG_NONE);
	assert_false(has_codes(sim, HERE, 1));
}

/* The attack, and that the check is what stops it. */
static void
without_the_check_guesses_go_on(void **state)
{
	struct simulation *sim = *state;
	char numbers[PEOPLE][INDIVIDUAL_NUMBER_DIGITS + 1];

	if (!bug_is_possible())
		skip();
	settle_people(sim, THERE, numbers);
	bug_set(BUG_BUDGET_ENDLESS);
	ask(sim, numbers, PEOPLE, "1980-02-28");
	bug_set(BUG_NONE);
	assert_int_equal(refused_with("no-match"), PEOPLE);
	assert_int_equal(refused_with("stopped"), 0);
}

#undef TEST
#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, scheme_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(guesses_stop_every_acquisition_until_midnight),
	    TEST(strangers_are_stopped_and_residents_are_not),
	    TEST(own_residents_have_no_budget),
	    TEST(former_residents_are_no_strangers),
	    TEST(without_the_check_guesses_go_on),
	    TEST(new_numbers_are_bounded),
	    TEST(changed_numbers_are_bounded),
	    TEST(changed_codes_are_bounded),
	    TEST(unused_codes_are_bounded),
	    TEST(a_used_code_makes_room),
	    TEST(without_the_check_codes_are_used_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
