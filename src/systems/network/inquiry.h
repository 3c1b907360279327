/*
 * Inquiries (提供の求め, 番号法19条8号, 21条2項), permitted or refused.
 *
 * The checks are made in this order; the first that fails is the refusal:
 *
 *   no-code              the code is not the sender's own
 *   unknown-item         no such item of information
 *   unknown-version      the catalogue has no such version of it, if one is named
 *   provider-unknown     no such organisation, or it has no relay that
 *                        is not revoked
 *   no-basis             the law's table does not allow it (basis.h)
 *   own-use-unconfirmed  the Commission has not confirmed the own-use affair
 *   own-use-limited      the provider's ordinance limits it (番号法26条)
 *   assessment-inquirer  番号法28条
 *   assessment-provider  番号法28条
 *   withholding-not-allowed
 *                        the affair has no such ground to withhold the record
 *                        (hiding.h)
 *   provider-no-code     the provider has no code for the person
 *
 * An inquiry past a budget (often.h) is not refused but waits, for an officer or
 * the next day (waiting.h).
 *
 * Each request, permitted or not, is a record, with the edition that decided.  A
 * request that is repeated under its id gets the same answer again; the permit
 * is sent once.
 */
#ifndef BANGO_SYSTEMS_NETWORK_INQUIRY_H
#define BANGO_SYSTEMS_NETWORK_INQUIRY_H

#include "host/system.h"
#include "law/refusal.h"
#include "network_rows.h"

/* inquiry.request, from a relay. */
MUST_USE enum err
inquiry_take(struct turn *turn, const struct message *message);

/* An inquiry that waited, and waits no longer: it is judged by the checks of
 * today, whatever the budgets say. */
MUST_USE enum err
inquiry_release(struct turn *turn, const struct network_waiting_row *row);
/* It is refused for that reason. */
MUST_USE enum err inquiry_end(struct turn *turn,
    const struct network_waiting_row *row, enum refusal refusal);
/* It is judged if the budgets allow it, waits on if not, and is refused after its
 * time. */
MUST_USE enum err
inquiry_look_again(struct turn *turn, const struct network_waiting_row *row);

#endif
