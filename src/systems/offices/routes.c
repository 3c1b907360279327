/* The offices' tables: routes, messages, timers. */
#include "base/text.h"
#include "components/components.h"
#include "law/catalogue.h"
#include "law/own_use.h"
#include "number/individual_number.h"
#include "offices_statements.h"
#include "person/attributes.h"
#include "systems/offices/application.h"
#include "systems/offices/asking.h"
#include "systems/offices/corrected.h"
#include "systems/offices/declaration.h"
#include "systems/offices/finding.h"
#include "systems/offices/marking.h"
#include "systems/offices/offices.h"
#include "systems/offices/record.h"
#include "systems/offices/replica.h"

#define WAIT_MAX 60 /* seconds */
#define INSURED_WIDTH 8
/* Bytes of a body with OFFICES_ROWS_MAX and OFFICES_BATCH_MAX rows. */
#define ROWS_BYTES (4u << 20)
#define BATCH_BYTES (1u << 20)
#define CSV_BYTES (16u << 20)

void
offices_put_instant(json_t *row, const char *key, struct instant at)
{
	char text[INSTANT_TEXT_MAX];

	if (at.ms == 0)
		return;
	instant_format(at, text);
	json_put_text(row, key, slice_of(text));
}

/* --- Counts -------------------------------------------------------------- */

static enum err
count(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"records", OFFICES_COUNT_RECORDS, 0},
	    {"retrying", OFFICES_COUNT_RETRYING, 0},
	    {"given_up", OFFICES_COUNT_GIVEN_UP, 0},
	    {"applications", OFFICES_COUNT_APPLICATIONS, 0},
	    {"waiting", OFFICES_COUNT_QUESTIONS, 0},
	    {"inquiries", OFFICES_COUNT_INQUIRIES, 0},
	    {"asking", OFFICES_COUNT_ASKING, 0},
	    {"marking", OFFICES_COUNT_MARKS, 0},
	    {0},
	};

	return turn_counts(turn, figures, counts);
}

static enum err
get_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct counting counts = {0};
	enum err rc;

	(void)in;
	rc = count(turn, &counts);
	if (rc)
		return rc;
	reply_counting(reply, 200, &counts);

	return OK;
}

/* --- Loading records ----------------------------------------------------- */

static enum err
misfit(struct turn *turn, size_t index, const char *what)
{
	return problem_set(turn->problem, ERR_INPUT,
	    "items[%zu]: %s is missing or malformed; nothing was loaded", index,
	    what);
}

static enum err
read_business_number(const json_t *row, struct slice *ret)
{
	if (json_at_text(row, 0, ret) || slice_is_empty(*ret) ||
	    ret->len > OFFICES_BUSINESS_NUMBER_MAX || !text_is_printable(*ret))
		return ERR_INPUT;

	return OK;
}

static void
reply_loaded(struct reply *reply, size_t n)
{
	json_t *body = json_object();

	json_put_int(body, "loaded", (int64_t)n);
	reply_json(reply, 200, body);
}

static enum err
put_tax_row(struct turn *turn, struct record_batch *batch, const json_t *items,
    size_t index)
{
	const json_t *row = json_array_get(items, index);
	json_t *contents = json_array_get(row, 1);
	struct slice business_number;

	if (read_business_number(row, &business_number))
		return misfit(turn, index, "the business number");
	if (json_array_size(row) != 2 || !json_is_object(contents))
		return misfit(turn, index, "the contents");

	return record_put(turn, batch, business_number, contents);
}

static enum err
post_tax_records(struct turn *turn, const struct input *in, struct reply *reply)
{
	const json_t *items = input_json(in, "items");
	size_t i, n = json_array_size(items);
	struct record_batch batch = {.item = SLICE(OFFICES_ITEM_TAX),
	    .put = turn->now,
	    .items = json_array()};
	unsigned int form;
	enum err rc;

	batch.version =
	    arena_printf(turn->arena, "%04d", (int)input_int(in, "year"));
	rc = catalogue_check(batch.item, batch.version,
	    date_in_japan(turn->now), &form, turn->problem);
	for (i = 0; rc == OK && i < n; i++)
		rc = put_tax_row(turn, &batch, items, i);
	if (rc == OK && n > 0)
		rc = record_send(turn, &batch);
	json_decref(batch.items);
	if (rc == OK)
		reply_loaded(reply, n);

	return rc;
}

/* --- Insured persons ----------------------------------------------------- */

/* The first seven elements: what the addressee shall know. */
static json_t *
person_of(const json_t *row)
{
	json_t *person = json_array();
	size_t i;

	for (i = 0; i < INSURED_WIDTH - 1; i++)
		json_array_append(person, json_array_get(row, i));

	return person;
}

/* All four attributes and the kana beside the number: with fewer, a mistaken
 * number would pass (docs/incidents.md F11). */
static enum err
check_person(struct turn *turn, const json_t *row, size_t index)
{
	struct attributes a = {0};
	struct slice birth, sex;
	struct problem why;

	if (json_at_text(row, 2, &a.name) || json_at_text(row, 3, &a.kana) ||
	    json_at_text(row, 6, &a.address))
		return misfit(turn, index, "the name, kana or address");
	if (json_at_text(row, 4, &birth) || date_parse(birth, &a.birth))
		return misfit(turn, index, "the date of birth");
	if (json_at_text(row, 5, &sex) || sex_parse(sex, &a.sex))
		return misfit(turn, index, "the sex");
	if (attributes_take(turn->arena, &a, &why))
		return problem_set(turn->problem, ERR_INPUT,
		    "items[%zu]: %s; nothing was loaded", index, why.text);
	if (slice_is_empty(a.name) || slice_is_empty(a.kana) ||
	    slice_is_empty(a.address))
		return misfit(turn, index, "the name, kana or address");

	return OK;
}

static enum err
check_insured(struct turn *turn, const json_t *row, size_t index)
{
	struct individual_number number;
	struct slice text;

	if (json_array_size(row) != INSURED_WIDTH)
		return misfit(turn, index, "the row");
	if (json_at_text(row, 1, &text) ||
	    individual_number_parse(text, &number))
		return misfit(turn, index, "the Individual Number");
	individual_number_wipe(&number);

	return check_person(turn, row, index);
}

static enum err
put_insured_row(struct turn *turn, struct record_batch *batch,
    const json_t *items, size_t index, json_t *people)
{
	const json_t *row = json_array_get(items, index);
	json_t *contents = json_array_get(row, INSURED_WIDTH - 1);
	struct slice business_number;
	enum err rc;

	rc = check_insured(turn, row, index);
	if (rc)
		return rc;
	if (read_business_number(row, &business_number))
		return misfit(turn, index, "the business number");
	if (!json_is_object(contents))
		return misfit(turn, index, "the contents");
	json_array_append_new(people, person_of(row));

	return record_put(turn, batch, business_number, contents);
}

static enum err
send_people(struct turn *turn, json_t *people)
{
	struct system_id addressee = turn_sibling(turn, "addressee");
	json_t *body = json_object();

	json_put(body, "items", json_incref(people));

	return turn_send(turn, &addressee, "persons.registered", body);
}

static enum err
post_insured(struct turn *turn, const struct input *in, struct reply *reply)
{
	const json_t *items = input_json(in, "items");
	size_t i, n = json_array_size(items);
	struct record_batch batch = {.item = SLICE(OFFICES_ITEM_PENSION),
	    .put = turn->now,
	    .items = json_array()};
	json_t *people = json_array();
	enum err rc = OK;

	batch.version = arena_printf(
	    turn->arena, "%04d", (int)date_in_japan(turn->now).year);
	for (i = 0; rc == OK && i < n; i++)
		rc = put_insured_row(turn, &batch, items, i, people);
	if (rc == OK && n > 0)
		rc = send_people(turn, people);
	if (rc == OK && n > 0)
		rc = record_send(turn, &batch);
	json_decref(batch.items);
	json_decref(people);
	if (rc == OK)
		reply_loaded(reply, n);

	return rc;
}

/* --- Child allowance ----------------------------------------------------- */

static enum err
reply_application(struct turn *turn, struct slice application, int status,
    struct reply *reply)
{
	json_t *body;
	enum err rc;

	rc = application_describe(turn, application, &body);
	if (rc == OK)
		reply_json(reply, status, body);

	return rc;
}

static enum err
post_child_allowance(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct application application = {
	    .application = input_text(in, "application"),
	    .applicant = input_text(in, "applicant"),
	    .child = input_text(in, "child"),
	    .previous_municipality = input_text(in, "previous_municipality"),
	    .unit = input_text(in, "unit"),
	    .clerk = input_text(in, "clerk")};
	struct application_options options = {
	    .ask_pension = input_bool(in, "ask_pension"),
	    .deceased_confirmed = input_bool(in, "deceased_confirmed")};
	enum err rc;

	if (slice_equal(
		application.previous_municipality, turn_organisation(turn)))
		return problem_set(turn->problem, ERR_INPUT,
		    "field previous_municipality: that is ourselves; look "
		    "into our own records");
	rc = application_open(turn, &application, &options);
	if (rc == OK)
		rc = reply_application(
		    turn, application.application, 201, reply);

	return rc;
}

static enum err
get_application(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice application = input_text(in, "application");
	int64_t wait = input_int(in, "wait");
	bool waiting = false;
	enum err rc;

	rc = application_is_waiting(turn, application, &waiting);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "there is no such application");
	if (rc)
		return rc;
	if (waiting && wait > 0 && !input_waited(in)) {
		reply_wait(
		    reply, application_wake_key(turn, application), (int)wait);
		return OK;
	}

	return reply_application(turn, application, 200, reply);
}

/* --- Tables -------------------------------------------------------------- */

static const struct input_field tax_fields[] = {
    {"year", FIELD_INT, 9999, true, "the year of taxation, from 1868"},
    {"items", FIELD_ARRAY, OFFICES_ROWS_MAX, true,
	"rows: business number, contents"},
    {0},
};

static const struct input_field insured_fields[] = {
    {"items", FIELD_ARRAY, OFFICES_ROWS_MAX, true,
	"rows: business number, Individual Number, name, kana, date of "
	"birth, sex, address, contents"},
    {0},
};

static const struct input_field allowance_fields[] = {
    {"application", FIELD_ID, 0, true, "a new id for the application"},
    {"applicant", FIELD_TEXT, OFFICES_BUSINESS_NUMBER_MAX, true,
	"business number of the parent"},
    {"child", FIELD_TEXT, OFFICES_BUSINESS_NUMBER_MAX, true,
	"business number of the child"},
    {"previous_municipality", FIELD_TEXT, OFFICES_ORGANISATION_MAX, true,
	"the organisation that holds the tax information"},
    {"unit", FIELD_TEXT, OFFICES_UNIT_MAX, true,
	"the organisation unit that asks"},
    {"clerk", FIELD_TEXT, OFFICES_UNIT_MAX, true, "who asks"},
    {"ask_pension", FIELD_BOOL, 0, false, "ask the Pension Service, too"},
    {"deceased_confirmed", FIELD_BOOL, 0, false,
	"the clerk knows that the applicant has died"},
    {0},
};

static const struct input_field application_fields[] = {
    {"application", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the answers"},
    {0},
};

static const struct input_field replica_fields[] = {
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, true, "item of information"},
    {"version", FIELD_TEXT, OFFICES_WORD_MAX, true, "the year, mostly"},
    {"change", FIELD_TEXT, 8, false, "load (usual), replace, correct, delete"},
    {"items", FIELD_ARRAY, OFFICES_ROWS_MAX, true,
	"rows: business number, contents"},
    {0},
};

static const struct input_field replica_csv_fields[] = {
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, true, "item of information"},
    {"version", FIELD_TEXT, OFFICES_WORD_MAX, true, "the year, mostly"},
    {"change", FIELD_TEXT, 8, false, "load (usual), replace, correct, delete"},
    {0},
};

static const struct input_field inquiry_fields[] = {
    {"inquiry", FIELD_ID, 0, true, "a new id for the inquiry"},
    {"business_number", FIELD_TEXT, OFFICES_BUSINESS_NUMBER_MAX, true,
	"about whom"},
    {"affair", FIELD_TEXT, OFFICES_WORD_MAX, true,
	"row of the law's table, or own-use affair of ours"},
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, true, "item of information"},
    {"version", FIELD_TEXT, OFFICES_WORD_MAX, false,
	"of the item: the year, mostly; absent: the newest"},
    {"provider", FIELD_TEXT, OFFICES_ORGANISATION_MAX, true, "whom to ask"},
    {"unit", FIELD_TEXT, OFFICES_UNIT_MAX, true,
	"the organisation unit that asks"},
    {"clerk", FIELD_TEXT, OFFICES_UNIT_MAX, true, "who asks"},
    {"undisclosed", FIELD_BOOL, 0, false,
	"the person shall not see that it was asked (番号法23条2項1号)"},
    {"deceased_confirmed", FIELD_BOOL, 0, false,
	"the clerk knows that the person has died"},
    {"wait", FIELD_INT, WAIT_MAX, false,
	"seconds to wait for the answer, in the same request"},
    {0},
};

static const struct input_field inquiry_wait_fields[] = {
    {"inquiry", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the answer"},
    {"until", FIELD_TEXT, 8, false, "held: or for the notice of a hold"},
    {0},
};

static const struct input_field inquiry_id_fields[] = {
    {"inquiry", FIELD_ID, 0, true, "which"},
    {0},
};

static const struct input_field batch_fields[] = {
    {"batch", FIELD_ID, 0, true, "of the file: from its digest"},
    {"unit", FIELD_TEXT, OFFICES_UNIT_MAX, true,
	"the organisation unit that asks"},
    {"clerk", FIELD_TEXT, OFFICES_UNIT_MAX, true, "who asks"},
    {"undisclosed", FIELD_BOOL, 0, false,
	"the persons shall not see that it was asked (番号法23条2項1号)"},
    {"items", FIELD_ARRAY, OFFICES_BATCH_MAX, true,
	"rows: line, business number, affair, item, provider, version (may lack)"},
    {0},
};

static const struct input_field batch_state_fields[] = {
    {"batch", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the answers"},
    {0},
};

static const struct input_field results_fields[] = {
    {"batch", FIELD_ID, 0, true, "which"},
    {"after", FIELD_INT, INT64_MAX, false, "those after this line"},
    {0},
};

static const struct input_field search_fields[] = {
    {"search", FIELD_ID, 0, true, "a new id for the search"},
    {"business_number", FIELD_TEXT, OFFICES_BUSINESS_NUMBER_MAX, true,
	"about whom"},
    {"affair", FIELD_TEXT, OFFICES_WORD_MAX, true,
	"row of the law's table, or own-use affair of ours"},
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, true, "item of information"},
    {"clerk", FIELD_TEXT, OFFICES_UNIT_MAX, true, "who asks"},
    {0},
};

static const struct input_field search_wait_fields[] = {
    {"search", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the answer"},
    {0},
};

static const struct input_field affair_fields[] = {
    {"declaration", FIELD_ID, 0, true, "a new id for the declaration"},
    {"affair", FIELD_TEXT, OWN_USE_ID_MAX, true,
	"its id: \"own-\" and a word of ours"},
    {"title", FIELD_TEXT, OWN_USE_TEXT_MAX, true, "of the affair"},
    {"ordinance", FIELD_TEXT, OWN_USE_TEXT_MAX, true, "its name"},
    {"number", FIELD_TEXT, OWN_USE_TEXT_MAX, true, "year and number"},
    {"effective", FIELD_DATE, 0, true, "from which day it is in force"},
    {"row", FIELD_TEXT, OFFICES_WORD_MAX, true,
	"affair of the law's table to which it corresponds"},
    {"items", FIELD_ARRAY, OWN_USE_LIST_MAX, true, "items of information"},
    {"providers", FIELD_ARRAY, OWN_USE_LIST_MAX, true,
	"kinds of organisations to ask"},
    {0},
};

static const struct input_field limit_fields[] = {
    {"declaration", FIELD_ID, 0, true, "a new id for the declaration"},
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, false, "all without it"},
    {"organisation", FIELD_TEXT, OFFICES_ORGANISATION_MAX, false,
	"whose affairs; all without it"},
    {"affair", FIELD_TEXT, OWN_USE_ID_MAX, false, "all without it"},
    {"ordinance", FIELD_TEXT, OWN_USE_TEXT_MAX, true, "that limits it"},
    {"number", FIELD_TEXT, OWN_USE_TEXT_MAX, true, "year and number"},
    {0},
};

static const struct input_field declaration_fields[] = {
    {"declaration", FIELD_ID, 0, true, "which"},
    {0},
};

static const struct input_field declaration_wait_fields[] = {
    {"declaration", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for a decision"},
    {0},
};

static const struct input_field mark_fields[] = {
    {"mark", FIELD_ID, 0, true, "a new id for the order"},
    {"business_number", FIELD_TEXT, OFFICES_BUSINESS_NUMBER_MAX, true,
	"of whom"},
    {"item", FIELD_TEXT, OFFICES_WORD_MAX, false,
	"item of information; all of the person's without it"},
    {"kind", FIELD_TEXT, 16, true, "hold, or undisclosed"},
    {"change", FIELD_TEXT, 8, false, "set (usual), or remove"},
    {"reason", FIELD_TEXT, OFFICES_REASON_MAX, true,
	"why; kept by the relay alone"},
    {"role", FIELD_TEXT, OFFICES_WORD_MAX, true, "in which the operator acts"},
    {0},
};

static const struct input_field mark_wait_fields[] = {
    {"mark", FIELD_ID, 0, true, "which"},
    {"wait", FIELD_INT, WAIT_MAX, false, "seconds to wait for the relay"},
    {0},
};

static const struct route routes[] = {
    {HTTP_POST, "/tax-records", ROLE_OPERATOR, post_tax_records, tax_fields,
	false, "load local tax records; replicas follow",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/insured", ROLE_OPERATOR, post_insured, insured_fields, false,
	"register insured persons with their pension records",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/child-allowance", ROLE_OPERATOR, post_child_allowance,
	allowance_fields, false,
	"open an application; asks the previous municipality"},
    {HTTP_GET, "/applications/{application}", ROLE_OPERATOR, get_application,
	application_fields, false, "an application and what was received"},
    {HTTP_POST, "/replicas", ROLE_OPERATOR, replica_route_post, replica_fields,
	false, "load, replace, correct or delete replicas of an item",
	.max_bytes = ROWS_BYTES},
    {HTTP_POST, "/replicas/csv", ROLE_OPERATOR, replica_route_csv,
	replica_csv_fields, true, "the same, from a CSV file",
	.max_bytes = CSV_BYTES},
    {HTTP_POST, "/inquiries", ROLE_OPERATOR, asking_route_post, inquiry_fields,
	false, "ask another organisation"},
    {HTTP_GET, "/inquiries/{inquiry}", ROLE_OPERATOR, asking_route_get,
	inquiry_wait_fields, false, "an inquiry and what was received"},
    {HTTP_POST, "/inquiries/{inquiry}/cancel", ROLE_OPERATOR,
	asking_route_cancel, inquiry_id_fields, false,
	"take back what was not answered yet"},
    {HTTP_POST, "/inquiry-files/{batch}", ROLE_OPERATOR, asking_route_batch,
	batch_fields, false, "a part of a file of inquiries",
	.max_bytes = BATCH_BYTES},
    {HTTP_GET, "/inquiry-files/{batch}", ROLE_OPERATOR,
	asking_route_batch_state, batch_state_fields, false,
	"how far a file is"},
    {HTTP_GET, "/inquiry-files/{batch}/results", ROLE_OPERATOR,
	asking_route_results, results_fields, false,
	"its results, in the order of its lines"},
    {HTTP_POST, "/searches", ROLE_OPERATOR, finding_route_post, search_fields,
	false, "who could be asked about a person?"},
    {HTTP_GET, "/searches/{search}", ROLE_OPERATOR, finding_route_get,
	search_wait_fields, false, "who could be"},
    {HTTP_POST, "/affairs", ROLE_OPERATOR, declaration_route_affair,
	affair_fields, false,
	"declare an own-use affair to the Commission (番号法9条2項)"},
    {HTTP_POST, "/affairs/limits", ROLE_OPERATOR, declaration_route_limit,
	limit_fields, false,
	"declare what our ordinance keeps from own-use affairs (番号法26条)"},
    {HTTP_GET, "/affairs", ROLE_OPERATOR, declaration_route_list, NULL, false,
	"what we have declared, and how it stands"},
    {HTTP_GET, "/affairs/{declaration}", ROLE_OPERATOR, declaration_route_get,
	declaration_wait_fields, false, "one declaration"},
    {HTTP_POST, "/affairs/{declaration}/withdrawal", ROLE_OPERATOR,
	declaration_route_withdraw, declaration_fields, false,
	"take a declaration back"},
    {HTTP_GET, "/corrections", ROLE_OPERATOR, corrected_route_get, NULL, false,
	"what was received and then corrected by its provider"},
    {HTTP_POST, "/marks", ROLE_OPERATOR, marking_route_post, mark_fields, false,
	"mark a person or one item, or take a mark away"},
    {HTTP_GET, "/marks/{mark}", ROLE_OPERATOR, marking_route_get,
	mark_wait_fields, false, "whether the relay has the mark"},
    {HTTP_GET, "/progress", ROLE_OPERATOR, get_progress, NULL, false,
	"counts of records and applications"},
    {0},
};

static const struct message_handler messages[] = {
    {"replica.refused", "addressee", FROM_OWN_ORGANISATION, record_refused,
	"replicas of persons whom the addressee does not know"},
    {"inquiry.answered", "relay", FROM_OWN_ORGANISATION, application_answered,
	"the answer to a question"},
    {"inquiry.answered", "addressee", FROM_OWN_ORGANISATION,
	application_answered, "why nobody is asked about a person"},
    {"inquiry.held", "relay", FROM_OWN_ORGANISATION | REPEATABLE, asking_held,
	"a person of the provider's decides"},
    {"affair.state", "network", FROM_ANY_ORGANISATION, declaration_stands,
	"how a declaration of ours stands"},
    {"inquiry.corrected", "relay", FROM_OWN_ORGANISATION, corrected_take,
	"what was received is not what the provider says now"},
    {"mark.done", "relay", FROM_OWN_ORGANISATION, marking_done,
	"the relay has a mark"},
    {"mark.refused", "addressee", FROM_OWN_ORGANISATION, marking_refused,
	"nobody here has that business number"},
    {"provider.found", "relay", FROM_OWN_ORGANISATION, finding_found,
	"who could be asked"},
    {"provider.found", "addressee", FROM_OWN_ORGANISATION, finding_found,
	"nobody here has that business number"},
    {0},
};

static const struct timer timers[] = {
    {"replicas", OFFICES_RETRY_MS, record_retry, "put refused replicas again"},
    {0},
};

const struct system offices_system = {
    .component.name = "offices",
    .component.schema = &offices_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.timers = timers,
    .component.count = count,
    .title = "業務システム",
    .summary = "tax, pension and child allowance of an organisation",
    .components = node_components,
    .holds.individual_number = HOLDS_PASSING,
    .holds.contents = "business data under BN",
};
