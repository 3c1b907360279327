/* bango openapi: a system's HTTP API. */
#include <stdio.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/openapi.h"
#include "nation/systems.h"

static const struct cli_operand operands[] = {{"SYSTEM", CLI_SYSTEM}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};

static int command_openapi(int argc, char **argv);

const struct command openapi_command = {
    .name = "openapi",
    .summary = "describe a system's HTTP API",
    .run = command_openapi,
    .forms = forms,
    .about = "Describe the HTTP API of a system, such as relay, as OpenAPI 3.1 "
	     "in JSON. For an unknown name, the error lists the systems.",
};

static void
print(const struct system *s)
{
	struct arena *arena = arena_new();
	struct slice document = openapi_document(arena, s);

	fwrite(document.data, 1, document.len, stdout);
	putchar('\n');
	arena_free(arena);
}

static int
no_such_system(void)
{
	struct buf names;
	int rc;

	buf_init(&names);
	systems_list(&names);
	rc = cli_misuse("openapi",
	    "there is no such system; expected one of %s", names.data);
	buf_done(&names);

	return rc;
}

static int
command_openapi(int argc, char **argv)
{
	const struct system *system;
	int rc;

	rc = cli_options(&openapi_command, argc, argv, NULL);
	if (rc >= 0)
		return rc;
	system = system_find(slice_of(argv[1]));
	if (system == NULL)
		return no_such_system();
	print(system);

	return 0;
}
