#include "systems/offices/finding.h"

#include "offices_statements.h"
#include "systems/offices/offices.h"

static struct slice
wake_key(struct turn *turn, struct slice search)
{
	return arena_printf(turn->arena, "search:%.*s", SLICE_ARG(search));
}

/* --- Asking -------------------------------------------------------------- */

static enum err
add(struct turn *turn, const struct input *in, bool *ret_new)
{
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_SEARCH_ADD, &q);
	query_text(&q, "search", input_text(in, "search"));
	query_text(&q, "business_number", input_text(in, "business_number"));
	query_text(&q, "affair", input_text(in, "affair"));
	query_text(&q, "item", input_text(in, "item"));
	query_text(&q, "clerk", input_text(in, "clerk"));
	query_int(&q, "asked", turn->now.ms);
	rc = query_run(&q);
	*ret_new = rc == OK && query_changes(&q) == 1;

	return rc;
}

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
	bool is_new = false;
	json_t *body;
	enum err rc;

	rc = add(turn, in, &is_new);
	if (rc == OK && is_new)
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
	struct query q;
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
	store_query(turn->store, OFFICES_SEARCH_FOUND, &q);
	query_text(&q, "search", search);
	query_text(&q, "found", buf_slice(&found));
	query_text(&q, "reason", reason);
	query_text(&q, "article", article);
	query_int(&q, "answered", turn->now.ms);
	rc = query_run(&q);
	buf_done(&found);
	if (rc)
		return rc;
	if (query_changes(&q) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "nobody here asked this, or it was answered");
	turn_wake(turn, wake_key(turn, search));

	return turn_audit(turn, "provider.found", SLICE(""), SLICE(""));
}

static enum err
describe(struct turn *turn, struct query *q, json_t **ret)
{
	static const char *const columns[] = {
	    "business_number", "affair", "item", "reason", "article"};
	struct slice found = column_text(q, "found");
	json_t *body = json_object(), *organisations;
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(body, columns[i], column_text(q, columns[i]));
	json_put_text(body, "state",
	    column_is_null(q, "answered") ? SLICE("waiting")
					  : SLICE("answered"));
	*ret = body;
	if (slice_is_empty(found))
		return OK;
	if (json_read(found, "what was found", &organisations, turn->problem))
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
	bool waiting = false;
	json_t *body = NULL;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_SEARCH_FIND, &q);
	query_text(&q, "search", search);
	rc = query_step(&q);
	if (rc == OK) {
		waiting = column_is_null(&q, "answered");
		rc = describe(turn, &q, &body);
	}
	query_done(&q);
	if (rc == OK)
		rc = turn_audit(turn, "search.read", SLICE(""), SLICE(""));
	if (rc == OK && waiting && wait > 0 && !input_waited(in)) {
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
