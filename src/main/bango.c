/*
 * bango: one program for every system and every command.
 *
 * This file finds the command and calls it, and nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "main/cli.h"
#include "main/commands.h"

static void
print_usage(FILE *out)
{
	const struct command *const *c;

	fputs("usage: bango COMMAND [ARGUMENT ...]\n\n", out);
	for (c = all_commands; *c != NULL; c++)
		cli_list(out, *c);
	fputs("\n`bango COMMAND --help` or `bango help COMMAND` says more; "
	      "`bango --version`\nprints the version.\n",
	    out);
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
	const struct command *best = NULL, *const * c;
	size_t d, nearest = 3;

	for (c = all_commands; *c != NULL; c++) {
		d = distance(name, (*c)->name);
		if (d < nearest && d < strlen((*c)->name)) {
			nearest = d;
			best = *c;
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
		fputs("; `bango help` lists the commands\n", stderr);

	return EXIT_MISUSE;
}

static const struct cli_operand operands[] = {
    {"COMMAND", CLI_COMMAND, .optional = true}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};

static int command_help(int argc, char **argv);

const struct command help_command = {
    .name = "help",
    .summary = "print the usage of a command",
    .run = command_help,
    .forms = forms,
    .about = "Print the usage of a command; without one, list all commands.",
};

static int
command_help(int argc, char **argv)
{
	const struct command *command;
	char option[] = "--help";
	int rc;

	rc = cli_options(&help_command, argc, argv, NULL);
	if (rc >= 0)
		return rc;
	if (argv[1] == NULL) {
		print_usage(stdout);
		return 0;
	}
	command = command_find(argv[1]);
	if (command == NULL)
		return unknown(argv[1]);
	if (command->run == NULL) /* says so where bango-lab is missing */
		return command_lab(2, (char *[]){argv[1], option, NULL});

	return cli_help(command);
}

static int
run(int argc, char **argv)
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
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0) {
		print_usage(stdout);
		return 0;
	}
	command = command_find(name);
	if (command == NULL)
		return unknown(name);

	if (command->run == NULL)
		return command_lab(argc - 1, argv + 1);

	return command->run(argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	bug_take_environment();

	return cli_finish(run(argc, argv));
}
