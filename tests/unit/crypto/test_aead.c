#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/encode.h"
#include "crypto/aead.h"

/* Test case 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega). */
static const char key_hex[] = "feffe9928665731c6d6a8f9467308308"
			      "feffe9928665731c6d6a8f9467308308";
static const char nonce_hex[] = "cafebabefacedbaddecaf888";
static const char aad_hex[] = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
static const char plain_hex[] =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";
static const char sealed_hex[] =
    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
    "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
static const char tag_hex[] = "76fc6ece0f4e1768cddf8853bb2d551b";

struct sample {
	uint8_t key[AEAD_KEY_LEN];
	uint8_t nonce[AEAD_NONCE_LEN];
	uint8_t aad[20];
	uint8_t plain[60];
	uint8_t sealed[60];
	uint8_t tag[AEAD_TAG_LEN];
};

static void
take(const char *hex, void *ret, size_t len)
{
	assert_int_equal(hex_decode_exact(slice_of(hex), ret, len), OK);
}

static struct sample
sample(void)
{
	struct sample s;

	take(key_hex, s.key, sizeof(s.key));
	take(nonce_hex, s.nonce, sizeof(s.nonce));
	take(aad_hex, s.aad, sizeof(s.aad));
	take(plain_hex, s.plain, sizeof(s.plain));
	take(sealed_hex, s.sealed, sizeof(s.sealed));
	take(tag_hex, s.tag, sizeof(s.tag));

	return s;
}

static enum err
open_sample(const struct sample *s, struct buf *ret)
{
	return aead_open(s->key, s->nonce, slice_bytes(s->aad, sizeof(s->aad)),
	    slice_bytes(s->sealed, sizeof(s->sealed)), s->tag, ret);
}

static void
the_published_sample_is_reproduced(void **state)
{
	struct sample s = sample();
	uint8_t tag[AEAD_TAG_LEN];
	struct buf out;

	(void)state;
	buf_init(&out);
	aead_seal(s.key, s.nonce, slice_bytes(s.aad, sizeof(s.aad)),
	    slice_bytes(s.plain, sizeof(s.plain)), &out, tag);
	assert_int_equal(out.len, sizeof(s.sealed));
	assert_memory_equal(out.data, s.sealed, sizeof(s.sealed));
	assert_memory_equal(tag, s.tag, sizeof(tag));
	buf_clear(&out);
	assert_int_equal(open_sample(&s, &out), OK);
	assert_memory_equal(out.data, s.plain, sizeof(s.plain));
	buf_done(&out);
}

static void
one_altered_bit_anywhere_is_refused(void **state)
{
	struct sample good = sample(), bad;
	struct buf out;
	size_t i;

	(void)state;
	buf_init(&out);
	buf_add_string(&out, "kept");
	for (i = 0; i < sizeof(bad); i++) {
		if (i >= offsetof(struct sample, plain) &&
		    i < offsetof(struct sample, sealed))
			continue;
		bad = good;
		((uint8_t *)&bad)[i] ^= 0x10;
		assert_int_equal(open_sample(&bad, &out), ERR_CRYPTO);
		assert_int_equal(out.len, 4);
	}
	assert_int_equal(open_sample(&good, &out), OK);
	buf_done(&out);
}

static void
an_empty_message_is_authenticated_too(void **state)
{
	struct sample s = sample();
	uint8_t tag[AEAD_TAG_LEN];
	struct slice none = {0};
	struct buf out;

	(void)state;
	buf_init(&out);
	aead_seal(s.key, s.nonce, none, none, &out, tag);
	assert_int_equal(out.len, 0);
	assert_int_equal(aead_open(s.key, s.nonce, none, none, tag, &out), OK);
	assert_int_equal(
	    aead_open(s.key, s.nonce, SLICE("x"), none, tag, &out), ERR_CRYPTO);
	buf_done(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_published_sample_is_reproduced),
	    cmocka_unit_test(one_altered_bit_anywhere_is_refused),
	    cmocka_unit_test(an_empty_message_is_authenticated_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
