/*
 * All that a SQLite database holds, for those who must look everywhere: the
 * simulator and tests.  Nobody may own the database meanwhile.
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
