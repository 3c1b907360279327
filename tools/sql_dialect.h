/*
 * For tools/statements: the text of a migration or a statement as SQLite and
 * as PostgreSQL want it.
 */
#ifndef BANGO_TOOLS_SQL_DIALECT_H
#define BANGO_TOOLS_SQL_DIALECT_H

#include "sql_file.h"

/* On the heap. */
char *dialect(const struct section *s, bool postgresql);

#endif
