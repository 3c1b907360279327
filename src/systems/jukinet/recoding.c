#include "systems/jukinet/recoding.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/numbering.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/lapsed.h"
#include "systems/jukinet/person.h"
#include "systems/jukinet/stock.h"
#include "systems/network/network.h"

#define BASIS SLICE("住民基本台帳法30条の4")
#define RECODING_QUIET_MS (365 * INT64_C(86400000))

struct recoding {
	const struct code_changed *news;
	const struct code_changed_item *codes;
	struct serial old_serial, new_serial;
	struct person person;
};

/* --- Judging -------------------------------------------------------------- */

/* The new code must be one that the sender may give (住基法30条の2). */
static enum err
find_codes(struct turn *turn, const struct message *message, struct recoding *r)
{
	struct designated d;
	bool lapsed;

	TRY(designation_of(turn, &r->codes->from, &d));
	r->old_serial = d.serial;
	TRY(designation_of(turn, &r->codes->to, &d));
	TRY(lapsed_has(turn, d.serial, &lapsed));
	r->new_serial = d.serial;
	if (d.serial.value == 0 || lapsed ||
	    !slice_equal(
		d.municipality, system_id_organisation(&message->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "the new Resident Record Code was not designated to this "
		    "municipality");

	return OK;
}

/* *ret_done is true if the person has, or had, the new code already. */
static enum err
check_free(struct turn *turn, const struct recoding *r, bool *ret_done)
{
	struct serial owner;
	struct person other;
	enum err rc;

	TRY(designation_person(turn, r->new_serial, &owner));
	*ret_done = owner.value != r->new_serial.value &&
	    owner.value == r->person.serial.value;
	if (*ret_done)
		return OK;
	rc = person_find(turn, owner, &other);
	if (rc)
		return rows_end(rc);

	return problem_set(turn->problem, ERR_CONFLICT,
	    "the new Resident Record Code is or was another person's");
}

/* One change a year, unless the municipality names the papers and its officer. */
static enum err
check_year(struct turn *turn, const struct recoding *r)
{
	struct jukinet_later_code_last_row before;

	TRY(jukinet_later_code_last(turn->store, r->person.serial, &before));
	if ((!slice_is_empty(r->news->paper) &&
		!slice_is_empty(r->news->officer)) ||
	    instant_is_before(
		before.last, instant_plus(turn->now, -RECODING_QUIET_MS)) ||
	    bug_is(BUG_CHANGES_ENDLESS))
		return OK;

	return problem_set(turn->problem, ERR_DENIED,
	    "the person's Resident Record Code was changed less than a year "
	    "ago: expected `paper`, the papers that show why, and the officer "
	    "who saw them");
}

/* Past the budget, the news waits in the sender's outbox: the change was made
 * there already. */
static enum err
take_budget(struct turn *turn, struct slice municipality)
{
	struct budget b;
	bool is_within;

	TRY(budget_open(turn, BUDGET_CHANGE, municipality, &b));
	TRY(budget_take(turn, &b, 1, &is_within));
	if (!is_within)
		return problem_set(turn->problem, ERR_BUSY,
		    "the municipality's budget of changed numbers and codes is "
		    "used up for today");

	return budget_close(turn, &b);
}

/* --- Writing -------------------------------------------------------------- */

static enum err
write_code(struct turn *turn, const struct recoding *r)
{
	TRY(stock_use(turn, r->person.municipality, 1));
	TRY(jukinet_later_code_add(
	    turn->store, r->new_serial, r->person.serial, turn->now));
	TRY(jukinet_later_code_shown(
	    turn->store, r->news->paper, r->news->officer, r->new_serial));
	TRY(jukinet_person_recode(
	    turn->store, r->new_serial, r->person.serial));

	return jukinet_count(turn, "recodings", 1);
}

/* Tell the network every former code, each with the current one: the news of an
 * earlier change may arrive later than this one (住基法30条の9の2). */
static enum err
tell_network(struct turn *turn, const struct recoding *r)
{
	const struct resident_code *former;
	struct code_changed_item *items;
	size_t i, n;

	TRY(person_former_codes(
	    turn, r->person.serial, r->new_serial, &former, &n));
	items = arena_array(turn->arena, n, sizeof(*items));
	for (i = 0; i < n; i++)
		items[i] = (struct code_changed_item){former[i], r->codes->to};

	return turn_tell_usual(turn, NETWORK_USUAL, code_changed,
	    &(struct code_changed){.items = items, .n_items = n});
}

/* --- The message ---------------------------------------------------------- */

static enum err
apply(struct turn *turn, const struct message *message,
    const struct code_changed_item *codes)
{
	struct recoding r = {
	    .news = MESSAGE(message, code_changed), .codes = codes};
	bool done;

	TRY(find_codes(turn, message, &r));
	TRY(person_of_sender(turn, message, &codes->from, &r.person));
	TRY(check_free(turn, &r, &done));
	if (!done) {
		if (r.person.code.value != r.old_serial.value)
			return problem_set(turn->problem, ERR_CONFLICT,
			    "the person has had another Resident Record Code "
			    "since");
		TRY(check_year(turn, &r));
		TRY(take_budget(turn, r.person.municipality));
		TRY(write_code(turn, &r));
		TRY(tell_network(turn, &r));
	}

	return person_audit(
	    turn, done ? "code.repeat" : "code.change", r.person.serial, BASIS);
}

enum err
recoding_take(struct turn *turn, const struct message *message)
{
	const struct code_changed *news = MESSAGE(message, code_changed);
	size_t i;

	for (i = 0; i < news->n_items; i++)
		TRY(apply(turn, message, &news->items[i]));

	return OK;
}
