#include "systems/registry/pool.h"

#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/news.h"
#include "systems/registry/registry.h"

#define OPEN_REQUESTS_MAX 16
/* A request without an answer is made again, under its own id. */
#define PATIENCE_MS (10 * 60 * 1000)

/* ---- Asking ------------------------------------------------------------ */

static enum err
send_request(struct turn *turn, struct slice request, int64_t wanted)
{
	struct system_id jukinet;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "count", wanted);
	json_put_text(body, "request", request);

	return turn_send(turn, &jukinet, "codes.request", body);
}

static enum err
ask(struct turn *turn, int64_t wanted)
{
	struct slice request = turn_new_id(turn);
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_CODE_REQUEST_ADD, &q);
	query_text(&q, "request", request);
	query_int(&q, "wanted", wanted);
	query_int(&q, "asked_at", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;

	return send_request(turn, request, wanted);
}

/* The oldest request without an answer, if it is old enough. */
static enum err
ask_again(struct turn *turn)
{
	struct slice request = {0};
	int64_t wanted = 0;
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_CODE_REQUEST_OLD, &q);
	query_int(&q, "before", turn->now.ms - PATIENCE_MS);
	rc = query_step(&q);
	if (rc == OK) {
		request = arena_copy(turn->arena, column_text(&q, "request"));
		wanted = column_int(&q, "wanted");
	}
	query_done(&q);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;

	store_query(turn->store, REGISTRY_CODE_REQUEST_AGAIN, &q);
	query_int(&q, "asked_at", turn->now.ms);
	query_text(&q, "request", request);
	rc = query_run(&q);
	if (rc)
		return rc;

	return send_request(turn, request, wanted);
}

static enum err
on_the_way(struct turn *turn, int64_t *ret_requests, int64_t *ret_codes)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_CODE_REQUESTS_OPEN, &q);
	rc = query_step(&q);
	if (rc == OK) {
		*ret_requests = column_int(&q, "requests");
		*ret_codes = column_int(&q, "wanted");
	}
	query_done(&q);

	return rc;
}

enum err
pool_fill(struct turn *turn, const struct tally *tally)
{
	int64_t requests, coming, missing, wanted;
	enum err rc;

	if ((rc = ask_again(turn)) ||
	    (rc = on_the_way(turn, &requests, &coming)))
		return rc;
	missing = tally->uncoded + REGISTRY_POOL_RESERVE - tally->pool - coming;
	/* Not for every single birth. */
	if (tally->uncoded == 0 && missing < REGISTRY_POOL_RESERVE / 2)
		return OK;
	for (; rc == OK && missing > 0 && requests < OPEN_REQUESTS_MAX;
	     requests++) {
		wanted =
		    missing < REGISTRY_CODES_MAX ? missing : REGISTRY_CODES_MAX;
		rc = ask(turn, wanted);
		missing -= wanted;
	}

	return rc;
}

/* ---- Taking in --------------------------------------------------------- */

static enum err
check_request(struct turn *turn, struct slice request, bool *ret_answered)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_CODE_REQUEST_GET, &q);
	query_text(&q, "request", request);
	rc = query_step(&q);
	if (rc == OK)
		*ret_answered = !column_is_null(&q, "answered_at");
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no codes were asked for under this request");

	return rc;
}

static enum err
add_codes(struct turn *turn, const json_t *codes, struct tally *tally)
{
	struct resident_code code;
	struct slice text;
	struct query q;
	enum err rc;
	size_t i;

	for (i = 0; i < json_array_size(codes); i++) {
		if (json_at_text(codes, i, &text) ||
		    resident_code_parse(text, &code))
			return problem_set(turn->problem, ERR_INPUT,
			    "codes[%zu]: no Resident Record Code", i);
		store_query(turn->store, REGISTRY_POOL_ADD, &q);
		query_int(&q, "code", resident_code_to_int64(&code));
		rc = query_run(&q);
		if (rc)
			return rc;
		tally->pool++;
	}
	resident_code_wipe(&code);

	return OK;
}

static enum err
mark_answered(struct turn *turn, struct slice request)
{
	struct query q;

	store_query(turn->store, REGISTRY_CODE_REQUEST_ANSWERED, &q);
	query_int(&q, "answered_at", turn->now.ms);
	query_text(&q, "request", request);

	return query_run(&q);
}

enum err
pool_take_message(struct turn *turn, const struct message *message)
{
	bool answered = false;
	struct slice request;
	const json_t *codes;
	struct tally tally;
	enum err rc;

	if ((rc = json_get_text(
		 message->body, "request", &request, turn->problem)) ||
	    (rc = json_get_array(
		 message->body, "codes", &codes, turn->problem)) ||
	    (rc = check_request(turn, request, &answered)) || answered)
		return rc;
	if (json_array_size(codes) > REGISTRY_CODES_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "codes: at most %d in one message", REGISTRY_CODES_MAX);
	if ((rc = tally_load(turn, &tally)) ||
	    (rc = add_codes(turn, codes, &tally)) ||
	    (rc = mark_answered(turn, request)) ||
	    (rc = tally_store(turn, &tally)))
		return rc;
	turn_hurry(turn, "numbering");

	return OK;
}

/* ---- Taking out -------------------------------------------------------- */

static enum err
read_codes(struct turn *turn, struct resident_code *ret, size_t max,
    size_t *ret_n, int64_t *ret_last)
{
	struct query q;
	size_t n = 0;
	enum err rc;

	store_query(turn->store, REGISTRY_POOL_TAKE, &q);
	query_int(&q, "limit", (int64_t)max);
	while ((rc = query_step(&q)) == OK) {
		*ret_last = column_int(&q, "position");
		rc =
		    resident_code_from_int64(column_int(&q, "code"), &ret[n++]);
		if (rc)
			break;
	}
	query_done(&q);
	*ret_n = n;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* Drop those that somebody has already. */
static enum err
keep_free(struct turn *turn, struct resident_code *codes, size_t *n)
{
	struct resident_id somebody;
	size_t i, kept = 0;
	enum err rc;

	for (i = 0; i < *n; i++) {
		rc = resident_find_code(turn, &codes[i], &somebody);
		if (rc == ERR_NOT_FOUND)
			codes[kept++] = codes[i];
		else if (rc)
			return rc;
	}
	*n = kept;

	return OK;
}

enum err
pool_take(struct turn *turn, struct tally *tally, struct resident_code *ret,
    size_t max, size_t *ret_n)
{
	int64_t last = 0;
	struct query q;
	enum err rc;

	*ret_n = 0;
	if (max == 0)
		return OK;
	rc = read_codes(turn, ret, max, ret_n, &last);
	if (rc || *ret_n == 0)
		return rc;
	store_query(turn->store, REGISTRY_POOL_DROP, &q);
	query_int(&q, "position", last);
	rc = query_run(&q);
	if (rc)
		return rc;
	tally->pool -= (int64_t)*ret_n;

	return keep_free(turn, ret, ret_n);
}
