/* bango number: check numbers, add check digits. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "main/answer.h"
#include "main/cli.h"
#include "main/commands.h"
#include "number/notation.h"

struct wishes {
	const char *kind;
	bool json;
};

static const struct cli_operand numbers[] = {
    {"NUMBER", CLI_TEXT, .optional = true, .many = true}, {0}};
static const struct cli_operand bodies[] = {
    {"BODY", CLI_TEXT, .optional = true, .many = true}, {0}};
static const struct cli_form forms[] = {
    {numbers, "check",
	"print whether each NUMBER, or each line of standard input, is "
	"well-formed: \"NUMBER valid\" or \"NUMBER invalid: reason\""},
    {bodies, "complete",
	"print each BODY, or each line of standard input, with its check digit "
	"added"},
    {0},
};
static const struct cli_option table[] = {
    WORD_OPTION(wishes, kind, "--kind", "KIND",
	"the kind of number: individual (12 digits), corporate (13), "
	"resident-code (11) or government (6); a BODY has one digit less; "
	"without it, the length decides",
	.words = "individual|corporate|resident-code|government",
	.needed = "complete"),
    FLAG_OPTION(wishes, json, "--json", "print one JSON object a line"),
    {0},
};

static int command_number(int argc, char **argv);

const struct command number_command = {
    .name = "number",
    .summary = "check numbers, add check digits",
    .run = command_number,
    .forms = forms,
    .options = table,
    .about = "Check numbers, or add the check digit to numbers that lack it.",
    .exits = "0 all numbers are valid or completed, 1 some are not, 2 misuse",
};

struct options {
	bool has_kind;
	enum notation kind;
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

static int
command_number(int argc, char **argv)
{
	struct options options = {0};
	struct wishes w = {0};
	bool complete;
	int rc;

	rc = cli_options(&number_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	complete = strcmp(argv[1], "complete") == 0;
	options.has_kind =
	    w.kind != NULL && notation_find(w.kind, &options.kind);

	return answer_all(complete ? answer_complete : answer_check, &options,
	    argv + 2, w.json ? ANSWER_JSON : ANSWER_PLAIN);
}
