/* Checkpoints: signed, cosigned, and everything that is none. */
#include "ledger/checkpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define LOG SLICE("bango/131041/relay")
#define WITNESS SLICE("bango/jlis/jukinet")

static struct arena *arena;
static struct signing_key *keys[2]; /* the log's, the witness's */
static struct checkpoint_key *log_key, *witness_key, *mixed_key;
static const struct merkle_tree tree = {1729, {{7, 8, 9}}};

static int
set_up(void **state)
{
	json_t *jwk[2];
	size_t i;

	(void)state;
	arena = arena_new();
	for (i = 0; i < 2; i++) {
		if (signing_key_generate(&keys[i]))
			return -1;
		jwk[i] = signing_key_jwk(keys[i]);
	}
	if (checkpoint_key_new(LOG, jwk[0], &log_key) ||
	    checkpoint_key_new(WITNESS, jwk[1], &witness_key) ||
	    checkpoint_key_new(LOG, jwk[1], &mixed_key))
		return -1;
	json_decref(jwk[0]);
	json_decref(jwk[1]);

	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	checkpoint_key_free(log_key);
	checkpoint_key_free(witness_key);
	checkpoint_key_free(mixed_key);
	checkpoint_key_free(NULL);
	signing_key_free(keys[0]);
	signing_key_free(keys[1]);
	arena_free(arena);

	return 0;
}

/* A note of ours, cosigned by the witness. */
static void
make_note(struct buf *ret)
{
	struct checkpoint c;
	struct buf line;

	buf_init(ret);
	buf_init(&line);
	assert_int_equal(checkpoint_sign(LOG, &tree, keys[0], ret), OK);
	assert_int_equal(checkpoint_parse(arena, buf_slice(ret), &c), OK);
	assert_int_equal(checkpoint_cosign(&c, WITNESS, keys[1],
			     (struct instant){1795000000999}, &line),
	    OK);
	buf_add(ret, buf_slice(&line));
	buf_done(&line);
}

static void
what_was_signed_is_read_and_verified(void **state)
{
	struct checkpoint c;
	struct instant at;
	struct buf note;

	(void)state;
	make_note(&note);
	assert_true(slice_has_prefix(buf_slice(&note),
	    SLICE("bango/131041/relay\n1729\nBwgJAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		  "AAAAAAAAAAA=\n\n— bango/131041/relay ")));
	assert_int_equal(checkpoint_parse(arena, buf_slice(&note), &c), OK);
	assert_true(slice_equal(c.origin, LOG));
	assert_int_equal(c.tree.size, 1729);
	assert_memory_equal(&c.tree.root, &tree.root, sizeof(tree.root));
	assert_int_equal(c.n_signatures, 2);
	assert_int_equal(checkpoint_verify(&c, log_key), OK);
	assert_int_equal(
	    checkpoint_verify_cosignature(&c, witness_key, &at), OK);
	assert_int_equal(at.ms, 1795000000000);
	buf_done(&note);
}

static void
many_signatures_have_many_lengths_and_all_are_read(void **state)
{
	struct checkpoint c;
	struct buf note;
	int i;

	(void)state;
	/* DER drops zeros in front: one signature in 128 is shorter. */
	for (i = 0; i < 600; i++) {
		buf_init(&note);
		assert_int_equal(
		    checkpoint_sign(LOG, &tree, keys[0], &note), OK);
		assert_int_equal(
		    checkpoint_parse(arena, buf_slice(&note), &c), OK);
		assert_int_equal(checkpoint_verify(&c, log_key), OK);
		buf_done(&note);
		arena_reset(arena);
	}
}

static void
another_s_signature_does_not_count(void **state)
{
	struct checkpoint c;
	struct instant at;
	struct buf note;

	(void)state;
	make_note(&note);
	assert_int_equal(checkpoint_parse(arena, buf_slice(&note), &c), OK);
	/* The log's name with another key, and the other role's key. */
	assert_int_equal(checkpoint_verify(&c, mixed_key), ERR_NOT_FOUND);
	assert_int_equal(checkpoint_verify(&c, witness_key), ERR_NOT_FOUND);
	assert_int_equal(
	    checkpoint_verify_cosignature(&c, log_key, &at), ERR_NOT_FOUND);
	buf_done(&note);
}

static void
a_signature_for_another_origin_is_refused(void **state)
{
	struct checkpoint c;
	struct buf note;
	char *name;

	(void)state;
	buf_init(&note);
	assert_int_equal(checkpoint_sign(LOG, &tree, keys[0], &note), OK);
	name = memmem(note.data, note.len, "relay\n1729", 10);
	assert_non_null(name);
	memcpy(name, "relax", 5);
	assert_int_equal(checkpoint_parse(arena, buf_slice(&note), &c), OK);
	assert_int_equal(checkpoint_verify(&c, log_key), ERR_CRYPTO);
	buf_done(&note);
}

/* Every byte of the text, and every one of both signatures. */
static void
nothing_can_be_altered(void **state)
{
	struct checkpoint c;
	struct instant at;
	struct buf note;
	size_t i;
	char was;

	(void)state;
	make_note(&note);
	for (i = 0; i < note.len; i++) {
		was = note.data[i];
		note.data[i] = (char)(was == 'A' ? 'B' : 'A');
		if (checkpoint_parse(arena, buf_slice(&note), &c) == OK &&
		    checkpoint_verify(&c, log_key) == OK &&
		    checkpoint_verify_cosignature(&c, witness_key, &at) == OK)
			fail_msg("byte %zu does not count", i);
		note.data[i] = was;
		arena_reset(arena);
	}
	buf_done(&note);
}

static void
unknown_signatures_are_passed_over(void **state)
{
	struct checkpoint c;
	struct buf note;

	(void)state;
	make_note(&note);
	buf_add(&note, SLICE("— somebody.example/else AAAAAQ==\n"));
	assert_int_equal(checkpoint_parse(arena, buf_slice(&note), &c), OK);
	assert_int_equal(c.n_signatures, 3);
	assert_int_equal(c.signatures[2].key_id, 1);
	assert_int_equal(checkpoint_verify(&c, log_key), OK);
	buf_done(&note);
}

/* The example of c2sp.org/tlog-cosignature, by keys that are not ours. */
static void
a_foreign_checkpoint_is_read(void **state)
{
	static const char text[] =
	    "example.com/behind-the-sofa\n"
	    "20852163\n"
	    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
	    "\n"
	    "— example.com/behind-the-sofa "
	    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/"
	    "Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
	    "— witness.example.com/w1 "
	    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3"
	    "b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
	struct checkpoint c;

	(void)state;
	assert_int_equal(checkpoint_parse(arena, slice_of(text), &c), OK);
	assert_int_equal(c.tree.size, 20852163);
	assert_int_equal(c.n_signatures, 2);
	assert_int_equal(c.signatures[0].key_id, 0x033de0ae);
	assert_int_equal(c.signatures[0].bytes.len, 64);
	assert_int_equal(c.signatures[1].bytes.len, 8 + 64);
}

#define ROOT "BwgJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define END "\n— a AAAAAQ==\n"

static void
what_is_no_checkpoint_is_refused(void **state)
{
	static const char *const wrong[] = {"", "\n", "a\n1\n" ROOT,
	    "a\n1\n" ROOT "\n",
	    "a\n1\n" ROOT "\n— a AAAAAQ==", "a\n1\n" ROOT "\n- a AAAAAQ==\n",
	    "a\n1\n" ROOT "\n— a AAAAAQ\n", "a\n1\n" ROOT "\n— a AAA=\n",
	    "a\n1\n" ROOT "\n—  AAAAAQ==\n", "a\n1\n" ROOT "\n— a\n",
	    "a\n1\n" ROOT "\n— a+b AAAAAQ==\n", "a\n01\n" ROOT END,
	    "a\n-1\n" ROOT END, "a\n\n" ROOT END,
	    "a\n9223372036854775808\n" ROOT END, "\n1\n" ROOT END,
	    "a b\n1\n" ROOT END, "a\n1\nAAAA\n" END, "a\n1\n" ROOT "more\n" END,
	    "a\n1\n" END, "a\n1\n" ROOT END "\n", "\xff\n1\n" ROOT END,
	    "a\n1\nBwgJAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n" END};
	struct checkpoint c;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (checkpoint_parse(arena, slice_of(wrong[i]), &c) !=
		    ERR_INPUT)
			fail_msg("taken: %s", wrong[i]);
	}
	assert_int_equal(
	    checkpoint_parse(arena, SLICE("a\n1\n" ROOT END), &c), OK);
}

static void
too_much_is_refused(void **state)
{
	struct checkpoint c;
	struct buf b;
	int i;

	(void)state;
	buf_init(&b);
	buf_add_string(&b, "a\n1\n" ROOT "\n");
	for (i = 0; i < CHECKPOINT_SIGNATURES_MAX; i++)
		buf_add_string(&b, "— a AAAAAQ==\n");
	assert_int_equal(checkpoint_parse(arena, buf_slice(&b), &c), OK);
	buf_add_string(&b, "— a AAAAAQ==\n");
	assert_int_equal(checkpoint_parse(arena, buf_slice(&b), &c), ERR_INPUT);
	buf_clear(&b);
	buf_add_string(&b, "a\n1\n" ROOT "\n— a ");
	for (i = 0; i < CHECKPOINT_MAX; i += 4)
		buf_add_string(&b, "AAAA");
	buf_add_char(&b, '\n');
	assert_int_equal(checkpoint_parse(arena, buf_slice(&b), &c), ERR_INPUT);
	buf_done(&b);
}

static void
names_and_keys_that_are_none_are_refused(void **state)
{
	struct checkpoint_key *key = NULL;
	struct checkpoint c;
	json_t *jwk = signing_key_jwk(keys[0]), *none = json_object();
	struct buf b;

	(void)state;
	buf_init(&b);
	assert_int_equal(
	    checkpoint_key_new(SLICE("a b"), jwk, &key), ERR_INPUT);
	assert_int_equal(checkpoint_key_new(SLICE(""), jwk, &key), ERR_INPUT);
	assert_int_equal(
	    checkpoint_key_new(SLICE("a+b"), jwk, &key), ERR_INPUT);
	assert_int_equal(checkpoint_key_new(LOG, none, &key), ERR_CRYPTO);
	assert_null(key);
	assert_int_equal(
	    checkpoint_sign(SLICE("a\nb"), &tree, keys[0], &b), ERR_INPUT);
	assert_int_equal(
	    checkpoint_parse(arena, SLICE("a\n1\n" ROOT END), &c), OK);
	assert_int_equal(checkpoint_cosign(&c, SLICE("a b"), keys[0],
			     (struct instant){1}, &b),
	    ERR_INPUT);
	assert_int_equal(b.len, 0);
	buf_done(&b);
	json_decref(jwk);
	json_decref(none);
}

/* RFC 4648 §10. */
static void
base64_is_the_standard_s(void **state)
{
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="},
	    {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
	    {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"},
	    {"\xfb\xff", "+/8="}};
	static const char *const wrong[] = {"Zg",
	    "Zg=", "Zg===", "Zh==", "-_8=", "=", "====", "Z===", "Zm9v\n"};
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b);
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		buf_clear(&b);
		checkpoint_base64(slice_of(pairs[i][0]), &b);
		assert_true(slice_equal_string(buf_slice(&b), pairs[i][1]));
		buf_clear(&b);
		assert_int_equal(
		    checkpoint_unbase64(slice_of(pairs[i][1]), &b), OK);
		assert_true(slice_equal_string(buf_slice(&b), pairs[i][0]));
	}
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(
		    checkpoint_unbase64(slice_of(wrong[i]), &b), ERR_INPUT);
	buf_done(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_signed_is_read_and_verified),
	    cmocka_unit_test(
		many_signatures_have_many_lengths_and_all_are_read),
	    cmocka_unit_test(another_s_signature_does_not_count),
	    cmocka_unit_test(a_signature_for_another_origin_is_refused),
	    cmocka_unit_test(nothing_can_be_altered),
	    cmocka_unit_test(unknown_signatures_are_passed_over),
	    cmocka_unit_test(a_foreign_checkpoint_is_read),
	    cmocka_unit_test(what_is_no_checkpoint_is_refused),
	    cmocka_unit_test(too_much_is_refused),
	    cmocka_unit_test(names_and_keys_that_are_none_are_refused),
	    cmocka_unit_test(base64_is_the_standard_s),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
