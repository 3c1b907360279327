/*
 * The options and operands of bango-lab's commands: bango lists and completes
 * them, too, and has nothing else of them.
 */
#ifndef BANGO_MAIN_LAB_COMMANDS_H
#define BANGO_MAIN_LAB_COMMANDS_H

#include "main/cli.h"

/* The option that bango puts before the command; its own version follows. */
#define LAB_CALLER "--called-by"

struct demo_wishes {
	uint64_t residents, port;
	const char *database; /* NULL: SQLite */
	bool once;
};

struct population_wishes {
	const char *municipality, *day, *encoding, *output;
	uint64_t count, seed, foreign;
};

struct bench_wishes {
	uint64_t residents, records; /* 0: as each benchmark has it */
	bool json;
};

struct simulate_wishes {
	uint64_t seed, seeds, steps, organisations, insiders;
	const char *faults, *bug;
	bool json;
};

extern const struct command demo_command, population_command, bench_command,
    simulate_command;

#endif
