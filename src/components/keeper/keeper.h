/*
 * The keeper: it compares what the two sides of an exchange and the network say
 * has ended, so that nobody can leave out a record alone.
 *
 * Three systems know of each exchange: the relay that asked, the relay that
 * answered, and the network.  Each notes a token for its side when the exchange
 * has ended (keeper_note()), and reports its tokens daily to the keeper of the
 * organisation on that side, a node of a third organisation.  The keeper matches
 * the relay's with the network's, and forgets what matches.  On its third day it
 * asks both about the rest, on its ninth it raises an alarm at both.
 *
 * The keeper learns how many exchanges of an organisation ended on a day.  A token
 * tells it neither person nor partner: the two sides' tokens of an exchange
 * differ, and only who knows the question can make one (messages/tokens.h).
 *
 * Decision 0045.
 */
#ifndef BANGO_COMPONENTS_KEEPER_KEEPER_H
#define BANGO_COMPONENTS_KEEPER_KEEPER_H

#include "crypto/hash.h"
#include "host/system.h"

extern const struct component keeper_component;

/* Hexadecimal digits of a token. */
#define KEEPER_TOKEN_DIGITS 32

/* A side of an exchange that has ended. */
struct keeper_exchange {
	struct slice organisation; /* that stands on this side */
	const char *side;          /* SIDE_ASKED or SIDE_ANSWERED */
	const struct digest *question;
	struct slice outcome;  /* as the provider said it */
	struct slice withheld; /* the same; empty: the answer may be shown */
	struct slice record;   /* this system's own id of the exchange */
};
/* Note it, in the turn that ends it; a second note of the same changes nothing. */
MUST_USE enum err
keeper_note(struct turn *turn, const struct keeper_exchange *exchange);

/*
 * The keeper of an organisation: the setting "keeper.ID", or "keeper" if it is
 * our own.  ERR_NOT_FOUND if it has none.
 */
MUST_USE enum err
keeper_of(struct turn *turn, struct slice organisation, struct system_id *ret);

/* --- Alarms, at relays and at the network ---------------------------------- */

#define KEEPER_PAGE 50 /* rows of a page */

struct keeper_discrepancy {
	int64_t seq;
	struct slice organisation, side, token;
	bool ours; /* the other one did not report it */
	struct date day;
	struct slice record; /* our id of the exchange; empty: we have none */
	struct instant since;
	struct slice by, reason, officer; /* of an explanation */
};
/* Those after number `after` that are not settled, the oldest first, at most
 * KEEPER_PAGE, in the arena. */
MUST_USE enum err keeper_discrepancies(struct turn *turn, int64_t after,
    const struct keeper_discrepancy **ret, size_t *ret_n);
/* Its members, in an object that is open. */
void keeper_write(const struct keeper_discrepancy *d, struct json_out *o);
/* The input of a route that lists them. */
struct keeper_page_input {
	int64_t after;
};
extern const struct shape keeper_page_input_shape;

/* POST /discrepancies/explanations, for the routes of the systems that list
 * discrepancies: an officer has looked, and the keeper is told. */
extern const struct shape keeper_explanation_input_shape;
MUST_USE enum err keeper_explain_post(
    struct turn *turn, const struct input *in, struct reply *reply);

#endif
