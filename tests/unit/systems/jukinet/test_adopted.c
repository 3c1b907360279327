/* jukinet with a database that was lost or put back, and adopted. */
#include "base/bug.h"
#include "tests/support/jukinet_scheme.h"

static void
lose(struct simulation *sim, enum simulation_loss loss, const char *words)
{
	struct problem refusal = {0};

	assert_int_equal(simulation_lose(sim, SELF, loss, &refusal), OK);
	if (strstr(refusal.text, words) == NULL)
		fail_msg("\"%s\" does not say \"%s\"", refusal.text, words);
}

/* A figure of jukinet's status; -1 if it is not there. */
static int64_t
figure(struct simulation *sim, const char *name)
{
	json_t *status = double_call(sim, SELF, HTTP_GET, "/status", NULL, 200);
	const json_t *value = json_object_get(status, name);
	int64_t n = value == NULL ? -1 : (int64_t)json_integer_value(value);

	json_decref(status);

	return n;
}

static void
a_lost_jukinet_gives_nobody_the_code_of_another(void **state)
{
	struct simulation *sim = *state;
	struct somebody first = HANAKO, second = HANAKO;

	first = settle(sim, HERE, first);
	lose(sim, LOSS_OF_ALL,
	    "is missing or empty, but jlis/jukinet has "
	    "worked before");
	second = settle(sim, THERE, second);
	assert_string_not_equal(first.code, second.code);
	assert_string_not_equal(first.number, second.number);
}

static void
an_older_jukinet_gives_nobody_the_code_of_another(void **state)
{
	struct simulation *sim = *state;
	struct somebody first = HANAKO, second = HANAKO;

	settle(sim, HERE, first);
	simulation_keep(sim, SELF);
	first = settle(sim, HERE, first);
	simulation_run(sim, 70000); /* the mark has the new entries */
	lose(sim, LOSS_OF_NEWEST, "--adopt-older REASON");
	second = settle(sim, THERE, second);
	assert_string_not_equal(first.code, second.code);
	assert_string_not_equal(first.number, second.number);
}

/* The tests above find it if the mark is left out. */
static void
without_a_mark_two_people_have_one_number(void **state)
{
	struct simulation *sim = *state;
	struct somebody first = HANAKO, second = HANAKO;

	if (!bug_is_possible())
		skip();
	bug_set(BUG_MARK_MISSING);
	first = settle(sim, HERE, first);
	lose(sim, LOSS_OF_ALL, "");
	second = settle(sim, THERE, second);
	bug_set(BUG_NONE);
	assert_string_equal(first.code, second.code);
	assert_string_equal(first.number, second.number);
}

static void
a_code_that_it_forgot_waits_and_is_counted(void **state)
{
	struct simulation *sim = *state;
	struct somebody lost = HANAKO, other = HANAKO;

	get_code(sim, HERE, &lost);
	get_code(sim, HERE, &other);
	assert_int_equal(figure(sim, "waits_for_rebuild"), -1);
	lose(sim, LOSS_OF_ALL, "--adopt-empty REASON");
	assert_int_equal(figure(sim, "waits_for_rebuild"), 0);
	double_forget();
	double_tell(sim, HERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s],[s,s,s,s,s,s,s,s]]}", "items",
		lost.code, lost.name, "アサヒカワ　ハナコ", lost.birth,
		lost.sex, lost.address, "", "", other.code, other.name,
		"アサヒカワ　ハナコ", other.birth, other.sex, other.address, "",
		""));
	simulation_run(sim, 600000);
	assert_int_equal(double_count("numbering.answer"), 0);
	assert_int_equal(figure(sim, "waits_for_rebuild"), 2);
	/* A code of today is no reason to wait. */
	double_tell(sim, THERE, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", 1, "request", REQUEST));
	simulation_run(sim, 10000);
	snprintf(other.code, sizeof(other.code), "%s",
	    json_string_value(json_array_get(
		json_object_get(double_last("codes.designated"), "codes"), 0)));
	double_tell(sim, THERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s]]}", "items", other.code,
		other.name, "アサヒカワ　ハナコ", other.birth, other.sex,
		other.address, "", ""));
	simulation_run(sim, 10000);
	assert_int_equal(double_count("numbering.answer"), 1);
}

static void
a_code_that_was_never_designated_is_refused_as_before(void **state)
{
	struct simulation *sim = *state;
	struct somebody lost = HANAKO, never = HANAKO;
	struct resident_code code = resident_code_from_body(4711);

	get_code(sim, HERE, &lost);
	lose(sim, LOSS_OF_ALL, "--adopt-empty REASON");
	resident_code_format(&code, never.code);
	say_numbering(sim, HERE, &never);
	assert_non_null(answered("refused", 1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    TEST(a_lost_jukinet_gives_nobody_the_code_of_another),
	    TEST(an_older_jukinet_gives_nobody_the_code_of_another),
	    TEST(without_a_mark_two_people_have_one_number),
	    TEST(a_code_that_it_forgot_waits_and_is_counted),
	    TEST(a_code_that_was_never_designated_is_refused_as_before),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
