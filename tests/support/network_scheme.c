#include "tests/support/network_scheme.h"

static const struct message_handler relay_hears[] = {
    HEAR("acquisition.code", "network"),
    HEAR("inquiry.permitted", "network"),
    HEAR("inquiry.refused", "network"),
    HEAR("permit.issued", "network"),
    HEAR("permit.revoked", "network"),
    HEAR("record.corrected", "network"),
    HEAR("provider.found", "network"),
    {0},
};
static const struct message_handler portal_hears[] = {
    HEAR("acquisition.code", "network"),
    HEAR("records.answer", "network"),
    {0},
};
static const struct system relay_double = DOUBLE("relay", relay_hears);
static const struct system portal_double = DOUBLE("portal", portal_hears);

const struct setting settings[] = {
    {"organisation.jlis", "1 information-systems-agency 機構"},
    {"organisation.digital", "2 digital-agency デジタル庁"},
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"organisation.nenkin", "5 pension-service 日本年金機構"},
    {"organisation.bank", "6 bank 銀行"},
    {"commission", SIMULATION_COMMISSION},
    {0},
};

void
add(struct simulation *sim, const struct system *system, const char *id,
    const struct setting *given)
{
	struct problem problem = {0};

	if (simulation_add(sim, system, id, given, &problem))
		fail_msg("%s: %s", id, problem.text);
}

struct simulation *
scheme_nation(const struct setting *given)
{
	struct simulation *sim = double_nation(NULL, 0);

	add(sim, &network_system, SELF, given);
	add(sim, &double_jukinet, JUKINET, NULL);
	add(sim, &relay_double, ASKER, NULL);
	add(sim, &relay_double, GIVER, NULL);
	add(sim, &relay_double, PENSION, NULL);
	add(sim, &portal_double, PORTAL, NULL);

	return sim;
}

int
scheme_set_up(void **state)
{
	*state = scheme_nation(settings);

	return 0;
}

int
tear_down(void **state)
{
	double_done(*state);

	return 0;
}

const char *
person(uint64_t body)
{
	static char text[2][RESIDENT_CODE_DIGITS + 1];
	static int turn;
	struct resident_code code = resident_code_from_body(body);

	turn = !turn;
	resident_code_format(&code, text[turn]);

	return text[turn];
}

void
say_identify(struct simulation *sim, const char *for_whom, const char *an,
    const char *code)
{
	double_say(sim, JUKINET, SELF, "acquisition.identify",
	    json_pack("{s:s,s:[[s,s]]}", "for", for_whom, "items", an, code));
}

void
acquire(
    struct simulation *sim, const char *for_whom, uint64_t body, char ret[33])
{
	say_identify(sim, for_whom, AN, person(body));
	assert_string_equal(double_item("acquisition.code", 0, 0), AN);
	snprintf(ret, 33, "%s", double_item("acquisition.code", 0, 1));
}
