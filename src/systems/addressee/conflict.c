#include "systems/addressee/conflict.h"

#include "addressee_rows.h"
#include "systems/addressee/acquisition.h"
#include "systems/addressee/person.h"

#define LIST_MAX 200

/* --- The list ------------------------------------------------------------ */

struct conflict_list_input {
	int64_t after;
};

static const struct field list_fields[] = {
    OPTION(conflict_list_input, after, INT(0, INT64_MAX),
	"the id after which the list begins"),
};
const struct shape conflict_list_input_shape =
    SHAPE(conflict_list_input, list_fields);

/* One row for the operator: without the Individual Number. */
static void
write_conflict(
    struct json_out *o, const struct addressee_conflicts_open_row *row)
{
	json_out_object(o, NULL);
	json_out_int(o, "conflict", row->conflict);
	json_out_instant(o, "at", row->at);
	kind_internal_number.write(o, "internal_number", &row->internal);
	json_out_text(o, "system", row->system);
	json_out_text(o, "business_number", row->business_number);
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "name", row->name);
	json_out_text(o, "kana", row->kana);
	json_out_date(o, "birth", row->birth);
	json_out_text(o, "sex", sex_format(sex_of_number(row->sex)));
	json_out_text(o, "address", row->address);
	json_out_end(o);
}

enum err
conflict_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct addressee_conflicts_open_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "conflicts");
	addressee_conflicts_open_rows(
	    turn->store, INPUT(in, conflict_list_input)->after, LIST_MAX, &q);
	while ((rc = addressee_conflicts_open_next(&q, &row)) == OK)
		write_conflict(o, &row);
	TRY(rows_end(rc));

	return turn_audit(turn, "conflict.list", SLICE(""), SLICE(""));
}

/* --- The decision -------------------------------------------------------- */

struct conflict_decision_input {
	int64_t conflict;
	struct slice decision;
};

static const struct field decision_fields[] = {
    FIELD(conflict_decision_input, conflict, INT(0, INT64_MAX),
	"the conflict's number"),
    FIELD(conflict_decision_input, decision, WORD("keep|relink"),
	"the decision: keep the record, or relink to the row's Individual "
	"Number"),
};
const struct shape conflict_decision_input_shape =
    SHAPE(conflict_decision_input, decision_fields);

/* The row that was set aside, as it arrived; in the arena. */
static enum err
load(struct turn *turn, int64_t conflict, struct person_row *ret,
    struct internal_number *ret_internal)
{
	struct addressee_conflict_find_row *row =
	    arena_alloc(turn->arena, sizeof(*row));
	enum err rc;

	rc = addressee_conflict_find(turn->store, turn->arena, conflict, row);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "there is no such conflict; GET /conflicts lists them");
	TRY(rc);
	if (!slice_is_empty(row->decision))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the conflict was decided before; GET /conflicts lists "
		    "the open ones");
	*ret_internal = row->internal;
	*ret = (struct person_row){
	    .system = row->system,
	    .at = turn->now,
	    .business_number = row->business_number,
	    .number = &row->number,
	    .attributes = ATTRIBUTES_SHORT_OF(*row),
	};

	return OK;
}

/* A person who is relinked may be new and then needs a code. */
static enum err
relink(struct turn *turn, const struct person_row *row)
{
	struct acquisition_batch batch = acquisition_batch_of(turn, 1);
	struct person_outcome outcome;

	TRY(person_relink(turn, row, &outcome));
	if (outcome.needs_code)
		TRY(acquisition_begin(turn, &batch,
		    &(struct acquiring){
			outcome.internal, row->number, outcome.attributes}));

	return acquisition_send(turn, &batch);
}

enum err
conflict_decide(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct conflict_decision_input *i =
	    INPUT(in, conflict_decision_input);
	struct internal_number internal;
	struct person_row row;
	struct json_out *o;

	TRY(load(turn, i->conflict, &row, &internal));
	TRY(addressee_conflict_decide(turn->store, i->decision, turn->now,
	    turn->caller.name, i->conflict));
	TRY(addressee_audit(turn, "conflict.decide", internal, i->decision));
	if (slice_equal_string(i->decision, "relink"))
		TRY(relink(turn, &row));
	o = reply_object(reply, 200);
	json_out_int(o, "conflict", i->conflict);
	json_out_text(o, "decision", i->decision);

	return OK;
}
