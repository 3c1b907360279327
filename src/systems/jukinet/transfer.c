#include "systems/jukinet/transfer.h"

#include "jukinet_rows.h"
#include "messages/moving.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法24条の2")

static enum err
registry_of(struct turn *turn, struct slice organisation, struct system_id *ret)
{
	if (system_id_of(organisation, "registry", ret) ||
	    !turn_has_peer(turn, ret))
		return ERR_NOT_FOUND;

	return OK;
}

/* A person who moves must be the sender's resident, with the number given; sets
 * the refusal otherwise. */
static enum err
check_mover(struct turn *turn, const struct message *message,
    const struct mover *mover, struct serial *ret, struct slice *ret_refusal)
{
	struct individual_number current;
	struct person p;
	enum err rc = person_of_code(turn, &mover->code, message->time, &p);

	if (rc == ERR_NOT_FOUND)
		*ret_refusal =
		    SLICE("a person of the move is not known to the network");
	if (rc)
		return rows_end(rc);
	TRY(person_number(turn, &p, &current));
	if (!slice_equal(
		p.municipality, system_id_organisation(&message->from)))
		*ret_refusal =
		    SLICE("a person of the move is registered in another "
			  "municipality");
	else if (!individual_number_equal(&mover->number, &current))
		*ret_refusal = SLICE(
		    "a number of the move is not the person's current one");
	*ret = p.serial;

	return OK;
}

static enum err
store_transfer(struct turn *turn, const struct transfer_notice *t,
    const struct serial *movers)
{
	size_t i;

	TRY(jukinet_transfer_add(turn->store,
	    &(struct jukinet_transfer_add){.transfer = t->transfer,
		.from_municipality = t->from_organisation,
		.to_municipality = t->to,
		.moved_on = t->date,
		.at = turn->now}));
	for (i = 0; i < t->n_people; i++) {
		TRY(jukinet_transfer_person_add(
		    turn->store, movers[i], t->transfer));
		TRY(person_audit(turn, "transfer.notice", movers[i], BASIS));
	}

	return jukinet_count(turn, "moves", (int64_t)t->n_people);
}

static enum err
announce(struct turn *turn, const struct message *message,
    const struct transfer_notice *t, struct slice *ret_refusal)
{
	struct serial *movers =
	    arena_array(turn->arena, t->n_people, sizeof(*movers));
	size_t i;

	for (i = 0; i < t->n_people && slice_is_empty(*ret_refusal); i++)
		TRY(check_mover(
		    turn, message, &t->people[i], &movers[i], ret_refusal));

	return slice_is_empty(*ret_refusal) ? store_transfer(turn, t, movers)
					    : OK;
}

enum err
transfer_notice(struct turn *turn, const struct message *message)
{
	struct transfer_notice t = *MESSAGE(message, transfer_notice);
	struct jukinet_transfer_find_row before;
	struct slice refusal = {0};
	struct system_id registry;
	enum err rc;

	t.from_organisation = system_id_organisation(&message->from);
	rc = jukinet_transfer_find(
	    turn->store, turn->arena, t.transfer, &before);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field transfer: a move of this id was announced before");
	TRY(rows_end(rc));
	if (registry_of(turn, t.to, &registry))
		refusal =
		    SLICE("field to: the network knows no such municipality");
	else
		TRY(announce(turn, message, &t, &refusal));
	if (slice_is_empty(refusal))
		return turn_tell(turn, &registry, transfer_notice, &t);
	TRY(turn_audit(turn, "transfer.refuse", t.transfer, BASIS));

	return turn_tell(turn, &message->from, transfer_refused,
	    &(struct transfer_refused){t.transfer, refusal});
}

/* As if the move had never been announced: it gives no right any more. */
static enum err
forget(struct turn *turn, struct slice transfer)
{
	TRY(jukinet_transfer_people_forget(turn->store, transfer));

	return jukinet_transfer_forget(turn->store, transfer);
}

enum err
transfer_pass_back(struct turn *turn, const struct message *message)
{
	const struct transfer_notice *ours = MESSAGE(message, transfer_notice);
	struct jukinet_transfer_arrived_row arrived;
	struct system_id registry;
	enum err rc;

	rc = jukinet_transfer_arrived(turn->store, ours->transfer, &arrived);
	if (rc == OK)
		return turn_audit(
		    turn, "transfer.refuse-late", ours->transfer, BASIS);
	TRY(rows_end(rc));
	TRY(registry_of(turn, ours->from_organisation, &registry));
	TRY(forget(turn, ours->transfer));
	TRY(turn_audit(turn, "transfer.refuse", ours->transfer, BASIS));

	return turn_tell(turn, &registry, transfer_refused,
	    &(struct transfer_refused){ours->transfer, message->refusal});
}

enum err
transfer_completed(struct turn *turn, const struct message *message)
{
	const struct transfer_completed *t =
	    MESSAGE(message, transfer_completed);
	struct slice here = system_id_organisation(&message->from);
	struct jukinet_transfer_find_row before = {{0}};
	struct system_id registry;

	TRY(rows_end(jukinet_transfer_find(
	    turn->store, turn->arena, t->transfer, &before)));
	if (!slice_equal(before.to_municipality, here) ||
	    !slice_equal(before.from_municipality, t->to))
		return problem_set(turn->problem, ERR_DENIED,
		    "field transfer: no such move to this municipality was "
		    "announced");
	TRY(registry_of(turn, t->to, &registry));
	TRY(turn_audit(turn, "transfer.complete", t->transfer, BASIS));

	return turn_tell(turn, &registry, transfer_completed, t);
}
