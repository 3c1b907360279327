/* bango number: check numbers, add check digits. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "main/answer.h"
#include "main/cli.h"
#include "main/commands.h"
#include "number/notation.h"

static const char help[] =
    "usage: bango number check [--kind KIND] [--json] [NUMBER ...]\n"
    "       bango number complete --kind KIND [--json] [BODY ...]\n"
    "\n"
    "Check numbers, or add the check digit to numbers that lack it.\n"
    "`bango number check --help` and `bango number complete --help` say "
    "more.\n";

static const char help_check[] =
    "usage: bango number check [--kind KIND] [--json] [NUMBER ...]\n"
    "\n"
    "Say of each NUMBER, or of each line of standard input, whether it is "
    "well-formed:\n"
    "\"NUMBER valid\" or \"NUMBER invalid: reason\".\n"
    "\n"
    "  --kind KIND  individual (12 digits), corporate (13), resident-code "
    "(11) or\n"
    "               government (6); without it, the length decides\n"
    "  --json       one JSON object a line\n"
    "\n"
    "exit status: 0 all valid, 1 some invalid, 2 misuse\n";

static const char help_complete[] =
    "usage: bango number complete --kind KIND [--json] [BODY ...]\n"
    "\n"
    "Print each BODY, or each line of standard input, with its check digit "
    "added.\n"
    "\n"
    "  --kind KIND  individual (11 digits), corporate (12), resident-code "
    "(10) or\n"
    "               government (5)\n"
    "  --json       one JSON object a line\n"
    "\n"
    "exit status: 0 all completed, 1 some are no bodies, 2 misuse\n";

struct options {
	bool has_kind;
	enum notation kind;
	enum answer_form form;
};

static enum err
refuse(struct answer *ret, const char *token, const char *reason)
{
	ret->token = token;
	snprintf(ret->reason, sizeof(ret->reason), "%s", reason);

	return ERR_INPUT;
}

static bool
kind_of_length(size_t len, enum notation *ret)
{
	unsigned int k;

	for (k = 0; k < NOTATION_COUNT; k++)
		if (notation_digits((enum notation)k) == len) {
			*ret = (enum notation)k;
			return true;
		}

	return false;
}

static enum err
answer_check(const void *context, struct slice input, struct answer *ret)
{
	const struct options *options = context;
	enum notation kind = options->kind;
	enum notation_fault fault;
	bool known = options->has_kind || kind_of_length(input.len, &kind);

	fault = notation_check(kind, input.data, input.len);
	if (!known && fault == NOTATION_LENGTH)
		return refuse(ret, notation_token(fault),
		    "not 6, 11, 12 or 13 digits long");
	if (known)
		ret->kind = notation_name(kind);
	if (fault)
		return refuse(
		    ret, notation_token(fault), notation_reason(kind, fault));

	return OK;
}

static enum err
answer_complete(const void *context, struct slice input, struct answer *ret)
{
	const struct options *options = context;
	enum notation kind = options->kind;
	char whole[NOTATION_DIGITS_MAX];
	enum notation_fault fault;

	ret->kind = notation_name(kind);
	fault = notation_complete(kind, input.data, input.len, whole);
	if (fault)
		return refuse(
		    ret, notation_token(fault), notation_reason(kind, fault));
	buf_add(&ret->output, slice_bytes(whole, notation_digits(kind)));

	return OK;
}

/* Returns -1 to go on, or the exit code. */
static int
read_options(int argc, char **argv, const char *usage, struct options *ret)
{
	const char *kind = NULL;
	int json = 0, operands, rc;
	const struct cli_option table[] = {
	    {"--kind", &kind, NULL}, {"--json", NULL, &json}, {0}};

	rc = cli_options(argc, argv, table, usage, &operands);
	if (rc >= 0)
		return rc;
	ret->form = json ? ANSWER_JSON : ANSWER_PLAIN;
	ret->has_kind = kind != NULL;
	if (kind != NULL && !notation_find(kind, &ret->kind))
		return cli_misuse(argv[0], "there is no kind \"%s\"", kind);

	return -1;
}

int
command_number(int argc, char **argv)
{
	const char *verb = argc > 1 ? argv[1] : "";
	bool complete = strcmp(verb, "complete") == 0;
	struct options options = {0};
	int rc;

	if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0)
		return cli_help(help);
	if (!complete && strcmp(verb, "check") != 0)
		return cli_misuse(argv[0], "say \"check\" or \"complete\"");
	argv[1] = argv[0]; /* the verb is done with */
	rc = read_options(argc - 1, argv + 1,
	    complete ? help_complete : help_check, &options);
	if (rc >= 0)
		return rc;
	if (complete && !options.has_kind)
		return cli_misuse(argv[0], "say which --kind to complete");

	return answer_all(complete ? answer_complete : answer_check, &options,
	    argv + 2, options.form);
}
