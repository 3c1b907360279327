#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#include "crypto/block.h"

/* FIPS 197, appendix C. */
static const uint8_t plain[BLOCK_LEN] = {0x00, 0x11, 0x22, 0x33, 0x44, 0x55,
    0x66, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff};
static const struct {
	size_t key_len;
	uint8_t cipher[BLOCK_LEN];
} examples[] = {
    {16,
	{0x69, 0xc4, 0xe0, 0xd8, 0x6a, 0x7b, 0x04, 0x30, 0xd8, 0xcd, 0xb7, 0x80,
	    0x70, 0xb4, 0xc5, 0x5a}},
    {24,
	{0xdd, 0xa9, 0x7c, 0xa4, 0x86, 0x4c, 0xdf, 0xe0, 0x6e, 0xaf, 0x70, 0xa0,
	    0xec, 0x0d, 0x71, 0x91}},
    {32,
	{0x8e, 0xa2, 0xb7, 0xca, 0x51, 0x67, 0x45, 0xbf, 0xea, 0xfc, 0x49, 0x90,
	    0x4b, 0x49, 0x60, 0x89}},
};

static void
fill_key(uint8_t *key, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		key[i] = (uint8_t)i;
}

static void
the_examples_of_fips_197_come_out(void **state)
{
	struct block_cipher cipher;
	uint8_t key[32], out[BLOCK_LEN];
	size_t i;

	(void)state;
	fill_key(key, sizeof(key));
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		assert_int_equal(
		    block_cipher_init(
			slice_bytes(key, examples[i].key_len), &cipher),
		    OK);
		block_encrypt(&cipher, plain, out, 1);
		assert_memory_equal(out, examples[i].cipher, BLOCK_LEN);
		block_decrypt(&cipher, out, out, 1);
		assert_memory_equal(out, plain, BLOCK_LEN);
		block_cipher_done(&cipher);
	}
}

static void
each_block_stands_alone_in_place_and_apart(void **state)
{
	struct block_cipher cipher;
	uint8_t key[32], in[7 * BLOCK_LEN], out[7 * BLOCK_LEN], one[BLOCK_LEN];
	size_t i;

	(void)state;
	fill_key(key, sizeof(key));
	for (i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 7);
	assert_int_equal(
	    block_cipher_init(slice_bytes(key, sizeof(key)), &cipher), OK);
	block_encrypt(&cipher, in, out, 7);
	for (i = 0; i < 7; i++) {
		block_encrypt(&cipher, in + i * BLOCK_LEN, one, 1);
		assert_memory_equal(one, out + i * BLOCK_LEN, BLOCK_LEN);
	}
	block_decrypt(&cipher, out, out, 7);
	assert_memory_equal(in, out, sizeof(in));
	block_encrypt(&cipher, in, out, 0);
	assert_memory_equal(in, out, sizeof(in));
	block_cipher_done(&cipher);
}

static void
a_key_of_another_length_is_refused(void **state)
{
	static const size_t lengths[] = {0, 1, 15, 17, 23, 31, 33, 64};
	struct block_cipher cipher = {0};
	char key[64] = {0};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_int_equal(
		    block_cipher_init(slice_bytes(key, lengths[i]), &cipher),
		    ERR_INPUT);
	assert_null(cipher.encrypt);
	block_cipher_done(&cipher);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_examples_of_fips_197_come_out),
	    cmocka_unit_test(each_block_stands_alone_in_place_and_apart),
	    cmocka_unit_test(a_key_of_another_length_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
