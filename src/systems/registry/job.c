#include "systems/registry/job.h"

#include "registry_statements.h"

static const char *
state_name(enum job_state state)
{
	switch (state) {
	case JOB_OPEN:
		return "open";
	case JOB_FINISHED:
		return "finished";
	case JOB_REFUSED:
		return "refused";
	}

	return "unknown";
}

static enum err
read_job(struct query *q, struct arena *arena, struct job *j)
{
	struct slice state = column_text(q, "state");

	if (slice_equal_string(state, "open"))
		j->state = JOB_OPEN;
	else if (slice_equal_string(state, "finished"))
		j->state = JOB_FINISHED;
	else
		j->state = JOB_REFUSED;
	if (encoding_parse(column_text(q, "encoding"), &j->encoding))
		return ERR_CORRUPT;
	j->digest = arena_copy(arena, column_text(q, "digest"));
	j->name = arena_copy(arena, column_text(q, "name"));
	j->size = column_int(q, "size");
	j->strict = column_int(q, "strict") == 1;
	j->header = arena_copy(arena, column_blob(q, "header"));
	j->next_offset = column_int(q, "next_offset");
	j->next_line = column_int(q, "next_line");
	j->loaded = column_int(q, "loaded");
	j->unchanged = column_int(q, "unchanged");
	j->rejected = column_int(q, "rejected");
	j->started.ms = column_int(q, "started_at");
	j->finished.ms = column_int(q, "finished_at");

	return OK;
}

enum err
job_load(struct turn *turn, struct slice id, struct job *ret)
{
	struct job j = {.id = id};
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_IMPORT_GET, &q);
	query_text(&q, "import", id);
	rc = query_step(&q);
	if (rc == OK)
		rc = read_job(&q, turn->arena, &j);
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "no such import here");
	if (rc == OK)
		*ret = j;

	return rc;
}

enum err
job_add(struct turn *turn, const struct job *j)
{
	struct query q;

	store_query(turn->store, REGISTRY_IMPORT_ADD, &q);
	query_text(&q, "import", j->id);
	query_text(&q, "digest", j->digest);
	query_text(&q, "name", j->name);
	query_int(&q, "size", j->size);
	query_int(&q, "strict", j->strict);
	query_text(&q, "encoding", slice_of(encoding_name(j->encoding)));
	query_blob(&q, "header", j->header);
	query_int(&q, "started_at", j->started.ms);

	return query_run(&q);
}

enum err
job_store(struct turn *turn, const struct job *j)
{
	struct query q;

	store_query(turn->store, REGISTRY_IMPORT_PUT, &q);
	query_int(&q, "strict", j->strict);
	query_text(&q, "state", slice_of(state_name(j->state)));
	query_text(&q, "encoding", slice_of(encoding_name(j->encoding)));
	query_blob(&q, "header", j->header);
	query_int(&q, "next_offset", j->next_offset);
	query_int(&q, "next_line", j->next_line);
	query_int(&q, "loaded", j->loaded);
	query_int(&q, "unchanged", j->unchanged);
	query_int(&q, "rejected", j->rejected);
	query_int(&q, "started_at", j->started.ms);
	if (j->finished.ms != 0)
		query_int(&q, "finished_at", j->finished.ms);
	else
		query_null(&q, "finished_at");
	query_text(&q, "import", j->id);

	return query_run(&q);
}

enum err
job_reject(struct turn *turn, struct job *job, int64_t line,
    const struct row_fault *fault)
{
	struct query q;

	job->rejected++;
	store_query(turn->store, REGISTRY_REJECT_ADD, &q);
	query_text(&q, "import", job->id);
	query_int(&q, "line", line);
	query_text(&q, "field", slice_of(fault->field));
	query_text(&q, "reason", slice_of(fault->reason));

	return query_run(&q);
}

enum err
job_forget(struct turn *turn, const struct job *job)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_REJECTS_DROP, &q);
	query_text(&q, "import", job->id);
	rc = query_run(&q);
	if (rc)
		return rc;
	store_query(turn->store, REGISTRY_STAGED_DROP, &q);
	query_text(&q, "import", job->id);

	return query_run(&q);
}

json_t *
job_to_json(const struct job *job)
{
	json_t *object = json_object();

	json_put_text(object, "import", job->id);
	json_put_text(object, "name", job->name);
	json_put_text(object, "state", slice_of(state_name(job->state)));
	json_put_bool(object, "strict", job->strict);
	json_put_text(
	    object, "encoding", slice_of(encoding_name(job->encoding)));
	json_put_int(object, "size", job->size);
	json_put_int(object, "offset", job->next_offset);
	json_put_int(object, "loaded", job->loaded);
	json_put_int(object, "unchanged", job->unchanged);
	json_put_int(object, "rejected", job->rejected);

	return object;
}
