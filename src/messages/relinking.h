/*
 * Other linkage codes for everybody whom an organisation knows, after the
 * network's key leaked (docs/decisions/0048-relinking.md).
 */
#ifndef BANGO_MESSAGES_RELINKING_H
#define BANGO_MESSAGES_RELINKING_H

#include "messages/common.h"

/* code.renewed, network to relay and portal: codes of the receiver's, and those
 * that take their places */
struct code_renewed_item {
	struct linkage_code from, to;
};
struct code_renewed {
	int64_t epoch; /* of the key that made the new ones */
	const struct code_renewed_item *items;
	size_t n_items;
};
DECLARE_MESSAGE(code_renewed);

/* code.taken, relay and portal to network: the codes of one code.renewed, from
 * its first new one to its last, are in use */
struct code_taken {
	int64_t epoch;
	struct linkage_code first, last;
};
DECLARE_MESSAGE(code_taken);

#endif
