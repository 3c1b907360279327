/* The numbers and codes that each system holds at the end: in each row of each
 * database, and in all messages that it heard. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

/* Every number and code in a value, whatever it is part of. */
static void
tokens_of(const json_t *value, json_t *ret)
{
	const json_t *one;
	const char *key;
	char text[24];
	size_t i;

	if (json_is_array(value)) {
		json_array_foreach(value, i, one) tokens_of(one, ret);
	} else if (json_is_object(value)) {
		json_object_foreach((json_t *)(uintptr_t)value, key, one)
		    tokens_of(one, ret);
	} else if (json_is_string(value)) {
		simulate_tokens(slice_of(json_string_value(value)), ret);
	} else if (json_is_integer(value)) {
		snprintf(text, sizeof(text), "%012" PRId64,
		    (int64_t)json_integer_value(value));
		simulate_tokens(slice_of(text), ret);
	}
}

/* The Individual Numbers that were assigned anywhere. */
static void
collect_numbers(const json_t *tables, json_t *ret)
{
	const json_t *row;
	char text[24];
	size_t i;

	json_array_foreach(json_object_get(tables, "assignment"), i, row)
	{
		snprintf(
		    text, sizeof(text), "%012" PRId64, row_int(row, "number"));
		json_object_set_new(ret, text, json_true());
	}
}

/* The codes that a relay or the portal holds; none is anywhere twice. */
static void
collect_codes(
    struct driver *d, const char *system, const json_t *rows, json_t *ret)
{
	const json_t *row;
	const char *code;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		code = row_text(row, "code");
		if (code[0] == '\0')
			continue;
		if (json_object_get(ret, code) != NULL)
			driver_found(d, "codes-apart",
			    "%s holds a code that %s holds, too", system,
			    row_text(ret, code));
		json_put_text(ret, code, slice_of(system));
	}
}

static bool
has_any(const json_t *tokens, const json_t *secrets)
{
	const json_t *value;
	const char *key;

	json_object_foreach((json_t *)(uintptr_t)secrets, key, value)
	{
		(void)value;
		if (json_object_get(tokens, key) != NULL)
			return true;
	}

	return false;
}

/* Acquisition numbers that are over. */
static void
check_acquisitions(struct driver *d, const char *system, const json_t *tokens)
{
	const json_t *value;
	const char *key;

	json_object_foreach(d->acquisitions, key, value)
	{
		(void)value;
		/* An enemy uses whatever it knows for an id. */
		if (json_object_get(tokens, key) != NULL &&
		    json_object_get(d->said, key) == NULL)
			driver_found(d, "acquisition-gone",
			    "%s keeps an acquisition number", system);
	}
}

static void
check_holder(struct driver *d, const char *system, const json_t *tables,
    const json_t *numbers, const json_t *codes)
{
	json_t *tokens = json_object();

	tokens_of(tables, tokens);
	check_acquisitions(d, system, tokens);
	json_object_update(tokens, json_object_get(d->heard, system));
	if (has_any(tokens, numbers) && has_any(tokens, codes))
		driver_found(d, "number-or-code",
		    "%s held an Individual Number and a linkage code", system);
	json_decref(tokens);
}

void
check_secrets(struct driver *d, const json_t *dump)
{
	json_t *numbers = json_object(), *codes = json_object(), *tables;
	const char *system;

	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	{
		collect_numbers(tables, numbers);
		collect_codes(
		    d, system, json_object_get(tables, "linkage"), codes);
		collect_codes(
		    d, system, json_object_get(tables, "account"), codes);
	}
	json_object_foreach((json_t *)(uintptr_t)dump, system, tables)
	    check_holder(d, system, tables, numbers, codes);
	json_decref(numbers);
	json_decref(codes);
}
