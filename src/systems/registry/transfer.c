#include "systems/registry/transfer.h"

#include "base/text.h"
#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/events.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"
#include "systems/registry/transfer_row.h"

#define BASIS "住民基本台帳法24条の2"
#define REASON_MAX 200 /* bytes of a refusal that are kept */

/* ---- Leaving ----------------------------------------------------------- */

static json_t *
notice_body(const struct transfer *t)
{
	json_t *body = json_object(), *people = json_array();
	char date[DATE_TEXT_MAX];
	size_t i;

	date_format(t->date, date);
	json_put_text(body, "transfer", t->id);
	json_put_text(body, "to", t->organisation);
	json_put_text(body, "household", t->household);
	json_put_text(body, "date", slice_of(date));
	for (i = 0; i < t->n_people; i++)
		json_array_append_new(
		    people, transfer_person_to_json(&t->people[i]));
	json_put(body, "people", people);

	return body;
}

/* Code and number go with the person, so they must be there. */
static enum err
pack(struct turn *turn, const struct resident *r, struct transfer *t)
{
	struct transfer_person *p = &t->people[t->n_people];
	struct instant assigned;

	if (!r->has_code || resident_number(turn, r, &p->number, &assigned))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "a resident has no Individual Number yet; it is on its "
		    "way, declare the move again when it has come");
	p->position = (int64_t)t->n_people;
	p->code = r->code;
	p->resident = r->id;
	p->relation = r->person.relation;
	p->person = r->person;
	t->n_people++;

	return OK;
}

static enum err
leave(struct turn *turn, struct tally *tally, const struct event *event,
    struct resident *r)
{
	if (r->state != RESIDENT_CURRENT)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the record is closed (%s)", resident_state_name(r->state));

	return events_leave(turn, tally, event, RESIDENT_MOVED_OUT, r);
}

static enum err
announce(struct turn *turn, const struct event *event, struct transfer *t,
    const struct resident *residents, size_t n)
{
	struct system_id jukinet;
	size_t i;
	enum err rc;

	for (i = 0; i < n; i++) {
		if ((rc = pack(turn, &residents[i], t)))
			return rc;
	}
	if ((rc = transfer_add(turn, t)) ||
	    (rc = turn_single(turn, JUKINET_USUAL, &jukinet)) ||
	    (rc = turn_send(turn, &jukinet, "transfer.notice", notice_body(t))))
		return rc;

	return news_changed(turn, event, residents, n);
}

/* Abroad there is nobody to announce it to; the move itself is the row. */
static enum err
emigrate(struct turn *turn, const struct event *event, const struct transfer *t,
    const struct resident *residents, size_t n)
{
	enum err rc;

	if ((rc = transfer_add(turn, t)) ||
	    (rc = transfer_settle(
		 turn, t, TRANSFER_COMPLETED, (struct slice){0})))
		return rc;

	return news_event(turn, event, residents, n);
}

static enum err
move_out(struct turn *turn, struct transfer *t, const struct resident_id *ids,
    size_t n)
{
	const struct event event = {.name = "move-out",
	    .audit = "resident.move-out",
	    .date = t->date,
	    .basis = SLICE("住民基本台帳法24条")};
	struct resident residents[REGISTRY_TRANSFER_MAX];
	struct tally tally;
	enum err rc;
	size_t i;

	if ((rc = tally_load(turn, &tally)))
		return rc;
	for (i = 0; i < n; i++) {
		if ((rc = resident_load(turn, ids[i], &residents[i])) ||
		    (rc = leave(turn, &tally, &event, &residents[i])))
			return rc;
	}
	if ((rc = tally_store(turn, &tally)))
		return rc;
	if (slice_is_empty(t->organisation))
		return emigrate(turn, &event, t, residents, n);

	return announce(turn, &event, t, residents, n);
}

static void
answer(struct turn *turn, struct reply *reply, int status,
    const struct transfer *t)
{
	struct resident_id ids[REGISTRY_TRANSFER_MAX];
	json_t *body;
	size_t i, n = 0;

	for (i = 0; i < t->n_people; i++) {
		if (t->people[i].resident.value != 0)
			ids[n++] = t->people[i].resident;
	}
	body = form_residents_json(turn, ids, n);
	json_put_text(body, "transfer", t->id);
	json_put_text(body, "state", slice_of(transfer_state_name(t->state)));
	json_put_text(
	    body, "direction", t->inward ? SLICE("in") : SLICE("out"));
	json_put_text(body, "organisation", t->organisation);
	if (!slice_is_empty(t->reason))
		json_put_text(body, "reason", t->reason);
	json_put_int(body, "people", (int64_t)t->n_people);
	reply_json(reply, status, body);
}

static enum err
audit_transfer(struct turn *turn, const char *action)
{
	return turn_audit(turn, action, (struct slice){0}, SLICE(BASIS));
}

enum err
transfer_out(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id ids[REGISTRY_TRANSFER_MAX];
	struct slice to = input_text(in, "to");
	struct transfer t;
	size_t n;
	enum err rc;

	if (slice_equal(to, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field to: this municipality itself; see POST /moves");
	if ((rc = form_residents(turn, in, ids, REGISTRY_TRANSFER_MAX, &n)))
		return rc;
	rc = transfer_load(turn, input_text(in, "transfer"), &t);
	if (rc == OK && (t.inward || !slice_equal(t.organisation, to)))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field transfer: is another move's");
	if (rc == ERR_NOT_FOUND) {
		t.organisation = to;
		t.household = turn_new_id(turn);
		t.date = input_date(in, "date");
		rc = move_out(turn, &t, ids, n);
	}
	if (rc == OK)
		rc = audit_transfer(turn, "transfer.read");
	if (rc == OK)
		answer(turn, reply, 201, &t);

	return rc;
}

/* ---- What becomes of those who left ------------------------------------ */

static enum err
load_outward(
    struct turn *turn, const struct message *message, struct transfer *ret)
{
	struct slice id;
	enum err rc;

	rc = json_get_text(message->body, "transfer", &id, turn->problem);
	if (rc)
		return rc;
	rc = transfer_load(turn, id, ret);
	if (rc == ERR_NOT_FOUND || (rc == OK && ret->inward))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no such move was declared here");

	return rc;
}

static enum err
arrive_there(
    struct turn *turn, struct transfer *t, const struct resident_code *code)
{
	size_t i;

	for (i = 0; i < t->n_people; i++) {
		if (resident_code_equal(&t->people[i].code, code))
			return transfer_arrive(
			    turn, t, i, t->people[i].resident);
	}

	return problem_set(
	    turn->problem, ERR_INPUT, "codes: one is nobody's who moves");
}

enum err
transfer_take_completed(struct turn *turn, const struct message *message)
{
	struct resident_code code;
	struct transfer t;
	struct slice text;
	const json_t *codes;
	enum err rc;
	size_t i;

	if ((rc = load_outward(turn, message, &t)) ||
	    (rc = json_get_array(
		 message->body, "codes", &codes, turn->problem)))
		return rc;
	for (i = 0; i < json_array_size(codes); i++) {
		if (json_at_text(codes, i, &text) ||
		    resident_code_parse(text, &code))
			return problem_set(turn->problem, ERR_INPUT,
			    "codes[%zu]: no Resident Record Code", i);
		if ((rc = arrive_there(turn, &t, &code)))
			return rc;
	}
	if (t.state == TRANSFER_OPEN && transfer_is_complete(&t))
		rc = transfer_settle(
		    turn, &t, TRANSFER_COMPLETED, (struct slice){0});

	return rc == OK ? audit_transfer(turn, "transfer.completed") : rc;
}

/* They live here after all. */
static enum err
take_back(struct turn *turn, struct transfer_person *p)
{
	const struct event event = {.name = "move-out-cancelled",
	    .audit = "resident.take-back",
	    .date = date_in_japan(turn->now),
	    .basis = SLICE(BASIS)};
	struct resident r;
	enum err rc;

	rc = resident_load(turn, p->resident, &r);
	if (rc || p->arrived || r.state != RESIDENT_MOVED_OUT)
		return rc;
	r.state = RESIDENT_CURRENT;
	rc = resident_change(turn, &event, &r);
	if (rc)
		return rc;

	return news_changed(turn, &event, &r, 1);
}

enum err
transfer_take_refused(struct turn *turn, const struct message *message)
{
	struct slice reason;
	struct transfer t;
	enum err rc;
	size_t i;

	if ((rc = load_outward(turn, message, &t)) ||
	    (rc = json_get_text(
		 message->body, "reason", &reason, turn->problem)))
		return rc;
	for (i = 0; i < t.n_people && t.state == TRANSFER_OPEN; i++) {
		if ((rc = take_back(turn, &t.people[i])))
			return rc;
	}
	if (t.state == TRANSFER_OPEN)
		rc = transfer_settle(
		    turn, &t, TRANSFER_REFUSED, utf8_cut(reason, REASON_MAX));

	return rc == OK ? audit_transfer(turn, "transfer.refused") : rc;
}

/* ---- Notices of those who come ----------------------------------------- */

static enum err
read_people(
    struct turn *turn, const struct message *message, struct transfer *t)
{
	const json_t *people;
	enum err rc;
	size_t i;

	rc = json_get_array(message->body, "people", &people, turn->problem);
	if (rc)
		return rc;
	if (json_array_size(people) == 0 ||
	    json_array_size(people) > REGISTRY_TRANSFER_MAX)
		return problem_set(turn->problem, ERR_INPUT,
		    "people: expected 1 to %d", REGISTRY_TRANSFER_MAX);
	for (i = 0; i < json_array_size(people); i++) {
		t->people[i].position = (int64_t)i;
		rc = transfer_person_of_json(
		    turn, json_array_get(people, i), &t->people[i]);
		if (rc)
			return rc;
		t->n_people++;
	}

	return OK;
}

static bool
is_id(struct slice s)
{
	struct message_id ignored;

	return message_id_parse(s, &ignored) == OK;
}

static enum err
read_notice(
    struct turn *turn, const struct message *message, struct transfer *t)
{
	struct problem *problem = turn->problem;
	struct slice date;
	enum err rc;

	t->inward = true;
	if ((rc = json_get_text(
		 message->body, "household", &t->household, problem)) ||
	    (rc = json_get_text(message->body, "date", &date, problem)) ||
	    (rc = json_get_text(message->body, "from_organisation",
		 &t->organisation, problem)))
		return rc;
	if (!is_id(t->id) || !is_id(t->household) ||
	    t->organisation.len > SYSTEM_ID_MAX)
		return problem_set(problem, ERR_INPUT,
		    "transfer, household or from_organisation: malformed");
	if (date_parse(date, &t->date))
		return problem_set(
		    problem, ERR_INPUT, "field date: no such day");

	return read_people(turn, message, t);
}

enum err
transfer_take_notice(struct turn *turn, const struct message *message)
{
	struct transfer t;
	struct slice id;
	enum err rc;

	rc = json_get_text(message->body, "transfer", &id, turn->problem);
	if (rc)
		return rc;
	rc = transfer_load(turn, id, &t);
	if (rc == ERR_NOT_FOUND && (rc = read_notice(turn, message, &t)) == OK)
		rc = transfer_add(turn, &t);
	turn_wake(turn, transfer_wait_key(turn, t.id));

	return rc == OK ? audit_transfer(turn, "transfer.notice") : rc;
}

/* ---- Looking ----------------------------------------------------------- */

enum err
transfer_show(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice until = input_text(in, "until");
	struct transfer t;
	bool wait;
	enum err rc;

	rc = transfer_load(turn, input_text(in, "transfer"), &t);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	wait = rc == ERR_NOT_FOUND ||
	    (slice_equal_string(until, "completed") &&
		t.state == TRANSFER_OPEN);
	if (wait && input_int(in, "wait") > 0 && !input_waited(in)) {
		reply_wait(reply, transfer_wait_key(turn, t.id),
		    (int)input_int(in, "wait"));
		return audit_transfer(turn, "transfer.read");
	}
	if (rc)
		return problem_set(
		    turn->problem, rc, "no such move is known here");
	rc = audit_transfer(turn, "transfer.read");
	if (rc == OK)
		answer(turn, reply, 200, &t);

	return rc;
}

static json_t *
open_to_json(struct query *q)
{
	char date[DATE_TEXT_MAX];
	json_t *object = json_object();

	date_format(date_of_int64(column_int(q, "moved_on")), date);
	json_put_text(object, "transfer", column_text(q, "transfer"));
	json_put_text(object, "organisation", column_text(q, "organisation"));
	json_put_text(object, "date", slice_of(date));

	return object;
}

enum err
transfer_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = json_object(), *array = json_array();
	struct query q;
	enum err rc;

	(void)in;
	store_query(turn->store, REGISTRY_TRANSFERS_OPEN, &q);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(array, open_to_json(&q));
	query_done(&q);
	json_put(body, "transfers", array);
	if (rc != ERR_NOT_FOUND) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}
