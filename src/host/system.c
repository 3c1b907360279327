#include "host/system.h"

#include <assert.h>

#define SCHEMAS_MAX 16

enum err
system_open_store(const struct system *system, const char *location,
    const struct store_options *options, struct store **ret,
    struct problem *problem)
{
	const struct schema *schemas[SCHEMAS_MAX];
	const struct component *const *c;
	unsigned int n = 0;

	for (c = system->components; *c != NULL; c++) {
		assert(n < SCHEMAS_MAX - 1);
		schemas[n++] = (*c)->schema;
	}
	schemas[n++] = system->component.schema;

	return store_open(location, schemas, n, options, ret, problem);
}
