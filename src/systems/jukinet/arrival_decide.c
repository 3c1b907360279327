/* What municipalities decide about arrivals from abroad: arrival.h. */
#include "base/text.h"
#include "jukinet_statements.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")

struct decision {
	/* As it came. */
	struct slice code_text, choice, evidence, officer, role;
	int64_t candidate;          /* 0: by a code that the clerk has seen */
	struct resident_code known; /* that code */
	struct attributes attributes;
	struct slice municipality;
	struct instant said;
	/* As it stands here. */
	struct serial own; /* of the code set aside for the arrival */
	uint64_t own_body; /* that code's */
	struct arrival arrival;
	bool has_record; /* under a number of its own, `record` */
	struct person record;
	/* As it ends. */
	struct person back; /* who has come back, if somebody has */
	struct individual_number number;
	const char *refusal; /* NULL: none */
};

static bool
is_same(const struct decision *d)
{
	return slice_equal_string(d->choice, "same");
}

/* --- Reading -------------------------------------------------------------- */

static bool
is_text(struct slice s, size_t min)
{
	return s.len >= min && s.len <= JUKINET_REASON_MAX &&
	    text_is_printable(s);
}

/* Whom the clerk means: a candidate of ours, or whose code it is. */
static bool
read_choice(const json_t *body, struct decision *d)
{
	struct slice known;

	if (slice_equal_string(d->choice, "different"))
		return true;
	if (!is_same(d))
		return false;
	if (json_get_int(body, "candidate", 1, ARRIVAL_CANDIDATES_MAX,
		&d->candidate, NULL) == OK)
		return true;

	return json_get_text(body, "known_code", &known, NULL) == OK &&
	    resident_code_parse(known, &d->known) == OK;
}

static enum err
read_decision(
    struct turn *turn, const struct message *message, struct decision *ret)
{
	struct decision d = {.said = message->time,
	    .municipality = system_id_organisation(&message->from)};
	const json_t *body = message->body;
	struct resident_code code;
	struct designated designated;
	enum err rc;

	if ((rc = json_get_text(body, "code", &d.code_text, turn->problem)) ||
	    (rc = json_get_text(body, "decision", &d.choice, turn->problem)) ||
	    (rc = json_get_text(
		 body, "evidence", &d.evidence, turn->problem)) ||
	    (rc = json_get_text(body, "officer", &d.officer, turn->problem)) ||
	    (rc = json_get_text(body, "role", &d.role, turn->problem)))
		return rc;
	if (resident_code_parse(d.code_text, &code) || !read_choice(body, &d) ||
	    !is_text(d.evidence, 1) || !is_text(d.officer, 1) ||
	    !is_text(d.role, 1) ||
	    attributes_read(turn->arena, json_object_get(body, "attributes"), 0,
		&d.attributes))
		return problem_set(turn->problem, ERR_INPUT,
		    "a field of arrival.decided is malformed");
	d.own_body = resident_code_body(&code);
	rc = designation_of(turn, &code, &designated);
	d.own = designated.serial;
	if (rc == OK)
		*ret = d;

	return rc;
}

/* --- How it stands -------------------------------------------------------- */

/* The record under the arrival's own number, if it ever got one. */
static enum err
load_record(struct turn *turn, struct decision *d)
{
	struct serial owner = d->own;
	enum err rc = OK;

	if (d->arrival.state != ARRIVAL_SAME)
		rc = person_serial(turn, d->own, &owner);
	if (rc == OK)
		rc = person_find(turn, owner, &d->record);
	d->has_record = rc == OK;

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static bool
lives_there(const struct person *p, struct slice municipality)
{
	return p->state == PERSON_RESIDENT &&
	    slice_equal(p->municipality, municipality);
}

/*
 * Not held: somebody with two numbers, under the code of the second.  Who has
 * been given another code since is left to people, for others know that one.
 */
static void
judge_numbered(struct decision *d)
{
	if (!d->has_record)
		d->refusal = "unknown-arrival";
	else if (d->record.serial.value != d->own.value ||
	    d->record.code.value != d->own.value)
		d->refusal = "code-changed";
}

/* Is the arrival the sender's to decide about? */
static enum err
load(struct turn *turn, struct decision *d)
{
	enum err rc = arrival_load(turn, d->own, &d->arrival);

	if (rc == OK)
		rc = load_record(turn, d);
	if (rc)
		return rc;
	if (d->arrival.state == ARRIVAL_NONE ||
	    d->arrival.state == ARRIVAL_DIFFERENT)
		judge_numbered(d);
	if (d->refusal != NULL)
		return OK;
	if (d->arrival.state == ARRIVAL_HELD || d->arrival.state == ARRIVAL_SAME
		? !slice_equal(d->arrival.municipality, d->municipality)
		: !lives_there(&d->record, d->municipality))
		d->refusal = "registered-elsewhere";

	return OK;
}

/* --- The same person ------------------------------------------------------ */

static enum err
find_back(struct turn *turn, struct decision *d)
{
	const struct instant long_ago = {0};
	struct candidates all;
	enum err rc;

	if (d->candidate == 0) {
		rc = person_of_code(turn, &d->known, long_ago, &d->back);
		if (rc == ERR_NOT_FOUND)
			d->refusal = "unknown-person";
		return rc == ERR_NOT_FOUND ? OK : rc;
	}
	rc = arrival_candidates(turn, d->own, &all);
	if (rc)
		return rc;
	if ((size_t)d->candidate > all.n)
		d->refusal = "unknown-person";
	else
		d->back = all.people[d->candidate - 1];

	return OK;
}

/* Only who is abroad can have come back. */
static void
judge_back(struct decision *d)
{
	if (d->arrival.state == ARRIVAL_SAME)
		d->refusal = "decided-otherwise";
	else if (d->has_record &&
	    d->record.serial.value == d->back.serial.value)
		d->refusal = "unknown-person";
	else if (d->back.state != PERSON_MOVED_OUT)
		d->refusal = "not-abroad";
	else if (date_compare(d->back.attributes.birth, d->attributes.birth))
		d->refusal = "other-birth";
}

/* The code set aside is a former one of theirs, so that it is nobody else's,
 * and the arrival's attributes are what is known of them. */
static enum err
bring_back(struct turn *turn, const struct decision *d)
{
	struct person changed = d->back;
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_LATER_CODE_ADD, &q);
	query_int(&q, "serial", d->own.value);
	query_int(&q, "person", d->back.serial.value);
	query_int(&q, "since", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;
	changed.municipality = d->municipality;
	changed.state = PERSON_RESIDENT;
	changed.attributes = d->attributes;
	changed.event = SLICE("move-in");
	changed.event_date = date_in_japan(turn->now);
	changed.updated = d->said;

	return person_replace(turn, &d->back, &changed);
}

static enum err
decide_same(struct turn *turn, struct decision *d)
{
	enum err rc = find_back(turn, d);
	bool again;

	if (rc || d->refusal != NULL)
		return rc;
	again = d->arrival.state == ARRIVAL_SAME &&
	    d->arrival.person.value == d->back.serial.value;
	if (!again)
		judge_back(d);
	if (d->refusal == NULL && !again) {
		if (d->has_record)
			rc = person_retire_number(
			    turn, &d->record, d->back.serial);
		if (rc == OK)
			rc = bring_back(turn, d);
	}
	if (rc == OK && d->refusal == NULL)
		rc = person_number(turn, &d->back, &d->number);
	d->arrival.state = ARRIVAL_SAME;
	d->arrival.person = d->back.serial;

	return rc;
}

/* --- Another person ------------------------------------------------------- */

/* Who was said to have come back is abroad, as before. */
static enum err
send_back(struct turn *turn, struct decision *d)
{
	struct person now, before;
	struct query q;
	enum err rc;

	rc = person_find(turn, d->arrival.person, &now);
	if (rc)
		return rc;
	if (d->has_record)
		d->refusal = "numbered-before";
	else if (!lives_there(&now, d->municipality))
		d->refusal = "registered-elsewhere";
	if (d->refusal != NULL)
		return OK;
	before = now;
	rc = person_former_abroad(turn, &before);
	if (rc == OK)
		rc = person_replace(turn, &now, &before);
	if (rc)
		return rc;
	store_query(turn->store, JUKINET_LATER_CODE_DROP, &q);
	query_int(&q, "serial", d->own.value);

	return query_run(&q);
}

/* The first number of the code that was set aside. */
static enum err
number(struct turn *turn, struct decision *d)
{
	struct person p = {.serial = d->own,
	    .municipality = d->municipality,
	    .attributes = d->attributes,
	    .event = SLICE("numbering"),
	    .event_date = date_in_japan(turn->now),
	    .updated = d->said};
	bool is_new;
	enum err rc;

	rc = numbers_make(turn, &d->own_body, 1, 0, &p.generation, &d->number);
	if (rc)
		return rc;
	if (p.generation.generation > GENERATION_MAX) {
		d->refusal = "exhausted";
		return OK;
	}
	rc = person_add(turn, &p, &is_new);

	return rc == OK ? jukinet_count(turn, "numbers", 1) : rc;
}

static enum err
decide_different(struct turn *turn, struct decision *d)
{
	enum err rc = OK;

	if (d->arrival.state == ARRIVAL_SAME)
		rc = send_back(turn, d);
	else if (d->has_record)
		rc = person_number(turn, &d->record, &d->number);
	if (rc == OK && d->refusal == NULL && !d->has_record)
		rc = number(turn, d);
	d->arrival.state = ARRIVAL_DIFFERENT;
	d->arrival.person = (struct serial){0};

	return rc;
}

/* --- The message ---------------------------------------------------------- */

static enum err
store(struct turn *turn, struct decision *d)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_ARRIVAL_DECISION_ADD, &q);
	query_int(&q, "serial", d->own.value);
	query_text(&q, "decision", d->choice);
	if (d->back.serial.value != 0)
		query_int(&q, "person", d->back.serial.value);
	else
		query_null(&q, "person");
	query_text(&q, "evidence", d->evidence);
	query_text(&q, "officer", d->officer);
	query_text(&q, "role", d->role);
	query_text(&q, "refusal",
	    d->refusal != NULL ? slice_of(d->refusal) : SLICE(""));
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc || d->refusal != NULL)
		return rc;
	d->arrival.municipality = d->municipality;

	return arrival_store(turn, d->own, &d->arrival);
}

static enum err
answer(
    struct turn *turn, const struct message *message, const struct decision *d)
{
	struct resident_code code;
	json_t *body = json_object();
	enum err rc = OK;

	json_put_text(body, "code", d->code_text);
	json_put_text(body, "decision", d->choice);
	if (d->refusal != NULL) {
		json_put_text(body, "refused", slice_of(d->refusal));
	} else {
		json_put_text(
		    body, "number", individual_number_slice(&d->number));
		if (is_same(d)) {
			rc = designation_code(turn, d->back.code, &code);
			json_put_text(
			    body, "known_code", resident_code_slice(&code));
			resident_code_wipe(&code);
		}
	}
	if (rc) {
		json_decref(body);
		return rc;
	}

	return turn_send(turn, &message->from, "arrival.settled", body);
}

static enum err
audit(struct turn *turn, const struct decision *d)
{
	enum err rc = OK;

	if (d->back.serial.value != 0)
		rc = person_audit(
		    turn, "arrival.candidate", d->back.serial, BASIS);

	return rc == OK ? person_audit(turn,
			      d->refusal != NULL ? "arrival.refuse"
				  : is_same(d)   ? "arrival.same"
						 : "arrival.different",
			      d->own, BASIS)
			: rc;
}

enum err
arrival_take_decision(struct turn *turn, const struct message *message)
{
	struct decision d;
	enum err rc;

	rc = read_decision(turn, message, &d);
	if (rc == OK)
		rc = load(turn, &d);
	if (rc == OK && d.refusal == NULL)
		rc = is_same(&d) ? decide_same(turn, &d)
				 : decide_different(turn, &d);
	if (rc == OK)
		rc = store(turn, &d);
	if (rc == OK)
		rc = audit(turn, &d);
	if (rc == OK)
		rc = answer(turn, message, &d);
	individual_number_wipe(&d.number);

	return rc;
}
