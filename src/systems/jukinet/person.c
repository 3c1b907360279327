#include "systems/jukinet/person.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/common.h"
#include "person/alike.h"
#include "systems/jukinet/jukinet.h"

const char *
person_state_name(enum person_state state)
{
	switch (state) {
	case PERSON_RESIDENT:
		return "resident";
	case PERSON_MOVED_OUT:
		return "moved-out";
	case PERSON_DEAD:
		return "dead";
	}

	return "unknown";
}

/* --- Rows ----------------------------------------------------------------- */

/* The parameters that statements about `person` and `former` share. */
#define STATED(p)                                                  \
	.serial = (p)->serial, .municipality = (p)->municipality,  \
	ATTRIBUTES_COLUMNS(&(p)->attributes), .event = (p)->event, \
	.event_date = (p)->event_date, .updated = (p)->updated

static struct person
person_of_row(const struct jukinet_person_row *row)
{
	return (struct person){.serial = row->serial,
	    .code = row->code_serial,
	    .municipality = row->municipality,
	    .state = (enum person_state)row->state,
	    .number_code = row->number_serial,
	    .generation = {row->generation, row->epoch},
	    .attributes = ATTRIBUTES_OF(*row),
	    .event = row->event,
	    .event_date = row->event_date,
	    .updated = row->updated};
}

enum err
person_add(struct turn *turn, const struct person *person, bool *ret_new)
{
	const struct generation *g = &person->generation;

	TRY(jukinet_person_add(turn->store,
	    &(struct jukinet_person_add){STATED(person),
		.generation = g->generation, .epoch = g->epoch}));
	*ret_new = store_changes(turn->store) == 1;

	return OK;
}

enum err
person_find(struct turn *turn, struct serial serial, struct person *ret)
{
	struct jukinet_person_row row;

	TRY(jukinet_person_find(turn->store, turn->arena, serial, &row));
	*ret = person_of_row(&row);

	return OK;
}

enum err
person_former_abroad(
    struct turn *turn, struct serial serial, struct person *ret)
{
	struct jukinet_person_row row;

	TRY(jukinet_former_abroad(turn->store, turn->arena, serial, &row));
	*ret = person_of_row(&row);

	return OK;
}

enum err
person_former(struct turn *turn, struct serial serial, enum person_state state,
    struct slice municipality, struct person *ret)
{
	struct jukinet_person_row row;

	TRY(jukinet_former_so(
	    turn->store, turn->arena, serial, state, municipality, &row));
	*ret = person_of_row(&row);

	return OK;
}

enum err
person_keep(struct turn *turn, const struct person *late)
{
	return jukinet_former_add(turn->store,
	    &(struct jukinet_former_add){
		STATED(late), .state = late->state, .recorded = turn->now});
}

/* R of budgets is the number of residents. */
static enum err
recount(
    struct turn *turn, const struct person *old, const struct person *changed)
{
	int64_t was = old->state == PERSON_RESIDENT;
	int64_t is = changed->state == PERSON_RESIDENT;

	if (was == is && slice_equal(old->municipality, changed->municipality))
		return OK;
	TRY(budget_resize(turn, old->municipality, -was));

	return budget_resize(turn, changed->municipality, is);
}

enum err
person_replace(
    struct turn *turn, const struct person *old, const struct person *changed)
{
	TRY(person_keep(turn, old));
	TRY(recount(turn, old, changed));

	return jukinet_person_change(turn->store,
	    &(struct jukinet_person_change){
		STATED(changed), .state = changed->state});
}

/* --- Codes ---------------------------------------------------------------- */

enum err
person_of_code(struct turn *turn, const struct resident_code *code,
    struct instant said, struct person *ret)
{
	struct serial serial;
	struct designated d;
	enum err rc;

	TRY(designation_of(turn, code, &d));
	if (d.serial.value == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the Resident Record Code was never designated");
	TRY(designation_person(turn, d.serial, &serial));
	rc = person_find(turn, serial, ret);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem,
		    turn->now.ms - said.ms < JUKINET_PATIENCE_MS
			? ERR_BUSY
			: ERR_NOT_FOUND,
		    "no person with this Resident Record Code is known");

	return rc;
}

static enum err
refuse(struct turn *turn, const char *what, bool is_early)
{
	return problem_set(turn->problem, is_early ? ERR_BUSY : ERR_DENIED,
	    "%s is this municipality's", what);
}

static bool
is_early(const struct turn *turn, const struct message *message)
{
	return turn->now.ms - message->time.ms < JUKINET_PATIENCE_MS;
}

enum err
person_not_yours(
    struct turn *turn, const struct message *message, const char *what)
{
	return refuse(turn, what, is_early(turn, message));
}

/* The same work for a code that nobody has: somebody's row is read. */
enum err
person_of_sender(struct turn *turn, const struct message *message,
    const struct resident_code *code, struct person *ret)
{
	const struct serial anybody = {1};
	struct designated d;
	struct serial serial;
	bool is_known;
	enum err rc;

	TRY(designation_of(turn, code, &d));
	is_known = d.serial.value != 0;
	TRY(designation_person(turn, is_known ? d.serial : anybody, &serial));
	rc = person_find(turn, serial, ret);
	TRY(rows_end(rc));
	is_known = is_known && rc == OK;
	if (is_known &&
	    (slice_equal(
		 ret->municipality, system_id_organisation(&message->from)) ||
		bug_is(BUG_SENDER_UNCHECKED)))
		return OK;
	*ret = (struct person){.serial.value = 0};

	return refuse(turn, "no person with this Resident Record Code",
	    is_early(turn, message) &&
		!(is_known && bug_is(BUG_ANOTHERS_TOLD)));
}

enum err
person_former_codes(struct turn *turn, struct serial serial,
    struct serial today, const struct resident_code **ret, size_t *ret_n)
{
	struct resident_code *codes;
	struct jukinet_later_codes_row row = {serial};
	struct query q;
	size_t n = 0;
	enum err rc = OK;

	*ret_n = 0;
	if (serial.value == today.value)
		return OK;
	*ret = codes =
	    arena_array(turn->arena, FORMER_CODES_MAX, sizeof(*codes));
	jukinet_later_codes_rows(turn->store, serial, today, &q);
	do
		rc = designation_code(turn, row.serial, &codes[n++]);
	while (rc == OK && n < FORMER_CODES_MAX &&
	    (rc = jukinet_later_codes_next(&q, &row)) == OK);
	query_done(&q);
	*ret_n = n;

	return rows_end(rc);
}

enum err
person_fits(struct turn *turn, const struct person *p,
    const struct attributes *said, bool *ret)
{
	struct jukinet_former_identities_row row;
	struct attributes former;
	struct query q;
	enum err rc;

	*ret = attributes_confirm(turn->arena, said, &p->attributes) ||
	    (bug_is(BUG_CLAIM_BELIEVED) &&
		attributes_may_be_one(turn->arena, said, &p->attributes));
	jukinet_former_identities_rows(turn->store, p->serial, &q);
	while ((rc = jukinet_former_identities_next(&q, &row)) == OK) {
		former = ATTRIBUTES_OF_IDENTITY_OF(row);
		*ret |= attributes_confirm(turn->arena, said, &former);
	}

	return rows_end(rc);
}

/* --- Numbers -------------------------------------------------------------- */

enum err
person_number(struct turn *turn, const struct person *person,
    struct individual_number *ret)
{
	uint64_t body;

	TRY(designation_body(turn, person->number_code, &body));
	*ret = numbers_of(turn, body, person->generation);

	return OK;
}

enum err
person_retire_number(
    struct turn *turn, const struct person *person, struct serial owner)
{
	return jukinet_number_retire(turn->store,
	    &(struct jukinet_number_retire){
		.number_serial = person->number_code,
		.generation = person->generation.generation,
		.epoch = person->generation.epoch,
		.person = owner,
		.until = turn->now});
}

/* --- Look-ups ------------------------------------------------------------- */

enum err
person_look_up(
    struct turn *turn, const struct attributes *a, struct serial *ret)
{
	struct jukinet_person_look_up_row found, other;
	struct query q;
	enum err rc;

	jukinet_person_look_up_rows(
	    turn->store, a->birth, a->sex, a->name, a->address, &q);
	TRY(jukinet_person_look_up_next(&q, &found));
	rc = jukinet_person_look_up_next(&q, &other);
	query_done(&q);
	if (rc == OK)
		return ERR_CONFLICT;
	*ret = found.serial;

	return rows_end(rc);
}

/* In the arena; "" for none. */
static struct slice
serial_text(struct turn *turn, struct serial serial)
{
	if (serial.value == 0)
		return SLICE("");

	return arena_printf(turn->arena, "%lld", (long long)serial.value);
}

enum err
person_audit(struct turn *turn, const char *action, struct serial serial,
    struct slice basis)
{
	return turn_audit(turn, action, serial_text(turn, serial), basis);
}
