#include "systems/registry/support.h"

#include "base/bug.h"
#include "registry_rows.h"
#include "systems/registry/form.h"
#include "systems/registry/resident.h"

#define BASIS SLICE("住民基本台帳事務処理要領第5-10")

struct support_input {
	struct resident_id resident;
	struct date until;
	struct slice reason;
};
static const struct field fields[] = {
    FORM_RESIDENT(support_input),
    FIELD(support_input, until, DATE,
	"the last day; one that has passed ends the measure"),
    FIELD(support_input, reason, TEXT(200), "the request, and who supports it"),
};
const struct shape support_input_shape = SHAPE(support_input, fields);

enum err
support_post(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct support_input *i = INPUT(in, support_input);
	struct resident r;
	struct json_out *o;

	TRY(resident_load(turn, i->resident, &r));
	TRY(registry_support_put(turn->store,
	    &(struct registry_support_put){.resident = i->resident,
		.last_day = i->until,
		.reason = i->reason,
		.officer = turn->caller.name,
		.recorded_at = turn->now}));
	TRY(resident_audit(turn, "resident.support", i->resident, BASIS));
	o = reply_object(reply, 200);
	json_out_resident(o, "resident", i->resident);
	json_out_date(o, "until", i->until);

	return OK;
}

enum err
support_is(struct turn *turn, struct resident_id id, bool *ret)
{
	struct registry_support_find_row row = {{0}};
	enum err rc = registry_support_find(turn->store, id, &row);

	*ret = rc == OK && !bug_is(BUG_SUPPORT_IGNORED) &&
	    date_compare(row.last_day, date_in_japan(turn->now)) >= 0;

	return rows_end(rc);
}
