#include "components/components.h"
#include "jukinet_statements.h"
#include "systems/jukinet/acquisition.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/numbering.h"
#include "systems/jukinet/person.h"
#include "systems/jukinet/recoding.h"
#include "systems/jukinet/transfer.h"
#include "systems/jukinet/update.h"

#define LEDGER_ROWS 400
#define BASIS SLICE("住民基本台帳法30条の9")

enum err
jukinet_count(struct turn *turn, const char *what, int64_t n)
{
	struct query q;

	store_query(turn->store, JUKINET_LEDGER_ADD, &q);
	query_int(&q, "day", date_to_int64(date_in_japan(turn->now)));
	query_text(&q, "what", slice_of(what));
	query_int(&q, "count", n);

	return query_run(&q);
}

/* --- Looking up ----------------------------------------------------------- */

static enum err
by_number(struct turn *turn, struct slice text, struct serial *ret)
{
	struct individual_number number;
	struct number_owner owner;
	enum err rc;

	if (individual_number_parse(text, &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "field number: its check digit does not fit");
	rc = numbers_find(turn, &number, 1, &owner);
	if (rc)
		return rc;
	*ret = owner.serial;

	return owner.serial.value == 0 || !owner.is_current ? ERR_NOT_FOUND
							    : OK;
}

static enum err
by_code(struct turn *turn, struct slice text, struct serial *ret)
{
	const struct instant long_ago = {0};
	struct resident_code code;
	struct person p;
	enum err rc;

	if (resident_code_parse(text, &code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: its check digit does not fit");
	rc = person_of_code(turn, &code, long_ago, &p);
	if (rc == OK)
		*ret = p.serial;

	return rc;
}

/* All four attributes or none (docs/incidents.md F11). */
static enum err
by_attributes(struct turn *turn, const struct input *in, struct serial *ret)
{
	struct attributes a = {.name = input_text(in, "name"),
	    .birth = input_date(in, "birth"),
	    .address = input_text(in, "address")};

	if (!input_has(in, "name") || !input_has(in, "birth") ||
	    !input_has(in, "sex") || !input_has(in, "address"))
		return problem_set(turn->problem, ERR_INPUT,
		    "give a number, a code, or all four of name, birth, sex "
		    "and address; fewer would find the wrong person");
	if (sex_parse(input_text(in, "sex"), &a.sex))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sex: expected 1 (male) or 2 (female)");
	if (attributes_take(turn->arena, &a, turn->problem))
		return ERR_INPUT;

	return person_look_up(turn, &a, ret);
}

static enum err
find(struct turn *turn, const struct input *in, struct serial *ret)
{
	int given = input_has(in, "number") + input_has(in, "code") +
	    (input_has(in, "name") || input_has(in, "birth") ||
		input_has(in, "sex") || input_has(in, "address"));

	if (given != 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "give one of: a number, a code, the four attributes");
	if (input_has(in, "number"))
		return by_number(turn, input_text(in, "number"), ret);
	if (input_has(in, "code"))
		return by_code(turn, input_text(in, "code"), ret);

	return by_attributes(turn, in, ret);
}

static json_t *
person_json(const struct person *p)
{
	json_t *body = json_object();
	char birth[DATE_TEXT_MAX];

	date_format(p->attributes.birth, birth);
	json_put_text(body, "municipality", p->municipality);
	json_put_text(body, "state", slice_of(person_state_name(p->state)));
	json_put_text(body, "name", p->attributes.name);
	json_put_text(body, "kana", p->attributes.kana);
	json_put_text(body, "birth", slice_of(birth));
	json_put_text(body, "sex", sex_format(p->attributes.sex));
	json_put_text(body, "address", p->attributes.address);

	return body;
}

static enum err
post_lookups(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct serial serial = {0};
	struct person p;
	enum err rc;

	rc = find(turn, in, &serial);
	if (rc == OK)
		rc = person_find(turn, serial, &p);
	if (rc == ERR_NOT_FOUND)
		return problem_set(
		    turn->problem, rc, "nobody is known by what was given");
	if (rc == OK)
		rc = person_audit(turn, "person.read", serial, BASIS);
	if (rc == OK)
		reply_json(reply, 200, person_json(&p));

	return rc;
}

/* --- Counts --------------------------------------------------------------- */

static enum err
count(struct turn *turn, struct counting *counts)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_LEDGER_TOTALS, &q);
	while ((rc = query_step(&q)) == OK)
		counting_add(counts,
		    arena_string(turn->arena, column_text(&q, "what")),
		    column_int(&q, "total"));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static enum err
get_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct counting counts = {0};
	enum err rc;

	(void)in;
	rc = count(turn, &counts);
	if (rc == OK)
		reply_counting(reply, 200, &counts);

	return rc;
}

static enum err
get_ledger(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = json_object(), *days = json_array(), *row;
	struct query q;
	enum err rc;

	(void)in;
	json_put(body, "days", days);
	store_query(turn->store, JUKINET_LEDGER_DAYS, &q);
	query_int(&q, "limit", LEDGER_ROWS);
	while ((rc = query_step(&q)) == OK) {
		row = json_object();
		json_put_int(row, "day", column_int(&q, "day"));
		json_put_text(row, "what", column_text(&q, "what"));
		json_put_int(row, "count", column_int(&q, "count"));
		json_array_append_new(days, row);
	}
	query_done(&q);
	if (rc != ERR_NOT_FOUND) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}

/* --- The system ----------------------------------------------------------- */

static enum err
start(struct turn *turn, void **ret_state)
{
	struct ciphers *ciphers = NULL;
	enum err rc = ciphers_new(turn->keys, &ciphers);

	if (rc)
		return problem_set(turn->problem, rc,
		    "the key store lacks a key for codes or numbers");
	*ret_state = ciphers;

	return OK;
}

static void
stop(void *state)
{
	ciphers_free(state);
}

static const struct input_field lookup_fields[] = {
    {"number", FIELD_DIGITS, 12, false, "Individual Number 個人番号"},
    {"code", FIELD_DIGITS, 11, false, "Resident Record Code 住民票コード"},
    {"name", FIELD_TEXT, PERSON_BYTES(PERSON_NAME_MAX), false, "氏名"},
    {"birth", FIELD_DATE, 1, false, "出生の年月日"},
    {"sex", FIELD_TEXT, 1, false, "1 male, 2 female"},
    {"address", FIELD_TEXT, PERSON_BYTES(PERSON_ADDRESS_MAX), false, "住所"},
    {0},
};

static const struct route routes[] = {
    {HTTP_POST, "/lookups", ROLE_OPERATOR, post_lookups, lookup_fields, false,
	"one person's identification information, by an exact match"},
    {HTTP_GET, "/progress", ROLE_OPERATOR, get_progress, NULL, false,
	"codes designated, numbers generated and changed, in all"},
    {HTTP_GET, "/ledger", ROLE_OPERATOR, get_ledger, NULL, false,
	"the same, day by day (令85 55条)"},
    {0},
};

static const struct message_handler messages[] = {
    {"codes.request", "registry", FROM_ANY_ORGANISATION, designation_take,
	"a municipality needs Resident Record Codes"},
    {"numbering.request", "registry", FROM_ANY_ORGANISATION | REPEATABLE,
	numbering_take, "numbers for people with new codes"},
    {"number.change", "registry", FROM_ANY_ORGANISATION, numbering_change,
	"another number after a leak"},
    {"arrival.decided", "registry", FROM_ANY_ORGANISATION,
	arrival_take_decision,
	"who has come back from abroad, or that nobody has"},
    {"code.changed", "registry", FROM_ANY_ORGANISATION, recoding_take,
	"a resident has another Resident Record Code"},
    {"identity.update", "registry", FROM_ANY_ORGANISATION, update_take,
	"what is known of people has changed"},
    {"transfer.notice", "registry", FROM_ANY_ORGANISATION, transfer_notice,
	"people move to another municipality"},
    {"transfer.completed", "registry", FROM_ANY_ORGANISATION,
	transfer_completed, "people have arrived"},
    {"acquisition.request", "addressee", FROM_ANY_ORGANISATION,
	acquisition_request, "linkage codes for people with these numbers"},
    {"enrolment.identify", "registry", FROM_ANY_ORGANISATION, acquisition_enrol,
	"a resident joins the portal"},
    {0},
};

static const char *const keys[] = {"resident-code", "number", NULL};

const struct system jukinet_system = {
    .component.name = "jukinet",
    .component.schema = &jukinet_schema,
    .component.routes = routes,
    .component.messages = messages,
    .component.start = start,
    .component.stop = stop,
    .component.count = count,
    .title = "住民基本台帳ネットワーク全国サーバー",
    .summary = "Resident Record Codes, Individual Numbers, identification "
	       "information",
    .keys = keys,
    .components = node_components,
    .usual = JUKINET_USUAL,
    .holds.individual_number = HOLDS_COMPUTED,
    .holds.resident_code = HOLDS_COMPUTED,
    .holds.contents = "identification information",
};
