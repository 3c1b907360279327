#include "systems/offices/replica.h"

#include <stdlib.h>

#include "base/csv.h"
#include "base/text.h"
#include "law/catalogue.h"
#include "systems/offices/offices.h"
#include "systems/offices/record.h"

#define FIELD_MAX 4000 /* characters of a column's name or a value */

/* --- A change ------------------------------------------------------------ */

static enum err
begin(struct turn *turn, const struct input *in, struct record_batch *ret)
{
	static const char *const changes[] = {
	    "load", "replace", "correct", "delete"};
	unsigned int form;
	size_t i;
	enum err rc;

	*ret = (struct record_batch){.item = input_text(in, "item"),
	    .version = input_text(in, "version"),
	    .change = input_text(in, "change"),
	    .officer = turn->caller.name,
	    .put = turn->now};
	rc = catalogue_check(ret->item, ret->version, date_in_japan(ret->put),
	    &form, turn->problem);
	if (rc)
		return rc;
	if (slice_is_empty(ret->change))
		ret->change = SLICE("load");
	for (i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (slice_equal_string(ret->change, changes[i])) {
			ret->items = json_array();
			return OK;
		}
	}

	return problem_set(turn->problem, ERR_INPUT,
	    "field change: expected load, replace, correct or delete");
}

static bool
is_deletion(const struct record_batch *batch)
{
	return slice_equal_string(batch->change, "delete");
}

/* Send what was gathered, and say how much. */
static enum err
end(struct turn *turn, struct record_batch *batch, struct reply *reply)
{
	int64_t n = (int64_t)json_array_size(batch->items);
	json_t *body;
	enum err rc = OK;

	if (n > 0)
		rc = record_send(turn, batch);
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "changed", n);
	json_put_text(body, "change", batch->change);
	reply_json(reply, 200, body);

	return OK;
}

static enum err
misfit(struct turn *turn, int64_t line, const char *what)
{
	return problem_set(turn->problem, ERR_INPUT,
	    "row %lld: %s is missing or malformed; nothing was changed",
	    (long long)line, what);
}

static bool
is_business_number(struct slice text)
{
	return !slice_is_empty(text) &&
	    text.len <= OFFICES_BUSINESS_NUMBER_MAX && text_is_printable(text);
}

/* --- Rows ---------------------------------------------------------------- */

static enum err
take_row(struct turn *turn, struct record_batch *batch, const json_t *items,
    size_t index)
{
	const json_t *row = json_array_get(items, index);
	json_t *contents = json_array_get(row, 1);
	struct slice business_number;

	if (json_at_text(row, 0, &business_number) ||
	    !is_business_number(business_number))
		return misfit(turn, (int64_t)index, "the business number");
	if (is_deletion(batch))
		return record_remove(turn, batch, business_number);
	if (!json_is_object(contents))
		return misfit(turn, (int64_t)index, "the contents");

	return record_put(turn, batch, business_number, contents);
}

enum err
replica_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const json_t *items = input_json(in, "items");
	struct record_batch batch;
	size_t i;
	enum err rc;

	rc = begin(turn, in, &batch);
	if (rc)
		return rc;
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = take_row(turn, &batch, items, i);
	if (rc == OK)
		rc = end(turn, &batch, reply);
	json_decref(batch.items);

	return rc;
}

/* --- Files --------------------------------------------------------------- */

/* Every field of the record as text_take() leaves it. */
static enum err
take_fields(struct turn *turn, struct csv_record *record)
{
	const char *why;
	size_t i;

	for (i = 0; i < record->n_fields; i++) {
		if (text_take(turn->arena, TEXT_LINE, FIELD_MAX,
			record->fields[i], &record->fields[i], &why))
			return problem_set(turn->problem, ERR_INPUT,
			    "row %lld, column %zu: %s; nothing was changed",
			    (long long)record->line, i + 1, why);
	}

	return OK;
}

/* "-12", "0" and "7" are whole numbers; "007" and "-0" are texts. */
static bool
is_whole(struct slice text, int64_t *ret)
{
	bool negative = text.len > 0 && text.data[0] == '-';
	struct slice digits = {text.data + negative, text.len - negative};
	uint64_t value;

	if (slice_is_empty(digits) || slice_to_u64(digits, INT64_MAX, &value))
		return false;
	if (digits.data[0] == '0' && (digits.len > 1 || negative))
		return false;
	*ret = negative ? -(int64_t)value : (int64_t)value;

	return true;
}

static json_t *
contents_of(const struct csv_record *record, const struct slice *names)
{
	json_t *contents = json_object();
	int64_t number;
	size_t i;

	for (i = 1; i < record->n_fields; i++) {
		char *name = heap_string(names[i]);

		if (is_whole(record->fields[i], &number))
			json_put_int(contents, name, number);
		else
			json_put_text(contents, name, record->fields[i]);
		free(name);
	}

	return contents;
}

static enum err
take_record(struct turn *turn, struct record_batch *batch,
    struct csv_record *record, const struct slice *names, size_t n_names)
{
	json_t *contents;
	enum err rc;

	rc = take_fields(turn, record);
	if (rc)
		return rc;
	if (!is_business_number(record->fields[0]))
		return misfit(turn, record->line, "the business number");
	if (is_deletion(batch))
		return record_remove(turn, batch, record->fields[0]);
	if (record->n_fields != n_names || n_names < 2)
		return misfit(turn, record->line, "a column");
	contents = contents_of(record, names);
	rc = record_put(turn, batch, record->fields[0], contents);
	json_decref(contents);

	return rc;
}

/* The first line names the columns; copies in the arena. */
static enum err
read_names(struct turn *turn, struct csv *csv, struct csv_record *record,
    struct slice *ret, size_t *ret_n)
{
	size_t i;
	enum err rc;

	if (csv_next(csv, record))
		return problem_set(turn->problem, ERR_INPUT,
		    "the file has no first line that names its columns");
	rc = take_fields(turn, record);
	if (rc)
		return rc;
	for (i = 0; i < record->n_fields; i++) {
		if (slice_is_empty(record->fields[i]))
			return misfit(turn, record->line, "a column's name");
		ret[i] = arena_copy(turn->arena, record->fields[i]);
	}
	*ret_n = record->n_fields;

	return OK;
}

static enum err
take_file(struct turn *turn, struct slice text, struct record_batch *batch)
{
	struct csv *csv = arena_array(turn->arena, 1, sizeof(*csv));
	struct csv_record *record =
	    arena_array(turn->arena, 1, sizeof(*record));
	struct slice names[CSV_FIELDS_MAX];
	size_t n_names = 0, n = 0;
	enum err rc;

	csv_init(csv, utf8_without_mark(text), 1);
	rc = read_names(turn, csv, record, names, &n_names);
	if (rc)
		return rc;
	while ((rc = csv_next(csv, record)) == OK) {
		if (++n > OFFICES_ROWS_MAX)
			return problem_set(turn->problem, ERR_TOO_LARGE,
			    "at most %d rows in one request", OFFICES_ROWS_MAX);
		rc = take_record(turn, batch, record, names, n_names);
		if (rc)
			return rc;
	}
	if (rc == ERR_NOT_FOUND)
		return OK;

	return misfit(turn, record->line, "a quotation mark");
}

enum err
replica_route_csv(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct record_batch batch;
	enum err rc;

	rc = begin(turn, in, &batch);
	if (rc)
		return rc;
	rc = take_file(turn, input_raw(in), &batch);
	if (rc == OK)
		rc = end(turn, &batch, reply);
	json_decref(batch.items);

	return rc;
}
