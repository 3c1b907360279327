/*
 * Shapes (base/shape.h) as JSON Schema, in the dialect of OpenAPI 3.1.
 *
 * A schema says no more than its shape knows: neither the limit of bytes of all
 * fields together, nor the refusals of a handler.
 */
#ifndef BANGO_NATION_OPENAPI_SCHEMA_H
#define BANGO_NATION_OPENAPI_SCHEMA_H

#include "base/shape.h"

/* The value of a parameter: of a field outside JSON, where nothing is null. */
void
openapi_field(struct json_out *o, const char *key, const struct field *field);
/* Into a schema that is open: the members of an object, namely the fields that
 * `is_in` picks.  It does not say the type. */
void openapi_object(struct json_out *o, const struct shape *shape,
    bool (*is_in)(const void *context, const struct field *field),
    const void *context);

#endif
