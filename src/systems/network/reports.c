#include "systems/network/reports.h"

#include "components/audit/audit.h"
#include "host/evidence.h"

#define BASIS SLICE("番号法23条")
#define FORGET_TIMER "reports"
/* An alarm comes within nine days of the keeper's after it has signed for our
 * tokens. */
#define KEPT_MS (60 * 24 * 3600ll * 1000)

enum err
reports_route_discrepancies(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	int64_t after = INPUT(in, keeper_page_input)->after;
	struct json_out *o = reply_object(reply, 200);
	const struct keeper_discrepancy *all;
	size_t i, n;

	TRY(keeper_discrepancies(turn, after, &all, &n));
	json_out_array(o, "discrepancies");
	for (i = 0; i < n; i++) {
		json_out_object(o, NULL);
		keeper_write(&all[i], o);
		if (!slice_is_empty(all[i].record))
			json_out_text(o, "record", all[i].record);
		json_out_end(o);
	}
	json_out_end(o);
	if (n == KEEPER_PAGE)
		json_out_int(o, "next", all[n - 1].seq);

	return OK;
}

struct network_report_input {
	struct slice record;
};
static const struct field report_fields[] = {
    FIELD(network_report_input, record, ID, "the record's id"),
};
const struct shape network_report_input_shape =
    SHAPE(network_report_input, report_fields);

enum err
reports_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct audit_archive archive = {
	    .exchange = INPUT(in, network_report_input)->record};
	enum err rc;

	TRY(turn_audit(turn, "report.read", archive.exchange, BASIS));
	rc = audit_evidence(turn, &archive, reply);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "the network keeps no report of that record; it keeps them "
		    "for sixty days");

	return rc;
}

enum err
reports_forget(struct turn *turn)
{
	bool more = false;

	TRY(evidence_erase(turn, instant_plus(turn->now, -KEPT_MS), &more));
	if (more)
		turn_hurry(turn, FORGET_TIMER);

	return OK;
}
