/*
 * A component's tables and statements, as data.
 *
 * tools/statements.c writes one struct schema from a schema.sql and a
 * statements.sql while building, and the functions of the statements beside it
 * (NAME_rows.h); nobody writes one by hand.  The SQL is a
 * subset that SQLite and PostgreSQL both understand:
 *
 *   types       INTEGER (64 bits), TEXT (UTF-8, compared by bytes), BLOB
 *   tables      CHECK, UNIQUE, PRIMARY KEY, FOREIGN KEY, DEFAULT, indexes;
 *               STRICT always; WITHOUT ROWID where the key is not a number
 *   keys        an INTEGER PRIMARY KEY that an INSERT leaves out is given by
 *               the database; do not mix given and chosen keys in a table
 *   statements  SELECT, INSERT ... ON CONFLICT, UPDATE, DELETE, RETURNING;
 *               results that are expressions need a name (AS)
 *
 * An IN of constants in a CHECK becomes a chain of OR for SQLite, which would
 * make a table in memory for more than two; in a statement it does so.
 *
 * A line `-- protected: a, b` in schema.sql names tables over whose rows a sum is
 * kept (store.h): those that only the program itself may change.  A column of
 * them that may be NULL has no other default.
 *
 * NULLs sort first in SQLite and last in PostgreSQL: write NULLS FIRST or
 * NULLS LAST where it matters.  There is no boolean: write `flag = 1`.
 */
#ifndef BANGO_STORE_SCHEMA_H
#define BANGO_STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

/* Properties of a statement that the audit rule and the engine ask for. */
enum statement_mark {
	STATEMENT_PERSONAL = 1, /* reads or writes personal data */
	STATEMENT_AUDIT = 2,    /* writes the audit entry for that */
	STATEMENT_BULK = 4,     /* may return more rows than fit in memory */
};

#define STATEMENT_PARAMS_MAX 64
#define STATEMENT_COLUMNS_MAX 64

struct statement {
	const char *name;
	const char *sqlite;     /* :name parameters */
	const char *postgresql; /* $1 parameters, in the order of params */
	const char *const *params;
	const char *const *columns;
	unsigned int n_params;
	unsigned int n_columns;
	unsigned int marks; /* STATEMENT_... */
	bool writes;
};

struct migration {
	int number; /* 1, 2, 3 ... */
	const char *title;
	const char *sqlite;
	const char *postgresql;
};

struct schema {
	const char *name; /* the component */
	const struct migration *migrations;
	const struct statement *statements;
	const char *const *protected_tables;
	unsigned int n_migrations;
	unsigned int n_statements;
	unsigned int n_protected;
	int first; /* number of the first statement */
};

#endif
