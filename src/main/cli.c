#include "main/cli.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

int
cli_fail(const char *command, const struct problem *problem)
{
	fprintf(stderr, "bango %s: %s\n", command,
	    problem->text[0] != '\0' ? problem->text
				     : err_info(problem->err)->title);
	if (problem->detail[0] != '\0')
		fprintf(stderr, "  (%s)\n", problem->detail);

	return err_info(problem->err)->exit_code;
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
	fprintf(stderr, "bango %s: %s; see `bango %s --help`\n", command, why,
	    command);

	return EXIT_MISUSE;
}

int
cli_help(const char *text)
{
	fputs(text, stdout);

	return 0;
}

static const struct cli_option *
find(const struct cli_option *options, const char *name, size_t len)
{
	for (; options->name != NULL; options++) {
		if (strlen(options->name) == len &&
		    memcmp(options->name, name, len) == 0)
			return options;
	}

	return NULL;
}

/* One option at argv[i]; returns how many arguments it took, 0 if unfit. */
static int
take(int argc, char **argv, int i, const struct cli_option *options)
{
	const char *equals = strchr(argv[i], '=');
	size_t len =
	    equals != NULL ? (size_t)(equals - argv[i]) : strlen(argv[i]);
	const struct cli_option *o = find(options, argv[i], len);

	if (o == NULL || (o->flag != NULL && equals != NULL))
		return 0;
	if (o->flag != NULL) {
		*o->flag = 1;
		return 1;
	}
	if (equals != NULL) {
		*o->value = equals + 1;
		return 1;
	}
	if (i + 1 >= argc)
		return 0;
	*o->value = argv[i + 1];

	return 2;
}

int
cli_options(int argc, char **argv, const struct cli_option *options,
    const char *help, int *ret_count)
{
	int i = 1, n, kept = 1;
	char *operand;

	/* Options may stand anywhere; operands move to the end, in order. */
	while (i < argc) {
		if (strcmp(argv[i], "--help") == 0 ||
		    strcmp(argv[i], "-h") == 0)
			return cli_help(help);
		if (strcmp(argv[i], "--") == 0) {
			for (i++; i < argc; i++)
				argv[kept++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || argv[i][1] == '\0') {
			operand = argv[i++];
			argv[kept++] = operand;
			continue;
		}
		n = take(argc, argv, i, options);
		if (n == 0)
			return cli_misuse(argv[0],
			    "option %s is unknown or lacks its value", argv[i]);
		i += n;
	}
	for (i = kept; i < argc; i++)
		argv[i] = NULL;
	*ret_count = kept - 1;

	return -1;
}

int
cli_text(
    struct arena *arena, const char *command, const struct cli_option *option)
{
	struct slice text;
	const char *why;

	if (text_take(arena, TEXT_LINE, CLI_TEXT_MAX, slice_of(*option->value),
		&text, &why))
		return cli_misuse(command, "%s: %s", option->name, why);
	*option->value = arena_string(arena, text);

	return -1;
}
