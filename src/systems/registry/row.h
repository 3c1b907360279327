/*
 * Conversion of a record of the file of residents (docs/formats.md) to a person.
 *
 * The functions are pure: they look at one record alone and use no database.  A
 * fault names column and reason, never a value.
 */
#ifndef BANGO_SYSTEMS_REGISTRY_ROW_H
#define BANGO_SYSTEMS_REGISTRY_ROW_H

#include "base/csv.h"
#include "number/resident_code.h"
#include "systems/registry/person.h"

enum encoding {
	ENCODING_UNKNOWN,
	ENCODING_UTF8,
	ENCODING_CP932,
};

/* "utf-8", "cp932", "" for unknown. */
const char *encoding_name(enum encoding encoding);
MUST_USE enum err encoding_parse(struct slice name, enum encoding *ret);
/* Guess the encoding from the first bytes of a file; a chunk that was cut within
 * a character misleads the guess. */
enum encoding encoding_guess(struct arena *arena, struct slice text);

enum column {
	COLUMN_RESIDENT,
	COLUMN_HOUSEHOLD,
	COLUMN_RELATION,
	COLUMN_NAME,
	COLUMN_KANA,
	COLUMN_FORMER_SURNAME,
	COLUMN_ALIAS,
	COLUMN_BIRTH,
	COLUMN_SEX,
	COLUMN_POSTAL_CODE,
	COLUMN_ADDRESS,
	COLUMN_TOWN,
	COLUMN_BLOCK,
	COLUMN_BUILDING,
	COLUMN_BECAME,
	COLUMN_REASON,
	COLUMN_NATIONALITY,
	COLUMN_STATUS,
	COLUMN_STATUS_UNTIL,
	COLUMN_CODE,
};
#define COLUMN_COUNT (COLUMN_CODE + 1)

/* "birth" */
const char *column_name(enum column column);

/* The columns of a file's fields, in order. */
struct columns {
	size_t n;
	enum column of[CSV_FIELDS_MAX];
};
/* ERR_INPUT, with a problem that names the position of an unknown column, the
 * column that occurs twice, or the one that is missing. */
MUST_USE enum err columns_parse(struct arena *arena, enum encoding encoding,
    const struct csv_record *header, struct columns *ret,
    struct problem *problem);

struct row {
	struct resident_id resident; /* 0: none given */
	struct resident_code code;   /* 0: none given */
	struct person person;
};

struct row_fault {
	const char *field; /* a column's name, or "" for the whole line */
	const char *reason;
};

/*
 * Check one record.  ERR_INPUT fills *ret_fault.  The row borrows from the
 * record and the arena.  `today` bounds the dates.
 */
MUST_USE enum err row_parse(struct arena *arena, enum encoding encoding,
    const struct columns *columns, const struct csv_record *record,
    struct date today, struct row *ret, struct row_fault *ret_fault);

#endif
