/*
 * The addressee system (団体内統合宛名システム and 中間サーバー連携).
 *
 * Every organisation has one.  It gives each person one internal number and
 * knows which Individual Number and which business numbers belong to it.  The
 * offices know business numbers and the relay knows internal numbers: the
 * addressee system translates the messages from one to the other.  It never
 * sees a linkage code, nor the answers of other organisations.
 *
 * Persons are found by Individual Number alone, never by name and birthday
 * (docs/incidents.md F11); a row that contradicts the record waits for an
 * operator's decision, and nothing is relinked silently.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_H
#define BANGO_SYSTEMS_ADDRESSEE_H

#include "host/system.h"

extern const struct system addressee_system;

#define ADDRESSEE_ACQUISITION_TIMER "acquisitions"
/* An acquisition that has not ended is asked for again after this. */
#define ADDRESSEE_ACQUISITION_PATIENCE_MS (3600ll * 1000)
/* After this many requests a refusal counts, although an earlier request may have
 * succeeded. */
#define ADDRESSEE_ACQUISITION_ATTEMPTS 4
/* Jukinet's refusal if the number's owner is nobody, or somebody of other
 * attributes. */
#define ADDRESSEE_NO_MATCH "no-match"
/* It counts after so many requests: jukinet tries news of a person again for an
 * hour. */
#define ADDRESSEE_NO_MATCH_ATTEMPTS 3
/* A mark may overtake the registration of its person by this long. */
#define ADDRESSEE_OVERTAKE_MS (3600ll * 1000)

/* Requests wait for this key until persons are registered or acquisitions
 * end. */
#define ADDRESSEE_WAKE_KEY SLICE("progress")

#endif
