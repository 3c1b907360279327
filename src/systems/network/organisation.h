/*
 * The organisations that the network knows: the settings, joined with the index
 * of each organisation, which never changes (it is part of its codes).
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
	bool is_assessed; /* the condition of 番号法28条 is met */
};

struct amendments;

/* The state that the network sets up once, when it starts. */
struct network {
	struct linkage *linkage;
	struct amendments *amendments;
	struct organisation *organisations;
	size_t n_organisations;
};

const struct network *network_of(const struct turn *turn);
/*
 * Read the settings into network->organisations, which organisations_free()
 * frees.  An organisation that was known keeps its index, whatever the settings
 * say; a new one gets the index of the settings, or the next free one after it
 * that lies above the mark (host/mark.h).
 * ERR_INPUT if a setting does not fit.
 */
MUST_USE enum err
organisations_read(struct turn *turn, struct network *network);
void organisations_free(struct network *network);

/* The organisation of that id in the current settings; NULL if there is none. */
const struct organisation *
organisation_find(const struct network *network, struct slice id);

/* The names under which a table knows the organisation; none if the table has
 * no name for its kind: it may then neither ask nor be asked. */
struct law_names organisation_names(
    const struct organisation *organisation, const struct law *law);

#endif
