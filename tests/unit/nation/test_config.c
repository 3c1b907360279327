/*
 * The founding file: a setting that would do nothing later, or fail, is refused
 * at its line; what is taken stands in the configuration.
 */
#include "nation/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tests/support/scratch.h"

static const char nation[] = "[organisation jlis]\n"
			     "kind = information-systems-agency\n"
			     "name = 機構\n"
			     "systems = jukinet\n"
			     "[organisation digital]\n"
			     "kind = digital-agency\n"
			     "name = デジタル庁\n"
			     "systems = network portal\n"
			     "[organisation 012041]\n"
			     "kind = municipality\n"
			     "name = 旭川市\n"
			     "systems = registry addressee relay offices\n"
			     "[organisation nenkin]\n"
			     "kind = pension-service\n"
			     "name = 年金機構\n"
			     "systems = addressee relay offices\n";

/* As the founding does. */
static enum err
read_whole(struct slice text, struct config **ret, struct problem *problem)
{
	*problem = (struct problem){0};

	return config_found("nation.ini", text, ret, problem);
}

/* Read `text` with the nation after it. */
static enum err
read_config(const char *text, struct config **ret, struct problem *problem)
{
	struct buf all;
	enum err rc;

	buf_init(&all);
	buf_printf(&all, "%s\n%s", text, nation);
	rc = read_whole(buf_slice(&all), ret, problem);
	buf_done(&all);

	return rc;
}

/* The same of a nation that is founded. */
static enum err
read_founded(const char *text, struct config **ret, struct problem *problem)
{
	struct buf path, all;
	enum err rc;

	*problem = (struct problem){0};
	buf_init(&path);
	buf_init(&all);
	buf_printf(&path, "%s/nation.ini", scratch_folder());
	buf_printf(&all, "%s\n%s", text, nation);
	assert_int_equal(
	    file_replace(path.data, buf_slice(&all), 0600, problem), OK);
	rc = config_read(path.data, ret, problem);
	buf_done(&path);
	buf_done(&all);

	return rc;
}

static void
check_refused(const char *text, const char *want)
{
	struct config *c = NULL;
	struct problem problem;

	if (read_config(text, &c, &problem) != ERR_INPUT)
		fail_msg("taken, or another error: %s", text);
	if (strstr(problem.text, want) == NULL)
		fail_msg("%s:\n%s\ninstead of %s", text, problem.text, want);
	assert_null(c);
}

static struct config *
must_read(const char *text)
{
	struct config *c = NULL;
	struct problem problem;

	if (read_config(text, &c, &problem))
		fail_msg("%s: %s", text, problem.text);

	return c;
}

static const struct system_config *
must_find(const struct config *c, const char *id)
{
	const struct system_config *s;
	struct system_id system;

	assert_int_equal(system_id_parse(slice_of(id), &system), OK);
	s = config_system(c, &system);
	assert_non_null(s);

	return s;
}

struct refusal {
	const char *text, *want;
};

static void
check_all_refused(const struct refusal *cases)
{
	for (; cases->text != NULL; cases++)
		check_refused(cases->text, cases->want);
}

static void
a_value_that_does_not_fit_the_nation_is_refused_at_its_line(void **state)
{
	static const struct refusal cases[] = {
	    {"[system digital/network]\nassessment.012041 = filled",
		"nation.ini, line 2: [system digital/network] "
		"assessment.012041: \"filled\" is not known; expected filed or "
		"overdue"},
	    {"[system digital/network]\nassessment.131041 = filed",
		", line 2: [system digital/network] assessment.131041: "
		"\"131041\" is not an organisation of this nation"},
	    {"[system digital/network]\nassessment. = filed",
		", line 2: [system digital/network] assessment.: \"\" is not "
		"an organisation of this nation"},
	    {"[system digital/network]\ncommission = tanaka",
		", line 2: [system digital/network] commission: \"tanaka\" is "
		"not another organisation of this nation; expected the ID"},
	    {"[system digital/network]\ncommission = digital",
		", line 2: [system digital/network] commission: \"digital\" is "
		"not another organisation"},
	    {"[system 012041/offices]\npension_provider = nobody",
		", line 2: [system 012041/offices] pension_provider: "
		"\"nobody\" is not an organisation of this nation with a"},
	    {"[system 012041/offices]\npension_provider = jlis",
		"pension_provider: \"jlis\" is not an organisation of this "
		"nation with a relay; expected the ID of one"},
	    {"[system 012041/relay]\nwitness = 131041/relay",
		", line 2: [system 012041/relay] witness: expected another"},
	    {"[system 012041/relay]\nwitness = 012041/relay",
		", line 2: [system 012041/relay] witness: expected another"},
	    {"[system 012041/relay]\nkeeper = 012041/offices",
		", line 2: [system 012041/relay] keeper: \"012041/offices\" is "
		"not a system of a third organisation; expected one of this "
		"nation, such as jlis/jukinet, of another organisation than "
		"012041 and than the network's"},
	    {"[system 012041/relay]\nkeeper = digital/portal",
		"keeper: \"digital/portal\" is not a system of a third"},
	    {"[system 012041/relay]\nkeeper = nobody/relay",
		"keeper: \"nobody/relay\" is not a system of a third"},
	    {"[system 012041/offices]\nkeeper = jlis/jukinet",
		"keeper: a relay alone has a keeper, which the network takes "
		"over; set it for [system ORGANISATION/relay]"},
	    {"[nation]\ndatabase = postgresql:nonsense",
		", line 2: [nation] database: expected sqlite or "
		"postgresql:...; libpq does not understand"},
	    {0},
	};

	(void)state;
	check_all_refused(cases);
}

#define CITY                                                             \
	"[organisation 012041]\nkind = municipality\nname = 旭川市\n" \
	"systems = registry addressee relay offices\n"

static void
check_noted(struct slice text, const char *want)
{
	struct problem problem;
	struct config *c = NULL;

	assert_int_equal(read_whole(text, &c, &problem), OK);
	if (want == NULL)
		assert_int_equal(c->notes.len, 0);
	else
		assert_non_null(strstr(c->notes.data, want));
	config_free(c);
}

static void
offices_that_can_ask_nobody_about_pensions_are_noted(void **state)
{
	const char *note =
	    "nation.ini, line 4: [organisation 012041] systems: the offices "
	    "can ask nobody about pensions: nenkin is not an organisation of "
	    "this nation with a relay; name another one: [system "
	    "012041/offices] pension_provider = ID\n";

	(void)state;
	check_noted(SLICE(CITY), note);
	check_noted(SLICE(CITY "[organisation nenkin]\n"
			       "kind = pension-service\nname = 年金機構\n"
			       "systems = offices\n"),
	    note);
	check_noted(SLICE(CITY "[system 012041/offices]\n"
			       "pension_provider = 012041\n"),
	    NULL);
	check_noted(slice_of(nation), NULL);
}

/* A setting of a system. */
static const char *
must_have(const struct config *c, const char *system, const char *name)
{
	const char *value = config_setting(must_find(c, system), name);

	if (value == NULL)
		fail_msg("%s has no setting %s", system, name);

	return value;
}

static void
a_relay_has_a_keeper_of_a_third_organisation(void **state)
{
	struct config *c = must_read("");
	const char *of_city, *of_pension;

	(void)state;
	of_city = must_have(c, "012041/relay", "keeper");
	of_pension = must_have(c, "nenkin/relay", "keeper");
	assert_true(strncmp(of_city, "jlis/", 5) == 0 ||
	    strncmp(of_city, "nenkin/", 7) == 0);
	assert_true(strncmp(of_pension, "jlis/", 5) == 0 ||
	    strncmp(of_pension, "012041/", 7) == 0);
	assert_string_equal(
	    must_have(c, "digital/network", "keeper.012041"), of_city);
	assert_string_equal(
	    must_have(c, "digital/portal", "keeper.nenkin"), of_pension);
	config_free(c);
	c = must_read("[system nenkin/relay]\nkeeper = 012041/registry");
	assert_string_equal(
	    must_have(c, "nenkin/relay", "keeper"), "012041/registry");
	assert_string_equal(must_have(c, "digital/network", "keeper.nenkin"),
	    "012041/registry");
	config_free(c);
}

static void
a_relay_that_nobody_may_keep_for_is_noted(void **state)
{
	(void)state;
	check_noted(SLICE("[organisation digital]\nkind = digital-agency\n"
			  "name = デジタル庁\nsystems = network portal\n"
			  "[organisation 012041]\nkind = municipality\n"
			  "name = 旭川市\nsystems = relay\n"),
	    "[organisation 012041] systems: no keeper compares its records of "
	    "exchanges with the network's: it would have to be a system of a "
	    "third organisation, which this nation has not\n");
}

static void
a_section_of_nobody_is_refused_without_a_setting(void **state)
{
	static const struct refusal cases[] = {
	    {"[system 131041/relay]",
		", line 1: [system 131041/relay] ID: no organisation runs"},
	    {"[organisation 131041]",
		", line 1: [organisation 131041] kind: is missing"},
	    {"[organisation 131041]\nkind = municipality\nname = 新宿区",
		", line 1: [organisation 131041] systems: is missing"},
	    {"[weather]", ", line 1: [weather] section: not known"},
	    {"[nation] port = 80", ", line 1: more than a section"},
	    {0},
	};

	(void)state;
	check_all_refused(cases);
}

static void
a_host_that_is_none_is_refused_at_its_line(void **state)
{
	static const char *const hosts[] = {"300.1.1.1", "127.0.0.1:80",
	    "127.1", "1.2.3.4.5", "127.0.0.1.", "0x7f000001", "a.0x1", "[::1]",
	    "[::1]:80", "::1:", ":::1", "1::2::3", "fe80::1%lo", "-a", "a-",
	    "a..b", ".a", "a.", "a b", "a/b", "https://a", "市.example", NULL};
	char text[128], want[160];
	size_t i;

	(void)state;
	for (i = 0; hosts[i] != NULL; i++) {
		snprintf(text, sizeof(text), "[nation]\nhost = %s", hosts[i]);
		snprintf(want, sizeof(want),
		    ", line 2: [nation] host: \"%s\" is not a host; expected "
		    "an IP address such as 127.0.0.1 or ::1, or a host's name",
		    hosts[i]);
		check_refused(text, want);
		snprintf(text, sizeof(text), "[system 012041/relay]\nhost = %s",
		    hosts[i]);
		check_refused(text, "line 2: [system 012041/relay] host: ");
	}
}

static void
a_host_that_nobody_reaches_is_refused_with_the_reason(void **state)
{
	static const char all[] = "stands for all addresses of a machine, and "
				  "nobody can reach a system by it; give the "
				  "address by which the others reach it";
	static const char *const hosts[][2] = {{"0.0.0.0", all}, {"::", all},
	    {"0:0::0", all}, {"fe80::1", "is link-local: it needs a zone"},
	    {"::ffff:127.0.0.1", "is an IPv4 address in IPv6"},
	    {"ff02::1", "is no address of a single host"},
	    {"224.0.0.1", "is no address of a single host"},
	    {"255.255.255.255", "is no address of a single host"},
	    {"a_b", "is not a host's name, which has no underscore"},
	    {NULL, NULL}};
	char text[128], want[300];
	size_t i;

	(void)state;
	for (i = 0; hosts[i][0] != NULL; i++) {
		snprintf(
		    text, sizeof(text), "[nation]\nhost = %s", hosts[i][0]);
		snprintf(want, sizeof(want),
		    ", line 2: [nation] host: \"%s\" %s", hosts[i][0],
		    hosts[i][1]);
		check_refused(text, want);
	}
}

static void
a_host_has_one_spelling(void **state)
{
	static const char *const hosts[][2] = {{"::1", "::1"},
	    {"0:0:0:0:0:0:0:1", "::1"}, {"2001:DB8::A", "2001:db8::a"},
	    {"192.0.2.1", "192.0.2.1"}, {"localhost", "localhost"},
	    {"Relay-1.Example", "relay-1.example"},
	    {"1a.example", "1a.example"}, {NULL, NULL}};
	struct config *c;
	char text[128];
	size_t i;

	(void)state;
	for (i = 0; hosts[i][0] != NULL; i++) {
		snprintf(
		    text, sizeof(text), "[nation]\nhost = %s", hosts[i][0]);
		c = must_read(text);
		assert_string_equal(c->host, hosts[i][1]);
		assert_string_equal(
		    must_find(c, "012041/relay")->host, hosts[i][1]);
		config_free(c);
	}
}

static void
an_ipv6_address_stands_in_brackets_in_a_url(void **state)
{
	struct config *c = must_read("[nation]\nhost = ::1\nport = 7300\n"
				     "[system 012041/relay]\nport = 9000\n"
				     "host = 127.0.0.2");
	struct buf url;

	(void)state;
	buf_init(&url);
	config_peers_url(must_find(c, "jlis/jukinet"), &url);
	assert_string_equal(url.data, "https://[::1]:7300");
	buf_clear(&url);
	config_peers_url(must_find(c, "012041/relay"), &url);
	assert_string_equal(url.data, "https://127.0.0.2:9000");
	buf_done(&url);
	config_free(c);
}

static void
a_port_without_a_door_or_that_collides_is_refused(void **state)
{
	static const struct refusal cases[] = {
	    {"[nation]\npublic_port = 7400",
		", line 2: [nation] public_port: no system of this nation has "
		"such a door; remove the line"},
	    {"[system digital/portal]\npublic_port = 7400",
		", line 2: [system digital/portal] public_port: this system "
		"has no such door; remove the line"},
	    {"[system 012041/relay]\npeople_port = 7400",
		", line 2: [system 012041/relay] people_port: this system has "
		"no such door; remove the line"},
	    {"[nation]\npeople_port = 7301",
		", line 2: [nation] people_port: gives digital/portal the port "
		"7301, which digital/network has"},
	    {"[nation]\nport = 65530",
		", line 2: [nation] port: 012041/offices would get the port "
		"65536, and the last port is 65535; choose a lower one"},
	    {"[nation]\nport = 7300\n[system jlis/jukinet]\nport = 7301",
		", line 4: [system jlis/jukinet] port: gives jlis/jukinet the "
		"port 7301, which digital/network has"},
	    {"[nation]\npeople_port = 7303",
		", line 2: [nation] people_port: gives digital/portal the port "
		"7303, which 012041/registry has"},
	    {"[system 012041/relay]\nport = 7300",
		"012041/relay the port 7300, which jlis/jukinet has"},
	    {"[system 012041/relay]\nport = 7300\nhost = localhost",
		"012041/relay the port 7300, which jlis/jukinet has"},
	    {0},
	};
	struct config *c;

	(void)state;
	check_all_refused(cases);
	c = must_read("[system 012041/relay]\nport = 7300\nhost = 127.0.0.2");
	config_free(c);
	c = must_read("[nation]\nport = 65526\npeople_port = 7300");
	assert_int_equal(must_find(c, "nenkin/offices")->port, 65535);
	config_free(c);
	/* the last system needs no port of the nation */
	c = must_read("[nation]\nport = 65527\n"
		      "[system nenkin/offices]\nport = 7300");
	config_free(c);
}

/* The list of a refusal: "name, host, assessment.ORGANISATION". */
static void
list_known(const char *section, struct buf *ret)
{
	struct config *c = NULL;
	struct problem problem;
	const char *list;
	char text[64];

	snprintf(text, sizeof(text), "[%s]\ncolour = red", section);
	assert_int_equal(read_config(text, &c, &problem), ERR_INPUT);
	list = strstr(problem.text, "colour: not known; known are ");
	assert_non_null(list);
	buf_clear(ret);
	buf_add_string(ret, list + strlen("colour: not known; known are "));
}

/* Each setting that is said to be known, with a value. */
static void
try_all(const char *section, const char *value, const char *want)
{
	struct slice rest, name;
	struct buf known;
	char text[128], place[128];

	buf_init(&known);
	list_known(section, &known);
	rest = buf_slice(&known);
	while (!slice_is_empty(rest)) {
		name = slice_trim(slice_cut(&rest, ','));
		if (slice_equal(name, SLICE("assessment.ORGANISATION")))
			name = SLICE("assessment.012041");
		if (value[0] != '\0' && slice_equal(name, SLICE("name")))
			continue;
		snprintf(text, sizeof(text), "[%s]\n%.*s = %s", section,
		    SLICE_ARG(name), value);
		snprintf(place, sizeof(place), ", line 2: [%s] %.*s: %s",
		    section, SLICE_ARG(name), want);
		check_refused(text, place);
	}
	buf_done(&known);
}

static void
no_setting_takes_an_empty_value_or_nonsense(void **state)
{
	static const char *const sections[] = {"nation", "organisation 131041",
	    "system jlis/jukinet", "system digital/network",
	    "system digital/portal", "system 012041/registry",
	    "system 012041/addressee", "system 012041/relay",
	    "system 012041/offices", NULL};
	size_t i;

	(void)state;
	for (i = 0; sections[i] != NULL; i++) {
		try_all(sections[i], "", "");
		try_all(sections[i], "?", "");
	}
}

static void
a_refusal_lists_only_what_would_be_taken(void **state)
{
	struct buf known;

	(void)state;
	buf_init(&known);
	list_known("nation", &known);
	assert_string_equal(
	    known.data, "name, host, port, people_port, database");
	list_known("system 012041/offices", &known);
	assert_string_equal(known.data,
	    "host, port, pension_provider, outbox_mib, witness, witness2, witness3, keeper");
	list_known("system digital/portal", &known);
	assert_string_equal(known.data,
	    "host, port, people_port, outbox_mib, witness, witness2, witness3, keeper");
	list_known("system digital/network", &known);
	assert_string_equal(known.data,
	    "host, port, assessment.ORGANISATION, commission, outbox_mib, witness, witness2, witness3, keeper");
	buf_done(&known);
}

static void
the_order_of_the_sections_does_not_matter(void **state)
{
	struct config *c =
	    must_read("[system 012041/offices]\npension_provider = nenkin\n"
		      "[system digital/network]\ncommission = jlis\n"
		      "assessment.012041 = overdue\nassessment.nenkin = filed\n"
		      "[system nenkin/relay]\nwitness = 012041/relay");

	(void)state;
	assert_true(config_has_setting(
	    must_find(c, "012041/offices"), "pension_provider"));
	assert_true(config_has_setting(
	    must_find(c, "digital/network"), "assessment.012041"));
	config_free(c);
}

struct doubt {
	const char *text, *want;              /* the only doubt */
	const char *system, *setting, *value; /* that stays; NULL: none does */
};

static const char *
setting_of(const struct system_config *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->n_settings; i++) {
		if (strcmp(s->settings[i].name, name) == 0)
			return s->settings[i].value;
	}

	return NULL;
}

static void
check_doubt(const struct doubt *d)
{
	const char *value;
	struct config *c = NULL;
	struct problem problem;

	if (read_founded(d->text, &c, &problem))
		fail_msg("%s: refused: %s", d->text, problem.text);
	if (c->doubts.len == 0 || strstr(c->doubts.data, d->want) == NULL ||
	    strchr(c->doubts.data, '\n') != c->doubts.data + c->doubts.len - 1)
		fail_msg("%s:\n%s\ninstead of %s", d->text,
		    c->doubts.len > 0 ? c->doubts.data : "no doubt", d->want);
	if (d->system != NULL) {
		value = setting_of(must_find(c, d->system), d->setting);
		if (d->value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, d->value);
	}
	config_free(c);
}

/* An earlier version took these: nothing stops for them, and they do what they
 * did. */
static void
a_founded_nation_keeps_what_founding_refuses_now(void **state)
{
	static const struct doubt doubts[] = {
	    {"[system digital/network]\nassessment.131041 = filed",
		"nation.ini, line 2: [system digital/network] "
		"assessment.131041: \"131041\" is not an organisation",
		"digital/network", "assessment.131041", NULL},
	    {"[system digital/network]\nassessment.012041 = no",
		"line 2: [system digital/network] assessment.012041: \"no\" "
		"is not known; expected filed or overdue",
		"digital/network", "assessment.012041", "no"},
	    {"[system digital/network]\ncommission = tanaka",
		"\"tanaka\" is not another organisation", "digital/network",
		"commission", "tanaka"},
	    {"[system 012041/relay]\ncolour = red",
		"line 2: [system 012041/relay] colour: not known; known are",
		"012041/relay", "colour", NULL},
	    {"[system 012041/relay]\njukinet = 012041/offices",
		"jukinet: not known", "012041/relay", "jukinet",
		"jlis/jukinet"},
	    {"[system 012041/offices]\npension_provider = nobody",
		"\"nobody\" is not an organisation", "012041/offices",
		"pension_provider", "nobody"},
	    {"[system 012041/relay]\nwitness = nobody/relay",
		"witness: expected another system", "012041/relay", "witness",
		"nobody/relay"},
	    {"[system 131041/relay]\nport = 7400",
		"line 1: [system 131041/relay] ID: no "
		"organisation"},
	    {"[weather]", "[weather] section: not known"},
	    {"[nation]\npublic_port = 7400", "no system of this nation has"},
	    {"[nation]\nport = 7400\nport = 7500",
		"line 3: [nation] port stands in line 2 already"},
	    {0},
	};
	const struct doubt *d;

	(void)state;
	for (d = doubts; d->text != NULL; d++)
		check_doubt(d);
}

static void
a_founded_nation_keeps_its_host(void **state)
{
	static const char *const hosts[] = {"0.0.0.0", "my_host", NULL};
	struct config *c = NULL;
	struct problem problem;
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; hosts[i] != NULL; i++) {
		snprintf(text, sizeof(text), "[nation]\nhost = %s", hosts[i]);
		assert_int_equal(read_founded(text, &c, &problem), OK);
		assert_string_equal(
		    must_find(c, "jlis/jukinet")->host, hosts[i]);
		assert_non_null(
		    strstr(c->doubts.data, "line 2: [nation] host"));
		config_free(c);
	}
}

static void
a_founded_nation_as_founding_takes_it_has_no_doubts(void **state)
{
	struct config *c = NULL;
	struct problem problem;

	(void)state;
	assert_int_equal(read_founded("", &c, &problem), OK);
	assert_int_equal(c->doubts.len, 0);
	config_free(c);
	assert_int_equal(
	    read_founded("[nation]\nport = x", &c, &problem), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(
		a_value_that_does_not_fit_the_nation_is_refused_at_its_line),
	    cmocka_unit_test(
		offices_that_can_ask_nobody_about_pensions_are_noted),
	    cmocka_unit_test(a_relay_has_a_keeper_of_a_third_organisation),
	    cmocka_unit_test(a_relay_that_nobody_may_keep_for_is_noted),
	    cmocka_unit_test(a_section_of_nobody_is_refused_without_a_setting),
	    cmocka_unit_test(a_host_that_is_none_is_refused_at_its_line),
	    cmocka_unit_test(
		a_host_that_nobody_reaches_is_refused_with_the_reason),
	    cmocka_unit_test(a_host_has_one_spelling),
	    cmocka_unit_test(an_ipv6_address_stands_in_brackets_in_a_url),
	    cmocka_unit_test(a_port_without_a_door_or_that_collides_is_refused),
	    cmocka_unit_test(no_setting_takes_an_empty_value_or_nonsense),
	    cmocka_unit_test(a_refusal_lists_only_what_would_be_taken),
	    cmocka_unit_test(the_order_of_the_sections_does_not_matter),
	    cmocka_unit_test(a_founded_nation_keeps_what_founding_refuses_now),
	    cmocka_unit_test(a_founded_nation_keeps_its_host),
	    cmocka_unit_test(
		a_founded_nation_as_founding_takes_it_has_no_doubts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
