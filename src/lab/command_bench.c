/* bango bench: measure, and say under which conditions. */
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "bench/bench.h"
#include "bench/workshop.h"
#include "lab/commands.h"
#include "main/cli.h"

static const char help[] =
    "usage: bango bench [NAME ...] [--residents N] [--records N] [--json]\n"
    "\n"
    "Measure this machine and this build; each figure stands beside the least\n"
    "(or most) that is asked of it, with its conditions.\n"
    "\n"
    "  ff1         numbering in memory, one core\n"
    "  conversion  conversion of linkage codes in memory, one core\n"
    "  law         decisions of the legal check in memory, one core\n"
    "  signatures  what signing and sealing alone cost, one core\n"
    "  ledger      entries of the audit made leaves, and verified\n"
    "  simulate    exchanges in a simulated nation, without network and disk\n"
    "  http        requests over mutual TLS, one connection and 32\n"
    "  registry    import, bulk numbering, one birth to its number; live\n"
    "  exchange    inquiries to their answers, and the limit of the keys; live\n"
    "  bulk        a file of inquiries in, a file of results out; live\n"
    "  size        cost of an exchange among many residents and few; live\n"
    "  history     a resident's 100 records among all of the network; live\n"
    "  memory      of a registry with a million residents\n"
    "\n"
    "  --residents N  for size (1000000), exchange (10000)\n"
    "  --records N    for history (1000000)\n";

#define SIZE_MAX_ASKED 50000000

const struct bench *const all_benches[] = {
    &bench_ff1,
    &bench_conversion,
    &bench_law,
    &bench_signatures,
    &bench_ledger,
    &bench_simulate,
    &bench_http,
    &bench_registry,
    &bench_exchange,
    &bench_bulk,
    &bench_size,
    &bench_history,
    &bench_memory,
    NULL,
};

static bool
is_wanted(const char *name, int n, char **names)
{
	int i;

	for (i = 0; i < n; i++) {
		if (strcmp(name, names[i]) == 0)
			return true;
	}

	return n == 0;
}

static bool
is_known(const char *name)
{
	const struct bench *const *b;

	for (b = all_benches; *b != NULL; b++) {
		if (strcmp((*b)->name, name) == 0)
			return true;
	}

	return false;
}

/* The processor's name, as Linux tells it. */
static void
processor(struct buf *ret)
{
	struct problem problem = {0};
	struct slice rest, line;
	struct buf text;

	buf_init(&text);
	if (file_read("/proc/cpuinfo", 1 << 20, &text, &problem) == OK) {
		rest = buf_slice(&text);
		while (rest.data != NULL) {
			line = slice_cut(&rest, '\n');
			if (!slice_has_prefix(line, SLICE("model name")))
				continue;
			slice_cut(&line, ':');
			buf_add(ret, slice_trim(line));
			break;
		}
	}
	buf_done(&text);
}

static void
machine(struct buf *ret)
{
	struct utsname u;

	processor(ret);
	if (uname(&u) == 0)
		buf_printf(ret, ", %ld cores, %s %s",
		    sysconf(_SC_NPROCESSORS_ONLN), u.sysname, u.release);
	buf_printf(ret, ", bango %s, %s", BANGO_VERSION,
#ifdef __OPTIMIZE__
	    "optimised"
#else
	    "not optimised"
#endif
	);
}

static const char *
verdict(const struct bench_result *r)
{
	bool met = r->at_most ? r->value <= r->target : r->value >= r->target;

	if (r->target <= 0)
		return "";

	return met ? "met" : "NOT MET";
}

static void
print_row(const struct bench_result *r)
{
	printf("%-44s %14.2f %-12s", r->what, r->value, r->unit);
	if (r->target > 0)
		printf(" (%s %g: %s)", r->at_most ? "at most" : "at least",
		    r->target, verdict(r));
	printf("\n    %s\n", r->conditions);
	fflush(stdout);
}

static json_t *
row_json(const struct bench_result *r)
{
	json_t *row = json_object();

	json_put_text(row, "what", slice_of(r->what));
	json_put(row, "value", json_real(r->value));
	json_put_text(row, "unit", slice_of(r->unit));
	json_put(row, "target", json_real(r->target));
	json_put_text(
	    row, "bound", r->at_most ? SLICE("most") : SLICE("least"));
	json_put_text(row, "verdict", slice_of(verdict(r)));
	json_put_text(row, "conditions", slice_of(r->conditions));

	return row;
}

static int
run(const struct bench *b, const struct bench_options *options, json_t *rows)
{
	struct bench_report report = {.options = options};
	struct problem problem = {0};
	int i;

	if (b->run(&report, &problem))
		return cli_fail("bench", &problem);
	for (i = 0; i < report.n; i++) {
		if (rows != NULL)
			json_array_append_new(
			    rows, row_json(&report.results[i]));
		else
			print_row(&report.results[i]);
	}

	return 0;
}

static void
print_json(json_t *rows, struct slice machine_text)
{
	json_t *document = json_object();
	struct buf text;

	buf_init(&text);
	json_put_text(document, "machine", machine_text);
	json_put(document, "results", rows);
	json_write(document, &text);
	puts(text.data);
	json_decref(document);
	buf_done(&text);
}

struct wanted {
	int n;
	char **names;
	bool as_json;
	struct bench_options options;
};

static int
run_wanted(void *state)
{
	const struct wanted *w = state;
	const struct bench *const *b;
	json_t *rows = NULL;
	struct buf text;
	int rc = 0;

	buf_init(&text);
	machine(&text);
	if (w->as_json)
		rows = json_array();
	else
		printf("%s\n\n", text.data);
	for (b = all_benches; *b != NULL && rc == 0; b++) {
		if (is_wanted((*b)->name, w->n, w->names))
			rc = run(*b, &w->options, rows);
	}
	if (rows != NULL)
		print_json(rows, buf_slice(&text));
	buf_done(&text);

	return rc;
}

/* NULL leaves it as it is. */
static bool
read_size(const char *text, uint64_t least, int64_t *ret)
{
	uint64_t n = 0;

	if (text == NULL)
		return true;
	if (slice_to_u64(slice_of(text), SIZE_MAX_ASKED, &n) || n < least)
		return false;
	*ret = (int64_t)n;

	return true;
}

int
command_bench(int argc, char **argv)
{
	const char *residents = NULL, *records = NULL;
	struct wanted w = {0};
	int as_json = 0, rc, i;
	const struct cli_option options[] = {{"--json", NULL, &as_json},
	    {"--residents", &residents, NULL}, {"--records", &records, NULL},
	    {0}};

	rc = cli_options(argc, argv, options, help, &w.n);
	if (rc >= 0)
		return rc;
	for (i = 1; i <= w.n; i++) {
		if (!is_known(argv[i]))
			return cli_misuse(
			    "bench", "there is no benchmark %s", argv[i]);
	}
	if (!read_size(residents, 1000, &w.options.residents))
		return cli_misuse("bench", "--residents: expected 1000 to %d",
		    SIZE_MAX_ASKED);
	if (!read_size(records, 100000, &w.options.records))
		return cli_misuse("bench", "--records: expected 100000 to %d",
		    SIZE_MAX_ASKED);
	w.names = argv + 1;
	w.as_json = as_json != 0;

	return workshop_run(run_wanted, &w);
}
