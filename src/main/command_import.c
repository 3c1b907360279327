/* bango import: load residents from a CSV file into a registry. */
#include <stdio.h>
#include <unistd.h>

#include "main/cli.h"
#include "main/commands.h"
#include "nation/import.h"

struct text_options {
	const char *rejects, *encoding;
	bool strict, quiet;
};

static const struct cli_operand operands[] = {
    {"DIR", CLI_FOLDER}, {"SYSTEM", CLI_MEMBER}, {"FILE.csv", CLI_FILE}, {0}};
static const struct cli_form forms[] = {{operands}, {0}};
static const struct cli_option options[] = {
    FLAG_OPTION(text_options, strict, "--strict",
	"load all lines, or none if one is rejected"),
    FILE_OPTION(text_options, rejects, "--rejects", "FILE",
	"write rejected lines there, instead of to FILE.csv.rejects"),
    WORD_OPTION(text_options, encoding, "--encoding", "utf-8|cp932",
	"the encoding of FILE.csv, if the guess is wrong"),
    FLAG_OPTION(text_options, quiet, "--quiet", "print nothing but errors"),
    {0},
};

static int command_import(int argc, char **argv);

const struct command import_command = {
    .name = "import",
    .summary = "load residents from a CSV file",
    .run = command_import,
    .forms = forms,
    .options = options,
    .about = "Load the residents in FILE.csv into a registry of the nation in "
	     "DIR, which must be up. SYSTEM is the registry, 131041/registry, "
	     "or its organisation, 131041.\n\n"
	     "Lines that cannot be loaded go to a file of rejects with line, "
	     "field and reason; the others are loaded. An import that was "
	     "interrupted goes on where it stopped; a file that was imported "
	     "before changes nothing.",
    .exits = "0 all lines are loaded, 1 some were rejected, 2 misuse, or a "
	     "file of another form, 3 the file or the registry cannot be "
	     "reached",
};

#define BAR_COLUMNS 24
#define LINE_EVERY_MS 2000 /* without a terminal */

struct display {
	bool is_terminal;
	int64_t last; /* line, in milliseconds of the run */
};

static void
print_duration(int64_t ms)
{
	int64_t s = (ms + 999) / 1000;

	fprintf(
	    stderr, "%lld:%02lld", (long long)(s / 60), (long long)(s % 60));
}

/* 12,345,678 */
static void
print_count(int64_t n)
{
	if (n >= 1000) {
		print_count(n / 1000);
		fprintf(stderr, ",%03lld", (long long)(n % 1000));
	} else
		fprintf(stderr, "%lld", (long long)n);
}

static void
print_bar(const struct import_progress *p)
{
	int full = (int)(p->bytes * BAR_COLUMNS / p->size), i;

	fputs("\r[", stderr);
	for (i = 0; i < BAR_COLUMNS; i++)
		fputc(i < full ? '#' : '.', stderr);
	fprintf(stderr, "] %3d %%  ", (int)(p->bytes * 100 / p->size));
}

/* Rate and time left, judged by what this run has brought. */
static void
print_rate(const struct import_progress *p)
{
	int64_t brought = p->bytes - p->resumed, rate;

	print_count(p->residents);
	fputs(" residents", stderr);
	if (p->ms < 1 || brought < 1)
		return;
	rate = (int64_t)((double)p->residents * (double)brought /
	    (double)p->bytes * 1000 / (double)p->ms);
	fputs(", ", stderr);
	print_count(rate);
	fputs("/s, ", stderr);
	print_duration((int64_t)((double)(p->size - p->bytes) /
	    (double)brought * (double)p->ms));
	fputs(" left", stderr);
}

static void
show_progress(void *state, const struct import_progress *p)
{
	struct display *d = state;

	if (d->is_terminal) {
		print_bar(p);
		print_rate(p);
		fputs("  ", stderr);
		if (p->bytes == p->size)
			fputc('\n', stderr);
		return;
	}
	if (p->bytes != p->size && p->ms - d->last < LINE_EVERY_MS)
		return;
	d->last = p->ms;
	fprintf(stderr, "%3d %%  ", (int)(p->bytes * 100 / p->size));
	print_rate(p);
	fputc('\n', stderr);
}

static void
show_waiting(void *state, const char *why, int64_t ms)
{
	struct display *d = state;

	fprintf(stderr, "%sbango import: %s\nbango import: trying again for ",
	    d->is_terminal ? "\n" : "", why);
	print_duration(ms);
	fputs(" at most; Ctrl-C ends it\n", stderr);
}

static void
print_summary(
    const char *file, const char *rejects, const struct import_totals *t)
{
	if (t->was_there)
		printf("%s was imported before; nothing has changed.  The "
		       "import: ",
		    file);
	if (t->refused)
		printf("%s: nothing was loaded, because of --strict.\n", file);
	printf("loaded %lld, unchanged %lld, rejected %lld, in %lld.%lld s\n",
	    (long long)t->loaded, (long long)t->unchanged,
	    (long long)t->rejected, (long long)(t->ms / 1000),
	    (long long)(t->ms % 1000 / 100));
	if (t->rejected > 0)
		printf("rejected lines: %s\n", rejects);
}

static int
run(struct nation *nation, const char *system_id, const char *file,
    const struct text_options *t)
{
	struct display display = {.is_terminal = isatty(STDERR_FILENO) == 1};
	struct import_options how = {.strict = t->strict,
	    .encoding = t->encoding,
	    .progress = t->quiet ? NULL : show_progress,
	    .waiting = t->quiet ? NULL : show_waiting,
	    .state = &display};
	struct problem problem = {0};
	struct import_totals totals;
	struct buf rejects;
	enum err rc;

	buf_init(&rejects);
	if (t->rejects != NULL)
		buf_add_string(&rejects, t->rejects);
	else
		buf_printf(&rejects, "%s.rejects", file);
	how.rejects = rejects.data;
	rc = import_file(nation, system_id, file, &how, &totals, &problem);
	if (rc == OK && !t->quiet)
		print_summary(file, rejects.data, &totals);
	buf_done(&rejects);
	if (rc)
		return cli_fail("import", &problem);

	return totals.rejected > 0 ? EXIT_NO : 0;
}

static int
command_import(int argc, char **argv)
{
	struct text_options t = {0};
	struct nation *nation = NULL;
	struct problem problem = {0};
	struct buf system_id;
	int rc;

	rc = cli_options(&import_command, argc, argv, &t);
	if (rc >= 0)
		return rc;
	buf_init(&system_id);
	rc = cli_member("import", argv[2], "registry", &system_id);
	if (rc < 0 && nation_open(argv[1], &nation, &problem))
		rc = cli_fail("import", &problem);
	if (rc < 0)
		rc = run(nation, system_id.data, argv[3], &t);
	buf_done(&system_id);
	nation_close(nation);

	return rc;
}
