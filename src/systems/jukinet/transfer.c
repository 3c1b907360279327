#include "systems/jukinet/transfer.h"

#include "base/bug.h"
#include "components/budget/budget.h"
#include "jukinet_rows.h"
#include "messages/moving.h"
#include "systems/jukinet/jukinet.h"
#include "systems/jukinet/person.h"

#define BASIS SLICE("住民基本台帳法24条の2")
#define EXPIRE_MAX 200 /* in one turn */

/* The states of one person's notice. */
#define OPEN SLICE("open")
#define USED SLICE("used")
#define WITHDRAWN SLICE("withdrawn")
#define EXPIRED SLICE("expired")

static enum err
registry_of(struct turn *turn, struct slice organisation, struct system_id *ret)
{
	if (system_id_of(organisation, "registry", ret) ||
	    !turn_has_peer(turn, ret))
		return ERR_NOT_FOUND;

	return OK;
}

/* A list of codes as it grows; there is room for all people of a move. */
struct codes {
	struct resident_code codes[MESSAGE_PEOPLE_MAX];
	size_t n;
};

/* --- Announcing ----------------------------------------------------------- */

/* A person who moves must live in the sender's municipality and have the number
 * given.  ERR_DENIED, or ERR_BUSY as long as other news may be under way. */
static enum err
check_mover(struct turn *turn, const struct message *message,
    const struct mover *mover, struct serial *ret)
{
	const char *what = "no such person who lives here";
	struct individual_number current;
	struct person p;

	TRY(person_of_sender(turn, message, &mover->code, &p));
	if (p.state != PERSON_RESIDENT)
		return person_not_yours(turn, message, what);
	TRY(person_number(turn, &p, &current));
	if (!individual_number_equal(&mover->number, &current))
		return problem_set(turn->problem, ERR_DENIED, "%s", what);
	*ret = p.serial;

	return OK;
}

static struct date
later_of(struct date a, struct date b)
{
	return date_compare(a, b) < 0 ? b : a;
}

static struct date
last_day(const struct turn *turn, struct date moved_on)
{
	const struct date today = date_in_japan(turn->now);
	const struct date latest = date_plus_days(today, TRANSFER_AHEAD_DAYS);

	if (date_compare(moved_on, latest) > 0)
		moved_on = latest;

	return date_plus_days(later_of(today, moved_on), TRANSFER_DAYS);
}

static enum err
store_transfer(struct turn *turn, const struct transfer_notice *t,
    const struct serial *movers)
{
	const struct instant until = date_begin(date_plus_days(t->until, 1));
	size_t i;

	TRY(jukinet_transfer_add(turn->store,
	    &(struct jukinet_transfer_add){.transfer = t->transfer,
		.from_municipality = t->from_organisation,
		.to_municipality = t->to,
		.moved_on = t->date,
		.at = turn->now}));
	for (i = 0; i < t->n_people; i++) {
		TRY(jukinet_transfer_person_add(
		    turn->store, movers[i], t->transfer, until));
		TRY(person_audit(turn, "transfer.notice", movers[i], BASIS));
	}

	return jukinet_count(turn, "moves", (int64_t)t->n_people);
}

/* Only so many people are announced in a day (decision 0036). */
static enum err
take_budget(struct turn *turn, const struct transfer_notice *t, bool *ret)
{
	struct budget b;

	TRY(budget_open(turn, BUDGET_NOTICES, t->from_organisation, &b));
	TRY(budget_take(turn, &b, (int64_t)t->n_people, ret));

	return budget_close(turn, &b);
}

static struct slice
stopped(struct turn *turn)
{
	char day[DATE_TEXT_MAX];

	date_format(date_in_japan(budget_renews(turn)), day);

	return arena_printf(turn->arena,
	    "stopped: the budget of people in notices is used up; announce "
	    "the move again on %s, or ask J-LIS for more",
	    day);
}

/* The movers, or why there is no such move.  It makes no difference what is wrong
 * with a person. */
static enum err
judge(struct turn *turn, const struct message *message,
    const struct transfer_notice *t, struct serial *movers,
    struct slice *ret_refusal)
{
	bool is_within = true;
	enum err rc = OK;
	size_t i;

	for (i = 0; i < t->n_people && rc == OK; i++)
		rc = check_mover(turn, message, &t->people[i], &movers[i]);
	if (rc == ERR_DENIED) {
		*ret_refusal = SLICE("not-yours");
		return OK;
	}
	TRY(rc);
	TRY(take_budget(turn, t, &is_within));
	if (!is_within)
		*ret_refusal = stopped(turn);

	return OK;
}

static enum err
refuse(struct turn *turn, const struct system_id *registry,
    struct slice transfer, struct slice reason)
{
	TRY(turn_audit(turn, "transfer.refuse", transfer, BASIS));

	return turn_tell(turn, registry, transfer_refused,
	    &(struct transfer_refused){transfer, reason});
}

enum err
transfer_notice(struct turn *turn, const struct message *message)
{
	struct transfer_notice t = *MESSAGE(message, transfer_notice);
	struct serial *movers =
	    arena_array(turn->arena, t.n_people, sizeof(*movers));
	struct jukinet_transfer_find_row before;
	struct slice refusal = {0};
	struct system_id registry;
	enum err rc;

	t.from_organisation = system_id_organisation(&message->from);
	t.until = last_day(turn, t.date);
	rc = jukinet_transfer_find(
	    turn->store, turn->arena, t.transfer, &before);
	if (rc == OK)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field transfer: a move of this id was announced before");
	TRY(rows_end(rc));
	if (registry_of(turn, t.to, &registry))
		refusal = SLICE("no-such-municipality");
	else
		TRY(judge(turn, message, &t, movers, &refusal));
	if (!slice_is_empty(refusal))
		return refuse(turn, &message->from, t.transfer, refusal);
	TRY(store_transfer(turn, &t, movers));

	return turn_tell(turn, &registry, transfer_notice, &t);
}

/* As if the move had never been announced: it gives no right any more. */
static enum err
forget(struct turn *turn, struct slice transfer)
{
	TRY(jukinet_transfer_people_forget(turn->store, transfer));

	return jukinet_transfer_forget(turn->store, transfer);
}

enum err
transfer_pass_back(struct turn *turn, const struct message *message)
{
	const struct transfer_notice *ours = MESSAGE(message, transfer_notice);
	struct jukinet_transfer_arrived_row arrived;
	struct system_id registry;
	enum err rc;

	rc = jukinet_transfer_arrived(turn->store, ours->transfer, &arrived);
	if (rc == OK)
		return turn_audit(
		    turn, "transfer.refuse-late", ours->transfer, BASIS);
	TRY(rows_end(rc));
	TRY(registry_of(turn, ours->from_organisation, &registry));
	TRY(forget(turn, ours->transfer));

	return refuse(turn, &registry, ours->transfer, message->refusal);
}

/* --- One person's notice --------------------------------------------------- */

/* A move and one of its people, as a message names them. */
struct notice {
	struct jukinet_transfer_find_row move; /* empty: of no such move */
	struct person person;
	struct slice state; /* empty: the person is none of the move's */
};

/* Set person and state. */
static enum err
load_person(struct turn *turn, struct slice transfer,
    const struct resident_code *code, struct notice *n)
{
	const struct instant long_ago = {0};
	struct jukinet_transfer_person_get_row row = {{0}};
	enum err rc = person_of_code(turn, code, long_ago, &n->person);

	if (rc == OK)
		rc = jukinet_transfer_person_get(
		    turn->store, turn->arena, n->person.serial, transfer, &row);
	n->state = row.state;

	return rows_end(rc);
}

static enum err
end_notice(struct turn *turn, struct serial serial, struct slice transfer,
    struct slice state)
{
	return jukinet_transfer_person_end(
	    turn->store, state, &turn->now, serial, transfer);
}

static enum err
tell_ended(struct turn *turn, struct slice organisation, struct slice transfer,
    const struct codes *codes, struct slice reason)
{
	struct system_id registry;

	/* One that is no peer any more stops nobody else's notices. */
	if (codes->n == 0 || registry_of(turn, organisation, &registry))
		return OK;

	return turn_tell(turn, &registry, transfer_ended,
	    &(struct transfer_ended){.transfer = transfer,
		.codes = codes->codes,
		.n_codes = codes->n,
		.reason = reason});
}

/* --- Arriving --------------------------------------------------------------- */

/* A notice is used once, by the municipality to which it went, and moves the person
 * from where it came from to there. */
static bool
may_arrive(const struct notice *n, struct slice here)
{
	const bool is_open = slice_equal(n->state, OPEN) ||
	    (!slice_is_empty(n->state) && bug_is(BUG_NOTICE_AGAIN));

	return is_open && slice_equal(n->move.to_municipality, here) &&
	    slice_equal(n->move.from_municipality, n->person.municipality) &&
	    n->person.state == PERSON_RESIDENT;
}

static enum err
take_over(struct turn *turn, const struct message *message,
    const struct transfer_arrive *said, const struct arriver *who,
    const struct notice *n)
{
	struct person changed = n->person;

	changed.municipality = n->move.to_municipality;
	changed.attributes = who->person;
	changed.event = SLICE("move-in");
	changed.event_date = said->date;
	changed.updated = message->time;
	TRY(end_notice(turn, n->person.serial, said->transfer, USED));

	return person_replace(turn, &n->person, &changed);
}

/* Take the people over who may be; the codes of the others in *refused. */
static enum err
take_all(struct turn *turn, const struct message *message, struct notice *n,
    struct codes *arrived, struct codes *refused)
{
	const struct transfer_arrive *said = MESSAGE(message, transfer_arrive);
	const struct slice here = system_id_organisation(&message->from);
	const struct arriver *who;
	bool is_ok;

	for (who = said->people; who < said->people + said->n_people; who++) {
		TRY(load_person(turn, said->transfer, &who->code, n));
		is_ok = may_arrive(n, here);
		if (is_ok) {
			TRY(take_over(turn, message, said, who, n));
			arrived->codes[arrived->n++] = who->code;
		} else {
			refused->codes[refused->n++] = who->code;
		}
		TRY(person_audit(turn,
		    is_ok ? "transfer.arrive" : "transfer.refuse",
		    is_ok ? n->person.serial : (struct serial){0}, BASIS));
	}

	return jukinet_count(turn, "arrivals", (int64_t)arrived->n);
}

static enum err
tell_old(struct turn *turn, struct slice organisation,
    const struct transfer_arrive *said, const struct codes *arrived)
{
	struct system_id registry;

	if (arrived->n == 0 || registry_of(turn, organisation, &registry))
		return OK;

	return turn_tell(turn, &registry, transfer_completed,
	    &(struct transfer_completed){.transfer = said->transfer,
		.codes = arrived->codes,
		.n_codes = arrived->n,
		.date = said->date});
}

enum err
transfer_arrive(struct turn *turn, const struct message *message)
{
	const struct transfer_arrive *said = MESSAGE(message, transfer_arrive);
	struct codes arrived = {.n = 0}, refused = {.n = 0};
	struct notice n = {.state = SLICE("")};

	TRY(rows_end(jukinet_transfer_find(
	    turn->store, turn->arena, said->transfer, &n.move)));
	TRY(take_all(turn, message, &n, &arrived, &refused));
	TRY(tell_old(turn, n.move.from_municipality, said, &arrived));

	return turn_tell(turn, &message->from, transfer_arrived,
	    &(struct transfer_arrived){.transfer = said->transfer,
		.codes = arrived.codes,
		.n_codes = arrived.n,
		.refused = refused.codes,
		.n_refused = refused.n});
}

/* --- Withdrawing (転出取消) --------------------------------------------------- */

struct withdrawal {
	struct codes done; /* the sender is told */
	struct codes here; /* so is the other registry: they were open */
	struct codes late; /* have arrived there */
};

static void
add(struct codes *to, const struct resident_code *code)
{
	to->codes[to->n++] = *code;
}

/* A notice that has expired is withdrawn as well: the person stays. */
static enum err
withdraw(struct turn *turn, struct slice transfer,
    const struct resident_code *code, const struct notice *n,
    struct withdrawal *w)
{
	if (slice_equal(n->state, USED)) {
		add(&w->late, code);
	} else if (!slice_is_empty(n->state)) {
		add(&w->done, code);
		if (slice_equal(n->state, OPEN))
			add(&w->here, code);
		TRY(end_notice(turn, n->person.serial, transfer, WITHDRAWN));
	}

	return person_audit(turn, "transfer.withdraw", n->person.serial, BASIS);
}

enum err
transfer_withdraw(struct turn *turn, const struct message *message)
{
	const struct transfer_withdraw *said =
	    MESSAGE(message, transfer_withdraw);
	const struct slice here = system_id_organisation(&message->from);
	struct withdrawal w = {.done.n = 0};
	struct notice n = {.state = SLICE("")};
	size_t i;

	TRY(rows_end(jukinet_transfer_find(
	    turn->store, turn->arena, said->transfer, &n.move)));
	if (!slice_equal(n.move.from_municipality, here))
		return person_not_yours(turn, message, "no move of this id");
	for (i = 0; i < said->n_codes; i++) {
		TRY(load_person(turn, said->transfer, &said->codes[i], &n));
		TRY(withdraw(turn, said->transfer, &said->codes[i], &n, &w));
	}
	TRY(tell_ended(turn, here, said->transfer, &w.done, WITHDRAWN));
	TRY(tell_ended(turn, here, said->transfer, &w.late, SLICE("arrived")));

	return tell_ended(
	    turn, n.move.to_municipality, said->transfer, &w.here, WITHDRAWN);
}

/* --- Expiring ----------------------------------------------------------------- */

static enum err
expire(struct turn *turn, const struct jukinet_transfer_overdue_row *row)
{
	struct codes one = {.n = 1};
	struct person p;

	TRY(person_find(turn, row->serial, &p));
	TRY(designation_code(turn, p.code, &one.codes[0]));
	TRY(end_notice(turn, row->serial, row->transfer, EXPIRED));
	TRY(tell_ended(
	    turn, row->from_municipality, row->transfer, &one, EXPIRED));
	TRY(tell_ended(
	    turn, row->to_municipality, row->transfer, &one, EXPIRED));

	return person_audit(turn, "transfer.expire", row->serial, BASIS);
}

enum err
transfer_timer(struct turn *turn)
{
	struct jukinet_transfer_overdue_row row;
	size_t n = 0;
	enum err rc = OK;

	while (n++ < EXPIRE_MAX &&
	    (rc = jukinet_transfer_overdue(
		 turn->store, turn->arena, turn->now, &row)) == OK)
		TRY(expire(turn, &row));
	if (rc == OK)
		turn_hurry(turn, "moves");

	return rows_end(rc);
}
