/*
 * Linkage codes (情報提供用個人識別符号) of our organisation, and how they are
 * acquired.
 *
 * The addressee says to which internal number an acquisition number (取得番号)
 * belongs, the network to which code, in either order.  When both are here,
 * internal number and code are joined and the acquisition number is deleted
 * (番号法21条の2第3項).
 *
 * A code that contradicts one we hold is kept apart and never joined.
 */
#ifndef BANGO_SYSTEMS_RELAY_LINKAGE_H
#define BANGO_SYSTEMS_RELAY_LINKAGE_H

#include "host/system.h"
#include "number/internal_number.h"
#include "number/linkage_code.h"

/* acquisition.link, from our own addressee. */
MUST_USE enum err
linkage_take_links(struct turn *turn, const struct message *message);
/* acquisition.code, from the network; without a code if we hold the person's
 * already (令85 44条2項). */
MUST_USE enum err
linkage_take_codes(struct turn *turn, const struct message *message);
/* acquisition.drop, from our own addressee. */
MUST_USE enum err
linkage_drop(struct turn *turn, const struct message *message);
/* Timer: forget halves whose other half never came. */
MUST_USE enum err linkage_forget(struct turn *turn);

/* Our code for a person.  ERR_NOT_FOUND. */
MUST_USE enum err linkage_code_of(struct turn *turn,
    struct internal_number internal, struct linkage_code *ret);
/* The person of a permit's code, in whose place another one may have come since the
 * permit was issued.  ERR_NOT_FOUND. */
MUST_USE enum err linkage_person_of_permit(struct turn *turn,
    const struct linkage_code *code, struct internal_number *ret);

#endif
