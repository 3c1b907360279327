#include "nation/enrol.h"

#include <inttypes.h>
#include <string.h>

#include "host/right.h"
#include "nation/refusal.h"

/* A call whose refusal is an error; *ret is a new reference. */
static enum err
call(struct nation *nation, const char *registry, enum http_method method,
    const char *path, json_t *body, json_t **ret, struct problem *problem)
{
	json_t *answer = NULL;
	struct buf text;
	int status = 0;
	enum err rc;

	TRY(nation_call(
	    nation, registry, method, path, body, &status, &answer, problem));
	if (status < 300) {
		*ret = answer;
		return OK;
	}
	buf_init(&text);
	if (answer != NULL)
		json_write(answer, &text);
	rc = nation_refusal(registry, status, buf_slice(&text), problem);
	buf_done(&text);
	json_decref(answer);

	return rc;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static enum err
wait_for_portal(struct nation *nation, const char *registry, int64_t seconds,
    struct enrol_outcome *o, struct problem *problem)
{
	struct buf path;
	enum err rc;

	buf_init(&path);
	buf_printf(&path, "/enrolments/%s?wait=%" PRId64,
	    text_of(o->order, "enrolment"), seconds);
	rc = call(
	    nation, registry, HTTP_GET, path.data, NULL, &o->state, problem);
	buf_done(&path);
	if (rc)
		return rc;

	return strcmp(text_of(o->state, "state"), "sent") != 0
	    ? OK
	    : problem_set(problem, ERR_BUSY,
		  "the portal has not answered yet; GET /enrolments/%s of %s "
		  "says when it has",
		  text_of(o->order, "enrolment"), registry);
}

enum err
enrol_order(struct nation *nation, const char *registry, const char *resident,
    const char *step, int64_t patience_s, struct enrol_outcome *ret,
    struct problem *problem)
{
	json_t *body = json_object();

	*ret = (struct enrol_outcome){0};
	nation->duties = RIGHT_BIT(DUTY_ENROL);
	json_put_text(body, "resident", slice_of(resident));
	json_put_text(body, "step", slice_of(step));
	TRY(call(nation, registry, HTTP_POST, "/enrolments", body, &ret->order,
	    problem));

	return wait_for_portal(nation, registry, patience_s, ret, problem);
}

void
enrol_done(struct enrol_outcome *outcome)
{
	json_decref(outcome->order);
	json_decref(outcome->state);
}
