#include "systems/portal/discrepancies.h"

#include "components/keeper/keeper.h"
#include "messages/tokens.h"
#include "portal_rows.h"

#define LIST_MAX 5000

static enum err
check_keeper(
    struct turn *turn, const struct message *message, struct slice organisation)
{
	struct system_id keeper;
	enum err rc = keeper_of(turn, organisation, &keeper);

	TRY(rows_end(rc));
	if (rc || !system_id_equal(&keeper, &message->from))
		return problem_set(turn->problem, ERR_DENIED,
		    "field items: the sender is not the keeper of %.*s",
		    SLICE_ARG(organisation));

	return OK;
}

enum err
discrepancies_take(struct turn *turn, const struct message *message)
{
	const struct records_discrepancies *m =
	    MESSAGE(message, records_discrepancies);
	const struct records_discrepancies_row *row = m->items;

	for (; row < m->items + m->n_items; row++) {
		TRY(check_keeper(turn, message, row->organisation));
		TRY(portal_discrepancy_put(turn->store,
		    &(struct portal_discrepancy_put){
			.organisation = row->organisation,
			.month = row->month,
			.open = row->open,
			.explained = row->explained,
			.counted = m->at}));
	}

	return OK;
}

enum err
discrepancies_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct portal_discrepancies_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "discrepancies");
	portal_discrepancies_rows(turn->store, LIST_MAX, &q);
	while ((rc = portal_discrepancies_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "organisation", row.organisation);
		json_out_date(o, "month", row.month);
		json_out_int(o, "open", row.open);
		json_out_int(o, "explained", row.explained);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return OK;
}
