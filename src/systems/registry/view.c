#include "systems/registry/view.h"

#include "registry_statements.h"
#include "systems/registry/form.h"
#include "systems/registry/numbering.h"

static void
put_instant(json_t *object, const char *key, int64_t ms)
{
	char text[INSTANT_TEXT_MAX];

	instant_format((struct instant){ms}, text);
	json_put_text(object, key, slice_of(text));
}

static enum err
audit_read(struct turn *turn, const char *action, struct resident_id id)
{
	return turn_audit(
	    turn, action, resident_id_text(turn->arena, id), (struct slice){0});
}

/* ---- A record ---------------------------------------------------------- */

/* How far the numbering is. */
struct way {
	bool is_held;      /* a clerk has to decide */
	bool is_under_way; /* the others are at work */
};

static enum err
load_way(struct turn *turn, struct resident_id id, struct way *ret)
{
	enum numbering numbering;
	struct query q;
	enum err rc;

	*ret = (struct way){0};
	store_query(turn->store, REGISTRY_RESIDENT_NUMBERING, &q);
	query_int(&q, "resident", id.value);
	rc = query_step(&q);
	if (rc == OK) {
		numbering = (enum numbering)column_int(&q, "numbering");
		ret->is_held = column_int(&q, "held") > 0 &&
		    column_int(&q, "deciding") == 0;
		ret->is_under_way = !ret->is_held &&
		    (numbering == NUMBERING_WAITING ||
			numbering == NUMBERING_REQUESTED);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* The record, and since when its number counts. */
static enum err
describe(struct turn *turn, const struct resident *r, json_t **ret)
{
	struct individual_number number;
	struct instant assigned;
	struct way way;
	json_t *object;
	enum err rc;

	rc = load_way(turn, r->id, &way);
	if (rc)
		return rc;
	rc = resident_number(turn, r, &number, &assigned);
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	object = resident_to_json(turn, r);
	if (way.is_held)
		json_put_text(object, "numbering", SLICE("held"));
	if (rc == OK) {
		put_instant(object, "numbered_at", assigned.ms);
		individual_number_wipe(&number);
	}
	*ret = object;

	return OK;
}

enum err
view_resident(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id;
	struct resident r;
	struct way way;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = load_way(turn, id, &way)))
		return rc;
	if (way.is_under_way && input_has(in, "until") &&
	    input_int(in, "wait") > 0 && !input_waited(in)) {
		reply_wait(reply, numbering_wait_key(turn, id),
		    (int)input_int(in, "wait"));
		return OK;
	}
	if ((rc = resident_load(turn, id, &r)) ||
	    (rc = audit_read(turn, "resident.read", id)) ||
	    (rc = describe(turn, &r, &body)))
		return rc;
	reply_json(reply, 200, body);

	return OK;
}

/* ---- Its history ------------------------------------------------------- */

static json_t *
version_to_json(struct turn *turn, struct query *q)
{
	json_t *object = json_object();
	char date[DATE_TEXT_MAX];
	struct person person;

	date_format(date_of_int64(column_int(q, "event_date")), date);
	json_put_int(object, "version", column_int(q, "version"));
	json_put_text(object, "event", column_text(q, "event"));
	json_put_text(object, "event_date", slice_of(date));
	put_instant(object, "recorded_at", column_int(q, "recorded_at"));
	json_put_text(object, "recorded_by", column_text(q, "recorded_by"));
	person_read(q, turn->arena, &person);
	person_describe(&person, object);

	return object;
}

static json_t *
assignment_to_json(struct query *q)
{
	json_t *object = json_object();

	json_put_int(object, "serial", column_int(q, "serial"));
	json_put_int(object, "version", column_int(q, "version"));
	put_instant(object, "assigned_at", column_int(q, "assigned_at"));
	json_put_text(object, "reason", column_text(q, "reason"));

	return object;
}

static enum err
list_versions(struct turn *turn, struct resident_id id, json_t *array)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_VERSIONS, &q);
	query_int(&q, "resident", id.value);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(array, version_to_json(turn, &q));
	query_done(&q);
	if (rc != ERR_NOT_FOUND)
		return rc;
	if (json_array_size(array) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no resident has this number here");

	return OK;
}

static enum err
list_assignments(struct turn *turn, struct resident_id id, json_t *array)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_ASSIGNMENTS, &q);
	query_int(&q, "resident", id.value);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(array, assignment_to_json(&q));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
view_history(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = json_object();
	json_t *versions = json_array(), *assignments = json_array();
	struct resident_id id;
	enum err rc;

	json_put(body, "versions", versions);
	json_put(body, "assignments", assignments);
	rc = form_resident(turn, in, "resident", &id);
	if (rc == OK)
		rc = list_versions(turn, id, versions);
	if (rc == OK)
		rc = list_assignments(turn, id, assignments);
	if (rc == OK)
		rc = audit_read(turn, "resident.history", id);
	if (rc) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}

/* ---- Look-ups ---------------------------------------------------------- */

static enum err
find_by_number(
    struct turn *turn, const struct input *in, struct resident_id *ret)
{
	struct individual_number number;
	enum err rc;

	if (individual_number_parse(input_text(in, "number"), &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "field number: the check digit does not fit");
	rc = resident_find_number(turn, &number, ret);
	individual_number_wipe(&number);

	return rc;
}

static enum err
find_by_code(struct turn *turn, const struct input *in, struct resident_id *ret)
{
	struct resident_code code;
	enum err rc;

	if (resident_code_parse(input_text(in, "code"), &code))
		return problem_set(turn->problem, ERR_INPUT,
		    "field code: the check digit does not fit");
	rc = resident_find_code(turn, &code, ret);
	resident_code_wipe(&code);

	return rc;
}

static enum err
find_by_attributes(
    struct turn *turn, const struct input *in, struct resident_id *ret)
{
	struct attributes a = {.name = input_text(in, "name"),
	    .birth = input_date(in, "birth"),
	    .address = input_text(in, "address")};
	enum err rc;

	if (!input_has(in, "name") || !input_has(in, "birth") ||
	    !input_has(in, "sex") || !input_has(in, "address"))
		return problem_set(turn->problem, ERR_INPUT,
		    "a look-up by attributes needs all four: name, birth, "
		    "sex, address");
	if (sex_parse(input_text(in, "sex"), &a.sex))
		return problem_set(turn->problem, ERR_INPUT,
		    "field sex: expected \"1\" or \"2\"");
	rc = attributes_take(turn->arena, &a, turn->problem);
	if (rc)
		return rc;

	return resident_find_attributes(turn, &a, ret);
}

static enum err
find(struct turn *turn, const struct input *in, struct resident_id *ret)
{
	int keys = input_has(in, "number") + input_has(in, "code") +
	    input_has(in, "resident");
	bool attributes = input_has(in, "name") || input_has(in, "birth") ||
	    input_has(in, "sex") || input_has(in, "address");

	if (keys + attributes != 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "look up by one of: number, code, resident, or name, "
		    "birth, sex and address together");
	if (input_has(in, "number"))
		return find_by_number(turn, in, ret);
	if (input_has(in, "code"))
		return find_by_code(turn, in, ret);
	if (attributes)
		return find_by_attributes(turn, in, ret);

	return form_resident(turn, in, "resident", ret);
}

/* Nobody, or several: said as an answer, so that the audit entry stays. */
static enum err
answer_without(struct turn *turn, enum err why, struct reply *reply)
{
	json_t *body;
	enum err rc;

	rc = turn_audit(
	    turn, "resident.lookup.none", (struct slice){0}, (struct slice){0});
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "status", err_info(why)->http_status);
	json_put_text(body, "error", slice_of(err_info(why)->name));
	json_put_text(body, "detail",
	    why == ERR_CONFLICT
		? SLICE("several residents have these attributes; a person "
			"must decide by their papers which of them it is")
		: SLICE("nobody here fits"));
	reply_json(reply, err_info(why)->http_status, body);

	return OK;
}

enum err
view_lookup(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id = {0};
	struct resident r;
	json_t *body;
	enum err rc;

	rc = find(turn, in, &id);
	if (rc == OK)
		rc = resident_peek(turn, id, &r);
	if (rc == ERR_NOT_FOUND || rc == ERR_CONFLICT)
		return answer_without(turn, rc, reply);
	if (rc || (rc = audit_read(turn, "resident.lookup", id)) ||
	    (rc = describe(turn, &r, &body)))
		return rc;
	reply_json(reply, 200, body);

	return OK;
}

/* ---- Notices ----------------------------------------------------------- */

struct notice {
	struct individual_number number;
	int64_t version;
	struct instant assigned;
	struct slice reason;
};

static enum err
load_notice(struct turn *turn, const struct resident *r, struct notice *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_ASSIGNMENT_GET, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "serial", r->assignment);
	rc = query_step(&q);
	if (rc == OK) {
		ret->version = column_int(&q, "version");
		ret->assigned.ms = column_int(&q, "assigned_at");
		ret->reason =
		    arena_copy(turn->arena, column_text(&q, "reason"));
		if (individual_number_from_int64(
			column_int(&q, "number"), &ret->number))
			rc = ERR_CORRUPT;
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the resident has no Individual Number yet");
	if (rc == OK && slice_equal_string(ret->reason, ASSIGNED_TRANSFER))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the number came with the resident; no notice was made "
		    "here");

	return rc;
}

/* Name and birth as they were when the number was assigned. */
static enum err
load_version(struct turn *turn, struct resident_id id, int64_t version,
    struct person *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_VERSION_GET, &q);
	query_int(&q, "resident", id.value);
	query_int(&q, "version", version);
	rc = query_step(&q);
	if (rc == OK)
		person_read(&q, turn->arena, ret);
	query_done(&q);

	return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
}

enum err
view_notice(struct turn *turn, const struct input *in, struct reply *reply)
{
	char birth[DATE_TEXT_MAX], issued[DATE_TEXT_MAX];
	struct resident_id id;
	struct person person;
	struct resident r;
	struct notice n;
	json_t *body;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)) ||
	    (rc = resident_load(turn, id, &r)) ||
	    (rc = load_notice(turn, &r, &n)) ||
	    (rc = load_version(turn, id, n.version, &person)) ||
	    (rc = audit_read(turn, "notice.read", id)))
		return rc;
	date_format_era(person.attributes.birth, birth);
	date_format_era(date_in_japan(n.assigned), issued);
	body = json_object();
	json_put_text(body, "title", SLICE("個人番号通知書"));
	json_put_text(body, "resident", resident_id_text(turn->arena, id));
	json_put_text(body, "number", individual_number_slice(&n.number));
	json_put_text(body, "name", person.attributes.name);
	json_put_text(body, "birth", slice_of(birth));
	json_put_text(body, "issued", slice_of(issued));
	json_put_text(body, "reason", n.reason);
	put_instant(body, "assigned_at", n.assigned.ms);
	individual_number_wipe(&n.number);
	reply_json(reply, 200, body);

	return OK;
}

/* ---- Counts ------------------------------------------------------------ */

enum err
view_counts(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"held", REGISTRY_ABROAD_COUNT, 0},
	    {0},
	};
	struct tally t;
	enum err rc = tally_load(turn, &t);

	if (rc)
		return rc;
	counting_add(counts, "residents", t.residents);
	counting_add(counts, "coded", t.coded);
	counting_add(counts, "requested", t.requested);
	counting_add(counts, "numbered", t.numbered);
	counting_add(counts, "refused", t.refused);
	counting_add(counts, "notices", t.notices);
	counting_add(counts, "pool", t.pool);
	counting_add(counts, "imports", t.imports);

	return turn_counts(turn, figures, counts);
}

static enum err
list_refused(struct turn *turn, int64_t after, json_t *array)
{
	struct resident_id id;
	struct query q;
	json_t *object;
	enum err rc;

	store_query(turn->store, REGISTRY_REFUSED, &q);
	query_int(&q, "after", after);
	while ((rc = query_step(&q)) == OK) {
		id.value = column_int(&q, "resident");
		object = json_object();
		json_put_text(
		    object, "resident", resident_id_text(turn->arena, id));
		json_put_text(object, "reason", column_text(&q, "refusal"));
		json_array_append_new(array, object);
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
view_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	json_t *body = json_object(), *refused = json_array();
	struct counting counts = {0};
	enum err rc;
	size_t i;

	rc = view_counts(turn, &counts);
	if (rc == OK && counting_of(&counts, "refused") > 0)
		rc = list_refused(turn, input_int(in, "after"), refused);
	for (i = 0; i < counts.n; i++)
		json_put_int(body, counts.all[i].name, counts.all[i].value);
	json_put(body, "refusals", refused);
	if (rc) {
		json_decref(body);
		return rc;
	}
	reply_json(reply, 200, body);

	return OK;
}
