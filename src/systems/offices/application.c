#include "systems/offices/application.h"

#include "offices_rows.h"
#include "systems/offices/asking.h"
#include "systems/offices/offices.h"

struct slice
application_wake_key(struct turn *turn, struct slice application)
{
	return arena_printf(
	    turn->arena, "application:%.*s", SLICE_ARG(application));
}

/* --- Opening ------------------------------------------------------------- */

/* One question to one organisation. */
struct question {
	int64_t ordinal;
	const char *affair;
	const char *item;
	struct slice provider;
};

static enum err
send_question(struct turn *turn, const struct application *application,
    const struct question *question, struct slice inquiry,
    const struct application_options *options)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body = json_object();

	json_put_text(body, "inquiry", inquiry);
	json_put_text(body, "business_number", application->applicant);
	json_put_text(body, "affair", slice_of(question->affair));
	json_put_text(body, "item", slice_of(question->item));
	json_put_text(body, "provider", question->provider);
	json_put_text(body, "unit", application->unit);
	json_put_bool(body, "deceased_confirmed", options->deceased_confirmed);

	return turn_send(turn, &addressee, "inquiry.request", body);
}

static enum err
ask(struct turn *turn, const struct application *application,
    const struct question *question, const struct application_options *options)
{
	struct slice inquiry = turn_new_id(turn);
	enum err rc;

	rc = offices_question_add(turn->store,
	    &(struct offices_question_add){
		.inquiry = inquiry,
		.application = application->application,
		.ordinal = question->ordinal,
		.affair = slice_of(question->affair),
		.item = slice_of(question->item),
		.provider = question->provider,
		.asked = turn->now,
	    });
	if (rc)
		return rc;

	return send_question(turn, application, question, inquiry, options);
}

static enum err
add(struct turn *turn, const struct application *application)
{
	enum err rc;

	rc = offices_application_add(turn->store,
	    &(struct offices_application_add){
		.application = application->application,
		.applicant = application->applicant,
		.child = application->child,
		.previous_municipality = application->previous_municipality,
		.unit = application->unit,
		.clerk = application->clerk,
		.opened = turn->now,
	    });
	if (rc)
		return rc;

	return turn_audit(turn, "application.open", application->applicant,
	    SLICE(OFFICES_AFFAIR_ALLOWANCE));
}

/* OK if this very application is here, ERR_CONFLICT if another is,
 * ERR_NOT_FOUND if none is. */
static enum err
find_same(struct turn *turn, const struct application *application)
{
	struct offices_application_find_row held;
	enum err rc;

	rc = offices_application_find(
	    turn->store, turn->arena, application->application, &held);
	if (rc)
		return rc;
	if (!slice_equal(held.applicant, application->applicant) ||
	    !slice_equal(held.child, application->child) ||
	    !slice_equal(
		held.previous_municipality, application->previous_municipality))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another application has this id; every application "
		    "needs a new one");

	return turn_audit(turn, "application.repeat", application->applicant,
	    SLICE(OFFICES_AFFAIR_ALLOWANCE));
}

static struct slice
pension_provider(struct turn *turn)
{
	struct slice provider = turn_setting(turn, "pension_provider");

	return slice_is_empty(provider) ? SLICE("nenkin") : provider;
}

enum err
application_open(struct turn *turn, const struct application *application,
    const struct application_options *options)
{
	struct question tax = {1, OFFICES_AFFAIR_ALLOWANCE, OFFICES_ITEM_TAX,
	    application->previous_municipality};
	struct question pension = {2, OFFICES_AFFAIR_PENSION,
	    OFFICES_ITEM_PENSION, pension_provider(turn)};
	enum err rc;

	rc = find_same(turn, application);
	if (rc != ERR_NOT_FOUND)
		return rc;
	rc = add(turn, application);
	if (rc == OK)
		rc = ask(turn, application, &tax, options);
	if (rc == OK && options->ask_pension)
		rc = ask(turn, application, &pension, options);

	return rc;
}

/* --- Answers ------------------------------------------------------------- */

static enum err
none_of_ours(struct turn *turn, enum err rc)
{
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "nobody here asked this");

	return rc;
}

enum err
application_answered(struct turn *turn, const struct message *message)
{
	struct offices_question_find_row held;
	struct slice inquiry;
	const char *state;
	enum err rc;

	rc = asking_read_answer(turn, message, &inquiry, &state);
	if (rc)
		return rc;
	rc = offices_question_find(turn->store, turn->arena, inquiry, &held);
	if (rc == ERR_NOT_FOUND)
		return none_of_ours(turn, asking_answered(turn, message));
	if (rc == OK && asking_is_open(held.state, state))
		rc = asking_write_answer(turn, offices_question_answer, inquiry,
		    state, message->body);
	if (rc == OK)
		rc = turn_audit(
		    turn, "application.answer", held.applicant, held.affair);
	if (rc == OK)
		turn_wake(turn, application_wake_key(turn, held.application));

	return rc;
}

/* --- Reading ------------------------------------------------------------- */

enum err
application_is_waiting(struct turn *turn, struct slice application, bool *ret)
{
	struct offices_application_waiting_row row;
	enum err rc;

	rc = offices_application_waiting(turn->store, application, &row);
	if (rc)
		return rc;
	*ret = row.waiting > 0;

	return row.questions > 0 ? OK : ERR_NOT_FOUND;
}

static enum err
describe_question(
    struct turn *turn, const struct offices_questions_row *q, json_t *rows)
{
	json_t *row = json_object(), *contents;

	json_array_append_new(rows, row);
	json_put_text(row, "inquiry", q->inquiry);
	json_put_text(row, "affair", q->affair);
	json_put_text(row, "item", q->item);
	json_put_text(row, "provider", q->provider);
	json_put_text(row, "state", q->state);
	json_put_text(row, "reason", q->reason);
	json_put_text(row, "article", q->article);
	json_put_text(row, "text", q->explanation);
	json_put_text(row, "version", q->version);
	json_put_int(row, "form", q->form);
	offices_put_instant(row, "asked", q->asked);
	offices_put_instant(row, "answered", q->answered);
	offices_put_instant(row, "held_until", q->held_until);
	offices_put_instant(row, "corrected", q->corrected);
	if (slice_is_empty(q->contents))
		return OK;
	if (json_read(
		q->contents, "what was received", &contents, turn->problem))
		return ERR_CORRUPT;
	json_put(row, "contents", contents);

	return OK;
}

/*
 * The questions, and the state of the application: "waiting" as long as one
 * is; after that the state of the first.
 */
static enum err
describe_questions(struct turn *turn, struct slice application, json_t *to)
{
	struct offices_questions_row row;
	json_t *rows = json_array();
	struct slice state = SLICE("");
	struct query q;
	enum err rc;

	json_put(to, "questions", rows);
	offices_questions_rows(turn->store, application, &q);
	while ((rc = offices_questions_next(&q, &row)) == OK) {
		if (slice_is_empty(state) ||
		    slice_equal_string(row.state, "waiting"))
			state = arena_copy(turn->arena, row.state);
		rc = describe_question(turn, &row, rows);
		if (rc)
			break;
	}
	query_done(&q);
	json_put_text(to, "state", state);

	return rows_end(rc);
}

enum err
application_describe(struct turn *turn, struct slice application, json_t **ret)
{
	struct offices_application_find_row row;
	json_t *body;
	enum err rc;

	rc = offices_application_find(
	    turn->store, turn->arena, application, &row);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "application", application);
	json_put_text(body, "applicant", row.applicant);
	json_put_text(body, "child", row.child);
	json_put_text(body, "previous_municipality", row.previous_municipality);
	json_put_text(body, "unit", row.unit);
	json_put_text(body, "clerk", row.clerk);
	offices_put_instant(body, "opened", row.opened);
	rc = describe_questions(turn, application, body);
	if (rc == OK)
		rc = turn_audit(turn, "application.read", row.applicant,
		    SLICE(OFFICES_AFFAIR_ALLOWANCE));
	if (rc) {
		json_decref(body);
		return rc;
	}
	*ret = body;

	return OK;
}
