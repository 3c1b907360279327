#include "systems/registry/apply.h"

#include "systems/registry/abroad.h"

enum err
apply_begin(struct turn *turn, struct registry_job_row *job, struct apply *ret)
{
	struct csv_record header;
	struct csv csv;

	*ret = (struct apply){
	    .turn = turn, .job = job, .today = date_in_japan(turn->now)};
	csv_init(&csv, job->header, 1);
	if (csv_next(&csv, &header))
		return problem_set(turn->problem, ERR_INPUT,
		    "line 1: the names of the columns cannot be read");
	if (encoding_parse(job->encoding, &ret->encoding))
		return ERR_CORRUPT;
	TRY(columns_parse(
	    turn->arena, ret->encoding, &header, &ret->columns, turn->problem));

	return tally_load(turn, &ret->tally);
}

enum err
apply_end(struct apply *apply)
{
	return tally_store(apply->turn, &apply->tally);
}

static enum err
reject(struct apply *a, int64_t line, const char *field, const char *reason)
{
	const struct row_fault fault = {field, reason};

	if (a->rejects == NULL)
		return job_reject(a->turn, a->job, line, &fault);
	a->job->rejected++;
	if (a->n_rejects < APPLY_REJECTS_MAX)
		a->rejects[a->n_rejects++] = (struct reject){line, fault};

	return OK;
}

/* Find the resident of a row.  ERR_NOT_FOUND if there is none, ERR_CONFLICT if
 * several fit. */
static enum err
find_known(struct apply *a, const struct row *row, struct resident *ret)
{
	struct resident_id id = row->resident;
	enum err rc = OK;

	if (id.value > a->tally.last_resident)
		return ERR_NOT_FOUND;
	if (id.value == 0 && row->code.digits[0] != '\0')
		rc = resident_find_code(a->turn, &row->code, &id);
	else if (id.value == 0)
		rc = resident_find_attributes(
		    a->turn, &row->person.attributes, &id);
	if (rc)
		return rc;

	return resident_peek(a->turn, id, ret);
}

static enum err
compare(struct apply *a, const struct row *row, int64_t line,
    const struct resident *known)
{
	const char *field = person_difference(&known->person, &row->person);

	if (field != NULL)
		return reject(a, line, field, "conflict");
	if (row->code.digits[0] != '\0' &&
	    !(known->has_code && resident_code_equal(&known->code, &row->code)))
		return reject(a, line, column_name(COLUMN_CODE), "conflict");
	a->job->unchanged++;

	return OK;
}

static enum err
load(struct apply *a, const struct row *row, int64_t line)
{
	const struct event event = {.name = "import",
	    .audit = "resident.import",
	    .date = a->today,
	    .basis = SLICE("住民基本台帳法5条")};
	const struct resident_code *code = NULL;
	struct resident_id other;
	struct resident r = {.id = row->resident, .person = row->person};
	enum err rc;

	if (row->code.digits[0] != '\0') {
		code = &row->code;
		rc = resident_find_code(a->turn, code, &other);
		if (rc == OK)
			return reject(
			    a, line, column_name(COLUMN_CODE), "taken");
		if (rc != ERR_NOT_FOUND)
			return rc;
	}
	r.from_abroad =
	    code == NULL && slice_has_prefix(row->person.reason, SLICE("国外"));
	rc = resident_add(a->turn, &a->tally, &event, code, &r);
	if (rc == OK && r.from_abroad)
		rc = abroad_open(a->turn, r.id);
	if (rc == OK)
		a->job->loaded++;

	return rc;
}

static enum err
apply_record(struct apply *a, const struct csv_record *record)
{
	struct row_fault fault;
	struct resident known;
	struct row row;
	enum err rc;

	rc = row_parse(a->turn->arena, a->encoding, &a->columns, record,
	    a->today, &row, &fault);
	if (rc == ERR_INPUT)
		return reject(a, record->line, fault.field, fault.reason);
	if (rc || a->check_only)
		return rc;
	rc = find_known(a, &row, &known);
	if (rc == OK)
		return compare(a, &row, record->line, &known);
	if (rc == ERR_CONFLICT)
		return reject(a, record->line, "", "ambiguous");
	if (rc == ERR_NOT_FOUND)
		return load(a, &row, record->line);

	return rc;
}

enum err
apply_lines(struct apply *a, struct slice text, int64_t line, int64_t *ret_line)
{
	struct csv_record record;
	struct csv csv;
	enum err rc;

	csv_init(&csv, text, line);
	while ((rc = csv_next(&csv, &record)) != ERR_NOT_FOUND) {
		if (rc == OK)
			rc = apply_record(a, &record);
		else
			rc = reject(a, record.line, "",
			    rc == ERR_TOO_LARGE ? "columns" : "quoting");
		if (rc)
			return rc;
	}
	*ret_line = csv.line;

	return OK;
}
