/* bango inquire: a file of inquiries in, a file of results out. */
#include <stdio.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/inquire.h"

struct wishes {
	struct inquire_options options;
	uint64_t wait;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"SYSTEM", CLI_MEMBER}, {"FILE.csv", CLI_FILE}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FILE_OPTION(wishes, options.output, "--output", "FILE",
	"write the results there, instead of to FILE.csv.results"),
    TEXT_OPTION(wishes, options.unit, "--unit", "NAME",
	"the organisation unit that asks", .standard = "bulk inquiries"),
    NUMBER_OPTION(wishes, wait, "--wait", "SECONDS", 0, 86400,
	"the time to wait for the answers", .standard = "600"),
    FLAG_OPTION(wishes, options.quiet, "--quiet", "print nothing but errors"),
    {0},
};

static int command_inquire(int argc, char **argv);

const struct command inquire_command = {
    .name = "inquire",
    .summary = "make the inquiries of a CSV file",
    .run = command_inquire,
    .forms = forms,
    .options = options,
    .about =
	"Make an inquiry to another organisation for each line of FILE.csv, "
	"through the offices of the nation in DIR, which must be up. SYSTEM is "
	"the offices, 131041/offices, or their organisation, 131041.\n\n"
	"The first line of the file is business_number,affair,item,provider, "
	"and ,version where lines may ask for a version of the item, not the "
	"newest. The same file again asks nothing again: a run that was "
	"interrupted goes on, and one that ended writes the results anew.",
    .exits =
	"0 all inquiries are answered, 1 some still wait, 2 misuse, or a file "
	"of another form, 3 the file or the offices cannot be reached",
};

static void
print_summary(const struct inquire_totals *t, const char *output)
{
	printf("asked %lld, asked before %lld, waiting %lld; results: %s\n",
	    (long long)t->asked, (long long)t->known, (long long)t->waiting,
	    output);
	if (t->unknown > 0)
		printf("unknown persons: %lld; a business number is compared "
		       "with its zeros at the beginning, which a spreadsheet "
		       "removes\n",
		    (long long)t->unknown);
}

static int
run(struct nation *nation, const char *system_id, const char *file,
    struct inquire_options *o)
{
	struct inquire_totals totals;
	struct problem problem = {0};
	struct buf output;
	enum err rc;

	buf_init(&output);
	if (o->output == NULL) {
		buf_printf(&output, "%s.results", file);
		o->output = output.data;
	}
	rc = inquire_file(nation, system_id, file, o, &totals, &problem);
	if (rc == OK && !o->quiet)
		print_summary(&totals, o->output);
	buf_done(&output);
	if (rc)
		return cli_fail("inquire", &problem);

	return totals.waiting > 0 ? EXIT_NO : 0;
}

static int
inquire(struct arena *arena, int argc, char **argv)
{
	struct wishes w = {0};
	struct nation *nation = NULL;
	struct problem problem = {0};
	struct buf system_id;
	int rc;

	rc = cli_options(&inquire_command, argc, argv, &w);
	if (rc < 0)
		rc = cli_text(arena, "inquire", "--unit", &w.options.unit);
	if (rc >= 0)
		return rc;
	w.options.patience_ms = (int64_t)w.wait * 1000;
	buf_init(&system_id);
	rc = cli_member("inquire", argv[2], "offices", &system_id);
	if (rc < 0 && nation_open(argv[1], &nation, &problem))
		rc = cli_fail("inquire", &problem);
	if (rc < 0)
		rc = run(nation, system_id.data, argv[3], &w.options);
	buf_done(&system_id);
	nation_close(nation);

	return rc;
}

static int
command_inquire(int argc, char **argv)
{
	struct arena *arena = arena_new();
	int rc = inquire(arena, argc, argv);

	arena_free(arena);

	return rc;
}
