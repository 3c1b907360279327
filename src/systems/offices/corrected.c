#include "systems/offices/corrected.h"

#include "offices_rows.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")
#define LIST_MAX 500

enum err
corrected_take(struct turn *turn, const struct message *message)
{
	struct slice text, inquiry;
	struct instant at;
	enum err rc;

	if (json_get_text(message->body, "inquiry", &inquiry, turn->problem) ||
	    json_get_text(message->body, "corrected", &text, turn->problem))
		return ERR_INPUT;
	if (instant_parse(text, &at))
		return problem_set(turn->problem, ERR_INPUT,
		    "field corrected: not an instant");
	rc = offices_inquiry_corrected(turn->store, at, inquiry);
	if (rc == OK)
		rc = offices_question_corrected(turn->store, at, inquiry);
	if (rc)
		return rc;

	return turn_audit(turn, "inquiry.corrected", SLICE(""), BASIS);
}

static json_t *
describe(const struct offices_corrected_row *corrected)
{
	json_t *row = json_object();

	json_put_text(row, "inquiry", corrected->inquiry);
	json_put_text(row, "application", corrected->application);
	json_put_text(row, "business_number", corrected->business_number);
	json_put_text(row, "affair", corrected->affair);
	json_put_text(row, "item", corrected->item);
	json_put_text(row, "provider", corrected->provider);
	json_put_text(row, "unit", corrected->unit);
	json_put_text(row, "clerk", corrected->clerk);
	offices_put_instant(row, "answered", corrected->answered);
	offices_put_instant(row, "corrected", corrected->corrected);

	return row;
}

enum err
corrected_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *body;
	struct offices_corrected_row row;
	struct query q;
	enum err rc;

	(void)in;
	offices_corrected_rows(turn->store, LIST_MAX, &q);
	while ((rc = offices_corrected_next(&q, &row)) == OK)
		json_array_append_new(rows, describe(&row));
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(turn, "corrections.read", SLICE(""), BASIS);
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "corrections", rows);
	reply_json(reply, 200, body);

	return OK;
}
