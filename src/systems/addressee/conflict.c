#include "systems/addressee/conflict.h"

#include "addressee_statements.h"

#define LIST_MAX 200

const char *
conflict_reason_name(enum conflict_reason reason)
{
	switch (reason) {
	case CONFLICT_OTHER_NUMBER:
		return "other-number";
	case CONFLICT_OTHER_PERSON:
		return "other-person";
	case CONFLICT_FORMER_NUMBER:
		return "former-number";
	}

	return "unknown";
}

enum err
conflict_add(struct turn *turn, const struct person_row *row,
    enum conflict_reason reason, struct internal_number held)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, ADDRESSEE_CONFLICT_ADD, &q);
	query_int(&q, "at", turn->now.ms);
	query_text(&q, "system", row->system);
	query_text(&q, "business_number", row->business_number);
	query_text(&q, "number", individual_number_slice(&row->number));
	query_int(&q, "internal", held.value);
	query_text(&q, "reason", slice_of(conflict_reason_name(reason)));
	person_bind_attributes(turn, &q, &row->attributes);
	rc = query_run(&q);
	if (rc)
		return rc;
	internal_number_format(held, subject);

	return turn_audit(turn, "person.conflict", slice_of(subject),
	    slice_of(conflict_reason_name(reason)));
}

/* One row for the operator: without the Individual Number. */
static json_t *
describe(struct query *q)
{
	static const char *const columns[] = {"system", "business_number",
	    "reason", "name", "kana", "birth", "sex", "address"};
	struct internal_number internal = {column_int(q, "internal")};
	char text[INTERNAL_NUMBER_DIGITS + 1], at[INSTANT_TEXT_MAX];
	json_t *row = json_object();
	size_t i;

	internal_number_format(internal, text);
	instant_format((struct instant){column_int(q, "at")}, at);
	json_put_int(row, "conflict", column_int(q, "conflict"));
	json_put_text(row, "at", slice_of(at));
	json_put_text(row, "internal_number", slice_of(text));
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));

	return row;
}

enum err
conflict_list(struct turn *turn, int64_t after, json_t **ret)
{
	json_t *rows = json_array();
	struct query q;
	enum err rc;

	store_query(turn->store, ADDRESSEE_CONFLICTS_OPEN, &q);
	query_int(&q, "after", after);
	query_int(&q, "limit", LIST_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(turn, "conflict.list", SLICE(""), SLICE(""));
	if (rc) {
		json_decref(rows);
		return rc;
	}
	*ret = rows;

	return OK;
}

static enum err
load_attributes(struct query *q, struct arena *arena, struct attributes *ret)
{
	*ret = (struct attributes){
	    .name = arena_copy(arena, column_text(q, "name")),
	    .kana = arena_copy(arena, column_text(q, "kana")),
	    .address = arena_copy(arena, column_text(q, "address"))};

	return date_parse(column_text(q, "birth"), &ret->birth) == OK &&
		sex_parse(column_text(q, "sex"), &ret->sex) == OK
	    ? OK
	    : ERR_CORRUPT;
}

/* The row that was set aside, as it came; in the arena. */
static enum err
load(struct turn *turn, int64_t conflict, struct person_row *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	*ret = (struct person_row){.at = turn->now};
	store_query(turn->store, ADDRESSEE_CONFLICT_FIND, &q);
	query_int(&q, "conflict", conflict);
	rc = query_step(&q);
	if (rc == OK && column_text(&q, "decision").len > 0)
		rc = problem_set(turn->problem, ERR_CONFLICT,
		    "this conflict was decided before");
	if (rc == OK)
		rc = individual_number_parse(
		    column_text(&q, "number"), &ret->number);
	if (rc == OK) {
		ret->system = arena_copy(arena, column_text(&q, "system"));
		ret->business_number =
		    arena_copy(arena, column_text(&q, "business_number"));
		rc = load_attributes(&q, arena, &ret->attributes);
	}
	query_done(&q);

	return rc;
}

enum err
conflict_decide(struct turn *turn, int64_t conflict,
    enum conflict_decision decision, struct person_outcome *ret)
{
	struct person_row row;
	struct query q;
	enum err rc;

	*ret = (struct person_outcome){0};
	rc = load(turn, conflict, &row);
	if (rc)
		return rc;
	store_query(turn->store, ADDRESSEE_CONFLICT_DECIDE, &q);
	query_text(&q, "decision",
	    decision == CONFLICT_KEEP ? SLICE("keep") : SLICE("relink"));
	query_int(&q, "decided", turn->now.ms);
	query_text(&q, "decided_by", turn->caller.name);
	query_int(&q, "conflict", conflict);
	rc = query_run(&q);
	if (rc == OK)
		rc = turn_audit(turn, "conflict.decide", SLICE(""),
		    decision == CONFLICT_KEEP ? SLICE("keep")
					      : SLICE("relink"));
	if (rc || decision == CONFLICT_KEEP)
		return rc;

	return person_relink(turn, &row, ret);
}
