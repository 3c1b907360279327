#include "systems/registry/restored.h"

#include "messages/numbering.h"
#include "systems/registry/news.h"

#define BASIS SLICE("住民基本台帳法14条")

static enum err
apply(
    struct turn *turn, const struct identity_restored *told, struct resident *r)
{
	const struct event event = {.name = "restored",
	    .audit = "resident.restore",
	    .date = told->date,
	    .basis = BASIS};
	const bool lives_here = slice_equal_string(told->state, "resident") &&
	    slice_equal(told->municipality, turn_organisation(turn));
	const enum resident_state state =
	    lives_here ? RESIDENT_CURRENT : RESIDENT_MOVED_OUT;

	if (r->state == state)
		return OK;
	r->state = state;
	TRY(resident_change(turn, &event, r));

	return news_changed(turn, &event, r, 1);
}

enum err
restored_take(struct turn *turn, const struct message *message)
{
	const struct identity_restored *told =
	    MESSAGE(message, identity_restored);
	struct resident_id id;
	struct resident r;
	enum err rc = resident_find_code(turn, &told->code, &id);

	if (rc == OK)
		rc = resident_load(turn, id, &r);
	if (rc == OK)
		rc = apply(turn, told, &r);
	TRY(rows_end(rc));

	return turn_audit(turn, "identity.restored", (struct slice){0}, BASIS);
}
