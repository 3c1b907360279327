#include "systems/jukinet/enrolment.h"

#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/enrolment.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法附則6条")

/* The rows of a message: those for the network, and those that are refused. */
struct sorting {
	struct slice municipality;
	struct budget budget;
	struct enrolment_identified_item *identified;
	size_t n_identified;
	struct acquisition_refused_item *refused;
	size_t n_refused;
	bool is_stopped; /* one of them is */
};

static void
refuse(struct sorting *s, struct slice acquisition, const char *reason)
{
	s->refused[s->n_refused++] =
	    (struct acquisition_refused_item){acquisition, slice_of(reason)};
}

/*
 * The person who has or had a code, if that is a living person whom the
 * municipality registered; otherwise *ret_is_own is false, after the same work
 * whether the code is another's or nobody's.  The news of a changed code may be
 * on its way, so that both are told after an hour.
 */
static enum err
find_own(struct turn *turn, struct slice municipality,
    const struct resident_code *code, struct person *ret, bool *ret_is_own)
{
	struct designated d;
	struct serial owner;
	enum err rc;

	TRY(designation_of(turn, code, &d));
	TRY(designation_person(turn, d.serial, &owner));
	rc = person_find(turn, owner, ret);
	*ret_is_own = rc == OK &&
	    slice_equal(ret->municipality, municipality) &&
	    ret->state != PERSON_DEAD;

	return rows_end(rc);
}

/* Name the person to the network, by today's code and all earlier ones. */
static enum err
identify(struct turn *turn, struct sorting *s,
    const struct enrolment_identify_item *asked, const struct person *p)
{
	struct enrolment_identified_item *item =
	    &s->identified[s->n_identified++];
	uint64_t body;

	item->acquisition = asked->acquisition;
	item->step = asked->step;
	item->at = asked->at;
	TRY(designation_body(turn, p->code, &body));
	item->code = resident_code_from_body(body);

	return person_former_codes(
	    turn, p->serial, p->code, &item->before, &item->n_before);
}

static enum err
sort(struct turn *turn, const struct message *message, struct sorting *s,
    const struct enrolment_identify_item *item)
{
	struct person p = {0};
	bool is_own, is_within;

	TRY(budget_take(turn, &s->budget, 1, &is_within));
	if (!is_within) {
		s->is_stopped = true;
		refuse(s, item->acquisition, "stopped");
		return OK;
	}
	TRY(find_own(turn, s->municipality, &item->code, &p, &is_own));
	if (!is_own && turn->now.ms - message->time.ms < JUKINET_PATIENCE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "no living resident of yours is known by such a code yet");
	if (is_own)
		TRY(identify(turn, s, item, &p));
	else
		refuse(s, item->acquisition, "not-yours");

	return person_audit(turn, "enrolment.identify", p.serial, BASIS);
}

static enum err
tell_network(
    struct turn *turn, const struct sorting *s, const struct system_id *portal)
{
	return s->n_identified == 0
	    ? OK
	    : turn_tell_usual(turn, NETWORK_USUAL, enrolment_identified,
		  &(struct enrolment_identified){.to = *portal,
		      .municipality = s->municipality,
		      .items = s->identified,
		      .n_items = s->n_identified});
}

static enum err
tell_registry(struct turn *turn, const struct sorting *s,
    const struct system_id *registry)
{
	return s->n_refused == 0
	    ? OK
	    : turn_tell(turn, registry, enrolment_refused,
		  &(struct enrolment_refused){.items = s->refused,
		      .n_items = s->n_refused,
		      .until = budget_renews(turn),
		      .has_until = s->is_stopped});
}

static bool
is_portal(struct turn *turn, const struct system_id *id)
{
	return slice_equal_string(system_id_name(id), "portal") &&
	    turn_has_peer(turn, id);
}

enum err
enrolment_take(struct turn *turn, const struct message *message)
{
	const struct enrolment_identify *asked =
	    MESSAGE(message, enrolment_identify);
	size_t n = asked->n_items, i;
	struct sorting s = {
	    .municipality = system_id_organisation(&message->from)};

	if (!is_portal(turn, &asked->to))
		return problem_set(turn->problem, ERR_INPUT,
		    "field for: is not a portal of the directory");
	s.identified = arena_array(turn->arena, n, sizeof(*s.identified));
	s.refused = arena_array(turn->arena, n, sizeof(*s.refused));
	TRY(budget_open(turn, BUDGET_ENROLMENTS, s.municipality, &s.budget));
	for (i = 0; i < n; i++)
		TRY(sort(turn, message, &s, &asked->items[i]));
	TRY(budget_close(turn, &s.budget));
	TRY(tell_network(turn, &s, &asked->to));

	return tell_registry(turn, &s, &message->from);
}
