/*
 * A permit at the provider's relay: the network's word, and the question that
 * the inquirer signed.  The question alone says who asks for what and for which
 * key the answer is sealed; a permit whose question was not signed opens nothing.
 */
#ifndef BANGO_SYSTEMS_RELAY_PERMIT_H
#define BANGO_SYSTEMS_RELAY_PERMIT_H

#include "host/turn.h"
#include "messages/question.h"

/* The question's time and that of its signature may differ by so much. */
#define PERMIT_APART_MS (15 * 60ll * 1000)
/* No permit ends later from now; the network's last seven days. */
#define PERMIT_LIFE_MAX_MS (8 * 24 * 3600ll * 1000)

struct permit {
	struct permit_issued issued;
	struct question question;
	struct digest digest; /* of the question */
	struct system_id asker;
};

/* Read the question of a permit, without verifying it.  ERR_INPUT. */
MUST_USE enum err permit_read(
    struct turn *turn, const struct permit_issued *issued, struct permit *ret);
/*
 * Verify that the asker signed the question, for us, in time, and that we were
 * not asked it before.  ERR_INPUT, ERR_CRYPTO, ERR_NOT_FOUND or ERR_CONFLICT if
 * not; the problem says why.  Any other error is passing.
 */
MUST_USE enum err permit_verify(struct turn *turn, const struct permit *permit);

#endif
