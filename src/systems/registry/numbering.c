#include "systems/registry/numbering.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "registry_statements.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/abroad.h"
#include "systems/registry/news.h"
#include "systems/registry/pool.h"
#include "systems/registry/registry.h"

#define REFUSAL_MAX 60 /* bytes of a reason that are kept */

/* ---- Asking for one ---------------------------------------------------- */

enum err
numbering_take_code(
    struct turn *turn, struct tally *tally, struct resident_code *ret)
{
	size_t n = 0;
	enum err rc = OK;

	turn_hurry(turn, "numbering");
	while (rc == OK && n == 0 && tally->pool > 0)
		rc = pool_take(turn, tally, ret, 1, &n);

	return rc == OK && n == 0 ? ERR_NOT_FOUND : rc;
}

/* A request full of the longest names and addresses is an envelope still. */
static_assert((size_t)REGISTRY_REQUEST_MAX *
	    (PERSON_BYTES(3 * PERSON_NAME_MAX + PERSON_ADDRESS_MAX) +
		3 * PERSON_NAME_MAX + 100) <
	ENVELOPE_MAX,
    "name, former surname and alias, address, kana, and what is short");

/* [RC, name, kana, birth, sex, address, former_surname, alias], and "abroad"
 * of an arrival without a code of before. */
static void
add_request(struct items *items, const struct resident_code *code,
    const struct attributes *a, bool from_abroad)
{
	items_begin(items);
	old_out_text(&items->out, resident_code_slice(code));
	items_put_attributes(items, a);
	old_out_text(&items->out, a->former_surname);
	old_out_text(&items->out, a->alias);
	if (from_abroad)
		old_out_text(&items->out, SLICE("abroad"));
	items_end(items);
}

static enum err
mark_requested(struct turn *turn, struct tally *tally, struct resident_id id,
    const struct resident_code *code)
{
	struct query q;

	tally->requested++;
	store_query(turn->store, REGISTRY_RESIDENT_REQUESTED, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	query_int(&q, "resident", id.value);

	return query_run(&q);
}

static enum err
send_requests(struct turn *turn, struct items *items)
{
	struct system_id jukinet;
	enum err rc = turn_single(turn, JUKINET_USUAL, &jukinet);

	if (rc)
		return rc;

	return news_send_items(turn, &jukinet, "numbering.request", items);
}

enum err
numbering_request(struct turn *turn, struct tally *tally, struct resident *r)
{
	struct items items;
	enum err rc;

	items_init(&items);
	add_request(&items, &r->code, &r->person.attributes, r->from_abroad);
	rc = send_requests(turn, &items);
	items_done(&items);
	if (rc)
		return rc;
	r->numbering = NUMBERING_REQUESTED;

	return mark_requested(turn, tally, r->id, &r->code);
}

/* ---- Asking for those who wait ----------------------------------------- */

struct waiting {
	struct resident_id id;
	bool has_code, from_abroad;
	struct resident_code code;
	struct attributes attributes;
};

static struct attributes
read_attributes(struct query *q, struct arena *arena)
{
	return (struct attributes){
	    .name = arena_copy(arena, column_text(q, "name")),
	    .kana = arena_copy(arena, column_text(q, "kana")),
	    .birth = date_of_int64(column_int(q, "birth")),
	    .sex = sex_of_number(column_int(q, "sex")),
	    .address = arena_copy(arena, column_text(q, "address")),
	};
}

static enum err
read_waiting_one(struct turn *turn, struct query *q, struct waiting *w)
{
	int64_t code = column_int(q, "code");

	w->id.value = column_int(q, "resident");
	w->attributes = read_attributes(q, turn->arena);
	w->attributes.former_surname =
	    arena_copy(turn->arena, column_text(q, "former_surname"));
	w->attributes.alias = arena_copy(turn->arena, column_text(q, "alias"));
	w->has_code = code != 0;
	w->from_abroad = column_int(q, "from_abroad") > 0;

	return w->has_code ? resident_code_from_int64(code, &w->code) : OK;
}

static enum err
read_waiting(
    struct turn *turn, struct waiting *ret, size_t *ret_n, size_t *ret_uncoded)
{
	struct query q;
	enum err rc;

	*ret_n = *ret_uncoded = 0;
	store_query(turn->store, REGISTRY_WAITING, &q);
	query_int(&q, "limit", REGISTRY_REQUEST_MAX);
	while ((rc = query_step(&q)) == OK) {
		rc = read_waiting_one(turn, &q, &ret[*ret_n]);
		if (rc)
			break;
		*ret_uncoded += !ret[*ret_n].has_code;
		(*ret_n)++;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* Codes for those who lack one, the reserve left alone. */
static enum err
take_codes(struct turn *turn, struct tally *tally, struct resident_code *codes,
    size_t uncoded, size_t *ret_n)
{
	int64_t spare = tally->pool - REGISTRY_POOL_RESERVE;

	*ret_n = 0;
	if (spare <= 0)
		return OK;
	if ((int64_t)uncoded > spare)
		uncoded = (size_t)spare;

	return pool_take(turn, tally, codes, uncoded, ret_n);
}

/* Ask for those who have a code or get one of `codes`. */
static enum err
request_them(struct turn *turn, struct tally *tally, struct waiting *waiting,
    size_t n, const struct resident_code *codes, size_t n_codes)
{
	size_t i, used = 0;
	struct waiting *w;
	struct items items;
	enum err rc = OK;

	items_init(&items);
	for (i = 0; rc == OK && i < n; i++) {
		w = &waiting[i];
		if (!w->has_code && used == n_codes)
			continue;
		if (!w->has_code) {
			w->code = codes[used++];
			tally->coded++;
			tally->uncoded--;
		}
		add_request(&items, &w->code, &w->attributes, w->from_abroad);
		rc = mark_requested(turn, tally, w->id, &w->code);
	}
	/* A full message: there may be more. */
	if (items.n == REGISTRY_REQUEST_MAX)
		turn_hurry(turn, "numbering");
	if (rc == OK)
		rc = send_requests(turn, &items);
	items_done(&items);

	return rc;
}

/* One message. */
static enum err
request_waiting(struct turn *turn, struct tally *tally)
{
	struct waiting *waiting;
	struct resident_code *codes;
	size_t n, uncoded, n_codes;
	enum err rc;

	waiting =
	    arena_array(turn->arena, REGISTRY_REQUEST_MAX, sizeof(*waiting));
	codes = arena_array(turn->arena, REGISTRY_REQUEST_MAX, sizeof(*codes));
	if ((rc = read_waiting(turn, waiting, &n, &uncoded)) ||
	    (rc = take_codes(turn, tally, codes, uncoded, &n_codes)) ||
	    (rc = request_them(turn, tally, waiting, n, codes, n_codes)))
		return rc;

	return turn_audit(turn, "numbering.request", (struct slice){0},
	    SLICE("番号法8条1項"));
}

/* Without a look at anybody, for which an audit entry would be owed. */
static enum err
anybody_waits(struct turn *turn, bool *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_WAITING_ANY, &q);
	rc = query_step(&q);
	if (rc == OK)
		*ret = column_int(&q, "waiting") > 0;
	query_done(&q);

	return rc;
}

enum err
numbering_timer(struct turn *turn)
{
	struct system_id jukinet;
	struct tally tally;
	bool waiting = false;
	enum err rc;

	/* Without the network the records wait; that is no error. */
	rc = turn_single(turn, JUKINET_USUAL, &jukinet);
	if (rc || turn_has_peer(turn, &jukinet))
		return rc;
	if ((rc = tally_load(turn, &tally)) || (rc = pool_fill(turn, &tally)) ||
	    (rc = anybody_waits(turn, &waiting)))
		return rc;
	if (waiting && (rc = request_waiting(turn, &tally)))
		return rc;

	return tally_store(turn, &tally);
}

/* ---- Assigning --------------------------------------------------------- */

struct slice
numbering_wait_key(struct turn *turn, struct resident_id id)
{
	static const char prefix[] = "resident:";
	const size_t len = sizeof(prefix) - 1;
	char *key = arena_alloc(turn->arena, sizeof(prefix) + RESIDENT_DIGITS);

	memcpy(key, prefix, len);
	resident_id_format(id, key + len);

	return slice_bytes(key, len + RESIDENT_DIGITS);
}

static enum err
add_assignment(struct turn *turn, const struct resident *r,
    const struct individual_number *number, const char *reason)
{
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_ASSIGNMENT_ADD, &q);
	query_int(&q, "resident", r->id.value);
	query_int(&q, "serial", r->assignment);
	query_int(&q, "number", individual_number_to_int64(number));
	query_int(&q, "version", r->version);
	query_int(&q, "assigned_at", turn->now.ms);
	query_text(&q, "reason", slice_of(reason));
	rc = query_run(&q);
	if (rc == OK && query_changes(&q) == 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the number is or was another resident's");

	return rc;
}

/*
 *= order-155-of-2014#2
 *# the number is deemed to be assigned when the mayor is notified of it
 */
enum err
numbering_assign(struct turn *turn, struct tally *tally, struct resident *r,
    const struct individual_number *number, const char *reason)
{
	char subject[RESIDENT_DIGITS + 1];
	struct query q;
	enum err rc;

	r->assignment++;
	if ((rc = add_assignment(turn, r, number, reason)))
		return rc;
	store_query(turn->store, REGISTRY_RESIDENT_NUMBERED, &q);
	query_int(&q, "assignment", r->assignment);
	query_int(&q, "resident", r->id.value);
	if ((rc = query_run(&q)))
		return rc;
	tally->numbered += r->assignment == 1;
	tally->refused -= r->numbering == NUMBERING_REFUSED;
	tally->notices += strcmp(reason, ASSIGNED_TRANSFER) != 0;
	r->numbering = NUMBERING_NUMBERED;
	turn_wake(turn, numbering_wait_key(turn, r->id));
	resident_id_format(r->id, subject);

	return turn_audit(turn, "number.assign",
	    slice_bytes(subject, RESIDENT_DIGITS), SLICE("番号法7条1項"));
}

/* ---- The answer -------------------------------------------------------- */

/* ERR_NOT_FOUND: none of ours. */
static enum err
find_answered(
    struct turn *turn, const struct resident_code *code, struct resident *ret)
{
	struct resident r = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_ANSWERED, &q);
	query_int(&q, "code", resident_code_to_int64(code));
	rc = query_step(&q);
	if (rc == OK) {
		r.id.value = column_int(&q, "resident");
		r.version = column_int(&q, "version");
		r.state = (enum resident_state)column_int(&q, "state");
		r.numbering = (enum numbering)column_int(&q, "numbering");
		r.assignment = column_int(&q, "assignment");
		r.person.attributes = read_attributes(&q, turn->arena);
		*ret = r;
	}
	query_done(&q);

	return rc;
}

static enum err
read_pair(struct turn *turn, const json_t *items, size_t i,
    struct resident_code *ret_code, struct slice *ret_second)
{
	const json_t *row = json_array_get(items, i);
	struct slice text;

	if (json_array_size(row) < 2 || json_at_text(row, 0, &text) ||
	    resident_code_parse(text, ret_code) ||
	    json_at_text(row, 1, ret_second))
		return problem_set(turn->problem, ERR_INPUT,
		    "items[%zu]: expected a Resident Record Code and its "
		    "answer",
		    i);

	return OK;
}

static enum err
refuse(struct turn *turn, struct tally *tally, const struct resident *r,
    struct slice reason)
{
	char subject[RESIDENT_DIGITS + 1];
	struct query q;
	enum err rc;

	store_query(turn->store, REGISTRY_RESIDENT_REFUSED, &q);
	query_text(&q, "refusal", reason);
	query_int(&q, "resident", r->id.value);
	if ((rc = query_run(&q)))
		return rc;
	tally->refused++;
	turn_wake(turn, numbering_wait_key(turn, r->id));
	resident_id_format(r->id, subject);

	return turn_audit(turn, "number.refused",
	    slice_bytes(subject, RESIDENT_DIGITS), SLICE("番号法8条2項"));
}

/*
 * A repetition, or an answer that nobody here waits for, changes nothing: the
 * other rows of the message must not suffer from it.
 */
static enum err
take_number(struct turn *turn, struct tally *tally, const json_t *items,
    size_t i, struct items *registered)
{
	/* A number that was given elsewhere needs no notice. */
	bool carried = json_array_size(json_array_get(items, i)) == 3;
	struct individual_number number;
	struct resident_code code;
	struct resident r;
	struct slice text;
	enum err rc;

	rc = read_pair(turn, items, i, &code, &text);
	if (rc)
		return rc;
	if (individual_number_parse(text, &number))
		return problem_set(turn->problem, ERR_INPUT,
		    "items[%zu]: no Individual Number", i);
	rc = find_answered(turn, &code, &r);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && r.numbering != NUMBERING_REQUESTED))
		return OK;
	if (rc == OK)
		rc = numbering_assign(turn, tally, &r, &number,
		    carried ? ASSIGNED_TRANSFER : ASSIGNED_FIRST);
	if (rc == ERR_CONFLICT)
		rc = refuse(turn, tally, &r, SLICE("number-taken"));
	else if (rc == OK && r.state == RESIDENT_CURRENT)
		items_add_registered(registered, r.id, &number, &r.person);
	individual_number_wipe(&number);
	resident_code_wipe(&code);

	return rc;
}

static enum err
take_refusal(
    struct turn *turn, struct tally *tally, const json_t *items, size_t i)
{
	struct resident_code code;
	struct resident r;
	struct slice reason;
	enum err rc;

	rc = read_pair(turn, items, i, &code, &reason);
	if (rc)
		return rc;
	rc = find_answered(turn, &code, &r);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && r.numbering != NUMBERING_REQUESTED))
		return OK;
	if (rc)
		return rc;

	return refuse(turn, tally, &r, utf8_cut(reason, REFUSAL_MAX));
}

/* [RC, [candidate ...]] */
static enum err
take_held(struct turn *turn, const json_t *items, size_t i)
{
	const json_t *row = json_array_get(items, i);
	struct resident_code code;
	struct resident r;
	struct slice text;
	enum err rc;

	if (json_at_text(row, 0, &text) || resident_code_parse(text, &code))
		return problem_set(turn->problem, ERR_INPUT,
		    "held[%zu]: expected a Resident Record Code and its "
		    "candidates",
		    i);
	rc = find_answered(turn, &code, &r);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && r.numbering != NUMBERING_REQUESTED))
		return OK;

	return rc == OK ? abroad_hold(turn, r.id, json_array_get(row, 1)) : rc;
}

/* An absent list is an empty one. */
static enum err
get_items(struct turn *turn, const struct message *message, const char *key,
    const json_t **ret)
{
	enum err rc;

	*ret = json_object_get(message->body, key);
	if (*ret == NULL)
		return OK;
	rc = json_get_array(message->body, key, ret, turn->problem);
	if (rc == OK && json_array_size(*ret) > REGISTRY_ITEMS_MAX)
		rc = problem_set(turn->problem, ERR_TOO_LARGE,
		    "%s: at most %d rows in one message", key,
		    REGISTRY_ITEMS_MAX);

	return rc;
}

enum err
numbering_take_answer(struct turn *turn, const struct message *message)
{
	const json_t *items, *refused, *held;
	struct items registered;
	struct tally tally;
	enum err rc;
	size_t i;

	if ((rc = get_items(turn, message, "items", &items)) ||
	    (rc = get_items(turn, message, "refused", &refused)) ||
	    (rc = get_items(turn, message, "held", &held)) ||
	    (rc = tally_load(turn, &tally)))
		return rc;
	items_init(&registered);
	for (i = 0; rc == OK && i < json_array_size(items); i++)
		rc = take_number(turn, &tally, items, i, &registered);
	for (i = 0; rc == OK && i < json_array_size(refused); i++)
		rc = take_refusal(turn, &tally, refused, i);
	for (i = 0; rc == OK && i < json_array_size(held); i++)
		rc = take_held(turn, held, i);
	if (rc == OK)
		rc = turn_audit(turn, "numbering.answer", (struct slice){0},
		    SLICE("番号法8条2項"));
	if (rc == OK)
		rc = tally_store(turn, &tally);
	if (rc == OK)
		rc = news_registered(turn, &registered);
	items_done(&registered);

	return rc;
}
