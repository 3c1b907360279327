#include "systems/registry/job.h"

enum err
job_load(struct turn *turn, struct slice id, struct registry_job_row *ret)
{
	enum err rc = registry_import_get(turn->store, turn->arena, id, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this registry has no such import");

	return rc;
}

enum err
job_add(struct turn *turn, const struct registry_job_row *job)
{
	return registry_import_add(turn->store,
	    &(struct registry_import_add){.import = job->import,
		.digest = job->digest,
		.name = job->name,
		.size = job->size,
		.strict = job->strict,
		.encoding = job->encoding,
		.header = job->header,
		.started_at = job->started_at});
}

enum err
job_store(struct turn *turn, const struct registry_job_row *job)
{
	return registry_import_put(turn->store,
	    &(struct registry_import_put){.strict = job->strict,
		.state = job->state,
		.encoding = job->encoding,
		.header = job->header,
		.next_offset = job->next_offset,
		.next_line = job->next_line,
		.loaded = job->loaded,
		.unchanged = job->unchanged,
		.rejected = job->rejected,
		.started_at = job->started_at,
		.finished_at = job->has_finished_at ? &job->finished_at : NULL,
		.import = job->import});
}

bool
job_is(const struct registry_job_row *job, struct slice state)
{
	return slice_equal(job->state, state);
}

enum err
job_reject(struct turn *turn, struct registry_job_row *job, int64_t line,
    const struct row_fault *fault)
{
	job->rejected++;

	return registry_reject_add(turn->store, job->import, line,
	    slice_of(fault->field), slice_of(fault->reason));
}

enum err
job_forget(struct turn *turn, const struct registry_job_row *job)
{
	TRY(registry_rejects_drop(turn->store, job->import));

	return registry_staged_drop(turn->store, job->import);
}

void
job_answer(const struct registry_job_row *job, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);

	json_out_text(o, "import", job->import);
	json_out_text(o, "name", job->name);
	json_out_text(o, "state", job->state);
	json_out_bool(o, "strict", job->strict);
	json_out_text(o, "encoding", job->encoding);
	json_out_int(o, "size", job->size);
	json_out_int(o, "offset", job->next_offset);
	json_out_int(o, "loaded", job->loaded);
	json_out_int(o, "unchanged", job->unchanged);
	json_out_int(o, "rejected", job->rejected);
}
