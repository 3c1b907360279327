/*
 * The components that every node has besides its system.
 *
 * A component is a folder here, with the same files as a system: its contract
 * in NAME.h, its tables in routes.c, schema.sql, statements.sql, a README.  It
 * has no address, no key and no process of its own.
 */
#ifndef BANGO_COMPONENTS_COMPONENTS_H
#define BANGO_COMPONENTS_COMPONENTS_H

#include "host/system.h"

/* For struct system's `components`: the host's first, then as bango_components()
 * of CMakeLists.txt numbers their statements. */
extern const struct component *const node_components[];

#endif
