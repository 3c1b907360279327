/*
 * Sheets of questions that other relays signed (wire/sheet.h), verified by their
 * relay's key in our directory; the last ones are remembered, because a sheet
 * stands behind several permits.
 */
#ifndef BANGO_SYSTEMS_RELAY_SHEETS_H
#define BANGO_SYSTEMS_RELAY_SHEETS_H

#include "host/turn.h"

struct sheets;
struct sheets *sheets_new(void);
void sheets_free(struct sheets *sheets);

/*
 * Did `by` sign for the question in this sheet?  *ret_time is the instant of the
 * signature.  ERR_INPUT if it is no sheet, ERR_CRYPTO if another system or
 * nobody signed it, ERR_NOT_FOUND if the question is not in it; the problem says
 * which.
 */
MUST_USE enum err
sheets_verify(struct turn *turn, struct slice text, const struct system_id *by,
    const struct digest *question, struct instant *ret_time);

#endif
