/*
 * The bodies of all messages as Markdown, from their tables: the part of
 * docs/messages.md between two marks, which tests/e2e/message_page.sh compares.
 */
#include <stdio.h>

#include "messages/catalogue.h"
#include "wire/kinds.h"

static void
put_bounds(const struct field *f)
{
	if (f->words != NULL) {
		struct slice rest = slice_of(f->words), word;
		const char *before = "one of";

		do {
			word = slice_cut(&rest, '|');
			printf("%s `%.*s`", before, SLICE_ARG(word));
			before = ",";
		} while (rest.data != NULL);
	} else if (f->kind == &kind_text) {
		printf("text, at most %lld characters and %lld bytes",
		    (long long)f->max, 4 * (long long)f->max);
	} else if (f->kind == &kind_int) {
		printf("number, %lld to %lld", (long long)f->min,
		    (long long)f->max);
	} else if (f->kind == &kind_json || f->kind == &kind_lines) {
		printf(
		    "%s, at most %lld bytes", f->kind->name, (long long)f->max);
	} else if (f->kind == &kind_digits) {
		printf("%lld digits", (long long)f->max);
	} else if (f->count != 0) {
		printf("%s%s%s, at most %lld", f->kind->name,
		    f->each != NULL ? " of " : "",
		    f->each != NULL ? f->each->kind->name : "",
		    (long long)f->max);
	} else {
		printf("%s%s", f->kind->name,
		    f->kind == &kind_date && f->max == 1
			? ", whose month or day may be unknown"
			: "");
	}
}

static void
put_fields(const struct shape *shape, const char *path)
{
	char inner[128];
	size_t i;

	for (i = 0; i < shape->n_fields; i++) {
		const struct field *f = &shape->fields[i];

		printf("| `%s%s`%s | ", path, f->name,
		    f->presence == OPTIONAL ? " ?" : "");
		put_bounds(f);
		printf(" | %s |\n", f->what);
		if (f->of == NULL)
			continue;
		snprintf(inner, sizeof(inner), "%s%s%s.", path, f->name,
		    f->count != 0 ? "[]" : "");
		put_fields(f->of, inner);
	}
}

int
main(void)
{
	const struct message_type *const *type;

	for (type = messages_all; *type != NULL; type++) {
		printf("\n### `%s`, edition %lld: %s\n\n", (*type)->name,
		    (long long)(*type)->edition, (*type)->shape->name);
		puts("| field | kind | what |\n|---|---|---|");
		put_fields((*type)->shape, "");
	}

	return 0;
}
