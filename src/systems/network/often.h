/*
 * How often an organisation may ask (decision 0036): the budgets `inquiries`, of
 * an organisation and a day, `person`, of an organisation and one person in 30
 * days, and `withheld`, of the inquiries that it withholds (decision 0047).  A
 * search for providers counts as an inquiry.
 */
#ifndef BANGO_SYSTEMS_NETWORK_OFTEN_H
#define BANGO_SYSTEMS_NETWORK_OFTEN_H

#include "host/system.h"
#include "systems/network/person.h"

struct often {
	struct slice organisation;
	const struct record_code *person;
	bool withholds; /* the inquiry */
};

/* Take one of each budget.  *ret_over is the first that is used up, as
 * inquiry.waiting names it, and nothing is taken then; else it is empty. */
MUST_USE enum err often_take(
    struct turn *turn, const struct often *often, struct slice *ret_over);

#endif
