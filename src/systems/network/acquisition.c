#include "systems/network/acquisition.h"

#include "base/bug.h"
#include "crypto/hash.h"
#include "messages/acquisition.h"
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
    const struct organisation *organisation, struct acquisition_code_item *ret)
{
	const struct linkage *linkage = network_of(turn)->linkage;
	struct code_owner owner = {
	    organisation->number, linkage_epoch(linkage)};

	TRY(network_holder_add(turn->store, person->id, owner.organisation,
	    owner.epoch, turn->now));
	ret->has_code = store_changes(turn->store) == 1;
	if (ret->has_code)
		TRY(linkage_make(linkage, person->id, owner, &ret->code));

	return turn_audit(turn, ret->has_code ? "code.give" : "code.held",
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

static enum err
identify(struct turn *turn, const struct acquisition_identify_item *item,
    const struct organisation *organisation, struct acquisition_code_item *ret)
{
	struct network_person_row person;
	size_t i;
	enum err rc;

	ret->acquisition = item->acquisition;
	for (i = 0; i < item->n_before; i++)
		TRY(recode(turn, &item->before[i], &item->code));
	rc = find(turn, &item->code, &person);
	if (rc == ERR_NOT_FOUND)
		rc = add(turn, &item->code, &person);
	if (rc == OK)
		rc = give(turn, &person, organisation, ret);

	return rc;
}

/* Codes go to a relay or a portal of an organisation that we know. */
static enum err
find_receiver(struct turn *turn, const struct system_id *id,
    const struct organisation **ret)
{
	struct slice name = system_id_name(id);

	*ret = organisation_find(network_of(turn), system_id_organisation(id));
	if (*ret != NULL && turn_has_peer(turn, id) &&
	    (slice_equal_string(name, "relay") ||
		slice_equal_string(name, "portal")))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "field for: is not a relay or portal that the network knows");
}

enum err
acquisition_identify(struct turn *turn, const struct message *message)
{
	const struct acquisition_identify *asked =
	    MESSAGE(message, acquisition_identify);
	const struct organisation *organisation;
	struct acquisition_code_item *codes =
	    arena_array(turn->arena, asked->n_items, sizeof(*codes));
	size_t i;

	TRY(find_receiver(turn, &asked->to, &organisation));
	for (i = 0; i < asked->n_items; i++)
		TRY(identify(turn, &asked->items[i], organisation, &codes[i]));
	if (asked->n_items == 0)
		return OK;

	return turn_tell(turn, &asked->to, acquisition_code,
	    &(struct acquisition_code){codes, asked->n_items});
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
