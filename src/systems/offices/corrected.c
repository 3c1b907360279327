#include "systems/offices/corrected.h"

#include "offices_statements.h"
#include "systems/offices/offices.h"

#define BASIS SLICE("個人情報の保護に関する法律97条")
#define LIST_MAX 500

static enum err
mark(struct turn *turn, int statement, struct slice inquiry, struct instant at)
{
	struct query q;

	store_query(turn->store, statement, &q);
	query_text(&q, "inquiry", inquiry);
	query_int(&q, "corrected", at.ms);

	return query_run(&q);
}

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
	rc = mark(turn, OFFICES_INQUIRY_CORRECTED, inquiry, at);
	if (rc == OK)
		rc = mark(turn, OFFICES_QUESTION_CORRECTED, inquiry, at);
	if (rc)
		return rc;

	return turn_audit(turn, "inquiry.corrected", SLICE(""), BASIS);
}

static json_t *
describe(struct query *q)
{
	static const char *const texts[] = {"inquiry", "application",
	    "business_number", "affair", "item", "provider", "unit", "clerk"};
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put_text(row, texts[i], column_text(q, texts[i]));
	offices_put_instant(row, "answered", q);
	offices_put_instant(row, "corrected", q);

	return row;
}

enum err
corrected_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *body;
	struct query q;
	enum err rc;

	(void)in;
	store_query(turn->store, OFFICES_CORRECTED, &q);
	query_int(&q, "limit", LIST_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);
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
