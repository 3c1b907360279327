#include "systems/offices/application.h"

#include "offices_statements.h"
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
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_QUESTION_ADD, &q);
	query_text(&q, "inquiry", inquiry);
	query_text(&q, "application", application->application);
	query_int(&q, "ordinal", question->ordinal);
	query_text(&q, "affair", slice_of(question->affair));
	query_text(&q, "item", slice_of(question->item));
	query_text(&q, "provider", question->provider);
	query_int(&q, "asked", turn->now.ms);
	rc = query_run(&q);
	if (rc)
		return rc;

	return send_question(turn, application, question, inquiry, options);
}

static enum err
add(struct turn *turn, const struct application *application)
{
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_APPLICATION_ADD, &q);
	query_text(&q, "application", application->application);
	query_text(&q, "applicant", application->applicant);
	query_text(&q, "child", application->child);
	query_text(
	    &q, "previous_municipality", application->previous_municipality);
	query_text(&q, "unit", application->unit);
	query_text(&q, "clerk", application->clerk);
	query_int(&q, "opened", turn->now.ms);
	rc = query_run(&q);
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
	struct query q;
	bool same = false;
	enum err rc;

	store_query(turn->store, OFFICES_APPLICATION_FIND, &q);
	query_text(&q, "application", application->application);
	rc = query_step(&q);
	if (rc == OK)
		same = slice_equal(column_text(&q, "applicant"),
			   application->applicant) &&
		    slice_equal(column_text(&q, "child"), application->child) &&
		    slice_equal(column_text(&q, "previous_municipality"),
			application->previous_municipality);
	query_done(&q);
	if (rc)
		return rc;
	if (!same)
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

/* What the record says of a question; texts in the arena. */
struct held_question {
	struct slice application, applicant, affair;
	bool open; /* an answer changes it */
};

static enum err
find_question(struct turn *turn, struct slice inquiry, const char *state,
    struct held_question *ret)
{
	struct arena *arena = turn->arena;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_QUESTION_FIND, &q);
	query_text(&q, "inquiry", inquiry);
	rc = query_step(&q);
	if (rc == OK) {
		ret->application =
		    arena_copy(arena, column_text(&q, "application"));
		ret->applicant =
		    arena_copy(arena, column_text(&q, "applicant"));
		ret->affair = arena_copy(arena, column_text(&q, "affair"));
		ret->open = asking_is_open(column_text(&q, "state"), state);
	}
	query_done(&q);

	return rc;
}

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
	struct held_question held = {.open = false};
	struct slice inquiry;
	const char *state;
	enum err rc;

	rc = asking_read_answer(turn, message, &inquiry, &state);
	if (rc)
		return rc;
	rc = find_question(turn, inquiry, state, &held);
	if (rc == ERR_NOT_FOUND)
		return none_of_ours(turn, asking_answered(turn, message));
	if (rc == OK && held.open)
		rc = asking_write_answer(turn, OFFICES_QUESTION_ANSWER, inquiry,
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
	int64_t questions = 0;
	struct query q;
	enum err rc;

	store_query(turn->store, OFFICES_APPLICATION_WAITING, &q);
	query_text(&q, "application", application);
	rc = query_step(&q);
	if (rc == OK) {
		questions = column_int(&q, "questions");
		*ret = column_int(&q, "waiting") > 0;
	}
	query_done(&q);
	if (rc)
		return rc;

	return questions > 0 ? OK : ERR_NOT_FOUND;
}

static enum err
describe_question(struct turn *turn, struct query *q, json_t *rows)
{
	static const char *const columns[] = {"inquiry", "affair", "item",
	    "provider", "state", "reason", "article"};
	struct slice text = column_text(q, "contents");
	json_t *row = json_object(), *contents;
	size_t i;

	json_array_append_new(rows, row);
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(row, columns[i], column_text(q, columns[i]));
	json_put_text(row, "text", column_text(q, "explanation"));
	json_put_text(row, "version", column_text(q, "version"));
	json_put_int(row, "form", column_int(q, "form"));
	offices_put_instant(row, "asked", q);
	offices_put_instant(row, "answered", q);
	offices_put_instant(row, "held_until", q);
	offices_put_instant(row, "corrected", q);
	if (slice_is_empty(text))
		return OK;
	if (json_read(text, "what was received", &contents, turn->problem))
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
	json_t *rows = json_array();
	struct slice state = SLICE("");
	bool waiting = false;
	struct query q;
	enum err rc;

	json_put(to, "questions", rows);
	store_query(turn->store, OFFICES_QUESTIONS, &q);
	query_text(&q, "application", application);
	while ((rc = query_step(&q)) == OK) {
		if (slice_is_empty(state))
			state =
			    arena_copy(turn->arena, column_text(&q, "state"));
		if (slice_equal_string(column_text(&q, "state"), "waiting"))
			waiting = true;
		rc = describe_question(turn, &q, rows);
		if (rc)
			break;
	}
	query_done(&q);
	json_put_text(to, "state", waiting ? SLICE("waiting") : state);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
application_describe(struct turn *turn, struct slice application, json_t **ret)
{
	static const char *const columns[] = {
	    "applicant", "child", "previous_municipality", "unit", "clerk"};
	struct slice applicant;
	json_t *body;
	struct query q;
	size_t i;
	enum err rc;

	store_query(turn->store, OFFICES_APPLICATION_FIND, &q);
	query_text(&q, "application", application);
	rc = query_step(&q);
	if (rc) {
		query_done(&q);
		return rc;
	}
	body = json_object();
	json_put_text(body, "application", application);
	for (i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		json_put_text(body, columns[i], column_text(&q, columns[i]));
	offices_put_instant(body, "opened", &q);
	applicant = arena_copy(turn->arena, column_text(&q, "applicant"));
	query_done(&q);
	rc = describe_questions(turn, application, body);
	if (rc == OK)
		rc = turn_audit(turn, "application.read", applicant,
		    SLICE(OFFICES_AFFAIR_ALLOWANCE));
	if (rc) {
		json_decref(body);
		return rc;
	}
	*ret = body;

	return OK;
}
