#include "systems/jukinet/changing.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("番号法7条2項、施行令3条")
#define LIST_MAX 200
#define NUMBERS_ALONE 2 /* that a person has without an officer of ours */
#define QUIET_DAYS 3652 /* ten years, in which a third one needs papers */

struct change {
	const struct number_change *asked;
	struct system_id registry; /* that asks */
	struct slice municipality;
	struct person person;
	struct generation next; /* made of the person's code of today */
	struct number_changed answer;
	bool is_held; /* an officer decides; nothing is answered */
};

static bool
is_refused(const struct change *c)
{
	return !slice_is_empty(c->answer.refused);
}

/* Repeat the answer to a repeated request; ERR_NOT_FOUND if it is new. */
static enum err
find_change(struct turn *turn, const struct message *message, struct change *c)
{
	struct jukinet_change_find_row before;
	uint64_t body;

	TRY(jukinet_change_find(turn->store, turn->arena, c->municipality,
	    c->asked->request, &before));
	c->answer.refused = before.refusal;
	if (!before.has_serial)
		return OK;
	TRY(person_of_sender(turn, message, &c->asked->code, &c->person));
	if (c->person.serial.value != before.serial.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field request: was used for another person");
	TRY(designation_body(turn, before.number_serial, &body));
	c->answer.number = numbers_of(
	    turn, body, (struct generation){before.generation, before.epoch});

	return OK;
}

/* Make the next number, from today's code, which may not have made one yet. */
static enum err
make_next(struct turn *turn, struct change *c)
{
	const struct person *p = &c->person;
	bool same = p->number_code.value == p->code.value;
	uint64_t body;

	TRY(designation_body(turn, p->code, &body));
	TRY(numbers_make(turn, &body, 1,
	    same ? p->generation.generation + 1 : 0, &c->next,
	    &c->answer.number));
	if (c->next.generation > GENERATION_MAX)
		c->answer.refused = SLICE(
		    "this person has had ten numbers, which is all that one "
		    "Resident Record Code gives; change the code first");

	return OK;
}

/* The person may have another number, as far as the record says; *current: the
 * number that leaked is today's. */
static enum err
judge(struct turn *turn, struct change *c, bool current)
{
	if (c->person.state == PERSON_DEAD)
		c->answer.refused = SLICE("the person has died");
	else if (!current)
		c->answer.refused =
		    SLICE("the number is not the person's current one");

	return is_refused(c) ? OK : make_next(turn, c);
}

static enum err
judge_message(
    struct turn *turn, const struct message *message, struct change *c)
{
	struct individual_number current;
	enum err rc =
	    person_of_sender(turn, message, &c->asked->code, &c->person);

	if (rc == ERR_DENIED) {
		c->answer.refused = SLICE("no person with this Resident Record "
					  "Code is this municipality's");
		return OK;
	}
	TRY(rc);
	TRY(person_number(turn, &c->person, &current));

	return judge(
	    turn, c, individual_number_equal(&current, &c->asked->number));
}

/* --- The bound of a person ------------------------------------------------- */

static bool
has_paper(const struct number_change *asked)
{
	return !slice_is_empty(asked->paper) && !slice_is_empty(asked->officer);
}

/* From the third number on an officer of ours decides. */
static enum err
check_bound(struct turn *turn, struct change *c)
{
	struct jukinet_numbers_had_row had;
	struct date quiet;

	if (is_refused(c) || bug_is(BUG_CHANGES_ENDLESS))
		return OK;
	TRY(jukinet_numbers_had(turn->store, c->person.serial, &had));
	if (had.former + 1 < NUMBERS_ALONE)
		return OK;
	quiet = date_plus_days(date_in_japan(had.last), QUIET_DAYS);
	c->is_held = has_paper(c->asked) ||
	    date_compare(quiet, date_in_japan(turn->now)) <= 0;
	if (!c->is_held)
		c->answer.refused = SLICE(
		    "the number was changed less than ten years ago: expected "
		    "`paper`, the papers that show the leak (施行令3条), and the "
		    "officer who saw them; ask again with them, under another "
		    "request");

	return OK;
}

static enum err
hold(struct turn *turn, const struct change *c)
{
	return jukinet_change_hold(turn->store,
	    &(struct jukinet_change_hold){.municipality = c->municipality,
		.request = c->asked->request,
		.serial = c->person.serial,
		.number_serial = c->person.number_code,
		.generation = c->person.generation.generation,
		.paper = c->asked->paper,
		.officer = c->asked->officer,
		.reason = c->asked->reason,
		.at = turn->now});
}

/* A municipality's changes of numbers are few; each uses one up for good. */
static enum err
take_budget(struct turn *turn, struct change *c)
{
	struct budget b;
	bool is_within;

	if (is_refused(c) || c->is_held)
		return OK;
	TRY(budget_open(turn, BUDGET_CHANGE, c->municipality, &b));
	TRY(budget_take(turn, &b, 1, &is_within));
	if (!is_within)
		c->answer.refused = SLICE(
		    "the municipality's budget of changed numbers and codes is "
		    "used up for today; ask again tomorrow, under another "
		    "request");

	return budget_close(turn, &b);
}

/* The old number retires; it is never given again (施行令6条). */
static enum err
replace_number(struct turn *turn, const struct change *c)
{
	TRY(person_retire_number(turn, &c->person, c->person.serial));
	TRY(jukinet_number_set(turn->store, c->person.code, c->next.generation,
	    c->next.epoch, c->person.serial));

	return jukinet_count(turn, "changes", 1);
}

/* Give the number, or write down why not; and tell the registry. */
static enum err
settle(struct turn *turn, struct change *c)
{
	bool done = !is_refused(c);

	if (done)
		TRY(replace_number(turn, c));
	TRY(jukinet_change_add(turn->store,
	    &(struct jukinet_change_add){.municipality = c->municipality,
		.request = c->asked->request,
		.serial = done ? &c->person.serial : NULL,
		.number_serial = done ? &c->person.code : NULL,
		.generation = done ? &c->next.generation : NULL,
		.epoch = done ? &c->next.epoch : NULL,
		.reason = c->asked->reason,
		.refusal = c->answer.refused,
		.at = turn->now}));

	return OK;
}

static enum err
tell(struct turn *turn, struct change *c)
{
	c->answer.has_number = !is_refused(c);

	return turn_tell(turn, &c->registry, number_changed, &c->answer);
}

/* --- The message ---------------------------------------------------------- */

/* Handle a new request: its number, the refusal, or an officer. */
static enum err
change(struct turn *turn, const struct message *message, struct change *c)
{
	TRY(judge_message(turn, message, c));
	TRY(check_bound(turn, c));
	TRY(take_budget(turn, c));

	return c->is_held ? hold(turn, c) : settle(turn, c);
}

static void
begin(struct change *c, const struct number_change *asked,
    const struct system_id *registry)
{
	*c = (struct change){.asked = asked,
	    .registry = *registry,
	    .answer.request = asked->request,
	    .answer.code = asked->code};
	c->municipality = system_id_organisation(&c->registry);
}

enum err
changing_take(struct turn *turn, const struct message *message)
{
	struct change *c = arena_alloc(turn->arena, sizeof(*c));
	enum err rc;

	begin(c, MESSAGE(message, number_change), &message->from);
	rc = find_change(turn, message, c);
	if (rc == ERR_NOT_FOUND)
		rc = change(turn, message, c);
	TRY(rc);
	TRY(person_audit(turn, c->is_held ? "number.hold" : "number.change",
	    c->person.serial, BASIS));

	return c->is_held ? OK : tell(turn, c);
}

/* --- The officer ----------------------------------------------------------- */

enum err
changing_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct json_out *o = reply_object(reply, 200);
	struct jukinet_changes_held_row row;
	struct query q;
	enum err rc;

	(void)in;
	json_out_array(o, "changes");
	jukinet_changes_held_rows(turn->store, LIST_MAX, &q);
	while ((rc = jukinet_changes_held_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_int(o, "change", row.change);
		json_out_text(o, "municipality", row.municipality);
		json_out_int(o, "person", row.serial.value);
		json_out_int(o, "numbers", row.numbers);
		json_out_text(o, "paper", row.paper);
		json_out_text(o, "officer", row.officer);
		json_out_text(o, "reason", row.reason);
		json_out_instant(o, "at", row.at);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return turn_audit(turn, "number.held", SLICE(""), BASIS);
}

struct changing_decision {
	int64_t change;
	struct slice decision, reason;
};
static const struct field decision_fields[] = {
    FIELD(changing_decision, change, INT(1, INT64_MAX),
	"the change, as GET /number-changes lists it"),
    FIELD(changing_decision, decision, WORD("allow|refuse"),
	"allow: the person gets another number"),
    FIELD(changing_decision, reason, EXPLANATION,
	"the reason; a refusal tells it the municipality"),
};
const struct shape changing_decision_shape =
    SHAPE(changing_decision, decision_fields);

/* The person may have moved, died or got another number meanwhile. */
static enum err
judge_held(struct turn *turn, const struct changing_decision *i,
    const struct jukinet_change_held_row *row, struct change *c)
{
	TRY(person_find(turn, row->serial, &c->person));
	TRY(designation_code(turn, c->person.code, &c->answer.code));
	if (slice_equal_string(i->decision, "refuse"))
		c->answer.refused = i->reason;
	else if (!slice_equal(c->person.municipality, c->municipality))
		c->answer.refused =
		    SLICE("the person is no longer this municipality's");

	return is_refused(c)
	    ? OK
	    : judge(turn, c,
		  c->person.number_code.value == row->number_serial.value &&
		      c->person.generation.generation == row->generation);
}

static enum err
load_held(
    struct turn *turn, int64_t change, struct jukinet_change_held_row *ret)
{
	enum err rc =
	    jukinet_change_held(turn->store, turn->arena, change, ret);

	return rc == ERR_NOT_FOUND
	    ? problem_set(turn->problem, rc,
		  "field change: no such change waits; GET /number-changes "
		  "lists them")
	    : rc;
}

enum err
changing_decide(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct changing_decision *i = INPUT(in, changing_decision);
	struct change *c = arena_alloc(turn->arena, sizeof(*c));
	struct jukinet_change_held_row row;
	struct system_id registry;
	struct json_out *o;

	TRY(load_held(turn, i->change, &row));
	TRY(system_id_of(row.municipality, "registry", &registry));
	begin(c,
	    &(struct number_change){
		.request = row.request, .reason = row.reason},
	    &registry);
	TRY(judge_held(turn, i, &row, c));
	TRY(settle(turn, c));
	TRY(jukinet_change_held_end(turn->store, i->change));
	TRY(person_audit(turn, "number.decide", c->person.serial, BASIS));
	o = reply_object(reply, 200);
	json_out_int(o, "change", i->change);
	json_out_text(
	    o, "state", is_refused(c) ? SLICE("refused") : SLICE("changed"));

	return tell(turn, c);
}
