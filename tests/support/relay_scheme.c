#include "tests/support/relay_scheme.h"

#include "messages/question.h"

int
set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_network, NETWORK},
	    {&double_addressee, ADDRESSEE},
	    {&double_addressee, OTHER_ADDRESSEE},
	    {&double_offices, OFFICES},
	    {&double_offices, OTHER_OFFICES},
	    {&relay_system, SELF},
	    {&relay_system, OTHER},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

int
tear_down(void **state)
{
	double_done(*state);

	return 0;
}

void
say_link(struct simulation *sim, const char *from, const char *to,
    const char *an, const char *internal)
{
	double_say(sim, from, to, "acquisition.link",
	    json_pack("{s:[[s,s]]}", "items", an, internal));
}

void
say_code(
    struct simulation *sim, const char *to, const char *an, const char *code)
{
	double_say(sim, NETWORK, to, "acquisition.code",
	    json_pack("{s:[[s,s]]}", "items", an, code));
}

void
acquire(struct simulation *sim)
{
	say_link(sim, ADDRESSEE, SELF, AN, PERSON_INT);
	say_code(sim, SELF, AN, LC);
	say_link(sim, OTHER_ADDRESSEE, OTHER, AN2, INT2);
	say_code(sim, OTHER, AN2, LC2);
}

void
put_replica(
    struct simulation *sim, const char *version, const char *at, int income)
{
	double_say(sim, OTHER_ADDRESSEE, OTHER, "replica.put",
	    json_pack("{s:s,s:s,s:s,s:[[s,{s:i}]]}", "item", "local-tax",
		"version", version, "at", at, "items", INT2, "income", income));
}

json_t *
asked(void)
{
	return double_matter(json_pack("{s:s,s:s,s:s,s:s,s:s,s:s}", "inquiry",
	    INQUIRY, "internal_number", PERSON_INT, "affair", "106", "item",
	    "local-tax", "provider", "012041", "unit", "児童手当係"));
}

void
ask(struct simulation *sim)
{
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", asked());
}

void
ask_version(struct simulation *sim, const char *version)
{
	json_t *body = asked();

	json_put_text(body, "version", slice_of(version));
	double_say(sim, ADDRESSEE, SELF, "inquiry.request", body);
}

const char *
in(struct simulation *sim, int64_t ms)
{
	static char text[INSTANT_TEXT_MAX];

	instant_format(instant_plus(simulation_now(sim), ms), text);

	return text;
}

void
permit(struct simulation *sim)
{
	permit_until(sim, 600000);
}

void
permit_until(struct simulation *sim, int64_t ms)
{
	double_say(sim, NETWORK, SELF, "inquiry.permitted",
	    json_pack("{s:s,s:s,s:s,s:s}", "inquiry", INQUIRY, "question",
		double_asked(), "article", ARTICLE_106, "expires",
		in(sim, ms)));
}

json_t *
issued(struct simulation *sim)
{
	json_t *body = json_pack("{s:s,s:s,s:s,s:s}", "permit", PERMIT, "code",
	    LC2, "article", ARTICLE_106, "requested", in(sim, 0));

	json_put_text(body, "expires", slice_of(in(sim, 600000)));
	json_put_text(body, "question",
	    slice_of(double_text("inquiry.request", "question")));
	json_put_text(
	    body, "sheet", slice_of(double_text("question.sheet", "jws")));

	return body;
}

void
issue(struct simulation *sim, json_t *body)
{
	double_say(sim, NETWORK, OTHER, "permit.issued", body);
}

int64_t
received_income(void)
{
	return (int64_t)json_integer_value(json_object_get(
	    json_object_get(double_last("inquiry.answered"), "contents"),
	    "income"));
}

json_t *
answer(const char *sealed)
{
	return json_pack("{s:s,s:s,s:s}", "question", double_asked(), "outcome",
	    "provided", "sealed", sealed);
}

json_t *
sealed_answer(const char *plain)
{
	struct arena *arena = arena_new();
	struct problem problem = {0};
	struct question q;
	struct slice sealed;
	json_t *body;

	assert_int_equal(
	    question_read(arena,
		slice_of(double_text("inquiry.request", "question")), &q,
		&problem),
	    OK);
	assert_int_equal(jwe_seal(arena, q.seal, slice_of(plain), &sealed), OK);
	body = answer(sealed.data);
	arena_free(arena);

	return body;
}
