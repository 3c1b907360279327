#include "systems/network/waiting.h"

#include "base/bug.h"
#include "messages/inquiries.h"
#include "messages/question.h"
#include "systems/network/inquiry.h"
#include "systems/network/network.h"

#define BASIS SLICE("番号法21条2項")
#define PAGE 200
#define LOOKS_MAX 500 /* of the timer, in one turn */

/* --- Reading -------------------------------------------------------------- */

struct waiting_page {
	int64_t after;
};
static const struct field page_fields[] = {
    OPTION(waiting_page, after, INT(0, INT64_MAX),
	"the page after this: `next` of the one before"),
};
const struct shape waiting_page_shape = SHAPE(waiting_page, page_fields);

static enum err
describe(struct turn *turn, const struct network_waiting_page_row *row,
    struct json_out *o)
{
	struct question q;

	TRY(question_read(turn->arena, row->question, &q, turn->problem));
	json_out_object(o, NULL);
	json_out_text(o, "record", row->record);
	json_out_text(o, "inquirer", row->inquirer);
	json_out_text(o, "inquiry", row->inquiry);
	json_out_text(o, "affair", q.affair);
	json_out_text(o, "item", q.item);
	json_out_text(o, "provider", q.provider);
	json_out_text(o, "unit", q.unit);
	json_out_text(o, "reason", row->reason);
	json_out_instant(o, "since", row->since);
	json_out_instant(o, "until", row->until);
	json_out_end(o);

	return OK;
}

enum err
waiting_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct network_waiting_page_row row;
	int64_t last = 0;
	struct query q;
	enum err rc = OK;
	int n = 0;

	json_out_array(o, "inquiries");
	network_waiting_page_rows(
	    turn->store, INPUT(in, waiting_page)->after, PAGE, &q);
	while (rc == OK && (rc = network_waiting_page_next(&q, &row)) == OK) {
		last = row.seq;
		n++;
		rc = describe(turn, &row, o);
	}
	query_done(&q);
	TRY(rows_end(rc));
	json_out_end(o);
	if (n == PAGE)
		json_out_int(o, "next", last);

	return turn_audit(turn, "inquiries.waiting", SLICE(""), BASIS);
}

/* --- The officer's decision ----------------------------------------------- */

struct waiting_decision {
	struct slice record, decision, reason;
};
static const struct field decision_fields[] = {
    FIELD(waiting_decision, record, ID, "the id of the inquiry's record"),
    FIELD(waiting_decision, decision, WORD("release|refuse"),
	"release: judge the inquiry, whatever the budgets say"),
    FIELD(waiting_decision, reason, TEXT(NETWORK_REASON_MAX),
	"the reason; stays in the network"),
};
const struct shape waiting_decision_shape =
    SHAPE(waiting_decision, decision_fields);

enum err
waiting_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct waiting_decision *i = INPUT(in, waiting_decision);
	struct json_out *o = reply_object(reply, 200);
	struct network_waiting_row row;
	enum err rc =
	    network_waiting_find(turn->store, turn->arena, i->record, &row);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "no such inquiry waits; GET /inquiries/waiting lists them");
	TRY(rc);
	TRY(network_decision_add(turn->store,
	    &(struct network_decision_add){.record = row.record,
		.kind = i->decision,
		.reason = i->reason,
		.officer = turn->caller.name,
		.at = turn->now}));
	json_out_text(o, "record", i->record);
	json_out_text(o, "decision", i->decision);

	return slice_equal_string(i->decision, "release")
	    ? inquiry_release(turn, &row)
	    : inquiry_end(turn, &row, REFUSED_BUDGET);
}

/* --- Other ends ------------------------------------------------------------ */

enum err
waiting_cancel(
    struct turn *turn, struct slice organisation, struct slice inquiry)
{
	struct network_waiting_row row;

	TRY(network_waiting_of_inquiry(
	    turn->store, turn->arena, organisation, inquiry, &row));

	return inquiry_end(turn, &row, REFUSED_CANCELLED);
}

enum err
waiting_end_revoked(struct turn *turn, struct slice organisation)
{
	struct network_waiting_row row;
	enum err rc;

	while ((rc = network_waiting_of(
		    turn->store, turn->arena, organisation, &row)) == OK)
		TRY(inquiry_end(turn, &row, REFUSED_REVOKED));

	return rows_end(rc);
}

enum err
waiting_look_again(struct turn *turn)
{
	struct network_waiting_due_row due = {0};
	struct network_waiting_row row;
	enum err rc = OK;
	int i;

	for (i = 0; i < LOOKS_MAX && rc == OK; i++) {
		rc = network_waiting_due(
		    turn->store, turn->arena, turn->now, &due);
		if (rc == OK || bug_is(BUG_TIMER_READS))
			rc = network_waiting_find(
			    turn->store, turn->arena, due.record, &row);
		if (rc == OK)
			rc = inquiry_look_again(turn, &row);
	}

	return rows_end(rc);
}
