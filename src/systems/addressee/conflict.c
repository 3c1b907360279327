#include "systems/addressee/conflict.h"

#include "addressee_rows.h"

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
	enum err rc;

	rc = addressee_conflict_add(turn->store,
	    &(struct addressee_conflict_add){
		.at = turn->now,
		.system = row->system,
		.business_number = row->business_number,
		.number = &row->number,
		.internal = held,
		.reason = slice_of(conflict_reason_name(reason)),
		.name = row->attributes.name,
		.kana = row->attributes.kana,
		.birth = person_birth(turn, &row->attributes),
		.sex = sex_format(row->attributes.sex),
		.address = row->attributes.address,
	    });
	if (rc)
		return rc;
	internal_number_format(held, subject);

	return turn_audit(turn, "person.conflict", slice_of(subject),
	    slice_of(conflict_reason_name(reason)));
}

/* One row for the operator: without the Individual Number. */
static json_t *
describe(const struct addressee_conflicts_open_row *conflict)
{
	char text[INTERNAL_NUMBER_DIGITS + 1], at[INSTANT_TEXT_MAX];
	json_t *row = json_object();

	internal_number_format(conflict->internal, text);
	instant_format(conflict->at, at);
	json_put_int(row, "conflict", conflict->conflict);
	json_put_text(row, "at", slice_of(at));
	json_put_text(row, "internal_number", slice_of(text));
	json_put_text(row, "system", conflict->system);
	json_put_text(row, "business_number", conflict->business_number);
	json_put_text(row, "reason", conflict->reason);
	json_put_text(row, "name", conflict->name);
	json_put_text(row, "kana", conflict->kana);
	json_put_text(row, "birth", conflict->birth);
	json_put_text(row, "sex", conflict->sex);
	json_put_text(row, "address", conflict->address);

	return row;
}

enum err
conflict_list(struct turn *turn, int64_t after, json_t **ret)
{
	struct addressee_conflicts_open_row row;
	json_t *rows = json_array();
	struct query q;
	enum err rc;

	addressee_conflicts_open_rows(turn->store, after, LIST_MAX, &q);
	while ((rc = addressee_conflicts_open_next(&q, &row)) == OK)
		json_array_append_new(rows, describe(&row));
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(turn, "conflict.list", SLICE(""), SLICE(""));
	if (rc) {
		json_decref(rows);
		return rc;
	}
	*ret = rows;

	return OK;
}

/* The row that was set aside, as it came; in the arena. */
static enum err
load(struct turn *turn, int64_t conflict, struct person_row *ret)
{
	struct addressee_conflict_find_row row;
	enum err rc;

	rc = addressee_conflict_find(turn->store, turn->arena, conflict, &row);
	if (rc)
		return rc;
	*ret = (struct person_row){
	    .system = row.system,
	    .at = turn->now,
	    .business_number = row.business_number,
	    .number = row.number,
	    .attributes.name = row.name,
	    .attributes.kana = row.kana,
	    .attributes.address = row.address,
	};
	individual_number_wipe(&row.number);
	if (date_parse(row.birth, &ret->attributes.birth) ||
	    sex_parse(row.sex, &ret->attributes.sex))
		return ERR_CORRUPT;
	if (!slice_is_empty(row.decision))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this conflict was decided before");

	return OK;
}

enum err
conflict_decide(struct turn *turn, int64_t conflict,
    enum conflict_decision decision, struct person_outcome *ret)
{
	struct slice word =
	    decision == CONFLICT_KEEP ? SLICE("keep") : SLICE("relink");
	struct person_row row;
	enum err rc;

	*ret = (struct person_outcome){0};
	rc = load(turn, conflict, &row);
	if (rc)
		return rc;
	rc = addressee_conflict_decide(
	    turn->store, word, turn->now, turn->caller.name, conflict);
	if (rc == OK)
		rc = turn_audit(turn, "conflict.decide", SLICE(""), word);
	if (rc || decision == CONFLICT_KEEP)
		return rc;

	return person_relink(turn, &row, ret);
}
