/*
 * How often strangers may guess: the misses of each network of callers without a
 * certificate, at the routes that are `guessed` (system.h).
 *
 * A network may miss GUESSES_MAX times at once, and once more every
 * GUESSES_EVERY_MS; past that its guesses are refused before anything is looked
 * up, and GUESSES_EVERY_MS later it has another one, however much it missed.  A
 * guess that waits counts as a miss from then on, until it is answered with
 * anything else.  The table is in memory and has a bound: where there is no room, the
 * network that is nearest to its next guess is forgotten, so that nobody is
 * refused for another's misses.
 *
 * Callers behind one address have one share, and a batch that the host repeats
 * counts its misses twice.
 */
#ifndef BANGO_HOST_GUESSES_H
#define BANGO_HOST_GUESSES_H

#include "host/system.h"

#define GUESSES_MAX 60
#define GUESSES_EVERY_MS (30 * 1000ll)

struct guesses;

struct guesses *guesses_new(void);
void guesses_free(struct guesses *guesses);

/* Whether the caller may guess at this route now. */
bool guesses_allow(const struct guesses *guesses, const struct route *route,
    const struct http_call *call, struct instant now);
/* The caller was answered with this status, or waits, which is 0. */
void guesses_note(struct guesses *guesses, const struct route *route,
    const struct http_call *call, int status, struct instant now);

#endif
