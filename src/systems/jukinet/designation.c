#include "systems/jukinet/designation.h"

#include <string.h>

#include "base/old_out.h"
#include "crypto/hash.h"
#include "jukinet_statements.h"
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の2")

struct range {
	int64_t first, length, wanted;
	unsigned int epoch;
	struct slice municipality;
};

struct slice
serial_text(struct turn *turn, struct serial serial)
{
	if (serial.value == 0)
		return SLICE("");

	return arena_printf(turn->arena, "%lld", (long long)serial.value);
}

/* --- Ranges --------------------------------------------------------------- */

static bool
is_within(const struct range *range, int64_t serial, unsigned int epoch)
{
	return range->epoch == epoch && serial >= range->first &&
	    serial - range->first < range->length;
}

/* The range that begins at `serial` or last before it; length 0 for none. */
static enum err
load_range(struct turn *turn, int64_t serial, struct range *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct range){0};
	store_query(turn->store, JUKINET_DESIGNATION_OF_SERIAL, &q);
	query_int(&q, "serial", serial);
	rc = query_step(&q);
	if (rc == OK) {
		ret->first = column_int(&q, "first");
		ret->length = column_int(&q, "length");
		ret->epoch = (unsigned int)column_int(&q, "epoch");
		ret->municipality =
		    arena_copy(turn->arena, column_text(&q, "municipality"));
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/*
 * Enter those of `serials` that fall into a range of `epoch` and are not
 * found yet.  Codes of a message mostly come from one range, so the last one
 * is tried first.
 */
static enum err
find_in_epoch(struct turn *turn, unsigned int epoch, const uint64_t *serials,
    size_t n, struct designated *ret)
{
	struct range range = {0};
	int64_t serial;
	size_t i;
	enum err rc;

	for (i = 0; i < n; i++) {
		serial = (int64_t)serials[i];
		if (ret[i].serial.value != 0)
			continue;
		if (!is_within(&range, serial, epoch)) {
			rc = load_range(turn, serial, &range);
			if (rc)
				return rc;
		}
		if (!is_within(&range, serial, epoch))
			continue;
		ret[i].serial.value = serial;
		ret[i].municipality = range.municipality;
	}

	return OK;
}

/* Oldest first: newer epochs left out what was designated before. */
static enum err
find_up_to(struct turn *turn, unsigned int newest, const uint64_t *bodies,
    size_t n, struct designated *ret)
{
	uint64_t *serials = arena_array(turn->arena, n, sizeof(*serials));
	unsigned int epoch;
	enum err rc = OK;

	memset(ret, 0, n * sizeof(*ret));
	for (epoch = 1; rc == OK && epoch <= newest; epoch++) {
		memcpy(serials, bodies, n * sizeof(*serials));
		ciphers_decrypt(turn->state, CIPHER_CODE, epoch, serials, n);
		rc = find_in_epoch(turn, epoch, serials, n, ret);
	}

	return rc;
}

enum err
designation_find(
    struct turn *turn, const uint64_t *bodies, size_t n, struct designated *ret)
{
	return find_up_to(
	    turn, ciphers_epoch(turn->state, CIPHER_CODE), bodies, n, ret);
}

enum err
designation_of(
    struct turn *turn, const struct resident_code *code, struct designated *ret)
{
	uint64_t body = resident_code_body(code);

	return designation_find(turn, &body, 1, ret);
}

enum err
designation_code(
    struct turn *turn, struct serial serial, struct resident_code *ret)
{
	struct range range;
	uint64_t body = (uint64_t)serial.value;
	enum err rc;

	rc = load_range(turn, serial.value, &range);
	if (rc)
		return rc;
	if (!is_within(&range, serial.value, range.epoch) ||
	    range.epoch > ciphers_epoch(turn->state, CIPHER_CODE))
		return ERR_CORRUPT;
	ciphers_encrypt(turn->state, CIPHER_CODE, range.epoch, &body, 1);
	*ret = resident_code_from_body(body);

	return OK;
}

/* --- Designating ---------------------------------------------------------- */

static enum err
next_serial(struct turn *turn, int64_t *ret)
{
	struct query q;
	enum err rc;

	*ret = 1;
	store_query(turn->store, JUKINET_DESIGNATION_LAST, &q);
	rc = query_step(&q);
	if (rc == OK)
		*ret = column_int(&q, "next");
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/*
 * The codes of `n` serials from `first`, without those that an older epoch
 * has designated.  *ret_n of them are in `ret`.
 */
static enum err
make_codes(struct turn *turn, const struct range *range, int64_t first,
    size_t n, uint64_t *ret, size_t *ret_n)
{
	struct designated *older = arena_array(turn->arena, n, sizeof(*older));
	size_t i, kept = 0;
	enum err rc;

	for (i = 0; i < n; i++)
		ret[i] = (uint64_t)first + i;
	ciphers_encrypt(turn->state, CIPHER_CODE, range->epoch, ret, n);
	rc = find_up_to(turn, range->epoch - 1, ret, n, older);
	if (rc)
		return rc;
	for (i = 0; i < n; i++) {
		if (older[i].serial.value == 0)
			ret[kept++] = ret[i];
	}
	*ret_n = kept;

	return OK;
}

/* All codes of a range; its length becomes what that took.  The same range
 * always gives the same codes. */
static enum err
fill_range(struct turn *turn, struct range *range, uint64_t *ret)
{
	size_t have = 0, wanted = (size_t)range->wanted, more;
	enum err rc = OK;

	range->length = 0;
	while (rc == OK && have < wanted) {
		int64_t first = range->first + range->length;
		int64_t n = (int64_t)(wanted - have);

		if (first + n >= (int64_t)RESIDENT_CODE_BODIES)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "there are no Resident Record Codes left");
		rc = make_codes(
		    turn, range, first, (size_t)n, ret + have, &more);
		range->length += n;
		have += rc == OK ? more : 0;
	}

	return rc;
}

static enum err
find_request(struct turn *turn, struct slice municipality, struct slice request,
    struct range *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_DESIGNATION_OF_REQUEST, &q);
	query_text(&q, "municipality", municipality);
	query_text(&q, "request", request);
	rc = query_step(&q);
	if (rc == OK) {
		ret->first = column_int(&q, "first");
		ret->wanted = column_int(&q, "wanted");
		ret->epoch = (unsigned int)column_int(&q, "epoch");
	}
	query_done(&q);

	return rc;
}

static enum err
store_range(struct turn *turn, const struct range *range, struct slice request)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_DESIGNATION_ADD, &q);
	query_int(&q, "first", range->first);
	query_int(&q, "length", range->length);
	query_int(&q, "wanted", range->wanted);
	query_int(&q, "epoch", range->epoch);
	query_text(&q, "municipality", range->municipality);
	query_text(&q, "request", request);
	query_int(&q, "at", turn->now.ms);
	rc = query_run(&q);
	if (rc == OK)
		rc = jukinet_count(turn, "codes", range->wanted);

	return rc == OK
	    ? turn_audit(turn, "codes.designate", range->municipality, BASIS)
	    : rc;
}

static enum err
send_codes(struct turn *turn, const struct message *message,
    struct slice request, const uint64_t *bodies, size_t n)
{
	struct resident_code code;
	struct old_out body;
	enum err rc;
	size_t i;

	old_out_init(&body);
	old_out_object(&body);
	old_out_key(&body, "request");
	old_out_text(&body, request);
	old_out_key(&body, "codes");
	old_out_array(&body);
	for (i = 0; i < n; i++) {
		code = resident_code_from_body(bodies[i]);
		old_out_text(&body, resident_code_slice(&code));
	}
	resident_code_wipe(&code);
	rc = turn_send_text(
	    turn, &message->from, "codes.designated", old_out_finish(&body));
	old_out_done(&body);

	return rc;
}

enum err
designation_take(struct turn *turn, const struct message *message)
{
	struct problem *problem = turn->problem;
	struct range range = {
	    .municipality = system_id_organisation(&message->from)};
	struct message_id id;
	struct slice request;
	uint64_t *codes;
	bool is_new;
	enum err rc;

	if ((rc = json_get_int(message->body, "count", 1, JUKINET_CODES_MAX,
		 &range.wanted, problem)) ||
	    (rc = json_get_text(message->body, "request", &request, problem)))
		return rc;
	if (message_id_parse(request, &id))
		return problem_set(problem, ERR_INPUT,
		    "field request: expected 32 hex digits");
	rc = find_request(turn, range.municipality, request, &range);
	is_new = rc == ERR_NOT_FOUND;
	if (is_new) {
		range.epoch = ciphers_epoch(turn->state, CIPHER_CODE);
		rc = next_serial(turn, &range.first);
	}
	if (rc)
		return rc;
	codes = arena_array(turn->arena, (size_t)range.wanted, sizeof(*codes));
	rc = fill_range(turn, &range, codes);
	if (rc == OK && is_new)
		rc = store_range(turn, &range, request);
	if (rc)
		return rc;

	return send_codes(turn, message, request, codes, (size_t)range.wanted);
}
