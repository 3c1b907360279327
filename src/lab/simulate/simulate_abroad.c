/* People of a simulated nation who leave for abroad and come back: claims, the
 * municipalities of before, officers. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

/* The number, by which jukinet tells whether it knows of the departure. */
static bool
read_number(struct driver *d, struct someone *p)
{
	json_t *answer = NULL;
	char path[64];

	snprintf(path, sizeof(path), "/notices/%s", p->resident);
	driver_get(d, d->cities[p->city], "registry", path, &answer);
	driver_keep(answer, "number", p->number, sizeof(p->number));
	json_decref(answer);

	return p->number[0] != '\0';
}

static void
emigrate(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *residents, *answer = NULL;
	char transfer[ID_TEXT];
	int status;

	/* A departure that a lost database forgets is known to nobody. */
	if (p == NULL || p->child || driver_loses(d) || !read_number(d, p))
		return;
	driver_new_id(d, transfer);
	body = json_object();
	residents = json_array();
	json_push_text(residents, slice_of(p->resident));
	json_put_text(body, "transfer", slice_of(transfer));
	json_put(body, "residents", residents);
	json_put_text(body, "date", slice_of(d->today));
	snprintf(p->left, sizeof(p->left), "%s", d->today);
	status = driver_post(
	    d, d->cities[p->city], "registry", "/move-outs", body, &answer);
	if (driver_is_ok(status))
		p->life = LIFE_ABROAD;
	else if (status == 0)
		p->life = LIFE_UNSURE;
	json_decref(answer);
}

/* --- Coming home ----------------------------------------------------------- */

static bool
is_known_to_have_left(struct driver *d, const struct someone *p)
{
	json_t *body = json_object(), *answer = NULL;
	char state[16];

	json_put_text(body, "number", slice_of(p->number));
	driver_post(d, "jlis", "jukinet", "/lookups", body, &answer);
	driver_keep(answer, "state", state, sizeof(state));
	json_decref(answer);

	return strcmp(state, "moved-out") == 0;
}

/* To another city, which does not know the person. */
static void
come_home(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_ABROAD);
	json_t *body, *answer = NULL;
	char registration[ID_TEXT];
	struct slice resident;
	int status, city = driver_city(d);

	if (p == NULL || city == p->city || !is_known_to_have_left(d, p))
		return;
	body = json_object();
	driver_new_id(d, registration);
	json_put_text(body, "registration", slice_of(registration));
	json_put_text(body, "date", slice_of(d->today));
	simulate_describe(d, p, ++p->addresses, body);
	status = driver_post(
	    d, d->cities[city], "registry", "/move-ins", body, &answer);
	if (status == 0)
		p->life = LIFE_UNSURE;
	if (driver_is_ok(status) &&
	    json_at_text(json_object_get(answer, "residents"), 0, &resident) ==
		OK) {
		snprintf(p->arrival, sizeof(p->arrival), "%.*s",
		    SLICE_ARG(resident));
		p->to = city;
		p->life = LIFE_BACK;
	}
	json_decref(answer);
}

/* --- Claims ------------------------------------------------------------------ */

static json_t *
explained(const char *key, const char *choice)
{
	json_t *body = json_object();

	json_put_text(body, key, slice_of(choice));
	json_put_text(body, "reason", SLICE("模型"));

	return body;
}

/* The Resident Record Code of which the number was made; NULL if nobody heard it. */
static const char *
code_of(const struct driver *d, const char *number)
{
	const char *code;
	json_t *numbers;

	json_object_foreach(d->numbers, code, numbers)
	{
		if (json_object_get(numbers, number) != NULL)
			return code;
	}

	return NULL;
}

/* The code that the papers show, to which a clerk has to agree, or the last stay. */
static void
put_stay(struct driver *d, const struct someone *p, json_t *body)
{
	const char *code = code_of(d, p->number);

	if (code != NULL && driver_below(d, 2) == 0) {
		json_put_text(body, "code", slice_of(code));
		return;
	}
	json_put_text(body, "municipality", slice_of(d->cities[p->city]));
	json_put_text(body, "left", slice_of(p->left));
}

/* Jukinet may not have answered yet, or the claim be under way: then nothing
 * happens. */
static void
claim(struct driver *d, const struct someone *p)
{
	json_t *body = json_object();
	char path[64];

	json_put_text(body, "decision", SLICE("same"));
	put_stay(d, p, body);
	json_put_text(body, "evidence", SLICE("戸籍の附票"));
	snprintf(path, sizeof(path), "/arrivals/%s/decision", p->arrival);
	(void)driver_tell(d, d->cities[p->to], "registry", path, body);
}

/* Clerks of the municipalities of before; some object. */
static void
reply_at(struct driver *d, const char *city)
{
	json_t *answer = NULL;
	const json_t *row;
	char path[80];
	size_t i;

	driver_get(d, city, "registry", "/claims", &answer);
	json_array_foreach(json_object_get(answer, "claims"), i, row)
	{
		snprintf(path, sizeof(path), "/claims/%s/reply",
		    row_text(row, "claim"));
		(void)driver_tell(d, city, "registry", path,
		    explained(
			"reply", driver_below(d, 3) == 0 ? "object" : "agree"));
	}
	json_decref(answer);
}

static void
officers(struct driver *d)
{
	json_t *answer = NULL;
	const json_t *row;
	char path[80];
	size_t i;

	driver_get(d, "jlis", "jukinet", "/claims", &answer);
	json_array_foreach(json_object_get(answer, "claims"), i, row)
	{
		if (strcmp(row_text(row, "state"), "held") != 0 ||
		    simulate_is_enemy(d, slice_of(row_text(row, "by"))))
			continue;
		snprintf(path, sizeof(path), "/claims/%s/decision",
		    row_text(row, "claim"));
		(void)driver_tell(d, "jlis", "jukinet", path,
		    explained("decision", "settle"));
	}
	json_decref(answer);
}

void
simulate_claims(struct driver *d)
{
	int i;

	for (i = 0; i < d->n_people; i++) {
		if (d->people[i].life == LIFE_BACK)
			claim(d, &d->people[i]);
	}
	for (i = 0; i < d->options->organisations; i++)
		reply_at(d, d->cities[i]);
	officers(d);
}

/* Whether somebody knows of this arrival; an answer may have been lost. */
static bool
is_known(const struct driver *d, int city, const char *resident)
{
	const struct someone *p;

	for (p = d->people; p < d->people + d->n_people; p++) {
		if (p->life == LIFE_BACK && p->to == city &&
		    strcmp(p->arrival, resident) == 0)
			return true;
	}

	return false;
}

static void
decide_unknown(struct driver *d, int city)
{
	json_t *answer = NULL, *body;
	const json_t *row;
	char path[80];
	size_t i;

	driver_get(d, d->cities[city], "registry", "/arrivals", &answer);
	json_array_foreach(json_object_get(answer, "arrivals"), i, row)
	{
		if (is_known(d, city, row_text(row, "resident")))
			continue;
		body = json_object();
		json_put_text(body, "decision", SLICE("different"));
		json_put_text(body, "evidence", SLICE("戸籍の附票"));
		snprintf(path, sizeof(path), "/arrivals/%s/decision",
		    row_text(row, "resident"));
		(void)driver_tell(d, d->cities[city], "registry", path, body);
	}
	json_decref(answer);
}

void
simulate_unknown_arrivals(struct driver *d)
{
	int i;

	for (i = 0; i < d->options->organisations; i++)
		decide_unknown(d, i);
}

/* --- A step -------------------------------------------------------------------- */

#define TRAVEL_SEEDS 5

bool
simulate_has_travellers(const struct driver *d)
{
	return d->options->seed % TRAVEL_SEEDS == 0;
}

void
simulate_travel(struct driver *d)
{
	static void (*const happenings[])(struct driver * d) = {
	    emigrate, come_home, come_home, simulate_claims};
	const uint64_t n = sizeof(happenings) / sizeof(happenings[0]);

	if (simulate_has_travellers(d) && driver_below(d, 3) == 0)
		happenings[driver_below(d, n)](d);
}

/* --- In the end ---------------------------------------------------------------- */

/* The record goes on under an older number where the city knew the person. */
static void
settle_in(struct driver *d, struct someone *p)
{
	json_t *answer = NULL;
	char path[64], same_as[16];

	snprintf(path, sizeof(path), "/arrivals/%s", p->arrival);
	driver_get(d, d->cities[p->to], "registry", path, &answer);
	driver_keep(answer, "same_as", same_as, sizeof(same_as));
	snprintf(p->resident, sizeof(p->resident), "%s",
	    same_as[0] != '\0' ? same_as : p->arrival);
	p->city = p->to;
	p->life = LIFE_HERE;
	driver_knows(d, d->cities[p->city], p->resident, p);
	json_decref(answer);
}

void
simulate_settle_in(struct driver *d)
{
	int i;

	for (i = 0; i < d->n_people; i++) {
		if (d->people[i].life == LIFE_BACK)
			settle_in(d, &d->people[i]);
	}
}
