#include "tests/support/part.h"

#include <stdio.h>
#include <stdlib.h>

static unsigned int number = 1, parts = 1;

void
part_read(int argc, char *const *argv)
{
	char rest;

	if (argc == 1)
		return;
	if (argc == 2 &&
	    sscanf(argv[1], "%u/%u%c", &number, &parts, &rest) == 2 &&
	    number >= 1 && number <= parts)
		return;
	fprintf(stderr, "usage: %s [K/N]\n", argv[0]);
	exit(2);
}

bool
part_has(size_t i)
{
	return i % parts == number - 1;
}
