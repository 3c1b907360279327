#include "systems/registry/import.h"

#include <string.h>

#include "systems/registry/apply.h"
#include "systems/registry/registry.h"

#define REJECTS_PAGE 1000
#define IMPORT_FIELD(tag) FIELD(tag, import, ID, "the import's id")
#define IMPORT_DIGITS 32 /* of the digest, which are the import's id */
#define FILE_MAX (INT64_C(1) << 40) /* bytes of a file */

static enum err
audit(struct turn *turn, const char *action, const struct registry_job_row *job)
{
	return turn_audit(turn, action, job->import, (struct slice){0});
}

/* ---- Beginning --------------------------------------------------------- */

struct import_start_input {
	struct slice name, digest, encoding;
	int64_t size;
	bool strict;
};
static const struct field import_start_fields[] = {
    FIELD(import_start_input, name, TEXT(255), "the file's name, for people"),
    FIELD(import_start_input, size, INT(0, FILE_MAX), "its bytes"),
    FIELD(import_start_input, digest, TEXT(64), "its SHA-256, hexadecimal"),
    OPTION(import_start_input, strict, BOOL,
	"whether to load all lines or nothing"),
    OPTION(import_start_input, encoding, WORD("utf-8|cp932"),
	"the encoding; without it, guessed"),
};
const struct shape import_start_input_shape =
    SHAPE(import_start_input, import_start_fields);

static enum err
check_digest(struct turn *turn, struct slice digest)
{
	if (strspn(arena_string(turn->arena, digest), "0123456789abcdef") != 64)
		return problem_set(turn->problem, ERR_INPUT,
		    "field digest: expected SHA-256 of the file as 64 "
		    "hexadecimal digits");

	return OK;
}

/* The import exists: continue it, or begin again if it did nothing. */
static enum err
resume(struct turn *turn, const struct registry_job_row *asked,
    struct registry_job_row *known)
{
	if (known->size != asked->size ||
	    !slice_equal(known->digest, asked->digest))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another file with this digest is being imported");
	if (job_is(known, JOB_FINISHED))
		return OK;
	if (job_is(known, JOB_OPEN) && known->next_offset > 0) {
		if (known->strict == asked->strict)
			return OK;
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the import has begun %s; finish it first",
		    known->strict ? "as a strict one" : "without strict");
	}
	TRY(job_forget(turn, known));
	*known = *asked;

	return job_store(turn, known);
}

enum err
import_start(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct import_start_input *i = INPUT(in, import_start_input);
	struct registry_job_row asked = {.digest = i->digest,
	    .import = slice_bytes(i->digest.data, IMPORT_DIGITS),
	    .name = i->name,
	    .size = i->size,
	    .strict = i->strict,
	    .state = JOB_OPEN,
	    .encoding = i->encoding,
	    .next_line = 1,
	    .started_at = turn->now};
	struct registry_job_row job = asked;
	enum err rc;

	TRY(check_digest(turn, i->digest));
	rc = registry_import_get(turn->store, turn->arena, asked.import, &job);
	TRY(rc == OK                  ? resume(turn, &asked, &job)
		: rc == ERR_NOT_FOUND ? job_add(turn, &job)
				      : rc);
	job_answer(&job, reply);

	return OK;
}

/* ---- Chunks ------------------------------------------------------------ */

struct import_chunk_input {
	struct slice import;
	int64_t offset;
};
static const struct field import_chunk_fields[] = {
    IMPORT_FIELD(import_chunk_input),
    FIELD(import_chunk_input, offset, INT(0, FILE_MAX),
	"the chunk's place in the file, in bytes"),
};
const struct shape import_chunk_input_shape =
    SHAPE(import_chunk_input, import_chunk_fields);

static enum err
check_chunk(struct turn *turn, const struct registry_job_row *job,
    struct slice chunk, int64_t offset)
{
	if (job_is(job, JOB_REFUSED))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this strict import was refused; POST /imports begins it "
		    "again");
	if (offset > job->next_offset)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a chunk before this one is missing; go on at offset %lld",
		    (long long)job->next_offset);
	if (chunk.len == 0 || chunk.len > REGISTRY_CHUNK_MAX)
		return problem_set(turn->problem,
		    chunk.len == 0 ? ERR_INPUT : ERR_TOO_LARGE,
		    "a chunk has 1 to %u bytes", REGISTRY_CHUNK_MAX);
	if ((int64_t)chunk.len > job->size - offset)
		return problem_set(turn->problem, ERR_INPUT,
		    "the chunk goes beyond the size that was declared");
	if (chunk.data[chunk.len - 1] != '\n' &&
	    offset + (int64_t)chunk.len != job->size)
		return problem_set(turn->problem, ERR_INPUT,
		    "a chunk must end with a line's end");

	return OK;
}

/* Store the first line, and advance the chunk beyond it. */
static enum err
take_header(
    struct turn *turn, struct registry_job_row *job, struct slice *chunk)
{
	const char *why = csv_misfit(*chunk);
	struct csv_record record;
	struct csv csv;
	struct slice text;

	if (why != NULL)
		return problem_set(turn->problem, ERR_INPUT, "line 1: %s", why);
	if (slice_is_empty(job->encoding))
		job->encoding = slice_of(
		    encoding_name(encoding_guess(turn->arena, *chunk)));
	text = utf8_without_mark(*chunk);
	csv_init(&csv, text, 1);
	if (csv_next(&csv, &record) || csv.at - text.data > CSV_RECORD_MAX)
		return problem_set(turn->problem, ERR_INPUT,
		    "line 1: the names of the columns cannot be read");
	job->header = slice_bytes(text.data, (size_t)(csv.at - text.data));
	job->next_line = csv.line;
	*chunk = slice_bytes(csv.at, (size_t)(csv.end - csv.at));

	return OK;
}

static enum err
take_chunk(struct turn *turn, struct registry_job_row *job, struct slice chunk)
{
	struct slice lines = chunk;
	struct apply apply;

	if (slice_is_empty(job->header))
		TRY(take_header(turn, job, &lines));
	TRY(apply_begin(turn, job, &apply));
	apply.check_only = job->strict;
	if (job->strict)
		TRY(registry_staged_add(turn->store, job->import,
		    job->next_offset, job->next_line, lines));
	TRY(apply_lines(&apply, lines, job->next_line, &job->next_line));
	TRY(apply_end(&apply));
	job->next_offset += (int64_t)chunk.len;
	if (!job->strict)
		turn_hurry(turn, "numbering");
	TRY(job_store(turn, job));

	return audit(turn, "import.chunk", job);
}

enum err
import_chunk(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct import_chunk_input *i = INPUT(in, import_chunk_input);
	struct registry_job_row job;

	TRY(job_load(turn, i->import, &job));
	if (!job_is(&job, JOB_FINISHED) && i->offset >= job.next_offset) {
		TRY(check_chunk(turn, &job, input_raw(in), i->offset));
		TRY(take_chunk(turn, &job, input_raw(in)));
	}
	job_answer(&job, reply);

	return OK;
}

/* ---- The end ----------------------------------------------------------- */

struct import_one {
	struct slice import;
};
static const struct field import_one_fields[] = {IMPORT_FIELD(import_one)};
const struct shape import_one_shape = SHAPE(import_one, import_one_fields);

/* The next staged chunk from `position` on, copied into `ret`. */
static enum err
next_staged(struct turn *turn, const struct registry_job_row *job,
    int64_t *position, int64_t *ret_line, struct buf *ret)
{
	struct registry_staged_next_row row;
	struct query q;

	registry_staged_next_rows(turn->store, job->import, *position, &q);
	TRY(registry_staged_next_next(&q, &row));
	*position = row.position + 1;
	*ret_line = row.line;
	buf_clear(ret);
	buf_add(ret, row.content);
	query_done(&q);

	return OK;
}

static enum err
apply_staged(struct turn *turn, struct apply *apply)
{
	int64_t position = 0, line;
	struct buf content;
	enum err rc;

	buf_init(&content);
	while ((rc = next_staged(
		    turn, apply->job, &position, &line, &content)) == OK) {
		rc = apply_lines(apply, buf_slice(&content), line, &line);
		if (rc)
			break;
	}
	buf_done(&content);

	return rows_end(rc);
}

static enum err
apply_and_audit(struct turn *turn, struct apply *apply)
{
	TRY(apply_staged(turn, apply));
	TRY(apply_end(apply));

	return audit(turn, "import.apply", apply->job);
}

/* Apply all chunks after a mark of the store; rejected lines are kept even if
 * everything is rolled back to the mark. */
static enum err
apply_all(struct turn *turn, struct registry_job_row *job)
{
	struct apply apply;
	int64_t rejected;
	size_t i;
	enum err rc;

	TRY(apply_begin(turn, job, &apply));
	TRY(store_mark(turn->store));
	apply.rejects =
	    arena_array(turn->arena, APPLY_REJECTS_MAX, sizeof(struct reject));
	rc = apply_and_audit(turn, &apply);
	if (rc == OK && job->rejected == 0)
		return store_keep(turn->store);
	store_undo(turn->store);
	rejected = job->rejected;
	job->loaded = job->unchanged = job->rejected = 0;
	for (i = 0; rc == OK && i < apply.n_rejects; i++)
		rc = job_reject(
		    turn, job, apply.rejects[i].line, &apply.rejects[i].fault);
	job->rejected = rejected;

	return rc;
}

static enum err
finish(struct turn *turn, struct registry_job_row *job)
{
	struct tally tally;

	if (job->next_offset != job->size)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the file is not complete; go on at offset %lld",
		    (long long)job->next_offset);
	if (job->strict && job->rejected == 0)
		TRY(apply_all(turn, job));
	if (job->strict)
		TRY(registry_staged_drop(turn->store, job->import));
	job->state =
	    job->strict && job->rejected > 0 ? JOB_REFUSED : JOB_FINISHED;
	job->has_finished_at = true;
	job->finished_at = turn->now;
	TRY(job_store(turn, job));
	TRY(tally_load(turn, &tally));
	tally.imports += job_is(job, JOB_FINISHED);
	turn_hurry(turn, "numbering");

	return tally_store(turn, &tally);
}

enum err
import_finish(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct registry_job_row job;

	TRY(job_load(turn, INPUT(in, import_one)->import, &job));
	if (job_is(&job, JOB_OPEN))
		TRY(finish(turn, &job));
	TRY(audit(turn, "import.finish", &job));
	job_answer(&job, reply);

	return OK;
}

/* ---- Looking ----------------------------------------------------------- */

enum err
import_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct registry_job_row job;

	TRY(job_load(turn, INPUT(in, import_one)->import, &job));
	job_answer(&job, reply);

	return OK;
}

struct import_rejects_input {
	struct slice import;
	int64_t after;
};
static const struct field import_rejects_fields[] = {
    IMPORT_FIELD(import_rejects_input),
    OPTION(
	import_rejects_input, after, INT(0, INT64_MAX), "the last line seen"),
};
const struct shape import_rejects_input_shape =
    SHAPE(import_rejects_input, import_rejects_fields);

enum err
import_rejects(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct import_rejects_input *i = INPUT(in, import_rejects_input);
	struct registry_rejects_row row;
	struct registry_job_row job;
	struct json_out *o;
	struct query q;
	enum err rc;

	TRY(job_load(turn, i->import, &job));
	o = reply_object(reply, 200);
	json_out_int(o, "rejected", job.rejected);
	json_out_array(o, "rejects");
	registry_rejects_rows(
	    turn->store, job.import, i->after, REJECTS_PAGE, &q);
	while ((rc = registry_rejects_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_int(o, "line", row.line);
		json_out_text(o, "field", row.field);
		json_out_text(o, "reason", row.reason);
		json_out_end(o);
	}

	return rows_end(rc);
}
