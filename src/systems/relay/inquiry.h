/*
 * Inquiries (情報照会): what our organisation asks of others, and the record
 * of it (番号法21条, 23条1項).
 *
 *   asked      sent to the network
 *   permitted  the network permitted it; the provider has been told
 *   answered   provided, no-data, refused or expired
 *
 * The provider's answer may overtake the network's permit.  An answer's
 * contents are handed to the addressee and not kept here.
 */
#ifndef BANGO_SYSTEMS_RELAY_INQUIRY_H
#define BANGO_SYSTEMS_RELAY_INQUIRY_H

#include "host/system.h"
#include "number/internal_number.h"

/* inquiry.request, from our own addressee. */
MUST_USE enum err inquiry_ask(struct turn *turn, const struct message *message);
/* inquiry.permitted and inquiry.refused, from the network. */
MUST_USE enum err
inquiry_permitted(struct turn *turn, const struct message *message);
MUST_USE enum err
inquiry_refused(struct turn *turn, const struct message *message);
/*
 * answer.sealed, from another organisation's relay.  ERR_NOT_FOUND if we
 * never asked, ERR_DENIED if the sender is not whom we asked, ERR_CONFLICT
 * for another permit, ERR_INPUT if it was not sealed for us.
 */
MUST_USE enum err
inquiry_take_answer(struct turn *turn, const struct message *message);
/* Timer: questions whose permit is over without an answer. */
MUST_USE enum err inquiry_expire(struct turn *turn);

/* The newest records of one person as inquirer, appended to `rows`. */
MUST_USE enum err inquiry_records(
    struct turn *turn, struct internal_number internal, json_t *rows);

#endif
