/*
 * Queries whose parameters and columns are known by their index: for the
 * functions that tools/statements writes (NAME_rows.c), and for nobody else.
 *
 * The generated function binds every parameter and reads columns that exist,
 * in their types, so that nothing is looked for by name and nothing is
 * allocated.  The rules of store/store.h hold as they do there.
 */
#ifndef BANGO_STORE_TYPED_H
#define BANGO_STORE_TYPED_H

#include "base/arena.h"
#include "store/store.h"

/* Begin statement `id`, all of whose parameters are bound next. */
void typed_begin(struct store *store, int id, struct query *ret);

/* `i` counts from 0.  Bytes are borrowed until the query is done. */
void typed_int(struct query *q, unsigned int i, int64_t value);
void typed_text(struct query *q, unsigned int i, struct slice value);
void typed_blob(struct query *q, unsigned int i, struct slice value);
void typed_null(struct query *q, unsigned int i);
/* The slice with data NULL is NULL. */
void typed_text_or_null(struct query *q, unsigned int i, struct slice value);
void typed_blob_or_null(struct query *q, unsigned int i, struct slice value);

/* As query_step(), for a query of statement `id`; a query of another statement
 * ends the process. */
MUST_USE enum err typed_step(struct query *q, int id);

/* The current row.  NULL reads as 0 and as the empty slice, whose data is NULL
 * after _or_null alone. */
bool typed_has(struct query *q, unsigned int i);
int64_t typed_get_int(struct query *q, unsigned int i);
struct slice typed_get_text(struct query *q, unsigned int i);
struct slice typed_get_blob(struct query *q, unsigned int i);
struct slice typed_get_text_or_null(struct query *q, unsigned int i);
struct slice typed_get_blob_or_null(struct query *q, unsigned int i);
/* ERR_CORRUPT: a column holds a value that does not fit its type.  Ends the
 * query; the problem names statement and column and no value. */
MUST_USE enum err typed_misfit(struct query *q, unsigned int i);
/* A copy in the arena; data NULL stays NULL. */
struct slice typed_keep(struct arena *arena, struct slice value);

#endif
