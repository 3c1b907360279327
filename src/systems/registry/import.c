#include "systems/registry/import.h"

#include "crypto/hash.h"
#include "registry_statements.h"
#include "systems/registry/apply.h"
#include "systems/registry/registry.h"

#define REJECTS_PAGE 1000

/* ---- Beginning --------------------------------------------------------- */

static bool
is_digest(struct slice s)
{
	size_t i;

	for (i = 0; i < s.len; i++) {
		if (!((s.data[i] >= '0' && s.data[i] <= '9') ||
			(s.data[i] >= 'a' && s.data[i] <= 'f')))
			return false;
	}

	return s.len == 64;
}

static enum err
read_start(struct turn *turn, const struct input *in, struct job *ret)
{
	struct job job = {.digest = input_text(in, "digest"),
	    .name = input_text(in, "name"),
	    .size = input_int(in, "size"),
	    .strict = input_bool(in, "strict"),
	    .next_line = 1,
	    .started = turn->now};

	if (!is_digest(job.digest))
		return problem_set(turn->problem, ERR_INPUT,
		    "field digest: expected SHA-256 of the file as 64 "
		    "hexadecimal digits");
	if (encoding_parse(input_text(in, "encoding"), &job.encoding))
		return problem_set(turn->problem, ERR_INPUT,
		    "field encoding: expected utf-8 or cp932");
	job.id = slice_bytes(job.digest.data, 32);
	*ret = job;

	return OK;
}

/* The import is there: go on, or begin again where nothing was done. */
static enum err
resume(struct turn *turn, const struct job *asked, struct job *known)
{
	enum err rc;

	if (known->size != asked->size ||
	    !slice_equal(known->digest, asked->digest))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another file with this digest is being imported");
	if (known->state == JOB_FINISHED)
		return OK;
	if (known->state == JOB_OPEN && known->next_offset > 0) {
		if (known->strict == asked->strict)
			return OK;
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this import has begun %s; finish it first",
		    known->strict ? "as a strict one" : "without strict");
	}
	rc = job_forget(turn, known);
	if (rc)
		return rc;
	*known = *asked;

	return job_store(turn, known);
}

enum err
import_start(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct problem ignored;
	struct problem *problem = turn->problem;
	struct job asked, job;
	enum err rc;

	rc = read_start(turn, in, &asked);
	if (rc)
		return rc;
	turn->problem = &ignored;
	rc = job_load(turn, asked.id, &job);
	turn->problem = problem;
	if (rc == ERR_NOT_FOUND) {
		job = asked;
		rc = job_add(turn, &job);
	} else if (rc == OK)
		rc = resume(turn, &asked, &job);
	if (rc == OK)
		reply_json(reply, 200, job_to_json(&job));

	return rc;
}

/* ---- Chunks ------------------------------------------------------------ */

static enum err
check_chunk(struct turn *turn, const struct job *job, struct slice chunk,
    int64_t offset)
{
	if (job->state == JOB_REFUSED)
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

/* Remember the first line, and go behind it. */
static enum err
take_header(struct turn *turn, struct job *job, struct slice *chunk)
{
	struct csv_record record;
	struct csv csv;
	struct slice text;

	if (job->encoding == ENCODING_UNKNOWN)
		job->encoding = encoding_guess(turn->arena, *chunk);
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
stage(struct turn *turn, const struct job *job, struct slice chunk)
{
	struct query q;

	store_query(turn->store, REGISTRY_STAGED_ADD, &q);
	query_text(&q, "import", job->id);
	query_int(&q, "position", job->next_offset);
	query_int(&q, "line", job->next_line);
	query_blob(&q, "content", chunk);

	return query_run(&q);
}

static enum err
take_chunk(struct turn *turn, struct job *job, struct slice chunk)
{
	struct slice lines = chunk;
	struct apply apply;
	enum err rc;

	if (slice_is_empty(job->header)) {
		rc = take_header(turn, job, &lines);
		if (rc)
			return rc;
	}
	rc = apply_begin(turn, job, &apply);
	if (rc)
		return rc;
	apply.check_only = job->strict;
	if (job->strict)
		rc = stage(turn, job, lines);
	if (rc == OK)
		rc =
		    apply_lines(&apply, lines, job->next_line, &job->next_line);
	if (rc == OK)
		rc = apply_end(&apply);
	if (rc)
		return rc;
	job->next_offset += (int64_t)chunk.len;

	return job_store(turn, job);
}

enum err
import_chunk(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice chunk = input_raw(in);
	int64_t offset = input_int(in, "offset");
	struct job job;
	enum err rc;

	rc = job_load(turn, input_text(in, "import"), &job);
	if (rc)
		return rc;
	if (job.state == JOB_FINISHED || offset < job.next_offset) {
		reply_json(reply, 200, job_to_json(&job));
		return OK;
	}
	rc = check_chunk(turn, &job, chunk, offset);
	if (rc == OK)
		rc = take_chunk(turn, &job, chunk);
	if (rc == OK)
		rc =
		    turn_audit(turn, "import.chunk", job.id, (struct slice){0});
	if (rc)
		return rc;
	if (!job.strict)
		turn_hurry(turn, "numbering");
	reply_json(reply, 200, job_to_json(&job));

	return OK;
}

/* ---- The end ----------------------------------------------------------- */

/* The next staged chunk from `position` on, copied into `ret`. */
static enum err
next_staged(struct turn *turn, const struct job *job, int64_t *position,
    int64_t *ret_line, struct buf *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_STAGED_NEXT, &q);
	query_text(&q, "import", job->id);
	query_int(&q, "position", *position);
	rc = query_step(&q);
	if (rc == OK) {
		*position = column_int(&q, "position") + 1;
		*ret_line = column_int(&q, "line");
		buf_clear(ret);
		buf_add(ret, column_blob(&q, "content"));
	}
	query_done(&q);

	return rc;
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

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* All of it in a mark of its own; what was rejected outlives its undoing. */
static enum err
apply_all(struct turn *turn, struct job *job)
{
	struct apply apply;
	int64_t rejected;
	size_t i;
	enum err rc;

	rc = apply_begin(turn, job, &apply);
	if (rc == OK)
		rc = store_mark(turn->store);
	if (rc)
		return rc;
	apply.rejects =
	    arena_array(turn->arena, APPLY_REJECTS_MAX, sizeof(struct reject));
	rc = apply_staged(turn, &apply);
	if (rc == OK)
		rc = apply_end(&apply);
	if (rc == OK)
		rc = turn_audit(
		    turn, "import.apply", job->id, (struct slice){0});
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
drop_staged(struct turn *turn, const struct job *job)
{
	struct query q;

	store_query(turn->store, REGISTRY_STAGED_DROP, &q);
	query_text(&q, "import", job->id);

	return query_run(&q);
}

static enum err
finish(struct turn *turn, struct job *job)
{
	struct tally tally;
	enum err rc = OK;

	if (job->next_offset != job->size)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the file is not complete; go on at offset %lld",
		    (long long)job->next_offset);
	if (job->strict && job->rejected == 0)
		rc = apply_all(turn, job);
	if (rc == OK && job->strict)
		rc = drop_staged(turn, job);
	if (rc)
		return rc;
	job->state =
	    job->strict && job->rejected > 0 ? JOB_REFUSED : JOB_FINISHED;
	job->finished = turn->now;
	if ((rc = job_store(turn, job)) || (rc = tally_load(turn, &tally)))
		return rc;
	tally.imports += job->state == JOB_FINISHED;
	turn_hurry(turn, "numbering");

	return tally_store(turn, &tally);
}

enum err
import_finish(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct job job;
	enum err rc;

	rc = job_load(turn, input_text(in, "import"), &job);
	if (rc == OK && job.state == JOB_OPEN)
		rc = finish(turn, &job);
	if (rc == OK)
		rc = turn_audit(
		    turn, "import.finish", job.id, (struct slice){0});
	if (rc == OK)
		reply_json(reply, 200, job_to_json(&job));

	return rc;
}

/* ---- Looking ----------------------------------------------------------- */

enum err
import_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct job job;
	enum err rc;

	rc = job_load(turn, input_text(in, "import"), &job);
	if (rc == OK)
		reply_json(reply, 200, job_to_json(&job));

	return rc;
}

static json_t *
reject_to_json(struct query *q)
{
	json_t *object = json_object();

	json_put_int(object, "line", column_int(q, "line"));
	json_put_text(object, "field", column_text(q, "field"));
	json_put_text(object, "reason", column_text(q, "reason"));

	return object;
}

enum err
import_rejects(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body, *rows;
	struct query q;
	struct job job;
	enum err rc;

	rc = job_load(turn, input_text(in, "import"), &job);
	if (rc)
		return rc;
	rows = json_array();
	store_query(turn->store, REGISTRY_REJECTS, &q);
	query_text(&q, "import", job.id);
	query_int(&q, "after", input_int(in, "after"));
	query_int(&q, "limit", REJECTS_PAGE);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, reject_to_json(&q));
	query_done(&q);
	if (rc != ERR_NOT_FOUND) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put_int(body, "rejected", job.rejected);
	json_put(body, "rejects", rows);
	reply_json(reply, 200, body);

	return OK;
}
