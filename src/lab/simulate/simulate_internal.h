/* Inside the simulated nation: declarations shared by its own files. */
#ifndef BANGO_LAB_SIMULATE_INTERNAL_H
#define BANGO_LAB_SIMULATE_INTERNAL_H

#include "lab/simulate/simulate.h"
#include "nation/config.h"

#define PEOPLE_MAX 400
#define APPLICATIONS_MAX 2000
#define INQUIRIES_MAX 2000
#define FILES_MAX 400
#define ID_TEXT 33
#define NENKIN "nenkin"

/* A person's state, as the driver was told. */
enum life {
	LIFE_HERE,
	LIFE_MOVING, /* left, and did not arrive yet */
	LIFE_ABROAD,
	LIFE_BACK, /* from abroad; the claim is not settled yet */
	LIFE_DEAD,
	LIFE_UNSURE, /* a request was not answered */
};

struct someone {
	enum life life;
	int city, came_from; /* -1: from nowhere */
	char resident[16];   /* in that city */
	char former[16];     /* in the one that they came from */
	char sex;
	char transfer[ID_TEXT];
	int to;                   /* city */
	char left[DATE_TEXT_MAX]; /* the day of leaving for abroad */
	char number[16];          /* of that day */
	char arrival[16];         /* the record in the city `to` */
	int addresses;
	int taxes; /* contents put for this person, the newest is the last */
	int changes;
	bool child;
	bool insured;
	/* In the portal. */
	bool enrolled;   /* and no counter has ended that */
	int orders;      /* of counters, perhaps */
	char ticket[32]; /* not used yet */
	char enrolment[ID_TEXT];
	char secret[64];
	char token[64];
	json_t *shown; /* records in the portal, by id, at the last look */
};

struct told_application {
	char id[ID_TEXT];
	int city;
	int person;
};

/* An inquiry that was asked for, perhaps without an answer. */
struct told_inquiry {
	char id[ID_TEXT];
	int city;
	char resident[16];
	bool asked;     /* we were told so */
	bool cancelled; /* and that it is taken back */
};

/* A file of inquiries. */
struct told_file {
	char id[ID_TEXT];
	int city;
	int lines;
	bool told; /* all of them were taken for certain */
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
	struct told_inquiry inquiries[INQUIRIES_MAX];
	int n_inquiries;
	struct told_file files[FILES_MAX];
	int n_files;
	int next;           /* a number that was not used yet */
	json_t *persons;    /* {organisation/business number: person} */
	json_t *shown;      /* {record: person who saw it} */
	json_t *decided;    /* {permit: release or refuse}, as we were told */
	json_t *tried;      /* {permit: true}: somebody tried to release it */
	int64_t remembered; /* since when messages are not forgotten yet */
	/* Heard on the network (simulate_watch.c). */
	json_t *heard; /* {system: {text: true}}: numbers, codes and the like */
	json_t *acquisitions; /* {acquisition number: true} */
	json_t *receivers;    /* {message id: system} */
	json_t *permits;      /* {digest of a question: its permit} */
	char permit[ID_TEXT]; /* the newest */
	json_t *answers;      /* {permit: message id of its answer} */
	json_t *answered;     /* {permit: instant of its first answer} */
	json_t *numbers;      /* {Resident Record Code: {number: true}} */
	json_t *former;       /* {Resident Record Code: {change: true}} */
	json_t *held;         /* {permit: true} */
	json_t *replaced;     /* {linkage code: true} */
	json_t *revocations;  /* {message id: permit} */
	json_t *ends;         /* {inquirer inquiry: first outcome told} */
	/* The enemies' (simulate_insider.c). */
	json_t *stolen_numbers, *stolen_codes; /* lists */
	json_t *overheard;                     /* ids and codes, a list */
	json_t *learnt, *said;                 /* {number or code: true} */
	json_t *asked_about;                   /* {acquisition: true} */
};

/* The first one counts.  Returns false, for a chain of checks. */
bool driver_found(struct driver *d, const char *invariant, const char *fmt, ...)
    PRINTF_LIKE(3, 4);
bool driver_has_found(const struct driver *d);
/* Whether databases are lost, so that not every promise can be kept. */
bool driver_loses(const struct driver *d);
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
 * The status, or 0 if no try was answered: then the request may or may not have
 * been done.  *ret is a new reference, or NULL.
 */
int driver_ask(
    struct driver *d, const struct asked *asked, int tries, json_t **ret);

/* A request with several tries; after that its outcome is unknown. */
int driver_post(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t *body, json_t **ret);
int driver_get(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t **ret);
/* The same without reading the answer: true if it was certainly done. */
bool driver_tell(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t *body);
bool driver_is_ok(int status);
/* A text of an answer; "" if it is absent. */
void driver_keep(const json_t *answer, const char *key, char *ret, size_t size);
/* Somebody in a state of life, or NULL if there is none. */
struct someone *driver_anybody(struct driver *d, enum life life);
int driver_index(const struct driver *d, const struct someone *p);
int driver_city(struct driver *d);
/* Note that an organisation knows a person by a business number; look that
 * person up, -1 if there is none. */
void driver_knows(struct driver *d, const char *organisation,
    const char *business_number, const struct someone *p);
int driver_person(const struct driver *d, const char *organisation,
    const char *business_number);

/* --- simulate_steps.c ---------------------------------------------------- */

/* Perform one step, chosen by the seed. */
void simulate_step(struct driver *d);
/* Name, birth, sex, and the nth address of a grown-up. */
void simulate_describe(
    struct driver *d, const struct someone *p, int nth, json_t *body);
/* The name that every resident of the simulation has. */
#define SIMULATE_SURNAME "模型"
/* The day of birth of the n-th grown-up. */
struct slice simulate_birth(struct arena *arena, int n);
/* Contents of a replica, which name their person. */
json_t *simulate_contents(int person, int serial);
/* A body of one row, which is stolen. */
json_t *simulate_one_item(json_t *row);
/* The Pension Service's own number of a person. */
void simulate_insured_number(int person, char ret[16]);

/* --- simulate_abroad.c: people who leave and come back ------------------- */

/* In every fifth seed: those who stay at home are asked about the more. */
bool simulate_has_travellers(const struct driver *d);
/* Perhaps somebody leaves, comes back, or decides. */
void simulate_travel(struct driver *d);
/* Clerks and officers decide all that is open. */
void simulate_claims(struct driver *d);
/* Clerks decide about arrivals whose answer was lost: nobody says who came. */
void simulate_unknown_arrivals(struct driver *d);
/* After the last claim: whoever is back lives there. */
void simulate_settle_in(struct driver *d);

/* --- simulate_relinking.c: a key that leaks ------------------------------- */

/* Perhaps the network's key leaks, and its officers command a relinking. */
void simulate_leak(struct driver *d);
void check_relinking(struct driver *d, const json_t *dump);

/* --- simulate_asking.c: inquiries of offices ----------------------------- */

void simulate_apply(struct driver *d);
void simulate_inquire(struct driver *d);
void simulate_ask_about(struct driver *d, const struct someone *p);
/* A grade, a ground and an end after that of the run. */
struct slice simulate_withheld(struct driver *d);
void simulate_file(struct driver *d);
void simulate_search(struct driver *d);
void simulate_cancel(struct driver *d);

/* --- simulate_deciding.c: decisions of officers -------------------------- */

void simulate_mark(struct driver *d);
void simulate_decide(struct driver *d);
/* Decide everything that is held, in every relay, except a random part of
 * `leave_per_mille`. */
void simulate_decide_all(struct driver *d, int leave_per_mille);
void simulate_revoke(struct driver *d);
void simulate_show(struct driver *d);
void simulate_release(struct driver *d);
void simulate_change_replica(struct driver *d);

/* --- simulate_watch.c ---------------------------------------------------- */

void simulate_watch_init(struct driver *d);
void simulate_watch_done(struct driver *d);
/* A simulation_watch_fn; state is the driver. */
void simulate_watch(void *state, const struct system_id *from,
    const struct system_id *to, struct slice batch);
/* Every run of digits or hexadecimal digits of a length that matters. */
void simulate_tokens(struct slice text, json_t *ret);

/* Note the portal's answer that was shown to a person. */
void simulate_shown(struct driver *d, int person, const json_t *answer);

/* --- simulate_insider.c: organisations that are the enemy ------------------ */

/* Whether an organisation, or a system of it, is an enemy. */
bool simulate_is_enemy(const struct driver *d, struct slice system);
/* The enemies send some messages. */
void simulate_attack(struct driver *d);
/* A message of others to an enemy. */
void simulate_overhear(struct driver *d, struct slice type, const json_t *body,
    struct slice envelope);
/* `dump` is of the others. */
void check_insiders(struct driver *d, const json_t *dump);

/* --- simulate_check.c ---------------------------------------------------- */

/* After the faults: everything comes to an end, and every answer holds. */
void simulate_finish(struct driver *d);
/* Check the contents of all databases; `all` as of simulation_dump(). */
void simulate_check(struct driver *d, const json_t *all);

/* --- Parts of the above -------------------------------------------------- */

/* The rows of a table of a system, an array; NULL if there is none. */
const json_t *
dump_rows(const json_t *dump, const char *system, const char *table);
/* A column as text, "" if absent; as an integer, 0 if absent. */
const char *row_text(const json_t *row, const char *column);
int64_t row_int(const json_t *row, const char *column);
/* The first row whose column is the text, or NULL. */
const json_t *
row_find(const json_t *rows, const char *column, const char *text);

/* The rows of a table, by one of its columns; new reference. */
json_t *dump_index(const json_t *dump, const char *system, const char *table,
    const char *column);

struct law;
/* Does the law's table allow the affair and the item of a row? */
bool check_lawful(const struct driver *d, const struct law *law,
    const char *inquirer, const char *provider, const json_t *row);

void check_records(struct driver *d, const json_t *dump);
void check_exchanges(struct driver *d, const json_t *dump);
void
check_searches(struct driver *d, const struct law *law, const json_t *dump);
/* simulate_keepers.c: a day passes, so that all is reported; what is compared
 * agrees. */
void simulate_report(struct driver *d);
void check_keepers(struct driver *d, const json_t *dump);
void check_secrets(struct driver *d, const json_t *dump);

#endif
