#include "nation/enrol.h"

#include <inttypes.h>
#include <string.h>

#include "host/right.h"

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

enum err
enrol_order(struct nation *nation, const char *registry, const char *resident,
    const char *step, json_t **ret, struct problem *problem)
{
	json_t *body = json_object();

	nation->duties = RIGHT_BIT(DUTY_ENROL);
	json_put_text(body, "resident", slice_of(resident));
	json_put_text(body, "step", slice_of(step));

	return nation_ask(
	    nation, registry, HTTP_POST, "/enrolments", body, ret, problem);
}

enum err
enrol_await(struct nation *nation, const char *registry, const json_t *order,
    int64_t patience_s, json_t **ret, struct problem *problem)
{
	const char *id = text_of(order, "enrolment");
	json_t *answer = NULL;
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "/enrolments/%s?wait=%" PRId64, id, patience_s);
	rc = nation_ask(
	    nation, registry, HTTP_GET, path.data, NULL, &answer, problem);
	buf_done(&path);
	if (rc)
		return rc;
	if (strcmp(text_of(answer, "state"), "sent") != 0) {
		*ret = answer;
		return OK;
	}
	json_decref(answer);

	return problem_set(problem, ERR_BUSY,
	    "the portal has not answered yet; GET /enrolments/%s of %s says "
	    "when it has",
	    id, registry);
}
