/* What the commands have in common: help, errors, exit codes. */
#ifndef BANGO_MAIN_CLI_H
#define BANGO_MAIN_CLI_H

#include "base/arena.h"

#define EXIT_MISUSE 2

/* Print the problem on standard error and return the exit code for it. */
int cli_fail(const char *command, const struct problem *problem);
/* A misuse: says `why`, points at the help, returns EXIT_MISUSE. */
int cli_misuse(const char *command, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Print a help text; returns 0. */
int cli_help(const char *text);

/*
 * Options of the simple commands: --help, and those of the table, each a
 * flag or with a value, anywhere on the line up to "--".  The operands are
 * moved together: argv[1] to argv[*ret_count], then NULL.  Returns -1 to go
 * on, or the exit code.
 */
struct cli_option {
	const char *name;   /* "--json" */
	const char **value; /* gets the argument; or NULL: */
	int *flag;          /* gets 1 */
};
int cli_options(int argc, char **argv, const struct cli_option *options,
    const char *help, int *ret_count);

#define CLI_TEXT_MAX 200 /* characters */
/*
 * The value of an option that becomes data: one line of text, as text_take()
 * leaves it, in the arena.  Returns -1 to go on, or the exit code.
 */
int cli_text(
    struct arena *arena, const char *command, const struct cli_option *option);

#endif
