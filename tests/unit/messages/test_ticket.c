#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "messages/ticket.h"
#include "tests/support/test_arena.h"

#define TICKET "K7M2Q-0ABCD-EFGHJ-KM1PQ"

static struct slice
acquisition_of(const char *ticket)
{
	struct slice acquisition;

	assert_int_equal(
	    ticket_acquisition(slice_of(ticket), arena, &acquisition), OK);

	return acquisition;
}

/* By `printf 'bango enrolment ticket K7M2Q0ABCDEFGHJKM1PQ' | sha256sum`. */
static void
its_acquisition_number_is_half_a_digest(void **state)
{
	(void)state;
	assert_string_equal(
	    acquisition_of(TICKET).data, "c370ca92d9fa4fed77f709756835fa16");
}

static void
it_is_read_as_people_type(void **state)
{
	static const char *const typed[] = {"k7m2q-0abcd-efghj-km1pq",
	    "K7M2Q0ABCDEFGHJKM1PQ", " K7M2Q OABCD EFGHJ KMLPQ ",
	    "k7m2qoabcdefghjkmipq",
	    "Ｋ７Ｍ２Ｑ－０ＡＢＣＤ－ＥＦＧＨＪ－ＫＭ１ＰＱ",
	    "ｋ７ｍ２ｑーｏａｂｃｄ\u3000ｅｆｇｈｊ−ｋｍｌｐｑ",
	    "k7m2q\u20100abcd\u2013efghj\u2015km1pq",
	    "k7m2q\u20110abcd\u2012efghj\u2014km1pq",
	    "\u3000Ｋ7M2Q\uff700ABCD‐EFGHJ-KM1PＱ\u3000"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(typed) / sizeof(typed[0]); i++)
		assert_true(slice_equal(
		    acquisition_of(typed[i]), acquisition_of(TICKET)));
	assert_false(slice_equal(
	    acquisition_of("K7M2Q-0ABCD-EFGHJ-KM1PR"), acquisition_of(TICKET)));
}

static void
other_texts_are_no_tickets(void **state)
{
	static const char *const bad[] = {"", "K7M2Q", TICKET "0",
	    "K7M2Q-0ABCD-EFGHJ-KM1PU", "K7M2Q_0ABCD-EFGHJ-KM1PQ",
	    "K7M2Q-0ABCD-EFGHJ-KM1P\u3042", "K7M2Q\uff3f0ABCD-EFGHJ-KM1PQ",
	    "K7M2Q-0ABCD-EFGHJ-KM1P\xff"};
	struct slice left = SLICE("left alone");
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    ticket_acquisition(slice_of(bad[i]), arena, &left),
		    ERR_INPUT);
	assert_int_equal(
	    ticket_acquisition(slice_bytes(TICKET "\0", 24), arena, &left),
	    ERR_INPUT);
	assert_true(slice_equal_string(left, "left alone"));
}

static void
new_tickets_are_read_and_differ(void **state)
{
	struct random random = random_system();
	struct slice a = ticket_new(&random, arena);
	struct slice b = ticket_new(&random, arena);

	(void)state;
	assert_int_equal(a.len, TICKET_TEXT);
	assert_false(
	    slice_equal(acquisition_of(a.data), acquisition_of(b.data)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(its_acquisition_number_is_half_a_digest),
	    cmocka_unit_test(it_is_read_as_people_type),
	    cmocka_unit_test(other_texts_are_no_tickets),
	    cmocka_unit_test(new_tickets_are_read_and_differ),
	};

	return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
