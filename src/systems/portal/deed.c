#include "systems/portal/deed.h"

#include "portal_rows.h"
#include "systems/portal/portal.h"

enum err
deed_add(struct turn *turn, struct slice resident, const char *what,
    struct slice municipality)
{
	return portal_deed_add(
	    turn->store, resident, turn->now, slice_of(what), municipality);
}

enum err
deed_put(struct turn *turn, struct slice resident, struct json_out *o)
{
	struct portal_deeds_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "sign_in");
	portal_deeds_rows(turn->store, resident, &q);
	while ((rc = portal_deeds_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_instant(o, "at", row.at);
		json_out_text(o, "what", row.what);
		json_out_text(o, "municipality", row.municipality);
		json_out_end(o);
	}
	json_out_end(o);

	return rows_end(rc);
}

enum err
deed_erase(struct turn *turn)
{
	return portal_deeds_erase(
	    turn->store, instant_plus(turn->now, -PORTAL_DEED_MS));
}
