#include "systems/registry/pool.h"

#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/registry/news.h"
#include "systems/registry/registry.h"
#include "systems/registry/relist.h"

#define OPEN_REQUESTS_MAX 16
/* A request without an answer is made again, under its own id. */
#define PATIENCE_MS (10 * 60 * 1000)

/* ---- Asking ------------------------------------------------------------ */

static enum err
send_request(struct turn *turn, struct slice request, int64_t wanted)
{
	return tell_jukinet(turn, codes_request,
	    &(struct codes_request){.count = wanted, .request = request});
}

static enum err
ask(struct turn *turn, int64_t wanted)
{
	struct slice request = turn_new_id(turn);

	TRY(registry_code_request_add(turn->store, request, wanted, turn->now));

	return send_request(turn, request, wanted);
}

/* The oldest request without an answer, if it is old enough. */
static enum err
ask_again(struct turn *turn)
{
	struct registry_code_request_old_row old;
	enum err rc = registry_code_request_old(turn->store, turn->arena,
	    instant_plus(turn->now, -PATIENCE_MS), &old);

	if (rc)
		return rows_end(rc);
	TRY(registry_code_request_again(turn->store, turn->now, old.request));

	return send_request(turn, old.request, old.wanted);
}

static int64_t
reserve(const struct tally *tally)
{
	int64_t share = tally->residents / REGISTRY_POOL_SHARE;

	return share > REGISTRY_POOL_RESERVE ? share : REGISTRY_POOL_RESERVE;
}

enum err
pool_fill(struct turn *turn, const struct tally *tally)
{
	struct registry_code_requests_open_row open;
	int64_t missing, wanted;
	bool is_relisted;

	TRY(relist_is_open(turn, &is_relisted));
	if (is_relisted)
		return OK;
	TRY(ask_again(turn));
	TRY(registry_code_requests_open(turn->store, &open));
	missing = tally->uncoded + reserve(tally) - tally->pool - open.wanted;
	/* Do not send a request for every single birth. */
	if (tally->uncoded == 0 && missing < reserve(tally) / 2)
		return OK;
	for (; missing > 0 && open.requests < OPEN_REQUESTS_MAX;
	     open.requests++) {
		wanted =
		    missing < MESSAGE_CODES_MAX ? missing : MESSAGE_CODES_MAX;
		TRY(ask(turn, wanted));
		missing -= wanted;
	}

	return OK;
}

/* ---- Taking in --------------------------------------------------------- */

static enum err
add_codes(struct turn *turn, const struct codes_designated *designated)
{
	struct tally tally;
	size_t i;

	TRY(tally_load(turn, &tally));
	for (i = 0; i < designated->n_codes; i++)
		TRY(registry_pool_add(turn->store, &designated->codes[i]));
	tally.pool += (int64_t)designated->n_codes;

	return tally_store(turn, &tally);
}

enum err
pool_take_message(struct turn *turn, const struct message *message)
{
	const struct codes_designated *designated =
	    MESSAGE(message, codes_designated);
	struct registry_code_request_get_row asked;
	enum err rc;

	rc =
	    registry_code_request_get(turn->store, designated->request, &asked);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "field request: no codes were asked for under this id");
	if (rc || asked.has_answered_at)
		return rc;
	TRY(add_codes(turn, designated));
	TRY(registry_code_request_answered(
	    turn->store, &turn->now, designated->request));
	turn_hurry(turn, "numbering");

	return OK;
}

/*
 * We hold as many unused codes as we may, or nearly.  The request stays open: it
 * asks for what there is room for, and otherwise again when the timer runs, for
 * numbers use codes up.
 */
enum err
pool_take_refusal(struct turn *turn, const struct message *message)
{
	const struct codes_refused *refused = MESSAGE(message, codes_refused);
	const struct instant long_ago = {0};
	struct registry_code_request_get_row asked;
	int64_t room = refused->pool - refused->held;
	enum err rc;

	rc = registry_code_request_get(turn->store, refused->request, &asked);
	if (rc || asked.has_answered_at)
		return rows_end(rc);
	if (room > 0)
		turn_hurry(turn, "numbering");

	return registry_code_request_less(turn->store,
	    room > 0 && room < asked.wanted ? room : asked.wanted, long_ago,
	    refused->request);
}

/* ---- Taking out -------------------------------------------------------- */

static enum err
read_codes(struct turn *turn, struct resident_code *ret, size_t max,
    size_t *ret_n, int64_t *ret_last)
{
	struct registry_pool_take_row row;
	struct query q;
	enum err rc;

	registry_pool_take_rows(turn->store, (int64_t)max, &q);
	while ((rc = registry_pool_take_next(&q, &row)) == OK) {
		ret[(*ret_n)++] = row.code;
		*ret_last = row.position;
	}

	return rows_end(rc);
}

/* Drop codes that somebody has already. */
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

	*ret_n = 0;
	if (max == 0)
		return OK;
	TRY(read_codes(turn, ret, max, ret_n, &last));
	if (*ret_n == 0)
		return OK;
	TRY(registry_pool_drop(turn->store, last));
	tally->pool -= (int64_t)*ret_n;

	return keep_free(turn, ret, ret_n);
}

/* ---- Giving back ------------------------------------------------------- */

/* Give back what lies in the pool beyond the reserve, as far as one message
 * holds it. */
static enum err
give_back(struct turn *turn, struct tally *tally, size_t *ret_n)
{
	int64_t more = tally->pool - tally->uncoded - reserve(tally);
	size_t max = more < 0          ? 0
	    : more < MESSAGE_CODES_MAX ? (size_t)more
				       : MESSAGE_CODES_MAX;
	struct resident_code *codes =
	    arena_array(turn->arena, max, sizeof(*codes));

	TRY(pool_take(turn, tally, codes, max, ret_n));
	if (*ret_n == 0)
		return OK;

	return tell_jukinet(turn, codes_return,
	    &(struct codes_return){.request = turn_new_id(turn),
		.codes = codes,
		.n_codes = *ret_n});
}

enum err
pool_post_return(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct tally tally;
	struct json_out *o;
	size_t n;

	(void)in;
	TRY(tally_load(turn, &tally));
	TRY(give_back(turn, &tally, &n));
	TRY(tally_store(turn, &tally));
	TRY(turn_audit(
	    turn, "pool.return", SLICE(""), SLICE("住民基本台帳法30条の2")));
	o = reply_object(reply, 202);
	json_out_int(o, "returned", (int64_t)n);
	json_out_int(o, "pool", tally.pool);

	return OK;
}
