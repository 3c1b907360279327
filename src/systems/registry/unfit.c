#include "systems/registry/unfit.h"

#include "registry_rows.h"
#include "systems/registry/form.h"
#include "systems/registry/resident.h"

static enum err
look_at(struct turn *turn, const struct registry_living_here_row *row,
    struct json_out *o)
{
	const struct attributes attributes = ATTRIBUTES_OF(*row);
	struct problem why;

	if (person_check_fit(
		turn->arena, &attributes, PERSON_CORRECTED_BY, &why) == OK)
		return OK;
	json_out_object(o, NULL);
	json_out_resident(o, "resident", row->resident);
	json_out_text(o, "problem", slice_of(why.text));
	json_out_end(o);

	return resident_audit(
	    turn, "resident.unfit", row->resident, (struct slice){0});
}

enum err
unfit_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id last = {INPUT(in, form_after)->after};
	struct json_out *o = reply_object(reply, 200);
	struct registry_living_here_row row;
	struct query q;
	enum err rc = OK;
	int64_t n = 0;

	json_out_array(o, "unfit");
	registry_living_here_rows(turn->store, last, UNFIT_STEP, &q);
	while (rc == OK && (rc = registry_living_here_next(&q, &row)) == OK) {
		last = row.resident;
		n++;
		rc = look_at(turn, &row, o);
	}
	query_done(&q);
	TRY(rows_end(rc));
	json_out_end(o);
	if (n == UNFIT_STEP)
		json_out_int(o, "next", last.value);

	return turn_audit(
	    turn, "residents.unfit", (struct slice){0}, (struct slice){0});
}
