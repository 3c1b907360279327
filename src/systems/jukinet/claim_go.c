/* The way of a claim from its beginning to its end. */
#include "base/bug.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/claim.h"
#include "systems/jukinet/jukinet.h"

#define BASIS SLICE("住民基本台帳法30条の3")
#define NO_MATCH SLICE("no-match")
#define TERM_DAYS 5     /* working days, for the municipality of before */
#define REMINDER_DAYS 3 /* of them, then it is asked once more */
#define LOOK_MS (5 * 60000ll)
#define KEPT_MS (90 * 86400000ll) /* attributes and stay, after the end */
#define TIMER_MAX 100             /* in one turn */

static enum err
end(struct turn *turn, struct claim *c, enum claim_state state)
{
	c->state = state;
	c->ended = turn->now;
	c->due = instant_plus(turn->now, KEPT_MS);
	TRY(claim_store(turn, c));

	return claim_tell_end(turn, c);
}

enum err
claim_refuse(struct turn *turn, struct claim *c, struct slice reason)
{
	c->reason = reason;
	TRY(end(turn, c, CLAIM_REFUSED));
	TRY(person_audit(turn, "arrival.refuse", c->own, BASIS));

	return claim_tell(turn, c);
}

/* The person has come back elsewhere: there is nobody left for other claims. */
static enum err
refuse_others(struct turn *turn, const struct claim *settled)
{
	struct claim other;
	enum err rc;

	while ((rc = claim_of_person(
		    turn, settled->person, settled->id, &other)) == OK)
		TRY(claim_refuse(turn, &other, NO_MATCH));

	return rows_end(rc);
}

enum err
claim_settle(struct turn *turn, struct claim *c)
{
	struct slice refusal;

	TRY(arrival_settle(turn, c, &refusal));
	if (!slice_is_empty(refusal))
		return claim_refuse(turn, c, refusal);
	TRY(end(turn, c, CLAIM_SETTLED));

	return refuse_others(turn, c);
}

/* An officer decides from now on; the claimant is not told why. */
static enum err
hold(struct turn *turn, struct claim *c, struct slice why)
{
	c->state = CLAIM_HELD;
	c->reason = why;
	c->due = (struct instant){0};
	TRY(claim_store(turn, c));
	TRY(person_audit(turn, "arrival.officer", c->own, BASIS));

	return claim_tell(turn, c);
}

/* --- Seeking and asking ----------------------------------------------------- */

static struct instant
working_day(const struct turn *turn, int n)
{
	const struct date last =
	    date_plus_working_days(date_in_japan(turn->now), n);

	return date_begin(date_plus_days(last, 1));
}

/* Ask the municipality of before; if nobody there can answer, or another claim is
 * about the same person, an officer. */
static enum err
ask(struct turn *turn, struct claim *c)
{
	struct system_id registry;
	struct claim other;
	enum err rc;

	if (claim_registry(turn, c->asked, &registry))
		return hold(turn, c, SLICE("cannot-be-asked"));
	rc = claim_of_person(turn, c->person, c->id, &other);
	if (rc == OK)
		return hold(turn, c, SLICE("claimed-twice"));
	TRY(rows_end(rc));
	c->state = CLAIM_ASKED;
	c->until = working_day(turn, TERM_DAYS);
	c->due = working_day(turn, REMINDER_DAYS - 1);
	TRY(claim_store(turn, c));
	TRY(claim_ask(turn, c));
	TRY(person_audit(turn, "arrival.notice", c->person, BASIS));

	return claim_tell(turn, c);
}

/* One person abroad is shown: the claim is about that one. */
static enum err
find(struct turn *turn, struct claim *c, const struct person *p)
{
	const bool is_own = slice_equal(p->municipality, c->municipality);

	c->person = p->serial;
	if (is_own || bug_is(BUG_CLAIM_UNASKED))
		return claim_settle(turn, c);
	c->asked = p->municipality;

	return ask(turn, c);
}

/* The search ends at one time, whatever is wrong with the claim. */
static bool
is_over(const struct turn *turn, const struct claim *c)
{
	const bool is_nobodys = c->names_code && c->known.value == 0;

	return !instant_is_before(turn->now, c->until) ||
	    (is_nobodys && bug_is(BUG_ANOTHERS_TOLD));
}

static enum err
look_again(struct turn *turn, struct claim *c)
{
	struct person p;
	size_t n;

	TRY(claim_seek(turn, c, &p, &n));
	TRY(person_audit(turn, "arrival.candidate",
	    n == 1 ? p.serial : (struct serial){0}, BASIS));
	if (n == 1)
		return find(turn, c, &p);
	if (is_over(turn, c))
		return claim_refuse(turn, c, NO_MATCH);
	c->due = instant_plus(turn->now, LOOK_MS);

	return claim_store(turn, c);
}

enum err
claim_open(struct turn *turn, struct claim *c)
{
	c->state = CLAIM_SOUGHT;
	c->until = instant_plus(turn->now, JUKINET_PATIENCE_MS);
	TRY(claim_add(turn, c));
	TRY(look_again(turn, c));

	return c->state == CLAIM_SOUGHT ? claim_tell(turn, c) : OK;
}

enum err
claim_withdraw(struct turn *turn, struct serial own)
{
	struct claim c;
	enum err rc = claim_of_arrival(turn, own, &c);

	return rc == OK ? end(turn, &c, CLAIM_WITHDRAWN) : rows_end(rc);
}

/* --- The reply ---------------------------------------------------------------- */

/* After its term the municipality may still agree: an officer who has not decided
 * yet need not.  Not so if it objected, or there is another reason. */
static bool
may_settle(const struct claim *c)
{
	return c->state == CLAIM_ASKED ||
	    (c->state == CLAIM_HELD && slice_equal_string(c->reason, "silent"));
}

static enum err
reply(struct turn *turn, const struct arrival_reply *said, struct claim *c)
{
	const bool agrees = slice_equal_string(said->reply, "agree");

	c->reply = said->reply;
	c->reply_reason = said->reason;
	c->reply_officer = said->officer;
	if (!may_settle(c))
		return claim_store(turn, c);

	return agrees ? claim_settle(turn, c)
		      : hold(turn, c, SLICE("objected"));
}

enum err
claim_take_reply(struct turn *turn, const struct message *message)
{
	const struct arrival_reply *said = MESSAGE(message, arrival_reply);
	const struct slice from = system_id_organisation(&message->from);
	struct claim c;
	bool is_asked;
	enum err rc = claim_load(turn, said->claim, &c);

	TRY(rows_end(rc));
	is_asked = rc == OK &&
	    (slice_equal(c.asked, from) || bug_is(BUG_CLAIM_ANYBODY_AGREES));
	if (is_asked && claim_is_open(&c) && slice_is_empty(c.reply))
		TRY(reply(turn, said, &c));
	TRY(person_audit(turn,
	    is_asked ? "arrival.reply" : "arrival.reply-unasked",
	    is_asked ? c.person : (struct serial){0}, BASIS));

	return OK;
}

/* --- Time --------------------------------------------------------------------- */

/* Silence settles nothing. */
static enum err
end_term(struct turn *turn, struct claim *c)
{
	return bug_is(BUG_CLAIM_SILENCE) ? claim_settle(turn, c)
					 : hold(turn, c, SLICE("silent"));
}

static enum err
remind(struct turn *turn, struct claim *c)
{
	struct system_id registry;

	if (!instant_is_before(turn->now, c->until))
		return end_term(turn, c);
	c->due = c->until;
	TRY(claim_store(turn, c));
	TRY(person_audit(turn, "arrival.remind", c->person, BASIS));

	return claim_registry(turn, c->asked, &registry) ? OK
							 : claim_ask(turn, c);
}

static enum err
attend(struct turn *turn, struct claim *c)
{
	if (c->state == CLAIM_SOUGHT)
		return look_again(turn, c);
	if (c->state == CLAIM_ASKED)
		return remind(turn, c);
	TRY(person_audit(turn, "arrival.erase", c->own, BASIS));

	return claim_erase(turn, c);
}

enum err
claim_timer(struct turn *turn)
{
	struct claim c;
	size_t n = 0;
	enum err rc = OK;

	while (n++ < TIMER_MAX && (rc = claim_due(turn, &c)) == OK)
		TRY(attend(turn, &c));
	if (rc == OK)
		turn_hurry(turn, "claims");

	return rows_end(rc);
}

enum err
claim_revoked(struct turn *turn, const struct system_id *system)
{
	const struct slice organisation = system_id_organisation(system);
	struct claim c;
	enum err rc;

	if (!slice_equal_string(system_id_name(system), "registry") ||
	    bug_is(BUG_CLAIM_REVOKED))
		return OK;
	while ((rc = claim_of_municipality(turn, organisation, &c)) == OK)
		TRY(hold(turn, &c, SLICE("revoked")));

	return rows_end(rc);
}
