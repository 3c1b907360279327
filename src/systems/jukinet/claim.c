/* Claims: rows, and what the two municipalities are told. */
#include "systems/jukinet/claim.h"

#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "person/kinds.h"

#define OPEN_DAYS 10 /* of a budget, that a municipality may have open */

/* --- Rows ----------------------------------------------------------------- */

static const char *const states[] = {
    [CLAIM_SOUGHT] = "sought",
    [CLAIM_ASKED] = "asked",
    [CLAIM_HELD] = "held",
    [CLAIM_SETTLED] = "settled",
    [CLAIM_REFUSED] = "refused",
    [CLAIM_WITHDRAWN] = "withdrawn",
};

bool
claim_is_open(const struct claim *c)
{
	return c->ended.ms == 0;
}

struct slice
claim_state_name(const struct claim *c)
{
	return slice_of(states[c->state]);
}

/* As a column holds them; a code never stands in it. */
struct claim_details {
	struct attributes attributes;
	struct arrival_before before;
};
static const struct field details_fields[] = {
    OBJECT(claim_details, attributes, attributes, "the arrival's record"),
    OBJECT(claim_details, before, arrival_before, "the last stay"),
};
static const struct shape details_shape = SHAPE(claim_details, details_fields);

static struct slice
details_format(struct turn *turn, const struct claim *c)
{
	struct claim_details details = {c->attributes, c->before};
	struct json_out o;

	details.before.has_code = false;
	json_out_init(&o, turn->arena);
	shape_write(&details_shape, &details, &o, NULL);

	return json_out_finish(&o);
}

static enum err
claim_of_row(
    struct turn *turn, const struct jukinet_claim_row *row, struct claim *ret)
{
	struct claim_details details = {0};
	enum claim_state state = CLAIM_SOUGHT;

	while (!slice_equal_string(row->state, states[state])) {
		if (++state > CLAIM_WITHDRAWN)
			return ERR_CORRUPT;
	}
	if (!slice_is_empty(row->details) &&
	    shape_read_kept(&details_shape, turn->arena, row->details, &details,
		turn->problem))
		return ERR_CORRUPT;
	*ret = (struct claim){.id = row->claim,
	    .own = row->serial,
	    .municipality = row->municipality,
	    .said = row->said,
	    .state = state,
	    .until = row->until,
	    .due = row->due,
	    .person = row->person,
	    .asked = row->asked,
	    .reason = row->reason,
	    .names_code = row->has_known,
	    .known = row->known,
	    .before = details.before,
	    .attributes = details.attributes,
	    .evidence = row->evidence,
	    .officer = row->officer,
	    .reply = row->reply,
	    .reply_reason = row->reply_reason,
	    .reply_officer = row->reply_officer,
	    .ended = row->ended};

	return OK;
}

enum err
claim_load(struct turn *turn, struct slice id, struct claim *ret)
{
	struct jukinet_claim_row row;

	TRY(jukinet_claim_get(turn->store, turn->arena, id, &row));

	return claim_of_row(turn, &row, ret);
}

enum err
claim_of_arrival(struct turn *turn, struct serial own, struct claim *ret)
{
	struct jukinet_claim_row row;

	TRY(jukinet_claim_of_arrival(turn->store, turn->arena, own, &row));

	return claim_of_row(turn, &row, ret);
}

enum err
claim_of_person(struct turn *turn, struct serial person, struct slice other,
    struct claim *ret)
{
	struct jukinet_claim_row row;

	TRY(jukinet_claim_of_person(
	    turn->store, turn->arena, person, other, &row));

	return claim_of_row(turn, &row, ret);
}

enum err
claim_of_municipality(
    struct turn *turn, struct slice organisation, struct claim *ret)
{
	struct jukinet_claim_row row;

	TRY(jukinet_claim_of_revoked(
	    turn->store, turn->arena, organisation, &row));

	return claim_of_row(turn, &row, ret);
}

enum err
claim_due(struct turn *turn, struct claim *ret)
{
	struct jukinet_claim_due_row due;

	TRY(jukinet_claim_due(turn->store, turn->arena, turn->now, &due));

	return claim_load(turn, due.claim, ret);
}

static const struct instant *
or_null(const struct instant *t)
{
	return t->ms != 0 ? t : NULL;
}

enum err
claim_add(struct turn *turn, const struct claim *c)
{
	return jukinet_claim_add(turn->store,
	    &(struct jukinet_claim_add){.claim = c->id,
		.serial = c->own,
		.municipality = c->municipality,
		.said = c->said,
		.until = c->until,
		.due = or_null(&c->due),
		.known = c->names_code ? &c->known : NULL,
		.details = details_format(turn, c),
		.evidence = c->evidence,
		.officer = c->officer});
}

enum err
claim_store(struct turn *turn, const struct claim *c)
{
	return jukinet_claim_set(turn->store,
	    &(struct jukinet_claim_set){.claim = c->id,
		.state = claim_state_name(c),
		.until = c->until,
		.due = or_null(&c->due),
		.person = c->person.value != 0 ? &c->person : NULL,
		.asked = c->asked,
		.reason = c->reason,
		.reply = c->reply,
		.reply_reason = c->reply_reason,
		.reply_officer = c->reply_officer,
		.ended = or_null(&c->ended)});
}

enum err
claim_erase(struct turn *turn, const struct claim *c)
{
	return jukinet_claim_erase(turn->store, c->id);
}

enum err
claim_is_full(struct turn *turn, struct slice municipality, bool *ret)
{
	struct jukinet_claim_open_of_row row;
	int64_t a_day;

	TRY(budget_level(turn, BUDGET_CLAIMS, municipality, &a_day));
	TRY(jukinet_claim_open_of(turn->store, municipality, &row));
	*ret = row.n >= OPEN_DAYS * a_day;

	return OK;
}

/* --- Telling -------------------------------------------------------------- */

enum err
claim_registry(
    struct turn *turn, struct slice organisation, struct system_id *ret)
{
	if (system_id_of(organisation, "registry", ret) ||
	    !turn_has_peer(turn, ret) || turn_is_revoked(turn, ret))
		return ERR_NOT_FOUND;

	return OK;
}

enum err
claim_tell(struct turn *turn, const struct claim *c)
{
	const bool has_term =
	    c->state == CLAIM_SOUGHT || c->state == CLAIM_ASKED;
	struct system_id registry;

	if (c->state == CLAIM_SETTLED || c->state == CLAIM_WITHDRAWN ||
	    claim_registry(turn, c->municipality, &registry))
		return OK;

	return turn_tell(turn, &registry, arrival_state,
	    &(struct arrival_state){.claim = c->id,
		.state = claim_state_name(c),
		.until = c->until,
		.has_until = has_term,
		.reason = c->state == CLAIM_REFUSED ? c->reason : SLICE("")});
}

enum err
claim_ask(struct turn *turn, const struct claim *c)
{
	struct arrival_notice notice = {.claim = c->id,
	    .by = c->municipality,
	    .attributes = c->attributes,
	    .before = c->before,
	    .evidence = c->evidence,
	    .until = c->until};
	struct system_id registry;
	struct person p;

	TRY(claim_registry(turn, c->asked, &registry));
	TRY(person_find(turn, c->person, &p));
	TRY(designation_code(turn, p.code, &notice.code));
	notice.before.has_code = c->names_code;
	notice.before.code = notice.code;

	return turn_tell(turn, &registry, arrival_notice, &notice);
}

enum err
claim_tell_end(struct turn *turn, const struct claim *c)
{
	struct system_id registry;

	if (claim_registry(turn, c->asked, &registry))
		return OK;

	return turn_tell(turn, &registry, arrival_ended,
	    &(struct arrival_ended){c->id, claim_state_name(c)});
}
