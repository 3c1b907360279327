/*
 * bango-lab: the demo, synthetic residents, benchmarks and the simulator.
 *
 * This file only finds the command and calls it.  Users call `bango COMMAND`,
 * which starts this program.
 */
#include <stdio.h>
#include <string.h>

#include "lab/commands.h"
#include "main/lab_commands.h"

static const struct {
	const struct command *command;
	int (*run)(int argc, char **argv);
} commands[] = {
    {&demo_command, command_demo},
    {&population_command, command_population},
    {&bench_command, command_bench},
    {&simulate_command, command_simulate},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *out)
{
	size_t i;

	fputs("usage: bango-lab COMMAND [ARGUMENT ...]\n\n"
	      "Show, test and measure bango.  `bango COMMAND` starts this "
	      "program.\n\n",
	    out);
	for (i = 0; i < COMMANDS; i++)
		cli_list(out, commands[i].command);
	fputs("\n`bango-lab COMMAND --help` says more; `bango-lab --version` "
	      "prints the\nversion.\n",
	    out);
}

/* The two programs are of one version: a demo runs nations with bango. */
static int
check_caller(const char *version)
{
	if (strcmp(version, BANGO_VERSION) == 0)
		return 0;
	fprintf(stderr,
	    "bango-lab: this is version " BANGO_VERSION
	    ", but bango is version "
	    "%s; install the same version of both packages\n",
	    version);

	return err_info(ERR_IO)->exit_code;
}

static int
run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	size_t i;

	for (i = 0; i < COMMANDS; i++) {
		if (strcmp(name, commands[i].command->name) == 0)
			return commands[i].run(argc - 1, argv + 1);
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts("bango-lab " BANGO_VERSION);
		return 0;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		print_usage(stdout);
		return 0;
	}
	if (name[0] == '\0')
		print_usage(stderr);
	else
		fprintf(stderr,
		    "bango-lab: there is no command \"%s\"; `bango-lab --help` "
		    "lists the commands\n",
		    name);

	return EXIT_MISUSE;
}

int
main(int argc, char **argv)
{
	int rc = 0;

	if (argc > 2 && strcmp(argv[1], LAB_CALLER) == 0) {
		rc = check_caller(argv[2]);
		argc -= 2;
		argv += 2;
	}

	return cli_finish(rc != 0 ? rc : run(argc, argv));
}
