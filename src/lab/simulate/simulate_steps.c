/* Events in the lives of the residents of a simulated nation. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

#define LOOK_TRIES 3

static const char *const kanji[] = {
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十"};
static const char *const kana[] = {
    "ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ"};

/* --- Coming -------------------------------------------------------------- */

struct slice
simulate_birth(struct arena *arena, int n)
{
	return arena_printf(
	    arena, "19%02d-%02d-%02d", 50 + n % 50, 1 + n % 12, 1 + n % 28);
}

/* Name, birth and sex of the n-th person, no two alike. */
static void
put_person(struct driver *d, int n, bool is_child, json_t *body)
{
	struct arena *arena = arena_new();
	char name[64], reading[64];

	snprintf(name, sizeof(name), SIMULATE_SURNAME "　%s%s%s",
	    kanji[n / 100 % 10], kanji[n / 10 % 10], kanji[n % 10]);
	snprintf(reading, sizeof(reading), "モケイ　%s%s%s", kana[n / 100 % 10],
	    kana[n / 10 % 10], kana[n % 10]);
	json_put_text(body, "name", slice_of(name));
	json_put_text(body, "kana", slice_of(reading));
	json_put_text(body, "birth",
	    is_child ? slice_of(d->today) : simulate_birth(arena, n));
	json_put_text(body, "sex", n % 2 == 0 ? SLICE("2") : SLICE("1"));
	arena_free(arena);
}

static void
put_address(const struct driver *d, int person, int nth, json_t *body)
{
	char text[100];

	(void)d;
	snprintf(text, sizeof(text), "北海道模型市%d丁目%d番地", nth + 1,
	    person + 1);
	json_put_text(body, "address", slice_of(text));
	json_put_text(body, "postal_code", SLICE("0700001"));
}

void
simulate_describe(
    struct driver *d, const struct someone *p, int nth, json_t *body)
{
	put_person(d, driver_index(d, p), false, body);
	put_address(d, driver_index(d, p), nth, body);
}

static struct someone *
enter(struct driver *d, int city)
{
	struct someone *p = &d->people[d->n_people++];

	*p = (struct someone){.life = LIFE_UNSURE,
	    .city = city,
	    .came_from = -1,
	    .sex = (d->n_people - 1) % 2 == 0 ? '2' : '1'};

	return p;
}

static void
arrive(struct driver *d)
{
	int city = driver_city(d), n = d->n_people;
	json_t *body = json_object(), *answer = NULL;
	char registration[ID_TEXT];
	struct slice resident;
	struct someone *p;

	p = enter(d, city);
	driver_new_id(d, registration);
	json_put_text(body, "registration", slice_of(registration));
	json_put_text(body, "date", slice_of(d->today));
	put_person(d, n, false, body);
	put_address(d, n, 0, body);
	if (driver_is_ok(driver_post(
		d, d->cities[city], "registry", "/move-ins", body, &answer)) &&
	    json_at_text(json_object_get(answer, "residents"), 0, &resident) ==
		OK) {
		snprintf(p->resident, sizeof(p->resident), "%.*s",
		    SLICE_ARG(resident));
		p->life = LIFE_HERE;
		driver_knows(d, d->cities[city], p->resident, p);
	}
	json_decref(answer);
}

static void
be_born(struct driver *d)
{
	const struct someone *mother = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;
	char registration[ID_TEXT];
	struct someone *p;
	int n = d->n_people;

	if (mother == NULL || mother->sex != '2')
		return;
	p = enter(d, mother->city);
	p->child = true;
	body = json_object();
	driver_new_id(d, registration);
	json_put_text(body, "registration", slice_of(registration));
	json_put_text(body, "mother", slice_of(mother->resident));
	put_person(d, n, true, body);
	if (driver_is_ok(driver_post(
		d, d->cities[p->city], "registry", "/births", body, &answer))) {
		driver_keep(
		    answer, "resident", p->resident, sizeof(p->resident));
		p->life = LIFE_HERE;
		driver_knows(d, d->cities[p->city], p->resident, p);
	}
	json_decref(answer);
}

/* --- Going --------------------------------------------------------------- */

static void
die(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;

	if (p == NULL)
		return;
	body = json_object();
	json_put_text(body, "resident", slice_of(p->resident));
	json_put_text(body, "date", slice_of(d->today));
	p->life = driver_is_ok(driver_post(d, d->cities[p->city], "registry",
		      "/deaths", body, &answer))
	    ? LIFE_DEAD
	    : LIFE_UNSURE;
	json_decref(answer);
}

static json_t *
residents_of(const struct someone *p)
{
	json_t *array = json_array();

	json_push_text(array, slice_of(p->resident));

	return array;
}

static void
move_house(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;

	if (p == NULL)
		return;
	body = json_object();
	json_put(body, "residents", residents_of(p));
	json_put_text(body, "date", slice_of(d->today));
	put_address(d, driver_index(d, p), ++p->addresses, body);
	driver_post(d, d->cities[p->city], "registry", "/moves", body, &answer);
	json_decref(answer);
}

static void
leave(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;
	int status;

	if (p == NULL)
		return;
	p->to = driver_city(d);
	if (p->to == p->city)
		return;
	driver_new_id(d, p->transfer);
	body = json_object();
	json_put_text(body, "transfer", slice_of(p->transfer));
	json_put(body, "residents", residents_of(p));
	json_put_text(body, "to", slice_of(d->cities[p->to]));
	json_put_text(body, "date", slice_of(d->today));
	status = driver_post(
	    d, d->cities[p->city], "registry", "/move-outs", body, &answer);
	if (driver_is_ok(status))
		p->life = LIFE_MOVING;
	else if (status == 0)
		p->life = LIFE_UNSURE;
	json_decref(answer);
}

/* The notice may not have come yet; then another day. */
static void
settle(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_MOVING);
	json_t *body, *answer = NULL;
	struct slice resident;
	int status;

	if (p == NULL)
		return;
	body = json_object();
	json_put_text(body, "transfer", slice_of(p->transfer));
	json_put_text(body, "date", slice_of(d->today));
	json_put_int(body, "wait", 30);
	put_address(d, driver_index(d, p), ++p->addresses, body);
	status = driver_post(
	    d, d->cities[p->to], "registry", "/move-ins", body, &answer);
	if (status == 0 || status == 202)
		p->life = LIFE_UNSURE;
	if (driver_is_ok(status) &&
	    json_at_text(json_object_get(answer, "residents"), 0, &resident) ==
		OK) {
		snprintf(p->former, sizeof(p->former), "%s", p->resident);
		snprintf(p->resident, sizeof(p->resident), "%.*s",
		    SLICE_ARG(resident));
		p->came_from = p->city;
		p->city = p->to;
		p->life = LIFE_HERE;
		driver_knows(d, d->cities[p->city], p->resident, p);
	}
	json_decref(answer);
}

/* --- Numbers and records ------------------------------------------------- */

static void
change_number(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;
	char request[ID_TEXT];

	/* A third number waits for jukinet's officers. */
	if (p == NULL || p->changes > 0)
		return;
	driver_new_id(d, request);
	body = json_object();
	json_put_text(body, "resident", slice_of(p->resident));
	json_put_text(body, "reason", SLICE("漏えい"));
	json_put_text(body, "request", slice_of(request));
	driver_post(d, d->cities[p->city], "registry", "/number-changes", body,
	    &answer);
	p->changes++;
	json_decref(answer);
}

json_t *
simulate_contents(int person, int serial)
{
	json_t *contents = json_object();

	json_put_int(contents, "owner", person);
	json_put_int(contents, "serial", serial);

	return contents;
}

void
simulate_insured_number(int person, char ret[16])
{
	snprintf(ret, 16, "P-%04d", person);
}

json_t *
simulate_one_item(json_t *row)
{
	json_t *body = json_object(), *items = json_array();

	json_array_append_new(items, row);
	json_put(body, "items", items);

	return body;
}

static void
put_tax(struct driver *d, struct someone *p)
{
	json_t *row = json_array(), *body, *answer = NULL;

	json_push_text(row, slice_of(p->resident));
	json_array_append_new(
	    row, simulate_contents(driver_index(d, p), ++p->taxes));
	body = simulate_one_item(row);
	json_put_int(body, "year", 2026);
	driver_post(
	    d, d->cities[p->city], "offices", "/tax-records", body, &answer);
	json_decref(answer);
}

/* Sometimes corrected at once. */
static void
tax(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);

	if (p == NULL)
		return;
	put_tax(d, p);
	if (driver_below(d, 2) == 0)
		return;
	/* Replicas that are put within a millisecond have no order. */
	simulation_run(d->sim, 2);
	put_tax(d, p);
}

/* With the notice of the number, if there is one here. */
static void
insure(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *row, *answer = NULL, *person = json_object();
	char path[64], number[16] = "", bn[16];
	static const char *const columns[] = {
	    "name", "kana", "birth", "sex", "address"};
	size_t i;

	if (p != NULL && !p->child) {
		snprintf(path, sizeof(path), "/notices/%s", p->resident);
		driver_get(d, d->cities[p->city], "registry", path, &answer);
		driver_keep(answer, "number", number, sizeof(number));
		json_decref(answer);
	}
	if (number[0] != '\0') {
		put_person(d, driver_index(d, p), false, person);
		put_address(d, driver_index(d, p), 0, person);
		simulate_insured_number(driver_index(d, p), bn);
		driver_knows(d, NENKIN, bn, p);
		row = json_array();
		json_push_text(row, slice_of(bn));
		json_push_text(row, slice_of(number));
		for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
			json_array_append(
			    row, json_object_get(person, columns[i]));
		json_array_append_new(
		    row, simulate_contents(driver_index(d, p), 0));
		p->insured =
		    driver_is_ok(driver_post(d, NENKIN, "offices", "/insured",
			simulate_one_item(row), &answer)) ||
		    p->insured;
		json_decref(answer);
	}
	json_decref(person);
}

/* --- The portal ---------------------------------------------------------- */

/* The counter's order: who may have a sign-in has it ended. */
static void
order(struct driver *d, struct someone *p)
{
	json_t *body = json_object(), *answer = NULL;

	p->enrolled = false;
	p->token[0] = '\0';
	json_put_text(body, "resident", slice_of(p->resident));
	json_put_text(
	    body, "step", p->orders++ == 0 ? SLICE("begin") : SLICE("renew"));
	driver_post(
	    d, d->cities[p->city], "registry", "/enrolments", body, &answer);
	driver_keep(answer, "ticket", p->ticket, sizeof(p->ticket));
	json_decref(answer);
}

static void
use_ticket(struct driver *d, struct someone *p)
{
	json_t *body = json_object(), *answer = NULL;
	int status;

	json_put_text(body, "ticket", slice_of(p->ticket));
	json_put_int(body, "wait", 20);
	status =
	    driver_post(d, "digital", "portal", "/enrolments", body, &answer);
	p->enrolled = driver_is_ok(status);
	driver_keep(answer, "enrolment", p->enrolment, sizeof(p->enrolment));
	driver_keep(answer, "secret", p->secret, sizeof(p->secret));
	p->ticket[0] = '\0';
	json_decref(answer);
}

/* Sometimes somebody has lost the secret. */
static void
enrol(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);

	if (p == NULL || (p->enrolled && driver_below(d, 4) > 0))
		return;
	if (p->ticket[0] == '\0')
		order(d, p);
	if (p->ticket[0] != '\0')
		use_ticket(d, p);
}

static void
look(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	json_t *body, *answer = NULL;
	struct asked asked = {
	    "digital/portal", HTTP_GET, "/records?wait=20", NULL, NULL};

	if (p == NULL || !p->enrolled)
		return;
	if (p->token[0] == '\0') {
		body = json_object();
		json_put_text(body, "enrolment", slice_of(p->enrolment));
		json_put_text(body, "secret", slice_of(p->secret));
		driver_post(d, "digital", "portal", "/sessions", body, &answer);
		driver_keep(answer, "token", p->token, sizeof(p->token));
		json_decref(answer);
	}
	if (p->token[0] == '\0')
		return;
	asked.token = p->token;
	if (driver_ask(d, &asked, LOOK_TRIES, &answer) == 401)
		p->token[0] = '\0';
	simulate_shown(d, driver_index(d, p), answer);
	json_decref(answer);
}

/* --- Choosing ------------------------------------------------------------ */

static const struct {
	int weight;
	void (*happen)(struct driver *d);
} happenings[] = {
    {10, arrive},
    {4, be_born},
    {2, die},
    {3, move_house},
    {12, leave},
    {16, settle},
    {4, change_number},
    {14, tax},
    {24, insure},
    {6, enrol},
    {6, look},
    {24, simulate_apply},
    {24, simulate_inquire},
    {6, simulate_file},
    {6, simulate_search},
    {8, simulate_cancel},
    {12, simulate_mark},
    {8, simulate_decide},
    {5, simulate_revoke},
    {3, simulate_show},
    {9, simulate_change_replica},
};
#define HAPPENINGS (sizeof(happenings) / sizeof(happenings[0]))

void
simulate_step(struct driver *d)
{
	uint64_t sum = 0, at;
	size_t i;

	simulate_travel(d);
	for (i = 0; i < HAPPENINGS; i++)
		sum += (uint64_t)happenings[i].weight;
	at = driver_below(d, sum);
	for (i = 0; at >= (uint64_t)happenings[i].weight; i++)
		at -= (uint64_t)happenings[i].weight;
	/* The first ones have to come from somewhere. */
	if (d->n_people < 4)
		arrive(d);
	else if (d->n_people < PEOPLE_MAX || i > 1)
		happenings[i].happen(d);
}
