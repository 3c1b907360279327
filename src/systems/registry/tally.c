#include "systems/registry/tally.h"

#include "registry_rows.h"

enum err
tally_load(struct turn *turn, struct tally *ret)
{
	struct registry_tally_get_row row;
	enum err rc = registry_tally_get(turn->store, &row);

	if (rc == OK)
		*ret = (struct tally){.last_resident = row.last_resident,
		    .last_household = row.last_household,
		    .residents = row.residents,
		    .coded = row.coded,
		    .uncoded = row.uncoded,
		    .requested = row.requested,
		    .numbered = row.numbered,
		    .refused = row.refused,
		    .notices = row.notices,
		    .pool = row.pool,
		    .imports = row.imports};
	else if (rc == ERR_NOT_FOUND)
		*ret = (struct tally){0};

	return rows_end(rc);
}

enum err
tally_store(struct turn *turn, const struct tally *t)
{
	return registry_tally_put(turn->store,
	    &(struct registry_tally_put){.last_resident = t->last_resident,
		.last_household = t->last_household,
		.residents = t->residents,
		.coded = t->coded,
		.uncoded = t->uncoded,
		.requested = t->requested,
		.numbered = t->numbered,
		.refused = t->refused,
		.notices = t->notices,
		.pool = t->pool,
		.imports = t->imports});
}
