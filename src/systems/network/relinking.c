#include "systems/network/relinking.h"

#include "base/bug.h"
#include "messages/relinking.h"
#include "network_rows.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

/* The management of the secrets of exchanges [not checked against the text]. */
#define BASIS SLICE("番号法24条")
#define TIMER "relinking"
#define PAGE 200
#define NEVER ((struct instant){INT64_MAX})

/* The systems of an organisation that may have its codes; bits of `awaits`. */
static const char *const holders[] = {"relay", "portal"};
#define N_HOLDERS (sizeof(holders) / sizeof(holders[0]))

/* --- The row -------------------------------------------------------------- */

static enum err
set(struct turn *turn, const struct network_relink_row *row, const char *state,
    struct instant due)
{
	return network_relink_set(turn->store,
	    &(struct network_relink_set){.epoch = row->epoch,
		.taken = row->taken,
		.sent = row->sent,
		.awaits = row->awaits,
		.confirmed = row->confirmed,
		.state = slice_of(state),
		.due = due,
		.changed = turn->now,
		.organisation = row->organisation});
}

static bool
is_in(const struct network_relink_row *row, const char *state)
{
	return slice_equal_string(row->state, state);
}

/* The message under way is lost, or waits for nobody: it is made again later. */
static enum err
stop(struct turn *turn, struct network_relink_row *row)
{
	row->sent = row->taken;
	row->awaits = 0;

	return set(
	    turn, row, "stopped", instant_plus(turn->now, RELINKING_AGAIN_MS));
}

/* --- The end -------------------------------------------------------------- */

/* Old codes count no more.  If another relinking was commanded meanwhile, the
 * organisation begins again. */
static enum err
finish(struct turn *turn, struct network_relink_row *row)
{
	struct network_relinking_newest_row newest;

	TRY(network_relinking_newest(turn->store, &newest));
	TRY(network_organisation_oldest(
	    turn->store, row->epoch, row->organisation));
	TRY(turn_audit(turn, "relinking.done", row->id, BASIS));
	if (newest.epoch <= row->epoch)
		return set(turn, row, "done", NEVER);
	*row = (struct network_relink_row){
	    .organisation = row->organisation, .epoch = newest.epoch};

	return set(turn, row, "waiting", turn->now);
}

/* --- The next message ------------------------------------------------------ */

/* The organisation's next pairs of codes; an empty list at the end. */
static enum err
make_pairs(
    struct turn *turn, struct network_relink_row *row, struct code_renewed *ret)
{
	const struct linkage *linkage = network_of(turn)->linkage;
	struct code_owner owner = {.organisation = (uint32_t)row->organisation};
	struct code_renewed_item *items =
	    arena_array(turn->arena, MESSAGE_ROWS_MAX, sizeof(*items));
	struct network_relink_holders_row holder;
	struct query q;
	size_t n = 0;
	enum err rc;

	network_relink_holders_rows(turn->store, row->organisation, row->taken,
	    row->epoch, MESSAGE_ROWS_MAX, &q);
	while ((rc = network_relink_holders_next(&q, &holder)) == OK) {
		owner.epoch = (uint16_t)holder.epoch;
		rc = linkage_make(linkage, holder.id, owner, &items[n].from);
		owner.epoch = (uint16_t)row->epoch;
		if (rc == OK)
			rc = linkage_make(
			    linkage, holder.id, owner, &items[n].to);
		if (rc)
			break;
		row->sent = holder.id;
		n++;
	}
	query_done(&q);
	*ret = (struct code_renewed){row->epoch, items, n};

	return rows_end(rc);
}

/* The systems that have to take the message: bits; 0 if one of them is revoked,
 * or there is none. */
static int64_t
receivers(struct turn *turn, struct slice organisation)
{
	int64_t bits = 0;
	struct system_id id;
	size_t i;

	for (i = 0; i < N_HOLDERS; i++) {
		if (system_id_of(organisation, holders[i], &id) ||
		    !turn_has_peer(turn, &id))
			continue;
		if (turn_is_revoked(turn, &id))
			return 0;
		bits |= INT64_C(1) << i;
	}

	return bits;
}

static enum err
wait_for_word(struct turn *turn, struct network_relink_row *row)
{
	return set(
	    turn, row, "sent", instant_plus(turn->now, RELINKING_RESEND_MS));
}

static enum err
send(struct turn *turn, struct network_relink_row *row,
    const struct code_renewed *renewed)
{
	struct system_id id;
	size_t i;

	for (i = 0; i < N_HOLDERS; i++) {
		if ((row->awaits & INT64_C(1) << i) == 0)
			continue;
		TRY(system_id_of(row->id, holders[i], &id));
		TRY(turn_tell(turn, &id, code_renewed, renewed));
	}

	return wait_for_word(turn, row);
}

/* An organisation that had nothing to change has nothing under way, either. */
static enum err
close(struct turn *turn, struct network_relink_row *row)
{
	if (row->confirmed == 0)
		return finish(turn, row);

	return set(turn, row, "closing",
	    instant_plus(turn->now, RELINKING_CLOSING_MS));
}

static enum err
send_next(struct turn *turn, struct network_relink_row *row)
{
	struct code_renewed renewed;

	TRY(make_pairs(turn, row, &renewed));
	TRY(turn_audit(turn, "codes.renew", row->id, BASIS));
	if (renewed.n_items == 0)
		return close(turn, row);
	row->awaits = receivers(turn, row->id);

	return row->awaits == 0 ? stop(turn, row) : send(turn, row, &renewed);
}

enum err
relinking_go(struct turn *turn)
{
	struct network_relink_row row;
	enum err rc =
	    network_relink_due(turn->store, turn->arena, turn->now, &row);

	if (rc)
		return rows_end(rc);
	TRY(is_in(&row, "closing") ? finish(turn, &row)
				   : send_next(turn, &row));
	turn_hurry(turn, TIMER);

	return OK;
}

/* --- code.taken ------------------------------------------------------------ */

static enum err
find(struct turn *turn, struct slice organisation,
    struct network_relink_row *ret)
{
	enum err rc =
	    network_relink_of(turn->store, turn->arena, organisation, ret);

	if (rc == ERR_NOT_FOUND)
		return problem_set(turn->problem, rc,
		    "field epoch: the sender was given no other codes");

	return rc;
}

/* The person of a new code that the sender has taken. */
static enum err
open_taken(struct turn *turn, const struct network_relink_row *row,
    const struct linkage_code *code, struct id_code *ret)
{
	uint16_t epoch = 0;

	if (linkage_open(network_of(turn)->linkage, code,
		(uint32_t)row->organisation, ret, &epoch) == OK &&
	    epoch == row->epoch)
		return OK;
	*ret = row->sent;
	if (bug_is(BUG_TAKEN_FOR_OTHERS))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "fields first, last: expected new codes of the sender's own");
}

/* The codes are those of the message under way; *ret_is_late if they were taken
 * before. */
static enum err
check_taken(struct turn *turn, const struct network_relink_row *row,
    const struct code_taken *m, bool *ret_is_late)
{
	struct id_code first, last;

	*ret_is_late = m->epoch < row->epoch;
	if (*ret_is_late)
		return OK;
	TRY(open_taken(turn, row, &m->first, &first));
	TRY(open_taken(turn, row, &m->last, &last));
	*ret_is_late = last.value <= row->taken.value;
	if (*ret_is_late ||
	    (is_in(row, "sent") && m->epoch == row->epoch &&
		last.value == row->sent.value))
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "field last: is not the end of the message that was sent last");
}

/* The sender's bit in `awaits`. */
static int64_t
bit_of(const struct system_id *sender)
{
	size_t i = 0;

	while (i < N_HOLDERS &&
	    !slice_equal_string(system_id_name(sender), holders[i]))
		i++;

	return INT64_C(1) << i;
}

/* All systems of the organisation have taken the message. */
static enum err
advance(struct turn *turn, struct network_relink_row *row)
{
	TRY(network_holders_renew(
	    turn->store, row->epoch, row->organisation, row->taken, row->sent));
	row->confirmed += store_changes(turn->store);
	row->taken = row->sent;

	return send_next(turn, row);
}

enum err
relinking_take(struct turn *turn, const struct message *message)
{
	const struct code_taken *m = MESSAGE(message, code_taken);
	struct network_relink_row row;
	bool is_late;

	TRY(find(turn, system_id_organisation(&message->from), &row));
	TRY(check_taken(turn, &row, m, &is_late));
	TRY(turn_audit(turn, "codes.taken", row.id, BASIS));
	if (is_late)
		return OK;
	row.awaits &= ~bit_of(&message->from);

	return row.awaits == 0 ? advance(turn, &row)
			       : wait_for_word(turn, &row);
}

/* --- What goes wrong ------------------------------------------------------- */

/* The message under way to the organisation will not be taken. */
static enum err
interrupt(struct turn *turn, struct slice organisation)
{
	struct network_relink_row row;
	enum err rc =
	    network_relink_of(turn->store, turn->arena, organisation, &row);

	if (rc || !is_in(&row, "sent"))
		return rows_end(rc);

	return stop(turn, &row);
}

enum err
relinking_not_taken(struct turn *turn, const struct message *message)
{
	return interrupt(turn, system_id_organisation(&message->from));
}

enum err
relinking_revoked(struct turn *turn, const struct system_id *system)
{
	return bit_of(system) < INT64_C(1) << N_HOLDERS
	    ? interrupt(turn, system_id_organisation(system))
	    : OK;
}

/* --- The command ---------------------------------------------------------- */

struct relinking_order {
	struct slice reason;
};
static const struct field order_fields[] = {
    FIELD(relinking_order, reason, TEXT(NETWORK_REASON_MAX),
	"the reason, such as how the key leaked; stays in the network"),
};
const struct shape relinking_order_shape = SHAPE(relinking_order, order_fields);

/* The key that leaked is not the key of the new codes. */
static enum err
check_new_key(struct turn *turn, uint16_t epoch)
{
	const struct stored_key *key =
	    keystore_epoch(turn->keys, LINKAGE_KEY, epoch);
	struct network_relinking_newest_row newest;

	TRY(network_relinking_newest(turn->store, &newest));
	if (epoch > newest.epoch && epoch > 1 && key != NULL &&
	    turn->now.ms - key->made.ms < RELINKING_KEY_MS)
		return OK;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the key of the newest epoch, %u, is not a new one: make one with "
	    "`bango keys DIR %s --rotate " LINKAGE_KEY "`, start the system "
	    "again, and command it within a day",
	    epoch, turn_self(turn)->text);
}

enum err
relinking_route_begin(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	uint16_t epoch = linkage_epoch(network_of(turn)->linkage);
	const struct relinking_order *order = INPUT(in, relinking_order);

	TRY(check_new_key(turn, epoch));
	TRY(network_relinking_add(
	    turn->store, epoch, order->reason, turn->caller.name, turn->now));
	TRY(network_relinks_begin(turn->store, epoch, turn->now));
	TRY(turn_audit(turn, "relinking.begin", SLICE(""), BASIS));
	turn_hurry(turn, TIMER);
	json_out_int(reply_object(reply, 201), "epoch", epoch);

	return OK;
}

/* --- Progress -------------------------------------------------------------- */

struct relinking_page {
	int64_t after;
};
static const struct field page_fields[] = {
    OPTION(relinking_page, after, INT(0, INT64_MAX),
	"the page after this: `next` of the one before"),
};
const struct shape relinking_page_shape = SHAPE(relinking_page, page_fields);

static enum err
write_commands(struct turn *turn, struct json_out *o)
{
	struct network_relinkings_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "relinkings");
	network_relinkings_rows(turn->store, &q);
	while ((rc = network_relinkings_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_int(o, "epoch", row.epoch);
		json_out_text(o, "reason", row.reason);
		json_out_text(o, "officer", row.officer);
		json_out_instant(o, "begun", row.begun);
		json_out_end(o);
	}
	json_out_end(o);

	return rows_end(rc);
}

static enum err
write_counts(struct turn *turn, struct json_out *o)
{
	struct network_relink_counts_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "states");
	network_relink_counts_rows(turn->store, &q);
	while ((rc = network_relink_counts_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "state", row.state);
		json_out_int(o, "organisations", row.n);
		json_out_int(o, "codes", row.n_codes);
		json_out_end(o);
	}
	json_out_end(o);

	return rows_end(rc);
}

/* Id codes are evenly spread over 63 bits: the last one tells how far it is,
 * without counting. */
static int64_t
percent(const struct network_relink_page_row *row)
{
	bool is_over = slice_equal_string(row->state, "closing") ||
	    slice_equal_string(row->state, "done");

	return is_over ? 100 : (int64_t)(row->taken.value / (INT64_MAX / 100));
}

static void
describe(struct json_out *o, const struct network_relink_page_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "organisation", row->id);
	json_out_int(o, "epoch", row->epoch);
	json_out_text(o, "state", row->state);
	json_out_int(o, "codes", row->confirmed);
	json_out_int(o, "percent", percent(row));
	json_out_instant(o, "changed", row->changed);
	json_out_end(o);
}

static enum err
write_page(struct turn *turn, int64_t after, struct json_out *o)
{
	struct network_relink_page_row row;
	struct query q;
	enum err rc;
	int n = 0;

	json_out_array(o, "organisations");
	network_relink_page_rows(turn->store, after, PAGE, &q);
	while ((rc = network_relink_page_next(&q, &row)) == OK) {
		describe(o, &row);
		after = row.organisation;
		n++;
	}
	json_out_end(o);
	TRY(rows_end(rc));
	if (n == PAGE)
		json_out_int(o, "next", after);

	return OK;
}

enum err
relinking_route_show(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	int64_t after = INPUT(in, relinking_page)->after;
	struct json_out *o = reply_object(reply, 200);

	if (after == 0) {
		TRY(write_commands(turn, o));
		TRY(write_counts(turn, o));
	}

	return write_page(turn, after, o);
}

/* --- The start ------------------------------------------------------------- */

enum err
relinking_check_keys(struct turn *turn, const struct linkage *linkage)
{
	struct network_relinking_newest_row newest;

	TRY(network_relinking_newest(turn->store, &newest));
	if (newest.epoch == 0 || linkage_has(linkage, newest.epoch))
		return OK;

	return problem_set(turn->problem, ERR_CRYPTO,
	    "the key store of %s lacks the key \"%s\" of epoch %lld, under "
	    "which codes were given: restore the newest copy of the key store",
	    turn_self(turn)->text, LINKAGE_KEY, (long long)newest.epoch);
}
