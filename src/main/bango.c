/*
 * bango: one program for every system and every command.
 *
 * This file finds the command and calls it, and nothing else.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"

static int command_help(int argc, char **argv);

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv);
};

/* In the order of a user's first day. */
static const struct command commands[] = {
    {"demo", "show the whole scheme at work", command_demo},
    {"init", "found a nation from an INI file", command_init},
    {"up", "run all systems of a nation", command_up},
    {"status", "say how the systems of a nation are", command_status},
    {"population", "make synthetic residents", command_population},
    {"import", "load residents from a CSV file", command_import},
    {"serve", "run one system; what `up` starts", command_serve},
    {"revoke", "withdraw a system's certificate", command_revoke},
    {"number", "check numbers, add check digits", command_number},
    {"ff1", "format-preserving encryption, NIST SP 800-38G", command_ff1},
    {"bench", "measure", command_bench},
    {"completion", "print the completion script of a shell",
	command_completion},
    {"help", "say how a command is used", command_help},
};
#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
print_usage(FILE *out)
{
	size_t i;

	fputs("usage: bango COMMAND [ARGUMENT ...]\n\n", out);
	for (i = 0; i < COMMANDS; i++)
		fprintf(
		    out, "  %-11s %s\n", commands[i].name, commands[i].summary);
	fputs("\n`bango COMMAND --help` or `bango help COMMAND` says more; "
	      "`bango --version`\nprints the version.\n",
	    out);
}

static const struct command *
find(const char *name)
{
	size_t i;

	for (i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];

	return NULL;
}

#define NAME_MAX_LEN 16

static size_t
least(size_t a, size_t b, size_t c)
{
	if (b < a)
		a = b;

	return c < a ? c : a;
}

/* Letters to insert, drop or change to make `b` of `a` (Levenshtein); both
 * are cut at NAME_MAX_LEN. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[NAME_MAX_LEN + 1], a_len, b_len, i, k, before, above;

	a_len = strnlen(a, NAME_MAX_LEN);
	b_len = strnlen(b, NAME_MAX_LEN);
	for (k = 0; k <= b_len; k++)
		row[k] = k;
	for (i = 1; i <= a_len; i++) {
		before = row[0];
		row[0] = i;
		for (k = 1; k <= b_len; k++) {
			above = row[k];
			row[k] = least(above + 1, row[k - 1] + 1,
			    before + (a[i - 1] != b[k - 1]));
			before = above;
		}
	}

	return row[b_len];
}

/* The command that may have been meant, or NULL. */
static const struct command *
suggest(const char *name)
{
	const struct command *best = NULL;
	size_t i, d, nearest = 3;

	for (i = 0; i < COMMANDS; i++) {
		d = distance(name, commands[i].name);
		if (d < nearest && d < strlen(commands[i].name)) {
			nearest = d;
			best = &commands[i];
		}
	}

	return best;
}

static int
unknown(const char *name)
{
	const struct command *other = suggest(name);

	fprintf(stderr, "bango: there is no command \"%s\"", name);
	if (other != NULL)
		fprintf(stderr, "; did you mean `bango %s`?\n", other->name);
	else
		fputs("; `bango help` lists them\n", stderr);

	return EXIT_MISUSE;
}

/* bango help [COMMAND] */
static int
command_help(int argc, char **argv)
{
	char option[] = "--help", *args[] = {NULL, option, NULL};
	const struct command *command;

	if (argc < 2 || strcmp(argv[1], "help") == 0 ||
	    strcmp(argv[1], "--help") == 0) {
		print_usage(stdout);
		return 0;
	}
	command = find(argv[1]);
	if (command == NULL)
		return unknown(argv[1]);
	args[0] = argv[1];

	return command->run(2, args);
}

int
main(int argc, char **argv)
{
	const struct command *command;
	const char *name = argc > 1 ? argv[1] : NULL;

	if (name == NULL) {
		print_usage(stderr);
		return EXIT_MISUSE;
	}
	if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
		puts("bango " BANGO_VERSION);
		return 0;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		name = "help";
	command = find(name);
	if (command == NULL)
		return unknown(name);

	return command->run(argc - 1, argv + 1);
}
