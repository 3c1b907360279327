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
#include "main/lab_commands.h"

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
is_wanted(const char *name, char **names)
{
	if (*names == NULL)
		return true;
	for (; *names != NULL; names++) {
		if (strcmp(name, *names) == 0)
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
	char **names; /* NULL ends; none: all */
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
		if (is_wanted((*b)->name, w->names))
			rc = run(*b, &w->options, rows);
	}
	if (rows != NULL)
		print_json(rows, buf_slice(&text));
	buf_done(&text);

	return rc;
}

int
command_bench(int argc, char **argv)
{
	struct bench_wishes wishes = {0};
	struct wanted w = {0};
	int rc;

	rc = cli_options(&bench_command, argc, argv, &wishes);
	if (rc >= 0)
		return rc;
	w.options.residents = (int64_t)wishes.residents;
	w.options.records = (int64_t)wishes.records;
	w.names = argv + 1;
	w.as_json = wishes.json;

	return workshop_run(run_wanted, &w);
}
