#include "systems/jukinet/numbering.h"

#include "base/bug.h"
#include "base/old_out.h"
#include "base/text.h"
#include "jukinet_statements.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("番号法8条")
#define BASIS_CODE SLICE("住民基本台帳法30条の3")
#define BASIS_CHANGE SLICE("番号法7条2項、施行令3条")

/* One row of a request, on its way to a number or a refusal. */
struct entry {
	struct slice text; /* of the code, as it came */
	struct resident_code code;
	struct attributes attributes;
	struct designated designated;
	struct generation generation;
	struct individual_number number;
	bool is_carried;               /* another municipality gave the code */
	bool is_from_abroad;           /* without a code of before */
	struct candidates *candidates; /* NULL, or who it may be: held */
	const char *refusal;           /* NULL: none so far */
};

/* --- Reading -------------------------------------------------------------- */

/* "abroad" behind the attributes, or nothing. */
static bool
read_origin(const json_t *row, bool *ret_abroad)
{
	struct slice text;

	*ret_abroad = json_array_size(row) > 8;

	return !*ret_abroad ||
	    (json_at_text(row, 8, &text) == OK &&
		slice_equal_string(text, "abroad"));
}

static void
read_entry(struct arena *arena, const json_t *row, struct entry *ret)
{
	if (json_at_text(row, 0, &ret->text))
		ret->text = SLICE("");
	if (resident_code_parse(ret->text, &ret->code) ||
	    attributes_read(arena, row, 1, &ret->attributes) ||
	    !read_origin(row, &ret->is_from_abroad))
		ret->refusal = "malformed";
}

/* Codes that were never designated are refused. */
static enum err
check_designation(struct turn *turn, struct slice municipality,
    struct entry *entries, size_t n)
{
	uint64_t *bodies = arena_array(turn->arena, n, sizeof(*bodies));
	struct designated *owners =
	    arena_array(turn->arena, n, sizeof(*owners));
	enum err rc;
	size_t i;

	for (i = 0; i < n; i++)
		bodies[i] = entries[i].refusal != NULL
		    ? 0
		    : resident_code_body(&entries[i].code);
	rc = designation_find(turn, bodies, n, owners);
	for (i = 0; rc == OK && i < n; i++) {
		entries[i].designated = owners[i];
		if (entries[i].refusal != NULL)
			continue;
		if (owners[i].serial.value == 0)
			entries[i].refusal = "not-designated";
		else
			entries[i].is_carried =
			    !slice_equal(owners[i].municipality, municipality);
	}

	return rc;
}

/* Who may have had a number before is held. */
static enum err
check_arrivals(struct turn *turn, struct slice municipality,
    struct entry *entries, size_t n)
{
	struct candidates *found = NULL;
	struct entry *e;
	enum err rc = OK;

	for (e = entries; rc == OK && e < entries + n; e++) {
		if (!e->is_from_abroad || e->refusal != NULL || e->is_carried)
			continue;
		if (found == NULL)
			found = arena_alloc(turn->arena, sizeof(*found));
		rc = arrival_check(turn, e->designated.serial, municipality,
		    &e->attributes, found);
		if (rc == OK && found->n > 0) {
			e->candidates = found;
			found = NULL;
		}
	}

	return rc;
}

/* --- Numbers -------------------------------------------------------------- */

static bool
needs_number(const struct entry *e)
{
	return e->refusal == NULL && !e->is_carried && e->candidates == NULL;
}

/* Compute the first number of everybody who needs one. */
static enum err
make_numbers(struct turn *turn, struct entry *entries, size_t n)
{
	struct individual_number *numbers =
	    arena_array(turn->arena, n, sizeof(*numbers));
	struct generation *generations =
	    arena_array(turn->arena, n, sizeof(*generations));
	uint64_t *bodies = arena_array(turn->arena, n, sizeof(*bodies));
	size_t i, kept = 0;
	enum err rc;

	for (i = 0; i < n; i++) {
		if (needs_number(&entries[i]))
			bodies[kept++] = resident_code_body(&entries[i].code);
	}
	if (kept == 0)
		return OK;
	rc = numbers_make(turn, bodies, kept, 0, generations, numbers);
	for (i = 0, kept = 0; rc == OK && i < n; i++) {
		if (!needs_number(&entries[i]))
			continue;
		entries[i].generation = generations[kept];
		entries[i].number = numbers[kept++];
		if (entries[i].generation.generation > GENERATION_MAX)
			entries[i].refusal = "exhausted";
	}

	return rc;
}

static bool
is_same_person(const struct person *known, const struct entry *e)
{
	return known->code.value == e->designated.serial.value &&
	    known->attributes.sex == e->attributes.sex &&
	    date_compare(known->attributes.birth, e->attributes.birth) == 0;
}

/*
 * 住基法30条の3第1項: who comes back from abroad brings the code that another
 * municipality has given, and keeps the number.
 */
static enum err
carry_over(struct turn *turn, struct entry *e, struct serial owner,
    const struct person *now)
{
	struct person known, changed = *now;
	enum err rc;

	rc = person_find(turn, owner, &known);
	if (rc == ERR_NOT_FOUND) {
		e->refusal = "not-designated";
		return OK;
	}
	if (rc)
		return rc;
	if (!is_same_person(&known, e) ||
	    (known.state != PERSON_MOVED_OUT &&
		!slice_equal(known.municipality, now->municipality))) {
		e->refusal = "in-use";
		return OK;
	}
	changed.serial = known.serial;
	changed.event = SLICE("move-in");
	if (!slice_equal(known.municipality, now->municipality))
		rc = person_replace(turn, &known, &changed);

	return rc == OK ? person_number(turn, &known, &e->number) : rc;
}

/*
 * Somebody has or had this code: the same person, who has a number, or
 * another one, for whom the code is not (住基法30条の3).
 */
static enum err
answer_known(struct turn *turn, struct entry *e, struct serial owner,
    struct slice municipality)
{
	struct person known;
	enum err rc;

	rc = person_find(turn, owner, &known);
	if (rc)
		return rc;
	if (!is_same_person(&known, e) ||
	    !slice_equal(known.municipality, municipality)) {
		e->refusal = "in-use";
		return OK;
	}

	known.generation.generation += bug_is(BUG_NUMBER_TWICE);

	return person_number(turn, &known, &e->number);
}

static enum err
give(struct turn *turn, const struct message *message, struct entry *e,
    int64_t *new_numbers)
{
	struct person p = {.serial = e->designated.serial,
	    .municipality = system_id_organisation(&message->from),
	    .state = PERSON_RESIDENT,
	    .generation = e->generation,
	    .attributes = e->attributes,
	    .event = SLICE("numbering"),
	    .event_date = date_in_japan(turn->now),
	    .updated = message->time};
	struct serial owner;
	bool is_new = false;
	enum err rc;

	rc = person_serial(turn, p.serial, &owner);
	if (rc == OK && !e->is_carried && owner.value == p.serial.value)
		rc = person_add(turn, &p, &is_new);
	if (rc == OK && e->is_carried)
		rc = carry_over(turn, e, owner, &p);
	else if (rc == OK && !is_new)
		rc = answer_known(turn, e, owner, p.municipality);
	if (rc)
		return rc;
	*new_numbers += is_new;

	return person_audit(turn, is_new ? "number.generate" : "number.answer",
	    p.serial, BASIS);
}

/* --- Answering ------------------------------------------------------------ */

/* [[RC, number or refusal], ...] of those refused, or of those numbered; a
 * third text where the number came along. */
static void
write_rows(struct old_out *body, const char *key, const struct entry *entries,
    size_t n, bool refused)
{
	const struct entry *e;

	old_out_key(body, key);
	old_out_array(body);
	for (e = entries; e < entries + n; e++) {
		if ((e->refusal != NULL) != refused || e->candidates != NULL)
			continue;
		old_out_array(body);
		old_out_text(body, e->text);
		old_out_text(body,
		    refused ? slice_of(e->refusal)
			    : individual_number_slice(&e->number));
		if (!refused && e->is_carried)
			old_out_text(body, SLICE("carried"));
		old_out_end(body);
	}
	old_out_end(body);
}

/* [candidate, name, kana, birth, sex, address, municipality, left]: neither
 * code nor number. */
static void
write_candidate(struct old_out *body, size_t i, const struct person *p)
{
	const struct attributes *a = &p->attributes;
	char birth[DATE_TEXT_MAX], left[DATE_TEXT_MAX];

	date_format(a->birth, birth);
	date_format(p->event_date, left);
	old_out_array(body);
	old_out_int(body, (int64_t)i + 1);
	old_out_text(body, a->name);
	old_out_text(body, a->kana);
	old_out_text(body, slice_of(birth));
	old_out_text(body, sex_format(a->sex));
	old_out_text(body, a->address);
	old_out_text(body, p->municipality);
	old_out_text(body, slice_of(left));
	old_out_end(body);
}

/* [[RC, [candidate ...]], ...], if there are any. */
static void
write_held(struct old_out *body, const struct entry *entries, size_t n)
{
	const struct entry *e;
	size_t i, held = 0;

	for (e = entries; e < entries + n; e++) {
		if (e->candidates == NULL)
			continue;
		if (held++ == 0) {
			old_out_key(body, "held");
			old_out_array(body);
		}
		old_out_array(body);
		old_out_text(body, e->text);
		old_out_array(body);
		for (i = 0; i < e->candidates->n; i++)
			write_candidate(body, i, &e->candidates->people[i]);
		old_out_end(body);
		old_out_end(body);
	}
	if (held > 0)
		old_out_end(body);
}

static enum err
send_answer(struct turn *turn, const struct message *message,
    const struct entry *entries, size_t n)
{
	struct old_out body;
	enum err rc;

	old_out_init(&body);
	old_out_object(&body);
	write_rows(&body, "items", entries, n, false);
	write_rows(&body, "refused", entries, n, true);
	write_held(&body, entries, n);
	rc = turn_send_text(
	    turn, &message->from, "numbering.answer", old_out_finish(&body));
	old_out_done(&body);

	return rc;
}

enum err
numbering_take(struct turn *turn, const struct message *message)
{
	int64_t new_numbers = 0;
	const json_t *items;
	struct entry *entries;
	size_t i, n;
	enum err rc;

	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc)
		return rc;
	n = json_array_size(items);
	if (n > JUKINET_ROWS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "at most %d rows are taken in one request",
		    JUKINET_ROWS_MAX);
	entries = arena_array(turn->arena, n, sizeof(*entries));
	for (i = 0; i < n; i++)
		read_entry(turn->arena, json_array_get(items, i), &entries[i]);
	rc = check_designation(
	    turn, system_id_organisation(&message->from), entries, n);
	if (rc == OK)
		rc = check_arrivals(
		    turn, system_id_organisation(&message->from), entries, n);
	if (rc == OK)
		rc = make_numbers(turn, entries, n);
	for (i = 0; rc == OK && i < n; i++) {
		if (entries[i].candidates != NULL)
			rc = person_audit(turn, "arrival.hold",
			    entries[i].designated.serial, BASIS_CODE);
		else if (entries[i].refusal == NULL)
			rc = give(turn, message, &entries[i], &new_numbers);
	}
	if (rc == OK && new_numbers > 0)
		rc = jukinet_count(turn, "numbers", new_numbers);
	if (rc == OK)
		rc = send_answer(turn, message, entries, n);

	return rc;
}

/* --- Changing ------------------------------------------------------------- */

struct change {
	struct slice municipality, request, reason;
	struct slice code_text;
	struct resident_code code;
	struct individual_number leaked, number;
	struct instant said;
	struct person person;
	struct generation next; /* made of the person's code of today */
	const char *refusal;
};

static enum err
read_change(
    struct turn *turn, const struct message *message, struct change *ret)
{
	const json_t *body = message->body;
	struct slice number;
	struct message_id id;
	enum err rc;

	ret->municipality = system_id_organisation(&message->from);
	ret->said = message->time;
	if ((rc = json_get_text(
		 body, "code", &ret->code_text, turn->problem)) ||
	    (rc = json_get_text(body, "number", &number, turn->problem)) ||
	    (rc = json_get_text(body, "reason", &ret->reason, turn->problem)) ||
	    (rc = json_get_text(body, "request", &ret->request, turn->problem)))
		return rc;
	if (message_id_parse(ret->request, &id) ||
	    resident_code_parse(ret->code_text, &ret->code) ||
	    individual_number_parse(number, &ret->leaked) ||
	    ret->reason.len == 0 || ret->reason.len > JUKINET_REASON_MAX ||
	    !text_is_printable(ret->reason))
		return problem_set(turn->problem, ERR_INPUT,
		    "a field of number.change is malformed");

	return OK;
}

/* The number that the request gave before. */
static enum err
made_before(struct turn *turn, struct change *c, struct serial person,
    struct serial number_code, struct generation made)
{
	struct resident_code code;
	enum err rc;

	rc = person_of_code(turn, &c->code, c->said, &c->person);
	if (rc == OK && c->person.serial.value != person.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field request: was used for another person");
	if (rc == OK)
		rc = designation_code(turn, number_code, &code);
	if (rc)
		return rc;
	c->number = numbers_of(turn, resident_code_body(&code), made);
	resident_code_wipe(&code);

	return OK;
}

/* What the same request gave before; ERR_NOT_FOUND if it is new. */
static enum err
find_change(struct turn *turn, struct change *c)
{
	struct serial serial = {0}, number_code = {0};
	struct generation made = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_CHANGE_FIND, &q);
	query_text(&q, "municipality", c->municipality);
	query_text(&q, "request", c->request);
	rc = query_step(&q);
	if (rc == OK && column_is_null(&q, "serial")) {
		c->refusal =
		    arena_string(turn->arena, column_text(&q, "refusal"));
	} else if (rc == OK) {
		serial.value = column_int(&q, "serial");
		number_code.value = column_int(&q, "number_serial");
		made.generation = (unsigned int)column_int(&q, "generation");
		made.epoch = (unsigned int)column_int(&q, "epoch");
	}
	query_done(&q);
	if (rc || serial.value == 0)
		return rc;
	return made_before(turn, c, serial, number_code, made);
}

/* The next number: of the code of today, which may not have made one yet. */
static enum err
make_next(struct turn *turn, struct change *c)
{
	const struct person *p = &c->person;
	bool same = p->number_code.value == p->code.value;
	struct resident_code code;
	uint64_t body;
	enum err rc;

	rc = designation_code(turn, p->code, &code);
	if (rc)
		return rc;
	body = resident_code_body(&code);
	resident_code_wipe(&code);
	rc = numbers_make(turn, &body, 1,
	    same ? p->generation.generation + 1 : 0, &c->next, &c->number);
	if (rc == OK && c->next.generation > GENERATION_MAX)
		c->refusal = "this person has had ten numbers, which is all "
			     "that one Resident Record Code gives; change "
			     "the code first";

	return rc;
}

/* Whether the person may have another number; sets the refusal if not. */
static enum err
judge(struct turn *turn, struct change *c)
{
	struct individual_number current;
	enum err rc;

	rc = person_of_code(turn, &c->code, c->said, &c->person);
	if (rc == ERR_NOT_FOUND) {
		c->refusal = "nobody with this Resident Record Code has a "
			     "number";
		return OK;
	}
	if (rc == OK)
		rc = person_number(turn, &c->person, &current);
	if (rc)
		return rc;
	if (!slice_equal(c->person.municipality, c->municipality))
		c->refusal = "this person is registered elsewhere";
	else if (c->person.state == PERSON_DEAD)
		c->refusal = "this person has died";
	else if (!individual_number_equal(&current, &c->leaked))
		c->refusal = "this is not the person's current number";
	individual_number_wipe(&current);

	return c->refusal == NULL ? make_next(turn, c) : OK;
}

static enum err
store_change(struct turn *turn, const struct change *c)
{
	struct query q;

	store_query(turn->store, JUKINET_CHANGE_ADD, &q);
	query_text(&q, "municipality", c->municipality);
	query_text(&q, "request", c->request);
	if (c->refusal == NULL) {
		query_int(&q, "serial", c->person.serial.value);
		query_int(&q, "number_serial", c->person.code.value);
		query_int(&q, "generation", c->next.generation);
		query_int(&q, "epoch", c->next.epoch);
	} else {
		query_null(&q, "serial");
		query_null(&q, "number_serial");
		query_null(&q, "generation");
		query_null(&q, "epoch");
	}
	query_text(&q, "reason", c->reason);
	query_text(&q, "refusal",
	    c->refusal != NULL ? slice_of(c->refusal) : SLICE(""));
	query_int(&q, "at", turn->now.ms);

	return query_run(&q);
}

/* The old number retires; it is never given again (施行令6条). */
static enum err
replace_number(struct turn *turn, const struct change *c)
{
	struct query q;
	enum err rc;

	rc = person_retire_number(turn, &c->person, c->person.serial);
	if (rc)
		return rc;
	store_query(turn->store, JUKINET_NUMBER_SET, &q);
	query_int(&q, "serial", c->person.serial.value);
	query_int(&q, "number_serial", c->person.code.value);
	query_int(&q, "generation", c->next.generation);
	query_int(&q, "epoch", c->next.epoch);
	rc = query_run(&q);

	return rc == OK ? jukinet_count(turn, "changes", 1) : rc;
}

static enum err
answer_change(
    struct turn *turn, const struct message *message, const struct change *c)
{
	json_t *body = json_object();

	json_put_text(body, "request", c->request);
	json_put_text(body, "code", c->code_text);
	if (c->refusal != NULL)
		json_put_text(body, "refused", slice_of(c->refusal));
	else
		json_put_text(
		    body, "number", individual_number_slice(&c->number));

	return turn_send(turn, &message->from, "number.changed", body);
}

enum err
numbering_change(struct turn *turn, const struct message *message)
{
	struct change c = {0};
	enum err rc;

	rc = read_change(turn, message, &c);
	if (rc)
		return rc;
	rc = find_change(turn, &c);
	if (rc == ERR_NOT_FOUND) {
		rc = judge(turn, &c);
		if (rc == OK && c.refusal == NULL)
			rc = replace_number(turn, &c);
		if (rc == OK)
			rc = store_change(turn, &c);
	}
	if (rc == OK)
		rc = person_audit(
		    turn, "number.change", c.person.serial, BASIS_CHANGE);

	return rc == OK ? answer_change(turn, message, &c) : rc;
}
