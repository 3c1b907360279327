/*
 * Synthetic residents of a municipality: households with families, ages,
 * foreign residents and former surnames, from real names and towns.
 *
 * The same seed gives the same people.  None of them exists: a likeness of
 * names is chance.  They carry no Resident Record Code, which the
 * municipality gives, and no Individual Number, which J-LIS gives.
 */
#ifndef BANGO_LAB_POPULATION_H
#define BANGO_LAB_POPULATION_H

#include <stdio.h>

#include "base/slice.h"
#include "base/time.h"

struct population_options {
	struct slice municipality; /* 6 digits */
	uint64_t seed;
	uint64_t count;
	struct date day; /* on which they live there */
	int foreign;     /* of 1,000 households */
	bool cp932;
};

#define POPULATION_COUNT_MAX 5000000

/* Write them as CSV (docs/formats.md).  ERR_INPUT if we know no towns of
 * that municipality; ERR_FULL, ERR_IO. */
MUST_USE enum err population_write(const struct population_options *options,
    FILE *to, struct problem *problem);

#endif
