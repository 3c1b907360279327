/*
 * For tools/statements: the types of parameters and columns in C.
 *
 * A column has the type of its column in the schema: INTEGER is int64_t, TEXT
 * and BLOB are struct slice.  Lines of schema.sql give columns of a name, or
 * one of a table, a type of their own:
 *
 *	-- type instant: at, requested
 *	-- type linkage_code: holder.code
 *	-- type serial (systems/jukinet/serial.h): serial
 *
 * A parameter has the type of the column that it is written to or compared
 * with, else of the column of its name; in a LIMIT it is an integer.  For
 * any other, a line is needed: `-- type integer: years`.
 *
 * The C type of NAME is struct NAME, converted by functions of that header:
 *
 *   by value   INTEGER  NAME_to_int64(), NAME_of_int64(), which cannot fail
 *   checked    INTEGER  NAME_to_int64(), NAME_from_int64(), by pointer
 *              TEXT     NAME_slice(), NAME_parse(), by pointer
 *              BLOB     NAME_slice(), NAME_from_bytes(), by pointer
 */
#ifndef BANGO_TOOLS_SQL_TYPES_H
#define BANGO_TOOLS_SQL_TYPES_H

#include <sqlite3.h>

#include "sql_file.h"

struct domain {
	char *name;
	char *header;       /* NULL: none is needed */
	unsigned int bases; /* in which it is stored: a bit for each */
	bool is_checked;
	struct domain *next;
};

struct column {
	char *table;
	char *name;
	enum base base;
	bool may_be_null;
	bool is_own; /* of the schema that was read last */
	const struct domain *domain;
};

struct type_line; /* a name in a `-- type` line */

struct catalogue {
	struct column *columns;
	size_t n_columns;
	struct type_line *lines; /* of the schema that was read last */
	size_t n_lines;
	struct domain *domains;
};

/* The columns that the schema has added, and its `-- type` lines. */
void types_add(struct catalogue *c, sqlite3 *db, struct file *schema);
/* Fill in s->param_types and s->column_types. */
void types_find(struct catalogue *c, struct file *file, struct section *s,
    sqlite3_stmt *stmt);
/* Complain of names in `-- type` lines that nothing bears. */
void types_finish(struct catalogue *c, struct file *schema);
void types_free(struct catalogue *c);

bool type_is_slice(const struct value *v);
bool type_is_pointer(const struct value *v); /* a parameter of it is one */
bool type_is(const struct value *v, const char *domain);
bool type_equal(const struct value *a, const struct value *b);

#endif
