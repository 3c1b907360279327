#include "systems/registry/claimed.h"

#include "messages/arrivals.h"
#include "person/alike.h"
#include "registry_rows.h"
#include "systems/registry/news.h"
#include "systems/registry/resident.h"
#include "systems/registry/support.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define LIST_MAX 200
#define LEFT_DAYS 31 /* the day of leaving, as people remember it */
#define KEPT_MS (90 * 86400000ll)
#define AGREE SLICE("agree")

/* ---- By rule ------------------------------------------------------------ */

/* The attributes that were said, with the name of today or of that time. */
static bool
fits(
    struct turn *turn, const struct arrival_notice *n, const struct resident *r)
{
	const struct attributes *held = &r->person.attributes;
	struct attributes then = n->attributes;
	bool now;

	if (!slice_is_empty(n->before.name))
		then.name = n->before.name;
	if (!slice_is_empty(n->before.kana))
		then.kana = n->before.kana;
	now = attributes_confirm(turn->arena, &n->attributes, held);

	return attributes_confirm(turn->arena, &then, held) || now;
}

static bool
left_about(const struct resident *r, struct date day)
{
	const struct date left = r->event_date;

	return date_is_known(day) && date_is_known(left) &&
	    date_compare(day, date_plus_days(left, LEFT_DAYS)) <= 0 &&
	    date_compare(left, date_plus_days(day, LEFT_DAYS)) <= 0;
}

/* A code alone shows no stay: it is a key of records. */
static bool
stayed(
    struct turn *turn, const struct arrival_notice *n, const struct resident *r)
{
	const struct slice address = n->before.address;

	return left_about(r, n->before.left) ||
	    (!slice_is_empty(address) &&
		text_is_alike(
		    turn->arena, address, r->person.attributes.address));
}

/* The record was closed by a move abroad: by one that was announced to nobody. */
static enum err
is_abroad(struct turn *turn, const struct resident *r, bool *ret)
{
	struct registry_claim_announced_row announced;

	TRY(registry_claim_announced(
	    turn->store, r->id, r->version, &announced));
	*ret = r->state == RESIDENT_MOVED_OUT &&
	    slice_equal_string(r->event, "move-out") && announced.n == 0;

	return OK;
}

/* Whether our own record shows what the claim says. */
static enum err
is_shown(struct turn *turn, const struct arrival_notice *n,
    struct resident_id id, bool *ret)
{
	struct resident r;
	bool is_supported;

	TRY(resident_load(turn, id, &r));
	TRY(is_abroad(turn, &r, ret));
	TRY(support_is(turn, id, &is_supported));
	*ret =
	    *ret && !is_supported && fits(turn, n, &r) && stayed(turn, n, &r);

	return OK;
}

/* ---- Notices ------------------------------------------------------------ */

/* As a column holds them. */
struct registry_claim_details {
	struct attributes attributes;
	struct arrival_before before;
};
static const struct field details_fields[] = {
    OBJECT(registry_claim_details, attributes, attributes, "the arrival"),
    OBJECT(registry_claim_details, before, arrival_before, "the last stay"),
};
static const struct shape details_shape =
    SHAPE(registry_claim_details, details_fields);

/* The code is left out: the resident is ours. */
static struct slice
details_format(struct turn *turn, const struct arrival_notice *n)
{
	struct registry_claim_details details = {n->attributes, n->before};
	struct json_out o;

	details.before.has_code = false;
	json_out_init(&o, turn->arena);
	shape_write(&details_shape, &details, &o, NULL);

	return json_out_finish(&o);
}

static enum err
answer(struct turn *turn, const struct arrival_reply *reply)
{
	TRY(registry_claim_reply(turn->store,
	    &(struct registry_claim_reply){.claim = reply->claim,
		.reply = reply->reply,
		.reason = reply->reason,
		.officer = reply->officer,
		.replied_at = &turn->now}));

	return tell_jukinet(turn, arrival_reply, reply);
}

static enum err
take_new(struct turn *turn, const struct arrival_notice *n)
{
	struct resident_id id = {0};
	bool shown = false;
	enum err rc = resident_find_code(turn, &n->code, &id);

	if (rc == OK)
		rc = is_shown(turn, n, id, &shown);
	TRY(rows_end(rc));
	TRY(registry_claim_add(turn->store,
	    &(struct registry_claim_add){.claim = n->claim,
		.resident = id.value != 0 ? &id : NULL,
		.organisation = n->by,
		.details = details_format(turn, n),
		.evidence = n->evidence,
		.until = n->until,
		.received_at = turn->now}));
	TRY(resident_audit(
	    turn, shown ? "claim.agree" : "claim.notice", id, BASIS));

	return shown
	    ? answer(turn,
		  &(struct arrival_reply){.claim = n->claim, .reply = AGREE})
	    : OK;
}

enum err
claimed_take_notice(struct turn *turn, const struct message *message)
{
	const struct arrival_notice *n = MESSAGE(message, arrival_notice);
	struct registry_claim_row known;
	enum err rc =
	    registry_claim_get(turn->store, turn->arena, n->claim, &known);

	if (rc == ERR_NOT_FOUND)
		return take_new(turn, n);
	TRY(rc);
	TRY(registry_claim_remind(turn->store, n->claim));

	return resident_audit(turn, "claim.remind", known.resident, BASIS);
}

enum err
claimed_take_end(struct turn *turn, const struct message *message)
{
	const struct arrival_ended *ended = MESSAGE(message, arrival_ended);
	struct registry_claim_row known;
	enum err rc =
	    registry_claim_get(turn->store, turn->arena, ended->claim, &known);

	if (rc == ERR_NOT_FOUND &&
	    turn->now.ms - message->time.ms < JUKINET_PATIENCE_MS)
		return problem_set(turn->problem, ERR_BUSY,
		    "field claim: its notice has not come yet");
	TRY(rows_end(rc));
	TRY(registry_claim_end(
	    turn->store, ended->outcome, &turn->now, ended->claim));

	return turn_audit(turn, "claim.end", SLICE(""), BASIS);
}

enum err
claimed_timer(struct turn *turn)
{
	TRY(registry_claim_erase(
	    turn->store, instant_plus(turn->now, -KEPT_MS)));

	return turn_audit(turn, "claim.erase", SLICE(""), BASIS);
}

/* ---- A clerk's reply ---------------------------------------------------- */

struct claimed_list_input {
	struct slice after;
};
static const struct field list_fields[] = {
    OPTION(claimed_list_input, after, ID, "`claim` of the last row of before"),
};
const struct shape claimed_list_input_shape =
    SHAPE(claimed_list_input, list_fields);

static enum err
put_details(struct turn *turn, struct slice text, struct json_out *o)
{
	struct registry_claim_details details;

	if (slice_is_empty(text))
		return OK;
	if (shape_read_kept(&details_shape, turn->arena,
		arena_copy(turn->arena, text), &details, turn->problem))
		return ERR_CORRUPT;
	shape_write(&attributes_shape, &details.attributes, o, "attributes");
	shape_write(&arrival_before_shape, &details.before, o, "before");

	return OK;
}

static enum err
put_row(
    struct turn *turn, const struct registry_claim_row *row, struct json_out *o)
{
	json_out_object(o, NULL);
	json_out_text(o, "claim", row->claim);
	if (row->has_resident)
		json_out_resident(o, "resident", row->resident);
	json_out_text(o, "by", row->organisation);
	json_out_text(o, "evidence", row->evidence);
	json_out_instant(o, "received", row->received_at);
	json_out_instant(o, "until", row->until);
	json_out_bool(o, "reminded", row->reminded);
	TRY(put_details(turn, row->details, o));
	json_out_end(o);

	return OK;
}

enum err
claimed_list(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct slice after = INPUT(in, claimed_list_input)->after;
	struct json_out *o = reply_object(reply, 200);
	struct registry_claim_row row;
	struct query q;
	enum err rc, bad = OK;

	TRY(turn_audit(turn, "claim.list", SLICE(""), BASIS));
	json_out_array(o, "claims");
	registry_claim_list_rows(turn->store, after, LIST_MAX, &q);
	while (!bad && (rc = registry_claim_list_next(&q, &row)) == OK)
		bad = put_row(turn, &row, o);
	query_done(&q);

	return bad ? bad : rows_end(rc);
}

struct claimed_reply_input {
	struct slice claim;
	struct slice reply;
	struct slice reason;
};
static const struct field reply_fields[] = {
    FIELD(claimed_reply_input, claim, ID, "the claim's id"),
    FIELD(claimed_reply_input, reply, WORD("agree|object"),
	"it is the former resident, or it is not"),
    FIELD(claimed_reply_input, reason, EXPLANATION,
	"the papers that were compared, and with what result"),
};
const struct shape claimed_reply_input_shape =
    SHAPE(claimed_reply_input, reply_fields);

/* The same reply once more is the first. */
static enum err
reply_once(struct turn *turn, const struct claimed_reply_input *i,
    const struct registry_claim_row *known)
{
	if (slice_equal(known->reply, i->reply) &&
	    slice_equal(known->reason, i->reason))
		return OK;
	if (known->has_replied_at)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field reply: the claim was answered before (%.*s)",
		    SLICE_ARG(known->reply));
	if (known->has_ended_at)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the claim has ended (%.*s)", SLICE_ARG(known->outcome));

	return answer(turn,
	    &(struct arrival_reply){
		i->claim, i->reply, i->reason, turn->caller.name});
}

enum err
claimed_reply(struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct claimed_reply_input *i = INPUT(in, claimed_reply_input);
	struct registry_claim_row known;
	struct json_out *o;
	enum err rc =
	    registry_claim_get(turn->store, turn->arena, i->claim, &known);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field claim: no claim of this id was told to us");
	TRY(rc);
	TRY(reply_once(turn, i, &known));
	TRY(resident_audit(turn, "claim.reply", known.resident, BASIS));
	o = reply_object(reply, 200);
	json_out_text(o, "claim", i->claim);
	json_out_text(o, "reply", i->reply);

	return OK;
}
