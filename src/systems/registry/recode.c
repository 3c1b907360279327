#include "systems/registry/recode.h"

#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/form.h"
#include "systems/registry/news.h"
#include "systems/registry/numbering.h"

#define BASIS SLICE("住民基本台帳法30条の4")

/* What a request gave. */
struct code_change {
	struct resident_id resident;
	struct resident_code code;
	struct instant at;
};

/* ---- The table --------------------------------------------------------- */

static enum err
load(struct turn *turn, struct slice request, struct code_change *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_CODE_CHANGE_GET, &q);
	query_text(&q, "request", request);
	rc = query_step(&q);
	if (rc == OK) {
		ret->resident.value = column_int(&q, "resident");
		ret->at.ms = column_int(&q, "changed_at");
		if (resident_code_from_int64(
			column_int(&q, "code"), &ret->code))
			rc = ERR_CORRUPT;
	}
	query_done(&q);

	return rc;
}

static enum err
store(struct turn *turn, struct slice request, const struct code_change *c)
{
	struct query q;

	store_query(turn->store, REGISTRY_CODE_CHANGE_ADD, &q);
	query_text(&q, "request", request);
	query_int(&q, "resident", c->resident.value);
	query_int(&q, "code", resident_code_to_int64(&c->code));
	query_int(&q, "changed_at", c->at.ms);

	return query_run(&q);
}

/* ---- Changing ---------------------------------------------------------- */

static enum err
take_code(struct turn *turn, struct resident_code *ret)
{
	struct tally tally;
	enum err rc;

	rc = tally_load(turn, &tally);
	if (rc == OK)
		rc = numbering_take_code(turn, &tally, ret);
	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, ERR_BUSY,
		    "no Resident Record Code is left in the pool; more were "
		    "asked for, try again soon");

	return rc == OK ? tally_store(turn, &tally) : rc;
}

static enum err
tell_jukinet(struct turn *turn, const struct resident_code *old,
    const struct resident_code *new)
{
	struct system_id jukinet;
	struct items items;
	enum err rc = turn_single(turn, JUKINET_USUAL, &jukinet);

	if (rc)
		return rc;
	items_init(&items);
	items_begin(&items);
	old_out_text(&items.out, resident_code_slice(old));
	old_out_text(&items.out, resident_code_slice(new));
	items_end(&items);
	rc = news_send_items(turn, &jukinet, "code.changed", &items);
	items_done(&items);

	return rc;
}

static enum err
change(struct turn *turn, struct resident_id id, struct code_change *ret)
{
	const struct event event = {.name = "code-change",
	    .audit = "code.change",
	    .date = date_in_japan(turn->now),
	    .basis = BASIS};
	struct resident_code old;
	struct resident r;
	enum err rc;

	if ((rc = resident_load(turn, id, &r)))
		return rc;
	if (r.state != RESIDENT_CURRENT || !r.has_code ||
	    r.numbering != NUMBERING_NUMBERED)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the resident must live here and have an Individual "
		    "Number");
	old = r.code;
	*ret = (struct code_change){.resident = id, .at = turn->now};
	if ((rc = take_code(turn, &ret->code)) ||
	    (rc = resident_recode(turn, &ret->code, &r)) ||
	    (rc = resident_change(turn, &event, &r)) ||
	    (rc = tell_jukinet(turn, &old, &ret->code)))
		return rc;
	resident_code_wipe(&old);

	return OK;
}

/* ---- The notice -------------------------------------------------------- */

static enum err
reply_notice(struct turn *turn, const struct code_change *c,
    struct slice request, struct reply *reply)
{
	char changed[DATE_TEXT_MAX];
	struct resident r;
	json_t *body;
	enum err rc;

	if ((rc = resident_load(turn, c->resident, &r)) ||
	    (rc = turn_audit(turn, "code.notice",
		 resident_id_text(turn->arena, c->resident), BASIS)))
		return rc;
	date_format_era(date_in_japan(c->at), changed);
	body = json_object();
	json_put_text(body, "title", SLICE("住民票コード変更通知票"));
	json_put_text(body, "request", request);
	json_put_text(
	    body, "resident", resident_id_text(turn->arena, c->resident));
	json_put_text(body, "name", r.person.attributes.name);
	json_put_text(body, "code", resident_code_slice(&c->code));
	json_put_text(body, "changed", slice_of(changed));
	reply_json(reply, 200, body);

	return OK;
}

enum err
recode_request(struct turn *turn, const struct input *in, struct reply *reply)
{
	struct slice request = input_text(in, "request");
	struct code_change c = {0};
	struct resident_id id;
	enum err rc;

	if ((rc = form_resident(turn, in, "resident", &id)))
		return rc;
	rc = load(turn, request, &c);
	if (rc == OK && c.resident.value != id.value)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field request: was used for another resident");
	if (rc == ERR_NOT_FOUND) {
		rc = change(turn, id, &c);
		if (rc == OK)
			rc = store(turn, request, &c);
	}
	if (rc == OK)
		rc = reply_notice(turn, &c, request, reply);
	resident_code_wipe(&c.code);

	return rc;
}
