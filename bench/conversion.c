/*
 * How many linkage codes one core converts in a second, one by one, in
 * memory: decrypt, check the owner, encrypt.
 *
 * Prints one line; --json for programs.  The best of five runs counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "systems/network/linkage.h"

#define CODES 4096
#define CONVERSIONS 4000000
#define RUNS 5

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);

	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
make_codes(const struct linkage *linkage, struct linkage_code *codes)
{
	struct code_owner owner = {7, linkage_epoch(linkage)};
	struct id_code id;

	for (id.value = 0; id.value < CODES; id.value++) {
		if (linkage_make(linkage, id, owner, &codes[id.value]))
			abort();
	}
}

static void
convert_all(const struct linkage *linkage, const struct linkage_code *codes)
{
	struct code_owner to = {8, linkage_epoch(linkage)};
	struct linkage_code other;
	size_t i;

	for (i = 0; i < CONVERSIONS; i++) {
		if (linkage_convert(linkage, &codes[i % CODES], 7, to, &other))
			abort();
	}
}

int
main(int argc, char **argv)
{
	static struct linkage_code codes[CODES];
	struct keystore *keys = keystore_new(KEYSTORE_FAST);
	struct random random = random_system();
	double start, took, best = 1e9;
	struct linkage *linkage;
	int i;

	keystore_add_symmetric(
	    keys, LINKAGE_KEY, &random, (struct instant){1}, NULL);
	if (linkage_new(keys, &linkage))
		abort();
	make_codes(linkage, codes);
	for (i = 0; i < RUNS; i++) {
		start = seconds();
		convert_all(linkage, codes);
		took = seconds() - start;
		if (took < best)
			best = took;
	}
	linkage_free(linkage);
	keystore_free(keys);
	if (argc == 2 && strcmp(argv[1], "--json") == 0)
		printf("{\"name\": \"conversion\", \"unit\": "
		       "\"conversions/s\", \"value\": %.0f}\n",
		    CONVERSIONS / best);
	else
		printf("conversion: %.1f million linkage codes/s, one by "
		       "one, one core, in memory\n",
		    CONVERSIONS / best / 1e6);

	return 0;
}
