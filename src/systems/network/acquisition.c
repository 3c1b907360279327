#include "systems/network/acquisition.h"

#include "base/bug.h"
#include "crypto/hash.h"
#include "messages/acquisition.h"
#include "messages/enrolment.h"
#include "messages/numbering.h"
#include "systems/network/organisation.h"

#define BASIS SLICE("番号法21条の2")
#define BASIS_OF_CHANGE SLICE("住基法30条の9の2")
#define ID_TRIES 8

/* --- Persons -------------------------------------------------------------- */

enum err
acquisition_person(struct turn *turn, const struct organisation *organisation,
    const struct linkage_code *code, struct network_person_row *ret)
{
	struct id_code id;
	uint16_t epoch;

	/* Ids are 63 bits; no code of ours holds another. */
	if (organisation == NULL ||
	    linkage_open(network_of(turn)->linkage, code, organisation->number,
		&id, &epoch) ||
	    id.value > INT64_MAX)
		return ERR_NOT_FOUND;
	if (bug_is(BUG_OLD_CODE_TAKEN))
		epoch = LINKAGE_EPOCHS_MAX;

	return network_person_of_holder(
	    turn->store, id, organisation->number, epoch, ret);
}

/* Find a person by the current Resident Record Code or a former one. */
static enum err
find(struct turn *turn, const struct resident_code *code,
    struct network_person_row *ret)
{
	enum err rc = network_person_by_code(turn->store, code, ret);

	return rc == ERR_NOT_FOUND
	    ? network_person_by_former_code(turn->store, code, ret)
	    : rc;
}

/* Try random ids until one is free: a collision among 2^63 is rare. */
static enum err
add(struct turn *turn, const struct resident_code *code,
    struct network_person_row *ret)
{
	int i;

	random_bytes(&turn->random, ret->record_code.bytes, RECORD_CODE_LEN);
	for (i = 0; i < ID_TRIES; i++) {
		ret->id.value = random_u64(&turn->random) >> 1;
		TRY(network_person_add(
		    turn->store, ret->id, code, &ret->record_code));
		if (store_changes(turn->store) == 1)
			return OK;
	}

	return ERR_INTERNAL;
}

/* --- Codes ---------------------------------------------------------------- */

/* Give the organisation its code for the person; give none if it holds one
 * already, for a code is told only once (令85 44条2項). */
static enum err
give(struct turn *turn, const struct network_person_row *person,
    const struct organisation *organisation, struct linkage_code *ret,
    bool *ret_is_new)
{
	const struct linkage *linkage = network_of(turn)->linkage;
	struct code_owner owner = {
	    organisation->number, linkage_epoch(linkage)};

	TRY(network_holder_add(turn->store, person->id, owner.organisation,
	    owner.epoch, turn->now));
	*ret_is_new = store_changes(turn->store) == 1;
	if (*ret_is_new)
		TRY(linkage_make(linkage, person->id, owner, ret));

	return turn_audit(turn, *ret_is_new ? "code.give" : "code.held",
	    record_code_text(turn, &person->record_code), BASIS);
}

/* --- Changed Resident Record Codes ----------------------------------------- */

/* A person who is not known by the old code either is added here, so that an
 * acquisition under way with the old code creates no second person. */
static enum err
take_new_code(struct turn *turn, const struct resident_code *old,
    const struct resident_code *new, struct network_person_row *ret)
{
	enum err rc = find(turn, old, ret);

	if (rc == ERR_NOT_FOUND) {
		TRY(add(turn, new, ret));
		return network_former_code_add(
		    turn->store, old, ret->id, turn->now);
	}
	TRY(rc);
	TRY(network_former_code_retire(turn->store, turn->now, ret->id));

	return network_person_recode(turn->store, new, ret->id);
}

/* The new code is known already: this news is late, or a repetition. */
static enum err
take_old_code(struct turn *turn, const struct resident_code *old,
    const struct network_person_row *person, bool *ret_new)
{
	struct network_person_row other;
	enum err rc = find(turn, old, &other);

	*ret_new = rc == ERR_NOT_FOUND;
	if (rc == ERR_NOT_FOUND)
		return network_former_code_add(
		    turn->store, old, person->id, turn->now);
	if (rc == OK && other.id.value != person->id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the new Resident Record Code is another person's in "
		    "this network");

	return rc;
}

/*
 * Record two codes of one person, `new` being the later one.  Jukinet names
 * every code that the person had before `new`; a `new` that is not known here
 * is therefore later than all codes that are, in whatever order news arrives.
 */
static enum err
recode(struct turn *turn, const struct resident_code *old,
    const struct resident_code *new)
{
	struct network_person_row person;
	bool is_new = true;
	enum err rc = find(turn, new, &person);

	if (rc == OK)
		rc = take_old_code(turn, old, &person, &is_new);
	else if (rc == ERR_NOT_FOUND)
		rc = take_new_code(turn, old, new, &person);
	if (rc == OK && is_new)
		rc = turn_audit(turn, "code.relink",
		    record_code_text(turn, &person.record_code),
		    BASIS_OF_CHANGE);

	return rc;
}

/* --- The messages --------------------------------------------------------- */

/* The person of a code, who is added if need be. */
static enum err
identify(struct turn *turn, const struct resident_code *code,
    const struct resident_code *before, size_t n_before,
    struct network_person_row *ret)
{
	size_t i;
	enum err rc;

	for (i = 0; i < n_before; i++)
		TRY(recode(turn, &before[i], code));
	rc = find(turn, code, ret);

	return rc == ERR_NOT_FOUND ? add(turn, code, ret) : rc;
}

/* Codes go to a relay, and to a portal, of an organisation that we know. */
static enum err
find_receiver(struct turn *turn, const struct system_id *id, const char *name,
    const struct organisation **ret)
{
	*ret = organisation_find(network_of(turn), system_id_organisation(id));
	if (*ret != NULL && turn_has_peer(turn, id) &&
	    slice_equal_string(system_id_name(id), name))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "field for: is not a %s that the network knows", name);
}

enum err
acquisition_identify(struct turn *turn, const struct message *message)
{
	const struct acquisition_identify *asked =
	    MESSAGE(message, acquisition_identify);
	struct acquisition_code_item *codes =
	    arena_array(turn->arena, asked->n_items, sizeof(*codes));
	const struct acquisition_identify_item *item;
	const struct organisation *organisation;
	struct network_person_row person;
	size_t i;

	TRY(find_receiver(turn, &asked->to, "relay", &organisation));
	for (i = 0; i < asked->n_items; i++) {
		item = &asked->items[i];
		codes[i].acquisition = item->acquisition;
		TRY(identify(
		    turn, &item->code, item->before, item->n_before, &person));
		TRY(give(turn, &person, organisation, &codes[i].code,
		    &codes[i].has_code));
	}
	if (asked->n_items == 0)
		return OK;

	return turn_tell(turn, &asked->to, acquisition_code,
	    &(struct acquisition_code){codes, asked->n_items});
}

/* The portal's code for the person, which it is told again if it holds it: a
 * counter's order is about the code that is there. */
static enum err
name(struct turn *turn, const struct enrolment_identified_item *item,
    const struct organisation *organisation, struct enrolment_code_item *ret)
{
	struct network_person_row person;
	struct network_holder_epoch_row held;
	bool is_new;

	ret->acquisition = item->acquisition;
	ret->step = item->step;
	ret->at = item->at;
	TRY(identify(turn, &item->code, item->before, item->n_before, &person));
	TRY(give(turn, &person, organisation, &ret->code, &is_new));
	if (is_new)
		return OK;
	TRY(network_holder_epoch(
	    turn->store, person.id, organisation->number, &held));

	return linkage_make(network_of(turn)->linkage, person.id,
	    (struct code_owner){organisation->number, (uint16_t)held.epoch},
	    &ret->code);
}

enum err
acquisition_enrol(struct turn *turn, const struct message *message)
{
	const struct enrolment_identified *asked =
	    MESSAGE(message, enrolment_identified);
	struct enrolment_code_item *codes =
	    arena_array(turn->arena, asked->n_items, sizeof(*codes));
	const struct organisation *organisation;
	size_t i;

	TRY(find_receiver(turn, &asked->to, "portal", &organisation));
	for (i = 0; i < asked->n_items; i++)
		TRY(name(turn, &asked->items[i], organisation, &codes[i]));
	if (asked->n_items == 0)
		return OK;

	return turn_tell(turn, &asked->to, enrolment_code,
	    &(struct enrolment_code){
		asked->municipality, codes, asked->n_items});
}

enum err
acquisition_recode(struct turn *turn, const struct message *message)
{
	const struct code_changed *changed = MESSAGE(message, code_changed);
	size_t i;

	for (i = 0; i < changed->n_items; i++)
		TRY(recode(
		    turn, &changed->items[i].from, &changed->items[i].to));

	return turn_audit(turn, "code.changed", SLICE(""), BASIS_OF_CHANGE);
}
