#include "systems/relay/state.h"

#include <stdlib.h>

#include "crypto/rest.h"

enum err
state_start(struct turn *turn, void **ret_state)
{
	struct relay_state *state;
	struct sealing *sealing;

	if (rest_epoch(turn->keys) == 0)
		return problem_set(turn->problem, ERR_CRYPTO,
		    "the key store of %s holds no key for values at rest; "
		    "`bango keys DIR %s --rotate rest` makes one",
		    turn_self(turn)->text, turn_self(turn)->text);
	TRY(sealing_new(turn, &sealing));
	state = heap_array(1, sizeof(*state));
	*state = (struct relay_state){sealing, sheets_new()};
	*ret_state = state;

	return OK;
}

void
state_stop(void *opaque)
{
	struct relay_state *state = opaque;

	if (state == NULL)
		return;
	sealing_free(state->sealing);
	sheets_free(state->sheets);
	free(state);
}
