/*
 * The demo's nation in one process under virtual time, as its tests use it:
 * founded from the demo's own file, with residents, asked over HTTP.
 */
#ifndef BANGO_TESTS_MODEL_WORLD_H
#define BANGO_TESTS_MODEL_WORLD_H

#include "lab/demo/story.h"
#include "nation/config.h"
#include "virtual/simulated.h"

#define WORLD_RESIDENTS 30 /* of a city; the story's family comes on top */

extern const struct simulation_faults world_none;
extern const struct simulation_faults world_harsh;

struct world {
	const char *folder; /* of its databases */
	struct simulation *sim;
	struct config *config;
	struct random_seed seed;
	struct random random;
};

/* Any failure fails the test. */
void world_open(struct world *w, uint64_t seed);
void world_close(struct world *w);

/*
 * A request, in the shape of struct story_port's call; `state` is the world.
 * A process that died under it is asked again, as a client would.
 */
enum err world_call(void *state, const char *system, enum http_method method,
    const char *path, json_t *body, struct slice token, int *ret_status,
    json_t **ret, struct problem *problem);
/* The same, by an operator; any other status than `want` fails the test, unless
 * it is 0.  A new reference. */
json_t *world_must(struct world *w, const char *system, enum http_method method,
    const char *path, json_t *body, int want);
/* The story, told to nobody. */
struct story_port world_story_port(struct world *w);

/* Load a city's residents and the story's family from a file. */
void world_import(struct world *w, const char *city);
/* A counter of a system's progress; wait until it is `want`. */
int64_t world_count(struct world *w, const char *system, const char *name);
void world_wait_for(
    struct world *w, const char *system, const char *name, int64_t want);

/* A text of an object; "" if it is absent. */
const char *world_text(const json_t *object, const char *key);
/* The internal number of the person that a business number names. */
void world_internal_number(struct world *w, const char *addressee,
    const char *business_number, char ret[32]);
/* The records of a person in an organisation's relay; a new reference. */
json_t *world_records(
    struct world *w, const char *organisation, const char *business_number);
/* The row of `records` that has this; borrowed, NULL if none has. */
const json_t *
world_row(const json_t *answer, const char *key, const char *value);

/* The permit of an organisation's inquiry, which the network alone knows, from its
 * database; "" if there is none, or the network does not run. */
void world_permit(
    struct world *w, const char *asker, const char *inquiry, char ret[33]);

/* A code shows no stay, so the record of the municipality of before does not agree to a
 * claim by itself: a clerk there does, to the oldest claim. */
void world_agree(struct world *w, const char *registry);

#endif
