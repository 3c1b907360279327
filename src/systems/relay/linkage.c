#include "systems/relay/linkage.h"

#include "base/bug.h"
#include "messages/acquisition.h"
#include "relay_rows.h"
#include "systems/relay/permit.h"
#include "systems/relay/relay.h"
#include "systems/relay/renewal.h"

#define BASIS SLICE("番号法21条の2")

/* The halves of one acquisition that have arrived so far. */
struct halves {
	struct slice acquisition;
	bool stored; /* a row is in the database */
	struct relay_acquisition_find_row known;
};

/* Acquisitions that are over. */
struct done {
	struct slice *items;
	size_t n;
	bool renews; /* some of our codes were replaced */
};

/* --- Codes --------------------------------------------------------------- */

enum err
linkage_code_of(struct turn *turn, struct internal_number internal,
    struct linkage_code *ret)
{
	struct relay_linkage_code_row row;

	TRY(relay_linkage_code(turn->store, internal, &row));
	*ret = row.code;

	return OK;
}

static enum err
person_of(struct turn *turn, const struct linkage_code *code,
    struct internal_number *ret)
{
	struct relay_linkage_person_row row;

	TRY(relay_linkage_person(turn->store, code, &row));
	*ret = row.internal;

	return OK;
}

enum err
linkage_person_of_permit(struct turn *turn, const struct linkage_code *code,
    struct internal_number *ret)
{
	struct linkage_code renewed;
	enum err rc = person_of(turn, code, ret);

	if (rc != ERR_NOT_FOUND)
		return rc;
	TRY(renewal_of(turn, code, instant_plus(turn->now, -PERMIT_LIFE_MAX_MS),
	    &renewed));

	return person_of(turn, &renewed, ret);
}

/* --- Halves -------------------------------------------------------------- */

static enum err
load(struct turn *turn, struct slice acquisition, struct halves *ret)
{
	enum err rc;

	*ret = (struct halves){.acquisition = acquisition};
	rc = relay_acquisition_find(turn->store, acquisition, &ret->known);
	ret->stored = rc == OK;

	return rows_end(rc);
}

static enum err
save(struct turn *turn, const struct halves *h)
{
	const struct relay_acquisition_find_row *known = &h->known;

	return relay_acquisition_put(turn->store,
	    &(struct relay_acquisition_put){.acquisition = h->acquisition,
		.internal = known->has_internal ? &known->internal : NULL,
		.code = known->has_code ? &known->code : NULL,
		.held = known->held,
		.at = turn->now});
}

/* A code that came late may have been replaced before it was here. */
static enum err
renew(struct turn *turn, const struct done *done,
    struct relay_acquisition_find_row *known)
{
	const struct instant ever = {-1};

	if (!done->renews || !known->has_code)
		return OK;

	return rows_end(renewal_of(turn, &known->code, ever, &known->code));
}

/* Both halves are here.  *ret_joined stays false if they contradict a code that
 * we hold: they then count as pending, for a person to look at. */
static enum err
compare(struct turn *turn, const struct relay_acquisition_find_row *known,
    bool *ret_joined)
{
	struct linkage_code code;
	struct internal_number owner;
	enum err rc = linkage_code_of(turn, known->internal, &code);

	if (rc == OK) {
		*ret_joined =
		    !known->has_code || linkage_code_equal(&code, &known->code);
		return turn_audit(turn, "code.held", SLICE(""), BASIS);
	}
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (!known->has_code)
		return turn_audit(turn, "code.missing", SLICE(""), BASIS);
	rc = person_of(turn, &known->code, &owner);
	if (rc == OK)
		return turn_audit(turn, "code.contradicts", SLICE(""), BASIS);
	if (rc != ERR_NOT_FOUND)
		return rc;
	*ret_joined = true;
	TRY(relay_linkage_add(
	    turn->store, known->internal, &known->code, turn->now));

	return relay_audit(turn, "code.acquired", known->internal, BASIS);
}

/* After a new half: join or keep. */
static enum err
settle(struct turn *turn, struct halves *h, struct done *done)
{
	struct relay_acquisition_find_row *known = &h->known;
	bool joined = false;

	if (known->has_internal && (known->has_code || known->held)) {
		TRY(renew(turn, done, known));
		TRY(compare(turn, known, &joined));
	}
	if (!joined)
		return save(turn, h);
	done->items[done->n++] = h->acquisition;

	return h->stored && !bug_is(BUG_ACQUISITION_KEPT)
	    ? relay_acquisition_delete(turn->store, h->acquisition)
	    : OK;
}

/* --- Messages ------------------------------------------------------------ */

static enum err
begin(struct turn *turn, size_t most, struct done *ret)
{
	*ret = (struct done){
	    .items = arena_array(turn->arena, most, sizeof(struct slice))};

	return renewal_is_needed(turn, &ret->renews);
}

static enum err
tell_addressee(struct turn *turn, const struct done *done)
{
	struct system_id addressee = turn_sibling(turn, "addressee");

	if (done->n == 0)
		return OK;
	turn_wake(turn, RELAY_WAKE_KEY);

	return turn_tell(turn, &addressee, acquisition_done,
	    &(struct acquisition_done){done->items, done->n});
}

enum err
linkage_take_links(struct turn *turn, const struct message *message)
{
	const struct acquisition_link *m = MESSAGE(message, acquisition_link);
	struct done done;
	const struct acquisition_link_item *item;
	struct halves h;
	size_t i;

	TRY(begin(turn, m->n_items, &done));
	for (i = 0; i < m->n_items; i++) {
		item = &m->items[i];
		TRY(load(turn, item->acquisition, &h));
		if (h.known.has_internal &&
		    h.known.internal.value != item->internal.value)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "field items[%zu].acquisition: is another "
			    "person's",
			    i);
		h.known.has_internal = true;
		h.known.internal = item->internal;
		TRY(settle(turn, &h, &done));
	}

	return tell_addressee(turn, &done);
}

enum err
linkage_take_codes(struct turn *turn, const struct message *message)
{
	const struct acquisition_code *m = MESSAGE(message, acquisition_code);
	struct done done;
	const struct acquisition_code_item *item;
	struct halves h;
	size_t i;

	TRY(begin(turn, m->n_items, &done));
	for (i = 0; i < m->n_items; i++) {
		item = &m->items[i];
		TRY(load(turn, item->acquisition, &h));
		if (!item->has_code)
			h.known.held = true;
		else if (!h.known.has_code) {
			h.known.has_code = true;
			h.known.code = item->code;
		}
		TRY(settle(turn, &h, &done));
	}

	return tell_addressee(turn, &done);
}

enum err
linkage_drop(struct turn *turn, const struct message *message)
{
	const struct acquisition_drop *m = MESSAGE(message, acquisition_drop);
	size_t i;

	for (i = 0; i < m->n_items; i++)
		TRY(relay_acquisition_delete(turn->store, m->items[i]));

	return OK;
}

enum err
linkage_forget(struct turn *turn)
{
	return relay_acquisition_erase(
	    turn->store, instant_plus(turn->now, -RELAY_HALF_KEEP_MS));
}
