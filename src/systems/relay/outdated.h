/*
 * Contents that the provider corrected after it had provided them.
 *
 * 個人情報の保護に関する法律97条: whoever was given what is corrected is told, from relay to relay, by the inquiry; not what it says now, for which the
 * inquirer must ask again.  What was given counts as old if the office had put
 * it before the correction, in whatever order the two come here.
 */
#ifndef BANGO_SYSTEMS_RELAY_OUTDATED_H
#define BANGO_SYSTEMS_RELAY_OUTDATED_H

#include "host/system.h"
#include "number/internal_number.h"

/* One correction of many persons' replicas, and who shall hear of it. */
struct outdated {
	struct slice item, version;
	struct instant at; /* when the office corrected them */
	json_t *inquirers; /* organisation → [[permit, inquiry], ...] */
};

/* Find those whom we gave what was put before about a person. */
MUST_USE enum err outdated_find(struct turn *turn, struct outdated *outdated,
    struct internal_number internal);
/* Tell them, and forget who they are. */
MUST_USE enum err outdated_tell(struct turn *turn, struct outdated *outdated);

/* provision.corrected, from the relay of whom we asked: {item, corrected,
 * items: [[permit, inquiry], ...]}.  ERR_DENIED for an inquiry to another one;
 * inquiries whose records are erased are left out. */
MUST_USE enum err
outdated_take(struct turn *turn, const struct message *message);

#endif
