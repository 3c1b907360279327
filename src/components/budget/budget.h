/*
 * Budgets: how often another organisation may ask something of this system.
 *
 * A budget renews itself at midnight in Japan.  Its amount follows from a rule
 * (the table in rules.c) and from R, the number of persons for whom the
 * organisation is responsible.  Beside it there are grants: for the founding,
 * announced by the organisation beforehand (budget.announce), or given by an
 * officer.  Only an organisation's own requests use its budget, and past it
 * nothing is lost: the answer says when to ask again.
 *
 * A handler opens a budget, takes from it row by row, and closes it: one
 * statement that reads and one that writes for each message.
 *
 *	TRY(budget_open(turn, BUDGET_STRANGER, organisation, &b));
 *	...
 *	TRY(budget_take(turn, &b, 1, &is_within));
 *	if (!is_within) answer "stopped" with budget_renews(turn)
 *	...
 *	TRY(budget_close(turn, &b));
 *
 * Decision 0036.
 */
#ifndef BANGO_COMPONENTS_BUDGET_BUDGET_H
#define BANGO_COMPONENTS_BUDGET_BUDGET_H

#include "host/system.h"

extern const struct component budget_component;

enum budget_kind {
	BUDGET_NEW,        /* jukinet: first numbers */
	BUDGET_POOL,       /* jukinet: unused Resident Record Codes, a level */
	BUDGET_CLAIMS,     /* jukinet: arrivals from abroad */
	BUDGET_NOTICES,    /* jukinet: persons in notices of moves */
	BUDGET_CHANGE,     /* jukinet: changed numbers, changed codes */
	BUDGET_STRANGER,   /* jukinet: acquisitions of who lives elsewhere */
	BUDGET_MISS,       /* jukinet: acquisitions that fit nobody */
	BUDGET_ENROLMENTS, /* jukinet: tickets and ends of sign-ins */
	BUDGET_INQUIRIES,  /* network: inquiries of an organisation */
	BUDGET_PERSON,     /* network: its inquiries about one person */
	BUDGET_WITHHELD,   /* network: its inquiries that it withholds */
	BUDGET_WITHHELD_ANSWERS, /* network: answers that its marks withhold */
	BUDGET_ROWS, /* every system: rows that its messages make us write */
	BUDGET_KIB,  /* every system: KiB in these rows */
	BUDGET_KIND_COUNT,
};

/* The budget of one organisation in one turn; nothing to free. */
struct budget {
	enum budget_kind kind;
	struct slice organisation; /* borrowed */
	struct slice subject;      /* borrowed; empty: about nobody */
	int64_t amount;            /* that is left, without share and grants */
	int64_t asked;             /* today, before this turn */
	int64_t used;              /* the same, with grants */
	bool is_locked;            /* until an officer grants something */
	bool was_stopped;          /* today, before this turn */
	struct {
		int64_t used, granted, asked, stopped;
	} now;          /* in this turn */
	int64_t grants; /* that are left; -1: not read yet */
};

/* Read what is left of a budget.  The slices are borrowed until it is closed. */
MUST_USE enum err budget_open(struct turn *turn, enum budget_kind kind,
    struct slice organisation, struct budget *ret);
/* The same for a budget about one subject: this system's own id of a person,
 * never an Individual Number or a code. */
MUST_USE enum err budget_open_about(struct turn *turn, enum budget_kind kind,
    struct slice organisation, struct slice subject, struct budget *ret);
/* Count `n` rows that were asked, of which the rule allows a share (miss). */
void budget_ask(struct budget *budget, int64_t n);
/* Whether anything is left. */
MUST_USE enum err
budget_has(struct turn *turn, struct budget *budget, bool *ret);
/* Take `n`.  *ret is false if that is more than what is left: nothing is taken
 * then, and `n` counts as stopped. */
MUST_USE enum err
budget_take(struct turn *turn, struct budget *budget, int64_t n, bool *ret);
/* Write down what this turn has used; nothing if it used nothing.  The first stop
 * of a day is a line of the log. */
MUST_USE enum err budget_close(struct turn *turn, struct budget *budget);

/*
 * The height of a level (BUDGET_POOL) with the grants of today, which the caller
 * compares with what it counts itself; and a request that would have passed it.
 */
MUST_USE enum err budget_level(struct turn *turn, enum budget_kind kind,
    struct slice organisation, int64_t *ret);
MUST_USE enum err budget_stop(
    struct turn *turn, enum budget_kind kind, struct slice organisation);

/*
 * POST /budgets/grants, for the routes of a system whose holders have the duty
 * `budget`: an officer grants an organisation more than its budget; above ten times
 * a day's budget with a second holder.
 */
extern const struct shape budget_grant_input_shape;
MUST_USE enum err budget_grant_post(
    struct turn *turn, const struct input *in, struct reply *reply);

/* When every budget renews itself: the next midnight in Japan. */
struct instant budget_renews(const struct turn *turn);
/* An organisation is responsible for so many persons more, or fewer. */
MUST_USE enum err
budget_resize(struct turn *turn, struct slice organisation, int64_t change);

#endif
