/*
 * The story of one family through the whole scheme, told over any network:
 * the demo tells it over live processes, a test over the simulated host.
 *
 * A child is born in Asahikawa and gets its number; the father joins the
 * portal; the family moves to Shinjuku; Shinjuku opens a child allowance and
 * asks Asahikawa for the father's local tax information, and the Pension
 * Service for his pension.  An inquiry that no row of the law's table allows is
 * refused with its article; information that Asahikawa has marked for a
 * person's decision waits for that; an inquiry to a provider that is down waits
 * until the provider is back, where the port can stop a system.  The father
 * sees all of it in the portal.
 *
 * Needs the residents of story_family_csv in Asahikawa's registry.
 */
#ifndef BANGO_LAB_STORY_H
#define BANGO_LAB_STORY_H

#include "base/json.h"
#include "base/time.h"
#include "crypto/random.h"
#include "wire/http_server.h"

struct story_port {
	/* One request; `body` is stolen and may be NULL, `token` may be empty.
	 * Any status is an answer. */
	enum err (*call)(void *state, const char *system,
	    enum http_method method, const char *path, json_t *body,
	    struct slice token, int *ret_status, json_t **ret,
	    struct problem *problem);
	/* A line of the tale. */
	void (*say)(void *state, const char *line);
	struct instant (*now)(void *state);
	/* Kill a system, which stays down until go_on(); NULL: this port
	 * cannot, and the story is told without it. */
	enum err (*stop)(
	    void *state, const char *system, struct problem *problem);
	void (*go_on)(void *state);
	void *state;
};

#define STORY_STEPS_MAX 16
#define STORY_RECORDS 4        /* two answered at once, one refused, one held */
#define STORY_RECORDS_OUTAGE 2 /* and so many more where a system is stopped */

struct story_step {
	const char *title;
	int64_t ms;
};

struct story {
	struct story_step steps[STORY_STEPS_MAX];
	int n_steps;
	char father[16], mother[16], child[16]; /* in Asahikawa */
	char father_moved[16], child_moved[16]; /* in Shinjuku */
	char application[33];
	char token[128];     /* of the father's session in the portal */
	int records;         /* that the portal showed */
	int64_t tax;         /* the amount that was received, yen */
	char refused_by[96]; /* the article of a refusal */
	char held[33];       /* the inquiry that was held, then answered */
	char held_until[INSTANT_TEXT_MAX]; /* the deadline of that */
};

/* Ends at the first step that fails; the problem names the step and the
 * reason. */
MUST_USE enum err story_tell(const struct story_port *port,
    const struct random *random, struct story *ret, struct problem *problem);

/* Two lines of residents, without the header, in the columns that
 * `bango population` writes; their numbers are STORY_FATHER and
 * STORY_MOTHER. */
extern const char story_family_csv[];
#define STORY_FATHER "9000000001"
#define STORY_MOTHER "9000000002"

#endif
