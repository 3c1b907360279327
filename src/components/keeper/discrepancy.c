#include "components/keeper/discrepancy.h"

#include "base/bug.h"
#include "components/keeper/report.h"
#include "keeper_rows.h"

#define BASIS SLICE("番号法23条")
#define REASON_MAX 400

/* --- What the keeper says --------------------------------------------------- */

static enum err
check_keeper(struct turn *turn, const struct message *message,
    const struct records_unmatched *m)
{
	struct system_id keeper;
	enum err rc = keeper_of(turn, m->organisation, &keeper);

	TRY(rows_end(rc));
	if ((rc == OK && system_id_equal(&keeper, &message->from)) ||
	    bug_is(BUG_KEEPER_ANYBODY))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "field organisation: the sender is not its keeper");
}

static enum err
add(struct turn *turn, const struct records_unmatched *m,
    const struct slice *tokens, size_t n, bool ours)
{
	struct slice record;
	size_t i;

	for (i = 0; i < n; i++) {
		TRY(report_record(turn, m, tokens[i], &record));
		TRY(keeper_discrepancy_add(turn->store,
		    &(struct keeper_discrepancy_add){
			.organisation = m->organisation,
			.side = m->side,
			.token = tokens[i],
			.ours = ours,
			.day = m->day,
			.record = record,
			.since = turn->now}));
	}

	return OK;
}

static void
log_alarm(struct turn *turn, const struct records_unmatched *m)
{
	struct problem why = {0};

	(void)!problem_set(&why, ERR_CONFLICT,
	    "records of exchanges that one side alone has: %zu of ours, %zu "
	    "of the other's; GET /discrepancies lists them",
	    m->n_ours, m->n_theirs);
	turn_note(turn, "records-alarm", m->organisation, &why);
}

static enum err
raise(struct turn *turn, const struct records_unmatched *m)
{
	struct keeper_discrepancies_open_row open;

	TRY(keeper_discrepancies_open(turn->store, &open));
	if (open.n >= DISCREPANCIES_MAX)
		return problem_set(turn->problem, ERR_BUSY,
		    "%d discrepancies wait for an officer already",
		    DISCREPANCIES_MAX);
	TRY(add(turn, m, m->ours, m->n_ours, true));
	TRY(add(turn, m, m->theirs, m->n_theirs, false));
	log_alarm(turn, m);

	return turn_audit(turn, "records.alarm", SLICE(""), BASIS);
}

static enum err
settle(struct turn *turn, const struct records_unmatched *m,
    const struct slice *tokens, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		TRY(keeper_discrepancy_settle(
		    turn->store, m->organisation, m->side, tokens[i]));

	return OK;
}

enum err
discrepancy_take(struct turn *turn, const struct message *message)
{
	const struct records_unmatched *m = MESSAGE(message, records_unmatched);

	TRY(check_keeper(turn, message, m));
	if (slice_equal_string(m->level, LEVEL_ASK))
		return report_again(turn, m);
	if (slice_equal_string(m->level, LEVEL_ALARM))
		return raise(turn, m);
	TRY(settle(turn, m, m->ours, m->n_ours));

	return settle(turn, m, m->theirs, m->n_theirs);
}

enum err
discrepancy_count(struct turn *turn, struct counting *counts)
{
	struct keeper_discrepancies_open_row open;

	TRY(keeper_discrepancies_open(turn->store, &open));
	if (open.n > 0)
		counting_add(counts, "discrepancies", open.n);

	return OK;
}

/* --- The officer ------------------------------------------------------------ */

static const struct field page_fields[] = {
    OPTION(keeper_page_input, after, INT(0, INT64_MAX),
	"the `next` of the page before"),
};
const struct shape keeper_page_input_shape =
    SHAPE(keeper_page_input, page_fields);

static struct keeper_discrepancy
keep(struct arena *arena, const struct keeper_unsettled_row *row)
{
	return (struct keeper_discrepancy){.seq = row->seq,
	    .organisation = arena_copy(arena, row->organisation),
	    .side = arena_copy(arena, row->side),
	    .token = arena_copy(arena, row->token),
	    .ours = row->ours == 1,
	    .day = row->day,
	    .record = arena_copy(arena, row->record),
	    .since = row->since,
	    .by = arena_copy(arena, row->cause),
	    .reason = arena_copy(arena, row->reason),
	    .officer = arena_copy(arena, row->officer)};
}

enum err
keeper_discrepancies(struct turn *turn, int64_t after,
    const struct keeper_discrepancy **ret, size_t *ret_n)
{
	struct keeper_discrepancy *all =
	    arena_array(turn->arena, KEEPER_PAGE, sizeof(*all));
	struct keeper_unsettled_row row;
	struct query q;
	size_t n = 0;
	enum err rc;

	keeper_unsettled_rows(turn->store, after, KEEPER_PAGE, &q);
	while ((rc = keeper_unsettled_next(&q, &row)) == OK)
		all[n++] = keep(turn->arena, &row);
	*ret = all;
	*ret_n = n;

	return rows_end(rc);
}

void
keeper_write(const struct keeper_discrepancy *d, struct json_out *o)
{
	json_out_text(o, "organisation", d->organisation);
	json_out_text(o, "side", d->side);
	json_out_text(o, "token", d->token);
	json_out_bool(o, "ours", d->ours);
	json_out_date(o, "day", d->day);
	json_out_instant(o, "since", d->since);
	if (slice_is_empty(d->by))
		return;
	json_out_text(o, "by", d->by);
	json_out_text(o, "reason", d->reason);
	json_out_text(o, "officer", d->officer);
}

struct keeper_explanation_input {
	struct slice organisation, side, token, by, reason;
};
static const struct field explanation_fields[] = {
    FIELD(keeper_explanation_input, organisation, ORGANISATION,
	"as the list has it"),
    FIELD(keeper_explanation_input, side, WORD(SIDE_ASKED "|" SIDE_ANSWERED),
	"the same"),
    FIELD(keeper_explanation_input, token, ID, "the same"),
    FIELD(keeper_explanation_input, by, WORD("late|evidence"),
	"it was late; or the Commission has the evidence"),
    FIELD(keeper_explanation_input, reason, TEXT(REASON_MAX),
	"the explanation; stays here"),
};
const struct shape keeper_explanation_input_shape =
    SHAPE(keeper_explanation_input, explanation_fields);

static enum err
explain(struct turn *turn, const struct keeper_explanation_input *i)
{
	TRY(keeper_discrepancy_explain(turn->store,
	    &(struct keeper_discrepancy_explain){.cause = i->by,
		.reason = i->reason,
		.officer = turn->caller.name,
		.explained = turn->now,
		.organisation = i->organisation,
		.side = i->side,
		.token = i->token}));
	if (store_changes(turn->store) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no such discrepancy is open; GET /discrepancies lists "
		    "them");

	return turn_audit(turn, "records.explain", SLICE(""), BASIS);
}

enum err
keeper_explain_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct keeper_explanation_input *i =
	    INPUT(in, keeper_explanation_input);
	struct json_out *o = reply_object(reply, 200);
	struct system_id keeper;

	TRY(explain(turn, i));
	TRY(keeper_of(turn, i->organisation, &keeper));
	json_out_text(o, "token", i->token);
	json_out_text(o, "by", i->by);

	return turn_tell(turn, &keeper, records_explained,
	    &(struct records_explained){.organisation = i->organisation,
		.side = i->side,
		.token = i->token,
		.by = i->by});
}
