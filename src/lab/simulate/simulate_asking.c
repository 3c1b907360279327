/* Inquiries between the offices of a simulated nation. */
#include <stdio.h>
#include <string.h>

#include "lab/simulate/simulate_internal.h"

#define FILE_LINES_MAX 16
#define TRIES 3

struct question {
	const char *affair, *item, *provider;
};

/* --- Choosing ------------------------------------------------------------ */

/* A person about whom another organisation holds information, if one is found
 * in a few tries. */
static struct someone *
anybody(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	int i;

	for (i = 0; i < TRIES && p != NULL && !p->insured && p->came_from < 0;
	     i++)
		p = driver_anybody(d, LIFE_HERE);

	return p;
}

/* Most often a provider that may be asked; sometimes not. */
static const char *
any_provider(struct driver *d, const struct someone *p)
{
	int other = driver_city(d), n = d->options->organisations;

	switch (driver_below(d, 10)) {
	case 0:
		return NENKIN; /* not for tax */
	case 1:
		return "digital"; /* no provider at all */
	default:                  /* an int */
		if (p->came_from >= 0)
			return d->cities[p->came_from];
		if (other == p->city)
			other = (other + 1) % n;
		return d->cities[other];
	}
}

/* 106: child allowance; 107: the same, with the pension. */
static struct question
any_question(struct driver *d, const struct someone *p)
{
	switch (driver_below(d, p->insured ? 10 : 4)) {
	case 0:
		return (struct question){"107", "local-tax", NENKIN};
	case 1:
	case 2:
	case 3:
		return (struct question){
		    "106", "local-tax", any_provider(d, p)};
	default: /* an int */
		return (struct question){"107", "pension", NENKIN};
	}
}

struct slice
simulate_withheld(struct driver *d)
{
	return d->next % 2 == 0 ? SLICE("contents:protection:2027-03-31")
				: SLICE("existence:protection:2027-03-31");
}

static void
put_unit(struct driver *d, json_t *body)
{
	char text[32];

	snprintf(text, sizeof(text), "unit-%d", d->next++);
	json_put_text(body, "unit", slice_of(text));
}

/* --- An application ------------------------------------------------------ */

void
simulate_apply(struct driver *d)
{
	struct someone *p = driver_anybody(d, LIFE_HERE);
	struct told_application *a = &d->applications[d->n_applications];
	json_t *body;

	if (p == NULL || d->n_applications == APPLICATIONS_MAX)
		return;
	a->city = p->city;
	a->person = driver_index(d, p);
	driver_new_id(d, a->id);
	body = json_object();
	json_put_text(body, "application", slice_of(a->id));
	json_put_text(body, "applicant", slice_of(p->resident));
	json_put_text(body, "child", slice_of(p->resident));
	json_put_text(
	    body, "previous_municipality", slice_of(any_provider(d, p)));
	put_unit(d, body);
	json_put_bool(
	    body, "ask_pension", p->insured || driver_below(d, 4) == 0);
	if (driver_tell(
		d, d->cities[p->city], "offices", "/child-allowance", body))
		d->n_applications++;
}

/* --- One inquiry --------------------------------------------------------- */

static void
take_back(struct driver *d, struct told_inquiry *i)
{
	char path[64];

	snprintf(path, sizeof(path), "/inquiries/%s/cancel", i->id);
	if (driver_tell(d, d->cities[i->city], "offices", path, json_object()))
		i->cancelled = true;
}

/* Sometimes taken back at once: then that may overtake the permit. */
void
simulate_ask_about(struct driver *d, const struct someone *p)
{
	struct told_inquiry *i = &d->inquiries[d->n_inquiries];
	struct question q;
	json_t *body;

	if (d->n_inquiries == INQUIRIES_MAX)
		return;
	*i = (struct told_inquiry){.city = p->city};
	d->n_inquiries++;
	driver_new_id(d, i->id);
	snprintf(i->resident, sizeof(i->resident), "%s", p->resident);
	q = any_question(d, p);
	body = json_object();
	json_put_text(body, "inquiry", slice_of(i->id));
	json_put_text(body, "business_number", slice_of(p->resident));
	json_put_text(body, "affair", slice_of(q.affair));
	json_put_text(body, "item", slice_of(q.item));
	json_put_text(body, "provider", slice_of(q.provider));
	put_unit(d, body);
	if (driver_below(d, 6) == 0)
		json_put_text(body, "withheld", simulate_withheld(d));
	i->asked =
	    driver_tell(d, d->cities[p->city], "offices", "/inquiries", body);
	if (i->asked && driver_below(d, 6) == 0)
		take_back(d, i);
}

void
simulate_inquire(struct driver *d)
{
	const struct someone *p = anybody(d);

	if (p != NULL)
		simulate_ask_about(d, p);
}

void
simulate_cancel(struct driver *d)
{
	int from = d->n_inquiries > 8 ? d->n_inquiries - 8 : 0;

	/* The newest, which are most often still open. */
	if (d->n_inquiries > 0)
		take_back(d,
		    &d->inquiries[from +
			(int)driver_below(
			    d, (uint64_t)(d->n_inquiries - from))]);
}

/* --- A file of them ------------------------------------------------------ */

/* A line about a resident of the city; NULL if none was found. */
static json_t *
any_line(struct driver *d, int city, int number)
{
	const struct someone *p = anybody(d);
	struct question q;
	json_t *row;

	if (p == NULL || p->city != city)
		return NULL;
	q = any_question(d, p);
	row = json_array();
	json_array_append_new(row, json_integer(number));
	json_push_text(row, slice_of(p->resident));
	json_push_text(row, slice_of(q.affair));
	json_push_text(row, slice_of(q.item));
	json_push_text(row, slice_of(q.provider));

	return row;
}

/* Some of the lines, from `first` on. */
static bool
send_lines(struct driver *d, const struct told_file *f, const json_t *lines,
    int first, int end)
{
	json_t *body = json_object(), *items = json_array();
	char path[64];

	for (; first < end; first++)
		json_array_append(items, json_array_get(lines, (size_t)first));
	json_put(body, "items", items);
	json_put_text(body, "unit", SLICE("file"));
	snprintf(path, sizeof(path), "/inquiry-files/%s", f->id);

	return driver_tell(d, d->cities[f->city], "offices", path, body);
}

/* Send a file in two parts, and sometimes once more from its start, as after an
 * interruption. */
void
simulate_file(struct driver *d)
{
	int city = driver_city(d), want, i, n = 0, half;
	struct told_file *f = &d->files[d->n_files];
	json_t *lines, *line;

	if (d->n_files == FILES_MAX)
		return;
	want = 2 + (int)driver_below(d, FILE_LINES_MAX - 2);
	lines = json_array();
	for (i = 0; i < 2 * want && n < want; i++) {
		line = any_line(d, city, n + 1);
		if (line != NULL) {
			json_array_append_new(lines, line);
			n++;
		}
	}
	half = (n + 1) / 2;
	if (n > 0) {
		*f = (struct told_file){.city = city, .lines = n};
		driver_new_id(d, f->id);
		d->n_files++;
		f->told = send_lines(d, f, lines, 0, half) &&
		    (half == n || send_lines(d, f, lines, half, n));
		if (driver_below(d, 3) == 0)
			f->told = send_lines(d, f, lines, 0, n) || f->told;
	}
	json_decref(lines);
}

/* --- A search ------------------------------------------------------------ */

/* Search for providers.  The invariants check the result in the databases. */
void
simulate_search(struct driver *d)
{
	const struct someone *p = anybody(d);
	char search[ID_TEXT];
	struct question q;
	json_t *body;

	if (p == NULL)
		return;
	driver_new_id(d, search);
	q = any_question(d, p);
	body = json_object();
	json_put_text(body, "search", slice_of(search));
	json_put_text(body, "business_number", slice_of(p->resident));
	json_put_text(body, "affair", slice_of(q.affair));
	json_put_text(body, "item", slice_of(q.item));
	(void)driver_tell(d, d->cities[p->city], "offices", "/searches", body);
}
