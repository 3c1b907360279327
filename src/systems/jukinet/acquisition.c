#include "systems/jukinet/acquisition.h"

#include "base/bug.h"
#include "jukinet_rows.h"
#include "messages/acquisition.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法21条の2、施行令27条")

/* The rows for the network, and the refusals for the sender. */
struct sorting {
	struct acquisition_identify_item *identified;
	size_t n_identified;
	struct acquisition_refused_item *refused;
	size_t n_refused;
};

static struct sorting
sorting_of(struct turn *turn, size_t n)
{
	struct sorting s = {0};

	s.identified = arena_array(turn->arena, n, sizeof(*s.identified));
	s.refused = arena_array(turn->arena, n, sizeof(*s.refused));

	return s;
}

static void
refuse(struct sorting *s, struct slice acquisition, struct slice reason)
{
	s->refused[s->n_refused++] =
	    (struct acquisition_refused_item){acquisition, reason};
}

/*
 * Identify a person to the network, by the current code and all former ones: the
 * network may know the person by a former code, while the news of the change is
 * still under way to it.
 */
static enum err
identify(struct turn *turn, struct sorting *s, struct slice acquisition,
    const struct number_owner *who)
{
	struct acquisition_identify_item *item =
	    &s->identified[s->n_identified++];

	item->acquisition = acquisition;
	item->code = resident_code_from_body(who->code_body);

	return person_former_codes(
	    turn, who->serial, who->code, &item->before, &item->n_before);
}

static enum err
tell_network(struct turn *turn, const struct sorting *s, struct system_id to)
{

	if (s->n_identified == 0)
		return OK;

	return turn_tell_usual(turn, NETWORK_USUAL, acquisition_identify,
	    &(struct acquisition_identify){
		.to = to, .items = s->identified, .n_items = s->n_identified});
}

/* --- By Individual Number ------------------------------------------------- */

/* Whether the person was known by these attributes before. */
static enum err
was_known_by(struct turn *turn, struct serial serial,
    const struct attributes *said, bool *ret)
{
	struct jukinet_former_identities_row row;
	struct attributes former;
	struct query q;
	enum err rc;

	*ret = false;
	jukinet_former_identities_rows(turn->store, serial, &q);
	while ((rc = jukinet_former_identities_next(&q, &row)) == OK) {
		former = ATTRIBUTES_OF_IDENTITY_OF(row);
		*ret |= attributes_confirm(turn->arena, said, &former);
	}

	return rows_end(rc);
}

/*
 * Whether the number is somebody's who has, or had, the attributes of the row.
 * A refusal takes the same work for a number that nobody has as for one whose
 * owner is somebody else.
 */
static enum err
check_owner(struct turn *turn, const struct attributes *said,
    struct number_owner *owner, bool *ret)
{
	bool is_owner = owner->serial.value != 0, fits;

	fits = attributes_confirm(turn->arena, said, &owner->attributes) ||
	    bug_is(BUG_OWNER_UNCHECKED);
	if (!is_owner || !fits) {
		TRY(numbers_work_alike(turn, owner));
		TRY(was_known_by(turn, owner->read, said, &fits));
	}
	*ret = is_owner && fits;

	return OK;
}

static enum err
sort_number(struct turn *turn, struct sorting *s,
    const struct acquisition_request_item *item, struct number_owner *owner)
{
	bool is_owner;

	TRY(check_owner(turn, &item->person, owner, &is_owner));
	if (!is_owner)
		refuse(s, item->acquisition, SLICE("no-match"));
	else if (!owner->is_current)
		refuse(s, item->acquisition, SLICE("former-number"));
	else
		TRY(identify(turn, s, item->acquisition, owner));

	/* Also for nobody: rows of persons were read to find that out. */
	return person_audit(turn, "acquisition.request", owner->serial, BASIS);
}

static enum err
find_owners(struct turn *turn, const struct acquisition_request *asked,
    struct number_owner *ret)
{
	struct individual_number *numbers =
	    arena_array(turn->arena, asked->n_items, sizeof(*numbers));
	size_t i;

	for (i = 0; i < asked->n_items; i++)
		numbers[i] = asked->items[i].number;

	return numbers_find(turn, numbers, asked->n_items, ret);
}

enum err
acquisition_request(struct turn *turn, const struct message *message)
{
	const struct acquisition_request *asked =
	    MESSAGE(message, acquisition_request);
	size_t i, n = asked->n_items;
	struct number_owner *owners =
	    arena_array(turn->arena, n, sizeof(*owners));
	struct sorting s = sorting_of(turn, n);
	struct system_id relay;

	TRY(find_owners(turn, asked, owners));
	for (i = 0; i < n; i++)
		TRY(sort_number(turn, &s, &asked->items[i], &owners[i]));
	TRY(system_id_of(
	    system_id_organisation(&message->from), "relay", &relay));
	TRY(tell_network(turn, &s, relay));

	return s.n_refused == 0
	    ? OK
	    : turn_tell(turn, &message->from, acquisition_refused,
		  &(struct acquisition_refused){s.refused, s.n_refused});
}

/* --- By Resident Record Code, for the portal ------------------------------ */

static enum err
sort_code(struct turn *turn, const struct message *message, struct sorting *s,
    const struct enrolment_identify_item *item)
{
	struct number_owner who = {0};
	struct person p = {0};
	enum err rc = person_of_code(turn, &item->code, message->time, &p);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (rc) {
		refuse(s, item->acquisition, SLICE("unknown-code"));
	} else if (!slice_equal(p.municipality,
		       system_id_organisation(&message->from))) {
		refuse(s, item->acquisition, SLICE("registered-elsewhere"));
	} else if (p.state == PERSON_DEAD) {
		refuse(s, item->acquisition, SLICE("deceased"));
	} else {
		who.serial = p.serial;
		who.code = p.code;
		TRY(designation_body(turn, p.code, &who.code_body));
		TRY(identify(turn, s, item->acquisition, &who));
	}

	return person_audit(turn, "enrolment.identify", p.serial, BASIS);
}

static bool
is_portal(struct turn *turn, const struct system_id *id)
{
	return slice_equal_string(system_id_name(id), "portal") &&
	    turn_has_peer(turn, id);
}

enum err
acquisition_enrol(struct turn *turn, const struct message *message)
{
	const struct enrolment_identify *asked =
	    MESSAGE(message, enrolment_identify);
	struct sorting s = sorting_of(turn, asked->n_items);
	size_t i;

	if (!is_portal(turn, &asked->to))
		return problem_set(turn->problem, ERR_INPUT,
		    "field for: is not a portal of the directory");
	for (i = 0; i < asked->n_items; i++)
		TRY(sort_code(turn, message, &s, &asked->items[i]));
	TRY(tell_network(turn, &s, asked->to));

	return s.n_refused == 0
	    ? OK
	    : turn_tell(turn, &message->from, enrolment_refused,
		  &(struct enrolment_refused){s.refused, s.n_refused});
}
