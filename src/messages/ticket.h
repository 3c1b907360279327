/*
 * Enrolment tickets: the text that a municipality's counter prints, with which
 * its holder enrols at the portal, once.
 *
 * A ticket is 100 random bits in Crockford's base 32, for people to type:
 * "K7M2Q-0ABCD-EFGHJ-KMNPQ".  Capitals, widths, hyphens and blanks do not count;
 * O is read as 0, I and L as 1.  An input method for Japanese types full-width
 * characters, and other dashes for a hyphen.
 *
 * A ticket is secret: never log it, never keep it.  Its acquisition number, 128
 * bits of its SHA-256, tells nobody the ticket, and is all that the systems pass
 * on.
 */
#ifndef BANGO_MESSAGES_TICKET_H
#define BANGO_MESSAGES_TICKET_H

#include "base/arena.h"
#include "crypto/random.h"

#define TICKET_CHARS 20
#define TICKET_TEXT (TICKET_CHARS + 3) /* with hyphens */

/* A new ticket, in the arena. */
struct slice ticket_new(const struct random *random, struct arena *arena);
/* The acquisition number of a ticket, 32 hex digits in the arena.  ERR_INPUT if
 * the text is no ticket; *ret is then left alone. */
MUST_USE enum err
ticket_acquisition(struct slice ticket, struct arena *arena, struct slice *ret);

#endif
