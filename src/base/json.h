/*
 * JSON as trees of jansson: for commands, files and tests, which ask a document
 * for a few things.  Messages and requests have a shape instead (base/shape.h),
 * and json_in.h and json_out.h read and write them without a tree.
 *
 * Reading is strict: a document is one object or array, UTF-8, without
 * duplicate keys, not deeper than 32 levels.  A field is asked for with its
 * type; a missing field or another type is ERR_INPUT with its name in the
 * problem (the name, never the value).  Freeing a tree wipes it.
 */
#ifndef BANGO_BASE_JSON_H
#define BANGO_BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/slice.h"

/* *ret is a new reference.  `what` names the document in the problem. */
MUST_USE enum err json_read(
    struct slice text, const char *what, json_t **ret, struct problem *problem);
/* Compact, keys in the order given.  Appends. */
void json_write(const json_t *value, struct buf *ret);

/* Borrowed from `object`, valid as long as it lives. */
MUST_USE enum err json_get_text(const json_t *object, const char *key,
    struct slice *ret, struct problem *problem);
MUST_USE enum err json_get_int(const json_t *object, const char *key,
    int64_t min, int64_t max, int64_t *ret, struct problem *problem);
MUST_USE enum err json_get_array(const json_t *object, const char *key,
    const json_t **ret, struct problem *problem);
MUST_USE enum err json_get_object(const json_t *object, const char *key,
    const json_t **ret, struct problem *problem);

/* Add to an object or array; the text must be UTF-8. */
void json_put_text(json_t *object, const char *key, struct slice value);
void json_put_int(json_t *object, const char *key, int64_t value);
void json_put_bool(json_t *object, const char *key, bool value);
void json_put(json_t *object, const char *key, json_t *value); /* steals */
void json_push_text(json_t *array, struct slice value);
/* Element `index` of an array as text; ERR_INPUT otherwise. */
MUST_USE enum err
json_at_text(const json_t *array, size_t index, struct slice *ret);

#endif
