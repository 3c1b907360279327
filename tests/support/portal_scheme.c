#include "tests/support/portal_scheme.h"

static const struct message_handler registry_hears[] = {
    HEAR("enrolment.settled", "portal"),
    {0},
};
static const struct system registry_double = DOUBLE("registry", registry_hears);

int
scheme_set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_network, NETWORK},
	    {&portal_system, SELF},
	    {&registry_double, REGISTRY},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

static void
copy(char *to, size_t size, const json_t *from, const char *key)
{
	const char *text = json_string_value(json_object_get(from, key));

	assert_non_null(text);
	snprintf(to, size, "%s", text);
}

json_t *
order_body(const char *ticket, const char *step, const char *code, int minute)
{
	struct arena *arena = arena_new();
	struct slice acquisition;
	char at[64];
	json_t *body;

	assert_int_equal(
	    ticket_acquisition(slice_of(ticket), arena, &acquisition), OK);
	snprintf(at, sizeof(at), DOUBLE_DAY "T%02d:%02d:00.000Z",
	    7 + minute / 60, minute % 60);
	body = json_pack("{s:s,s:[[s,s,s,s]]}", "municipality", "131041",
	    "items", acquisition.data, step, at, code);
	arena_free(arena);

	return body;
}

void
order(struct simulation *sim, const char *ticket, const char *step,
    const char *code, int minute)
{
	double_say(sim, NETWORK, SELF, "enrolment.code",
	    order_body(ticket, step, code, minute));
	assert_int_equal(double_refused(sim, NETWORK), 0);
}

const char *
outcome(void)
{
	return double_item("enrolment.settled", 0, 1);
}

json_t *
use(struct simulation *sim, const char *ticket, int wait, int want)
{
	return double_call(sim, SELF, HTTP_POST, "/enrolments",
	    json_pack("{s:s,s:i}", "ticket", ticket, "wait", wait), want);
}

struct enrolment
take(json_t *reply)
{
	struct enrolment e;

	copy(e.enrolment, sizeof(e.enrolment), reply, "enrolment");
	copy(e.secret, sizeof(e.secret), reply, "secret");
	json_decref(reply);

	return e;
}

struct enrolment
enrol_as(struct simulation *sim, const char *ticket, const char *code)
{
	order(sim, ticket, "begin", code, 0);

	return take(use(sim, ticket, 0, 201));
}

struct enrolment
enrol(struct simulation *sim)
{
	return enrol_as(sim, TICKET, LC);
}

json_t *
sign_in(struct simulation *sim, const struct enrolment *e, const char *secret,
    int want)
{
	return double_call(sim, SELF, HTTP_POST, "/sessions",
	    json_pack("{s:s,s:s}", "enrolment", e->enrolment, "secret", secret),
	    want);
}

void
begin_session(struct simulation *sim, const struct enrolment *e, char token[64])
{
	json_t *reply = sign_in(sim, e, e->secret, 201);

	copy(token, 64, reply, "token");
	json_decref(reply);
}

json_t *
resident(struct simulation *sim, enum http_method method, const char *path,
    const char *token, int want)
{
	struct problem problem = {0};
	json_t *reply = NULL;
	struct buf text;
	int status = 0;

	buf_init(&text);
	assert_int_equal(simulation_call_raw(sim, SELF, method, path, SLICE(""),
			     slice_of(token), &status, &text),
	    OK);
	assert_int_equal(status, want);
	assert_int_equal(
	    json_read(buf_slice(&text), "reply", &reply, &problem), OK);
	buf_done(&text);

	return reply;
}

void
other_codes(struct simulation *sim, const char *from)
{
	double_say(sim, from, SELF, "code.renewed",
	    json_pack("{s:i,s:[[s,s]]}", "epoch", 2, "items", LC, LC2));
}
