#include "nation/inquire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "nation/progress.h"
#include "nation/refusal.h"
#include "nation/results.h"
#include "number/notation.h"

#define FILE_MAX (256u << 20)
#define PART 500 /* inquiries in one request */
#define COLUMNS 9
#define COLUMNS_MIN 4 /* the others may lack */
#define COLUMN_PROVIDER 3
#define BATCH_DIGITS 32
#define WAIT_SECONDS 2
#define FIELD_MAX 300 /* characters */

struct run {
	struct nation *nation;
	const char *system_id;
	const char *path;
	const struct inquire_options *options;
	struct problem *problem;
	struct arena *arena; /* texts of the file */
	struct inquire_totals totals;
	size_t columns; /* of the file */
	char batch[BATCH_DIGITS + 1];
};

static const char header[] =
    "business_number,affair,item,provider[,version[,case[,opened[,step[,whose]"
    "]]]]";
static const char *const names[COLUMNS] = {"business_number", "affair", "item",
    "provider", "version", "case", "opened", "step", "whose"};

/* --- Calls --------------------------------------------------------------- */

/* A request that must succeed; *ret has the body of the answer. */
static enum err
fetch(struct run *run, enum http_method method, const char *path,
    struct slice body, struct buf *ret)
{
	int status = 0;
	enum err rc = nation_call_raw(run->nation, run->system_id, method, path,
	    "application/json", body, &status, ret, run->problem);

	return rc || status < 300 ? rc
				  : nation_refusal(run->system_id, status,
					buf_slice(ret), run->problem);
}

/* The same as trees; *ret is a new reference. */
static enum err
call(struct run *run, enum http_method method, const char *path, json_t *body,
    json_t **ret)
{
	struct buf text, answer;
	enum err rc;

	buf_init(&text);
	buf_init(&answer);
	if (body != NULL)
		json_write(body, &text);
	json_decref(body);
	rc = fetch(run, method, path, buf_slice(&text), &answer);
	if (rc == OK)
		rc = json_read(
		    buf_slice(&answer), "the answer", ret, run->problem);
	buf_done(&text);
	buf_done(&answer);

	return rc;
}

/* --- Asking -------------------------------------------------------------- */

static enum err
complain(struct run *run, int64_t line, size_t column, const char *why)
{
	return problem_set(run->problem, ERR_INPUT,
	    "%s, line %lld, column %zu: %s", run->path, (long long)line, column,
	    why);
}

/* If the offices refuse an item of a part, name its line of the file. */
static enum err
name_line(struct run *run, const json_t *items, enum err rc)
{
	static const char items_of[] = "field items[";
	const char *place = strstr(run->problem->text, items_of);
	unsigned long index;
	char *end;

	if (rc != ERR_INPUT || place == NULL)
		return rc;
	index = strtoul(place + strlen(items_of), &end, 10);
	if (strncmp(end, "].", 2) != 0)
		return rc;

	return problem_set(run->problem, rc, "%s, line %lld: %s", run->path,
	    (long long)json_integer_value(
		json_array_get(json_array_get(items, index), 0)),
	    end + 2);
}

static enum err
send_part(struct run *run, json_t *items)
{
	json_t *body, *answer = NULL;
	char path[80];
	enum err rc;

	if (json_array_size(items) == 0)
		return OK;
	snprintf(path, sizeof(path), "/inquiry-files/%s", run->batch);
	body = json_object();
	json_put_text(body, "unit", slice_of(run->options->unit));
	json_put(body, "items", json_deep_copy(items));
	rc = call(run, HTTP_POST, path, body, &answer);
	if (rc)
		return name_line(run, items, rc);
	run->totals.asked +=
	    json_integer_value(json_object_get(answer, "asked"));
	run->totals.known +=
	    json_integer_value(json_object_get(answer, "known"));
	json_decref(answer);
	json_array_clear(items);
	arena_reset(run->arena);

	return OK;
}

static enum err
take_fields(struct run *run, struct csv_record *record)
{
	const char *why;
	size_t column;

	if (csv_take_fields(run->arena, FIELD_MAX, record, &column, &why))
		return complain(run, record->line, column, why);

	return OK;
}

/* A provider of digits alone that is no local government's code. */
static bool
is_code_misspelt(struct slice provider)
{
	enum notation_fault fault =
	    notation_check(NOTATION_GOVERNMENT, provider.data, provider.len);

	return fault == NOTATION_LENGTH || fault == NOTATION_CHECK_DIGIT;
}

static enum err
check_row(struct run *run, struct csv_record *record)
{
	size_t i;
	enum err rc;

	rc = take_fields(run, record);
	if (rc)
		return rc;
	if (record->n_fields != run->columns)
		return problem_set(run->problem, ERR_INPUT,
		    "%s, line %lld: has %zu columns; expected %zu (%s)",
		    run->path, (long long)record->line, record->n_fields,
		    run->columns, header);
	for (i = 0; i < COLUMNS_MIN; i++) {
		if (slice_is_empty(record->fields[i]))
			return complain(run, record->line, i + 1, "is empty");
	}
	if (is_code_misspelt(record->fields[COLUMN_PROVIDER]))
		return complain(run, record->line, COLUMN_PROVIDER + 1,
		    "is not the code of a local government: expected 6 digits, "
		    "the last of which is the check digit; a spreadsheet "
		    "removes zeros at the beginning, unless the column is "
		    "text");

	return OK;
}

static void
add_row(struct run *run, const struct csv_record *record, json_t *items)
{
	json_t *row = json_array();
	size_t i;

	json_array_append_new(row, json_integer(record->line));
	for (i = 0; i < run->columns; i++)
		json_push_text(row, record->fields[i]);
	json_array_append_new(items, row);
}

static enum err
check_header(struct run *run, struct csv *csv, struct csv_record *record)
{
	size_t i, n = 0;
	enum err rc;

	if (csv_next(csv, record) == OK)
		n = record->n_fields;
	rc = take_fields(run, record);
	if (rc)
		return rc;
	if (n >= COLUMNS_MIN && n <= COLUMNS) {
		for (i = 0; i < n; i++) {
			if (!slice_equal_string(record->fields[i], names[i]))
				break;
		}
		run->columns = n;
		if (i == n)
			return OK;
	}

	return problem_set(run->problem, ERR_INPUT,
	    "%s: the first line is not a header; expected %s", run->path,
	    header);
}

/* Ask every line; only look at it if `items`, in which parts are gathered, is
 * NULL. */
static enum err
take_lines(
    struct run *run, struct csv *csv, struct csv_record *record, json_t *items)
{
	enum err rc, end = ERR_NOT_FOUND;

	rc = check_header(run, csv, record);
	while (rc == OK && (end = csv_next(csv, record)) == OK) {
		rc = check_row(run, record);
		if (rc == OK && items != NULL)
			add_row(run, record, items);
		else
			arena_reset(run->arena);
		if (rc == OK && json_array_size(items) == PART)
			rc = send_part(run, items);
	}
	if (rc == OK && end != ERR_NOT_FOUND)
		return problem_set(run->problem, ERR_INPUT,
		    "%s, line %lld: a quotation mark is misplaced or missing",
		    run->path, (long long)record->line);

	return rc == OK ? send_part(run, items) : rc;
}

/* Nothing is asked unless all lines can be: the corrected file is another one,
 * whose lines are asked anew. */
static enum err
ask(struct run *run, struct slice text)
{
	struct csv *csv = heap_array(1, sizeof(*csv));
	struct csv_record *record = heap_array(1, sizeof(*record));
	json_t *items = json_array();
	enum err rc;

	csv_init(csv, text, 1);
	rc = take_lines(run, csv, record, NULL);
	if (rc == OK) {
		csv_init(csv, text, 1);
		rc = take_lines(run, csv, record, items);
	}
	json_decref(items);
	free(record);
	free(csv);

	return rc;
}

static enum err
read_and_ask(struct run *run, struct slice text)
{
	const char *why = csv_misfit(text);

	if (why != NULL)
		return problem_set(
		    run->problem, ERR_INPUT, "%s, line 1: %s", run->path, why);

	return ask(run, utf8_without_mark(text));
}

/* --- Waiting ------------------------------------------------------------- */

static enum err
wait_for_answers(struct run *run)
{
	int64_t total = run->totals.asked + run->totals.known;
	int64_t end = monotonic_ms() + run->options->patience_ms;
	struct progress bar;
	json_t *answer = NULL;
	char path[96];
	enum err rc;

	snprintf(path, sizeof(path), "/inquiry-files/%s?wait=%d", run->batch,
	    run->options->patience_ms > 0 ? WAIT_SECONDS : 0);
	progress_begin(&bar, "inquiries answered", total);
	bar.quiet = run->options->quiet;
	do {
		rc = call(run, HTTP_GET, path, NULL, &answer);
		if (rc)
			break;
		run->totals.waiting =
		    json_integer_value(json_object_get(answer, "waiting"));
		json_decref(answer);
		progress_show(&bar, total - run->totals.waiting);
	} while (run->totals.waiting > 0 && monotonic_ms() < end);
	progress_end(&bar, total - run->totals.waiting);

	return rc;
}

/* --- Results ------------------------------------------------------------- */

/* Page after page, until one is empty. */
static enum err
read_results(struct run *run, struct buf *to)
{
	struct results_page page = {0};
	struct buf answer;
	char path[128];
	enum err rc;

	buf_init(&answer);
	do {
		snprintf(path, sizeof(path),
		    "/inquiry-files/%s/results?after=%lld", run->batch,
		    (long long)page.last);
		buf_clear(&answer);
		rc = fetch(run, HTTP_GET, path, (struct slice){0}, &answer);
		if (rc == OK)
			rc = results_add(
			    buf_slice(&answer), to, &page, run->problem);
		if (rc)
			break;
		run->totals.results += page.rows;
		run->totals.unknown += page.unknown;
	} while (page.rows > 0);
	buf_done(&answer);

	return rc;
}

static enum err
write_results(struct run *run)
{
	struct buf text;
	enum err rc;

	buf_init(&text);
	buf_add_string(&text, RESULTS_HEADER);
	rc = read_results(run, &text);
	if (rc == OK)
		rc = file_replace(
		    run->options->output, buf_slice(&text), 0600, run->problem);
	buf_done(&text);

	return rc;
}

enum err
inquire_file(struct nation *nation, const char *system_id, const char *path,
    const struct inquire_options *options, struct inquire_totals *ret,
    struct problem *problem)
{
	struct run run = {.nation = nation,
	    .system_id = system_id,
	    .path = path,
	    .options = options,
	    .problem = problem,
	    .arena = arena_new()};
	struct buf text, hex;
	struct digest digest;
	enum err rc;

	buf_init(&text);
	buf_init(&hex);
	rc = file_check_output(options->output, path, problem);
	if (rc == OK)
		rc = file_read(path, FILE_MAX, &text, problem);
	if (rc == OK) {
		digest = digest_of(buf_slice(&text));
		hex_encode(digest_slice(&digest), &hex);
		memcpy(run.batch, hex.data, BATCH_DIGITS);
		rc = read_and_ask(&run, buf_slice(&text));
	}
	if (rc == OK)
		rc = wait_for_answers(&run);
	if (rc == OK)
		rc = write_results(&run);
	buf_done(&text);
	buf_done(&hex);
	arena_free(run.arena);
	if (rc == OK)
		*ret = run.totals;

	return rc;
}
