#include "systems/registry/tally.h"

#include "registry_statements.h"

enum err
tally_load(struct turn *turn, struct tally *ret)
{
	struct tally t = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_TALLY_GET, &q);
	rc = query_step(&q);
	if (rc == OK) {
		t.last_resident = column_int(&q, "last_resident");
		t.last_household = column_int(&q, "last_household");
		t.residents = column_int(&q, "residents");
		t.coded = column_int(&q, "coded");
		t.uncoded = column_int(&q, "uncoded");
		t.requested = column_int(&q, "requested");
		t.numbered = column_int(&q, "numbered");
		t.refused = column_int(&q, "refused");
		t.notices = column_int(&q, "notices");
		t.pool = column_int(&q, "pool");
		t.imports = column_int(&q, "imports");
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = OK;
	if (rc == OK)
		*ret = t;

	return rc;
}

enum err
tally_store(struct turn *turn, const struct tally *t)
{
	struct query q;

	store_query(turn->store, REGISTRY_TALLY_PUT, &q);
	query_int(&q, "last_resident", t->last_resident);
	query_int(&q, "last_household", t->last_household);
	query_int(&q, "residents", t->residents);
	query_int(&q, "coded", t->coded);
	query_int(&q, "uncoded", t->uncoded);
	query_int(&q, "requested", t->requested);
	query_int(&q, "numbered", t->numbered);
	query_int(&q, "refused", t->refused);
	query_int(&q, "notices", t->notices);
	query_int(&q, "pool", t->pool);
	query_int(&q, "imports", t->imports);

	return query_run(&q);
}
