#include "systems/registry/change.h"

#include "base/text.h"
#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/portal/portal.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/registry.h"

#define BASIS "番号法7条2項"
#define REFUSAL_MAX 200 /* bytes of a reason that are kept */

/* ---- Asking for another number ----------------------------------------- */

struct change {
	struct slice request;
	struct resident_id resident;
	int64_t serial; /* of the number that leaked */
	bool settled;
	struct slice refusal;
};

static enum err
load_change(struct turn *turn, struct slice request, struct change *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct change){.request = request};
	store_query(turn->store, REGISTRY_NUMBER_CHANGE_GET, &q);
	query_text(&q, "request", request);
	rc = query_step(&q);
	if (rc == OK) {
		ret->resident.value = column_int(&q, "resident");
		ret->serial = column_int(&q, "serial");
		ret->settled = !column_is_null(&q, "settled_at");
		ret->refusal =
		    arena_copy(turn->arena, column_text(&q, "refusal"));
	}
	query_done(&q);

	return rc;
}

static enum err
check_none_open(struct turn *turn, struct resident_id id)
{
	bool open = false;
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_NUMBER_CHANGE_OPEN, &q);
	query_int(&q, "resident", id.value);
	rc = query_step(&q);
	if (rc == OK)
		open = column_int(&q, "open") > 0;
	query_done(&q);
	if (open)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another number is on its way to this resident already");

	return rc;
}

static enum err
add_change(struct turn *turn, const struct resident *r, struct slice request,
    struct slice reason)
{
	struct query q;

	store_query(turn->store, REGISTRY_NUMBER_CHANGE_ADD, &q);
	query_text(&q, "request", request);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "serial", r->assignment);
	query_text(&q, "reason", reason);
	query_int(&q, "asked_at", turn->now.ms);

	return query_run(&q);
}

static enum err
send_change(struct turn *turn, const struct resident *r,
    const struct individual_number *leaked, struct slice request,
    struct slice reason)
{
	struct system_id jukinet;
	json_t *body;
	enum err rc;

	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "code", resident_code_slice(&r->code));
	json_put_text(body, "number", individual_number_slice(leaked));
	json_put_text(body, "reason", reason);
	json_put_text(body, "request", request);

	return turn_send(turn, &jukinet, "number.change", body);
}

static enum err
ask(struct turn *turn, const struct input *in, struct resident_id id)
{
	struct slice request = input_text(in, "request");
	struct slice reason = input_text(in, "reason");
	struct individual_number leaked;
	struct instant assigned;
	struct resident r;
	enum err rc;

	if ((rc = resident_load(turn, id, &r)))
		return rc;
	if (r.state != RESIDENT_CURRENT || !r.has_code ||
	    resident_number(turn, &r, &leaked, &assigned))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "only a number of somebody who lives here can be changed "
		    "(番号法施行令3条)");
	if ((rc = check_none_open(turn, id)) ||
	    (rc = add_change(turn, &r, request, reason)) ||
	    (rc = send_change(turn, &r, &leaked, request, reason)))
		return rc;
	individual_number_wipe(&leaked);

	return OK;
}

static const char *
change_state(const struct change *c)
{
	if (!c->settled)
		return "requested";

	return slice_is_empty(c->refusal) ? "changed" : "refused";
}

enum err
change_request(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice request = input_text(in, "request");
	struct resident_id id;
	struct change c;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)))
		return rc;
	rc = load_change(turn, request, &c);
	if (rc == OK && c.resident.value != id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field request: was used for another resident");
	if (rc == ERR_NOT_FOUND)
		rc = ask(turn, in, id);
	if (rc == OK)
		rc = turn_audit(turn, "number.change",
		    resident_id_text(turn->arena, id), SLICE(BASIS));
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "request", request);
	json_put_text(body, "state", slice_of(change_state(&c)));
	if (!slice_is_empty(c.refusal))
		json_put_text(body, "refusal", c.refusal);
	reply_json(reply, c.settled ? 200 : 202, body);

	return OK;
}

/* ---- The answer -------------------------------------------------------- */

static enum err
settle(struct turn *turn, const struct change *c, struct slice refusal)
{
	struct query q;

	store_query(turn->store, REGISTRY_NUMBER_CHANGE_SETTLE, &q);
	query_int(&q, "settled_at", turn->now.ms);
	if (slice_is_empty(refusal))
		query_null(&q, "refusal");
	else
		query_text(&q, "refusal", refusal);
	query_text(&q, "request", c->request);

	return query_run(&q);
}

static enum err
assign(struct turn *turn, const struct change *c, struct slice text)
{
	const struct event event = {
	    .name = "number-change", .date = date_in_japan(turn->now)};
	struct individual_number number;
	struct tally tally;
	struct resident r;
	enum err rc;

	if (individual_number_parse(text, &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "field number: no Individual Number");
	if ((rc = resident_load(turn, c->resident, &r)) ||
	    (rc = tally_load(turn, &tally)) ||
	    (rc = numbering_assign(
		 turn, &tally, &r, &number, ASSIGNED_CHANGE)) ||
	    (rc = tally_store(turn, &tally)) ||
	    (rc = settle(turn, c, (struct slice){0})))
		return rc;
	individual_number_wipe(&number);

	return news_changed(turn, &event, &r, 1);
}

enum err
change_take_answer(struct turn *turn, const struct message *message)
{
	struct problem *problem = turn->problem;
	struct slice request, number, refused;
	struct change c;
	enum err rc;

	if ((rc = json_get_text(message->body, "request", &request, problem)) ||
	    (rc = json_get_text_or_empty(
		 message->body, "number", &number, problem)) ||
	    (rc = json_get_text_or_empty(
		 message->body, "refused", &refused, problem)))
		return rc;
	rc = load_change(turn, request, &c);
	if (rc == ERR_NOT_FOUND)
		return problem_set(problem, ERR_NOT_FOUND,
		    "no number was to be changed under this request");
	if (rc || c.settled)
		return rc;
	if (!slice_is_empty(number))
		return assign(turn, &c, number);
	if (slice_is_empty(refused))
		return problem_set(problem, ERR_INPUT,
		    "expected a number or why it is refused");
	turn_wake(turn, numbering_wait_key(turn, c.resident));

	return settle(turn, &c, utf8_cut(refused, REFUSAL_MAX));
}

/* ---- Joining the portal ------------------------------------------------ */

static enum err
send_enrolment(
    struct turn *turn, struct slice acquisition, const struct resident *r)
{
	struct system_id jukinet, portal;
	json_t *body, *items, *row;
	enum err rc;

	if ((rc = turn_single(turn, JUKINET_USUAL, &jukinet)) ||
	    (rc = turn_single(turn, PORTAL_USUAL, &portal)))
		return rc;
	row = json_array();
	json_push_text(row, acquisition);
	json_push_text(row, resident_code_slice(&r->code));
	items = json_array();
	json_array_append_new(items, row);
	body = json_object();
	json_put_text(body, "for", slice_of(portal.text));
	json_put(body, "items", items);

	return turn_send(turn, &jukinet, "enrolment.identify", body);
}

enum err
change_enrol(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id;
	struct resident r;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = resident_load(turn, id, &r)))
		return rc;
	if (r.state != RESIDENT_CURRENT || r.numbering != NUMBERING_NUMBERED ||
	    !r.has_code)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the resident must live here and have an Individual "
		    "Number");
	if ((rc = send_enrolment(turn, input_text(in, "acquisition"), &r)) ||
	    (rc = turn_audit(turn, "resident.enrol",
		 resident_id_text(turn->arena, id), SLICE("番号法附則6条"))))
		return rc;
	body = json_object();
	json_put_text(body, "resident", resident_id_text(turn->arena, id));
	json_put_text(body, "state", SLICE("sent"));
	reply_json(reply, 202, body);

	return OK;
}

enum err
change_take_enrolment_refused(struct turn *turn, const struct message *message)
{
	const json_t *items;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc)
		return rc;

	return turn_audit(turn, "resident.enrol.refused", (struct slice){0},
	    SLICE("番号法21条の2"));
}
