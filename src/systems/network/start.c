#include "systems/network/start.h"

#include <stdlib.h>

#include "systems/network/amendment.h"
#include "systems/network/organisation.h"
#include "systems/network/relinking.h"

enum err
network_start(struct turn *turn, void **ret_state)
{
	struct network *network = heap_array(1, sizeof(*network));
	enum err rc;

	rc = linkage_new(turn->keys, &network->linkage);
	if (rc)
		rc = problem_set(turn->problem, rc,
		    "the key store of %s holds no key \"%s\" that fits",
		    turn_self(turn)->text, LINKAGE_KEY);
	if (rc == OK)
		rc = amendments_new(&network->amendments, turn->problem);
	if (rc == OK)
		rc = organisations_read(turn, network);
	if (rc == OK)
		rc = relinking_check_keys(turn, network->linkage);
	if (rc) {
		network_stop(network);
		return rc;
	}
	*ret_state = network;

	return OK;
}

void
network_stop(void *state)
{
	struct network *network = state;

	if (network == NULL)
		return;
	organisations_free(network);
	linkage_free(network->linkage);
	amendments_free(network->amendments);
	free(network);
}
