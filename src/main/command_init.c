/* bango init: found a nation. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/nation.h"
#include "nation/systems.h"

#define INI_MAX (1u << 20)

static const char help[] =
    "usage: bango init DIR [--from FILE.ini] [--print]\n"
    "\n"
    "Found a nation in DIR, which must not exist: organisations, systems,\n"
    "addresses, keys and certificates, from a founding file (its form is in\n"
    "bango-init(1)), or the built-in one: Shinjuku, Asahikawa, the Pension\n"
    "Service, J-LIS, the Digital Agency.\n"
    "\n"
    "  --from FILE.ini  the founding file\n"
    "  --print          print the built-in founding file and do nothing else\n"
    "\n"
    "Then: bango up DIR\n";

/* Read it where it stands, so that problems name it. */
static enum err
read_founding_file(const char *from, struct buf *ret, struct problem *problem)
{
	struct config *config = NULL;
	enum err rc;

	rc = file_read(from, INI_MAX, ret, problem);
	if (rc == OK)
		rc = config_read(from, &config, problem);
	config_free(config);

	return rc;
}

static enum err
found(const char *dir, const char *from, struct problem *problem)
{
	struct clock clock = clock_system();
	struct buf ini;
	enum err rc = OK;

	buf_init(&ini);
	if (from != NULL)
		rc = read_founding_file(from, &ini, problem);
	else
		buf_add_string(&ini, config_default);
	if (rc == OK)
		rc = nation_found(
		    dir, buf_slice(&ini), clock.now(clock.state), problem);
	buf_done(&ini);

	return rc;
}

int
command_init(int argc, char **argv)
{
	const char *from = NULL;
	int print = 0, n, rc;
	const struct cli_option options[] = {
	    {"--from", &from, NULL}, {"--print", NULL, &print}, {0}};
	struct problem problem = {0};

	rc = cli_options(argc, argv, options, help, &n);
	if (rc >= 0)
		return rc;
	if (print)
		return cli_help(config_default);
	if (n != 1)
		return cli_misuse("init", "name one folder");
	if (found(argv[1], from, &problem))
		return cli_fail("init", &problem);
	printf("A nation is founded in %s.  Start it: bango up %s\n", argv[1],
	    argv[1]);

	return 0;
}
