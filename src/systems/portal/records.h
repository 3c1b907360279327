/*
 * Records of provision (情報提供等の記録), asked of the network for the
 * resident of a session, handed over once and not kept.
 */
#ifndef BANGO_SYSTEMS_PORTAL_RECORDS_H
#define BANGO_SYSTEMS_PORTAL_RECORDS_H

#include "systems/portal/session.h"

/*
 * The answer to the session's question if it is here and fresh: then it is
 * forgotten and *ret is its JSON, {"as_of", "records"}, in the arena.
 * Otherwise *ret is empty and the network has been asked, now or before.
 */
MUST_USE enum err records_take(
    struct turn *turn, const struct session *session, struct slice *ret);
/* Requests wait for this key: text in the arena. */
struct slice records_wake_key(struct turn *turn, struct slice enrolment);

/* records.answer, from the network. */
MUST_USE enum err
records_answered(struct turn *turn, const struct message *message);

#endif
