/* bango inquire: a file of inquiries in, a file of results out. */
#include <stdio.h>
#include <string.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/inquire.h"

static const char help[] =
    "usage: bango inquire DIR SYSTEM FILE.csv [--output RESULT.csv]\n"
    "                     [--unit NAME] [--clerk NAME] [--wait SECONDS]\n"
    "                     [--quiet]\n"
    "\n"
    "Ask other organisations what the lines of FILE.csv ask, through the\n"
    "offices of the nation in DIR, which must be up.  SYSTEM is the offices,\n"
    "131041/offices, or their organisation, 131041.\n"
    "\n"
    "The first line of the file is business_number,affair,item,provider,\n"
    "and ,version where lines may ask for a version of the item, not the\n"
    "newest.\n"
    "The same file again asks nothing again: a run that was interrupted goes\n"
    "on, and one that ended writes the results anew.\n"
    "\n"
    "  --output FILE   where the results go (FILE.csv.results)\n"
    "  --unit NAME     the organisation unit that asks (bulk inquiries)\n"
    "  --clerk NAME    who asks (operator)\n"
    "  --wait SECONDS  for the answers (600)\n"
    "  --quiet         say nothing but errors\n"
    "\n"
    "exit status: 0 all are answered, 1 some still wait, 2 misuse,\n"
    "             3 the file or the offices cannot be reached\n";

#define WAIT_DEFAULT 600
#define WAIT_MAX 86400

static int
run(struct nation *nation, const char *system_id, const char *file,
    struct inquire_options *options)
{
	struct inquire_totals totals;
	struct problem problem = {0};
	struct buf output;
	enum err rc;

	buf_init(&output);
	if (options->output == NULL) {
		buf_printf(&output, "%s.results", file);
		options->output = output.data;
	}
	rc = inquire_file(nation, system_id, file, options, &totals, &problem);
	if (rc == OK && !options->quiet)
		printf("asked %lld, asked before %lld, waiting %lld; results: "
		       "%s\n",
		    (long long)totals.asked, (long long)totals.known,
		    (long long)totals.waiting, options->output);
	buf_done(&output);
	if (rc)
		return cli_fail("inquire", &problem);

	return totals.waiting > 0 ? 1 : 0;
}

static int
inquire(struct arena *arena, int argc, char **argv)
{
	struct inquire_options o = {
	    .unit = "bulk inquiries", .clerk = "operator"};
	const char *wait_text = NULL;
	int quiet = 0, n, rc;
	const struct cli_option options[] = {{"--output", &o.output, NULL},
	    {"--unit", &o.unit, NULL}, {"--clerk", &o.clerk, NULL},
	    {"--wait", &wait_text, NULL}, {"--quiet", NULL, &quiet}, {0}};
	uint64_t wait = WAIT_DEFAULT;
	struct nation *nation = NULL;
	struct problem problem = {0};
	struct buf system_id;

	rc = cli_options(argc, argv, options, help, &n);
	if (rc >= 0)
		return rc;
	if (n != 3)
		return cli_misuse(
		    "inquire", "name a folder, the offices and a file");
	if (wait_text != NULL &&
	    slice_to_u64(slice_of(wait_text), WAIT_MAX, &wait))
		return cli_misuse(
		    "inquire", "--wait: expected 0 to %d seconds", WAIT_MAX);
	if ((rc = cli_text(arena, "inquire", &options[1])) >= 0 ||
	    (rc = cli_text(arena, "inquire", &options[2])) >= 0)
		return rc;
	o.quiet = quiet != 0;
	o.patience_ms = (int64_t)wait * 1000;
	if (nation_open(argv[1], &nation, &problem))
		return cli_fail("inquire", &problem);
	buf_init(&system_id);
	buf_add_string(&system_id, argv[2]);
	if (strchr(argv[2], '/') == NULL)
		buf_add_string(&system_id, "/offices");
	rc = run(nation, system_id.data, argv[3], &o);
	buf_done(&system_id);
	nation_close(nation);

	return rc;
}

int
command_inquire(int argc, char **argv)
{
	struct arena *arena = arena_new();
	int rc = inquire(arena, argc, argv);

	arena_free(arena);

	return rc;
}
