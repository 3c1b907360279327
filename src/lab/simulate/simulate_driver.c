/* The driver of a simulated nation: its findings and its requests. */
#include <stdio.h>
#include <string.h>

#include "base/encode.h"
#include "lab/simulate/simulate_internal.h"

#define TRY_AGAIN_MS 700
#define TRIES 6

bool
driver_loses(const struct driver *d)
{
	return (d->options->faults & 1u << FAULT_LOST) != 0;
}

/* A promise that a database kept is broken with the database; these hold all
 * the same. */
static bool
survives_loss(const char *invariant)
{
	static const char *const all[] = {
	    "one-number", "codes-apart", "number-or-code"};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(invariant, all[i]) == 0)
			return true;
	}

	return false;
}

bool
driver_found(struct driver *d, const char *invariant, const char *fmt, ...)
{
	struct simulate_report *r = d->report;
	va_list ap;

	if (r->invariant[0] != '\0' ||
	    (driver_loses(d) && !survives_loss(invariant)) ||
	    (d->options->blind != NULL &&
		strcmp(d->options->blind, invariant) == 0))
		return false;
	snprintf(r->invariant, sizeof(r->invariant), "%s", invariant);
	va_start(ap, fmt);
	vsnprintf(r->finding, sizeof(r->finding), fmt, ap);
	va_end(ap);
	r->at_event = simulation_events(d->sim);

	return false;
}

bool
driver_has_found(const struct driver *d)
{
	return d->report->invariant[0] != '\0';
}

uint64_t
driver_below(struct driver *d, uint64_t bound)
{
	return random_below(&d->random, bound);
}

void
driver_new_id(struct driver *d, char ret[ID_TEXT])
{
	struct message_id id;

	random_bytes(&d->random, id.bytes, sizeof(id.bytes));
	message_id_format(&id, ret);
}

/* A system that reports a failure is asked again, like a silent one. */
static bool
is_answer(int status)
{
	return status != 0 && status < 500 && status != 429;
}

int
driver_ask(struct driver *d, const struct asked *asked, int tries, json_t **ret)
{
	struct problem problem = {0};
	struct buf body, answer;
	int i, status = 0;

	buf_init(&body);
	buf_init(&answer);
	if (asked->body != NULL)
		json_write(asked->body, &body);
	json_decref(asked->body);
	*ret = NULL;
	for (i = 0; i < tries && !is_answer(status); i++) {
		if (i > 0)
			simulation_run(
			    d->sim, (int64_t)driver_below(d, TRY_AGAIN_MS));
		buf_clear(&answer);
		if (simulation_call_raw(d->sim, asked->system, asked->method,
			asked->path, buf_slice(&body), slice_of(asked->token),
			&status, &answer))
			status = 0;
	}
	if (!is_answer(status))
		status = 0;
	if (status != 0 && answer.len > 0 &&
	    json_read(buf_slice(&answer), "answer", ret, &problem))
		*ret = NULL;
	buf_done(&body);
	buf_done(&answer);

	return status;
}

/* --- Small things -------------------------------------------------------- */

/* Try several times; after that the outcome is unknown. */
static int
tries(struct driver *d)
{
	return 1 + (int)driver_below(d, TRIES);
}

int
driver_post(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t *body, json_t **ret)
{
	char system[32];
	const struct asked asked = {system, HTTP_POST, path, body, NULL};

	snprintf(system, sizeof(system), "%s/%s", organisation, name);

	return driver_ask(d, &asked, tries(d), ret);
}

bool
driver_tell(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t *body)
{
	json_t *answer;
	int status = driver_post(d, organisation, name, path, body, &answer);

	json_decref(answer);

	return driver_is_ok(status);
}

int
driver_get(struct driver *d, const char *organisation, const char *name,
    const char *path, json_t **ret)
{
	char system[32];
	const struct asked asked = {system, HTTP_GET, path, NULL, NULL};

	snprintf(system, sizeof(system), "%s/%s", organisation, name);

	return driver_ask(d, &asked, tries(d), ret);
}

bool
driver_is_ok(int status)
{
	return status >= 200 && status < 300;
}

void
driver_keep(const json_t *answer, const char *key, char *ret, size_t size)
{
	const char *text = json_string_value(json_object_get(answer, key));

	snprintf(ret, size, "%s", text == NULL ? "" : text);
}

struct someone *
driver_anybody(struct driver *d, enum life life)
{
	int i, n = d->n_people;
	int from = n > 0 ? (int)driver_below(d, (uint64_t)n) : 0;

	for (i = 0; i < n; i++) {
		if (d->people[(from + i) % n].life == life)
			return &d->people[(from + i) % n];
	}

	return NULL;
}

int
driver_index(const struct driver *d, const struct someone *p)
{
	return (int)(p - d->people);
}

int
driver_city(struct driver *d)
{
	return (int)driver_below(d, (uint64_t)d->options->organisations);
}

void
driver_knows(struct driver *d, const char *organisation,
    const char *business_number, const struct someone *p)
{
	char key[64];

	snprintf(key, sizeof(key), "%s/%s", organisation, business_number);
	json_put_int(d->persons, key, driver_index(d, p));
}

int
driver_person(const struct driver *d, const char *organisation,
    const char *business_number)
{
	const json_t *person;
	char key[64];

	snprintf(key, sizeof(key), "%s/%s", organisation, business_number);
	person = json_object_get(d->persons, key);

	return person == NULL ? -1 : (int)json_integer_value(person);
}
