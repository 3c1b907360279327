#include "systems/offices/application.h"

#include "host/once.h"
#include "law/refusal.h"
#include "messages/inquiries.h"
#include "offices_rows.h"
#include "systems/offices/asking.h"
#include "systems/offices/offices.h"

struct offices_allowance_input {
	struct slice application; /* an id */
	struct slice applicant;   /* business number */
	struct slice child;       /* business number */
	struct slice previous_municipality;
	struct slice unit;
	bool ask_pension, deceased_confirmed;
};
static const struct field allowance_fields[] = {
    FIELD(offices_allowance_input, application, ID,
	"a new id for the application"),
    FIELD(offices_allowance_input, applicant, BUSINESS_NUMBER,
	"business number of the parent"),
    FIELD(offices_allowance_input, child, BUSINESS_NUMBER,
	"business number of the child"),
    FIELD(offices_allowance_input, previous_municipality, ORGANISATION,
	"the organisation that holds the tax information"),
    FIELD(
	offices_allowance_input, unit, UNIT, "the organisation unit that asks"),
    OPTION(offices_allowance_input, ask_pension, BOOL,
	"whether to ask the Pension Service, too"),
    OPTION(offices_allowance_input, deceased_confirmed, BOOL,
	"the clerk knows that the applicant has died"),
};
const struct shape offices_allowance_input_shape =
    SHAPE(offices_allowance_input, allowance_fields);

/* --- Reading --------------------------------------------------------------- */

static void
describe_question(const struct offices_questions_row *q, struct json_out *o)
{
	json_out_text(o, "inquiry", q->inquiry);
	json_out_text(o, "affair", q->affair);
	json_out_text(o, "item", q->item);
	json_out_text(o, "provider", q->provider);
	json_out_text(o, "state", q->state);
	json_out_text(o, "reason", q->reason);
	json_out_text(o, "article", q->article);
	json_out_text(o, "text", q->explanation);
	json_out_text(o, "version", q->version);
	json_out_int(o, "form", q->form);
	offices_out_instant(o, "asked", q->asked);
	offices_out_instant(o, "answered", q->answered);
	offices_out_instant(o, "held_until", q->held_until);
	offices_out_instant(o, "corrected", q->corrected);
	if (!slice_is_empty(q->contents))
		json_out_raw(o, "contents", q->contents);
}

/*
 * Write the questions, and the state of the application: "waiting" as long as a
 * question is; after that the state of the first question.
 */
static enum err
describe_questions(
    struct turn *turn, struct slice application, struct json_out *o)
{
	struct offices_questions_row row;
	struct slice state = SLICE("");
	struct query q;
	enum err rc;

	json_out_array(o, "questions");
	offices_questions_rows(turn->store, application, &q);
	while ((rc = offices_questions_next(&q, &row)) == OK) {
		if (slice_is_empty(state) ||
		    slice_equal_string(row.state, "waiting"))
			state = arena_copy(turn->arena, row.state);
		json_out_object(o, NULL);
		describe_question(&row, o);
		json_out_end(o);
	}
	json_out_end(o);
	json_out_text(o, "state", state);

	return rows_end(rc);
}

static enum err
reply_application(struct turn *turn, struct slice application, int status,
    struct reply *reply)
{
	struct json_out *o = reply_object(reply, status);
	struct offices_application_find_row row;

	TRY(offices_application_find(
	    turn->store, turn->arena, application, &row));
	json_out_text(o, "application", application);
	json_out_text(o, "applicant", row.applicant);
	json_out_text(o, "child", row.child);
	json_out_text(o, "previous_municipality", row.previous_municipality);
	json_out_text(o, "unit", row.unit);
	json_out_text(o, "clerk", row.clerk);
	json_out_instant(o, "opened", row.opened);
	TRY(describe_questions(turn, application, o));

	return turn_audit(turn, "application.read", row.applicant,
	    SLICE(OFFICES_AFFAIR_ALLOWANCE));
}

struct offices_application_input {
	struct slice application;
	int64_t wait;
};
static const struct field application_fields[] = {
    FIELD(offices_application_input, application, ID, "the application's id"),
    OFFICES_WAIT(offices_application_input),
};
const struct shape offices_application_input_shape =
    SHAPE(offices_application_input, application_fields);

enum err
application_route_get(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_application_input *i =
	    INPUT(in, offices_application_input);
	struct offices_application_waiting_row row;

	TRY(offices_application_waiting(turn->store, i->application, &row));
	if (row.questions == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such application");
	if (row.waiting > 0 &&
	    offices_wait(
		turn, in, reply, "application", i->application, i->wait))
		return OK;

	return reply_application(turn, i->application, 200, reply);
}

/* --- Opening --------------------------------------------------------------- */

static enum err
ask(struct turn *turn, const struct offices_allowance_input *application,
    const struct offices_question_add *question)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	struct office_inquiry_request asked = {
	    .inquiry = question->inquiry,
	    .business_number = application->applicant,
	    .affair = question->affair,
	    .item = question->item,
	    .provider = question->provider,
	    .unit = application->unit,
	    .deceased_confirmed = application->deceased_confirmed,
	};

	TRY(offices_question_add(turn->store, question));
	/* The application is the case. */
	offices_matter(
	    turn, &asked.matter, application->application, application->unit);

	return turn_tell(turn, &addressee, office_inquiry_request, &asked);
}

static struct slice
pension_provider(struct turn *turn)
{
	struct slice provider = turn_setting(turn, "pension_provider");

	return slice_is_empty(provider) ? SLICE(OFFICES_PENSION_PROVIDER)
					: provider;
}

static enum err
ask_all(struct turn *turn, const struct offices_allowance_input *application)
{
	struct offices_question_add tax = {
	    .inquiry = turn_new_id(turn),
	    .application = application->application,
	    .ordinal = 1,
	    .affair = SLICE(OFFICES_AFFAIR_ALLOWANCE),
	    .item = SLICE(OFFICES_ITEM_TAX),
	    .provider = application->previous_municipality,
	    .asked = turn->now,
	};
	struct offices_question_add pension = tax;

	TRY(ask(turn, application, &tax));
	if (!application->ask_pension)
		return OK;
	pension.inquiry = turn_new_id(turn);
	pension.ordinal = 2;
	pension.affair = SLICE(OFFICES_AFFAIR_PENSION);
	pension.item = SLICE(OFFICES_ITEM_PENSION);
	pension.provider = pension_provider(turn);

	return ask(turn, application, &pension);
}

static struct slice
content_of(struct turn *turn, const struct offices_allowance_input *application)
{
	return once_content(turn, &offices_allowance_input_shape, application);
}

static enum err
add(struct turn *turn, const struct offices_allowance_input *application)
{
	TRY(offices_application_add(turn->store,
	    &(struct offices_application_add){
		.application = application->application,
		.applicant = application->applicant,
		.child = application->child,
		.previous_municipality = application->previous_municipality,
		.unit = application->unit,
		.clerk = turn->caller.name,
		.opened = turn->now,
		.content = content_of(turn, application),
	    }));

	return turn_audit(turn, "application.open", application->applicant,
	    SLICE(OFFICES_AFFAIR_ALLOWANCE));
}

/* OK if this very application is here, ERR_CONFLICT if another one has its id,
 * ERR_NOT_FOUND if there is none. */
static enum err
find_same(struct turn *turn, const struct offices_allowance_input *application)
{
	struct offices_application_find_row held;

	TRY(offices_application_find(
	    turn->store, turn->arena, application->application, &held));
	TRY(once_check(
	    turn, "application", held.content, content_of(turn, application)));

	return turn_audit(turn, "application.repeat", application->applicant,
	    SLICE(OFFICES_AFFAIR_ALLOWANCE));
}

enum err
application_route_post(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct offices_allowance_input *i =
	    INPUT(in, offices_allowance_input);
	enum err rc;

	if (slice_equal(i->previous_municipality, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field previous_municipality: is this municipality; "
		    "look into its own records");
	rc = find_same(turn, i);
	if (rc == ERR_NOT_FOUND) {
		TRY(add(turn, i));
		rc = ask_all(turn, i);
	}
	TRY(rc);

	return reply_application(turn, i->application, 201, reply);
}

/* --- Answers --------------------------------------------------------------- */

static enum err
take(struct turn *turn, const struct inquiry_answered *a)
{
	struct offices_answer answer = asking_answer(turn, a);
	struct offices_question_find_row held;
	enum err rc;

	rc = offices_question_find(turn->store, turn->arena, a->inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return asking_answered(turn, &answer);
	TRY(rc);
	if (asking_is_open(held.state, answer.state))
		TRY(offices_question_answer(turn->store, &answer));
	offices_wake(turn, "application", held.application);

	return turn_audit(
	    turn, "application.answer", held.applicant, held.affair);
}

enum err
application_answered(struct turn *turn, const struct message *message)
{
	return take(turn, MESSAGE(message, inquiry_answered));
}

enum err
application_not_taken(struct turn *turn, const struct message *message)
{
	const struct inquiry_answered end = inquiry_ended(turn->arena,
	    MESSAGE(message, office_inquiry_request)->inquiry,
	    SLICE(OUTCOME_REFUSED), REFUSED_MESSAGE, message->refusal);

	return take(turn, &end);
}
