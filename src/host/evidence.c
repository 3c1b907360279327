#include "host/evidence.h"

#include "base/bug.h"
#include "host/ledger.h"
#include "host/node_internal.h"
#include "host/witness.h"
#include "wire/evidence_format.h"

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

enum err
evidence_settle(struct turn *turn, int64_t outbox_seq, int64_t receipt)
{
	struct query q;

	store_query(turn->store, HOST_EVIDENCE_SENT, &q);
	query_int(&q, "seq", outbox_seq);
	query_int(&q, "receipt", receipt);
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

enum err
evidence_keep_receipt(struct turn *turn, int64_t receipt)
{
	struct query q;

	store_query(turn->store, HOST_RECEIPT_KEEP, &q);
	query_int(&q, "seq", receipt);

	return query_run(&q);
}

/* --- Showing ------------------------------------------------------------- */

/* The entry's proof; null while it is not in the ledger. */
static enum err
put_proof(struct turn *turn, json_t *message, int64_t seq)
{
	struct ledger_proof proof;
	enum err rc = ledger_prove(turn->store, turn->arena, seq, &proof);

	if (rc == OK)
		json_put(message, "proof", ledger_proof_json(&proof));
	else if (rc == ERR_NOT_FOUND)
		json_put(message, "proof", json_null());

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* The messages without their proofs, and which entries those are of. */
static enum err
list(
    struct turn *turn, struct slice exchange, json_t *messages, json_t *entries)
{
	struct query q;
	enum err rc;

	store_query(turn->store, HOST_EVIDENCE_OF, &q);
	query_text(&q, "exchange", exchange);
	while ((rc = query_step(&q)) == OK) {
		json_t *message = json_object();
		const char *paper =
		    column_is_null(&q, "waybill") ? "receipt" : "waybill";

		json_put_text(message, "envelope", column_text(&q, "envelope"));
		json_put_text(message, paper, column_text(&q, paper));
		json_array_append_new(messages, message);
		json_array_append_new(
		    entries, json_integer(column_int(&q, "entry")));
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
evidence_of(struct turn *turn, struct slice exchange, json_t **ret)
{
	json_t *messages = json_array(), *entries = json_array(), *body;
	size_t i;
	enum err rc;

	rc = list(turn, exchange, messages, entries);
	if (rc == OK && json_array_size(messages) == 0)
		rc = ERR_NOT_FOUND;
	/* Who asks will want the ledger's head signed by others, too. */
	turn_hurry(turn, witness_timer.name);
	for (i = 0; rc == OK && i < json_array_size(messages); i++)
		rc = put_proof(turn, json_array_get(messages, i),
		    json_integer_value(json_array_get(entries, i)));
	json_decref(entries);
	if (rc) {
		json_decref(messages);
		return rc;
	}
	body = json_object();
	json_put_text(body, "format", SLICE(EVIDENCE_FORMAT));
	json_put_text(body, "holder", slice_of(turn_self(turn)->text));
	json_put_text(body, "exchange", exchange);
	json_put(body, "messages", messages);
	*ret = body;

	return OK;
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
