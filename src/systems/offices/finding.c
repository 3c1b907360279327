#include "systems/offices/finding.h"

#include "host/once.h"
#include "messages/inquiries.h"
#include "offices_rows.h"
#include "systems/offices/offices.h"

/* --- Asking ---------------------------------------------------------------- */

struct offices_search_input {
	struct office_provider_search asked;
	struct slice unit;
};
static const struct field search_fields[] = {
    FIELD_AS(offices_search_input, asked.search, "search", ID,
	"a new id for the search"),
    FIELD_AS(offices_search_input, asked.business_number, "business_number",
	BUSINESS_NUMBER, "the person's business number"),
    OFFICES_AFFAIR(offices_search_input, asked.affair),
    OFFICES_ITEM(offices_search_input, asked.item),
    OFFICES_MATTER(offices_search_input, asked.matter),
    OPTION(offices_search_input, unit, UNIT, "the organisation unit that asks"),
};
const struct shape offices_search_input_shape =
    SHAPE(offices_search_input, search_fields);

/* The id is taken: OK if it is this search's, else ERR_CONFLICT. */
static enum err
check_same(struct turn *turn, struct slice search, struct slice content)
{
	struct offices_search_find_row held;

	TRY(offices_search_find(turn->store, turn->arena, search, &held));

	return once_check(turn, "search", held.content, content);
}

enum err
finding_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_search_input *i = INPUT(in, offices_search_input);
	const struct office_provider_search *asked = &i->asked;
	struct office_provider_search said = *asked;
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct slice content =
	    once_content(turn, message_office_provider_search.shape, asked);

	offices_matter(turn, &said.matter, asked->search, i->unit);
	TRY(offices_search_add(turn->store,
	    &(struct offices_search_add){
		.search = asked->search,
		.business_number = asked->business_number,
		.affair = asked->affair,
		.item = asked->item,
		.clerk = turn->caller.name,
		.asked = turn->now,
		.content = content,
	    }));
	TRY(store_changes(turn->store) == 1
		? turn_tell(turn, &addressee, office_provider_search, &said)
		: check_same(turn, asked->search, content));
	json_out_text(reply_object(reply, 201), "search", asked->search);

	return turn_audit(
	    turn, "provider.search", asked->business_number, asked->affair);
}

/* --- Answers --------------------------------------------------------------- */

/* A JSON array. */
static struct slice
array_of(struct turn *turn, const struct slice *texts, size_t n)
{
	struct json_out o;
	size_t i;

	json_out_init(&o, turn->arena);
	json_out_array(&o, NULL);
	for (i = 0; i < n; i++)
		json_out_text(&o, NULL, texts[i]);

	return json_out_finish(&o);
}

enum err
finding_found(struct turn *turn, const struct message *message)
{
	const struct provider_found *found = MESSAGE(message, provider_found);
	struct offices_search_find_row held;

	TRY(offices_search_found(turn->store,
	    &(struct offices_search_found){
		.found = array_of(
		    turn, found->organisations, found->n_organisations),
		.reason = found->reason,
		.article = found->article,
		.answered = turn->now,
		.search = found->search,
	    }));
	if (store_changes(turn->store) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field search: these offices made no such search, or "
		    "it was answered");
	offices_wake(turn, "search", found->search);

	TRY(offices_search_find(
	    turn->store, turn->arena, found->search, &held));

	return turn_audit(
	    turn, "provider.found", held.business_number, held.affair);
}

/* --- Reading --------------------------------------------------------------- */

static void
describe(const struct offices_search_find_row *row, struct json_out *o)
{
	json_out_text(o, "business_number", row->business_number);
	json_out_text(o, "affair", row->affair);
	json_out_text(o, "item", row->item);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "article", row->article);
	json_out_text(o, "state",
	    row->has_answered ? SLICE("answered") : SLICE("waiting"));
	if (!slice_is_empty(row->found))
		json_out_raw(o, "organisations", row->found);
}

struct offices_search_wait_input {
	struct slice search;
	int64_t wait;
};
static const struct field wait_fields[] = {
    FIELD(offices_search_wait_input, search, ID, "the search's id"),
    OFFICES_WAIT(offices_search_wait_input),
};
const struct shape offices_search_wait_input_shape =
    SHAPE(offices_search_wait_input, wait_fields);

enum err
finding_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_search_wait_input *i =
	    INPUT(in, offices_search_wait_input);
	struct offices_search_find_row row;
	enum err rc;

	rc = offices_search_find(turn->store, turn->arena, i->search, &row);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "there is no such search");
	TRY(rc);
	TRY(turn_audit(turn, "search.read", row.business_number, row.affair));
	if (row.has_answered ||
	    !offices_wait(turn, in, reply, "search", i->search, i->wait))
		describe(&row, reply_object(reply, 200));

	return OK;
}
