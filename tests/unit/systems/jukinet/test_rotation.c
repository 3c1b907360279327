/*
 * Rotation of jukinet's keys: what an old epoch made stays good, and what two
 * epochs would both make is made once.  In earnest such a meeting is rare, so
 * here it is sought: with the keys one can compute where epochs meet.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "jukinet_statements.h"
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/numbers.h"
#include "systems/jukinet/person.h"

#define NOW ((struct instant){1795248000000})
#define CITY SLICE("012041")
#define TOWN SLICE("131041")
#define SEARCH_MAX 1000

struct fixture {
	struct keystore *keys;
	struct ciphers *ciphers;
	struct turn turn; /* without a node: nothing here sends or audits */
};

static int
set_up(void **state)
{
	struct store_options options = {.now = NOW};
	static struct random_seed seed;
	static struct fixture f;
	struct problem problem;

	memset(&f, 0, sizeof(f));
	f.keys = keystore_new(KEYSTORE_FAST);
	f.turn.random = random_seeded(&seed, 7);
	f.turn.now = NOW;
	f.turn.arena = arena_new();
	keystore_add_symmetric(
	    f.keys, "resident-code", &f.turn.random, NOW, NULL);
	keystore_add_symmetric(f.keys, "number", &f.turn.random, NOW, NULL);
	assert_int_equal(ciphers_new(f.keys, &f.ciphers), OK);
	f.turn.state = f.ciphers;
	if (system_open_store(
		&jukinet_system, ":memory:", &options, &f.turn.store, &problem))
		fail_msg("%s", problem.text);
	assert_int_equal(store_begin(f.turn.store), OK);
	*state = &f;

	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *f = *state;

	store_close(f->turn.store);
	arena_free(f->turn.arena);
	ciphers_free(f->ciphers);
	keystore_free(f->keys);

	return 0;
}

static void
rotate(struct fixture *f, const char *purpose)
{
	keystore_add_symmetric(f->keys, purpose, &f->turn.random, NOW, NULL);
	ciphers_free(f->ciphers);
	assert_int_equal(ciphers_new(f->keys, &f->ciphers), OK);
	f->turn.state = f->ciphers;
}

static void
designate(struct fixture *f, int64_t first, int64_t length, int epoch,
    struct slice municipality)
{
	struct query q;

	store_query(f->turn.store, JUKINET_DESIGNATION_ADD, &q);
	query_int(&q, "first", first);
	query_int(&q, "length", length);
	query_int(&q, "wanted", length);
	query_int(&q, "epoch", epoch);
	query_text(&q, "municipality", municipality);
	query_text(&q, "request",
	    arena_printf(f->turn.arena, "%lld", (long long)first));
	query_int(&q, "at", NOW.ms);
	assert_int_equal(query_run(&q), OK);
}

/* The body of the code that `epoch` makes of a serial. */
static uint64_t
code_of(const struct fixture *f, int64_t serial, unsigned int epoch)
{
	uint64_t body = (uint64_t)serial;

	ciphers_encrypt(f->ciphers, CIPHER_CODE, epoch, &body, 1);

	return body;
}

static struct designated
find(struct fixture *f, uint64_t body)
{
	struct designated d;

	assert_int_equal(designation_find(&f->turn, &body, 1, &d), OK);

	return d;
}

/* Somebody with the given number; the rest does not matter. */
static void
add_person(struct fixture *f, int64_t serial, struct generation generation)
{
	struct person p = {.serial = {serial},
	    .municipality = CITY,
	    .state = PERSON_RESIDENT,
	    .generation = generation,
	    .attributes = {.name = SLICE("a"),
		.address = SLICE("b"),
		.birth = {1980, 2, 29},
		.sex = 2},
	    .event = SLICE("numbering"),
	    .event_date = {2026, 11, 21},
	    .updated = NOW};
	bool is_new;

	assert_int_equal(person_add(&f->turn, &p, &is_new), OK);
	assert_true(is_new);
}

/* --- Codes ---------------------------------------------------------------- */

static void
a_code_of_an_old_epoch_stays_where_it_was_designated(void **state)
{
	struct fixture *f = *state;
	struct resident_code code;
	uint64_t old;

	designate(f, 1, 10, 1, CITY);
	old = code_of(f, 5, 1);
	rotate(f, "resident-code");
	designate(f, 11, 10, 2, TOWN);
	assert_int_equal(find(f, old).serial.value, 5);
	assert_true(slice_equal(find(f, old).municipality, CITY));
	assert_int_equal(find(f, code_of(f, 15, 2)).serial.value, 15);
	assert_true(slice_equal(find(f, code_of(f, 15, 2)).municipality, TOWN));
	/* Each serial under its own epoch alone. */
	assert_int_equal(find(f, code_of(f, 15, 1)).serial.value, 0);
	assert_int_equal(find(f, code_of(f, 5, 2)).serial.value, 0);
	assert_int_equal(
	    designation_code(&f->turn, (struct serial){5}, &code), OK);
	assert_int_equal(resident_code_body(&code), old);
	assert_int_equal(designation_code(&f->turn, (struct serial){21}, &code),
	    ERR_CORRUPT);
}

/* The newer epoch's serial of the same code is a hole in its range. */
static void
a_code_that_two_epochs_make_belongs_to_the_older(void **state)
{
	struct fixture *f = *state;
	uint64_t code, serial;

	designate(f, 1, 10, 1, CITY);
	code = code_of(f, 5, 1);
	rotate(f, "resident-code");
	serial = code;
	ciphers_decrypt(f->ciphers, CIPHER_CODE, 2, &serial, 1);
	assert_true(serial > 20);
	designate(f, (int64_t)serial - 3, 10, 2, TOWN);
	assert_int_equal(code_of(f, (int64_t)serial, 2), code);
	assert_int_equal(find(f, code).serial.value, 5);
	assert_true(slice_equal(find(f, code).municipality, CITY));
}

/* --- Numbers -------------------------------------------------------------- */

static void
a_number_of_an_old_epoch_stays_its_owners(void **state)
{
	struct fixture *f = *state;
	struct individual_number number, fresh;
	struct number_owner owner;
	struct generation made;
	uint64_t code;

	designate(f, 1, 10, 1, CITY);
	code = code_of(f, 5, 1);
	assert_int_equal(
	    numbers_make(&f->turn, &code, 1, 0, &made, &number), OK);
	add_person(f, 5, made);
	rotate(f, "number");
	assert_int_equal(numbers_find(&f->turn, &number, 1, &owner), OK);
	assert_int_equal(owner.serial.value, 5);
	assert_int_equal(owner.code_body, code);
	assert_true(owner.is_current);
	/* The number that the new epoch would make for them is nobody's. */
	fresh = numbers_of(&f->turn, code, (struct generation){0, 2});
	assert_int_equal(numbers_find(&f->turn, &fresh, 1, &owner), OK);
	assert_int_equal(owner.serial.value, 0);
}

/*
 * Somebody's number of epoch 1, and another's code of which epoch 2 makes the
 * same in generation 0: about one in ten serials has one.
 */
static uint64_t
seek_meeting(struct fixture *f, int64_t *ret_serial,
    struct individual_number *ret_number)
{
	struct generation first = {0, 1};
	uint64_t value;
	int64_t serial = 0;

	for (serial = 1; serial < SEARCH_MAX; serial++) {
		*ret_number =
		    numbers_of(&f->turn, code_of(f, serial, 1), first);
		value = individual_number_body(ret_number);
		ciphers_decrypt(f->ciphers, CIPHER_NUMBER, 2, &value, 1);
		if (value % 10 == 0) {
			*ret_serial = serial;
			return value / 10;
		}
	}
	fail_msg("two epochs do not meet in %d serials", SEARCH_MAX);

	return 0;
}

static void
a_number_that_two_epochs_make_is_given_once(void **state)
{
	struct fixture *f = *state;
	struct individual_number taken, made;
	struct generation generation;
	struct number_owner owner;
	uint64_t code;
	int64_t serial = 0;

	designate(f, 1, SEARCH_MAX, 1, CITY);
	rotate(f, "number");
	code = seek_meeting(f, &serial, &taken);
	/* Until somebody has it, it may be made. */
	assert_int_equal(
	    numbers_make(&f->turn, &code, 1, 0, &generation, &made), OK);
	assert_int_equal(generation.generation, 0);
	assert_true(individual_number_equal(&made, &taken));
	add_person(f, serial, (struct generation){0, 1});
	assert_int_equal(
	    numbers_make(&f->turn, &code, 1, 0, &generation, &made), OK);
	assert_int_equal(generation.generation, 1);
	assert_int_equal(generation.epoch, 2);
	assert_false(individual_number_equal(&made, &taken));
	assert_int_equal(numbers_find(&f->turn, &taken, 1, &owner), OK);
	assert_int_equal(owner.serial.value, serial);
}

static void
after_the_last_generation_there_is_none(void **state)
{
	struct fixture *f = *state;
	struct generation generation;
	struct individual_number made;
	uint64_t code = 4711;

	assert_int_equal(numbers_make(&f->turn, &code, 1, GENERATION_MAX,
			     &generation, &made),
	    OK);
	assert_int_equal(generation.generation, GENERATION_MAX);
	assert_int_equal(numbers_make(&f->turn, &code, 1, GENERATION_MAX + 1,
			     &generation, &made),
	    OK);
	assert_int_equal(generation.generation, GENERATION_MAX + 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_code_of_an_old_epoch_stays_where_it_was_designated),
	    TEST(a_code_that_two_epochs_make_belongs_to_the_older),
	    TEST(a_number_of_an_old_epoch_stays_its_owners),
	    TEST(a_number_that_two_epochs_make_is_given_once),
	    TEST(after_the_last_generation_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
