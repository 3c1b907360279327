/*
 * A system's HTTP API as OpenAPI 3.1, made from its route table.
 *
 * It says no more than the tables know: the form of an answer is in docs/api.md.
 */
#ifndef BANGO_NATION_OPENAPI_H
#define BANGO_NATION_OPENAPI_H

#include "host/system.h"

/* The document, JSON in the arena. */
struct slice openapi_document(struct arena *arena, const struct system *system);

#endif
