#include "systems/registry/numbering.h"

#include <assert.h>
#include <string.h>

#include "messages/numbering.h"
#include "registry_rows.h"
#include "systems/jukinet/jukinet.h"
#include "systems/registry/abroad.h"
#include "systems/registry/news.h"
#include "systems/registry/pool.h"
#include "systems/registry/registry.h"

#define DAY_MS (24 * 3600ll * 1000)

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

static enum err
mark_requested(struct turn *turn, struct tally *tally, struct resident_id id,
    const struct resident_code *code)
{
	tally->requested++;

	return registry_resident_requested(turn->store, code, id);
}

/* A full request with the longest names and addresses still fits into an
 * envelope. */
static_assert((size_t)REGISTRY_REQUEST_MAX *
	    (PERSON_BYTES(3 * PERSON_NAME_MAX + PERSON_ADDRESS_MAX) +
		3 * PERSON_NAME_MAX + 100) <
	ENVELOPE_MAX,
    "name, former surname and alias, address, kana, and what is short");

/* An arrival that brings a code of before is said to be somebody: jukinet makes no
 * number before that is decided. */
static const char *
origin_of(bool from_abroad, bool returned)
{
	return returned ? "returned" : from_abroad ? "abroad" : "";
}

static struct numbering_request_item
request_item(const struct resident_code *code,
    const struct attributes *attributes, const char *origin)
{
	return (struct numbering_request_item){
	    .code = *code, .person = *attributes, .origin = slice_of(origin)};
}

enum err
numbering_request(struct turn *turn, struct tally *tally, struct resident *r)
{
	const struct numbering_request_item item = request_item(&r->code,
	    &r->person.attributes, origin_of(r->from_abroad, r->returned));

	TRY(tell_jukinet(turn, numbering_request,
	    &(struct numbering_request){.items = &item, .n_items = 1}));
	r->numbering = NUMBERING_REQUESTED;

	return mark_requested(turn, tally, r->id, &r->code);
}

static enum err
refuse(struct turn *turn, struct tally *tally, struct resident_id id,
    struct slice reason)
{
	TRY(registry_resident_refused(turn->store, reason, id));
	tally->refused++;
	turn_wake(turn, resident_wait_key(turn, id));

	return resident_audit(
	    turn, "number.refused", id, SLICE("番号法8条2項"));
}

/* ---- Asking for those who wait ----------------------------------------- */

struct waiting {
	struct resident_id id;
	bool has_code;
	struct numbering_request_item item;
};

static enum err
read_waiting(struct turn *turn, struct waiting *ret, size_t *ret_n)
{
	struct registry_waiting_row row;
	struct attributes attributes;
	struct waiting *w;
	struct query q;
	enum err rc;

	*ret_n = 0;
	registry_waiting_rows(turn->store, REGISTRY_REQUEST_MAX, &q);
	while ((rc = registry_waiting_next(&q, &row)) == OK) {
		w = &ret[(*ret_n)++];
		attributes = ATTRIBUTES_OF(row);
		attributes = attributes_copy(turn->arena, &attributes);
		w->id = row.resident;
		w->item = request_item(&row.code, &attributes,
		    origin_of(row.from_abroad > 0, row.returned > 0));
		w->has_code = row.has_code;
	}

	return rows_end(rc);
}

/* A record of an earlier day that the network's table would refuse: the same as a
 * refusal by the network, which a correction ends. */
static enum err
refuse_unfit(struct turn *turn, struct tally *tally, const struct waiting *w)
{
	struct problem why;

	if (person_check_fit(
		turn->arena, &w->item.person, PERSON_CORRECTED_BY, &why) == OK)
		return ERR_INTERNAL;
	tally->requested++;

	return refuse(turn, tally, w->id, slice_of(why.text));
}

/* Keep those whose records can be sent, and count those without a code. */
static enum err
sort_out(struct turn *turn, struct tally *tally, struct waiting *waiting,
    size_t *n, size_t *ret_uncoded)
{
	const struct waiting *w, *end = waiting + *n;

	*n = *ret_uncoded = 0;
	for (w = waiting; w < end; w++) {
		if (!shape_fits(
			&attributes_shape, turn->arena, &w->item.person)) {
			TRY(refuse_unfit(turn, tally, w));
			continue;
		}
		*ret_uncoded += !w->has_code;
		waiting[(*n)++] = *w;
	}

	return OK;
}

/* Take codes for residents who have none, without touching the reserve. */
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

/* Request numbers for residents who have a code or get one of `codes`. */
static enum err
request_them(struct turn *turn, struct tally *tally, struct waiting *waiting,
    size_t n, const struct resident_code *codes, size_t n_codes)
{
	struct numbering_request_item *items =
	    arena_array(turn->arena, n, sizeof(*items));
	struct numbering_request body = {.items = items};
	size_t used = 0;
	struct waiting *w;

	for (w = waiting; w < waiting + n; w++) {
		if (!w->has_code && used == n_codes)
			continue;
		if (!w->has_code) {
			w->item.code = codes[used++];
			tally->coded++;
			tally->uncoded--;
		}
		items[body.n_items++] = w->item;
		TRY(mark_requested(turn, tally, w->id, &w->item.code));
	}

	return body.n_items == 0 ? OK
				 : tell_jukinet(turn, numbering_request, &body);
}

/* Send one message for residents who wait. */
static enum err
request_waiting(struct turn *turn, struct tally *tally)
{
	struct waiting *waiting;
	struct resident_code *codes;
	size_t n, uncoded, n_codes;
	int64_t before = tally->requested;
	bool is_full;

	waiting =
	    arena_array(turn->arena, REGISTRY_REQUEST_MAX, sizeof(*waiting));
	codes = arena_array(turn->arena, REGISTRY_REQUEST_MAX, sizeof(*codes));
	TRY(read_waiting(turn, waiting, &n));
	is_full = n == REGISTRY_REQUEST_MAX;
	TRY(sort_out(turn, tally, waiting, &n, &uncoded));
	TRY(take_codes(turn, tally, codes, uncoded, &n_codes));
	TRY(request_them(turn, tally, waiting, n, codes, n_codes));
	/* More residents may wait; but if all of these still wait for codes,
	 * another turn would read the same ones. */
	if (is_full && tally->requested > before)
		turn_hurry(turn, "numbering");

	return turn_audit(turn, "numbering.request", (struct slice){0},
	    SLICE("番号法8条1項"));
}

static enum err
is_put_off(struct turn *turn, bool *ret)
{
	struct registry_put_off_row row = {0};

	TRY(rows_end(registry_put_off(turn->store, &row)));
	*ret = instant_is_before(turn->now, row.until);

	return OK;
}

enum err
numbering_timer(struct turn *turn)
{
	struct registry_waiting_any_row any;
	struct system_id jukinet;
	struct tally tally;
	bool waits;

	/* Without the network the records wait; that is not an error. */
	TRY(turn_single(turn, JUKINET_USUAL, &jukinet));
	if (!turn_has_peer(turn, &jukinet))
		return OK;
	TRY(tally_load(turn, &tally));
	TRY(pool_fill(turn, &tally));
	/* This reads no personal data, so it needs no audit entry. */
	TRY(registry_waiting_any(turn->store, &any));
	TRY(is_put_off(turn, &waits));
	if (any.waiting > 0 && !waits)
		TRY(request_waiting(turn, &tally));

	return tally_store(turn, &tally);
}

/* ---- Assigning --------------------------------------------------------- */

static enum err
add_assignment(struct turn *turn, const struct resident *r,
    const struct individual_number *number, const char *reason)
{
	TRY(registry_assignment_add(turn->store,
	    &(struct registry_assignment_add){.resident = r->id,
		.serial = r->assignment,
		.number = number,
		.version = r->version,
		.assigned_at = turn->now,
		.reason = slice_of(reason)}));
	if (store_changes(turn->store) == 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the number is or was another resident's");

	return OK;
}

/*
 *= order-155-of-2014#2
 *# the number is deemed to be assigned when the mayor is notified of it
 */
enum err
numbering_assign(struct turn *turn, struct tally *tally, struct resident *r,
    const struct individual_number *number, const char *reason)
{
	r->assignment++;
	TRY(add_assignment(turn, r, number, reason));
	TRY(registry_resident_numbered(turn->store, r->assignment, r->id));
	tally->numbered += r->assignment == 1;
	tally->refused -= r->numbering == NUMBERING_REFUSED;
	tally->notices += strcmp(reason, ASSIGNED_TRANSFER) != 0;
	r->numbering = NUMBERING_NUMBERED;
	turn_wake(turn, resident_wait_key(turn, r->id));

	return resident_audit(
	    turn, "number.assign", r->id, SLICE("番号法7条1項"));
}

enum err
numbering_carry(struct turn *turn, struct tally *tally, struct resident *r,
    const struct individual_number *number)
{
	struct individual_number known;
	enum err rc = resident_number(turn, r, &known);

	if (rc == OK && individual_number_equal(&known, number))
		return OK;
	TRY(rows_end(rc));

	return numbering_assign(turn, tally, r, number, ASSIGNED_TRANSFER);
}

/* ---- The answer -------------------------------------------------------- */

/* An answer that is being taken in. */
struct taking {
	struct turn *turn;
	struct tally tally;
	struct persons_registered_item *registered;
	size_t n_registered;
};

/*
 * Find our resident who waits for an answer under this code.  A repetition, or an
 * answer that nobody here waits for, changes nothing and is not an error, so that
 * the other rows of the message are still applied.
 */
static enum err
find_waiting(const struct taking *t, const struct resident_code *code,
    struct resident *ret, bool *ret_waits)
{
	struct registry_answered_row row;
	enum err rc =
	    registry_answered(t->turn->store, t->turn->arena, code, &row);

	*ret_waits = rc == OK && row.numbering == NUMBERING_REQUESTED;
	if (*ret_waits)
		*ret = (struct resident){.id = row.resident,
		    .version = row.version,
		    .state = (enum resident_state)row.state,
		    .numbering = (enum numbering)row.numbering,
		    .assignment = row.assignment,
		    .person.attributes = ATTRIBUTES_OF(row)};

	return rows_end(rc);
}

static enum err
take_number(struct taking *t, const struct numbering_answer_item *item)
{
	/* A number that was given elsewhere needs no notice. */
	const char *reason =
	    slice_is_empty(item->carried) ? ASSIGNED_FIRST : ASSIGNED_TRANSFER;
	struct resident r;
	bool waits;
	enum err rc;

	TRY(find_waiting(t, &item->code, &r, &waits));
	if (!waits)
		return OK;
	rc = numbering_assign(t->turn, &t->tally, &r, &item->number, reason);
	if (rc == ERR_CONFLICT)
		return refuse(t->turn, &t->tally, r.id, SLICE("number-taken"));
	if (rc == OK && r.state == RESIDENT_CURRENT)
		t->registered[t->n_registered++] = news_item(
		    t->turn, r.id, &item->number, &r.person.attributes);

	return rc;
}

/* Our budget of new numbers is used up: the resident waits on, with the code. */
static enum err
put_off(struct taking *t, struct resident_id id)
{
	TRY(registry_resident_put_off(t->turn->store, id));

	return resident_audit(
	    t->turn, "number.wait", id, SLICE("番号法8条2項"));
}

static enum err
take_refusal(struct taking *t, const struct numbering_answer_refusal *item)
{
	struct resident r;
	bool waits;

	TRY(find_waiting(t, &item->code, &r, &waits));
	if (waits && slice_equal_string(item->reason, "stopped"))
		return put_off(t, r.id);

	return waits ? refuse(t->turn, &t->tally, r.id, item->reason) : OK;
}

static enum err
take_held(struct taking *t, const struct resident_code *code)
{
	struct resident r;
	bool waits;

	TRY(find_waiting(t, code, &r, &waits));

	return waits ? abroad_hold(t->turn, r.id) : OK;
}

/* Budgets renew themselves within a day. */
static struct instant
renewal(const struct turn *turn, struct instant until)
{
	struct instant latest = instant_plus(turn->now, DAY_MS);

	return instant_is_before(until, latest) ? until : latest;
}

enum err
numbering_take_answer(struct turn *turn, const struct message *message)
{
	const struct numbering_answer *answer =
	    MESSAGE(message, numbering_answer);
	struct taking t = {.turn = turn,
	    .registered = arena_array(
		turn->arena, answer->n_items, sizeof(*t.registered))};
	size_t i;

	TRY(tally_load(turn, &t.tally));
	for (i = 0; i < answer->n_items; i++)
		TRY(take_number(&t, &answer->items[i]));
	for (i = 0; i < answer->n_refused; i++)
		TRY(take_refusal(&t, &answer->refused[i]));
	for (i = 0; i < answer->n_held; i++)
		TRY(take_held(&t, &answer->held[i]));
	if (answer->has_until)
		TRY(registry_put_off_until(
		    turn->store, renewal(turn, answer->until)));
	TRY(turn_audit(turn, "numbering.answer", (struct slice){0},
	    SLICE("番号法8条2項")));
	TRY(tally_store(turn, &t.tally));

	return news_registered(turn, t.registered, t.n_registered);
}
