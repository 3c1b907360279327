/*
 * A file of residents, with arbitrary bytes: records, the line of column
 * names, every line's validation, in both encodings.
 *
 * Besides not crashing: a row that is accepted holds what the database
 * demands, and a file that is cut into chunks gives the records of the whole.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "systems/registry/row.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TODAY ((struct date){2026, 11, 21})

/* Used where the input's own first line is none. */
static const char usual_header[] =
    "resident,household,relation,name,kana,former_surname,alias,birth,sex,"
    "postal_code,address,became_resident,reason,nationality,"
    "residence_status,residence_until,code\n";

/* It is what text_take() leaves as it is. */
static void
check_text(struct arena *arena, enum text_rule rule, size_t max, struct slice s)
{
	struct slice again;
	const char *why;

	assert(text_take(arena, rule, max, s, &again, &why) == OK);
	assert(slice_equal(again, s));
	assert(utf8_length(s) <= max);
}

static void
check_row(struct arena *arena, const struct row *row)
{
	const struct person *p = &row->person;
	const struct attributes *a = &p->attributes;
	struct resident_code code;

	assert(row->resident.value >= 0);
	assert(row->resident.value <= RESIDENT_MAX);
	assert(p->household.value >= 0);
	assert(p->household.value <= RESIDENT_MAX);
	assert(a->sex == SEX_MALE || a->sex == SEX_FEMALE);
	assert(a->name.len > 0 && a->address.len > 0);
	assert(date_compare(a->birth, TODAY) <= 0);
	assert(p->postal_code.len == 0 || p->postal_code.len == 7);
	check_text(arena, TEXT_NAME, PERSON_NAME_MAX, a->name);
	check_text(arena, TEXT_KANA, PERSON_NAME_MAX, a->kana);
	check_text(arena, TEXT_NAME, PERSON_NAME_MAX, a->former_surname);
	check_text(arena, TEXT_NAME, PERSON_NAME_MAX, a->alias);
	check_text(arena, TEXT_ADDRESS, PERSON_ADDRESS_MAX, a->address);
	check_text(arena, TEXT_LINE, PERSON_WORD_MAX, p->relation);
	if (row->code.digits[0] != '\0')
		assert(resident_code_parse(
			   resident_code_slice(&row->code), &code) == OK);
}

static size_t
read_rows(struct arena *arena, enum encoding encoding,
    const struct columns *columns, struct slice text)
{
	struct csv_record record;
	struct row_fault fault = {0};
	struct csv csv;
	struct row row;
	int64_t line = 0;
	size_t n = 0;
	enum err rc;

	csv_init(&csv, text, 1);
	while ((rc = csv_next(&csv, &record)) != ERR_NOT_FOUND) {
		assert(record.line > line);
		line = record.line;
		n++;
		if (rc)
			continue;
		rc = row_parse(
		    arena, encoding, columns, &record, TODAY, &row, &fault);
		assert(rc == OK || rc == ERR_INPUT);
		if (rc == OK)
			check_row(arena, &row);
		else
			assert(fault.field != NULL && fault.reason != NULL);
	}

	return n;
}

static size_t
count_in_chunks(struct slice text)
{
	static struct csv_record record;
	static struct csv csv;
	size_t cut, n = 0;

	while (text.len > 0) {
		cut = csv_cut(text, 64);
		if (cut == 0)
			cut = text.len;
		csv_init(&csv, slice_bytes(text.data, cut), 1);
		while (csv_next(&csv, &record) != ERR_NOT_FOUND)
			n++;
		text = slice_bytes(text.data + cut, text.len - cut);
	}

	return n;
}

static void
read_header(struct arena *arena, enum encoding encoding, struct slice *text,
    struct columns *ret)
{
	struct csv_record record;
	struct problem problem;
	struct csv csv;

	csv_init(&csv, *text, 1);
	if (csv_next(&csv, &record) == OK &&
	    columns_parse(arena, encoding, &record, ret, &problem) == OK) {
		*text = slice_bytes(csv.at, (size_t)(csv.end - csv.at));
		return;
	}
	csv_init(&csv, slice_of(usual_header), 1);
	if (csv_next(&csv, &record) ||
	    columns_parse(arena, encoding, &record, ret, &problem))
		assert(false && "the usual header is one");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_bytes(data, size), text;
	struct arena *arena = arena_new();
	struct columns columns;
	enum encoding encoding = encoding_guess(arena, all);

	text = utf8_without_mark(all);
	read_header(arena, encoding, &text, &columns);
	assert(read_rows(arena, encoding, &columns, text) ==
	    count_in_chunks(text));
	arena_free(arena);

	return 0;
}
