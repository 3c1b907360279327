/*
 * The parsers of numbers and of FF1's texts.
 *
 * An accepted number must be written as it was read, and must be the completion
 * of its own body; a text that FF1 accepts must come back.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "number/ff1.h"
#include "number/individual_number.h"
#include "number/resident_code.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
individual(struct slice text)
{
	struct individual_number n, again;
	char back[INDIVIDUAL_NUMBER_DIGITS + 1];
	enum notation_fault fault =
	    notation_check(NOTATION_INDIVIDUAL, text.data, text.len);

	if (individual_number_parse(text, &n)) {
		assert(fault != NOTATION_FITS);
		return;
	}
	assert(fault == NOTATION_FITS);
	individual_number_format(&n, back);
	assert(slice_equal_string(text, back));
	again = individual_number_from_body(individual_number_body(&n));
	assert(individual_number_equal(&n, &again));
	assert(individual_number_from_int64(
		   individual_number_to_int64(&n), &again) == OK);
	assert(individual_number_equal(&n, &again));
}

static void
resident(struct slice text)
{
	struct resident_code n, again;
	char back[RESIDENT_CODE_DIGITS + 1];

	if (resident_code_parse(text, &n))
		return;
	resident_code_format(&n, back);
	assert(slice_equal_string(text, back));
	again = resident_code_from_body(resident_code_body(&n));
	assert(resident_code_equal(&n, &again));
	assert(
	    resident_code_from_int64(resident_code_to_int64(&n), &again) == OK);
	assert(resident_code_equal(&n, &again));
}

/* A number of a notation that has no type. */
static void
plain(enum notation notation, struct slice text)
{
	size_t first = notation == NOTATION_CORPORATE ? 1 : 0;
	char back[NOTATION_DIGITS_MAX];

	if (notation_check(notation, text.data, text.len))
		return;
	assert(notation_complete(notation, text.data + first, text.len - 1,
		   back) == NOTATION_FITS);
	assert(memcmp(back, text.data, text.len) == 0);
}

/* The first two bytes choose the radix and the length of the tweak. */
static void
ff1(struct slice input)
{
	static const char key[16] = "fuzz";
	struct slice tweak, text;
	struct problem problem;
	struct ff1 f;
	char *out;
	size_t cut;

	if (input.len < 2 ||
	    ff1_init(slice_bytes(key, sizeof(key)), (uint8_t)input.data[0] % 64,
		&f, &problem))
		return;
	cut = (uint8_t)input.data[1] % (input.len - 1);
	tweak = slice_bytes(input.data + 2, cut);
	text = slice_bytes(input.data + 2 + cut, input.len - 2 - cut);
	out = malloc(text.len + 1);
	assert(out != NULL);
	if (ff1_encrypt(&f, tweak, text, out, &problem) == OK) {
		assert(text.len >= ff1_text_min(&f));
		assert(ff1_decrypt(&f, tweak, slice_bytes(out, text.len), out,
			   &problem) == OK);
		assert(memcmp(out, text.data, text.len) == 0);
	} else {
		assert(problem.err == ERR_INPUT && problem.text[0] != '\0');
	}
	free(out);
	ff1_done(&f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice input = slice_bytes(data, size);

	individual(input);
	resident(input);
	plain(NOTATION_CORPORATE, input);
	plain(NOTATION_GOVERNMENT, input);
	ff1(input);

	return 0;
}
