/* Inside the story: functions for its steps, to ask and to tell.  Each function
 * that may fail leaves the failure in t->problem. */
#ifndef BANGO_LAB_STORY_INTERNAL_H
#define BANGO_LAB_STORY_INTERNAL_H

#include "lab/demo/story.h"

#define ASAHIKAWA "012041"
#define SHINJUKU "131041"
#define PENSION "nenkin"
#define POLLS_MAX 600

struct telling {
	const struct story_port *port;
	const struct random *random;
	struct story *story;
	struct problem *problem;
	char today[DATE_TEXT_MAX];
	char transfer[33];
	json_t *answer; /* of the last request */
};

void telling_new_id(const struct telling *t, char ret[33]);
/* A text of the last answer; "" if it has none. */
const char *telling_answered(const struct telling *t, const char *key);
/* A request that must succeed; its answer stays in t->answer. */
MUST_USE enum err telling_ask(struct telling *t, const char *system,
    enum http_method method, const char *path, json_t *body);
MUST_USE enum err telling_get(struct telling *t, const char *system,
    const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Copy a text of the answer; a longer one would be a fault. */
MUST_USE enum err
telling_keep(struct telling *t, const char *key, char *ret, size_t size);
/* Wait until a system's progress fulfils `condition` ("linked=1"). */
MUST_USE enum err telling_wait_until(
    struct telling *t, const char *system, const char *condition);
void
telling_say(const struct telling *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* An object of texts; {0} ends the pairs. */
json_t *telling_object(const char *const pairs[][2]);

/* Steps with inquiries that are not answered at once. */
MUST_USE enum err telling_refusal(struct telling *t);
MUST_USE enum err telling_hold(struct telling *t);
/* Only where the port can stop a system. */
MUST_USE enum err telling_outage(struct telling *t);

#endif
