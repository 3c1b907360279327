/*
 * A form: the first line is its Content-Type, the rest its body.
 *
 * Besides not crashing: what is accepted keeps the promises of struct pair
 * and the bound, and the same pairs written as application/x-www-form-
 * urlencoded read the same, as long as there is no file.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "wire/http_form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct form {
	const struct pair *pairs;
	size_t n;
};

static void
check_pairs(const struct form *form)
{
	const struct pair *p;

	assert(form->n <= HTTP_PAIRS_MAX);
	for (p = form->pairs; p < form->pairs + form->n; p++) {
		assert(p->name.len > 0);
		assert(utf8_is_valid(p->name) && text_is_printable(p->name));
		assert(!slice_equal_string(p->name, "_charset_"));
		assert(p->filename.data != NULL || utf8_is_valid(p->value));
		assert(utf8_is_valid(p->filename));
		assert(text_is_printable(p->filename));
		assert(text_is_printable(p->content_type));
	}
}

static void
encode(struct slice s, struct buf *ret)
{
	size_t i;

	for (i = 0; i < s.len; i++)
		buf_printf(ret, "%%%02X", (unsigned int)(uint8_t)s.data[i]);
}

/* False: it has files, which no URL-encoded form can hold. */
static bool
write_urlencoded(const struct form *form, struct buf *ret)
{
	size_t i;

	for (i = 0; i < form->n; i++) {
		if (form->pairs[i].filename.data != NULL)
			return false;
		encode(form->pairs[i].name, ret);
		buf_add_char(ret, '=');
		encode(form->pairs[i].value, ret);
		buf_add_char(ret, '&');
	}

	return true;
}

static void
check_same(struct arena *arena, const struct form *form)
{
	struct problem problem = {0};
	struct form again;
	struct buf text;
	size_t i;

	buf_init(&text);
	if (write_urlencoded(form, &text)) {
		assert(http_form_read(arena,
			   SLICE("application/x-www-form-urlencoded"),
			   buf_slice(&text), &again.pairs, &again.n,
			   &problem) == OK);
		assert(again.n == form->n);
		for (i = 0; i < form->n; i++) {
			assert(slice_equal(
			    again.pairs[i].name, form->pairs[i].name));
			assert(slice_equal(
			    again.pairs[i].value, form->pairs[i].value));
		}
	}
	buf_done(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice body = slice_bytes(data, size), type;
	struct arena *arena = arena_new();
	struct problem problem = {0};
	struct form form = {0};
	enum err rc;

	type = slice_cut(&body, '\n');
	rc = http_form_read(arena, type, body, &form.pairs, &form.n, &problem);
	assert(rc == OK || rc == ERR_INPUT || rc == ERR_MEDIA ||
	    rc == ERR_TOO_LARGE);
	if (rc == OK) {
		check_pairs(&form);
		check_same(arena, &form);
	} else
		assert(problem.err == rc && problem.text[0] != '\0');
	if (http_query_read(arena, body, &form.pairs, &form.n, &problem) == OK)
		check_pairs(&form);
	arena_free(arena);

	return 0;
}
