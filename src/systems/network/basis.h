/*
 * The legal basis of an inquiry: the provision by which one organisation may ask
 * another for an item in an affair, or the condition that is not met.
 *
 * An affair is a row of the table (番号法19条8号), or an own-use affair of the
 * inquirer's (19条9号).
 */
#ifndef BANGO_SYSTEMS_NETWORK_BASIS_H
#define BANGO_SYSTEMS_NETWORK_BASIS_H

#include "host/system.h"
#include "law/edition.h"
#include "law/refusal.h"
#include "systems/network/organisation.h"

struct basis_question {
	const struct organisation *inquirer, *provider;
	struct slice affair, item;
	struct date day;
	struct edition edition; /* in force on that day: amendment_on() */
};

struct basis {
	/* REFUSED_NOT, or REFUSED_UNKNOWN_ITEM, REFUSED_NO_BASIS,
	 * REFUSED_OWN_USE, REFUSED_OWN_USE_LIMITED. */
	enum refusal refusal;
	struct law_decision decision;
	/* The provision; for an own-use affair with the ordinance's name, for
	 * a limit the provider's ordinance.  In the arena. */
	struct slice article;
	struct slice text; /* why it was refused */
};

MUST_USE enum err basis_find(struct turn *turn,
    const struct basis_question *question, struct basis *ret);
/* An edition's id: the day on which it takes effect; in the arena, empty
 * before the first. */
struct slice basis_edition_id(struct turn *turn, const struct edition *edition);

/* Route: the table's decision on any question, with row and article, or with
 * the condition that is not met. */
extern const struct shape law_decision_asked_shape;
MUST_USE enum err basis_route_decision(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
