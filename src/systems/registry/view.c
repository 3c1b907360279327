#include "systems/registry/view.h"

#include "registry_rows.h"
#include "registry_statements.h"
#include "systems/registry/form.h"
#include "systems/registry/numbering.h"

static enum err
audit(struct turn *turn, const char *action, struct resident_id id)
{
	return resident_audit(turn, action, id, (struct slice){0});
}

/* ---- A record ---------------------------------------------------------- */

/* The progress of numbering. */
struct way {
	bool is_held;      /* a clerk has to decide */
	bool is_under_way; /* jukinet or the timer has to act */
};

static enum err
load_way(struct turn *turn, struct resident_id id, struct way *ret)
{
	struct registry_resident_numbering_row row = {
	    .numbering = NUMBERING_ENDED};
	enum err rc = registry_resident_numbering(turn->store, id, &row);

	ret->is_held = row.held > 0 && row.deciding == 0;
	ret->is_under_way = !ret->is_held &&
	    (row.numbering == NUMBERING_WAITING ||
		row.numbering == NUMBERING_REQUESTED);

	return rows_end(rc);
}

/* Answer with the record, and the instant from which its number counts. */
static enum err
answer(struct turn *turn, const struct resident *r, struct reply *reply)
{
	struct registry_assignment_get_row number;
	struct json_out *o = reply_object(reply, 200);
	struct way way;
	enum err rc;

	TRY(load_way(turn, r->id, &way));
	resident_describe(
	    r, way.is_held ? "held" : numbering_name(r->numbering), o);
	rc = registry_assignment_get(
	    turn->store, turn->arena, r->id, r->assignment, &number);
	if (rc == OK)
		json_out_instant(o, "numbered_at", number.assigned_at);

	return rows_end(rc);
}

struct view_resident_input {
	struct resident_id resident;
	int64_t wait;
	struct slice until;
};
static const struct field resident_fields[] = {
    FORM_RESIDENT(view_resident_input),
    FORM_WAIT(view_resident_input),
    OPTION(
	view_resident_input, until, WORD("numbered"), "the state to wait for"),
};
const struct shape view_resident_input_shape =
    SHAPE(view_resident_input, resident_fields);

enum err
view_resident(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct view_resident_input *i = INPUT(in, view_resident_input);
	struct resident r;
	struct way way;

	TRY(load_way(turn, i->resident, &way));
	if (way.is_under_way && !slice_is_empty(i->until) && i->wait > 0 &&
	    !input_waited(in)) {
		reply_wait(
		    reply, resident_wait_key(turn, i->resident), (int)i->wait);
		return OK;
	}
	TRY(resident_load(turn, i->resident, &r));
	TRY(audit(turn, "resident.read", r.id));

	return answer(turn, &r, reply);
}

/* ---- Its history ------------------------------------------------------- */

static enum err
list_versions(struct turn *turn, struct resident_id id, struct json_out *o)
{
	struct registry_version_row v;
	struct person person;
	struct query q;
	bool found = false;
	enum err rc;

	json_out_array(o, "versions");
	registry_versions_rows(turn->store, id, &q);
	while ((rc = registry_versions_next(&q, &v)) == OK) {
		found = true;
		person = PERSON_OF(v);
		json_out_object(o, NULL);
		json_out_int(o, "version", v.version);
		json_out_text(o, "event", v.event);
		json_out_date(o, "event_date", v.event_date);
		json_out_instant(o, "recorded_at", v.recorded_at);
		json_out_text(o, "recorded_by", v.recorded_by);
		person_describe(&person, o);
		json_out_end(o);
	}
	json_out_end(o);
	if (rc == ERR_NOT_FOUND && !found)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no resident has this number here");

	return rows_end(rc);
}

static enum err
list_assignments(struct turn *turn, struct resident_id id, struct json_out *o)
{
	struct registry_assignments_row a;
	struct query q;
	enum err rc;

	json_out_array(o, "assignments");
	registry_assignments_rows(turn->store, id, &q);
	while ((rc = registry_assignments_next(&q, &a)) == OK) {
		json_out_object(o, NULL);
		json_out_int(o, "serial", a.serial);
		json_out_int(o, "version", a.version);
		json_out_instant(o, "assigned_at", a.assigned_at);
		json_out_text(o, "reason", a.reason);
		json_out_end(o);
	}

	return rows_end(rc);
}

enum err
view_history(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct resident_id id = INPUT(in, form_one_resident)->resident;
	struct json_out *o = reply_object(reply, 200);

	TRY(list_versions(turn, id, o));
	TRY(list_assignments(turn, id, o));

	return audit(turn, "resident.history", id);
}

/* ---- Look-ups ---------------------------------------------------------- */

struct view_lookup_input {
	struct individual_number number;
	bool has_number;
	struct resident_code code;
	bool has_code;
	struct resident_id resident;
	struct attributes attributes;
};
static const struct field lookup_fields[] = {
    MAYBE(view_lookup_input, number, INDIVIDUAL_NUMBER, "個人番号"),
    MAYBE(view_lookup_input, code, RESIDENT_CODE, "住民票コード"),
    OPTION(view_lookup_input, resident, RESIDENT_ID, "住民宛名番号"),
    OPTION_AS(view_lookup_input, attributes.name, "name", NAME, "氏名"),
    OPTION_AS(view_lookup_input, attributes.birth, "birth", DATE_OR_PART,
	"出生の年月日"),
    OPTION_AS(
	view_lookup_input, attributes.sex, "sex", SEX, "1 male, 2 female"),
    OPTION_AS(
	view_lookup_input, attributes.address, "address", ADDRESS, "住所"),
};
const struct shape view_lookup_input_shape =
    SHAPE(view_lookup_input, lookup_fields);

static enum err
find(struct turn *turn, const struct view_lookup_input *i,
    struct resident_id *ret)
{
	const struct attributes *a = &i->attributes;
	int keys = i->has_number + i->has_code + (i->resident.value != 0);
	int attributes = !slice_is_empty(a->name) + (a->birth.year != 0) +
	    (a->sex != SEX_NONE) + !slice_is_empty(a->address);

	if (keys + (attributes > 0) != 1)
		return problem_set(turn->problem, ERR_INPUT,
		    "look up by one of: number, code, resident, or name, "
		    "birth, sex and address together");
	if (i->has_number)
		return resident_find_number(turn, &i->number, ret);
	if (i->has_code)
		return resident_find_code(turn, &i->code, ret);
	*ret = i->resident;
	if (attributes == 0)
		return OK;
	if (attributes < 4)
		return problem_set(turn->problem, ERR_INPUT,
		    "a look-up by attributes needs all four: name, birth, "
		    "sex, address");

	return resident_find_attributes(turn, a, ret);
}

/* If nobody or several people are found, the audit says so: the turn is kept. */
static enum err
answer_without(struct turn *turn, enum err why, struct reply *reply)
{
	reply_refusal(turn, reply, why,
	    why == ERR_CONFLICT
		? "several residents have these attributes; a person must "
		  "decide by papers which resident is meant"
		: "no resident has these attributes");

	return turn_audit(
	    turn, "resident.lookup.none", (struct slice){0}, (struct slice){0});
}

enum err
view_lookup(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct resident_id id;
	struct resident r;
	enum err rc;

	rc = find(turn, INPUT(in, view_lookup_input), &id);
	if (rc == OK)
		rc = resident_peek(turn, id, &r);
	if (rc == ERR_NOT_FOUND || rc == ERR_CONFLICT)
		return answer_without(turn, rc, reply);
	TRY(rc);
	TRY(audit(turn, "resident.lookup", id));

	return answer(turn, &r, reply);
}

/* ---- Notices ----------------------------------------------------------- */

static enum err
load_number(struct turn *turn, const struct resident *r,
    struct registry_assignment_get_row *ret)
{
	enum err rc = registry_assignment_get(
	    turn->store, turn->arena, r->id, r->assignment, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the resident has no Individual Number yet");
	if (rc == OK && slice_equal_string(ret->reason, ASSIGNED_TRANSFER))
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "the number came with the resident; no notice was made "
		    "here");

	return rc;
}

enum err
view_notice(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct resident_id id = INPUT(in, form_one_resident)->resident;
	char birth[DATE_TEXT_MAX], issued[DATE_TEXT_MAX];
	struct registry_assignment_get_row n;
	struct registry_version_row v; /* when the number was assigned */
	struct resident r;
	struct json_out *o;
	enum err rc;

	TRY(resident_load(turn, id, &r));
	TRY(load_number(turn, &r, &n));
	rc = registry_version_get(turn->store, turn->arena, id, n.version, &v);
	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	TRY(audit(turn, "notice.read", id));
	date_format_era(v.birth, birth);
	date_format_era(date_in_japan(n.assigned_at), issued);
	o = reply_object(reply, 200);
	json_out_text(o, "title", SLICE("個人番号通知書"));
	json_out_resident(o, "resident", id);
	json_out_text(o, "number", individual_number_slice(&n.number));
	json_out_text(o, "name", v.name);
	json_out_text(o, "birth", slice_of(birth));
	json_out_text(o, "issued", slice_of(issued));
	json_out_text(o, "reason", n.reason);
	json_out_instant(o, "assigned_at", n.assigned_at);

	return OK;
}

/* ---- Counts ------------------------------------------------------------ */

enum err
view_counts(struct turn *turn, struct counting *counts)
{
	static const struct figure figures[] = {
	    {"held", REGISTRY_ABROAD_COUNT, 0},
	    {"claims", REGISTRY_CLAIM_COUNT, 0},
	    {0},
	};
	struct tally t;

	TRY(tally_load(turn, &t));
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
list_refused(struct turn *turn, struct resident_id after, struct json_out *o)
{
	struct registry_refused_row row;
	struct query q;
	enum err rc;

	registry_refused_rows(turn->store, after, &q);
	while ((rc = registry_refused_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_resident(o, "resident", row.resident);
		json_out_text(o, "reason", row.refusal);
		json_out_end(o);
	}

	return rows_end(rc);
}

enum err
view_progress(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct resident_id after = {INPUT(in, form_after)->after};
	struct json_out *o = reply_object(reply, 200);
	struct counting counts = {0};
	size_t i;

	TRY(view_counts(turn, &counts));
	for (i = 0; i < counts.n; i++)
		json_out_int(o, counts.all[i].name, counts.all[i].value);
	json_out_array(o, "refusals");

	return counting_of(&counts, "refused") > 0
	    ? list_refused(turn, after, o)
	    : OK;
}
