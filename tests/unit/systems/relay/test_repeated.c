/*
 * Messages of an exchange that come again, with the same content or another,
 * and those that contradict what was settled: the other side must not be able
 * to spoil the evidence of the exchange.
 */
#include "tests/support/relay_scheme.h"

#define OTHER_INQUIRY "55555555555555555555555555555555"
#define PLAIN                                           \
	"{\"item\":\"local-tax\",\"version\":\"2026\"," \
	"\"contents\":{\"income\":9}}"

static int
set_up_with_double_provider(void **state)
{
	static const struct double_member members[] = {
	    {&double_network, NETWORK},
	    {&double_addressee, ADDRESSEE},
	    {&double_offices, OFFICES},
	    {&double_relay, OTHER},
	    {&relay_system, SELF},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

/* --- What is said ---------------------------------------------------------- */

static void
ask_double(struct simulation *sim)
{
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	ask(sim);
}

static json_t *
permitted(void)
{
	return json_pack("{s:s,s:s,s:s,s:s}", "inquiry", INQUIRY, "question",
	    double_asked(), "article", ARTICLE_106, "expires",
	    "2026-12-01T00:00:00.000Z");
}

static json_t *
refused(void)
{
	return json_pack("{s:s,s:s}", "inquiry", INQUIRY, "reason", "no-basis");
}

static json_t *
held(struct simulation *sim)
{
	return json_pack("{s:s,s:s}", "question", double_asked(), "deadline",
	    in(sim, 300000));
}

static json_t *
revoked(const char *key, const char *id)
{
	return json_pack("{s:s,s:s,s:s,s:s}", key, id, "outcome", "revoked",
	    "article", "番号法21条2項", "text", "an error");
}

/* A copy with another text in the field. */
static json_t *
altered(const json_t *body, const char *key, const char *text)
{
	json_t *copy = json_deep_copy(body);

	json_put_text(copy, key, slice_of(text));

	return copy;
}

/* How many messages are kept of an exchange. */
static size_t
kept(struct simulation *sim, const char *system, const char *exchange)
{
	char path[64];
	json_t *reply;
	size_t n;

	snprintf(path, sizeof(path), "/evidence/%s", exchange);
	reply = double_call(sim, system, HTTP_GET, path, NULL, 200);
	n = json_array_size(json_object_get(reply, "messages"));
	json_decref(reply);

	return n;
}

/* `from` says it to `to`: `n_refused` more of its messages were refused, and
 * nothing more is kept of the exchange. */
static void
nothing_is_kept(struct simulation *sim, const char *from, const char *to,
    const char *type, json_t *body, int64_t n_refused)
{
	const char *exchange = strcmp(to, SELF) == 0 ? INQUIRY : PERMIT;
	int64_t before = double_refused(sim, from);
	size_t n = kept(sim, to, exchange);

	double_say(sim, from, to, type, body);
	assert_int_equal(double_refused(sim, from), before + n_refused);
	assert_int_equal(kept(sim, to, exchange), n);
}

/* --- The inquirer ----------------------------------------------------------- */

static void
what_comes_again_is_kept_once(void **state)
{
	static const char *const types[] = {"inquiry.permitted", "inquiry.held",
	    "answer.sealed", "permit.revoked"};
	static const char *const from[] = {NETWORK, OTHER, OTHER, NETWORK};
	struct simulation *sim = *state;
	json_t *bodies[4];
	size_t i;
	int again;

	ask_double(sim);
	bodies[0] = permitted();
	bodies[1] = held(sim);
	bodies[2] = sealed_answer(PLAIN);
	bodies[3] = revoked("inquiry", INQUIRY);
	for (again = 0; again < 3; again++)
		for (i = 0; i < 4; i++)
			double_say(sim, from[i], SELF, types[i],
			    json_deep_copy(bodies[i]));
	assert_int_equal(double_refused(sim, NETWORK), 0);
	assert_int_equal(double_refused(sim, OTHER), 0);
	assert_int_equal(kept(sim, SELF, INQUIRY), 6);
	assert_int_equal(double_count("inquiry.held"), 1);
	assert_int_equal(double_count("inquiry.answered"), 1);
	for (i = 0; i < 4; i++)
		json_decref(bodies[i]);
}

/* The first content stands, in the row as well. */
static void
other_content_is_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *first, *notice, *end = revoked("inquiry", INQUIRY);

	ask_double(sim);
	first = permitted();
	double_say(sim, NETWORK, SELF, "inquiry.permitted", json_incref(first));
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.permitted",
	    altered(first, "article", "another"), 1);
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.permitted",
	    altered(first, "expires", "2027-01-10T00:00:00.000Z"), 1);
	notice = held(sim);
	double_say(sim, OTHER, SELF, "inquiry.held", json_incref(notice));
	nothing_is_kept(sim, OTHER, SELF, "inquiry.held",
	    altered(notice, "deadline", in(sim, 400000)), 1);
	double_say(sim, NETWORK, SELF, "permit.revoked", json_incref(end));
	nothing_is_kept(sim, NETWORK, SELF, "permit.revoked",
	    altered(end, "article", "another"), 1);
	json_decref(first);
	json_decref(notice);
	json_decref(end);
}

static void
what_was_permitted_is_not_refused(void **state)
{
	struct simulation *sim = *state;

	ask_double(sim);
	double_say(sim, NETWORK, SELF, "inquiry.permitted", permitted());
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.refused", refused(), 1);
	double_say(sim, OTHER, SELF, "answer.sealed", sealed_answer(PLAIN));
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.refused", refused(), 1);
	assert_string_equal(
	    double_text("inquiry.answered", "outcome"), "provided");
}

static void
what_was_refused_is_neither_permitted_nor_revoked_nor_held(void **state)
{
	struct simulation *sim = *state;
	json_t *other = refused();

	ask_double(sim);
	double_say(sim, NETWORK, SELF, "inquiry.refused", refused());
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.refused", refused(), 0);
	json_put_text(other, "article", SLICE("another"));
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.refused", other, 1);
	nothing_is_kept(
	    sim, NETWORK, SELF, "inquiry.permitted", permitted(), 1);
	nothing_is_kept(sim, NETWORK, SELF, "permit.revoked",
	    revoked("inquiry", INQUIRY), 1);
	nothing_is_kept(sim, OTHER, SELF, "inquiry.held", held(sim), 1);
	assert_int_equal(double_count("inquiry.answered"), 1);
}

static void
the_permit_of_another_question_is_refused(void **state)
{
	struct simulation *sim = *state;
	json_t *first, *notice, *other = asked();

	ask_double(sim);
	first = permitted();
	json_put_text(other, "inquiry", SLICE(OTHER_INQUIRY));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", other);
	/* One of a question of ours, and one that nobody asked. */
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.permitted",
	    altered(first, "question", double_asked()), 1);
	nothing_is_kept(sim, NETWORK, SELF, "inquiry.permitted",
	    altered(first, "question", double_digest("nobody")), 1);
	notice = held(sim);
	nothing_is_kept(sim, OTHER, SELF, "inquiry.held",
	    altered(notice, "question", double_digest("nobody")), 1);
	json_decref(notice);
	json_decref(first);
}

/* It is late, and no lie. */
static void
a_hold_that_comes_after_the_answer_is_told_to_nobody(void **state)
{
	struct simulation *sim = *state;

	ask_double(sim);
	double_say(sim, NETWORK, SELF, "inquiry.permitted", permitted());
	double_say(sim, OTHER, SELF, "answer.sealed", sealed_answer(PLAIN));
	double_say(sim, OTHER, SELF, "inquiry.held", held(sim));
	assert_int_equal(double_refused(sim, OTHER), 0);
	assert_int_equal(double_count("inquiry.held"), 0);
}

static void
a_hold_may_overtake_the_permit(void **state)
{
	struct simulation *sim = *state;

	ask_double(sim);
	double_say(sim, OTHER, SELF, "inquiry.held", held(sim));
	assert_int_equal(double_count("inquiry.held"), 1);
	double_say(sim, NETWORK, SELF, "inquiry.permitted", permitted());
	assert_int_equal(double_refused(sim, NETWORK), 0);
	assert_int_equal(kept(sim, SELF, INQUIRY), 4);
}

/* --- The provider ----------------------------------------------------------- */

static void
a_permit_that_comes_again_is_answered_once(void **state)
{
	static const char *const fields[] = {"question", "sheet", "article"};
	static const char *const texts[] = {"another", "another", "another"};
	struct simulation *sim = *state;
	json_t *body;
	size_t i;

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	body = issued(sim);
	issue(sim, json_incref(body));
	assert_int_equal(kept(sim, OTHER, PERMIT), 3);
	nothing_is_kept(
	    sim, NETWORK, OTHER, "permit.issued", json_incref(body), 0);
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		nothing_is_kept(sim, NETWORK, OTHER, "permit.issued",
		    altered(body, fields[i], texts[i]), 1);
	assert_int_equal(double_count("provision.report"), 1);
	json_decref(body);
}

static void
a_revocation_counts_once(void **state)
{
	struct simulation *sim = *state;
	json_t *end = revoked("permit", PERMIT);

	acquire(sim);
	put_replica(sim, "2026", "2026-11-21T08:00:00.000Z", 6);
	ask(sim);
	issue(sim, issued(sim));
	double_say(sim, NETWORK, OTHER, "permit.revoked", json_incref(end));
	assert_int_equal(kept(sim, OTHER, PERMIT), 4);
	nothing_is_kept(
	    sim, NETWORK, OTHER, "permit.revoked", json_incref(end), 0);
	nothing_is_kept(sim, NETWORK, OTHER, "permit.revoked",
	    altered(end, "article", "another"), 1);
	json_decref(end);
}

#define CASE(name)                       \
	cmocka_unit_test_setup_teardown( \
	    name, set_up_with_double_provider, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(what_comes_again_is_kept_once),
	    CASE(other_content_is_refused),
	    CASE(what_was_permitted_is_not_refused),
	    CASE(what_was_refused_is_neither_permitted_nor_revoked_nor_held),
	    CASE(the_permit_of_another_question_is_refused),
	    CASE(a_hold_that_comes_after_the_answer_is_told_to_nobody),
	    CASE(a_hold_may_overtake_the_permit),
	    TEST(a_permit_that_comes_again_is_answered_once),
	    TEST(a_revocation_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
