#include "systems/jukinet/acquisition.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/acquisition.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法21条の2、施行令27条")
#define STOPPED SLICE("stopped")

/* The rows for the network, and the refusals for the sender. */
struct sorting {
	struct acquisition_identify_item *identified;
	size_t n_identified;
	struct acquisition_refused_item *refused;
	size_t n_refused;
	bool is_stopped; /* one of them is */
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
	s->is_stopped |= slice_equal(reason, STOPPED);
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

/* A row of a request, on its way to an answer. */
struct asked {
	const struct acquisition_request_item *item;
	struct number_owner *owner;
	bool is_owner; /* has or had number and attributes */
	bool is_known; /* lives or lived in the asker's municipality */
};

/* A request, with what it may use of the asker's budgets. */
struct asking {
	struct slice organisation;
	struct sorting sorting;
	struct budget miss, stranger;
};

/* Set what the records of before say about the row's owner. */
static enum err
look_back(struct turn *turn, struct slice organisation, struct asked *a)
{
	struct jukinet_former_identities_row row;
	struct attributes former;
	struct query q;
	enum err rc;

	jukinet_former_identities_rows(turn->store, a->owner->read, &q);
	while ((rc = jukinet_former_identities_next(&q, &row)) == OK) {
		former = ATTRIBUTES_OF_IDENTITY_OF(row);
		a->is_owner |=
		    attributes_confirm(turn->arena, &a->item->person, &former);
		a->is_known |= slice_equal(row.municipality, organisation);
	}

	return rows_end(rc);
}

/*
 * Judge whether the number is somebody's who has, or had, the attributes of the
 * row.  A refusal takes the same work for a number that nobody has as for one
 * whose owner is somebody else.
 */
static enum err
check_owner(struct turn *turn, struct slice organisation, struct asked *a)
{
	struct number_owner *owner = a->owner;
	bool exists = owner->serial.value != 0;

	a->is_owner = attributes_confirm(
			  turn->arena, &a->item->person, &owner->attributes) ||
	    bug_is(BUG_OWNER_UNCHECKED);
	a->is_known = slice_equal(owner->municipality, organisation);
	if (!exists || !a->is_owner)
		TRY(numbers_work_alike(turn, owner));
	if (!exists || !a->is_owner || !a->is_known)
		TRY(look_back(turn, organisation, a));
	a->is_owner = a->is_owner && exists;

	return OK;
}

/* Identify the owner, unless the asker has used up its budget of strangers. */
static enum err
identify_owner(struct turn *turn, struct asking *g, const struct asked *a)
{
	bool is_within = true;

	if (!a->is_known)
		TRY(budget_take(turn, &g->stranger, 1, &is_within));
	if (is_within)
		return identify(
		    turn, &g->sorting, a->item->acquisition, a->owner);
	refuse(&g->sorting, a->item->acquisition, STOPPED);

	return OK;
}

static enum err
sort_number(struct turn *turn, struct asking *g, struct asked *a)
{
	struct slice acquisition = a->item->acquisition;
	bool may_miss;

	TRY(budget_has(turn, &g->miss, &may_miss));
	budget_ask(&g->miss, may_miss);
	TRY(check_owner(turn, g->organisation, a));
	if (!may_miss || !a->is_owner)
		TRY(budget_take(turn, &g->miss, 1, &may_miss));
	if (!may_miss)
		refuse(&g->sorting, acquisition, STOPPED);
	else if (!a->is_owner)
		refuse(&g->sorting, acquisition, SLICE("no-match"));
	else if (!a->owner->is_current)
		refuse(&g->sorting, acquisition, SLICE("former-number"));
	else
		TRY(identify_owner(turn, g, a));

	/* Also for nobody: rows of persons were read to find that out. */
	return person_audit(
	    turn, "acquisition.request", a->owner->serial, BASIS);
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

static enum err
sort_numbers(struct turn *turn, struct asking *g,
    const struct acquisition_request *asked)
{
	struct number_owner *owners =
	    arena_array(turn->arena, asked->n_items, sizeof(*owners));
	struct asked a;
	size_t i;

	TRY(find_owners(turn, asked, owners));
	for (i = 0; i < asked->n_items; i++) {
		a = (struct asked){
		    .item = &asked->items[i], .owner = &owners[i]};
		TRY(sort_number(turn, g, &a));
	}

	return OK;
}

/* Nothing is looked up for an organisation that has missed too often. */
static enum err
stop_all(struct turn *turn, struct asking *g,
    const struct acquisition_request *asked)
{
	bool is_within;
	size_t i;

	for (i = 0; i < asked->n_items; i++) {
		TRY(budget_take(turn, &g->miss, 1, &is_within));
		refuse(&g->sorting, asked->items[i].acquisition, STOPPED);
	}

	return turn_audit(turn, "acquisition.stop", SLICE(""), BASIS);
}

static enum err
answer_refused(
    struct turn *turn, const struct message *message, const struct sorting *s)
{
	return s->n_refused == 0
	    ? OK
	    : turn_tell(turn, &message->from, acquisition_refused,
		  &(struct acquisition_refused){.items = s->refused,
		      .n_items = s->n_refused,
		      .until = budget_renews(turn),
		      .has_until = s->is_stopped});
}

enum err
acquisition_request(struct turn *turn, const struct message *message)
{
	const struct acquisition_request *asked =
	    MESSAGE(message, acquisition_request);
	struct asking g = {
	    .organisation = system_id_organisation(&message->from),
	    .sorting = sorting_of(turn, asked->n_items)};
	struct system_id relay;
	bool may_miss;

	TRY(system_id_of(g.organisation, "relay", &relay));
	TRY(budget_open(turn, BUDGET_MISS, g.organisation, &g.miss));
	TRY(budget_open(turn, BUDGET_STRANGER, g.organisation, &g.stranger));
	TRY(budget_has(turn, &g.miss, &may_miss));
	TRY(may_miss ? sort_numbers(turn, &g, asked)
		     : stop_all(turn, &g, asked));
	TRY(budget_close(turn, &g.miss));
	TRY(budget_close(turn, &g.stranger));
	TRY(tell_network(turn, &g.sorting, relay));

	return answer_refused(turn, message, &g.sorting);
}
