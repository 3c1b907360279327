/* bango bench: measure, and say under which conditions. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "bench/bench.h"
#include "bench/workshop.h"
#include "lab/commands.h"
#include "main/lab_commands.h"

static const struct bench *const all_benches[] = {
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
	double load[1];

	processor(ret);
	if (uname(&u) == 0)
		buf_printf(ret, ", %ld cores, %s %s",
		    sysconf(_SC_NPROCESSORS_ONLN), u.sysname, u.release);
	if (getloadavg(load, 1) == 1)
		buf_printf(ret, ", load %.1f", load[0]);
	buf_printf(ret, ", bango %s, %s", BANGO_VERSION,
#ifdef __OPTIMIZE__
	    "optimised"
#else
	    "not optimised"
#endif
	);
}

/* --- Printing --------------------------------------------------------------- */

static const char *
verdict(const struct bench_figure *f)
{
	bool met = f->bound == BENCH_AT_MOST ? f->ratio <= f->asked
					     : f->ratio >= f->asked;

	if (f->asked <= 0)
		return "";

	return met ? "met" : "NOT MET";
}

/* Three digits that count, or all before the point. */
static void
put_number(double value, int width)
{
	int places = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;

	printf("%*.*f", width, places, value);
}

static void
print_heading(struct slice machine_text)
{
	printf("%.*s\n\n%-44s %9s %-9s %9s %7s %17s %9s\n",
	    SLICE_ARG(machine_text), "figure", "measured", "", "limit/peer",
	    "ratio", "8 of 10 pairs", "asked");
}

static void
print_ratio(const struct bench_figure *f)
{
	char spread[32] = "", asked[32] = "";

	if (f->high > 0)
		snprintf(
		    spread, sizeof(spread), "%.3g to %.3g", f->low, f->high);
	if (f->asked > 0)
		snprintf(asked, sizeof(asked), "%s %g",
		    f->bound == BENCH_AT_MOST ? "<=" : ">=", f->asked);
	put_number(f->peer, 10);
	put_number(f->ratio, 8);
	printf(" %17s %9s  %s", spread, asked, verdict(f));
}

static void
print_figure(const struct bench_figure *f)
{
	printf("%-44s", f->name);
	put_number(f->measured, 10);
	printf(" %-9s", f->unit);
	if (f->peer_name != NULL)
		print_ratio(f);
	printf("\n    ");
	if (f->peer_name != NULL)
		printf("against %s: ", f->peer_name);
	printf("%s\n", f->conditions);
	fflush(stdout);
}

static json_t *
figure_json(const struct bench_figure *f)
{
	json_t *o = json_object();

	json_put_text(o, "what", slice_of(f->name));
	json_put(o, "value", json_real(f->measured));
	json_put_text(o, "unit", slice_of(f->unit));
	if (f->peer_name != NULL) {
		json_put_text(o, "peer", slice_of(f->peer_name));
		json_put(o, "peer_value", json_real(f->peer));
		json_put(o, "ratio", json_real(f->ratio));
	}
	if (f->high > 0) {
		json_put(o, "ratio_low", json_real(f->low));
		json_put(o, "ratio_high", json_real(f->high));
	}
	if (f->asked > 0) {
		json_put(o, "asked", json_real(f->asked));
		json_put_text(o, "bound",
		    f->bound == BENCH_AT_MOST ? SLICE("most") : SLICE("least"));
		json_put_text(o, "verdict", slice_of(verdict(f)));
	}
	json_put_text(o, "conditions", slice_of(f->conditions));

	return o;
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
			    rows, figure_json(&report.figures[i]));
		else
			print_figure(&report.figures[i]);
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
		print_heading(buf_slice(&text));
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
