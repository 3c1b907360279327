/* Adding, revoking and listing holders. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "nation/issue.h"
#include "nation/nation.h"
#include "nation/operators_internal.h"
#include "pki/revoked.h"

/* The things that a command works on. */
struct work {
	const struct operator_wish *wish;
	struct config *config;
	struct authority *ca;
	json_t *document;
	struct instant now;
	struct problem *problem;
};

static enum err
work_open(struct work *w)
{
	TRY(nation_config(w->wish->dir, &w->config, w->problem));
	if (config_organisation(w->config, w->wish->organisation) == NULL)
		return problem_set(w->problem, ERR_NOT_FOUND,
		    "%s is not an organisation of the nation in %s; its "
		    "nation.ini lists them",
		    w->wish->organisation, w->wish->dir);
	TRY(operators_read(w->wish->dir, &w->document, w->problem));

	return nation_authority(
	    w->wish->dir, &w->wish->passphrase, &w->ca, w->problem);
}

static void
work_close(struct work *w)
{
	json_decref(w->document);
	authority_free(w->ca);
	config_free(w->config);
}

/* --- Adding --------------------------------------------------------------- */

/* The system of that name where the organisation may have duties: its own, or
 * the network for the Commission's. */
static const struct system_config *
find_system(const struct config *c, const struct organisation_config *o,
    struct slice name)
{
	size_t i;

	for (i = 0; i < c->n_systems; i++) {
		if (slice_equal(system_id_name(&c->systems[i].id), name) &&
		    operators_allowed(&c->systems[i], o) != 0)
			return &c->systems[i];
	}

	return NULL;
}

static enum err
add_system(struct work *w, struct operator_order *order, struct slice name)
{
	const struct system_config *s =
	    find_system(w->config, order->organisation, name);

	if (s == NULL)
		return problem_set(w->problem, ERR_DENIED,
		    "%s has no duties at a system %.*s: a holder has duties at "
		    "the own organisation's systems, and the Commission's at "
		    "the network",
		    order->organisation->id, SLICE_ARG(name));
	if (order->n_places == OPERATOR_PLACES_MAX)
		return problem_set(w->problem, ERR_TOO_LARGE,
		    "a holder has duties at %d systems at most",
		    OPERATOR_PLACES_MAX);
	order->places[order->n_places++].system = s;

	return OK;
}

/* A duty goes to each of the systems that has it, to one at least. */
static enum err
add_duty(struct work *w, struct operator_order *order, struct slice name)
{
	bool is_given = false;
	uint64_t allowed;
	enum right duty;
	size_t i;

	if (duty_find(name, &duty))
		return problem_set(w->problem, ERR_INPUT,
		    "\"%.*s\" is not a duty; docs/api.md lists them",
		    SLICE_ARG(name));
	for (i = 0; i < order->n_places; i++) {
		allowed = operators_allowed(
		    order->places[i].system, order->organisation);
		if ((allowed & RIGHT_BIT(duty)) == 0)
			continue;
		order->places[i].duties |= RIGHT_BIT(duty);
		is_given = true;
	}
	if (!is_given)
		return problem_set(w->problem, ERR_DENIED,
		    "none of the systems %s has the duty %.*s for %s",
		    w->wish->systems, SLICE_ARG(name), order->organisation->id);

	return OK;
}

static enum err
read_until(struct work *w, struct instant *ret)
{
	struct instant last = instant_plus(w->now, CERTIFICATE_MS);
	const char *until = w->wish->until;
	struct date day;

	*ret = last;
	if (until == NULL)
		return OK;
	if (date_parse(slice_of(until), &day) || !date_is_known(day))
		return problem_set(w->problem, ERR_INPUT,
		    "\"%.64s\" is not a day; write 2026-11-21", until);
	*ret = date_begin(date_plus_days(day, 1));
	if (ret->ms <= w->now.ms || ret->ms > last.ms)
		return problem_set(w->problem, ERR_INPUT,
		    "%s is not a day from today on, within two years", until);

	return OK;
}

static enum err
read_wish(struct work *w, struct operator_order *ret)
{
	struct slice rest = slice_of(w->wish->systems);
	size_t i;

	ret->organisation =
	    config_organisation(w->config, w->wish->organisation);
	ret->name = w->wish->name;
	ret->since = w->now;
	TRY(read_until(w, &ret->until));
	while (!slice_is_empty(rest))
		TRY(add_system(w, ret, slice_cut(&rest, ',')));
	rest = slice_of(w->wish->duties);
	while (!slice_is_empty(rest))
		TRY(add_duty(w, ret, slice_cut(&rest, ',')));
	for (i = 0; i < ret->n_places; i++) {
		if (ret->places[i].duties == 0)
			return problem_set(w->problem, ERR_INPUT,
			    "none of the duties %s is one of %s",
			    w->wish->duties, ret->places[i].system->id.text);
	}

	return OK;
}

enum err
operators_add(const struct operator_wish *wish, struct instant now,
    struct problem *problem)
{
	struct work w = {.wish = wish, .now = now, .problem = problem};
	struct operator_order order = {0};
	enum err rc;

	rc = work_open(&w);
	if (rc == OK)
		rc = read_wish(&w, &order);
	if (rc == OK)
		rc = operators_issue(
		    w.ca, wish->dir, &order, w.document, problem);
	if (rc == OK)
		rc = operators_save(wish->dir, w.document, problem);
	work_close(&w);

	return rc;
}

/* --- Revoking ------------------------------------------------------------- */

/* The lists first: a holder who is on them has lost the duties, too. */
static enum err
revoke_entry(struct work *w, json_t *entry)
{
	struct revoke_options o = {.dir = w->wish->dir,
	    .reason = REVOKED_ENDED,
	    .since = w->now,
	    .now = w->now};
	char text[INSTANT_TEXT_MAX];
	struct slice certificate = {0};
	struct buf name;
	enum err rc;

	TRY(json_get_text(entry, "certificate", &certificate, w->problem));
	buf_init(&name);
	buf_printf(&name, "%s:%s", w->wish->organisation, w->wish->name);
	o.system_id = name.data;
	rc = nation_revoke_holder(w->ca, &o, certificate, w->problem);
	buf_done(&name);
	TRY(rc);
	instant_format(w->now, text);
	json_put_text(entry, "revoked", slice_of(text));

	return operators_save(w->wish->dir, w->document, w->problem);
}

enum err
operators_revoke(const struct operator_wish *wish, struct instant now,
    struct problem *problem)
{
	struct work w = {.wish = wish, .now = now, .problem = problem};
	json_t *entry = NULL;
	enum err rc;

	rc = work_open(&w);
	if (rc == OK)
		entry = operators_entry(w.document,
		    slice_of(wish->organisation), slice_of(wish->name));
	if (rc == OK && entry == NULL)
		rc = problem_set(problem, ERR_NOT_FOUND,
		    "%s has no holder %s that is not revoked; `bango operator "
		    "list %s %s` lists them",
		    wish->organisation, wish->name, wish->dir,
		    wish->organisation);
	if (rc == OK)
		rc = revoke_entry(&w, entry);
	work_close(&w);

	return rc;
}

/* --- Listing -------------------------------------------------------------- */

static const char *
state_of(const struct holder *h, struct instant now)
{
	if (h->revoked.ms != 0)
		return "revoked";
	if (now.ms < h->since.ms)
		return "not yet";

	return now.ms < h->until.ms ? "in force" : "over";
}

static enum err
list_entry(const json_t *entry, const char *organisation, struct instant now,
    struct buf *ret, struct problem *problem)
{
	char until[DATE_TEXT_MAX];
	const json_t *duties;
	struct holder h = {0};
	const char *system;
	json_t *names;

	TRY(operators_read_entry(entry, &duties, &h, problem));
	if (!slice_equal_string(h.organisation, organisation))
		return OK;
	date_format(date_in_japan(instant_plus(h.until, -1)), until);
	buf_printf(ret, "%.*s  %s, until %s\n", SLICE_ARG(h.name),
	    state_of(&h, now), until);
	json_object_foreach((json_t *)(uintptr_t)duties, system, names)
	    buf_printf(ret, "  %s: %s\n", system, json_string_value(names));

	return OK;
}

enum err
operators_list(const char *dir, const char *organisation, struct instant now,
    struct buf *ret, struct problem *problem)
{
	json_t *document = NULL, *entry;
	size_t i;
	enum err rc;

	rc = operators_read(dir, &document, problem);
	json_array_foreach(json_object_get(document, "operators"), i, entry)
	{
		if (rc == OK)
			rc = list_entry(entry, organisation, now, ret, problem);
	}
	json_decref(document);

	return rc;
}
