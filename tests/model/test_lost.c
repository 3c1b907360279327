/*
 * jukinet's database, lost or put back to an older copy at any moment, and
 * adopted by an officer: no code is designated twice, and no number is given
 * to two codes, nor two numbers to one.
 */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

#define SEEDS 12
#define STEPS 60
#define COUNT_MAX 4000 /* codes in one request */

/* The world outside jukinet, which forgets nothing. */
struct outside {
	struct simulation *sim;
	struct random_seed seed;
	struct random random;
	json_t *codes;   /* code -> the request that brought it */
	json_t *numbers; /* number -> its code */
	json_t *people;  /* code -> its number */
	const char *finding;
	unsigned int losses, refusals;
};

static uint64_t
below(struct outside *o, uint64_t bound)
{
	return random_below(&o->random, bound);
}

/* Note a pair; false if `key` had another value before. */
static bool
pair(json_t *all, const char *key, const char *value)
{
	const char *before = json_string_value(json_object_get(all, key));

	if (before != NULL)
		return strcmp(before, value) == 0;
	json_object_set_new(all, key, json_string(value));

	return true;
}

/* --- What registries hear -------------------------------------------------- */

static void
hear_codes(struct outside *o, const json_t *body)
{
	const char *request =
	    json_string_value(json_object_get(body, "request"));
	const json_t *code;
	size_t i;

	json_array_foreach(json_object_get(body, "codes"), i,
	    code) if (!pair(o->codes, json_string_value(code), request))
	    o->finding = "a code was designated twice";
}

static void
hear_numbers(struct outside *o, const json_t *body)
{
	const char *code, *number;
	const json_t *row;
	size_t i;

	json_array_foreach(json_object_get(body, "items"), i, row)
	{
		code = json_string_value(json_array_get(row, 0));
		number = json_string_value(json_array_get(row, 1));
		if (!pair(o->numbers, number, code))
			o->finding = "a number was given to two codes";
		if (!pair(o->people, code, number))
			o->finding = "a code was given two numbers";
	}
}

static void
hear_all(struct outside *o)
{
	const struct double_message *m;
	size_t i;

	for (i = 0; i < double_n_messages; i++) {
		m = &double_messages[i];
		if (strcmp(m->type, "codes.designated") == 0)
			hear_codes(o, m->body);
		else if (strcmp(m->type, "numbering.answer") == 0)
			hear_numbers(o, m->body);
	}
	double_forget();
}

/* --- What happens ---------------------------------------------------------- */

static const char *
any_registry(struct outside *o)
{
	return below(o, 2) == 0 ? HERE : THERE;
}

static void
ask_for_codes(struct outside *o)
{
	static unsigned int n;
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++n);
	double_tell(o->sim, any_registry(o), SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", (int)below(o, COUNT_MAX) + 1,
		"request", request));
}

/* Any code that was ever designated. */
static void
ask_for_number(struct outside *o)
{
	size_t n = json_object_size(o->codes);
	void *at = json_object_iter(o->codes);
	struct somebody s = HANAKO;
	uint64_t skip;

	if (n == 0)
		return;
	for (skip = below(o, n < 1000 ? n : 1000); skip > 0; skip--)
		at = json_object_iter_next(o->codes, at);
	snprintf(s.code, sizeof(s.code), "%s", json_object_iter_key(at));
	double_tell(o->sim, any_registry(o), SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s]]}", "items", s.code, s.name,
		"アサヒカワ　ハナコ", s.birth, s.sex, s.address, "", ""));
}

static void
lose(struct outside *o)
{
	struct problem refusal = {0};
	enum simulation_loss loss =
	    below(o, 2) == 0 ? LOSS_OF_ALL : LOSS_OF_NEWEST;

	if (simulation_lose(o->sim, SELF, loss, &refusal))
		fail_msg("jukinet does not start again: %s", refusal.text);
	o->losses++;
	o->refusals += refusal.text[0] != '\0';
}

static void
step(struct outside *o)
{
	uint64_t dice = below(o, 10);

	if (dice < 4)
		ask_for_codes(o);
	else if (dice < 7)
		ask_for_number(o);
	else if (dice < 8)
		simulation_keep(o->sim, SELF);
	else
		lose(o);
	simulation_run(o->sim, (int64_t)below(o, 30000));
	hear_all(o);
}

/* The first finding of a run, or NULL. */
static const char *
run(uint64_t seed, enum bug bug)
{
	struct outside o = {.seed = {.seed = seed}};
	void *nation;
	int i;

	o.random = random_seeded(&o.seed, seed);
	double_seed = seed;
	bug_set(bug);
	scheme_set_up(&nation);
	o.sim = nation;
	o.codes = json_object();
	o.numbers = json_object();
	o.people = json_object();
	for (i = 0; i < STEPS && o.finding == NULL; i++)
		step(&o);
	if (bug == BUG_NONE && o.losses > 3)
		assert_true(o.refusals > 0);
	json_decref(o.codes);
	json_decref(o.numbers);
	json_decref(o.people);
	bug_set(BUG_NONE);
	scheme_tear_down(&nation);

	return o.finding;
}

static const char *
search(enum bug bug)
{
	const char *finding = NULL;
	uint64_t seed;

	for (seed = 1; seed <= SEEDS && finding == NULL; seed++)
		finding = run(seed, bug);
	print_message("%s: %s\n", bug == BUG_NONE ? "as it is" : bug_name(bug),
	    finding == NULL ? "nothing" : finding);

	return finding;
}

static void
no_code_and_no_number_is_given_twice(void **state)
{
	(void)state;
	assert_null(search(BUG_NONE));
}

static void
a_mark_that_is_missing_or_late_is_found(void **state)
{
	(void)state;
	if (!bug_is_possible())
		skip();
	assert_non_null(search(BUG_MARK_MISSING));
	assert_non_null(search(BUG_MARK_LATE));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_code_and_no_number_is_given_twice),
	    cmocka_unit_test(a_mark_that_is_missing_or_late_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
