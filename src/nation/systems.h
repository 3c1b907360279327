/* Every system that this program can run. */
#ifndef BANGO_NATION_SYSTEMS_H
#define BANGO_NATION_SYSTEMS_H

#include "host/system.h"

extern const struct system *const all_systems[]; /* NULL ends */

/* Append their names: "registry, jukinet, ...". */
void systems_list(struct buf *ret);
/* NULL if there is no system of that name. */
const struct system *system_find(struct slice name);

#endif
