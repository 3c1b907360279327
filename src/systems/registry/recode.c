#include "systems/registry/recode.h"

#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の4")
#define QUIET_MS (365 * INT64_C(86400000))

struct recode_request_input {
	struct resident_id resident;
	struct slice request, paper;
};
static const struct field code_change_fields[] = {
    FORM_RESIDENT(recode_request_input),
    FIELD(recode_request_input, request, ID,
	"the caller's id of the change; the same id again is the same change"),
    OPTION(recode_request_input, paper, NAME_OF,
	"the id of the papers that show why (疎明資料): for another change "
	"within a year"),
};
const struct shape recode_request_input_shape =
    SHAPE(recode_request_input, code_change_fields);

/* ---- Changing ---------------------------------------------------------- */

static enum err
take_code(struct turn *turn, struct resident_code *ret)
{
	struct tally tally;
	enum err rc;

	TRY(tally_load(turn, &tally));
	rc = numbering_take_code(turn, &tally, ret);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_BUSY,
		    "no Resident Record Code is left in the pool; more were "
		    "asked for, try again soon");

	return rc == OK ? tally_store(turn, &tally) : rc;
}

/* One change a year, unless papers show why.  Jukinet has the same bound and
 * knows what happened elsewhere. */
static enum err
check_year(struct turn *turn, const struct recode_request_input *i)
{
	struct registry_code_change_last_row row;

	TRY(registry_code_change_last(turn->store, i->resident, &row));
	if (!slice_is_empty(i->paper) ||
	    instant_is_before(row.last, instant_plus(turn->now, -QUIET_MS)))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the resident's code was changed less than a year ago: expected "
	    "`paper`, the id of the papers that show why (疎明資料)");
}

/* Give the resident another code, from now on. */
static enum err
change(
    struct turn *turn, const struct recode_request_input *i, struct resident *r)
{
	const struct event event = {.name = "code-change",
	    .audit = "code.change",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	struct code_changed_item item = {.from = r->code};

	if (r->state != RESIDENT_CURRENT || !r->has_code ||
	    r->numbering != NUMBERING_NUMBERED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the resident must live here and have an Individual "
		    "Number");
	TRY(check_year(turn, i));
	TRY(take_code(turn, &item.to));
	TRY(resident_recode(turn, &item.to, r));
	TRY(resident_change(turn, &event, r));

	return tell_jukinet(turn, code_changed,
	    &(struct code_changed){.items = &item,
		.n_items = 1,
		.paper = i->paper,
		.officer = turn->caller.name});
}

/* ---- Jukinet did not take it -------------------------------------------- */

/* The resident has the former code again, and jukinet hears under it what the record
 * says.  The code that was given stays the resident's former one: a notice
 * shows it. */
static enum err
take_back(
    struct turn *turn, struct resident *r, const struct code_changed_item *item)
{
	const struct event event = {.name = "code-change-refused",
	    .audit = "code.change.refused",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	const struct event news = {
	    .name = "correction", .date = date_in_japan(turn->now)};

	TRY(resident_recode(turn, &item->from, r));
	TRY(resident_change(turn, &event, r));

	return news_event(turn, &news, r, 1);
}

enum err
recode_not_taken(struct turn *turn, const struct message *message)
{
	const struct code_changed_item *item =
	    MESSAGE(message, code_changed)->items;
	struct resident_id id;
	struct resident r;

	TRY(resident_find_code(turn, &item->to, &id));
	TRY(resident_load(turn, id, &r));
	TRY(registry_code_change_refused(
	    turn->store, message->refusal, &item->to));
	if (!r.has_code || !resident_code_equal(&r.code, &item->to))
		return resident_audit(turn, "code.change.refused", r.id, BASIS);

	return take_back(turn, &r, item);
}

/* ---- The notice -------------------------------------------------------- */

static void
put_notice(const struct recode_request_input *i, const struct resident *r,
    const struct registry_code_change_get_row *c, struct json_out *o)
{
	char changed[DATE_TEXT_MAX];

	date_format_era(date_in_japan(c->changed_at), changed);
	json_out_text(o, "title", SLICE("住民票コード変更通知票"));
	json_out_text(o, "request", i->request);
	json_out_resident(o, "resident", r->id);
	json_out_text(o, "name", r->person.attributes.name);
	json_out_text(o, "code", resident_code_slice(&c->code));
	json_out_text(o, "changed", slice_of(changed));
}

enum err
recode_request(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct recode_request_input *i = INPUT(in, recode_request_input);
	struct registry_code_change_get_row c;
	struct resident r;
	enum err rc;

	rc = registry_code_change_get(turn->store, turn->arena, i->request, &c);
	if (rc == OK && c.resident.value != i->resident.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field request: was used for another resident");
	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (rc == OK && !slice_is_empty(c.refusal))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "jukinet did not take this change, and the resident has "
		    "the former code: %.*s",
		    SLICE_ARG(c.refusal));
	TRY(resident_load(turn, i->resident, &r));
	if (rc == ERR_NOT_FOUND) {
		TRY(change(turn, i, &r));
		c = (struct registry_code_change_get_row){
		    .code = r.code, .changed_at = turn->now};
		TRY(registry_code_change_add(
		    turn->store, i->request, r.id, &r.code, turn->now));
	}
	TRY(resident_audit(turn, "code.notice", i->resident, BASIS));
	put_notice(i, &r, &c, reply_object(reply, 200));

	return OK;
}
