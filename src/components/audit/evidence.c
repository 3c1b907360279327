/* Evidence of an exchange (host/evidence.h), shown with its proofs. */
#include "host/evidence.h"
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

struct collection {
	struct kept all[KEPT_MAX];
	size_t n;
};

static enum err
open_row(struct turn *turn, const struct audit_evidence_of_row *row,
    struct kept *ret)
{
	ret->entry = row->entry;
	TRY(evidence_open(turn, &(struct at_rest){row->envelope, row->sealed},
	    &ret->envelope));
	TRY(evidence_open(turn,
	    &(struct at_rest){row->waybill, row->sealed_waybill},
	    &ret->waybill));

	return evidence_open(turn,
	    &(struct at_rest){row->receipt, row->sealed_receipt},
	    &ret->receipt);
}

/* Add the messages of an exchange, or of a sheet. */
static enum err
load(struct turn *turn, struct slice exchange, struct collection *ret)
{
	struct audit_evidence_of_row row;
	struct query q;
	enum err rc;

	audit_evidence_of_rows(turn->store, exchange, &q);
	while ((rc = audit_evidence_of_next(&q, &row)) == OK &&
	    ret->n < KEPT_MAX) {
		rc = open_row(turn, &row, &ret->all[ret->n++]);
		if (rc)
			break;
	}
	query_done(&q);
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

static void
write_head(
    struct turn *turn, const struct audit_archive *archive, struct json_out *o)
{
	json_out_text(o, "format",
	    archive->is_old ? SLICE(EVIDENCE_FORMAT_1)
			    : SLICE(EVIDENCE_FORMAT));
	json_out_text(o, "holder", slice_of(turn_self(turn)->text));
	json_out_text(o, "exchange", archive->exchange);
	if (!archive->is_old)
		json_out_text(o, "case", archive->of_case);
}

enum err
audit_evidence(
    struct turn *turn, const struct audit_archive *archive, struct reply *reply)
{
	struct collection *kept = arena_alloc(turn->arena, sizeof(*kept));
	struct json_out *o;
	size_t i;

	TRY(load(turn, archive->exchange, kept));
	if (kept->n == 0)
		return ERR_NOT_FOUND;
	if (!slice_is_empty(archive->sheet))
		TRY(load(turn, archive->sheet, kept));
	/* The caller will need the ledger's head signed by others, too. */
	turn_hurry(turn, WITNESS_TIMER);
	o = reply_object(reply, 200);
	write_head(turn, archive, o);
	json_out_array(o, "messages");
	for (i = 0; i < kept->n; i++)
		TRY(write_message(turn, &kept->all[i], o));
	json_out_end(o);

	return OK;
}
