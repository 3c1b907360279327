#include "nation/results.h"

#include "base/json_in.h"

/* Columns behind the line, as the API and the header name them. */
enum { REASON = 5, COLUMNS = 10 };

static const char *const columns[COLUMNS] = {"business_number", "affair",
    "item", "provider", "state", "reason", "article", "held_until", "contents",
    "version"};

struct row {
	int64_t line;
	struct slice fields[COLUMNS];
};

/* The text of a string; any other value as it stands. */
static bool
take_value(struct json_in *in, struct slice *ret)
{
	if (json_in_peek(in) == JSON_IN_TEXT)
		return json_in_text(in, ret);
	if (json_in_peek(in) == JSON_IN_NULL)
		return json_in_null(in);

	return json_in_skip_unique(in, ret);
}

static bool
take_field(struct json_in *in, struct slice key, struct row *row)
{
	struct slice ignored;
	size_t i;

	if (slice_equal_string(key, "line"))
		return json_in_int(in, &row->line);
	for (i = 0; i < COLUMNS; i++) {
		if (slice_equal_string(key, columns[i]))
			return take_value(in, &row->fields[i]);
	}

	return json_in_skip(in, &ignored);
}

static bool
take_row(struct json_in *in, struct row *row)
{
	struct slice key;

	*row = (struct row){0};
	if (!json_in_object(in))
		return false;
	while (json_in_key(in, &key) && take_field(in, key, row))
		;

	return in->why == NULL;
}

/* A field in quotation marks, which are doubled within. */
static void
put_field(struct buf *to, struct slice rest)
{
	struct slice piece;

	buf_add_string(to, ",\"");
	while (rest.len > 0) {
		piece = slice_cut(&rest, '"');
		buf_add(to, piece);
		if (rest.data != NULL)
			buf_add_string(to, "\"\"");
	}
	buf_add_string(to, "\"");
}

static void
put_row(struct buf *to, const struct row *row)
{
	size_t i;

	buf_printf(to, "%lld", (long long)row->line);
	for (i = 0; i < COLUMNS; i++)
		put_field(to, row->fields[i]);
	buf_add_string(to, "\n");
}

static void
take_rows(struct json_in *in, struct buf *to, struct results_page *page)
{
	struct row row;

	if (!json_in_array(in))
		return;
	while (json_in_element(in) && take_row(in, &row)) {
		put_row(to, &row);
		page->rows++;
		page->unknown +=
		    slice_equal_string(row.fields[REASON], "unknown-person");
		page->last = row.line;
	}
}

enum err
results_add(struct slice answer, struct buf *to, struct results_page *ret,
    struct problem *problem)
{
	struct arena *arena = arena_new();
	struct results_page page = {0};
	bool has_results = false;
	struct slice key, ignored;
	struct json_in in;
	enum err rc;

	json_in_init(&in, arena, answer, SIZE_MAX);
	(void)json_in_object(&in);
	while (json_in_key(&in, &key)) {
		if (!slice_equal_string(key, "results")) {
			(void)json_in_skip(&in, &ignored);
			continue;
		}
		has_results = true;
		take_rows(&in, to, &page);
	}
	if (!has_results)
		(void)json_in_refuse(&in, "has no list of results");
	rc = json_in_finish(&in, "the answer", problem);
	arena_free(arena);
	if (rc == OK)
		*ret = page;

	return rc;
}
