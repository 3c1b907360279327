#include "tests/support/jukinet_scheme.h"

static const struct message_handler registry_hears[] = {
    HEAR("codes.designated", "jukinet"),
    HEAR("codes.refused", "jukinet"),
    HEAR("codes.listed", "jukinet"),
    HEAR("numbering.answer", "jukinet"),
    HEAR("number.changed", "jukinet"),
    HEAR("arrival.state", "jukinet"),
    HEAR("arrival.notice", "jukinet"),
    HEAR("arrival.ended", "jukinet"),
    HEAR("identity.restored", "jukinet"),
    HEAR("transfer.notice", "jukinet"),
    HEAR("transfer.arrived", "jukinet"),
    HEAR("transfer.completed", "jukinet"),
    HEAR("transfer.ended", "jukinet"),
    HEAR("transfer.refused", "jukinet"),
    HEAR("enrolment.refused", "jukinet"),
    {0},
};
static const struct message_handler addressee_hears[] = {
    HEAR("acquisition.refused", "jukinet"),
    {0},
};
static const struct message_handler network_hears[] = {
    HEAR("acquisition.identify", "jukinet"),
    HEAR("enrolment.identified", "jukinet"),
    HEAR("code.changed", "jukinet"),
    {0},
};
static const struct system registry_double = DOUBLE("registry", registry_hears);
static const struct system addressee_double =
    DOUBLE("addressee", addressee_hears);
static const struct system network_double = DOUBLE("network", network_hears);
static const struct system portal_double = DOUBLE("portal", NULL);

int
scheme_set_up_with(void **state, const struct setting *settings)
{
	const struct double_member members[] = {
	    {&jukinet_system, SELF, settings},
	    {&registry_double, HERE},
	    {&registry_double, THERE},
	    {&addressee_double, ADDRESSEE},
	    {&network_double, NETWORK},
	    {&portal_double, PORTAL},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

int
scheme_set_up(void **state)
{
	return scheme_set_up_with(state, NULL);
}

int
scheme_tear_down(void **state)
{
	double_done(*state);

	return 0;
}

void
get_code(struct simulation *sim, const char *registry, struct somebody *ret)
{
	static unsigned int n;
	const json_t *codes;
	char request[33];

	snprintf(request, sizeof(request), "%032x", ++n);
	double_say(sim, registry, SELF, "codes.request",
	    json_pack("{s:i,s:s}", "count", 1, "request", request));
	codes = json_object_get(double_last("codes.designated"), "codes");
	assert_int_equal(json_array_size(codes), 1);
	snprintf(ret->code, sizeof(ret->code), "%s",
	    json_string_value(json_array_get(codes, 0)));
}

void
say_numbering(
    struct simulation *sim, const char *registry, const struct somebody *s)
{
	double_say(sim, registry, SELF, "numbering.request",
	    json_pack("{s:[[s,s,s,s,s,s,s,s]]}", "items", s->code, s->name,
		"アサヒカワ　ハナコ", s->birth, s->sex, s->address, "", ""));
}

const char *
answered(const char *kind, size_t column)
{
	return json_string_value(json_array_get(
	    json_array_get(
		json_object_get(double_last("numbering.answer"), kind), 0),
	    column));
}

void
get_number(struct simulation *sim, const char *registry, struct somebody *s)
{
	say_numbering(sim, registry, s);
	assert_non_null(answered("items", 1));
	assert_string_equal(answered("items", 0), s->code);
	snprintf(s->number, sizeof(s->number), "%s", answered("items", 1));
}

struct somebody
settle(struct simulation *sim, const char *registry, struct somebody s)
{
	get_code(sim, registry, &s);
	get_number(sim, registry, &s);

	return s;
}

json_t *
person_json(const struct somebody *s)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "name", s->name, "kana",
	    "アサヒカワ　ハナコ", "birth", s->birth, "sex", s->sex, "address",
	    s->address);
}

void
tell_notice_of(struct simulation *sim, const char *transfer, const char *from,
    const char *to, const struct somebody *s, const char *number)
{
	double_tell(sim, from, SELF, "transfer.notice",
	    json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:s,s:s,s:o}]}", "transfer",
		transfer, "to", to, "household", REQUEST, "date", UPDATE_DAY,
		"people", "code", s->code, "number", number, "relation",
		"世帯主", "person", person_json(s)));
}

void
tell_notice(struct simulation *sim, const char *from, const char *to,
    const struct somebody *s, const char *number)
{
	tell_notice_of(sim, TRANSFER, from, to, s, number);
}

void
tell_arrival(struct simulation *sim, const char *registry, const char *transfer,
    const struct somebody *s)
{
	double_tell(sim, registry, SELF, "transfer.arrive",
	    json_pack("{s:s,s:s,s:[[s,s,s,s,s,s,s,s]]}", "transfer", transfer,
		"date", UPDATE_DAY, "people", s->code, s->name,
		"アサヒカワ　ハナコ", s->birth, s->sex, s->address, "", ""));
}

bool
arrives(struct simulation *sim, const char *registry, const char *transfer,
    const struct somebody *s)
{
	const json_t *answer;
	bool done;

	tell_arrival(sim, registry, transfer, s);
	assert_int_equal(simulation_settle(sim, 600000), OK);
	answer = double_last("transfer.arrived");
	done = json_array_size(json_object_get(answer, "codes")) == 1;
	assert_int_equal(
	    json_array_size(json_object_get(answer, "refused")), done ? 0 : 1);

	return done;
}

void
tell_update(struct simulation *sim, const char *registry, const char *event,
    const struct somebody *s)
{
	double_tell(sim, registry, SELF, "identity.update",
	    json_pack("{s:[[s,s,s,s,s,s,s,s,s,s]]}", "items", s->code, event,
		UPDATE_DAY, s->name, "アサヒカワ　ハナコ", s->birth, s->sex,
		s->address, "", ""));
}

void
say_update(struct simulation *sim, const char *registry, const char *event,
    const struct somebody *s)
{
	simulation_run(sim, 1000);
	tell_update(sim, registry, event, s);
	assert_int_equal(simulation_settle(sim, 60000), OK);
}

void
say_acquisition(
    struct simulation *sim, const struct somebody *s, const char *number)
{
	double_say(sim, ADDRESSEE, SELF, "acquisition.request",
	    json_pack("{s:[[s,s,s,s,s,s]]}", "items", AN, number, s->name, "",
		s->birth, s->sex));
}

void
say_acquisition_with(
    struct simulation *sim, const struct somebody *s, const char *kana)
{
	double_say(sim, ADDRESSEE, SELF, "acquisition.request",
	    json_pack("{s:[[s,s,s,s,s,s]]}", "items", AN, s->number, s->name,
		kana, s->birth, s->sex));
}

json_t *
look_up(struct simulation *sim, const struct somebody *s, int want)
{
	return double_call(sim, SELF, HTTP_POST, "/lookups",
	    json_pack("{s:s,s:s,s:s,s:s}", "name", s->name, "birth", s->birth,
		"sex", s->sex, "address", s->address),
	    want);
}

void
assert_recorded(struct simulation *sim, const struct somebody *s,
    const char *municipality, const char *state)
{
	json_t *found = look_up(sim, s, 200);

	assert_string_equal(
	    json_string_value(json_object_get(found, "municipality")),
	    municipality);
	assert_string_equal(
	    json_string_value(json_object_get(found, "state")), state);
	json_decref(found);
}

void
assert_unknown(struct simulation *sim, const struct somebody *s)
{
	json_decref(look_up(sim, s, 404));
}

size_t
decide_changes(struct simulation *sim, const char *decision)
{
	json_t *list =
	    double_call(sim, SELF, HTTP_GET, "/number-changes", NULL, 200);
	const json_t *changes = json_object_get(list, "changes");
	size_t i, n = json_array_size(changes);
	char path[80];

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "/number-changes/%lld/decision",
		    (long long)json_integer_value(
			json_object_get(json_array_get(changes, i), "change")));
		json_decref(double_call(sim, SELF, HTTP_POST, path,
		    json_pack("{s:s,s:s}", "decision", decision, "reason",
			"疎明資料を確認した"),
		    200));
	}
	json_decref(list);
	assert_int_equal(simulation_settle(sim, 60000), OK);

	return n;
}
