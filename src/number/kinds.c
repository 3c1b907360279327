#include "number/kinds.h"

#include <string.h>

#include "base/secret.h"

/* Wipe the buffer in which a secret was formatted. */
static void
write_secret(struct json_out *o, const char *key, char *text)
{
	json_out_text(o, key, slice_of(text));
	secret_wipe(text, strlen(text));
}

static enum err
parse_individual_number(struct shape_text *t, void *to)
{
	return individual_number_parse(t->text, to);
}

static void
write_individual_number(struct json_out *o, const char *key, const void *from)
{
	char text[INDIVIDUAL_NUMBER_DIGITS + 1];

	individual_number_format(from, text);
	write_secret(o, key, text);
}

const struct kind kind_individual_number = {.name = "Individual Number",
    .expected = "an Individual Number: 12 digits with a check digit",
    .schema = "string",
    .example = "123456789018",
    .parse = parse_individual_number,
    .write = write_individual_number,
    .size = sizeof(struct individual_number),
    .is_secret = true};

static enum err
parse_internal_number(struct shape_text *t, void *to)
{
	return internal_number_parse(t->text, to);
}

static void
write_internal_number(struct json_out *o, const char *key, const void *from)
{
	const struct internal_number *number = from;
	char text[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(*number, text);
	json_out_text(o, key, slice_of(text));
}

const struct kind kind_internal_number = {.name = "internal number",
    .expected = "an internal addressee number: 15 digits",
    .schema = "string",
    .example = "000000000004711",
    .parse = parse_internal_number,
    .write = write_internal_number,
    .size = sizeof(struct internal_number)};

static enum err
parse_linkage_code(struct shape_text *t, void *to)
{
	return linkage_code_parse(t->text, to);
}

static void
write_linkage_code(struct json_out *o, const char *key, const void *from)
{
	char text[LINKAGE_CODE_DIGITS + 1];

	linkage_code_format(from, text);
	write_secret(o, key, text);
}

const struct kind kind_linkage_code = {.name = "linkage code",
    .expected = "a linkage code: 32 lower-case hexadecimal digits",
    .schema = "string",
    .example = "00112233445566778899aabbccddeeff",
    .parse = parse_linkage_code,
    .write = write_linkage_code,
    .size = sizeof(struct linkage_code),
    .is_secret = true};

static enum err
parse_resident_code(struct shape_text *t, void *to)
{
	return resident_code_parse(t->text, to);
}

static void
write_resident_code(struct json_out *o, const char *key, const void *from)
{
	char text[RESIDENT_CODE_DIGITS + 1];

	resident_code_format(from, text);
	write_secret(o, key, text);
}

const struct kind kind_resident_code = {.name = "Resident Record Code",
    .expected = "a Resident Record Code: 11 digits with a check digit",
    .schema = "string",
    .example = "12345678903",
    .parse = parse_resident_code,
    .write = write_resident_code,
    .size = sizeof(struct resident_code),
    .is_secret = true};
