/* bango relink: other linkage codes for everybody, after the key has leaked. */
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/relink.h"

struct wishes {
	const char *reason, *confirm;
};

static const struct cli_operand operands[] = {{"DIR", CLI_FOLDER}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    TEXT_OPTION(wishes, reason, "--reason", "TEXT",
	"begin: how the key has leaked; stays in the network"),
    TEXT_OPTION(wishes, confirm, "--confirm", "ID",
	"as the second holder, confirm what waits under that id; with the same "
	"--reason"),
    {0},
};

static int command_relink(int argc, char **argv);

const struct command relink_command = {
    .name = "relink",
    .summary = "give all organisations other linkage codes after a leak",
    .run = command_relink,
    .forms = forms,
    .options = options,
    .about =
	"Show how far the organisations of the nation in DIR are with their "
	"other linkage codes; or, with --reason, begin: every organisation "
	"gets other codes, made with a new key, while the exchange goes on, "
	"and the old ones count no more when it is done.",
    .after = "Before, make a new key (`bango keys DIR digital/network --rotate "
	     "linkage`) and start the network again. Two holders with the duty "
	     "`relink` are needed, each with a certificate of their own in "
	     "their copy of DIR.",
    .exits = "0 done or told, 1 some organisations are not done, 2 misuse, "
	     "3 the network refuses it, or cannot be reached",
};

static int
begin(struct nation *nation, const struct wishes *w)
{
	struct problem problem = {0};
	struct buf told;
	enum err rc;

	buf_init(&told);
	rc = relink_order(nation, w->reason, w->confirm, &told, &problem);
	fputs(told.len > 0 ? told.data : "", stdout);
	buf_done(&told);

	return rc ? cli_fail("relink", &problem) : 0;
}

static int
show(struct nation *nation)
{
	struct problem problem = {0};
	struct buf told;
	int64_t open = 0;
	enum err rc;

	buf_init(&told);
	rc = relink_show(nation, &told, &open, &problem);
	fputs(told.len > 0 ? told.data : "", stdout);
	if (rc == OK && told.len == 0)
		puts("no relinking was ever begun");
	buf_done(&told);
	if (rc)
		return cli_fail("relink", &problem);

	return open > 0 ? EXIT_NO : 0;
}

static int
command_relink(int argc, char **argv)
{
	struct nation *nation = NULL;
	struct problem problem = {0};
	struct wishes w = {0};
	int rc;

	rc = cli_options(&relink_command, argc, argv, &w);
	if (rc >= 0)
		return rc;
	if (w.confirm != NULL && w.reason == NULL)
		return cli_misuse(
		    "relink", "--confirm needs --reason, word for word");
	if (nation_open(argv[1], &nation, &problem))
		return cli_fail("relink", &problem);
	rc = w.reason != NULL ? begin(nation, &w) : show(nation);
	nation_close(nation);

	return rc;
}
