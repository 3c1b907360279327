/*
 * Commands that answer: one line for every operand or, without operands, for
 * every line of standard input, in order.
 */
#ifndef BANGO_MAIN_ANSWER_H
#define BANGO_MAIN_ANSWER_H

#include "base/slice.h"

/* A line longer than this is answered with a refusal. */
#define ANSWER_LINE_MAX 8192

struct answer {
	const char *kind;  /* of the input; NULL where there are none */
	struct buf output; /* empty: the answer is "valid" */
	const char *token; /* of a refusal, for programs */
	char reason[PROBLEM_TEXT_MAX]; /* of a refusal, for people */
};

/* OK with the answer, or ERR_INPUT with its token and reason. */
typedef enum err
answer_function(const void *context, struct slice input, struct answer *ret);

enum answer_form {
	ANSWER_PLAIN, /* OUTPUT, "INPUT valid" or "INPUT invalid: reason" */
	ANSWER_JSON,  /* an object a line */
};

/*
 * Answer all `operands` (NULL ends them), or standard input.  Returns the exit
 * code: 0 all valid, 1 some invalid, 3 if reading failed.
 *
 * The input is shown in the answer, its unprintable bytes as '?': it is the
 * asker's own.
 */
int answer_all(answer_function *function, const void *context,
    char *const *operands, enum answer_form form);

#endif
