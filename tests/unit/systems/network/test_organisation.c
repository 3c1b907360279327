/* The organisations that the network knows, and what it needs to start. */
#include "base/bug.h"
#include "base/file.h"
#include "crypto/sign.h"
#include "network_statements.h"
#include "systems/network/network.h"
#include "tests/support/double.h"

#define SELF "digital/network"

static const struct setting settings[] = {
    {"organisation.jlis", "1 information-systems-agency 機構"},
    {"organisation.digital", "2 digital-agency デジタル庁"},
    {"organisation.012041", "3 municipality 旭川市"},
    {"organisation.131041", "4 municipality 新宿区"},
    {"organisation.nenkin", "5 pension-service 日本年金機構"},
    {"organisation.bank", "6 bank 銀行"},
    {0},
};

/* The mark, which outlives the database. */
static struct mark mark;
static bool has_mark;

static enum err
load_mark(void *state, struct mark *ret, struct problem *problem)
{
	(void)state;
	(void)problem;
	if (!has_mark)
		return ERR_NOT_FOUND;
	*ret = mark;

	return OK;
}

static enum err
save_mark(void *state, const struct mark *m, struct problem *problem)
{
	(void)state;
	(void)problem;
	mark = *m;
	has_mark = true;

	return OK;
}

static const struct mark_place place = {
    .load = load_mark, .save = save_mark, .name = "the mark"};

/* A folder for the database; nobody else is there. */
static int
set_up(void **state)
{
	has_mark = false;
	*state = double_nation(NULL, 0);

	return 0;
}

/* The index that the database has for an organisation; 0: none. */
static int64_t
index_of(struct node *node, const char *id)
{
	int64_t number = 0;
	struct query q;

	store_query(node_store(node), NETWORK_ORGANISATIONS, &q);
	while (query_step(&q) == OK) {
		if (slice_equal_string(column_text(&q, "id"), id))
			number = column_int(&q, "number");
	}
	query_done(&q);

	return number;
}

/* Start the network by itself with the given settings. */
static enum err
start(struct keystore *keys, const struct setting *given, struct node **ret,
    struct problem *problem)
{
	struct random_seed seed;
	struct node_options options = {.system = &network_system,
	    .keys = keys,
	    .settings = given,
	    .place = &place,
	    .random = random_seeded(&seed, 5),
	    .now = {DOUBLE_START_MS}};

	options.database = double_path("index.sqlite");
	assert_int_equal(system_id_parse(SLICE(SELF), &options.id), OK);

	return node_open(&options, ret, problem);
}

/* Start it, look at two indexes, and stop it. */
static void
look_up(struct keystore *keys, const struct setting *given,
    int64_t *ret_shinjuku, int64_t *ret_asahikawa)
{
	struct problem problem = {0};
	struct node *node;

	if (start(keys, given, &node, &problem))
		fail_msg("%s", problem.text);
	*ret_shinjuku = index_of(node, "131041");
	*ret_asahikawa = index_of(node, "012041");
	node_close(node);
}

static struct keystore *
make_keys(void)
{
	struct random random = random_system();
	struct instant now = {DOUBLE_START_MS};
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct signing_key *key;
	struct key_id id;
	struct buf der;

	buf_init(&der);
	assert_int_equal(signing_key_generate(&key), OK);
	assert_int_equal(signing_key_encode(key, &der), OK);
	id = signing_key_id(key);
	keystore_add_private(keys, "sign", id.text, buf_slice(&der), now, NULL);
	keystore_add_symmetric(keys, "linkage", &random, now, NULL);
	signing_key_free(key);
	buf_done(&der);

	return keys;
}

static void
an_organisation_keeps_its_index(void **state)
{
	static const struct setting swapped[] = {
	    {"organisation.131041", "3 special-ward 新宿区"},
	    {"organisation.new", "4 municipality 新市"},
	    {"organisation.012041", "4 city 旭川市"},
	    {0},
	};
	struct keystore *keys = make_keys();
	int64_t shinjuku, asahikawa;

	(void)state;
	look_up(keys, settings, &shinjuku, &asahikawa);
	assert_int_equal(asahikawa, 3);
	assert_int_equal(shinjuku, 4);
	look_up(keys, swapped, &shinjuku, &asahikawa);
	assert_int_equal(asahikawa, 3);
	assert_int_equal(shinjuku, 4);
	keystore_free(keys);
}

static void
copy(const char *from, const char *to)
{
	struct problem problem = {0};
	struct buf bytes, path;

	buf_init(&bytes);
	buf_init(&path);
	buf_add_string(&path, double_path(to));
	assert_int_equal(
	    file_read(double_path(from), 64u << 20, &bytes, &problem), OK);
	assert_int_equal(
	    file_replace(path.data, buf_slice(&bytes), 0600, &problem), OK);
	buf_done(&bytes);
	buf_done(&path);
}

/* Two new organisations, between whose starts the database is put back; the
 * settings give both the same index. */
static void
put_back_between(struct keystore *keys, int64_t *ret_one, int64_t *ret_other)
{
	static const struct setting one[] = {
	    {"organisation.131041", "7 municipality 新宿区"}, {0}};
	static const struct setting other[] = {
	    {"organisation.012041", "7 municipality 旭川市"}, {0}};
	static const struct setting digital[] = {
	    {"organisation.digital", "2 digital-agency デジタル庁"}, {0}};
	int64_t unused;

	look_up(keys, digital, &unused, &unused);
	copy("index.sqlite", "kept.sqlite");
	look_up(keys, one, ret_one, &unused);
	copy("kept.sqlite", "index.sqlite");
	look_up(keys, other, &unused, ret_other);
}

static void
an_index_is_never_given_again(void **state)
{
	struct keystore *keys = make_keys();
	int64_t one, other;

	(void)state;
	put_back_between(keys, &one, &other);
	assert_true(one > 0 && other > 0 && one != other);
	keystore_free(keys);
}

/* The test above finds it if the mark is left out. */
static void
without_a_mark_two_organisations_have_one_index(void **state)
{
	struct keystore *keys = make_keys();
	int64_t one, other;

	(void)state;
	if (!bug_is_possible())
		skip();
	bug_set(BUG_MARK_MISSING);
	put_back_between(keys, &one, &other);
	bug_set(BUG_NONE);
	assert_int_equal(one, other);
	keystore_free(keys);
}

static void
settings_that_cannot_be_read_stop_it(void **state)
{
	static const char *const bad[] = {"", "x municipality 市", "0 a b", "1",
	    "1 municipality", "1 municipality ", "99999999999 municipality 市"};
	struct setting given[2] = {{"organisation.012041", NULL}, {0}};
	struct keystore *keys = make_keys();
	struct problem problem = {0};
	struct node *node;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		given[0].value = bad[i];
		assert_int_equal(
		    start(keys, given, &node, &problem), ERR_INPUT);
		assert_non_null(strstr(problem.text, "organisation.012041"));
	}
	keystore_free(keys);
}

static void
without_its_key_it_does_not_start(void **state)
{
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct problem problem = {0};
	struct node *node;

	(void)state;
	assert_int_not_equal(start(keys, settings, &node, &problem), OK);
	keystore_free(keys);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, set_up, double_tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_organisation_keeps_its_index),
	    TEST(an_index_is_never_given_again),
	    TEST(without_a_mark_two_organisations_have_one_index),
	    TEST(settings_that_cannot_be_read_stop_it),
	    TEST(without_its_key_it_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
