/* Codes and numbers: 住基法30条の2, 番号法7条 and 8条. */
#include "tests/support/jukinet_scheme.h"

static void
say_codes(
    struct simulation *sim, const char *from, int count, const char *request)
{
	double_say(sim, from, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", count, "request", request));
}

/* --- Codes ---------------------------------------------------------------- */

static const json_t *
codes(void)
{
	return json_object_get(double_last("codes.designated"), "codes");
}

static void
designated_codes_are_well_formed_and_differ(void **state)
{
	struct simulation *sim = *state;
	struct resident_code code;
	const json_t *list;
	struct slice a, b;
	size_t i, j;

	say_codes(sim, HERE, 100, REQUEST);
	assert_string_equal(
	    double_text("codes.designated", "request"), REQUEST);
	list = codes();
	assert_int_equal(json_array_size(list), 100);
	for (i = 0; i < 100; i++) {
		assert_int_equal(json_at_text(list, i, &a), OK);
		assert_int_equal(resident_code_parse(a, &code), OK);
		for (j = 0; j < i; j++) {
			assert_int_equal(json_at_text(list, j, &b), OK);
			assert_false(slice_equal(a, b));
		}
	}
}

static void
the_same_request_gets_the_same_codes(void **state)
{
	struct simulation *sim = *state;
	json_t *first;

	say_codes(sim, HERE, 10, REQUEST);
	first = json_deep_copy(codes());
	say_codes(sim, HERE, 10, REQUEST);
	assert_true(json_equal(first, codes()));
	assert_int_equal(double_progress(sim, SELF, "codes"), 10);
	/* Another municipality's request of that id is another one. */
	say_codes(sim, THERE, 10, REQUEST);
	assert_false(json_equal(first, codes()));
	assert_int_equal(double_progress(sim, SELF, "codes"), 20);
	json_decref(first);
}

/* --- Numbers -------------------------------------------------------------- */

static void
a_number_comes_with_the_code_that_was_sent(void **state)
{
	struct simulation *sim = *state;
	struct somebody a = settle(sim, HERE, HANAKO);
	struct somebody b = settle(sim, HERE, HANAKO);
	struct individual_number number;

	assert_int_equal(
	    individual_number_parse(slice_of(a.number), &number), OK);
	assert_string_not_equal(a.number, b.number);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 2);
}

static void
asking_twice_gives_the_same_number(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("items", 1), s.number);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
}

static void
a_code_that_was_not_designated_there_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;
	struct resident_code code = resident_code_from_body(4711);

	resident_code_format(&code, s.code);
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("refused", 1), "not-yours");
	get_code(sim, HERE, &s);
	say_numbering(sim, THERE, &s);
	assert_string_equal(answered("refused", 0), s.code);
	assert_string_equal(answered("refused", 1), "not-yours");
	assert_null(answered("items", 0));
}

static void
a_code_of_another_person_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	s.birth = "1980-02-28";
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("refused", 1), "not-yours");
	s = (struct somebody){.name = s.name,
	    .birth = "1980-02-29",
	    .sex = "1",
	    .address = s.address};
	get_code(sim, HERE, &s);
	get_number(sim, HERE, &s);
	s.sex = "2";
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("refused", 1), "not-yours");
}

static void
one_row_that_does_not_fit_refuses_all(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = HANAKO;

	get_code(sim, HERE, &s);
	double_say(sim, HERE, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s],[s,s,s,s,s,s]]}", "items", s.code,
		s.name, "", s.birth, s.sex, s.address, s.code, s.name, "",
		"1980-02-30", s.sex, s.address));
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_int_equal(double_count("numbering.answer"), 0);
	assert_int_equal(double_progress(sim, SELF, "numbers"), 0);
}

/* 住基法30条の3第1項: a code of another municipality's is answered where the person
 * is on record, and takes nobody there. */
static void
a_code_of_elsewhere_is_answered_where_its_owner_lives(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), other = s;

	tell_notice(sim, HERE, "131041", &s, s.number);
	assert_int_equal(simulation_settle(sim, 60000), OK);
	assert_true(arrives(sim, THERE, TRANSFER, &s));
	say_numbering(sim, THERE, &s);
	assert_string_equal(answered("items", 1), s.number);
	assert_string_equal(answered("items", 2), "carried");
	assert_int_equal(double_progress(sim, SELF, "numbers"), 1);
	other.birth = "1980-02-28";
	say_numbering(sim, THERE, &other);
	assert_string_equal(answered("refused", 1), "not-yours");
	say_update(sim, THERE, "move-out", &s);
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("refused", 1), "not-yours");
	assert_recorded(sim, &s, "131041", "moved-out");
}

/* Neither stands in the database: the keys alone make them. */
static void
no_column_holds_a_code_or_a_number(void **state)
{
	const struct schema *schema = jukinet_system.component.schema;
	size_t i;

	(void)state;
	for (i = 0; i < schema->n_migrations; i++) {
		const char *sql = schema->migrations[i].sqlite;

		assert_null(strstr(sql, "\tcode "));
		assert_null(strstr(sql, "\tnumber "));
		assert_null(strstr(sql, "COLUMN code "));
		assert_null(strstr(sql, "COLUMN number "));
		assert_null(strstr(sql, "acquisition"));
	}
}

/* --- Change --------------------------------------------------------------- */

static void
tell_change(struct simulation *sim, const char *registry,
    const struct somebody *s, const char *number, const char *request)
{
	double_tell(sim, registry, SELF, "number.change",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "code", s->code, "number",
		number, "reason", "漏えい", "request", request, "paper",
		"疎明-1", "officer", "山田花子"));
}

static void
say_change(struct simulation *sim, const char *registry,
    const struct somebody *s, const char *number, const char *request)
{
	tell_change(sim, registry, s, number, request);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

static void
assert_change_refused(void)
{
	const json_t *answer = double_last("number.changed");

	assert_null(json_object_get(answer, "number"));
	assert_int_not_equal(
	    strlen(double_text("number.changed", "refused")), 0);
}

static void
a_leaked_number_is_replaced_once(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char changed[13];

	say_change(sim, HERE, &s, s.number, REQUEST);
	assert_string_equal(double_text("number.changed", "code"), s.code);
	snprintf(changed, sizeof(changed), "%s",
	    double_text("number.changed", "number"));
	assert_string_not_equal(changed, s.number);
	/* The same request again: the same number. */
	say_change(sim, HERE, &s, s.number, REQUEST);
	assert_string_equal(double_text("number.changed", "number"), changed);
	/* Another request with the number that leaked: it is not current. */
	say_change(sim, HERE, &s, s.number, AN);
	assert_change_refused();
	/* And whoever asks for the number gets the new one. */
	say_numbering(sim, HERE, &s);
	assert_string_equal(answered("items", 1), changed);
}

static void
the_eleventh_number_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);
	char request[33], seen[10][13];
	int i, j;

	for (i = 0; i < 9; i++) {
		memcpy(seen[i], s.number, sizeof(s.number));
		snprintf(request, sizeof(request), "%032x", i);
		say_change(sim, HERE, &s, s.number, request);
		decide_changes(sim, "allow");
		snprintf(s.number, sizeof(s.number), "%s",
		    double_text("number.changed", "number"));
		for (j = 0; j <= i; j++)
			assert_string_not_equal(s.number, seen[j]);
	}
	say_change(sim, HERE, &s, s.number, REQUEST);
	assert_change_refused();
}

static void
only_the_own_municipality_changes_a_number(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO), unknown = HANAKO;

	get_code(sim, HERE, &unknown);
	tell_change(sim, THERE, &s, s.number, REQUEST);
	tell_change(sim, HERE, &unknown, s.number, AN);
	assert_int_equal(simulation_settle(sim, 2 * JUKINET_PATIENCE_MS), OK);
	assert_int_equal(double_count("number.changed"), 2);
	assert_change_refused();
}

static void
the_dead_keep_their_number(void **state)
{
	struct simulation *sim = *state;
	struct somebody s = settle(sim, HERE, HANAKO);

	say_update(sim, HERE, "death", &s);
	say_change(sim, HERE, &s, s.number, REQUEST);
	assert_change_refused();
}

/* A number that nobody was given must not come of a request used twice. */
static void
a_request_id_used_for_another_person_is_refused(void **state)
{
	struct simulation *sim = *state;
	struct somebody a = settle(sim, HERE, HANAKO);
	struct somebody b = settle(sim, HERE, HANAKO);

	say_change(sim, HERE, &a, a.number, REQUEST);
	say_change(sim, HERE, &b, b.number, REQUEST);
	assert_int_equal(double_refused(sim, HERE), 1);
	assert_int_equal(double_count("number.changed"), 1);
}

/* --- The ledger (令85 55条) ------------------------------------------------ */

static void
the_ledger_counts_day_by_day(void **state)
{
	struct simulation *sim = *state;
	const json_t *days;
	json_t *ledger;

	settle(sim, HERE, HANAKO);
	ledger = double_call(sim, SELF, HTTP_GET, "/ledger", NULL, 200);
	days = json_object_get(ledger, "days");
	assert_int_equal(json_array_size(days), 2); /* codes, numbers */
	assert_int_equal(json_integer_value(
			     json_object_get(json_array_get(days, 1), "count")),
	    1);
	json_decref(ledger);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(designated_codes_are_well_formed_and_differ),
	    TEST(the_same_request_gets_the_same_codes),
	    TEST(a_number_comes_with_the_code_that_was_sent),
	    TEST(asking_twice_gives_the_same_number),
	    TEST(a_code_that_was_not_designated_there_is_refused),
	    TEST(a_code_of_another_person_is_refused),
	    TEST(one_row_that_does_not_fit_refuses_all),
	    TEST(a_code_of_elsewhere_is_answered_where_its_owner_lives),
	    cmocka_unit_test(no_column_holds_a_code_or_a_number),
	    TEST(a_leaked_number_is_replaced_once),
	    TEST(the_eleventh_number_is_refused),
	    TEST(only_the_own_municipality_changes_a_number),
	    TEST(the_dead_keep_their_number),
	    TEST(a_request_id_used_for_another_person_is_refused),
	    TEST(the_ledger_counts_day_by_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
