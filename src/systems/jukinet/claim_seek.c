/* People who may have come back: a claim against the records that jukinet holds. */
#include "base/bug.h"
#include "jukinet_rows.h"
#include "person/alike.h"
#include "systems/jukinet/arrival.h"
#include "systems/jukinet/claim.h"

/* The day of leaving, as people remember it. */
#define LEFT_DAYS 31

/* A claim says this about somebody. */
struct stay {
	const struct claim *claim;
	struct attributes then; /* with the name of that time */
	struct serial owner; /* of the code that the claim names; 0: nobody */
};

static enum err
load_stay(struct turn *turn, const struct claim *c, struct stay *ret)
{
	*ret = (struct stay){.claim = c, .then = c->attributes};
	if (!slice_is_empty(c->before.name))
		ret->then.name = c->before.name;
	if (!slice_is_empty(c->before.kana))
		ret->then.kana = c->before.kana;

	return c->known.value == 0
	    ? OK
	    : designation_person(turn, c->known, &ret->owner);
}

static bool
left_about(const struct person *p, struct date day)
{
	const struct date left = p->event_date;

	return date_is_known(day) && date_is_known(left) &&
	    date_compare(day, date_plus_days(left, LEFT_DAYS)) <= 0 &&
	    date_compare(left, date_plus_days(day, LEFT_DAYS)) <= 0;
}

/* Whether the last stay is that person's: by the code, or by the municipality with
 * the address or the time of leaving. */
static bool
stayed(struct arena *arena, const struct stay *s, const struct person *p)
{
	const struct arrival_before *b = &s->claim->before;

	if (s->claim->names_code)
		return s->owner.value == p->serial.value;

	return slice_equal(b->municipality, p->municipality) &&
	    (left_about(p, b->left) ||
		(!slice_is_empty(b->address) &&
		    text_is_alike(arena, b->address, p->attributes.address)));
}

static enum err
is_shown(
    struct turn *turn, const struct stay *s, const struct person *p, bool *ret)
{
	bool now, then;

	TRY(person_fits(turn, p, &s->claim->attributes, &now));
	TRY(person_fits(turn, p, &s->then, &then));
	*ret = (now || then) &&
	    (stayed(turn->arena, s, p) || bug_is(BUG_CLAIM_BELIEVED));

	return OK;
}

enum err
claim_shows(
    struct turn *turn, const struct claim *c, const struct person *p, bool *ret)
{
	struct stay s;

	TRY(load_stay(turn, c, &s));

	return is_shown(turn, &s, p, ret);
}

enum err
claim_seek(
    struct turn *turn, const struct claim *c, struct person *ret, size_t *ret_n)
{
	struct departed all;
	struct person p;
	struct stay s;
	bool shown;
	size_t i;

	*ret_n = 0;
	TRY(load_stay(turn, c, &s));
	TRY(arrival_departed(turn, c->attributes.birth, &all));
	for (i = 0; i < all.n; i++) {
		TRY(person_find(turn, all.serials[i], &p));
		TRY(is_shown(turn, &s, &p, &shown));
		if (shown)
			*ret = p;
		*ret_n += shown;
	}

	return OK;
}
