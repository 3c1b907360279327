/* Records that are kept from the person's view, for a ground and until a day. */
#include "base/bug.h"
#include "tests/support/network_scheme.h"

#define FEW "contents:protection:2027-03-31"
#define NONE "existence:protection:2027-03-31"
#define LEAST 5   /* withheld in 30 days */
#define PAGE 200  /* of the officer's list */
#define EACH 20   /* inquiries about one person in 30 days */
#define PEOPLE 17 /* of whom 300 inquiries are honest */

static char codes[PEOPLE][33], portal_code[33];
static unsigned int n_inquiries;

/* People whom the asker, the giver and the portal know. */
static void
meet(struct simulation *sim, size_t n)
{
	char code[33];
	size_t i;

	n_inquiries = 0;
	for (i = 0; i < n; i++) {
		acquire(sim, ASKER, i + 1, codes[i]);
		acquire(sim, GIVER, i + 1, code);
	}
	acquire(sim, PORTAL, 1, portal_code);
}

static const char *
newest(void)
{
	static char id[33];

	snprintf(id, sizeof(id), "%032x", n_inquiries);

	return id;
}

struct asking {
	const char *code, *affair, *withheld;
	const char *officer, *second;
};

static json_t *
inquiry_of(struct simulation *sim, const struct asking *a)
{
	struct question q = question_about(a->affair, "local-tax", "012041");
	json_t *body;

	n_inquiries++;
	q.withheld = slice_of(a->withheld);
	body = signed_inquiry(sim, newest(), a->code, q);
	json_put_text(body, "officer", slice_of(a->officer));
	json_put_text(body, "second", slice_of(a->second));

	return body;
}

static void
ask_as(struct simulation *sim, const struct asking *a)
{
	if (double_n_messages > PAGE)
		double_forget();
	double_say(sim, ASKER, SELF, "inquiry.request", inquiry_of(sim, a));
}

static void
ask(struct simulation *sim, const char *withheld)
{
	ask_as(
	    sim, &(struct asking){codes[0], "106", withheld, "sato", "suzuki"});
}

static void
assert_refused(struct simulation *sim, const struct asking *a, const char *why)
{
	size_t before = double_count("inquiry.permitted");

	ask_as(sim, a);
	assert_int_equal(double_count("inquiry.permitted"), before);
	assert_string_equal(double_text("inquiry.refused", "reason"),
	    "withholding-not-allowed");
	assert_string_equal(
	    double_text("inquiry.refused", "article"), "番号法23条2項");
	assert_non_null(strstr(double_text("inquiry.refused", "text"), why));
}

/* The resident's list. */
static const json_t *
answer(struct simulation *sim)
{
	double_say(sim, PORTAL, SELF, "records.request",
	    json_pack("{s:s,s:s}", "request", AN, "code", portal_code));

	return double_last("records.answer");
}

static void
assert_sees(struct simulation *sim, size_t records, size_t withheld)
{
	const json_t *a = answer(sim);

	assert_int_equal(
	    json_array_size(json_object_get(a, "records")), records);
	assert_int_equal(
	    json_array_size(json_object_get(a, "withheld")), withheld);
}

static const char *
text_of(const json_t *row, const char *key)
{
	const char *text = json_string_value(json_object_get(row, key));

	return text == NULL ? "" : text;
}

static void
report(struct simulation *sim, const char *outcome, const char *withheld,
    const char *second)
{
	char at[INSTANT_TEXT_MAX];

	instant_format(simulation_now(sim), at);
	double_say(sim, GIVER, SELF, "provision.report",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "permit",
		double_text("permit.issued", "permit"), "outcome", outcome,
		"at", at, "withheld", withheld, "officer", "ito", "second",
		second));
}

/* The officer's list; a new reference. */
static json_t *
list(struct simulation *sim, const char *query)
{
	char path[160];

	snprintf(path, sizeof(path), "/records/hidden%s", query);

	return double_call(sim, SELF, HTTP_GET, path, NULL, 200);
}

/* A count of /status. */
static int64_t
counted(struct simulation *sim, const char *name)
{
	json_t *reply = double_call(sim, SELF, HTTP_GET, "/status", NULL, 200);
	int64_t n = (int64_t)json_integer_value(
	    json_object_get(json_object_get(reply, "counts"), name));

	json_decref(reply);

	return n;
}

static size_t
listed(struct simulation *sim, const char *query)
{
	json_t *reply = list(sim, query);
	size_t n = json_array_size(json_object_get(reply, "records"));

	json_decref(reply);

	return n;
}

/* --- The inquirer's word --------------------------------------------------- */

static void
contents_are_one_line_without_names_until_the_last_day(void **state)
{
	struct simulation *sim = *state;
	const json_t *row;

	meet(sim, 1);
	ask(sim, "contents:protection:2026-11-23");
	row = json_array_get(json_object_get(answer(sim), "withheld"), 0);
	assert_string_equal(text_of(row, "withheld_until"), "2026-11-23");
	assert_int_equal(json_object_size(row), 2);
	assert_sees(sim, 0, 1);
	simulation_run(sim, 3 * DAY_MS);
	assert_sees(sim, 1, 0);
	row = json_array_get(json_object_get(answer(sim), "records"), 0);
	assert_string_equal(text_of(row, "withheld_until"), "2026-11-23");
	assert_string_equal(text_of(row, "ground"), "protection");
	assert_non_null(
	    strstr(text_of(row, "withheld_article"), "番号法23条2項"));
	assert_string_equal(text_of(row, "inquirer"), "131041");
	assert_int_equal(listed(sim, ""), 0);
}

static void
existence_is_nothing_until_the_last_day(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	ask(sim, "existence:protection:2026-11-23");
	assert_int_equal(double_count("inquiry.permitted"), 1);
	assert_sees(sim, 0, 0);
	simulation_run(sim, 3 * DAY_MS);
	assert_sees(sim, 1, 0);
}

static void
with_the_bug_nothing_is_ever_shown(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	meet(sim, 1);
	ask(sim, "existence:protection:2026-11-23");
	simulation_run(sim, 3 * DAY_MS);
	bug_set(BUG_WITHHELD_FOREVER);
	assert_sees(sim, 0, 0);
	bug_set(BUG_NONE);
	assert_sees(sim, 1, 0);
}

static void
an_affair_has_grounds_grades_and_days_of_its_own(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	assert_refused(sim,
	    &(struct asking){
		codes[0], "106", "contents:audit:2027-03-31", "sato", ""},
	    "has no ground");
	assert_refused(sim,
	    &(struct asking){
		codes[0], "106", "contents:protection:2027-11-30", "sato", ""},
	    "at most 365 days");
	assert_refused(sim,
	    &(struct asking){
		codes[0], "106", "contents:protection:2026-11-20", "sato", ""},
	    "at most 365 days");
	assert_refused(sim,
	    &(struct asking){
		codes[0], "106", "contents:before-2026:2027-03-31", "sato", ""},
	    "has no ground");
	/* A refusal is no permit, and is not hidden. */
	assert_int_equal(double_count("permit.issued"), 0);
	assert_sees(sim, 4, 0);
	assert_int_equal(listed(sim, ""), 0);
}

static void
existence_is_withheld_by_two_officers(void **state)
{
	struct simulation *sim = *state;
	const struct asking alone = {codes[0], "106", NONE, "sato", ""};
	const struct asking twice = {codes[0], "106", NONE, "sato", "sato"};

	meet(sim, 1);
	assert_refused(sim, &alone, "by two officers");
	assert_refused(sim, &twice, "by two officers");
	if (!bug_is_possible())
		return;
	bug_set(BUG_EXISTENCE_BY_ONE);
	ask_as(sim, &alone);
	bug_set(BUG_NONE);
	assert_int_equal(double_count("inquiry.permitted"), 1);
}

static void
without_the_table_any_ground_hides(void **state)
{
	struct simulation *sim = *state;

	if (!bug_is_possible())
		skip();
	meet(sim, 1);
	bug_set(BUG_GROUND_UNCHECKED);
	ask(sim, "contents:shame:2035-01-01");
	bug_set(BUG_NONE);
	assert_int_equal(double_count("inquiry.permitted"), 1);
	assert_sees(sim, 0, 1);
}

static void
what_the_law_refuses_is_never_hidden(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	/* Row 1 does not give this to a municipality; nor has it a ground. */
	ask_as(sim, &(struct asking){codes[0], "1", FEW, "sato", ""});
	assert_string_equal(
	    double_text("inquiry.refused", "reason"), "no-basis");
	assert_sees(sim, 1, 0);
}

/* --- How often -------------------------------------------------------------- */

static void
past_a_share_an_officer_decides(void **state)
{
	struct simulation *sim = *state;
	size_t i;

	meet(sim, 1);
	for (i = 0; i < LEAST; i++)
		ask(sim, FEW);
	assert_int_equal(double_count("inquiry.permitted"), LEAST);
	ask(sim, FEW);
	assert_int_equal(double_count("inquiry.permitted"), LEAST);
	assert_string_equal(
	    double_text("inquiry.waiting", "reason"), "withheld");
	assert_int_equal(counted(sim, "waiting"), 1);
	assert_int_equal(counted(sim, "withheld"), LEAST);
	assert_int_equal(counted(sim, "over_budget"), 1);
	/* An inquiry that is not withheld goes on. */
	ask(sim, "");
	assert_int_equal(double_count("inquiry.permitted"), LEAST + 1);
}

static void
what_waits_is_withheld_when_it_is_released(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;
	char path[96];
	size_t i;

	meet(sim, 1);
	for (i = 0; i < LEAST + 1; i++)
		ask(sim, NONE);
	reply =
	    double_call(sim, SELF, HTTP_GET, "/inquiries/waiting", NULL, 200);
	snprintf(path, sizeof(path), "/inquiries/waiting/%s/decision",
	    text_of(json_array_get(json_object_get(reply, "inquiries"), 0),
		"record"));
	json_decref(reply);
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s}", "decision", "release", "reason", "r"), 200);
	assert_int_equal(double_count("inquiry.permitted"), LEAST + 1);
	assert_sees(sim, 0, 0);
	assert_int_equal(listed(sim, ""), LEAST + 1);
}

/* 2 % of 306 inquiries are six. */
static void
the_share_grows_with_what_is_asked(void **state)
{
	struct simulation *sim = *state;
	size_t i;

	meet(sim, PEOPLE);
	for (i = 0; i < 300 + LEAST + 1; i++)
		ask_as(sim,
		    &(struct asking){codes[i % PEOPLE], "106",
			i < 300 ? "" : FEW, "sato", ""});
	assert_int_equal(double_count("inquiry.waiting"), 0);
	ask_as(
	    sim, &(struct asking){codes[i % PEOPLE], "106", FEW, "sato", ""});
	assert_string_equal(
	    double_text("inquiry.waiting", "reason"), "withheld");
}

/* --- The provider's mark ---------------------------------------------------- */

static void
a_providers_mark_hides_by_a_ground_of_marks(void **state)
{
	struct simulation *sim = *state;
	json_t *reply;

	meet(sim, 1);
	ask(sim, "");
	assert_sees(sim, 1, 0);
	report(sim, "provided", NONE, "kato");
	assert_sees(sim, 0, 0);
	reply = list(sim, "?organisation=012041&outcome=provided");
	assert_string_equal(
	    text_of(
		json_array_get(json_object_get(reply, "records"), 0), "side"),
	    "provider");
	json_decref(reply);
}

static void
a_mark_that_is_not_allowed_hides_nothing(void **state)
{
	static const char *const wrong[][2] = {
	    {"contents:audit:2027-03-31", ""},
	    {"contents:protection:2027-12-31", ""}, {NONE, ""}, {NONE, "ito"}};
	struct simulation *sim = *state;
	size_t i;

	meet(sim, 1);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		ask(sim, "");
		report(sim, "provided", wrong[i][0], wrong[i][1]);
		assert_sees(sim, i + 1, 0);
	}
}

/* A mark protects somebody: past its figure the status says so. */
static void
marks_past_their_figure_are_an_alarm(void **state)
{
	struct simulation *sim = *state;
	size_t i;

	meet(sim, 1);
	for (i = 0; i < 11; i++) {
		ask(sim, "");
		report(sim, "provided", FEW, "");
		assert_int_equal(counted(sim, "over_budget"), i == 10);
	}
	assert_sees(sim, 0, 11);
}

/* Each side's grade ends on its own day. */
static void
the_sides_end_on_their_own_days(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	ask(sim, "existence:protection:2026-11-22");
	report(sim, "provided", "contents:protection:2026-11-24", "");
	assert_sees(sim, 0, 0);
	simulation_run(sim, 2 * DAY_MS);
	assert_sees(sim, 0, 1);
	simulation_run(sim, 2 * DAY_MS);
	assert_sees(sim, 1, 0);
}

/* --- For longer ------------------------------------------------------------- */

static json_t *
longer(const char *until, const char *second)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "side", "inquirer",
	    "record", newest(), "ground", "protection", "until", until,
	    "officer", "sato", "second", second);
}

static void
a_record_is_withheld_for_longer_before_the_end(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	ask(sim, "contents:protection:2026-11-23");
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2026-11-25", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 0);
	simulation_run(sim, 3 * DAY_MS);
	assert_sees(sim, 0, 1);
	simulation_run(sim, 2 * DAY_MS);
	assert_sees(sim, 1, 0);
	/* The end is the end. */
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2026-12-25", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 1);
	assert_sees(sim, 1, 0);
}

static void
for_longer_needs_two_the_table_and_a_share(void **state)
{
	struct simulation *sim = *state;
	int i;

	meet(sim, 1);
	ask(sim, FEW);
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2027-04-01", "sato"));
	assert_int_equal(double_refused(sim, ASKER), 1);
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2027-12-01", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 2);
	/* A day no later is a repetition. */
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2027-03-01", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 2);
	for (i = 1; i < LEAST; i++) {
		char until[] = "2027-04-00";

		until[9] = (char)('0' + i);
		double_say(
		    sim, ASKER, SELF, "record.withheld", longer(until, "kato"));
	}
	assert_int_equal(double_refused(sim, ASKER), 2);
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2027-04-09", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 3);
}

static void
nobody_withholds_the_record_of_others(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	ask(sim, "");
	double_say(
	    sim, ASKER, SELF, "record.withheld", longer("2027-04-01", "kato"));
	assert_int_equal(double_refused(sim, ASKER), 1);
	assert_sees(sim, 1, 0);
}

/* --- The officer ------------------------------------------------------------ */

static void
decide(struct simulation *sim, const char *decision, const char *withheld,
    int want)
{
	char path[96];

	snprintf(path, sizeof(path), "/records/%s/disclosure",
	    double_text("permit.issued", "permit"));
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s,s:s}", "decision", decision, "withheld",
		withheld, "reason", "as the committee decided"),
	    want);
}

static void
an_officer_shows_and_hides(void **state)
{
	struct simulation *sim = *state;

	meet(sim, 1);
	ask(sim, NONE);
	assert_sees(sim, 0, 0);
	decide(sim, "show", "", 200);
	assert_sees(sim, 1, 0);
	decide(sim, "hide", "", 400);
	decide(sim, "hide", "contents:audit:2027-03-31", 403);
	decide(sim, "hide", FEW, 200);
	assert_sees(sim, 0, 1);
	decide(sim, "burn", "", 400);
}

/* An officer grants more than a page of them. */
static void
grant(struct simulation *sim)
{
	double_post(sim, SELF, "/budgets/grants",
	    json_pack("{s:s,s:s,s:i,s:s,s:s,s:s}", "organisation", "131041",
		"kind", "withheld", "amount", 1000, "from", "2026-11-21",
		"until", "2026-11-30", "reason", "r"),
	    201);
}

static void
the_list_has_pages_filters_and_counts(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *row;
	char query[96];
	size_t i;

	meet(sim, PEOPLE);
	grant(sim);
	for (i = 0; i < PAGE + 3; i++)
		ask_as(sim,
		    &(struct asking){codes[i % PEOPLE], "106",
			i == PAGE ? "contents:protection:2026-12-01" : FEW,
			"sato", ""});
	reply = list(sim, "");
	assert_int_equal(
	    json_array_size(json_object_get(reply, "records")), PAGE);
	/* The first to end is at the head. */
	row = json_array_get(json_object_get(reply, "records"), 0);
	assert_string_equal(text_of(row, "until"), "2026-12-01");
	row = json_array_get(json_object_get(reply, "organisations"), 0);
	assert_string_equal(text_of(row, "organisation"), "131041");
	assert_int_equal(
	    json_integer_value(json_object_get(row, "withheld")), PAGE + 3);
	assert_int_equal(
	    json_integer_value(json_object_get(row, "refused")), 0);
	snprintf(query, sizeof(query), "?after=%s", text_of(reply, "next"));
	json_decref(reply);
	assert_int_equal(listed(sim, query), 3);
	assert_int_equal(listed(sim, "?organisation=012041"), 0);
	assert_int_equal(listed(sim, "?outcome=provided"), 0);
	assert_int_equal(listed(sim, "?ends_before=2026-12-02"), 1);
	assert_int_equal(listed(sim, "?ends_before=2026-12-01"), 0);
	json_decref(double_call(
	    sim, SELF, HTTP_GET, "/records/hidden?after=x", NULL, 400));
}

/* Junk: refused, and therefore nowhere in the list. */
static void
junk_pushes_nothing_out_of_the_list(void **state)
{
	const char *nobody = "00000000000000000000000000000001";
	struct simulation *sim = *state;
	size_t i;

	meet(sim, 1);
	ask(sim, FEW);
	for (i = 0; i < PAGE + 1; i++)
		ask_as(sim, &(struct asking){nobody, "106", FEW, "sato", ""});
	assert_int_equal(listed(sim, ""), 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, scheme_set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(contents_are_one_line_without_names_until_the_last_day),
	    TEST(existence_is_nothing_until_the_last_day),
	    TEST(with_the_bug_nothing_is_ever_shown),
	    TEST(an_affair_has_grounds_grades_and_days_of_its_own),
	    TEST(existence_is_withheld_by_two_officers),
	    TEST(without_the_table_any_ground_hides),
	    TEST(what_the_law_refuses_is_never_hidden),
	    TEST(past_a_share_an_officer_decides),
	    TEST(what_waits_is_withheld_when_it_is_released),
	    TEST(the_share_grows_with_what_is_asked),
	    TEST(a_providers_mark_hides_by_a_ground_of_marks),
	    TEST(a_mark_that_is_not_allowed_hides_nothing),
	    TEST(marks_past_their_figure_are_an_alarm),
	    TEST(the_sides_end_on_their_own_days),
	    TEST(a_record_is_withheld_for_longer_before_the_end),
	    TEST(for_longer_needs_two_the_table_and_a_share),
	    TEST(nobody_withholds_the_record_of_others),
	    TEST(an_officer_shows_and_hides),
	    TEST(the_list_has_pages_filters_and_counts),
	    TEST(junk_pushes_nothing_out_of_the_list),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
