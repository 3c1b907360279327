#include "systems/registry/abroad.h"

#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define LIST_MAX 200

/* ---- Rows --------------------------------------------------------------- */

static const char *const states[] = {
    [ABROAD_ASKED] = "asked",
    [ABROAD_HELD] = "held",
    [ABROAD_SAME] = "same",
    [ABROAD_DIFFERENT] = "different",
};

static enum err
read_abroad(struct query *q, struct arena *arena, struct abroad *a)
{
	struct slice state = column_text(q, "state");
	int64_t own_code = column_int(q, "own_code");

	*a = (struct abroad){.state = ABROAD_ASKED};
	while (!slice_equal_string(state, states[a->state])) {
		if (++a->state > ABROAD_DIFFERENT)
			return ERR_CORRUPT;
	}
	a->candidates = arena_copy(arena, column_text(q, "candidates"));
	a->joined.value = column_int(q, "joined");
	a->since.ms = column_int(q, "since");
	a->has_own_code = own_code != 0;

	return a->has_own_code
	    ? resident_code_from_int64(own_code, &a->own_code)
	    : OK;
}

enum err
abroad_load(struct turn *turn, struct resident_id id, struct abroad *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_ABROAD_GET, &q);
	query_int(&q, "resident", id.value);
	rc = query_step(&q);
	if (rc == OK)
		rc = read_abroad(&q, turn->arena, ret);
	query_done(&q);

	return rc;
}

enum err
abroad_store(
    struct turn *turn, struct resident_id id, const struct abroad *abroad)
{
	struct query q;

	store_query(turn->store, REGISTRY_ABROAD_PUT, &q);
	query_int(&q, "resident", id.value);
	query_text(&q, "state", slice_of(states[abroad->state]));
	query_text(&q, "candidates", abroad->candidates);
	if (abroad->has_own_code)
		query_int(
		    &q, "own_code", resident_code_to_int64(&abroad->own_code));
	else
		query_null(&q, "own_code");
	if (abroad->joined.value != 0)
		query_int(&q, "joined", abroad->joined.value);
	else
		query_null(&q, "joined");
	query_int(&q, "since", abroad->since.ms);

	return query_run(&q);
}

static void
read_decision(struct query *q, struct abroad_decision *d)
{
	d->serial = column_int(q, "serial");
	d->is_open = column_is_null(q, "settled_at");
	d->is_refused = !column_is_null(q, "refusal");
	d->is_same = slice_equal_string(column_text(q, "decision"), "same");
	d->candidate = column_int(q, "candidate");
	d->known_code = column_int(q, "known_code");
	d->version = column_int(q, "version");
}

enum err
abroad_last_decision(
    struct turn *turn, struct resident_id id, struct abroad_decision *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct abroad_decision){0};
	store_query(turn->store, REGISTRY_ABROAD_DECISIONS, &q);
	query_int(&q, "resident", id.value);
	rc = query_step(&q);
	if (rc == OK)
		read_decision(&q, ret);
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
abroad_open(struct turn *turn, struct resident_id id)
{
	const struct abroad asked = {.state = ABROAD_ASKED, .since = turn->now};

	return abroad_store(turn, id, &asked);
}

enum err
abroad_follow(struct turn *turn, struct resident_id *id)
{
	struct abroad abroad;
	enum err rc = abroad_load(turn, *id, &abroad);

	if (rc == OK && abroad.joined.value != 0)
		*id = abroad.joined;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
audit(struct turn *turn, const char *action, struct resident_id id)
{
	return turn_audit(
	    turn, action, resident_id_text(turn->arena, id), BASIS);
}

enum err
abroad_hold(struct turn *turn, struct resident_id id, const json_t *candidates)
{
	struct abroad held;
	struct buf text;
	enum err rc;

	if (json_array_size(candidates) == 0 ||
	    json_array_size(candidates) > ABROAD_CANDIDATES_MAX)
		return problem_set(turn->problem, ERR_INPUT,
		    "held: expected 1 to %d candidates", ABROAD_CANDIDATES_MAX);
	rc = abroad_load(turn, id, &held);
	if (rc)
		return rc;
	buf_init(&text);
	json_write(candidates, &text);
	held.state = ABROAD_HELD;
	held.candidates = buf_slice(&text);
	held.since = turn->now;
	rc = abroad_store(turn, id, &held);
	buf_done(&text);
	turn_wake(turn, numbering_wait_key(turn, id));

	return rc == OK ? audit(turn, "arrival.hold", id) : rc;
}

/* ---- Showing ------------------------------------------------------------ */

static void
put_instant(json_t *object, const char *key, struct instant at)
{
	char text[INSTANT_TEXT_MAX];

	instant_format(at, text);
	json_put_text(object, key, slice_of(text));
}

enum err
abroad_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = json_object(), *rows = json_array(), *row;
	struct resident_id id;
	struct query q;
	enum err rc;

	json_put(body, "arrivals", rows);
	store_query(turn->store, REGISTRY_ABROAD_HELD, &q);
	query_int(&q, "after", input_int(in, "after"));
	query_int(&q, "limit", LIST_MAX);
	while ((rc = query_step(&q)) == OK) {
		id.value = column_int(&q, "resident");
		row = json_object();
		json_put_text(
		    row, "resident", resident_id_text(turn->arena, id));
		put_instant(
		    row, "since", (struct instant){column_int(&q, "since")});
		json_array_append_new(rows, row);
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}

/* One candidate of the message as an object. */
static json_t *
candidate_json(const json_t *row)
{
	static const char *const names[] = {"candidate", "name", "kana",
	    "birth", "sex", "address", "municipality", "left"};
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		json_put(object, names[i], json_incref(json_array_get(row, i)));

	return object;
}

static enum err
put_candidates(struct turn *turn, const struct abroad *a, json_t *body)
{
	json_t *rows = NULL, *candidates = json_array();
	size_t i;
	enum err rc = OK;

	if (!slice_is_empty(a->candidates))
		rc = json_read(
		    a->candidates, "candidates", &rows, turn->problem);
	for (i = 0; i < json_array_size(rows); i++)
		json_array_append_new(
		    candidates, candidate_json(json_array_get(rows, i)));
	json_decref(rows);
	json_put(body, "candidates", candidates);

	return rc == OK ? OK : ERR_CORRUPT;
}

static json_t *
decision_json(struct query *q)
{
	static const char *const texts[] = {
	    "decision", "evidence", "officer", "role"};
	json_t *row = json_object();
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put_text(row, texts[i], column_text(q, texts[i]));
	if (!column_is_null(q, "candidate"))
		json_put_int(row, "candidate", column_int(q, "candidate"));
	put_instant(
	    row, "decided", (struct instant){column_int(q, "decided_at")});
	if (!column_is_null(q, "settled_at"))
		put_instant(row, "settled",
		    (struct instant){column_int(q, "settled_at")});
	if (!column_is_null(q, "refusal"))
		json_put_text(row, "refusal", column_text(q, "refusal"));

	return row;
}

static enum err
put_decisions(struct turn *turn, struct resident_id id, json_t *body)
{
	json_t *rows = json_array();
	struct query q;
	enum err rc;

	json_put(body, "decisions", rows);
	store_query(turn->store, REGISTRY_ABROAD_DECISIONS, &q);
	query_int(&q, "resident", id.value);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, decision_json(&q));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
describe(struct turn *turn, struct resident_id id, const struct abroad *a,
    json_t *body)
{
	enum err rc;

	json_put_text(body, "resident", resident_id_text(turn->arena, id));
	json_put_text(body, "state", slice_of(states[a->state]));
	put_instant(body, "since", a->since);
	if (a->joined.value != 0)
		json_put_text(
		    body, "same_as", resident_id_text(turn->arena, a->joined));
	rc = put_candidates(turn, a, body);

	return rc == OK ? put_decisions(turn, id, body) : rc;
}

static enum err
no_arrival(struct turn *turn)
{
	return problem_set(turn->problem, ERR_NOT_FOUND,
	    "no arrival from abroad has this number here");
}

enum err
abroad_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct abroad_decision last = {0};
	struct resident_id id;
	struct abroad a;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = audit(turn, "arrival.read", id)) ||
	    (rc = abroad_last_decision(turn, id, &last)))
		return rc;
	if (last.is_open && input_int(in, "wait") > 0 && !input_waited(in)) {
		reply_wait(reply, numbering_wait_key(turn, id),
		    (int)input_int(in, "wait"));
		return OK;
	}
	rc = abroad_load(turn, id, &a);
	if (rc)
		return rc == ERR_NOT_FOUND ? no_arrival(turn) : rc;
	body = json_object();
	rc = describe(turn, id, &a, body);
	if (rc)
		json_decref(body);
	else
		reply_json(reply, 200, body);

	return rc;
}

/* ---- Deciding ----------------------------------------------------------- */

struct choice {
	bool is_same;
	int64_t candidate; /* 0: by the code */
	struct slice code;
	int64_t known_code; /* the same */
};

static enum err
read_choice(struct turn *turn, const struct input *in, struct choice *ret)
{
	struct slice text = input_text(in, "decision");
	struct resident_code code;
	int named = input_has(in, "candidate") + input_has(in, "code");

	*ret = (struct choice){.is_same = slice_equal_string(text, "same"),
	    .candidate = input_int(in, "candidate"),
	    .code = input_text(in, "code")};
	if (!ret->is_same && !slice_equal_string(text, "different"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: either same or different");
	if (named != ret->is_same)
		return problem_set(turn->problem, ERR_INPUT,
		    "same: name the candidate, or the code that the papers "
		    "show; different: neither");
	if (!input_has(in, "code"))
		return OK;
	if (resident_code_parse(ret->code, &code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: the check digit does not fit");
	ret->known_code = resident_code_to_int64(&code);

	return OK;
}

/* Who came before there was such a question may be decided about as well. */
static enum err
load_arrival(struct turn *turn, const struct choice *c, struct resident_id id,
    struct abroad *ret)
{
	enum err rc = abroad_load(turn, id, ret);

	if (rc != ERR_NOT_FOUND)
		return rc;
	if (slice_is_empty(c->code))
		return no_arrival(turn);
	rc = abroad_open(turn, id);

	return rc == OK ? abroad_load(turn, id, ret) : rc;
}

static enum err
check(struct turn *turn, const struct choice *c, const struct resident *r,
    const struct abroad *a)
{
	if (r->state != RESIDENT_CURRENT || a->joined.value != 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is closed (%s)", resident_state_name(r->state));
	if (a->state != ABROAD_HELD && r->numbering != NUMBERING_NUMBERED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "jukinet has not answered yet");
	if (a->state != ABROAD_HELD && c->candidate != 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the arrival is not held (any more); name the code");
	if ((a->state == ABROAD_ASKED || a->state == ABROAD_DIFFERENT) &&
	    !c->is_same)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the resident has a number of their own already");

	return OK;
}

static enum err
add_decision(struct turn *turn, const struct input *in, const struct choice *c,
    const struct resident *r, int64_t serial)
{
	struct query q;

	store_query(turn->store, REGISTRY_ABROAD_DECISION_ADD, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "serial", serial);
	query_text(&q, "decision", input_text(in, "decision"));
	if (c->candidate != 0)
		query_int(&q, "candidate", c->candidate);
	else
		query_null(&q, "candidate");
	if (c->known_code != 0)
		query_int(&q, "known_code", c->known_code);
	else
		query_null(&q, "known_code");
	query_text(&q, "evidence", input_text(in, "evidence"));
	query_text(&q, "officer", turn->caller.name);
	query_text(&q, "role", input_text(in, "role"));
	query_int(&q, "version", r->version);
	query_int(&q, "decided_at", turn->now.ms);

	return query_run(&q);
}

static enum err
tell_jukinet(struct turn *turn, const struct input *in, const struct choice *c,
    const struct resident *r, const struct abroad *a)
{
	struct system_id jukinet;
	json_t *body;
	enum err rc = turn_single(turn, JUKINET_USUAL, &jukinet);

	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "code",
	    resident_code_slice(a->has_own_code ? &a->own_code : &r->code));
	json_put_text(body, "decision", input_text(in, "decision"));
	if (c->candidate != 0)
		json_put_int(body, "candidate", c->candidate);
	if (!slice_is_empty(c->code))
		json_put_text(body, "known_code", c->code);
	json_put_text(body, "evidence", input_text(in, "evidence"));
	json_put_text(body, "officer", turn->caller.name);
	json_put_text(body, "role", input_text(in, "role"));
	json_put(body, "attributes", person_to_json(&r->person));

	return turn_send(turn, &jukinet, "arrival.decided", body);
}

/* The same again, from one who did not hear our answer? */
static bool
is_repeated(const struct choice *c, const struct abroad_decision *last)
{
	return last->serial > 0 && !last->is_refused &&
	    last->is_same == c->is_same && last->candidate == c->candidate &&
	    last->known_code == c->known_code;
}

static enum err
decide(struct turn *turn, const struct input *in, const struct choice *c,
    struct resident_id id)
{
	struct abroad_decision last;
	struct resident r;
	struct abroad a = {.state = ABROAD_ASKED};
	enum err rc;

	if ((rc = resident_load(turn, id, &r)) ||
	    (rc = load_arrival(turn, c, id, &a)) ||
	    (rc = abroad_last_decision(turn, id, &last)) ||
	    is_repeated(c, &last))
		return rc;
	if (last.is_open)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another decision about this arrival is under way");
	if ((rc = check(turn, c, &r, &a)) ||
	    (rc = add_decision(turn, in, c, &r, last.serial + 1)))
		return rc;

	return tell_jukinet(turn, in, c, &r, &a);
}

enum err
abroad_decide(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct abroad_decision last = {0};
	struct resident_id id;
	struct choice c;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = read_choice(turn, in, &c)) ||
	    (rc = decide(turn, in, &c, id)) ||
	    (rc = audit(turn, "arrival.decide", id)) ||
	    (rc = abroad_last_decision(turn, id, &last)))
		return rc;
	body = json_object();
	json_put_text(body, "resident", resident_id_text(turn->arena, id));
	json_put_text(body, "decision", input_text(in, "decision"));
	json_put_bool(body, "settled", !last.is_open);
	reply_json(reply, last.is_open ? 202 : 200, body);

	return OK;
}
