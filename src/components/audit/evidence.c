/* Evidence of an exchange (host/evidence.h), shown with its proofs. */
#include "components/audit/audit.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/witness.h"
#include "wire/evidence_format.h"

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
	struct audit_evidence_of_row row;
	json_t *message;
	struct query q;
	enum err rc;

	audit_evidence_of_rows(turn->store, exchange, &q);
	while ((rc = audit_evidence_of_next(&q, &row)) == OK) {
		message = json_object();
		json_put_text(message, "envelope", row.envelope);
		if (row.waybill.data != NULL)
			json_put_text(message, "waybill", row.waybill);
		else
			json_put_text(message, "receipt", row.receipt);
		json_array_append_new(messages, message);
		json_array_append_new(entries, json_integer(row.entry));
	}

	return rows_end(rc);
}

enum err
audit_evidence(struct turn *turn, struct slice exchange, json_t **ret)
{
	json_t *messages = json_array(), *entries = json_array(), *body;
	size_t i;
	enum err rc;

	rc = list(turn, exchange, messages, entries);
	if (rc == OK && json_array_size(messages) == 0)
		rc = ERR_NOT_FOUND;
	/* Who asks will want the ledger's head signed by others, too. */
	turn_hurry(turn, WITNESS_TIMER);
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
