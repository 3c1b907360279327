/*
 * Commands as tables: a command's file says what it is called, what it takes
 * and what for, and from that come the options' values, the refusals, the
 * help text and the completion (command_completion.c); the man pages are
 * compared with it.
 *
 *	struct wishes {
 *		const char *from;
 *		bool quiet;
 *	};
 *	static const struct cli_option options[] = {
 *	    FILE_OPTION(wishes, from, "--from", "FILE", "the founding file"),
 *	    FLAG_OPTION(wishes, quiet, "--quiet", "print nothing but errors"),
 *	    {0},
 *	};
 *
 * The compiler refuses a member of another type than its option has.
 */
#ifndef BANGO_MAIN_CLI_H
#define BANGO_MAIN_CLI_H

#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"

#define EXIT_NO 1 /* the answer is no */
#define EXIT_MISUSE 2

/* --- Inputs of a command -------------------------------------------------- */

/* The kinds of values that follow an option or stand for an operand. */
enum cli_kind {
	CLI_FLAG,   /* nothing: bool */
	CLI_NUMBER, /* min to max: uint64_t; others are const char * */
	CLI_TEXT,
	CLI_FILE,
	CLI_FOLDER,
	CLI_WORD,    /* one of some words */
	CLI_WORDS,   /* some of them, with commas; not checked here */
	CLI_SYSTEM,  /* the name of a kind of system; not checked here */
	CLI_COMMAND, /* not checked here */
	CLI_MEMBER,  /* a system of the nation in the operand DIR, the first;
		      * not checked here */
};

struct cli_option {
	const char *name; /* "--json" */
	enum cli_kind kind;
	size_t offset;     /* of the member */
	const char *value; /* in the help: "FILE"; or the words: "all|none" */
	const char *words; /* if they do not stand in `value` */
	uint64_t min, max;
	const char *standard; /* the value without the option; NULL: none */
	const char *with;   /* verbs that take it: "export|verify"; NULL: all */
	const char *needed; /* verbs that need it; EVERY_VERB; NULL: none */
	bool alone;         /* with no operand and no other option */
	const char *what;   /* NULL: for our own processes, in no help */
};
#define EVERY_VERB ""

struct cli_choice {
	const char *name, *what;
};

struct cli_operand {
	const char *name; /* "DIR"; or the words: "on|off" */
	enum cli_kind kind;
	bool optional, many;              /* many: the last one */
	const char *what;                 /* or NULL */
	const struct cli_choice *choices; /* the words; NULL ends */
};

/* One way to use a command. */
struct cli_form {
	const struct cli_operand *operands; /* a NULL name ends */
	const char *verb;                   /* the first operand; or NULL */
	const char *what;
};

struct command {
	const char *name;
	const char *summary;               /* one line for the list of all */
	int (*run)(int argc, char **argv); /* NULL: bango-lab has it */
	const struct cli_form *forms;      /* NULL operands end */
	const struct cli_option *options;  /* a NULL name ends; or NULL */
	/* Paragraphs, with an empty line between. */
	const char *about;
	const char *after; /* behind the options; or NULL */
	const char *exits; /* the exit status; NULL: 0, 2 and those of errors */
};

/* --- Tables ---------------------------------------------------------------- */

#define CLI_MEMBER(tag, member, type)            \
	.offset = offsetof(struct tag, member) + \
	    0 * sizeof(1 ? &((struct tag *)0)->member : (type *)0)

/* `what`, and more of the fields above, come last. */
#define FLAG_OPTION(tag, member, name_, ...)                       \
	{                                                          \
		.name = name_, .kind = CLI_FLAG,                   \
		CLI_MEMBER(tag, member, bool), .what = __VA_ARGS__ \
	}
#define NUMBER_OPTION(tag, member, name_, value_, from, to, ...)           \
	{                                                                  \
		.name = name_, .kind = CLI_NUMBER, .value = value_,        \
		CLI_MEMBER(tag, member, uint64_t), .min = from, .max = to, \
		.what = __VA_ARGS__                                        \
	}
#define STRING_OPTION(kind_, tag, member, name_, value_, ...)              \
	{                                                                  \
		.name = name_, .kind = kind_, .value = value_,             \
		CLI_MEMBER(tag, member, const char *), .what = __VA_ARGS__ \
	}
#define TEXT_OPTION(...) STRING_OPTION(CLI_TEXT, __VA_ARGS__)
#define FILE_OPTION(...) STRING_OPTION(CLI_FILE, __VA_ARGS__)
#define FOLDER_OPTION(...) STRING_OPTION(CLI_FOLDER, __VA_ARGS__)
#define WORD_OPTION(...) STRING_OPTION(CLI_WORD, __VA_ARGS__)
#define WORDS_OPTION(...) STRING_OPTION(CLI_WORDS, __VA_ARGS__)

/* --- Use ------------------------------------------------------------------- */

/*
 * Read the arguments by the table into the struct at `options`, which gets
 * the standard values first and is otherwise left alone.  Options may stand
 * anywhere up to "--"; the operands are moved together: argv[1] and on, then
 * NULL, as many as the table says.  Prints the help for --help, and why the
 * arguments do not fit.  Returns -1 to go on, or the exit code.
 */
int cli_options(
    const struct command *command, int argc, char **argv, void *options);

/* Print the help text; returns 0. */
int cli_help(const struct command *command);
/* A line of the list of commands. */
void cli_list(FILE *out, const struct command *command);
/* The words of an option: "one|another". */
const char *cli_words(const struct cli_option *option);
/* Those of an operand that is one of some words. */
void cli_put_words(struct buf *out, const struct cli_operand *operand);
/* Whether it is one of the words. */
bool cli_has_word(const char *words, const char *word);

/* Print the problem on standard error and return the exit code for it, which is
 * not EXIT_NO. */
int cli_fail(const char *command, const struct problem *problem);
/*
 * The exit code of a process whose command returned `code`: 3 if a part of
 * standard output was lost, on a full disk for example.  This is the last call
 * of main(), and says on standard error that output is lost.
 */
int cli_finish(int code);
/* A misuse: says why, points at the help unless the text names a command in
 * backquotes, and returns EXIT_MISUSE. */
int cli_misuse(const char *command, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * The system that an operand means, "131041/NAME" for both "131041/NAME" and
 * "131041", appended to *ret.  Returns -1 to go on, or the exit code if the
 * operand is another system.
 */
int cli_member(const char *command, const char *operand, const char *name,
    struct buf *ret);

#define CLI_TEXT_MAX 200 /* characters */
/*
 * The value of an option that becomes data: one line of text, as text_take()
 * leaves it, in the arena.  Returns -1 to go on, or the exit code.
 */
int cli_text(struct arena *arena, const char *command, const char *option,
    const char **value);

#endif
