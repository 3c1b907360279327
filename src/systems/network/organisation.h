/*
 * The organisations that the network knows: what the settings say, joined
 * with the index that each of them has for ever (it is part of its codes).
 */
#ifndef BANGO_SYSTEMS_NETWORK_ORGANISATION_H
#define BANGO_SYSTEMS_NETWORK_ORGANISATION_H

#include "host/system.h"
#include "law/law.h"
#include "systems/network/linkage.h"

#define ORGANISATIONS_KNOWN_MAX 4096

struct organisation {
	char *id;   /* "131041" */
	char *kind; /* "municipality" */
	uint32_t number;
	bool is_assessed; /* 番号法28条 does not stand against it */
};

struct amendments;

/* What the network makes once, when it starts. */
struct network {
	struct linkage *linkage;
	struct amendments *amendments;
	struct organisation *organisations;
	size_t n_organisations;
};

/* system->start and stop.  An organisation that was known keeps its index,
 * whatever the settings say; a new one gets theirs, or the next free one. */
MUST_USE enum err network_start(struct turn *turn, void **ret_state);
void network_stop(void *state);
const struct network *network_of(const struct turn *turn);

/* Known by the settings of today; NULL if there is none. */
const struct organisation *
organisation_find(const struct network *network, struct slice id);

/* The system of that name in an organisation: "131041/relay".  ERR_INPUT if
 * there cannot be such an id. */
MUST_USE enum err organisation_system(struct turn *turn,
    struct slice organisation, const char *name, struct system_id *ret);

/* The names under which a table knows it; none if it has none for its kind:
 * then it may neither ask nor be asked. */
struct law_names organisation_names(
    const struct organisation *organisation, const struct law *law);

#endif
