/*
 * Two relays at rest, after exchanges between them: their databases have no
 * value in common by which a thief of both could join their rows about one
 * person (decision 0043).
 */
#include "base/bug.h"
#include "tests/support/relay_scheme.h"

#define LEAST 12 /* characters of a value that says something */
#define LONG 40  /* more than a word of the law, or of a system */

/* Values that both records have by law, or that are not about an exchange. */
static const char *const lawful[] = {
    "local-tax", "児童手当係", "番号法", "provided", "0000000000000001"};

/* Tables that are not about exchanges (a page of the ledger has the numbers of
 * entries, row_sum what whole tables make), and `sent`, which is forgotten after
 * 90 days. */
static const char *const others[] = {"peer", "peer_key", "certificate",
    "certificate_holder", "revoked_key", "owner", "identity", "ledger_page",
    "row_sum", "sent", "tile", "cosignature", "migration", "schema_version"};

static bool
is_among(const char *text, const char *const *list, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (strcmp(text, list[i]) == 0)
			return true;
	}

	return false;
}

static bool
is_telling(const char *text)
{
	size_t i, len = strlen(text);

	for (i = 0; len < 2 * LONG && i < sizeof(lawful) / sizeof(lawful[0]);
	     i++) {
		if (strstr(text, lawful[i]) != NULL)
			return false;
	}

	/* Ids and seals have digits; systems have names with a slash. */
	return len >= LEAST && strpbrk(text, "0123456789") != NULL &&
	    (len >= LONG || strchr(text, '/') == NULL);
}

/* The texts of a database, as an object {text: table}. */
static json_t *
texts_of(const json_t *tables)
{
	json_t *texts = json_object();
	const json_t *rows, *row, *value;
	const char *table, *column;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)tables, table, rows)
	{
		if (is_among(table, others, sizeof(others) / sizeof(others[0])))
			continue;
		json_array_foreach(rows, i, row)
		{
			json_object_foreach(
			    (json_t *)(uintptr_t)row, column, value)
			{
				if (json_is_string(value) &&
				    is_telling(json_string_value(value)))
					json_object_set_new(texts,
					    json_string_value(value),
					    json_string(table));
			}
		}
	}

	return texts;
}

/* How many texts of one stand in texts of the other. */
static size_t
in_common(const json_t *one, const json_t *other)
{
	const json_t *table, *place;
	const char *text, *where;
	size_t n = 0;

	json_object_foreach((json_t *)(uintptr_t)one, text, table)
	{
		json_object_foreach((json_t *)(uintptr_t)other, where, place)
		{
			if (strstr(where, text) == NULL)
				continue;
			print_message("%s of %s is in %s\n", text,
			    json_string_value(table), json_string_value(place));
			n++;
		}
	}

	return n;
}

/* An exchange that is answered, and one that waits for a person. */
static void
exchange(struct simulation *sim)
{
	json_t *body;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	permit(sim);
	issue(sim, issued(sim));
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
	body = json_pack("{s:s,s:s,s:s}", "internal_number", INT2, "kind",
	    "hold", "reason", "r");
	double_post(sim, OTHER, "/marks", body, 200);
	body = asked();
	json_put_text(
	    body, "inquiry", SLICE("66666666666666666666666666666666"));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", body);
	body = issued(sim);
	json_put_text(
	    body, "permit", SLICE("77777777777777777777777777777777"));
	issue(sim, body);
	assert_int_equal(double_count("inquiry.held"), 1);
}

/* Values that both databases have, in either direction. */
static size_t
shared(struct simulation *sim)
{
	struct problem problem = {0};
	json_t *dump = NULL, *one, *other;
	size_t n;

	assert_int_equal(simulation_dump(sim, &dump, &problem), OK);
	one = texts_of(json_object_get(dump, SELF));
	other = texts_of(json_object_get(dump, OTHER));
	assert_true(json_object_size(one) > 5 && json_object_size(other) > 5);
	n = in_common(one, other) + in_common(other, one);
	json_decref(one);
	json_decref(other);
	json_decref(dump);

	return n;
}

static void
two_databases_at_rest_have_no_value_in_common(void **state)
{
	exchange(*state);
	assert_int_equal(shared(*state), 0);
}

static void
in_the_clear_they_have(void **state)
{
	if (!bug_is_possible())
		skip();
	bug_set(BUG_ROWS_IN_THE_CLEAR);
	exchange(*state);
	bug_set(BUG_NONE);
	assert_true(shared(*state) > 0);
}

/* --- An earlier day --------------------------------------------------------- */

/* Rows of evidence: how many are in the clear, and how many are sealed. */
static void
count_rows(struct simulation *sim, size_t *ret_clear, size_t *ret_sealed)
{
	static const char *const tables[] = {"evidence", "waybill", "receipt"};
	struct problem problem = {0};
	const json_t *rows, *row, *kept;
	json_t *dump = NULL;
	const char *text;
	size_t i, k;

	*ret_clear = *ret_sealed = 0;
	assert_int_equal(simulation_dump(sim, &dump, &problem), OK);
	for (i = 0; i < 3; i++) {
		rows = json_object_get(json_object_get(dump, SELF), tables[i]);
		json_array_foreach(rows, k, row)
		{
			kept = json_object_get(row, "kept");
			if (kept != NULL && json_integer_value(kept) == 0)
				continue;
			text = json_string_value(
			    json_object_get(row, i == 0 ? "envelope" : "text"));
			*ret_clear += text[0] != '\0';
			*ret_sealed += text[0] == '\0';
		}
	}
	json_decref(dump);
}

/* Evidence as a program without seals has kept it. */
static void
ask_in_the_clear(struct simulation *sim)
{
	bug_set(BUG_ROWS_IN_THE_CLEAR);
	acquire(sim);
	ask(sim);
	permit(sim);
	bug_set(BUG_NONE);
}

static void
evidence_of_an_earlier_day_is_in_the_clear(void **state)
{
	size_t clear, sealed;

	if (!bug_is_possible())
		skip();
	ask_in_the_clear(*state);
	count_rows(*state, &clear, &sealed);
	assert_true(clear > 3);
	assert_int_equal(sealed, 0);
}

static void
a_timer_seals_it_in_place(void **state)
{
	size_t clear, sealed;

	if (!bug_is_possible())
		skip();
	ask_in_the_clear(*state);
	simulation_run(*state, 2 * INT64_C(3600000));
	count_rows(*state, &clear, &sealed);
	assert_int_equal(clear, 0);
	assert_true(sealed > 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(two_databases_at_rest_have_no_value_in_common),
	    TEST(in_the_clear_they_have),
	    TEST(evidence_of_an_earlier_day_is_in_the_clear),
	    TEST(a_timer_seals_it_in_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
