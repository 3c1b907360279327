/* Inside the simulated nation: what its own files share. */
#ifndef BANGO_MAIN_SIMULATE_INTERNAL_H
#define BANGO_MAIN_SIMULATE_INTERNAL_H

#include "main/config.h"
#include "main/simulate.h"

#define PEOPLE_MAX 400
#define APPLICATIONS_MAX 2000
#define ID_TEXT 33

/* What the driver was told of a person. */
enum life {
	LIFE_HERE,
	LIFE_MOVING, /* left, and did not arrive yet */
	LIFE_DEAD,
	LIFE_UNSURE, /* something was not answered */
};

struct someone {
	enum life life;
	int city, came_from; /* -1: from nowhere */
	char resident[16];   /* in that city */
	char sex;
	char transfer[ID_TEXT];
	int to; /* city */
	int addresses;
	int taxes; /* contents put for this person, the newest is the last */
	int changes;
	bool child;
	bool insured;
	/* In the portal. */
	bool enrolled;  /* the counter has said so */
	int enrolments; /* begun, perhaps */
	char enrolment[ID_TEXT];
	char secret[64];
	char token[64];
	int shown; /* records in the portal, in the end; -1: not asked */
};

struct told_application {
	char id[ID_TEXT];
	int city;
	int person;
};

struct driver {
	const struct simulate_options *options;
	struct simulate_report *report;
	struct simulation *sim;
	struct config *config;
	char folder[64];
	struct random_seed seed;
	struct random random;
	char today[DATE_TEXT_MAX];
	char cities[SIMULATE_CITIES_MAX][8];
	struct someone people[PEOPLE_MAX];
	int n_people;
	struct told_application applications[APPLICATIONS_MAX];
	int n_applications;
	int next; /* a number that was not used yet */
	bool has_slept;
	/* What was heard on the network (simulate_watch.c). */
	json_t *heard; /* {system: {text: true}}: numbers, codes and the like */
	json_t *acquisitions; /* {acquisition number: true} */
	json_t *open;         /* acquisitions that no counter confirmed */
	json_t *receivers;    /* {message id: system} */
	json_t *answers;      /* {permit: message id of its answer} */
	json_t *numbers;      /* {Resident Record Code: {number: true}} */
	json_t *former;       /* {Resident Record Code: {change: true}} */
};

/* The first one counts.  Returns false, for a chain of checks. */
bool driver_found(struct driver *d, const char *invariant, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
bool driver_has_found(const struct driver *d);
uint64_t driver_below(struct driver *d, uint64_t bound);
void driver_new_id(struct driver *d, char ret[ID_TEXT]);

/* An operator's or a resident's request. */
struct asked {
	const char *system;
	enum http_method method;
	const char *path;
	json_t *body; /* stolen */
	const char *token;
};
/*
 * The status, or 0 if nobody answered in so many tries: then it may or may
 * not have happened.  *ret is a new reference, or NULL.
 */
int driver_ask(
    struct driver *d, const struct asked *asked, int tries, json_t **ret);

/* --- simulate_steps.c ---------------------------------------------------- */

/* One thing happens, chosen by the seed. */
void simulate_step(struct driver *d);
/* "p12-": what every unit that asks about a person begins with. */
void simulate_unit(int person, char ret[16]);

/* --- simulate_watch.c ---------------------------------------------------- */

void simulate_watch_init(struct driver *d);
void simulate_watch_done(struct driver *d);
/* A simulation_watch_fn; state is the driver. */
void simulate_watch(void *state, const struct system_id *from,
    const struct system_id *to, struct slice batch);
/* Every run of digits or hexadecimal digits of a length that matters. */
void simulate_tokens(struct slice text, json_t *ret);

/* What the portal showed to somebody. */
void simulate_shown(struct driver *d, int person, const json_t *answer);

/* --- simulate_check.c ---------------------------------------------------- */

/* The faults are over: everything comes to an end, and what was answered is
 * so. */
void simulate_finish(struct driver *d);
/* Everything in every database; `dump` as of simulation_dump(). */
void simulate_check(struct driver *d, const json_t *dump);

/* --- simulate_records.c, simulate_secrets.c: parts of the above ---------- */

/* The rows of a table of a system, an array; NULL without. */
const json_t *
dump_rows(const json_t *dump, const char *system, const char *table);
/* A column as text, "" without; as an integer, 0 without. */
const char *row_text(const json_t *row, const char *column);
int64_t row_int(const json_t *row, const char *column);
/* The first row whose column is the text, or NULL. */
const json_t *
row_find(const json_t *rows, const char *column, const char *text);

void check_records(struct driver *d, const json_t *dump);
void check_secrets(struct driver *d, const json_t *dump);

#endif
