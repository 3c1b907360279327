/*
 * Questions as inquirers sign them (messages/question.h), at the network: the
 * sheet that signs for one is passed on to the provider, who verifies it.
 *
 * The network opens `who` with the blind that comes beside the question, and
 * keeps neither.  It does not verify the signature: that would cost it more than
 * all its other checks, and a sheet that nobody signed harms its sender alone.
 */
#ifndef BANGO_SYSTEMS_NETWORK_QUESTION_H
#define BANGO_SYSTEMS_NETWORK_QUESTION_H

#include "host/system.h"
#include "messages/question.h"

/* A sheet is kept for requests that wait in their sender's outbox behind it. */
#define QUESTION_SHEET_KEEP_MS (24 * 3600ll * 1000)

/* The parts of a request that are about its question. */
struct asked {
	const struct linkage_code *code;
	const struct digest *blind;
	struct slice text, sheet;
};
struct network_question {
	struct question question;
	struct digest digest;
	struct slice jws; /* of the sheet */
};

/* question.sheet, from a relay. */
MUST_USE enum err
question_take_sheet(struct turn *turn, const struct message *message);
/*
 * Read the question, and check that the sender of the message asks it now, about
 * the person of that code, and that the sheet has it.  ERR_INPUT; ERR_DENIED if it
 * is another's; ERR_BUSY if the sheet has not come, ERR_NOT_FOUND if it is gone.
 */
MUST_USE enum err
question_open(struct turn *turn, const struct message *message,
    const struct asked *asked, struct network_question *ret);
/* Timer: forget sheets. */
MUST_USE enum err question_forget(struct turn *turn);

#endif
