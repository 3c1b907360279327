/* The addressee system between doubles of its neighbours. */
#include "host/node_internal.h"
#include "number/individual_number.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/person.h"
#include "tests/support/addressee_scheme.h"

#define INQUIRY "0123456789abcdef0123456789abcdef"

static json_t *
changed(const char *bn, const char *event, unsigned int n)
{
	return json_pack("{s:[[s,s,s,s,s,s,s,s,s]]}", "items", bn, event,
	    "2026-11-20", addressee_number(n), "番号太郎", "バンゴウタロウ",
	    "1980-05-05", "1", "東京都新宿区西新宿");
}

static void
say_registered(
    struct simulation *sim, const char *from, const char *bn, unsigned int n)
{
	double_say(sim, from, SELF, "persons.registered",
	    addressee_registered(bn, n, "1980-05-05"));
}

/* POST /lookups; new reference. */
static json_t *
lookup(struct simulation *sim, const char *system, const char *bn, int want)
{
	return double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s,s:s}", "system", system, "business_number", bn),
	    want);
}

static void
assert_same_person(
    struct simulation *sim, const char *system, const char *a, const char *b)
{
	json_t *first = lookup(sim, "registry", a, 200);
	json_t *second = lookup(sim, system, b, 200);

	assert_string_equal(
	    json_string_value(json_object_get(first, "internal_number")),
	    json_string_value(json_object_get(second, "internal_number")));
	json_decref(first);
	json_decref(second);
}

/* --- Persons ------------------------------------------------------------- */

static void
one_person_has_one_internal_number_for_all_systems(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, OFFICES, "T1", 1);
	assert_same_person(sim, "offices", "R1", "T1");
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	assert_int_equal(double_count("acquisition.request"), 1);
}

static void
registering_twice_changes_nothing(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R1", 1);
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 0);
	assert_int_equal(double_count("acquisition.request"), 1);
}

static void
same_name_and_birthday_is_not_the_same_person(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R2", 2);
	assert_int_equal(double_progress(sim, SELF, "persons"), 2);
}

static void
a_taken_business_number_is_not_relinked_silently(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R1", 2);
	say_registered(sim, REGISTRY, "R1", 2);
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 1);
	assert_int_equal(double_count("acquisition.request"), 1);
}

static void
another_birthday_under_the_number_is_a_conflict(void **state)
{
	struct simulation *sim = *state;
	json_t *reply, *row;

	say_registered(sim, REGISTRY, "R1", 1);
	double_say(sim, OFFICES, SELF, "persons.registered",
	    addressee_registered("T1", 1, "1981-05-05"));
	json_decref(lookup(sim, "offices", "T1", 404));
	reply = double_call(sim, SELF, HTTP_GET, "/conflicts", NULL, 200);
	row = json_array_get(json_object_get(reply, "conflicts"), 0);
	assert_string_equal(
	    json_string_value(json_object_get(row, "reason")), "other-person");
	assert_null(json_object_get(row, "number"));
	json_decref(reply);
}

/* The first open conflict's number. */
static int64_t
first_conflict(struct simulation *sim)
{
	json_t *reply =
	    double_call(sim, SELF, HTTP_GET, "/conflicts", NULL, 200);
	json_t *row = json_array_get(json_object_get(reply, "conflicts"), 0);
	int64_t id =
	    (int64_t)json_integer_value(json_object_get(row, "conflict"));

	json_decref(reply);

	return id;
}

static void
decide(struct simulation *sim, int64_t id, const char *decision, int want)
{
	char path[64];

	snprintf(path, sizeof(path), "/conflicts/%lld/decision", (long long)id);
	double_post(
	    sim, SELF, path, json_pack("{s:s}", "decision", decision), want);
}

static void
an_operator_relinks_after_a_conflict(void **state)
{
	struct simulation *sim = *state;
	int64_t id;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R2", 2);
	say_registered(sim, OFFICES, "R1", 2);
	id = first_conflict(sim);
	decide(sim, id, "perhaps", 400);
	decide(sim, id, "relink", 200);
	decide(sim, id, "keep", 409);
	decide(sim, id + 1, "keep", 404);
	assert_same_person(sim, "offices", "R2", "R1");
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 0);
}

static void
a_relinked_new_person_gets_a_code_of_its_own(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R1", 2);
	decide(sim, first_conflict(sim), "relink", 200);
	assert_int_equal(double_progress(sim, SELF, "persons"), 2);
	assert_int_equal(double_count("acquisition.request"), 2);
}

static void
a_kept_conflict_leaves_the_record(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R1", 2);
	decide(sim, first_conflict(sim), "keep", 200);
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 0);
	assert_int_equal(double_audited(sim, SELF, "conflict.decide", NULL), 1);
	assert_int_equal(double_audited(sim, SELF, "conflict.decide", ""), 0);
}

/* --- Changes ------------------------------------------------------------- */

static void
a_new_number_replaces_the_old_which_is_kept(void **state)
{
	struct simulation *sim = *state;
	json_t *old;

	say_registered(sim, REGISTRY, "R1", 1);
	double_say(sim, REGISTRY, SELF, "persons.changed",
	    changed("R1", "number-change", 2));
	old = double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", addressee_number(1)), 404);
	json_decref(old);
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", addressee_number(2)), 200));
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	/* A sender that still uses the old number is not believed. */
	say_registered(sim, OFFICES, "T1", 1);
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 1);
}

static void
an_office_cannot_change_a_residents_number(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, OFFICES, "T1", 1);
	double_say(sim, OFFICES, SELF, "persons.changed",
	    changed("T1", "number-change", 2));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", addressee_number(1)), 200));
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 1);
}

static void
a_number_of_another_person_is_a_conflict(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	say_registered(sim, REGISTRY, "R2", 2);
	double_say(sim, REGISTRY, SELF, "persons.changed",
	    changed("R1", "number-change", 2));
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 1);
}

static void
a_change_may_overtake_the_registration(void **state)
{
	struct simulation *sim = *state;
	json_t *person;

	double_say(
	    sim, REGISTRY, SELF, "persons.changed", changed("R1", "death", 1));
	assert_int_equal(double_progress(sim, SELF, "persons"), 1);
	person = lookup(sim, "registry", "R1", 200);
	assert_string_equal(
	    json_string_value(json_object_get(person, "deceased")),
	    "2026-11-20");
	json_decref(person);
}

/* A row that was sent before the newest news and comes after it. */
static void
late_news_changes_nothing(void **state)
{
	struct simulation *sim = *state;
	struct node *node = simulation_node(sim, SELF);
	struct caller caller = {.role = ROLE_HOST};
	struct problem problem = {0};
	struct person_outcome outcome;
	struct individual_number in = individual_number_from_body(1001);
	struct person_row row = {.system = SLICE("registry"),
	    .at = {DOUBLE_START_MS - HOUR_MS},
	    .business_number = SLICE("R1"),
	    .number = &in,
	    .attributes = {.name = SLICE("番号太郎"),
		.birth = {1980, 5, 5},
		.sex = SEX_MALE,
		.address = SLICE("東京都新宿区")}};
	json_t *person;
	struct turn turn;

	double_say(
	    sim, REGISTRY, SELF, "persons.changed", changed("R1", "move", 2));
	assert_int_equal(node_begin(node, simulation_now(sim)), OK);
	assert_int_equal(turn_open(node, &caller, &problem, &turn), OK);
	assert_int_equal(person_register(&turn, &row, &outcome), OK);
	assert_int_equal(outcome.internal.value, 0);
	assert_int_equal(turn_close(&turn, OK), OK);
	assert_int_equal(node_commit(node, &problem), OK);
	person = lookup(sim, "registry", "R1", 200);
	assert_string_equal(
	    json_string_value(json_object_get(person, "address")),
	    "東京都新宿区西新宿");
	json_decref(person);
	assert_int_equal(double_progress(sim, SELF, "conflicts"), 0);
}

static void
lookups_name_a_person_in_exactly_one_way(void **state)
{
	struct simulation *sim = *state;

	json_decref(
	    double_call(sim, SELF, HTTP_POST, "/lookups", json_object(), 400));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s,s:s}", "number", addressee_number(1),
		"business_number", "R1"),
	    400));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "number", "123456789012"), 400));
	json_decref(double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s}", "internal_number", "000000000000001"), 404));
	json_decref(lookup(sim, "registry", "R9", 404));
}

/* --- Translation --------------------------------------------------------- */

static json_t *
replica(const char *bn)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:[[s,{s:i}]]}", "item",
	    "local-tax", "version", "2026", "at", "2026-11-21T08:00:00.000Z",
	    "change", "correct", "officer", "sato", "items", bn, "income", 1);
}

static json_t *
inquiry(const char *bn, int confirmed)
{
	return double_matter(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b}",
	    "inquiry", INQUIRY, "business_number", bn, "affair", "106", "item",
	    "local-tax", "version", "2026", "provider", "012041", "unit",
	    "児童手当係", "withheld", "contents:protection:2027-03-31",
	    "deceased_confirmed", confirmed));
}

/* An office says `body`: the relay hears the same of an internal number. */
static void
assert_goes_on(struct simulation *sim, const char *type, json_t *body)
{
	json_t *heard, *said = json_deep_copy(body);

	double_say(sim, OFFICES, SELF, type, body);
	heard = json_deep_copy(double_last(type));
	assert_int_equal(strlen(double_text(type, "internal_number")),
	    INTERNAL_NUMBER_DIGITS);
	json_object_del(heard, "internal_number");
	json_object_del(said, "business_number");
	json_object_del(said, "deceased_confirmed");
	assert_true(json_equal(heard, said));
	json_decref(heard);
	json_decref(said);
}

static void
replicas_go_on_under_internal_numbers(void **state)
{
	struct simulation *sim = *state;
	json_t *person, *heard, *said;

	say_registered(sim, REGISTRY, "R1", 1);
	/* An office uses the registry's business numbers. */
	double_say(sim, OFFICES, SELF, "replica.put", replica("R1"));
	person = lookup(sim, "registry", "R1", 200);
	assert_string_equal(double_item("replica.put", 0, 0),
	    json_string_value(json_object_get(person, "internal_number")));
	heard = json_deep_copy(double_last("replica.put"));
	json_array_set_new(json_array_get(json_object_get(heard, "items"), 0),
	    0, json_string("R1"));
	said = replica("R1");
	assert_true(json_equal(heard, said));
	json_decref(heard);
	json_decref(said);
	json_decref(person);
}

static void
replicas_of_unknown_persons_go_back(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OFFICES, SELF, "replica.put", replica("R9"));
	assert_int_equal(double_count("replica.put"), 0);
	assert_string_equal(double_item("replica.refused", 0, 0), "R9");
	assert_string_equal(
	    double_item("replica.refused", 0, 1), "unknown-person");
}

static void
an_inquiry_goes_on_under_an_internal_number(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	assert_goes_on(sim, "inquiry.request", inquiry("R1", 0));
}

/* The answers of others are between the relay and the offices. */
static void
an_answer_is_not_for_us(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	double_say(sim, OFFICES, SELF, "inquiry.request", inquiry("R1", 0));
	double_say(sim, RELAY, SELF, "inquiry.answered",
	    json_pack("{s:s,s:s,s:{s:i}}", "inquiry", INQUIRY, "outcome",
		"provided", "contents", "income", 1));
	assert_int_equal(double_refused(sim, RELAY), 1);
	assert_int_equal(double_count("inquiry.answered"), 0);
}

/* Which questions there are is for the relay to know. */
static void
a_cancellation_goes_on_as_it_is(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OFFICES, SELF, "inquiry.cancel",
	    json_pack("{s:s}", "inquiry", INQUIRY));
	assert_string_equal(double_text("inquiry.cancel", "inquiry"), INQUIRY);
}

static void
an_inquiry_about_nobody_is_answered_at_once(void **state)
{
	struct simulation *sim = *state;

	double_say(sim, OFFICES, SELF, "inquiry.request", inquiry("R9", 0));
	assert_int_equal(double_count("inquiry.request"), 0);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "unknown-person");
}

static void
an_inquiry_that_the_relay_does_not_take_is_answered(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	double_refuses = "inquiry.request";
	double_say(sim, OFFICES, SELF, "inquiry.request", inquiry("R1", 0));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "refused");
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "message-refused");
	assert_non_null(strstr(double_text("inquiry.answered", "text"),
	    ": the double refuses it"));
	assert_int_equal(double_audited(sim, SELF, "inquiry.refuse", NULL), 1);
	assert_int_equal(double_audited(sim, SELF, "inquiry.refuse", ""), 0);
}

static void
an_inquiry_about_the_dead_must_be_meant(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	double_say(
	    sim, REGISTRY, SELF, "persons.changed", changed("R1", "death", 1));
	double_say(sim, OFFICES, SELF, "inquiry.request", inquiry("R1", 0));
	assert_int_equal(double_count("inquiry.request"), 0);
	assert_string_equal(
	    double_text("inquiry.answered", "reason"), "deceased");
	double_say(sim, OFFICES, SELF, "inquiry.request", inquiry("R1", 1));
	assert_int_equal(double_count("inquiry.request"), 1);
}

static json_t *
search(const char *bn)
{
	return double_matter(json_pack("{s:s,s:s,s:s,s:s}", "search", INQUIRY,
	    "business_number", bn, "affair", "106", "item", "local-tax"));
}

static void
searches_go_on_or_find_nobody(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	assert_goes_on(sim, "provider.search", search("R1"));
	assert_int_equal(double_count("provider.found"), 0);
	double_say(sim, OFFICES, SELF, "provider.search", search("R9"));
	assert_int_equal(double_count("provider.search"), 1);
	assert_string_equal(
	    double_text("provider.found", "reason"), "unknown-person");
}

/* --- Marks ------------------------------------------------------------------ */

#define MARK "44444444444444444444444444444444"

static json_t *
mark(const char *bn)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "mark", MARK,
	    "business_number", bn, "item", "local-tax", "kind", "hold",
	    "change", "set", "reason", "a shelter", "officer", "sato", "at",
	    "2026-11-21T08:00:00.000Z");
}

static void
a_mark_goes_on_under_an_internal_number(void **state)
{
	struct simulation *sim = *state;

	say_registered(sim, REGISTRY, "R1", 1);
	assert_goes_on(sim, "mark.put", mark("R1"));
}

/* The person's registration may be on its way; in the end it was not. */
static void
a_mark_waits_for_the_person(void **state)
{
	struct simulation *sim = *state;

	double_tell(sim, OFFICES, SELF, "mark.put", mark("R1"));
	simulation_run(sim, 5000);
	say_registered(sim, REGISTRY, "R1", 1);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	assert_int_equal(double_count("mark.put"), 1);
	double_tell(sim, OFFICES, SELF, "mark.put", mark("R9"));
	assert_int_equal(simulation_settle(sim, 3 * HOUR_MS), OK);
	assert_int_equal(double_count("mark.put"), 1);
	assert_string_equal(double_text("mark.refused", "mark"), MARK);
	assert_string_equal(
	    double_text("mark.refused", "reason"), "unknown-person");
}

#define TEST(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, addressee_set_up, double_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(one_person_has_one_internal_number_for_all_systems),
	    TEST(registering_twice_changes_nothing),
	    TEST(same_name_and_birthday_is_not_the_same_person),
	    TEST(a_taken_business_number_is_not_relinked_silently),
	    TEST(another_birthday_under_the_number_is_a_conflict),
	    TEST(an_operator_relinks_after_a_conflict),
	    TEST(a_relinked_new_person_gets_a_code_of_its_own),
	    TEST(a_kept_conflict_leaves_the_record),
	    TEST(a_new_number_replaces_the_old_which_is_kept),
	    TEST(an_office_cannot_change_a_residents_number),
	    TEST(a_number_of_another_person_is_a_conflict),
	    TEST(a_change_may_overtake_the_registration),
	    TEST(late_news_changes_nothing),
	    TEST(lookups_name_a_person_in_exactly_one_way),
	    TEST(replicas_go_on_under_internal_numbers),
	    TEST(replicas_of_unknown_persons_go_back),
	    TEST(an_inquiry_goes_on_under_an_internal_number),
	    TEST(an_inquiry_about_nobody_is_answered_at_once),
	    TEST(an_inquiry_that_the_relay_does_not_take_is_answered),
	    TEST(an_inquiry_about_the_dead_must_be_meant),
	    TEST(an_answer_is_not_for_us),
	    TEST(a_cancellation_goes_on_as_it_is),
	    TEST(searches_go_on_or_find_nobody),
	    TEST(a_mark_goes_on_under_an_internal_number),
	    TEST(a_mark_waits_for_the_person),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
