#include "systems/relay/hold.h"

#include "base/bug.h"
#include "host/evidence.h"
#include "law/refusal.h"
#include "relay_statements.h"
#include "systems/relay/relay.h"

#define BASIS SLICE("番号法22条1項")
#define LIST_MAX 500
#define EXPIRE_MAX 200

/* A row of the table; texts in the arena. */
struct held {
	struct slice permit, notice, decision;
	struct internal_number internal;
	struct instant deadline;
};

/* What is written of a decision. */
struct verdict {
	const char *decision;
	struct slice reason, officer, role;
};

/* --- The table ----------------------------------------------------------- */

static enum err
load(struct turn *turn, struct slice permit, struct held *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_HELD_FIND, &q);
	query_text(&q, "permit", permit);
	rc = query_step(&q);
	if (rc == OK) {
		ret->permit = permit;
		ret->notice = arena_copy(arena, column_text(&q, "notice"));
		ret->decision = arena_copy(arena, column_text(&q, "decision"));
		ret->internal.value = column_int(&q, "internal");
		ret->deadline.ms = column_int(&q, "deadline");
	}
	query_done(&q);

	return rc;
}

enum err
hold_find(struct turn *turn, struct slice permit)
{
	struct held held;

	return load(turn, permit, &held);
}

static enum err
audit(struct turn *turn, const char *action, struct internal_number internal)
{
	char subject[INTERNAL_NUMBER_DIGITS + 1];

	internal_number_format(internal, subject);

	return turn_audit(turn, action, slice_of(subject), BASIS);
}

/* --- Beginning ----------------------------------------------------------- */

static enum err
send_notice(
    struct turn *turn, const struct permit *permit, struct instant deadline)
{
	char at[INSTANT_TEXT_MAX];
	json_t *body = json_object();

	instant_format(deadline, at);
	json_put_text(body, "permit", permit->permit);
	json_put_text(body, "inquiry", permit->inquiry);
	json_put_text(body, "deadline", slice_of(at));

	return turn_send(turn, &permit->answer_to, "inquiry.held", body);
}

enum err
hold_begin(struct turn *turn, const json_t *notice, const struct permit *permit,
    struct internal_number internal)
{
	struct instant deadline = instant_plus(turn->now, HOLD_MS);
	struct query q;
	struct buf text;
	enum err rc;

	if (instant_is_before(permit->expires, deadline))
		deadline = permit->expires;
	buf_init(&text);
	json_write(notice, &text);
	store_query(turn->store, RELAY_HELD_ADD, &q);
	query_text(&q, "permit", permit->permit);
	query_text(&q, "notice", buf_slice(&text));
	query_int(&q, "internal", internal.value);
	query_text(&q, "item", permit->item);
	query_text(&q, "affair", permit->affair);
	query_text(&q, "inquirer", permit->inquirer);
	query_text(&q, "unit", permit->unit);
	query_int(&q, "since", turn->now.ms);
	query_int(&q, "deadline", deadline.ms);
	rc = query_run(&q);
	buf_done(&text);
	if (rc == OK)
		rc = audit(turn, "hold.begin", internal);
	if (rc == OK)
		rc = turn_evidence(turn, permit->permit);
	if (rc == OK)
		rc = send_notice(turn, permit, deadline);
	if (rc == OK)
		turn_wake(turn, RELAY_WAKE_KEY);

	return rc;
}

/* --- Ending -------------------------------------------------------------- */

static enum err
write_decision(
    struct turn *turn, struct slice permit, const struct verdict *verdict)
{
	struct query q;

	store_query(turn->store, RELAY_HELD_DECIDE, &q);
	query_text(&q, "permit", permit);
	query_text(&q, "decision", slice_of(verdict->decision));
	query_text(&q, "reason", verdict->reason);
	query_text(&q, "officer", verdict->officer);
	query_text(&q, "role", verdict->role);
	query_int(&q, "decided", turn->now.ms);

	return query_run(&q);
}

/* Write the decision, and answer: with `ending`, or from the replica. */
static enum err
end(struct turn *turn, const struct held *held, const struct verdict *verdict,
    const struct ending *ending)
{
	struct permit permit = {0};
	json_t *notice = NULL;
	enum err rc;

	if (json_read(held->notice, "the notice", &notice, turn->problem) ||
	    provision_read(notice, &permit, turn->problem)) {
		json_decref(notice);
		return ERR_CORRUPT;
	}
	rc = write_decision(turn, held->permit, verdict);
	if (rc == OK && ending == NULL)
		rc = provision_provide(turn, &permit, held->internal);
	else if (rc == OK)
		rc = provision_end(turn, &permit, held->internal, ending);
	if (rc == OK)
		rc = audit(turn, "hold.end", held->internal);
	json_decref(notice);

	return rc;
}

enum err
hold_stop(struct turn *turn, struct slice permit, const char *outcome)
{
	const struct verdict verdict = {.decision = "revoked"};
	const struct ending ending = {.outcome = outcome};
	struct held held;
	enum err rc;

	rc = load(turn, permit, &held);
	if (rc)
		return rc;
	if (!slice_is_empty(held.decision))
		return ERR_NOT_FOUND;

	return end(turn, &held, &verdict, &ending);
}

enum err
hold_decide(struct turn *turn, const struct hold_decision *decision)
{
	const struct ending refusal = ending_refused(REFUSED_HOLD);
	bool release = decision->choice == HOLD_RELEASE;
	struct verdict verdict = {.decision = release ? "release" : "refuse",
	    .reason = decision->reason,
	    .officer = turn->caller.name,
	    .role = decision->role};
	struct held held;
	enum err rc;

	rc = load(turn, decision->permit, &held);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no such permit is held; GET /held lists them");
	if (rc)
		return rc;
	/* The same again, from one who did not hear our answer. */
	if (slice_equal_string(held.decision, verdict.decision))
		return audit(turn, "hold.repeat", held.internal);
	if (!slice_is_empty(held.decision))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "this was decided before: %.*s", SLICE_ARG(held.decision));
	if (instant_is_before(held.deadline, turn->now))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the deadline has passed; the inquiry is being refused");

	return end(turn, &held, &verdict, release ? NULL : &refusal);
}

/* --- Time ---------------------------------------------------------------- */

static enum err
is_overdue(struct turn *turn)
{
	struct query q;
	enum err rc;

	store_query(turn->store, RELAY_HELD_IS_OVERDUE, &q);
	query_int(&q, "now", turn->now.ms);
	rc = query_step(&q);
	query_done(&q);

	return rc;
}

static enum err
load_overdue(struct turn *turn, struct held *ret, size_t *ret_n)
{
	struct query q;
	struct held *h;
	enum err rc;

	*ret_n = 0;
	store_query(turn->store, RELAY_HELD_OVERDUE, &q);
	query_int(&q, "now", turn->now.ms);
	query_int(&q, "limit", EXPIRE_MAX);
	while ((rc = query_step(&q)) == OK && *ret_n < EXPIRE_MAX) {
		h = &ret[(*ret_n)++];
		h->permit = arena_copy(turn->arena, column_text(&q, "permit"));
		h->notice = arena_copy(turn->arena, column_text(&q, "notice"));
		h->internal.value = column_int(&q, "internal");
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
hold_expire(struct turn *turn)
{
	const struct verdict verdict = {.decision = "deadline"};
	const struct ending ending = ending_refused(REFUSED_HOLD_DEADLINE);
	struct held *all;
	size_t i, n = 0;
	enum err rc;

	rc = is_overdue(turn);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	all = arena_array(turn->arena, EXPIRE_MAX, sizeof(*all));
	rc = load_overdue(turn, all, &n);
	for (i = 0; rc == OK && i < n; i++)
		rc = end(turn, &all[i], &verdict,
		    bug_is(BUG_DEADLINE_RELEASES) ? NULL : &ending);
	if (rc == OK && n == EXPIRE_MAX)
		turn_hurry(turn, "holds");

	return rc;
}

/* --- Routes -------------------------------------------------------------- */

static json_t *
describe(struct query *q)
{
	static const char *const texts[] = {
	    "permit", "item", "affair", "inquirer", "unit"};
	static const char *const times[] = {"since", "deadline"};
	char text[INSTANT_TEXT_MAX], number[INTERNAL_NUMBER_DIGITS + 1];
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put_text(row, texts[i], column_text(q, texts[i]));
	internal_number_format(
	    (struct internal_number){column_int(q, "internal")}, number);
	json_put_text(row, "internal_number", slice_of(number));
	for (i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		instant_format((struct instant){column_int(q, times[i])}, text);
		json_put_text(row, times[i], slice_of(text));
	}

	return row;
}

enum err
hold_route_get(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *rows = json_array(), *body;
	struct query q;
	enum err rc;

	(void)in;
	store_query(turn->store, RELAY_HELD_OPEN, &q);
	query_int(&q, "limit", LIST_MAX);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe(&q));
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		rc = turn_audit(turn, "hold.list", SLICE(""), BASIS);
	if (rc) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "held", rows);
	reply_json(reply, 200, body);

	return OK;
}

enum err
hold_route_decide(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice choice = input_text(in, "decision");
	struct hold_decision decision = {.permit = input_text(in, "permit"),
	    .choice = HOLD_REFUSE,
	    .reason = input_text(in, "reason"),
	    .role = input_text(in, "role")};
	json_t *body;
	enum err rc;

	if (slice_equal_string(choice, "release"))
		decision.choice = HOLD_RELEASE;
	else if (!slice_equal_string(choice, "refuse"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: either release or refuse");
	rc = hold_decide(turn, &decision);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "permit", decision.permit);
	json_put_text(body, "decision", choice);
	reply_json(reply, 200, body);

	return OK;
}
