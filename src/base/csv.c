#include "base/csv.h"

#include <string.h>

#include "base/text.h"

void
csv_init(struct csv *csv, struct slice text, int64_t line)
{
	csv->at = text.data;
	csv->end = text.data + text.len;
	csv->line = line;
	csv->scratched = 0;
}

/* The byte behind the line at `from`. */
static const char *
line_end(const char *from, const char *end)
{
	const char *lf = memchr(from, '\n', (size_t)(end - from));

	return lf != NULL ? lf + 1 : end;
}

static bool
is_line_end(const char *at, const char *end)
{
	return at == end || *at == '\n' ||
	    (*at == '\r' && (at + 1 == end || at[1] == '\n'));
}

/* Past the CR and LF at `at`. */
static const char *
skip_line_end(const char *at, const char *end)
{
	if (at < end && *at == '\r')
		at++;
	if (at < end && *at == '\n')
		at++;

	return at;
}

/* An unquoted field; a mark in it is an error, a CR that ends no line too. */
static enum err
read_plain(const char **at, const char *end, struct slice *ret)
{
	const char *p = *at;

	while (p < end && *p != ',' && *p != '\n' && *p != '"' &&
	    !(*p == '\r' && is_line_end(p, end)))
		p++;
	if (p < end && *p == '"')
		return ERR_INPUT;
	*ret = slice_bytes(*at, (size_t)(p - *at));
	*at = p;

	return OK;
}

/* The closing mark of a field that opened before `p`; NULL if there is none
 * before `limit`. */
static const char *
closing_mark(const char *p, const char *limit, bool *ret_doubled)
{
	*ret_doubled = false;
	while ((p = memchr(p, '"', (size_t)(limit - p))) != NULL) {
		if (p + 1 == limit || p[1] != '"')
			return p;
		*ret_doubled = true;
		p += 2;
	}

	return NULL;
}

/* The field without the second of every two marks, in the scratch space. */
static struct slice
undouble(struct csv *csv, const char *p, const char *close)
{
	char *to = csv->scratch + csv->scratched, *begin = to;

	while (p < close) {
		if (*p == '"')
			p++;
		*to++ = *p++;
	}
	csv->scratched += (size_t)(to - begin);

	return slice_bytes(begin, (size_t)(to - begin));
}

/* ERR_NOT_FOUND if it never closes. */
static enum err
read_quoted(
    struct csv *csv, const char **at, const char *limit, struct slice *ret)
{
	const char *close;
	bool doubled;

	close = closing_mark(*at + 1, limit, &doubled);
	if (close == NULL)
		return ERR_NOT_FOUND;
	*ret = doubled ? undouble(csv, *at + 1, close)
		       : slice_bytes(*at + 1, (size_t)(close - *at - 1));
	*at = close + 1;

	return *at == csv->end || **at == ',' || is_line_end(*at, csv->end)
	    ? OK
	    : ERR_INPUT;
}

static int64_t
count_lines(const char *from, const char *to)
{
	int64_t n = 0;

	while (from < to && (from = memchr(from, '\n', (size_t)(to - from)))) {
		n++;
		from++;
	}

	return n;
}

/* Go on behind the record that began at `begin` and broke at `at`. */
static enum err
skip_record(struct csv *csv, const char *begin, const char *at, enum err err)
{
	csv->at = line_end(at, csv->end);
	csv->line += count_lines(begin, csv->at);

	return err;
}

static enum err
read_record(struct csv *csv, struct csv_record *ret)
{
	const char *begin = csv->at, *at = begin, *limit = csv->end;
	struct slice field;
	bool multiline = false;
	enum err rc;

	if ((size_t)(limit - begin) > CSV_RECORD_MAX)
		limit = begin + CSV_RECORD_MAX;
	for (;;) {
		if (at < limit && *at == '"') {
			rc = read_quoted(csv, &at, limit, &field);
			multiline = true;
		} else
			rc = read_plain(&at, csv->end, &field);
		if (rc == ERR_NOT_FOUND)
			return skip_record(csv, begin, begin, ERR_INPUT);
		if (rc)
			return skip_record(csv, begin, at, rc);
		if (ret->n_fields == CSV_FIELDS_MAX)
			return skip_record(csv, begin, at, ERR_TOO_LARGE);
		ret->fields[ret->n_fields++] = field;
		if (at == csv->end || *at != ',')
			break;
		at++;
	}
	csv->at = skip_line_end(at, csv->end);
	csv->line += multiline ? count_lines(begin, csv->at) : 1;

	return OK;
}

enum err
csv_next(struct csv *csv, struct csv_record *ret)
{
	while (csv->at < csv->end && is_line_end(csv->at, csv->end)) {
		csv->at = skip_line_end(csv->at, csv->end);
		csv->line++;
	}
	csv->scratched = 0;
	ret->line = csv->line;
	ret->n_fields = 0;
	if (csv->at == csv->end)
		return ERR_NOT_FOUND;

	return read_record(csv, ret);
}

const char *
csv_misfit(struct slice text)
{
	struct slice rest = text, line = slice_cut(&rest, '\n');
	const char *why = text_misfit(text);

	if (why != NULL || slice_is_empty(line) ||
	    memchr(line.data, ',', line.len) != NULL)
		return why;
	if (memchr(line.data, ';', line.len) != NULL)
		return "has semicolons between its fields; save the file with "
		       "commas";
	if (memchr(line.data, '\t', line.len) != NULL)
		return "has tabs between its fields; save the file with commas";

	return NULL;
}

/* The reason, and what to do if a spreadsheet wrote the file in CP932. */
static const char *
why_no_text(struct arena *arena, struct slice field, const char *why)
{
	struct slice decoded;

	if (utf8_is_valid(field) || cp932_decode(arena, field, &decoded))
		return why;

	return arena_printf(
	    arena, "%s; if the file is in CP932, save it as UTF-8", why)
	    .data;
}

enum err
csv_take_fields(struct arena *arena, size_t max, struct csv_record *record,
    size_t *ret_column, const char **ret_why)
{
	struct slice *field = record->fields;
	const char *why;

	for (; field < record->fields + record->n_fields; field++) {
		if (text_take(arena, TEXT_LINE, max, *field, field, &why)) {
			*ret_column = (size_t)(field - record->fields) + 1;
			*ret_why = why_no_text(arena, *field, why);
			return ERR_INPUT;
		}
	}

	return OK;
}

size_t
csv_cut(struct slice text, size_t max)
{
	struct csv csv;
	struct csv_record record;
	const char *whole = text.data;

	csv_init(&csv, text, 1);
	while (csv_next(&csv, &record) != ERR_NOT_FOUND) {
		if (csv.at[-1] != '\n')
			break;
		if ((size_t)(csv.at - text.data) > max && whole != text.data)
			break;
		whole = csv.at;
		if ((size_t)(csv.at - text.data) >= max)
			break;
	}

	return (size_t)(whole - text.data);
}
