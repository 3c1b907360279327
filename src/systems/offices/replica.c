#include "systems/offices/replica.h"

#include "base/csv.h"
#include "systems/offices/record.h"

#define FIELD_MAX 4000         /* characters of a column's name or a value */
#define BUSINESS_NUMBER_MAX 32 /* characters */

/* --- A change -------------------------------------------------------------- */

#define CHANGE(tag)                                        \
	OFFICES_ITEM(tag, put.item),                       \
	    FIELD_AS(tag, put.version, "version", NAME_OF, \
		"the version of the item, mostly a year"), \
	    OPTION_AS(tag, put.change, "change",           \
		WORD("load|replace|correct|delete"),       \
		"the kind of change; without it, load")

/* Make the clerk's change, and answer with the number of its rows. */
static enum err
change(struct turn *turn, struct office_replica_put put, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);

	if (slice_is_empty(put.change))
		put.change = SLICE("load");
	put.officer = turn->caller.name;
	put.at = turn->now;
	json_out_int(o, "changed", (int64_t)put.n_items);
	json_out_text(o, "change", put.change);

	return record_change(turn, &put);
}

struct offices_replica_input {
	struct office_replica_put put;
};
static const struct field replica_fields[] = {
    CHANGE(offices_replica_input),
    RECORD_ROWS(offices_replica_input, put.items, put.n_items),
};
const struct shape offices_replica_input_shape =
    SHAPE(offices_replica_input, replica_fields);

enum err
replica_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	return change(turn, INPUT(in, offices_replica_input)->put, reply);
}

/* --- Files ----------------------------------------------------------------- */

/* The parts of a file as they were read; all of them in the arena. */
struct file {
	struct csv csv;
	struct csv_record record;
	const char *keys[CSV_FIELDS_MAX]; /* of JSON: the columns' names */
	size_t n_keys;
	struct office_replica rows[OFFICES_ROWS_MAX];
	int64_t lines[OFFICES_ROWS_MAX]; /* of the rows */
	size_t n_rows;
};

static enum err
misfit(struct turn *turn, const struct file *file, const char *why)
{
	return problem_set(turn->problem, ERR_INPUT,
	    "row %lld: %s; nothing was changed", (long long)file->record.line,
	    why);
}

static enum err
take_fields(struct turn *turn, struct csv_record *record)
{
	const char *why;
	size_t column;

	if (csv_take_fields(turn->arena, FIELD_MAX, record, &column, &why))
		return problem_set(turn->problem, ERR_INPUT,
		    "row %lld, column %zu: %s; nothing was changed",
		    (long long)record->line, column, why);

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

static struct slice
contents_of(struct turn *turn, const struct file *file)
{
	struct json_out o;
	struct slice value;
	int64_t number;
	size_t i;

	json_out_init(&o, turn->arena);
	json_out_object(&o, NULL);
	for (i = 1; i < file->n_keys; i++) {
		value = file->record.fields[i];
		if (is_whole(value, &number))
			json_out_int(&o, file->keys[i], number);
		else
			json_out_text(&o, file->keys[i], value);
	}

	return json_out_finish(&o);
}

static enum err
take_row(struct turn *turn, struct file *file, bool is_deletion)
{
	struct office_replica *row = &file->rows[file->n_rows];
	struct slice business_number;

	if (file->n_rows == OFFICES_ROWS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d rows in one request", OFFICES_ROWS_MAX);
	TRY(take_fields(turn, &file->record));
	business_number = file->record.fields[0];
	if (slice_is_empty(business_number) ||
	    utf8_length(business_number) > BUSINESS_NUMBER_MAX)
		return misfit(turn, file,
		    "column 1, the business number, is empty or longer than 32 "
		    "characters");
	if (!is_deletion && file->record.n_fields != file->n_keys)
		return problem_set(turn->problem, ERR_INPUT,
		    "row %lld: %zu columns instead of the %zu that row 1 "
		    "names; nothing was changed",
		    (long long)file->record.line, file->record.n_fields,
		    file->n_keys);
	row->business_number = arena_copy(turn->arena, business_number);
	if (!is_deletion)
		row->contents = contents_of(turn, file);
	file->lines[file->n_rows++] = file->record.line;

	return OK;
}

/* Escape a name for JSON. */
static const char *
key_of(struct turn *turn, struct slice name)
{
	struct json_out o;
	struct slice text;

	json_out_init(&o, turn->arena);
	json_out_text(&o, NULL, name);
	text = json_out_finish(&o);

	return arena_string(
	    turn->arena, slice_bytes(text.data + 1, text.len - 2));
}

/* Read the first line: the names of the columns, which must differ. */
static enum err
read_keys(struct turn *turn, struct file *file)
{
	size_t i, j;

	if (csv_next(&file->csv, &file->record))
		return problem_set(turn->problem, ERR_INPUT,
		    "the file has no first line that names its columns");
	TRY(take_fields(turn, &file->record));
	for (i = 0; i < file->record.n_fields; i++) {
		if (slice_is_empty(file->record.fields[i]))
			return misfit(turn, file, "a column has no name");
		for (j = 1; j < i; j++) {
			if (slice_equal(
				file->record.fields[i], file->record.fields[j]))
				return problem_set(turn->problem, ERR_INPUT,
				    "columns %zu and %zu have the same name; "
				    "nothing was changed",
				    j + 1, i + 1);
		}
		file->keys[i] = key_of(turn, file->record.fields[i]);
	}
	file->n_keys = file->record.n_fields;

	return OK;
}

static enum err
check_once(struct turn *turn, const struct file *file)
{
	size_t twice[2];

	if (!record_find_twice(turn->arena, file->rows, file->n_rows, twice))
		return OK;

	return problem_set(turn->problem, ERR_INPUT,
	    "row %lld: the business number stands in row %lld, too; expected "
	    "one row a person; nothing was changed",
	    (long long)file->lines[twice[1]], (long long)file->lines[twice[0]]);
}

static enum err
read_file(
    struct turn *turn, struct slice text, struct file *file, bool is_deletion)
{
	const char *why;
	enum err rc;

	why = csv_misfit(text);
	csv_init(&file->csv, utf8_without_mark(text), 1);
	file->record.line = 1;
	if (why != NULL)
		return misfit(turn, file, why);
	TRY(read_keys(turn, file));
	if (file->n_keys < 2 && !is_deletion)
		return misfit(turn, file,
		    "there are no columns but the business number's");
	while ((rc = csv_next(&file->csv, &file->record)) == OK)
		TRY(take_row(turn, file, is_deletion));
	if (rc == ERR_NOT_FOUND)
		return check_once(turn, file);

	return misfit(turn, file, "a quotation mark is misplaced or missing");
}

struct offices_csv_input {
	struct office_replica_put put;
};
static const struct field csv_fields[] = {CHANGE(offices_csv_input)};
const struct shape offices_csv_input_shape =
    SHAPE(offices_csv_input, csv_fields);

enum err
replica_route_csv(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct office_replica_put put = INPUT(in, offices_csv_input)->put;
	struct file *file = arena_alloc(turn->arena, sizeof(*file));

	TRY(read_file(turn, input_raw(in), file,
	    slice_equal_string(put.change, "delete")));
	put.items = file->rows;
	put.n_items = file->n_rows;

	return change(turn, put, reply);
}
