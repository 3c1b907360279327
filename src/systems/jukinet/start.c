/* The start of jukinet: its keys, and the mark above all that was designated. */
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/designation.h"
#include "systems/jukinet/jukinet.h"

enum err
jukinet_start(struct turn *turn, void **ret_state)
{
	struct ciphers *ciphers = NULL;
	enum err rc = ciphers_new(turn->keys, &ciphers);

	if (rc)
		return problem_set(turn->problem, rc,
		    "the key store lacks a key for codes or numbers; "
		    "restore it from a copy");
	*ret_state = ciphers;

	return designation_start(turn);
}

void
jukinet_stop(void *state)
{
	ciphers_free(state);
}
