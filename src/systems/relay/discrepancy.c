#include "systems/relay/discrepancy.h"

#include "messages/tokens.h"
#include "relay_rows.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法23条")

/* Our record of the exchange, by its id.  ERR_NOT_FOUND if it is erased. */
static enum err
find(struct turn *turn, const struct keeper_discrepancy *d,
    struct relay_correction_row *ret)
{
	return slice_equal_string(d->side, SIDE_ASKED)
	    ? relay_inquiry_correction(turn->store, turn->arena, d->record, ret)
	    : relay_provision_correction(
		  turn->store, turn->arena, d->record, ret);
}

static enum err
write_person(
    struct turn *turn, const struct keeper_discrepancy *d, struct json_out *o)
{
	char text[INTERNAL_NUMBER_DIGITS + 1];
	struct relay_correction_row row;
	enum err rc;

	if (slice_is_empty(d->record))
		return OK;
	json_out_text(o,
	    slice_equal_string(d->side, SIDE_ASKED) ? "inquiry" : "permit",
	    d->record);
	rc = find(turn, d, &row);
	if (rc)
		return rows_end(rc);
	internal_number_format(row.internal, text);
	json_out_text(o, "internal_number", slice_of(text));

	return relay_audit(turn, "discrepancy.read", row.internal, BASIS);
}

enum err
discrepancy_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	int64_t after = INPUT(in, keeper_page_input)->after;
	struct json_out *o = reply_object(reply, 200);
	const struct keeper_discrepancy *all;
	size_t i, n;

	TRY(keeper_discrepancies(turn, after, &all, &n));
	json_out_array(o, "discrepancies");
	for (i = 0; i < n; i++) {
		json_out_object(o, NULL);
		keeper_write(&all[i], o);
		TRY(write_person(turn, &all[i], o));
		json_out_end(o);
	}
	json_out_end(o);
	if (n == KEEPER_PAGE)
		json_out_int(o, "next", all[n - 1].seq);

	return OK;
}
