/*
 * bango-lab: the demo, synthetic residents, benchmarks and the simulator.
 *
 * This file finds the command and calls it, and nothing else.  Users say
 * `bango COMMAND`, which starts this program.
 */
#include <stdio.h>
#include <string.h>

#include "lab/commands.h"
#include "main/cli.h"

static const char help[] =
    "usage: bango-lab COMMAND [ARGUMENT ...]\n"
    "\n"
    "Show, test and measure bango.  `bango COMMAND` starts this program.\n"
    "\n"
    "  demo        show the whole scheme at work\n"
    "  population  make synthetic residents\n"
    "  bench       measure\n"
    "  simulate    run a nation under faults, virtually\n"
    "\n"
    "`bango-lab COMMAND --help` says more; `bango-lab --version` prints the\n"
    "version.\n";

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} commands[] = {
    {"demo", command_demo},
    {"population", command_population},
    {"bench", command_bench},
    {"simulate", command_simulate},
};

int
main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(name, commands[i].name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts("bango-lab " BANGO_VERSION);
		return 0;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return cli_help(help);
	if (name[0] == '\0')
		fputs(help, stderr);
	else
		fprintf(stderr,
		    "bango-lab: there is no command \"%s\"; `bango-lab --help` "
		    "lists them\n",
		    name);

	return EXIT_MISUSE;
}
