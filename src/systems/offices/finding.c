#include "systems/offices/finding.h"

#include "offices_rows.h"
#include "systems/offices/offices.h"

static struct slice
wake_key(struct turn *turn, struct slice search)
{
	return arena_printf(turn->arena, "search:%.*s", SLICE_ARG(search));
}

/* --- Asking -------------------------------------------------------------- */

static enum err
send_search(struct turn *turn, const struct input *in)
{
	static const char *const keys[] = {
	    "search", "business_number", "affair", "item"};
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body = json_object();
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		json_put_text(body, keys[i], input_text(in, keys[i]));

	return turn_send(turn, &addressee, "provider.search", body);
}

enum err
finding_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body;
	enum err rc;

	rc = offices_search_add(turn->store,
	    &(struct offices_search_add){
		.search = input_text(in, "search"),
		.business_number = input_text(in, "business_number"),
		.affair = input_text(in, "affair"),
		.item = input_text(in, "item"),
		.clerk = input_text(in, "clerk"),
		.asked = turn->now,
	    });
	if (rc == OK && store_changes(turn->store) == 1)
		rc = send_search(turn, in);
	if (rc == OK)
		rc = turn_audit(turn, "provider.search",
		    input_text(in, "business_number"),
		    input_text(in, "affair"));
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "search", input_text(in, "search"));
	reply_json(reply, 201, body);

	return OK;
}

/* --- Answers ------------------------------------------------------------- */

enum err
finding_found(struct turn *turn, const struct message *message)
{
	struct slice search, reason, article;
	const json_t *organisations;
	struct buf found;
	enum err rc;

	rc = json_get_text(message->body, "search", &search, turn->problem);
	if (rc == OK)
		rc = json_get_array(message->body, "organisations",
		    &organisations, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    message->body, "reason", &reason, turn->problem);
	if (rc == OK)
		rc = json_get_text_or_empty(
		    message->body, "article", &article, turn->problem);
	if (rc)
		return rc;
	buf_init(&found);
	json_write(organisations, &found);
	rc = offices_search_found(turn->store,
	    &(struct offices_search_found){
		.found = buf_slice(&found),
		.reason = reason,
		.article = article,
		.answered = turn->now,
		.search = search,
	    });
	buf_done(&found);
	if (rc)
		return rc;
	if (store_changes(turn->store) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "nobody here asked this, or it was answered");
	turn_wake(turn, wake_key(turn, search));

	return turn_audit(turn, "provider.found", SLICE(""), SLICE(""));
}

static enum err
describe(
    struct turn *turn, const struct offices_search_find_row *row, json_t **ret)
{
	json_t *body = json_object(), *organisations;

	json_put_text(body, "business_number", row->business_number);
	json_put_text(body, "affair", row->affair);
	json_put_text(body, "item", row->item);
	json_put_text(body, "reason", row->reason);
	json_put_text(body, "article", row->article);
	json_put_text(body, "state",
	    row->has_answered ? SLICE("answered") : SLICE("waiting"));
	*ret = body;
	if (slice_is_empty(row->found))
		return OK;
	if (json_read(
		row->found, "what was found", &organisations, turn->problem))
		return ERR_CORRUPT;
	json_put(body, "organisations", organisations);

	return OK;
}

enum err
finding_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice search = input_text(in, "search");
	int64_t wait = input_int(in, "wait");
	struct offices_search_find_row row;
	json_t *body = NULL;
	enum err rc;

	rc = offices_search_find(turn->store, turn->arena, search, &row);
	if (rc == OK)
		rc = describe(turn, &row, &body);
	if (rc == OK)
		rc = turn_audit(turn, "search.read", SLICE(""), SLICE(""));
	if (rc == OK && !row.has_answered && wait > 0 && !input_waited(in)) {
		json_decref(body);
		reply_wait(reply, wake_key(turn, search), (int)wait);
		return OK;
	}
	if (rc == ERR_NOT_FOUND)
		rc = problem_set(
		    turn->problem, ERR_NOT_FOUND, "there is no such search");
	if (rc) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}
