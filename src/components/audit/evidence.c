/* Evidence of an exchange (host/evidence.h), shown with its proofs. */
#include "components/audit/audit.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/witness.h"
#include "wire/evidence_format.h"

/* A message that is kept, and the audit entry of its turn. */
struct kept {
	struct slice envelope, waybill, receipt;
	int64_t entry;
};

/* The most messages that belong to an exchange. */
#define KEPT_MAX 64

static enum err
load(struct turn *turn, struct slice exchange, struct kept *ret, size_t *ret_n)
{
	struct audit_evidence_of_row row;
	struct query q;
	size_t n = 0;
	enum err rc;

	audit_evidence_of_rows(turn->store, exchange, &q);
	while ((rc = audit_evidence_of_next(&q, &row)) == OK && n < KEPT_MAX)
		ret[n++] = (struct kept){
		    .envelope = arena_copy(turn->arena, row.envelope),
		    .waybill = arena_copy(turn->arena, row.waybill),
		    .receipt = arena_copy(turn->arena, row.receipt),
		    .entry = row.entry};
	query_done(&q);
	*ret_n = n;
	if (rc == OK)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "more than %d messages are kept of this exchange",
		    KEPT_MAX);

	return rows_end(rc);
}

/* The entry's proof; null while it is not in the ledger. */
static enum err
write_proof(struct turn *turn, int64_t seq, struct json_out *o)
{
	struct ledger_proof proof;
	enum err rc = ledger_prove(turn->store, turn->arena, seq, &proof);

	if (rc == ERR_NOT_FOUND)
		json_out_null(o, "proof");
	if (rc)
		return rows_end(rc);
	json_out_object(o, "proof");
	ledger_proof_write(&proof, o);
	json_out_end(o);

	return OK;
}

static enum err
write_message(struct turn *turn, const struct kept *k, struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "envelope", k->envelope);
	if (k->waybill.len > 0)
		json_out_text(o, "waybill", k->waybill);
	else
		json_out_text(o, "receipt", k->receipt);
	TRY(write_proof(turn, k->entry, o));
	json_out_end(o);

	return OK;
}

enum err
audit_evidence(struct turn *turn, struct slice exchange, struct reply *reply)
{
	struct kept kept[KEPT_MAX];
	struct json_out *o;
	size_t i, n;

	TRY(load(turn, exchange, kept, &n));
	if (n == 0)
		return ERR_NOT_FOUND;
	/* The caller will need the ledger's head signed by others, too. */
	turn_hurry(turn, WITNESS_TIMER);
	o = reply_object(reply, 200);
	json_out_text(o, "format", SLICE(EVIDENCE_FORMAT));
	json_out_text(o, "holder", slice_of(turn_self(turn)->text));
	json_out_text(o, "exchange", exchange);
	json_out_array(o, "messages");
	for (i = 0; i < n; i++)
		TRY(write_message(turn, &kept[i], o));
	json_out_end(o);

	return OK;
}
