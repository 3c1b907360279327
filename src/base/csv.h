/*
 * CSV files (RFC 4180): from bytes to records of fields.
 *
 * This module works on the bytes of UTF-8 and of CP932 alike, because neither
 * uses the bytes of comma, quotation mark and line ends within a character.
 * It knows no columns, and decodes nothing but to say what is wrong.
 *
 * A record ends at the first LF outside quotation marks; a CR before it is
 * dropped.  A quoted field that is not closed within CSV_RECORD_MAX bytes of
 * the record's beginning was never meant to be one: the record is bad and ends
 * with its line, so that one stray mark cannot swallow the rest of a file.
 * The end of a record depends on nothing else, so that the code that cuts a
 * file into chunks and the code that reads the chunks agree.
 */
#ifndef BANGO_BASE_CSV_H
#define BANGO_BASE_CSV_H

#include "base/arena.h"
#include "base/slice.h"

#define CSV_RECORD_MAX 16384
#define CSV_FIELDS_MAX 64

struct csv {
	const char *at;
	const char *end;
	int64_t line; /* where the next record begins */
	/* Fields in which a doubled mark became one. */
	char scratch[CSV_RECORD_MAX];
	size_t scratched;
};

struct csv_record {
	int64_t line;
	size_t n_fields;
	struct slice fields[CSV_FIELDS_MAX]; /* until the next csv_next() */
};

/* `line` is the number of the first line; the text is borrowed. */
void csv_init(struct csv *csv, struct slice text, int64_t line);
/*
 * The next record that is not an empty line.  ERR_NOT_FOUND at the end.
 * ERR_INPUT for misplaced marks, ERR_TOO_LARGE for more than CSV_FIELDS_MAX
 * fields: ret->line says where, and the next call goes on behind it.
 */
MUST_USE enum err csv_next(struct csv *csv, struct csv_record *ret);
/*
 * Why the first line of a file does not name columns, whatever they are called,
 * and what to do: text_misfit(), or semicolons or tabs are between its fields.
 * NULL if nothing of that is so.
 */
const char *csv_misfit(struct slice text);
/*
 * Every field of a record of a file in UTF-8, as text_take() takes a line of at
 * most `max` characters.  ERR_INPUT: *ret_column counts from 1; *ret_why is in
 * the arena and reads after "line 2, column 3: ".
 */
MUST_USE enum err csv_take_fields(struct arena *arena, size_t max,
    struct csv_record *record, size_t *ret_column, const char **ret_why);
/*
 * How many bytes at the beginning of `text` are whole records, at most `max`,
 * yet one record if there is one.  0 if no record ends within `text`.  Exact
 * only if `text` goes CSV_RECORD_MAX beyond `max` or ends with the file.
 */
size_t csv_cut(struct slice text, size_t max);

#endif
