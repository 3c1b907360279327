#include "host/evidence.h"

#include "base/bug.h"
#include "host/node_internal.h"

/* --- Keeping ------------------------------------------------------------- */

static enum err
keep_waybill(struct turn *turn, struct taken *taken)
{
	struct query q;
	enum err rc;

	if (taken->waybill_seq != 0)
		return OK;
	store_query(turn->store, HOST_WAYBILL_PUT, &q);
	query_text(&q, "text", taken->waybill);
	query_int(&q, "received", turn->now.ms);
	rc = query_step(&q);
	if (rc == OK)
		taken->waybill_seq = column_int(&q, "seq");
	query_done(&q);

	return rc;
}

static enum err
keep_taken(struct turn *turn, struct taken *taken)
{
	struct query q;
	enum err rc = keep_waybill(turn, taken);

	if (rc)
		return rc;
	store_query(turn->store, HOST_EVIDENCE_RECEIVED, &q);
	query_text(&q, "exchange", turn->exchange);
	query_text(&q, "envelope", taken->envelope);
	query_int(&q, "waybill", taken->waybill_seq);
	query_int(&q, "entry", turn->entry);
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

/* There is one writer: the newest entry is this turn's. */
static enum err
note_entry(struct turn *turn)
{
	struct query q;
	enum err rc;

	store_query(turn->store, HOST_AUDIT_NEWEST, &q);
	rc = query_step(&q);
	if (rc == OK)
		turn->entry = column_int(&q, "seq");
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
turn_evidence(struct turn *turn, struct slice exchange)
{
	struct slice peer = system_id_organisation(&turn->caller.peer);
	bool is_first = slice_is_empty(turn->exchange);
	enum err rc;

	if (slice_equal(turn->exchange, exchange) ||
	    (!is_first && bug_is(BUG_EVIDENCE_FIRST)))
		return OK;
	/* The caller's text may go before the turn does. */
	turn->exchange = arena_copy(turn->arena, exchange);
	rc = note_entry(turn);
	/* A timer may end several exchanges; a message is about one. */
	if (rc || !is_first || turn->taken == NULL ||
	    slice_equal(peer, turn_organisation(turn)))
		return rc;

	return keep_taken(turn, turn->taken);
}

/* --- Time ---------------------------------------------------------------- */

enum err
evidence_erase(struct turn *turn, struct instant before, bool *ret_more)
{
	static const int all[] = {
	    HOST_EVIDENCE_ERASE, HOST_WAYBILL_ERASE, HOST_RECEIPT_DROP};
	struct query q;
	size_t i;
	enum err rc = OK;

	*ret_more = false;
	for (i = 0; rc == OK && i < sizeof(all) / sizeof(all[0]); i++) {
		store_query(turn->store, all[i], &q);
		query_int(&q, "before", before.ms);
		query_int(&q, "limit", ERASE_MAX);
		rc = query_run(&q);
		if (rc == OK && query_changes(&q) == ERASE_MAX)
			*ret_more = true;
	}

	return rc;
}
