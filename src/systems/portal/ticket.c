#include "systems/portal/ticket.h"

#include "base/bug.h"
#include "messages/enrolment.h"
#include "messages/ticket.h"
#include "portal_rows.h"
#include "systems/portal/account.h"
#include "systems/portal/deed.h"
#include "systems/portal/portal.h"
#include "systems/portal/replaced.h"

#define BASIS SLICE("番号法附則6条")

static struct slice
wake_key(struct turn *turn, struct slice acquisition)
{
	return arena_printf(turn->arena, "ticket:%.*s", SLICE_ARG(acquisition));
}

enum err
ticket_wake_key(struct turn *turn, struct slice text, struct slice *ret)
{
	struct slice acquisition;

	if (ticket_acquisition(text, turn->arena, &acquisition))
		return ERR_NOT_FOUND;
	*ret = wake_key(turn, acquisition);

	return OK;
}

/* --- Orders --------------------------------------------------------------- */

/* A row of the network's message. */
struct order {
	const struct enrolment_code_item *item;
	struct instant at;
	struct slice municipality, resident;
};

static bool
is_step(const struct order *o, const char *step)
{
	return slice_equal_string(o->item->step, step);
}

/* Our id of the resident of a code, who may be new. */
static enum err
find_resident(
    struct turn *turn, const struct linkage_code *given, struct slice *ret)
{
	struct portal_resident_of_code_row row;
	struct linkage_code code = *given;

	TRY(replaced_apply(turn, &code));
	TRY(portal_resident_add(turn->store, turn_new_id(turn), &code));
	TRY(portal_resident_of_code(turn->store, turn->arena, &code, &row));
	*ret = row.resident;

	return OK;
}

static enum err
make(struct turn *turn, const struct order *o)
{
	struct digest digest = digest_of(o->item->acquisition);

	TRY(portal_ticket_add(turn->store, &digest, o->resident,
	    o->municipality, instant_plus(turn->now, PORTAL_TICKET_MS)));
	TRY(deed_add(turn, o->resident, "ticket", o->municipality));
	turn_wake(turn, wake_key(turn, o->item->acquisition));

	return OK;
}

/* Do what the counter ordered; the outcome is for the counter. */
static enum err
obey(struct turn *turn, const struct order *o, struct slice *ret_outcome)
{
	bool has_account;

	TRY(account_exists(turn, o->resident, &has_account));
	if (is_step(o, "begin") && has_account) {
		*ret_outcome = SLICE("has-sign-in");
		return OK;
	}
	TRY(portal_tickets_stop(turn->store, o->resident));
	if (has_account)
		TRY(account_end(turn, o->resident, o->municipality));
	if (is_step(o, "end")) {
		*ret_outcome = has_account ? SLICE("ended") : SLICE("nothing");
		return OK;
	}
	*ret_outcome = has_account ? SLICE("renewed") : SLICE("ready");

	return make(turn, o);
}

/* When the counter ordered it: before the network told us, also where a clock that
 * is ahead says otherwise.  Such an order would overtake right ones for a while. */
static struct instant
time_of(const struct message *message, const struct enrolment_code_item *item)
{
	bool is_ahead = instant_is_before(message->time, item->at);

	return is_ahead && !bug_is(BUG_ORDER_AHEAD) ? message->time : item->at;
}

/* An order that is older than one that came, or the same once more, ends no
 * sign-in that is newer. */
static enum err
take(struct turn *turn, struct order *o, struct enrolment_settled_item *ret)
{
	ret->acquisition = o->item->acquisition;
	ret->outcome = SLICE("overtaken");
	TRY(find_resident(turn, &o->item->code, &o->resident));
	TRY(portal_resident_order(turn->store, o->at, o->resident));
	if (store_changes(turn->store) == 1)
		TRY(obey(turn, o, &ret->outcome));

	return turn_audit(turn, "enrolment.order", o->resident, BASIS);
}

/* Tell the counter, where there is one. */
static enum err
tell_registry(struct turn *turn, struct slice municipality,
    const struct enrolment_settled *settled)
{
	struct system_id registry;

	TRY(system_id_of(municipality, "registry", &registry));

	return turn_has_peer(turn, &registry)
	    ? turn_tell(turn, &registry, enrolment_settled, settled)
	    : OK;
}

enum err
ticket_take_orders(struct turn *turn, const struct message *message)
{
	const struct enrolment_code *codes = MESSAGE(message, enrolment_code);
	struct enrolment_settled_item *items =
	    arena_array(turn->arena, codes->n_items, sizeof(*items));
	struct order o = {.municipality = codes->municipality};
	size_t i;

	for (i = 0; i < codes->n_items; i++) {
		o.item = &codes->items[i];
		o.at = time_of(message, o.item);
		TRY(take(turn, &o, &items[i]));
	}

	return tell_registry(turn, codes->municipality,
	    &(struct enrolment_settled){items, codes->n_items});
}

/* --- Use ------------------------------------------------------------------ */

static bool
is_good(const struct turn *turn, const struct portal_ticket_get_row *t)
{
	bool is_over = instant_is_before(t->until, turn->now);

	return (!t->is_used || bug_is(BUG_TICKET_AGAIN)) &&
	    (!is_over || bug_is(BUG_TICKET_FOREVER));
}

enum err
ticket_use(struct turn *turn, struct slice text, struct ticket *ret)
{
	struct portal_ticket_get_row row;
	struct slice acquisition;
	struct digest digest;

	if (ticket_acquisition(text, turn->arena, &acquisition))
		return ERR_NOT_FOUND;
	digest = digest_of(acquisition);
	TRY(portal_ticket_get(turn->store, turn->arena, &digest, &row));
	if (!is_good(turn, &row))
		return ERR_NOT_FOUND;
	ret->resident = row.resident;
	ret->municipality = row.municipality;

	return portal_ticket_use(turn->store, &digest);
}

enum err
ticket_erase(struct turn *turn)
{
	return portal_tickets_erase(turn->store, turn->now);
}
