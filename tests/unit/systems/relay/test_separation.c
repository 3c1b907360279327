/*
 * The addressee and the relay of an organisation hold what they declare, and
 * no more: both are looked into after a whole acquisition.
 */
#include "number/individual_number.h"
#include "systems/addressee/addressee.h"
#include "systems/relay/relay.h"
#include "tests/support/double.h"

#define REGISTRY "131041/registry"
#define ADDRESSEE "131041/addressee"
#define RELAY "131041/relay"
#define JUKINET "jlis/jukinet"
#define NETWORK "digital/network"
#define PEOPLE 50
#define FILE_MAX (4 << 20)

static int
set_up(void **state)
{
	static const struct double_member members[] = {
	    {&double_registry, REGISTRY},
	    {&double_jukinet, JUKINET},
	    {&double_network, NETWORK},
	    {&addressee_system, ADDRESSEE},
	    {&relay_system, RELAY},
	};

	*state = double_nation(members, sizeof(members) / sizeof(members[0]));

	return 0;
}

static struct individual_number
number(unsigned int n)
{
	return individual_number_from_body(56789012345 + n);
}

static void
register_people(struct simulation *sim)
{
	struct individual_number in;
	json_t *items = json_array();
	char bn[16], text[INDIVIDUAL_NUMBER_DIGITS + 1];
	unsigned int i;

	for (i = 0; i < PEOPLE; i++) {
		in = number(i);
		individual_number_format(&in, text);
		snprintf(bn, sizeof(bn), "R%u", i);
		json_array_append_new(items,
		    json_pack("[s,s,s,s,s,s,s]", bn, text, "番号太郎",
			"バンゴウタロウ", "1980-05-05", "1", "東京都新宿区"));
	}
	double_say(sim, REGISTRY, ADDRESSEE, "persons.registered",
	    json_pack("{s:o}", "items", items));
}

/* The code that the network's double gives the nth person. */
static void
code(unsigned int n, char ret[33])
{
	snprintf(ret, 33, "c0de%028x", n);
}

static void
give_codes(struct simulation *sim)
{
	const json_t *asked =
	    json_object_get(double_last("acquisition.request"), "items");
	json_t *items = json_array();
	char text[33];
	unsigned int i;

	assert_int_equal(json_array_size(asked), PEOPLE);
	for (i = 0; i < PEOPLE; i++) {
		code(i, text);
		json_array_append_new(items,
		    json_pack("[s,s]",
			json_string_value(
			    json_array_get(json_array_get(asked, i), 0)),
			text));
	}
	double_say(sim, NETWORK, RELAY, "acquisition.code",
	    json_pack("{s:o}", "items", items));
}

/* A system's whole database file, to be freed; every page is in it. */
static char *
read_database(
    struct simulation *sim, const char *system, const char *file, size_t *len)
{
	char name[64], *content = test_malloc(FILE_MAX);
	FILE *f;

	assert_int_equal(
	    store_checkpoint(node_store(simulation_node(sim, system))), OK);
	snprintf(name, sizeof(name), "%s.sqlite", file);
	f = fopen(double_path(name), "rb");
	assert_non_null(f);
	*len = fread(content, 1, FILE_MAX, f);
	assert_true(*len > 4096 && *len < FILE_MAX);
	fclose(f);

	return content;
}

/* As text, or as the six bytes of an integer column. */
static bool
has_number(const char *content, size_t len, struct individual_number in)
{
	char text[INDIVIDUAL_NUMBER_DIGITS + 1], bytes[6];
	int64_t value = individual_number_to_int64(&in);
	int i;

	individual_number_format(&in, text);
	for (i = 5; i >= 0; i--) {
		bytes[i] = (char)(value & 0xff);
		value >>= 8;
	}

	return memmem(content, len, text, INDIVIDUAL_NUMBER_DIGITS) != NULL ||
	    memmem(content, len, bytes, sizeof(bytes)) != NULL;
}

static bool
has_code(const char *content, size_t len, unsigned int n)
{
	char text[33], bytes[16];
	unsigned int i, byte;

	code(n, text);
	for (i = 0; i < sizeof(bytes); i++) {
		assert_int_equal(sscanf(text + 2 * i, "%2x", &byte), 1);
		bytes[i] = (char)byte;
	}

	return memmem(content, len, text, 32) != NULL ||
	    memmem(content, len, bytes, sizeof(bytes)) != NULL;
}

static const struct {
	const struct system *system;
	const char *id;
	const char *file;
} holders[] = {
    {&addressee_system, ADDRESSEE, "131041-addressee"},
    {&relay_system, RELAY, "131041-relay"},
};
#define N_HOLDERS (sizeof(holders) / sizeof(holders[0]))

static void
a_database_holds_what_its_system_declares(void **state)
{
	const struct holdings *may;
	struct simulation *sim = *state;
	char *content;
	size_t i, len;
	unsigned int n;

	register_people(sim);
	give_codes(sim);
	for (i = 0; i < N_HOLDERS; i++) {
		assert_int_equal(
		    double_progress(sim, holders[i].id, "linked"), PEOPLE);
		may = &holders[i].system->holds;
		content =
		    read_database(sim, holders[i].id, holders[i].file, &len);
		for (n = 0; n < PEOPLE; n++) {
			assert_int_equal(has_number(content, len, number(n)),
			    may->individual_number == HOLDS_KEPT);
			assert_int_equal(has_code(content, len, n),
			    may->linkage_code == HOLDS_OWN);
		}
		test_free(content);
	}
}

/* 番号法21条の2第3項. */
static void
no_acquisition_number_is_left_anywhere(void **state)
{
	struct simulation *sim = *state;
	const json_t *asked;
	const char *acquisition;
	char *content;
	size_t i, j, len;

	register_people(sim);
	give_codes(sim);
	asked = json_object_get(double_last("acquisition.request"), "items");
	for (i = 0; i < N_HOLDERS; i++) {
		content =
		    read_database(sim, holders[i].id, holders[i].file, &len);
		for (j = 0; j < PEOPLE; j++) {
			acquisition = json_string_value(
			    json_array_get(json_array_get(asked, j), 0));
			assert_null(memmem(content, len, acquisition, 32));
		}
		test_free(content);
	}
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, double_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_database_holds_what_its_system_declares),
	    TEST(no_acquisition_number_is_left_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
