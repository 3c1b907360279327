/*
 * The whole content of a SQLite database, for the simulator and for tests,
 * which must look everywhere.  No process may own the database meanwhile.
 */
#ifndef BANGO_STORE_DUMP_H
#define BANGO_STORE_DUMP_H

#include "base/json.h"

/*
 * {table: [{column: value, ...}, ...], ...}: integers as such, text as such,
 * blobs in hexadecimal, NULL as null.  New reference.  ERR_BUSY, ERR_IO,
 * ERR_CORRUPT.
 */
MUST_USE enum err
store_dump(const char *file, json_t **ret, struct problem *problem);

#endif
