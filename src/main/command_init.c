/* bango init: found a nation. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "main/cli.h"
#include "main/commands.h"
#include "nation/nation.h"
#include "nation/systems.h"

#define INI_MAX (1u << 20)

struct wishes {
	const char *from, *passphrases;
	bool second, print;
};

static const struct cli_operand operands[] = {{"DIR", CLI_FOLDER}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FILE_OPTION(wishes, from, "--from", "FILE.ini", "the founding file"),
    FOLDER_OPTION(wishes, passphrases, "--passphrase-dir", "FOLDER",
	"make this folder for the passphrases, instead of leaving each beside "
	"what it opens"),
    FLAG_OPTION(wishes, second, "--second",
	"make a second holder for each organisation, for acts that need two"),
    FLAG_OPTION(wishes, print, "--print",
	"print the built-in founding file and do nothing else", .alone = true),
    {0},
};

static int command_init(int argc, char **argv);

const struct command init_command = {
    .name = "init",
    .summary = "found a nation from an INI file",
    .run = command_init,
    .forms = forms,
    .options = options,
    .about = "Found a nation in DIR, which must not exist: organisations, "
	     "systems, addresses, keys and certificates, from a founding file "
	     "(its form is in bango-init(1)), or the built-in one: Shinjuku, "
	     "Asahikawa, the Pension Service, J-LIS, the Digital Agency. Each "
	     "organisation gets a certificate with all duties of its systems, "
	     "DIR/operators/ORGANISATION/, for tests; `bango operator` names "
	     "people. Each key store has a passphrase of its own, which lies "
	     "beside it, for tests.",
    .after = "Then: bango up DIR",
};

static void
print_notes(struct slice notes)
{
	struct slice line;

	while (!slice_is_empty(notes)) {
		line = slice_cut(&notes, '\n');
		fprintf(stderr, "bango init: note: %.*s\n", SLICE_ARG(line));
	}
}

/* Read it once, since it may be a pipe, and under its own name, so that problems
 * name it. */
static enum err
read_founding_file(const char *from, struct buf *ret, struct problem *problem)
{
	struct config *config = NULL;
	enum err rc;

	rc = file_read(from, INI_MAX, ret, problem);
	if (rc == OK)
		rc = config_found(from, buf_slice(ret), &config, problem);
	if (rc == OK)
		print_notes(buf_slice(&config->notes));
	config_free(config);

	return rc;
}

static enum err
found(const char *dir, const struct wishes *w, struct problem *problem)
{
	struct clock clock = clock_system();
	struct found_options o = {.dir = dir,
	    .holders = w->second ? FOUND_TWO_HOLDERS : FOUND_ONE_HOLDER,
	    .passphrases = w->passphrases,
	    .now = clock.now(clock.state)};
	struct buf ini;
	enum err rc = OK;

	buf_init(&ini);
	if (w->from != NULL)
		rc = read_founding_file(w->from, &ini, problem);
	else
		buf_add_string(&ini, config_default);
	o.ini = buf_slice(&ini);
	if (rc == OK)
		rc = nation_found(&o, problem);
	buf_done(&ini);

	return rc;
}

static int
command_init(int argc, char **argv)
{
	struct wishes w = {0};
	struct problem problem = {0};
	int rc;

	rc = cli_options(&init_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (w.print) {
		fputs(config_default, stdout);
		return 0;
	}
	if (found(argv[1], &w, &problem))
		return cli_fail("init", &problem);
	printf("A nation is founded in %s.  Start it: bango up %s\n", argv[1],
	    argv[1]);

	return 0;
}
