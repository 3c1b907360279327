/*
 * Our questions, as they are signed (messages/question.h): the inquirer's side.
 */
#ifndef BANGO_SYSTEMS_RELAY_SIGNING_H
#define BANGO_SYSTEMS_RELAY_SIGNING_H

#include "host/turn.h"
#include "messages/question.h"

/* A question that is signed with this batch. */
struct signed_question {
	struct slice text, sheet;
	struct digest digest, blind;
};

/*
 * Make a question about the person of that code, and have it signed.  `draft` has
 * provider, affair, item, version, unit and withheld; the matter gives the rest.
 */
MUST_USE enum err signing_ask(struct turn *turn, const struct question *draft,
    const struct matter *matter, const struct linkage_code *code,
    struct signed_question *ret);

#endif
