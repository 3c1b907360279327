#include "systems/jukinet/update.h"

#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の6、30条の7")

struct update {
	const struct message *message;
	const struct identity_update_item *said;
	struct slice municipality;
	struct instant at;
};

static bool
is_arrival(const struct update *u, const struct person *old)
{
	return slice_equal_string(u->said->event, "move-in") &&
	    old->state != PERSON_DEAD;
}

/* Death is final: people correct a mistake about it. */
static enum person_state
state_after(const struct update *u, const struct person *old)
{
	if (is_arrival(u, old))
		return PERSON_RESIDENT;
	if (slice_equal_string(u->said->event, "death"))
		return PERSON_DEAD;
	if (slice_equal_string(u->said->event, "move-out") &&
	    old->state != PERSON_DEAD)
		return PERSON_MOVED_OUT;

	return old->state;
}

/* Updates of an arrival that is held are accepted and not stored: the decision
 * brings the record's state.  Otherwise returns `why`. */
static enum err
pass_over_held(struct turn *turn, const struct update *u, enum err why)
{
	struct designated d;
	struct arrival arrival;

	TRY(designation_of(turn, &u->said->code, &d));
	TRY(arrival_load(turn, d.serial, &arrival));
	if (arrival.state != ARRIVAL_HELD ||
	    !slice_equal(arrival.municipality, u->municipality))
		return why;

	return person_audit(turn, "identity.held", d.serial, BASIS);
}

static enum err
apply(struct turn *turn, const struct update *u)
{
	struct person old, changed;
	enum err rc = person_of_sender(turn, u->message, &u->said->code, &old);

	if (rc == ERR_BUSY || rc == ERR_DENIED)
		return pass_over_held(turn, u, rc);
	TRY(rc);
	changed = (struct person){.serial = old.serial,
	    .municipality = u->municipality,
	    .state = state_after(u, &old),
	    .attributes = u->said->person,
	    .event = u->said->event,
	    .event_date = u->said->date,
	    .updated = u->at};
	TRY(instant_is_before(u->at, old.updated)
		? person_keep(turn, &changed)
		: person_replace(turn, &old, &changed));

	return person_audit(turn, "identity.update", old.serial, BASIS);
}

enum err
update_take(struct turn *turn, const struct message *message)
{
	const struct identity_update *said = MESSAGE(message, identity_update);
	struct update u = {.message = message,
	    .municipality = system_id_organisation(&message->from),
	    .at = message->time};
	size_t i;

	for (i = 0; i < said->n_items; i++) {
		u.said = &said->items[i];
		TRY(apply(turn, &u));
	}

	return jukinet_count(turn, "updates", (int64_t)said->n_items);
}
