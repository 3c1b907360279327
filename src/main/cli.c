#include "main/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

int
cli_fail(const char *command, const struct problem *problem)
{
	/* A failure whose reason was lost is no success. */
	enum err err = problem->err == OK ? ERR_INTERNAL : problem->err;

	fprintf(stderr, "bango %s: %s\n", command,
	    problem->text[0] != '\0' ? problem->text : err_info(err)->title);
	if (problem->detail[0] != '\0')
		fprintf(stderr, "  (%s)\n", problem->detail);

	return err_info(err)->exit_code;
}

int
cli_finish(int code)
{
	bool was_lost = ferror(stdout) != 0;
	const char *why = "a part of it is lost";

	if (fflush(stdout) != 0)
		why = strerror(errno);
	else if (!was_lost)
		return code;
	fprintf(stderr, "bango: cannot write standard output: %s\n", why);

	return err_info(ERR_IO)->exit_code;
}

int
cli_misuse(const char *command, const char *fmt, ...)
{
	char why[PROBLEM_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	why[text_make_printable(why, strlen(why))] = '\0';
	fprintf(stderr, "bango %s: %s", command, why);
	if (strchr(why, '`') == NULL)
		fprintf(stderr, "; see `bango %s --help`", command);
	fputc('\n', stderr);

	return EXIT_MISUSE;
}

int
cli_member(
    const char *command, const char *operand, const char *name, struct buf *ret)
{
	const char *slash = strchr(operand, '/');

	buf_add_string(ret, operand);
	if (slash == NULL)
		buf_printf(ret, "/%s", name);
	else if (strcmp(slash + 1, name) != 0)
		return cli_misuse(command,
		    "%s is another system; expected %.*s/%s", operand,
		    (int)(slash - operand), operand, name);

	return -1;
}

/* --- Words ----------------------------------------------------------------- */

const char *
cli_words(const struct cli_option *option)
{
	return option->words != NULL ? option->words : option->value;
}

bool
cli_has_word(const char *words, const char *word)
{
	struct slice rest = slice_of(words);

	do {
		if (slice_equal_string(slice_cut(&rest, '|'), word))
			return true;
	} while (rest.data != NULL);

	return false;
}

void
cli_put_words(struct buf *out, const struct cli_operand *operand)
{
	const struct cli_choice *c = operand->choices;

	if (c == NULL)
		buf_add_string(out, operand->name);
	for (; c != NULL && c->name != NULL; c++)
		buf_printf(
		    out, "%s%s", c == operand->choices ? "" : "|", c->name);
}

/* "utf-8 or cp932"; "verify, prove or audit". */
static void
put_alternatives(struct buf *out, const char *words)
{
	struct slice rest = slice_of(words), word;
	const char *before = "";

	do {
		word = slice_cut(&rest, '|');
		if (before[0] != '\0' && rest.data == NULL)
			before = " or ";
		buf_printf(out, "%s%.*s", before, SLICE_ARG(word));
		before = ", ";
	} while (rest.data != NULL);
}

/* Returns the exit code. */
static int
misuse_of_words(const struct command *c, const char *place, const char *reason,
    const char *words)
{
	struct buf text;
	int rc;

	buf_init(&text);
	put_alternatives(&text, words);
	rc = cli_misuse(c->name, "%s%s%s", place, reason, text.data);
	buf_done(&text);

	return rc;
}

/* --- Options --------------------------------------------------------------- */

/* Returns -1 to go on, or the exit code. */
static int
store_number(const struct command *c, const struct cli_option *o,
    const char *text, uint64_t *ret)
{
	uint64_t n;

	if (slice_to_u64(slice_of(text), o->max, &n) == OK && n >= o->min) {
		*ret = n;
		return -1;
	}
	if (o->min == 0)
		return cli_misuse(c->name, "%s: expected a number up to %llu",
		    o->name, (unsigned long long)o->max);

	return cli_misuse(c->name, "%s: expected a number from %llu to %llu",
	    o->name, (unsigned long long)o->min, (unsigned long long)o->max);
}

/* Returns -1 to go on, or the exit code. */
static int
store(const struct command *c, const struct cli_option *o, const char *text,
    void *options)
{
	void *to = (char *)options + o->offset;

	if (o->kind == CLI_FLAG) {
		*(bool *)to = true;
		return -1;
	}
	if (o->kind == CLI_NUMBER)
		return store_number(c, o, text, to);
	if (o->kind == CLI_WORD && !cli_has_word(cli_words(o), text))
		return misuse_of_words(c, o->name, ": expected ", cli_words(o));
	*(const char **)to = text;

	return -1;
}

static void
store_standards(const struct command *c, void *options)
{
	const struct cli_option *o;

	for (o = c->options; o != NULL && o->name != NULL; o++) {
		if (o->standard != NULL &&
		    store(c, o, o->standard, options) >= 0)
			abort(); /* the table's own does not fit */
	}
}

struct reading {
	const struct command *command;
	void *options;
	uint64_t seen; /* options, a bit for each in their order */
	const struct cli_option *alone; /* the one that needs nothing else */
};

static const struct cli_option *
find(const struct cli_option *options, struct slice name)
{
	for (; options != NULL && options->name != NULL; options++) {
		if (slice_equal_string(name, options->name))
			return options;
	}

	return NULL;
}

/* The option at argv[i].  Returns -1 to go on, or the exit code. */
static int
take(struct reading *r, int argc, char **argv, int *i)
{
	struct slice value = slice_of(argv[*i]);
	struct slice name = slice_cut(&value, '=');
	const struct command *c = r->command;
	const struct cli_option *o = find(c->options, name);
	const char *text = value.data;

	if (o != NULL && o->kind != CLI_FLAG && text == NULL && *i + 1 < argc)
		text = argv[++*i];
	if (o == NULL || (o->kind == CLI_FLAG) != (text == NULL))
		return cli_misuse(c->name,
		    "option %s is unknown or lacks its value", argv[*i]);
	++*i;
	r->seen |= UINT64_C(1) << (o - c->options);
	if (o->alone)
		r->alone = o;

	return store(c, o, text, r->options);
}

/* Takes the options, and moves the operands to argv[1] and on. */
static int
take_all(struct reading *r, int argc, char **argv)
{
	int i = 1, kept = 1, rc = -1;
	char *operand;

	while (i < argc && rc < 0) {
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return cli_help(r->command);
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[kept++] = argv[i];
		} else if (argv[i][0] != '-' || argv[i][1] == '\0') {
			operand = argv[i++];
			argv[kept++] = operand;
		} else {
			rc = take(r, argc, argv, &i);
		}
	}
	for (i = kept; i < argc; i++)
		argv[i] = NULL;

	return rc;
}

/* --- Operands -------------------------------------------------------------- */

/* Says what the operands should be, of which `extra`, unless it is NULL, is
 * one too many.  Returns the exit code. */
static int
misuse_of_operands(
    const struct command *c, const struct cli_form *form, const char *extra)
{
	const char *colon = extra != NULL ? " is one operand too many: " : "";
	const struct cli_operand *o;
	struct buf text;
	int rc;

	buf_init(&text);
	for (o = form->operands; o->name != NULL; o++)
		buf_printf(&text, " %s%s%s%s", o->optional ? "[" : "", o->name,
		    o->many ? " ..." : "", o->optional ? "]" : "");
	if (extra == NULL)
		extra = "";
	if (text.len == 0)
		rc = cli_misuse(
		    c->name, "%s%sexpected no operands", extra, colon);
	else
		rc = cli_misuse(c->name, "%s%sexpected the operand%s%s%s%s",
		    extra, colon, form->operands[1].name != NULL ? "s" : "",
		    form->verb != NULL ? " " : "",
		    form->verb != NULL ? form->verb : "", text.data);
	buf_done(&text);

	return rc;
}

static int
check_words(
    const struct command *c, const struct cli_operand *o, char **operand)
{
	struct buf words;
	int rc = -1;

	buf_init(&words);
	cli_put_words(&words, o);
	for (; *operand != NULL && rc < 0; operand++) {
		if (!cli_has_word(words.data, *operand))
			rc = misuse_of_words(
			    c, *operand, " is not one of ", words.data);
		if (!o->many)
			break;
	}
	buf_done(&words);

	return rc;
}

/* As many operands as the form has, and words where it has words. */
static int
check_operands(
    const struct command *c, const struct cli_form *form, char **operand)
{
	const struct cli_operand *o;
	int rc = -1;

	for (o = form->operands; o->name != NULL && rc < 0; o++) {
		if (*operand == NULL && !o->optional)
			return misuse_of_operands(c, form, NULL);
		if (*operand != NULL && **operand == '\0')
			return cli_misuse(
			    c->name, "the operand %s is empty", o->name);
		if (o->kind == CLI_WORD)
			rc = check_words(c, o, operand);
		if (o->many)
			return rc;
		if (*operand != NULL)
			operand++;
	}
	if (rc < 0 && *operand != NULL)
		return misuse_of_operands(c, form, *operand);

	return rc;
}

/* An option that needs nothing else has nothing beside it. */
static int
check_alone(const struct reading *r, char **argv)
{
	if (argv[1] == NULL && (r->seen & (r->seen - 1)) == 0)
		return -1;

	return cli_misuse(r->command->name,
	    "%s stands alone, without operands and other options",
	    r->alone->name);
}

/* The options that were seen go with the verb, and those that it needs are
 * there. */
static int
check_options(const struct reading *r, const char *verb)
{
	const struct command *c = r->command;
	const struct cli_option *o;
	bool seen;

	for (o = c->options; o != NULL && o->name != NULL; o++) {
		seen = (r->seen >> (o - c->options) & 1) != 0;
		if (seen && o->with != NULL && !cli_has_word(o->with, verb))
			return misuse_of_words(
			    c, o->name, " goes with ", o->with);
		if (!seen && o->needed != NULL && cli_has_word(o->needed, verb))
			return cli_misuse(c->name, "%s is missing", o->name);
	}

	return -1;
}

static int
misuse_of_verb(const struct command *c)
{
	const struct cli_form *f;
	struct buf words;
	int rc;

	buf_init(&words);
	for (f = c->forms; f->operands != NULL; f++)
		buf_printf(&words, "%s%s", words.len > 0 ? "|" : "", f->verb);
	rc = misuse_of_words(c, "the first operand", " must be ", words.data);
	buf_done(&words);

	return rc;
}

static int
check(const struct reading *r, char **argv)
{
	const struct cli_form *f = r->command->forms;
	const char *verb = argv[1] != NULL ? argv[1] : "";
	int rc;

	if (r->alone != NULL)
		return check_alone(r, argv);
	if (f->verb == NULL) {
		rc = check_operands(r->command, f, argv + 1);
		return rc < 0 ? check_options(r, EVERY_VERB) : rc;
	}
	for (; f->operands != NULL; f++) {
		if (strcmp(f->verb, verb) != 0)
			continue;
		rc = check_operands(r->command, f, argv + 2);
		return rc < 0 ? check_options(r, verb) : rc;
	}

	return misuse_of_verb(r->command);
}

int
cli_options(const struct command *command, int argc, char **argv, void *options)
{
	struct reading r = {.command = command, .options = options};
	int rc;

	store_standards(command, options);
	rc = take_all(&r, argc, argv);

	return rc < 0 ? check(&r, argv) : rc;
}

int
cli_text(struct arena *arena, const char *command, const char *option,
    const char **value)
{
	struct slice text;
	const char *why;

	if (text_take(
		arena, TEXT_LINE, CLI_TEXT_MAX, slice_of(*value), &text, &why))
		return cli_misuse(command, "%s: %s", option, why);
	*value = arena_string(arena, text);

	return -1;
}
