/* The addressee system's tables: messages, routes, timers. */
#include "addressee_rows.h"
#include "addressee_statements.h"
#include "components/components.h"
#include "systems/addressee/acquisition.h"
#include "systems/addressee/addressee.h"
#include "systems/addressee/conflict.h"
#include "systems/addressee/translate.h"

#define WAIT_MAX 60 /* seconds */

/* --- Persons ------------------------------------------------------------- */

/* The two messages differ in how a row is read and what is done with it. */
struct person_news {
	enum err (*parse)(struct turn *turn, const json_t *items, size_t index,
	    struct person_row *ret);
	enum err (*apply)(struct turn *turn, const struct person_row *row,
	    struct person_outcome *ret);
};

static enum err
take_row(struct turn *turn, const struct person_news *news, const json_t *items,
    size_t index, struct person_row *row, struct acquisition_batch *batch)
{
	struct person_outcome outcome;
	enum err rc;

	rc = news->parse(turn, items, index, row);
	if (rc == OK)
		rc = news->apply(turn, row, &outcome);
	if (rc == OK && outcome.needs_code)
		rc = acquisition_begin(
		    turn, batch, outcome.internal, &row->number);

	return rc;
}

static enum err
take_news(struct turn *turn, const struct message *message,
    const struct person_news *news)
{
	struct person_row row = {
	    .system = person_sender(&message->from), .at = message->time};
	struct acquisition_batch batch;
	const json_t *items;
	size_t i;
	enum err rc;

	acquisition_batch_init(&batch);
	rc = json_get_array(message->body, "items", &items, turn->problem);
	if (rc == OK && json_array_size(items) > ADDRESSEE_ROWS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "items: at most %d rows in one message",
		    ADDRESSEE_ROWS_MAX);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = take_row(turn, news, items, i, &row, &batch);
	if (rc == OK)
		rc = acquisition_send(turn, &batch);
	acquisition_batch_done(&batch);
	individual_number_wipe(&row.number);
	turn_wake(turn, ADDRESSEE_WAKE_KEY);

	return rc;
}

static enum err
on_registered(struct turn *turn, const struct message *message)
{
	static const struct person_news news = {
	    person_row_parse_registered, person_register};

	return take_news(turn, message, &news);
}

static enum err
on_changed(struct turn *turn, const struct message *message)
{
	static const struct person_news news = {
	    person_row_parse_changed, person_change};

	return take_news(turn, message, &news);
}

/* --- Counts -------------------------------------------------------------- */

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"persons", ADDRESSEE_COUNT_PERSONS, 0},
	    {"linked", ADDRESSEE_COUNT_PERSONS, ADDRESSEE_COUNT_UNLINKED},
	    {"refused", ADDRESSEE_COUNT_REFUSED, 0},
	    {"acquiring", ADDRESSEE_COUNT_ACQUISITIONS, 0},
	    {"stuck", ADDRESSEE_COUNT_STUCK, 0},
	    {"conflicts", ADDRESSEE_COUNT_CONFLICTS, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

/* --- Routes -------------------------------------------------------------- */

/* Has everything come that the caller waits for?  Who names no count waits
 * for time to pass. */
static bool
is_reached(const struct input *in, const struct counting *counts)
{
	if (input_has(in, "persons") &&
	    counting_of(counts, "persons") < input_int(in, "persons"))
		return false;
	if (input_has(in, "acquiring") &&
	    counting_of(counts, "acquiring") > input_int(in, "acquiring"))
		return false;

	return input_has(in, "persons") || input_has(in, "acquiring");
}

static enum err
get_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	int wait = (int)input_int(in, "wait");
	struct counting counts = {0};
	enum err rc;

	rc = count(turn, &counts);
	if (rc)
		return rc;
	if (wait > 0 && !input_waited(in) && !is_reached(in, &counts)) {
		reply_wait(reply, ADDRESSEE_WAKE_KEY, wait);
		return OK;
	}
	reply_counting(reply, 200, &counts);

	return OK;
}

/* Exactly one of the three ways to name a person. */
static enum err
find_person(
    struct turn *turn, const struct input *in, struct internal_number *ret)
{
	bool by_business = input_has(in, "business_number");
	struct individual_number number;
	enum err rc;

	if (input_has(in, "number") + input_has(in, "internal_number") +
		by_business !=
	    1)
		return problem_set(turn->problem, ERR_INPUT,
		    "name the person by number, by internal_number, or by "
		    "system and business_number");
	if (by_business)
		return person_of_business_number(turn,
		    input_has(in, "system") ? input_text(in, "system")
					    : SLICE("registry"),
		    input_text(in, "business_number"), ret);
	if (input_has(in, "internal_number"))
		return internal_number_parse(
		    input_text(in, "internal_number"), ret);
	if (individual_number_parse(input_text(in, "number"), &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "field number: its check digit does not fit");
	rc = person_of_number(turn, &number, ret);
	individual_number_wipe(&number);

	return rc;
}

static enum err
post_lookups(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct internal_number internal;
	json_t *person;
	enum err rc;

	rc = find_person(turn, in, &internal);
	if (rc == OK)
		rc = addressee_describe(turn, internal, &person);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "this organisation knows no such person");
	if (rc)
		return rc;
	reply_json(reply, 200, person);

	return OK;
}

static enum err
get_conflicts(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body, *rows;
	enum err rc;

	rc = conflict_list(turn, input_int(in, "after"), &rows);
	if (rc)
		return rc;
	body = json_object();
	json_put(body, "conflicts", rows);
	reply_json(reply, 200, body);

	return OK;
}

/* A relinked person may be new and then needs a code. */
static enum err
acquire_for(
    struct turn *turn, int64_t conflict, const struct person_outcome *outcome)
{
	struct addressee_conflict_find_row row;
	struct acquisition_batch batch;
	enum err rc;

	if (!outcome->needs_code)
		return OK;
	rc = addressee_conflict_find(turn->store, turn->arena, conflict, &row);
	if (rc)
		return rc;
	acquisition_batch_init(&batch);
	rc = acquisition_begin(turn, &batch, outcome->internal, &row.number);
	if (rc == OK)
		rc = acquisition_send(turn, &batch);
	acquisition_batch_done(&batch);
	individual_number_wipe(&row.number);

	return rc;
}

static enum err
post_decision(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice text = input_text(in, "decision");
	int64_t conflict = input_int(in, "conflict");
	enum conflict_decision decision = CONFLICT_KEEP;
	struct person_outcome outcome;
	json_t *body;
	enum err rc;

	if (slice_equal_string(text, "relink"))
		decision = CONFLICT_RELINK;
	else if (!slice_equal_string(text, "keep"))
		return problem_set(turn->problem, ERR_INPUT,
		    "field decision: either keep or relink");
	rc = conflict_decide(turn, conflict, decision, &outcome);
	if (rc == OK)
		rc = acquire_for(turn, conflict, &outcome);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, ERR_NOT_FOUND, "no such conflict");
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "conflict", conflict);
	json_put_text(body, "decision", text);
	reply_json(reply, 200, body);

	return OK;
}

static const struct input_field progress_fields[] = {
    {"persons", FIELD_INT, INT64_MAX, false, "wait until there are so many"},
    {"acquiring", FIELD_INT, INT64_MAX, false,
	"wait until no more than so many acquisitions are under way"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait"},
    {0},
};

static const struct input_field lookup_fields[] = {
    {"number", FIELD_DIGITS, 12, false, "Individual Number"},
    {"internal_number", FIELD_DIGITS, INTERNAL_NUMBER_DIGITS, false,
	"internal addressee number"},
    {"system", FIELD_TEXT, 24, false,
	"whose business number; registry unless said"},
    {"business_number", FIELD_TEXT, ADDRESSEE_BUSINESS_NUMBER_MAX, false,
	"business number"},
    {0},
};

static const struct input_field conflicts_fields[] = {
    {"after", FIELD_INT, INT64_MAX, false, "list those after this one"},
    {0},
};

static const struct input_field decision_fields[] = {
    {"conflict", FIELD_INT, INT64_MAX, true, "which"},
    {"decision", FIELD_TEXT, 8, true,
	"keep the record, or relink to the row's Individual Number"},
    {0},
};

static const struct route routes[] = {
    {HTTP_GET, "/progress", ROLE_OPERATOR, get_progress, progress_fields, false,
	"counts of persons, acquisitions and conflicts"},
    {HTTP_POST, "/lookups", ROLE_OPERATOR, post_lookups, lookup_fields, false,
	"a person's record and business numbers"},
    {HTTP_GET, "/conflicts", ROLE_OPERATOR, get_conflicts, conflicts_fields,
	false, "rows that contradict the record and wait for a decision"},
    {HTTP_POST, "/conflicts/{conflict}/decision", ROLE_OPERATOR, post_decision,
	decision_fields, false, "decide a conflict"},
    {0},
};

static const struct message_handler messages[] = {
    {"persons.registered", "registry", FROM_OWN_ORGANISATION, on_registered,
	"residents"},
    {"persons.registered", "offices", FROM_OWN_ORGANISATION, on_registered,
	"persons whom an office deals with"},
    {"persons.changed", "registry", FROM_OWN_ORGANISATION, on_changed,
	"changes of residents"},
    {"persons.changed", "offices", FROM_OWN_ORGANISATION, on_changed,
	"changes that an office knows of"},
    {"acquisition.done", "relay", FROM_OWN_ORGANISATION, acquisition_done,
	"codes that have arrived"},
    {"acquisition.refused", "jukinet", FROM_ANY_ORGANISATION,
	acquisition_refused, "persons for whom there is no code"},
    {"replica.put", "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_replicas, "replicas, by business number"},
    {"inquiry.request", "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_inquiry, "a question to another organisation"},
    {"inquiry.cancel", "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_cancel, "a question that nobody needs any more"},
    {"provider.search", "offices", FROM_OWN_ORGANISATION | REPEATABLE,
	translate_search, "who could be asked about a person?"},
    {"mark.put", "offices", FROM_OWN_ORGANISATION, translate_mark,
	"an office marks a person, or takes a mark away"},
    {0},
};

static const struct timer timers[] = {
    {"acquisitions", 600ll * 1000, acquisition_ask_again,
	"ask again for codes that have not come"},
    {0},
};

const struct system addressee_system = {
    .component.name = "addressee",
    .component.schema = &addressee_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.count = count,
    .title = "団体内統合宛名システム",
    .summary = "one internal number for each person of an organisation",
    .components = node_components,
    .holds.individual_number = HOLDS_KEPT,
    .holds.internal_number = HOLDS_KEPT,
    .holds.contents = "replicas, passing through",
};
