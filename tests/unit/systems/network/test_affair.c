/* Own-use affairs: declared, confirmed, limited, withdrawn. */
#include "messages/inquiries.h"
#include "messages/records.h"
#include "tests/support/network_exchange.h"

#define DECLARATION "66666666666666666666666666666661"
#define LATER "66666666666666666666666666666662"
#define LIMIT "77777777777777777777777777777771"
#define AFFAIR "own-medical-children"

static json_t *
declaration(const char *id, const char *item)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:[s],s:[s]}",
	    "declaration", id, "affair", AFFAIR, "title",
	    "子ども医療費の助成に関する事務", "ordinance",
	    "新宿区子ども医療費助成条例", "number", "平成10年条例第5号",
	    "effective", "2026-04-01", "row", "106", "items", item, "providers",
	    "municipality");
}

static void
declare(struct simulation *sim, const char *from, json_t *body)
{
	double_say(sim, from, SELF, "affair.declare", body);
}

static void
assert_state(const char *id, const char *state)
{
	assert_string_equal(double_text("affair.state", "declaration"), id);
	assert_string_equal(double_text("affair.state", "state"), state);
}

static void
decide(struct simulation *sim, const char *id, const char *decision, int want)
{
	char path[80];

	snprintf(path, sizeof(path), "/affairs/%s/decision", id);
	simulation_act_as(sim, SIMULATION_COMMISSIONER, SIMULATION_VICE);
	double_post(sim, SELF, path,
	    json_pack("{s:s,s:s}", "decision", decision, "reason", "examined"),
	    want);
	simulation_act_as(sim, SIMULATION_CLERK, SIMULATION_CHIEF);
}

static void
limit(struct simulation *sim, const char *item, const char *organisation,
    const char *affair)
{
	double_say(sim, GIVER_OFFICES, SELF, "affair.limit",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "declaration", LIMIT, "item",
		item, "organisation", organisation, "affair", affair,
		"ordinance", "旭川市番号利用条例", "number",
		"平成27年条例第60号"));
}

static void
withdraw(struct simulation *sim, const char *from, const char *id)
{
	double_say(sim, from, SELF, "affair.withdraw",
	    json_pack("{s:s}", "declaration", id));
}

/* --- Confirmation ------------------------------------------------------------ */

static void
an_own_use_affair_is_usable_once_it_is_confirmed(void **state)
{
	struct simulation *sim = *state;

	assert_refused(sim, AFFAIR, "local-tax", "012041", "no-basis");
	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	assert_state(DECLARATION, "declared");
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
	assert_string_equal(double_text("inquiry.refused", "article"),
	    "番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）");
	decide(sim, DECLARATION, "confirm", 200);
	assert_state(DECLARATION, "confirmed");
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	/* Permit and record name the ordinance. */
	assert_string_equal(double_text("permit.issued", "article"),
	    "番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）");
	assert_string_equal(newest_record(sim, "article"),
	    "番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）");
	assert_string_equal(newest_record(sim, "affair"), AFFAIR);
}

/* The receiver's host can read it. */
static void
assert_fits(const struct message_type *type, const json_t *body)
{
	struct arena *arena = arena_new();
	void *room = arena_alloc(arena, type->shape->size);
	struct problem problem = {0};
	struct buf text;

	buf_init(&text);
	json_write(body, &text);
	if (shape_read(type->shape, arena, buf_slice(&text), room, &problem))
		fail_msg("%s: %s", type->name, problem.text);
	buf_done(&text);
	arena_free(arena);
}

static void
the_longest_name_of_an_ordinance_fits_into_what_is_told(void **state)
{
	struct simulation *sim = *state;
	json_t *body = declaration(DECLARATION, "local-tax");
	char text[OWN_USE_TEXT_MAX * 3 + 1] = "";
	size_t i;

	for (i = 0; i < OWN_USE_TEXT_MAX; i++)
		memcpy(text + 3 * i, "条", 3);
	json_object_set_new(body, "ordinance", json_string(text));
	json_object_set_new(body, "number", json_string(text));
	declare(sim, ASKER_OFFICES, body);
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
	assert_fits(&message_inquiry_refused, double_last("inquiry.refused"));
	decide(sim, DECLARATION, "confirm", 200);
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	assert_fits(
	    &message_inquiry_permitted, double_last("inquiry.permitted"));
	assert_fits(&message_permit_issued, double_last("permit.issued"));
	assert_non_null(strstr(newest_record(sim, "article"), text));
	assert_fits(&message_records_answer, double_last("records.answer"));
}

static void
what_was_not_declared_is_refused_in_a_confirmed_affair(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	assert_refused(sim, AFFAIR, "resident-record", "012041", "no-basis");
	assert_refused(sim, AFFAIR, "local-tax", "nenkin", "no-basis");
	assert_refused(sim, AFFAIR, "local-tax", "131041", "no-basis");
	assert_refused(sim, "own-other", "local-tax", "012041", "no-basis");
}

static void
an_ordinance_that_is_not_in_force_yet_is_no_basis(void **state)
{
	struct simulation *sim = *state;
	json_t *body = declaration(DECLARATION, "local-tax");

	json_object_set_new(body, "effective", json_string("2026-11-22"));
	declare(sim, ASKER_OFFICES, body);
	decide(sim, DECLARATION, "confirm", 200);
	assert_refused(sim, AFFAIR, "local-tax", "012041", "no-basis");
	simulation_leap(sim, DAY_MS);
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
}

static void
a_refused_or_withdrawn_affair_is_not_usable(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "refuse", 200);
	assert_state(DECLARATION, "refused");
	assert_string_equal(double_text("affair.state", "reason"), "examined");
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
	/* Anew, and confirmed; then the Commission takes it back. */
	declare(sim, ASKER_OFFICES, declaration(LATER, "local-tax"));
	decide(sim, LATER, "confirm", 200);
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	decide(sim, LATER, "withdraw", 200);
	assert_state(LATER, "withdrawn");
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
}

static void
the_local_government_withdraws_its_own(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	withdraw(sim, GIVER_OFFICES, DECLARATION);
	assert_int_equal(double_refused(sim, GIVER_OFFICES), 1);
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	withdraw(sim, ASKER_OFFICES, DECLARATION);
	assert_state(DECLARATION, "withdrawn");
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
	/* Again: the same answer. */
	withdraw(sim, ASKER_OFFICES, DECLARATION);
	assert_state(DECLARATION, "withdrawn");
}

/* An affair in use stays in use until its successor is confirmed. */
static void
a_later_declaration_replaces_the_one_before_when_it_is_confirmed(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	simulation_run(sim, 1000);
	declare(sim, ASKER_OFFICES, declaration(LATER, "resident-record"));
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	decide(sim, LATER, "confirm", 200);
	assert_refused(sim, AFFAIR, "local-tax", "012041", "no-basis");
	decide(sim, DECLARATION, "withdraw", 409);
}

/* --- Authority ------------------------------------------------------------ */

static void
only_the_commission_decides(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	/* The network's own holder has every duty but the Commission's. */
	double_post(sim, SELF, "/affairs/" DECLARATION "/decision",
	    json_pack("{s:s,s:s}", "decision", "confirm", "reason", "r"), 403);
	assert_refused(
	    sim, AFFAIR, "local-tax", "012041", "own-use-unconfirmed");
}

static void
a_decision_fits_the_state_or_is_refused(void **state)
{
	struct simulation *sim = *state;

	decide(sim, DECLARATION, "confirm", 404);
	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "withdraw", 409);
	decide(sim, DECLARATION, "perhaps", 400);
	decide(sim, DECLARATION, "confirm", 200);
	decide(sim, DECLARATION, "confirm", 409);
	decide(sim, DECLARATION, "refuse", 409);
}

/* --- Declarations -------------------------------------------------------------- */

static void
a_declaration_that_the_law_does_not_bear_is_refused_at_once(void **state)
{
	struct simulation *sim = *state;

	/* The row has no such item. */
	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "pension"));
	assert_state(DECLARATION, "refused");
	assert_non_null(strstr(
	    double_text("affair.state", "reason"), "item pension in row 106"));
	/* No local government. */
	declare(sim, PENSION_OFFICES, declaration(LATER, "local-tax"));
	assert_state(LATER, "refused");
	assert_non_null(
	    strstr(double_text("affair.state", "reason"), "番号法9条2項"));
	decide(sim, DECLARATION, "confirm", 409);
}

/* Derivatives made by hand for these tests; no texts of law. */
#define HEADER "row\tsub\tinquirer\taffair\tprovider\tinformation\n"
#define ANOTHER "106\t1\t市町村長\t別の事務\t市町村長\t地方税関係情報\n"
#define MOVED                                                                                                \
	"105\t1\t市町村長（児童手当法第十七条第一項の表の下欄に掲げる者を"       \
	"含む。）\t児童手当法による児童手当又は特例給付の支給に関する事務で" \
	"あって第百七条で定めるもの\t市町村長\t地方税関係情報\n"

static void
load(struct simulation *sim, const char *table)
{
	struct buf answer;
	int status = 0;

	buf_init(&answer);
	assert_int_equal(simulation_call_raw(sim, SELF, HTTP_POST,
			     "/law/editions?effective=2026-11-20&reason=r",
			     slice_of(table), SLICE(""), &status, &answer),
	    OK);
	assert_int_equal(status, 201);
	buf_done(&answer);
}

/* An edition between declaration and confirmation. */
static void
a_declaration_is_examined_again_when_it_is_confirmed(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	/* Row 106 is another affair now, which would bear it. */
	load(sim, HEADER ANOTHER);
	decide(sim, DECLARATION, "confirm", 409);
}

static void
an_affair_follows_its_row_into_another_edition(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	load(sim, HEADER MOVED ANOTHER);
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	assert_string_equal(newest_record(sim, "edition"), "2026-11-20");
}

static void
an_affair_whose_row_is_gone_is_no_basis(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	load(sim, HEADER ANOTHER);
	assert_refused(sim, AFFAIR, "local-tax", "012041", "no-basis");
}

static void
a_repeated_declaration_gets_the_same_answer(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	assert_state(DECLARATION, "confirmed");
	/* Another organisation's id. */
	declare(sim, GIVER_OFFICES, declaration(DECLARATION, "local-tax"));
	assert_int_equal(double_refused(sim, GIVER_OFFICES), 1);
}

/* Messages overtake each other. */
static void
a_withdrawal_waits_for_its_declaration(void **state)
{
	struct simulation *sim = *state;

	double_tell(sim, ASKER_OFFICES, SELF, "affair.withdraw",
	    json_pack("{s:s}", "declaration", DECLARATION));
	simulation_run(sim, 1000);
	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	assert_int_equal(simulation_settle(sim, 3600 * 1000), OK);
	assert_state(DECLARATION, "withdrawn");
	/* One that never comes is refused in the end. */
	double_tell(sim, ASKER_OFFICES, SELF, "affair.withdraw",
	    json_pack("{s:s}", "declaration", LATER));
	simulation_leap(sim, DAY_MS);
	assert_int_equal(simulation_settle(sim, 3600 * 1000), OK);
	assert_int_equal(double_refused(sim, ASKER_OFFICES), 1);
}

/* --- Limits --------------------------------------------------------------------- */

static void
a_providers_limit_refuses_with_its_ordinance_until_it_is_withdrawn(void **state)
{
	struct simulation *sim = *state;

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	decide(sim, DECLARATION, "confirm", 200);
	limit(sim, "local-tax", "", "");
	assert_state(LIMIT, "declared");
	assert_refused(sim, AFFAIR, "local-tax", "012041", "own-use-limited");
	assert_string_equal(double_text("inquiry.refused", "article"),
	    "番号法26条、旭川市番号利用条例（平成27年条例第60号）");
	/* The affairs of the table are not limited. */
	assert_permitted(sim, "106", "local-tax", "012041");
	withdraw(sim, ASKER_OFFICES, LIMIT);
	assert_int_equal(double_refused(sim, ASKER_OFFICES), 1);
	withdraw(sim, GIVER_OFFICES, LIMIT);
	assert_state(LIMIT, "withdrawn");
	assert_permitted(sim, AFFAIR, "local-tax", "012041");
	/* Late and again: it stays withdrawn. */
	limit(sim, "local-tax", "", "");
	assert_state(LIMIT, "withdrawn");
}

static void
a_limit_is_of_its_item_and_affair_alone(void **state)
{
	static const struct {
		const char *item, *organisation, *affair;
		bool stands;
	} all[] = {
	    {"", "", "", true},
	    {"local-tax", "131041", AFFAIR, true},
	    {"", "131041", "", true},
	    {"pension", "", "", false},
	    {"", "012041", "", false},
	    {"", "131041", "own-other", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct simulation *sim = nation(settings);

		declare(
		    sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
		decide(sim, DECLARATION, "confirm", 200);
		limit(sim, all[i].item, all[i].organisation, all[i].affair);
		if (all[i].stands)
			assert_refused(sim, AFFAIR, "local-tax", "012041",
			    "own-use-limited");
		else
			assert_permitted(sim, AFFAIR, "local-tax", "012041");
		double_done(sim);
	}
}

static void
a_limit_of_an_unknown_item_is_refused(void **state)
{
	struct simulation *sim = *state;

	limit(sim, "diary", "", "");
	assert_state(LIMIT, "refused");
}

static void
a_limit_of_who_has_no_ordinances_is_refused(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, PENSION_OFFICES, SELF, "affair.limit",
	    json_pack("{s:s,s:s,s:s}", "declaration", LIMIT, "ordinance",
		"内規", "number", "1号"));
	assert_state(LIMIT, "refused");
	assert_non_null(
	    strstr(double_text("affair.state", "reason"), "番号法9条2項"));
}

/* --- Seen by operators ---------------------------------------------------------- */

static void
operators_see_affairs_limits_and_decisions(void **state)
{
	struct simulation *sim = *state;
	const char *decision = "/law/decision?inquirer=131041&affair=" AFFAIR
			       "&provider=012041&item=local-tax";
	json_t *reply, *row;
	char text[256];

	declare(sim, ASKER_OFFICES, declaration(DECLARATION, "local-tax"));
	get(sim, decision, 200, "reason", text);
	assert_string_equal(text, "own-use-unconfirmed");
	decide(sim, DECLARATION, "confirm", 200);
	get(sim, decision, 200, "article", text);
	assert_string_equal(text,
	    "番号法19条9号、新宿区子ども医療費助成条例（平成10年条例第5号）");
	limit(sim, "local-tax", "", "");
	get(sim, decision, 200, "reason", text);
	assert_string_equal(text, "own-use-limited");
	simulation_act_as(sim, SIMULATION_COMMISSIONER, SIMULATION_VICE);
	reply = double_call(sim, SELF, HTTP_GET, "/affairs", NULL, 200);
	row = json_array_get(json_object_get(reply, "affairs"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "state")), "confirmed");
	assert_string_equal(
	    json_string_value(json_object_get(row, "organisation")), "131041");
	assert_string_equal(
	    json_string_value(json_object_get(row, "ordinance")),
	    "新宿区子ども医療費助成条例");
	assert_string_equal(json_string_value(json_object_get(row, "officer")),
	    SIMULATION_COMMISSIONER ", " SIMULATION_VICE);
	row = json_array_get(json_object_get(reply, "limits"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "provider")), "012041");
	json_decref(reply);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_own_use_affair_is_usable_once_it_is_confirmed),
	    TEST(the_longest_name_of_an_ordinance_fits_into_what_is_told),
	    TEST(what_was_not_declared_is_refused_in_a_confirmed_affair),
	    TEST(an_ordinance_that_is_not_in_force_yet_is_no_basis),
	    TEST(a_refused_or_withdrawn_affair_is_not_usable),
	    TEST(the_local_government_withdraws_its_own),
	    TEST(
		a_later_declaration_replaces_the_one_before_when_it_is_confirmed),
	    TEST(only_the_commission_decides),
	    TEST(a_decision_fits_the_state_or_is_refused),
	    TEST(a_declaration_that_the_law_does_not_bear_is_refused_at_once),
	    TEST(a_declaration_is_examined_again_when_it_is_confirmed),
	    TEST(an_affair_follows_its_row_into_another_edition),
	    TEST(an_affair_whose_row_is_gone_is_no_basis),
	    TEST(a_repeated_declaration_gets_the_same_answer),
	    TEST(a_withdrawal_waits_for_its_declaration),
	    TEST(
		a_providers_limit_refuses_with_its_ordinance_until_it_is_withdrawn),
	    cmocka_unit_test(a_limit_is_of_its_item_and_affair_alone),
	    TEST(a_limit_of_an_unknown_item_is_refused),
	    TEST(a_limit_of_who_has_no_ordinances_is_refused),
	    TEST(operators_see_affairs_limits_and_decisions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
