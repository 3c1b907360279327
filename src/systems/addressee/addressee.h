/*
 * The addressee system (団体内統合宛名システム and 中間サーバー連携).
 *
 * Every organisation has one.  It gives each person one internal number and
 * knows which Individual Number and which business numbers belong to it; it
 * translates what the offices, who know business numbers, say to the relay,
 * which knows internal numbers.  It never sees a linkage code, nor what others
 * answer.
 *
 * Persons are found by Individual Number alone, never by name and birthday
 * (docs/incidents.md F11); what contradicts the record waits for a person's
 * decision and is never relinked silently.
 */
#ifndef BANGO_SYSTEMS_ADDRESSEE_H
#define BANGO_SYSTEMS_ADDRESSEE_H

#include "host/system.h"

extern const struct system addressee_system;

/* An acquisition without an end is asked for again after this. */
#define ADDRESSEE_ACQUISITION_PATIENCE_MS (3600ll * 1000)
/* Askings after which a refusal counts although an earlier one may not have
 * been refused. */
#define ADDRESSEE_ACQUISITION_ATTEMPTS 4
/* A mark may overtake the person whom it is for by this. */
#define ADDRESSEE_OVERTAKE_MS (3600ll * 1000)

/* Requests wait for this key until persons are registered or acquisitions
 * end. */
#define ADDRESSEE_WAKE_KEY SLICE("progress")

#endif
