#include "nation/refusal.h"

#include "base/json.h"

/* `answer` may be NULL. */
static enum err
refusal(const char *system_id, int status, const json_t *answer,
    struct problem *problem)
{
	const char *detail =
	    json_string_value(json_object_get(answer, "detail"));
	enum err err = err_of_http_status(status);

	return detail == NULL || *detail == '\0'
	    ? problem_set(
		  problem, err, "%s answered with status %d", system_id, status)
	    : problem_set(problem, err, "%s: %s", system_id, detail);
}

enum err
nation_refusal(const char *system_id, int status, struct slice body,
    struct problem *problem)
{
	json_t *answer = NULL;
	enum err rc;

	if (json_read(body, "the answer", &answer, NULL))
		answer = NULL;
	rc = refusal(system_id, status, answer, problem);
	json_decref(answer);

	return rc;
}
