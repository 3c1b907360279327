/*
 * Questions: what an inquirer asks, as it signs it and as its provider reads it
 * (番号法21条から23条).
 *
 * A question is a JSON text with one spelling: the members of the struct in their
 * order, without white space.  Its digest is the name of the exchange for both
 * relays.  The text itself names no person: `who` and `case` are commitments,
 * blinded with 32 random bytes of this question, so that two providers have
 * nothing to compare.
 *
 *   who   SHA-256("bango-who" || blind || linkage code of the inquirer)
 *   case  SHA-256("bango-case" || blind || the case's text)
 */
#ifndef BANGO_MESSAGES_QUESTION_H
#define BANGO_MESSAGES_QUESTION_H

#include "messages/inquiries.h"
#include "wire/sheet.h"

/* An inquiry or a search may be decided so long after it was asked. */
#define QUESTION_LIFE_MS (7 * 24 * 3600ll * 1000)

struct question {
	struct slice nonce;
	struct slice asker;    /* organisation */
	struct slice provider; /* the same; empty: a search for providers */
	struct slice affair, step, item, version, unit;
	struct digest who, of_case;
	struct instant asked;  /* a whole minute */
	struct instant until;  /* at most QUESTION_LIFE_MS after `asked` */
	struct slice withheld; /* law/withholding.h */
	struct slice seal;     /* JWK: the answer is sealed for this key */
};
extern const struct shape question_shape;

/* The text, in the arena.  ERR_INPUT if a value does not fit. */
MUST_USE enum err question_write(struct arena *arena, const struct question *q,
    struct slice *ret, struct problem *problem);
/* Read a text; the values point into it, or into the arena.  ERR_INPUT if it is no question,
 * has another spelling, or lives too long. */
MUST_USE enum err question_read(struct arena *arena, struct slice text,
    struct question *ret, struct problem *problem);

struct digest question_who(struct arena *arena, const struct digest *blind,
    const struct linkage_code *code);
/* `text` as inquiry_case_text() wrote it. */
struct digest question_case(
    struct arena *arena, const struct digest *blind, struct slice text);
/* The case in its one spelling, in the arena.  ERR_INPUT. */
MUST_USE enum err inquiry_case_text(struct arena *arena,
    const struct inquiry_case *c, struct slice *ret, struct problem *problem);

#endif
