#include "systems/jukinet/designation.h"

#include <string.h>

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/lapsed.h"
#include "systems/jukinet/stock.h"

#define BASIS SLICE("住民基本台帳法30条の2")

/* --- Ranges --------------------------------------------------------------- */

static bool
is_within(const struct jukinet_designation_of_serial_row *range, int64_t serial,
    int64_t epoch)
{
	return range->epoch == epoch && serial >= range->first &&
	    serial - range->first < range->length;
}

/* The last range that begins at or before `serial`; its length is 0 if there is
 * none. */
static enum err
load_range(struct turn *turn, int64_t serial,
    struct jukinet_designation_of_serial_row *ret)
{
	*ret = (struct jukinet_designation_of_serial_row){0};

	return rows_end(jukinet_designation_of_serial(
	    turn->store, turn->arena, serial, ret));
}

/*
 * Set ret[] for those serials that fall into a range of `epoch` and are not
 * found yet.  The codes of a message mostly come from one range, so the previous
 * one is tried first.
 */
static enum err
find_in_epoch(struct turn *turn, unsigned int epoch, const uint64_t *serials,
    size_t n, struct designated *ret)
{
	struct jukinet_designation_of_serial_row range = {0};
	int64_t serial;
	size_t i;

	for (i = 0; i < n; i++) {
		serial = (int64_t)serials[i];
		if (ret[i].serial.value != 0)
			continue;
		if (!is_within(&range, serial, epoch))
			TRY(load_range(turn, serial, &range));
		if (is_within(&range, serial, epoch))
			ret[i] =
			    (struct designated){{serial}, range.municipality};
	}

	return OK;
}

/* Try the oldest epoch first: newer ones left out codes designated before. */
static enum err
find_up_to(struct turn *turn, unsigned int newest, const uint64_t *bodies,
    size_t n, struct designated *ret)
{
	uint64_t *serials = arena_array(turn->arena, n, sizeof(*serials));
	unsigned int epoch;

	memset(ret, 0, n * sizeof(*ret));
	for (epoch = 1; epoch <= newest; epoch++) {
		memcpy(serials, bodies, n * sizeof(*serials));
		ciphers_decrypt(turn->state, CIPHER_CODE, epoch, serials, n);
		TRY(find_in_epoch(turn, epoch, serials, n, ret));
	}

	return OK;
}

enum err
designation_find(
    struct turn *turn, const uint64_t *bodies, size_t n, struct designated *ret)
{
	return find_up_to(
	    turn, ciphers_epoch(turn->state, CIPHER_CODE), bodies, n, ret);
}

bool
designation_is_forgotten(struct turn *turn, uint64_t body)
{
	unsigned int epoch = ciphers_epoch(turn->state, CIPHER_CODE);
	uint64_t serial;

	for (; epoch > 0; epoch--) {
		serial = body;
		ciphers_decrypt(turn->state, CIPHER_CODE, epoch, &serial, 1);
		if (turn_mark_forgot(turn, MARK_SERIAL, (int64_t)serial))
			return true;
	}

	return false;
}

enum err
designation_of(
    struct turn *turn, const struct resident_code *code, struct designated *ret)
{
	uint64_t body = resident_code_body(code);

	return designation_find(turn, &body, 1, ret);
}

enum err
designation_person(struct turn *turn, struct serial code, struct serial *ret)
{
	struct jukinet_later_code_find_row later = {code};

	TRY(rows_end(jukinet_later_code_find(turn->store, code, &later)));
	*ret = later.person;

	return OK;
}

enum err
designation_body(struct turn *turn, struct serial serial, uint64_t *ret)
{
	struct jukinet_designation_of_serial_row range;

	TRY(load_range(turn, serial.value, &range));
	if (!is_within(&range, serial.value, range.epoch) ||
	    range.epoch > ciphers_epoch(turn->state, CIPHER_CODE))
		return ERR_CORRUPT;
	*ret = (uint64_t)serial.value;
	ciphers_encrypt(
	    turn->state, CIPHER_CODE, (unsigned int)range.epoch, ret, 1);

	return OK;
}

enum err
designation_code(
    struct turn *turn, struct serial serial, struct resident_code *ret)
{
	uint64_t body;

	TRY(designation_body(turn, serial, &body));
	*ret = resident_code_from_body(body);

	return OK;
}

/* --- Designating ---------------------------------------------------------- */

/*
 * The codes of `n` serials from `first`, without those that an older epoch
 * has designated.  *ret_n of them are in `ret`.
 */
static enum err
make_codes(struct turn *turn, unsigned int epoch, int64_t first, size_t n,
    uint64_t *ret, size_t *ret_n)
{
	struct designated *older = arena_array(turn->arena, n, sizeof(*older));
	size_t i;

	for (i = 0; i < n; i++)
		ret[i] = (uint64_t)first + i;
	ciphers_encrypt(turn->state, CIPHER_CODE, epoch, ret, n);
	TRY(find_up_to(turn, epoch - 1, ret, n, older));
	*ret_n = 0;
	for (i = 0; i < n; i++) {
		if (older[i].serial.value == 0)
			ret[(*ret_n)++] = ret[i];
	}

	return OK;
}

/* All codes of a range; sets its length, which includes the serials left out.
 * The same range always gives the same codes. */
static enum err
fill_range(
    struct turn *turn, struct jukinet_designation_add *range, uint64_t *ret)
{
	size_t have = 0, wanted = (size_t)range->wanted, more;
	int64_t first;

	range->length = 0;
	for (; have < wanted; have += more) {
		first = range->first + range->length;
		range->length += (int64_t)(wanted - have);
		if (range->first + range->length >=
		    (int64_t)RESIDENT_CODE_BODIES)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "no Resident Record Code is left to designate");
		TRY(make_codes(turn, (unsigned int)range->epoch, first,
		    wanted - have, ret + have, &more));
	}

	return OK;
}

static enum err
send_codes(struct turn *turn, const struct message *message,
    struct slice request, const uint64_t *bodies, size_t n)
{
	struct resident_code *codes =
	    arena_array(turn->arena, n, sizeof(*codes));
	size_t i;

	for (i = 0; i < n; i++)
		codes[i] = resident_code_from_body(bodies[i]);

	return turn_tell(turn, &message->from, codes_designated,
	    &(struct codes_designated){
		.request = request, .codes = codes, .n_codes = n});
}

enum err
designation_start(struct turn *turn)
{
	struct jukinet_designation_last_row last;
	enum err rc = jukinet_designation_last(turn->store, &last);

	if (rc)
		return rows_end(rc);

	return turn_mark_raise(turn, MARK_SERIAL, last.next);
}

/* Begin a range after all others and above the mark, under the newest epoch. */
static enum err
begin_range(struct turn *turn, struct jukinet_designation_add *range)
{
	struct jukinet_designation_last_row last = {.next = 1};

	TRY(rows_end(jukinet_designation_last(turn->store, &last)));
	range->first = turn_mark_next(turn, MARK_SERIAL, last.next);
	range->epoch = ciphers_epoch(turn->state, CIPHER_CODE);

	return OK;
}

/* Too many codes that the municipality has not used: none is designated. */
static enum err
refuse(
    struct turn *turn, const struct message *message, const struct stock *stock)
{
	const struct codes_request *asked = MESSAGE(message, codes_request);
	struct slice municipality = system_id_organisation(&message->from);

	TRY(budget_stop(turn, BUDGET_POOL, municipality));
	TRY(turn_audit(turn, "codes.refuse", municipality, BASIS));

	return turn_tell(turn, &message->from, codes_refused,
	    &(struct codes_refused){asked->request, stock->level, stock->held});
}

static enum err
store_range(struct turn *turn, const struct jukinet_designation_add *range)
{
	TRY(turn_mark_raise(turn, MARK_SERIAL, range->first + range->length));
	TRY(jukinet_designation_add(turn->store, range));
	TRY(stock_designate(turn, range->municipality, range->wanted));
	TRY(jukinet_count(turn, "codes", range->wanted));

	return turn_audit(turn, "codes.designate", range->municipality, BASIS);
}

/* Codes that the municipality gave back, and that come back to it. */
static enum err
send_revived(struct turn *turn, const struct message *message,
    const struct serial *serials, size_t n)
{
	const struct codes_request *asked = MESSAGE(message, codes_request);
	uint64_t *bodies = arena_array(turn->arena, n, sizeof(*bodies));
	size_t i;

	for (i = 0; i < n; i++)
		TRY(designation_body(turn, serials[i], &bodies[i]));
	TRY(turn_audit(turn, "codes.revive",
	    system_id_organisation(&message->from), BASIS));

	return send_codes(turn, message, asked->request, bodies, n);
}

/* Another range of codes, or again the one of this request. */
static enum err
send_range(struct turn *turn, const struct message *message,
    struct jukinet_designation_add *range, bool is_new)
{
	uint64_t *codes =
	    arena_array(turn->arena, (size_t)range->wanted, sizeof(*codes));

	if (is_new)
		TRY(begin_range(turn, range));
	TRY(fill_range(turn, range, codes));
	if (is_new)
		TRY(store_range(turn, range));

	return send_codes(
	    turn, message, range->request, codes, (size_t)range->wanted);
}

/* A new request: lapsed codes first, if there are any; the municipality asks
 * again for what is missing. */
static enum err
take_new(struct turn *turn, const struct message *message,
    struct jukinet_designation_add *range)
{
	size_t n, max = (size_t)range->wanted;
	struct serial *serials =
	    arena_array(turn->arena, max, sizeof(*serials));
	struct stock stock;

	TRY(lapsed_of_request(
	    turn, range->municipality, range->request, max, serials, &n));
	if (n > 0)
		return send_revived(turn, message, serials, n);
	TRY(stock_load(turn, range->municipality, &stock));
	if (stock.held + range->wanted > stock.level &&
	    !bug_is(BUG_POOL_ENDLESS))
		return refuse(turn, message, &stock);
	TRY(lapsed_revive(
	    turn, range->municipality, range->request, max, serials, &n));
	TRY(stock_use(turn, range->municipality, -(int64_t)n));

	return n > 0 ? send_revived(turn, message, serials, n)
		     : send_range(turn, message, range, true);
}

enum err
designation_take(struct turn *turn, const struct message *message)
{
	const struct codes_request *asked = MESSAGE(message, codes_request);
	struct jukinet_designation_of_request_row before;
	struct jukinet_designation_add range = {.wanted = asked->count,
	    .municipality = system_id_organisation(&message->from),
	    .request = asked->request,
	    .at = turn->now};
	enum err rc = jukinet_designation_of_request(
	    turn->store, range.municipality, range.request, &before);

	if (rc == ERR_NOT_FOUND)
		return take_new(turn, message, &range);
	TRY(rc);
	range.first = before.first;
	range.wanted = before.wanted;
	range.epoch = before.epoch;

	return send_range(turn, message, &range, false);
}
