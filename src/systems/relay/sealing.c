#include "systems/relay/sealing.h"

#include <stdlib.h>

#include "crypto/jose.h"
#include "systems/relay/state.h"

struct sealing {
	struct sealing_key **keys; /* newest first */
	size_t n_keys;
	char *jwk; /* of the newest */
};

enum err
sealing_new(struct turn *turn, struct sealing **ret)
{
	const struct stored_key *stored = keystore_current(turn->keys, "seal");
	struct sealing *state;
	uint32_t epoch;

	if (stored == NULL)
		return problem_set(turn->problem, ERR_CRYPTO,
		    "the key store of %s holds no sealing key",
		    turn_self(turn)->text);
	state = heap_array(1, sizeof(*state));
	state->keys = heap_array(stored->epoch, sizeof(*state->keys));
	for (epoch = stored->epoch; epoch > 0; epoch--) {
		stored = keystore_epoch(turn->keys, "seal", epoch);
		if (stored != NULL &&
		    sealing_key_decode(
			stored->secret, &state->keys[state->n_keys]) == OK)
			state->n_keys++;
	}
	if (state->n_keys == 0) {
		sealing_free(state);
		return problem_set(turn->problem, ERR_CRYPTO,
		    "the sealing keys of %s cannot be read",
		    turn_self(turn)->text);
	}
	state->jwk = heap_string(sealing_key_jwk(state->keys[0], turn->arena));
	*ret = state;

	return OK;
}

void
sealing_free(struct sealing *state)
{
	size_t i;

	if (state == NULL)
		return;
	for (i = 0; i < state->n_keys; i++)
		sealing_key_free(state->keys[i]);
	free(state->keys);
	free(state->jwk);
	free(state);
}

struct slice
sealing_public_key(const struct turn *turn)
{
	const struct sealing *state = state_of(turn)->sealing;

	return slice_of(state->jwk);
}

enum err
sealing_open(struct turn *turn, struct slice sealed, struct provided *ret)
{
	const struct sealing *state = state_of(turn)->sealing;
	struct problem problem = {0};
	enum err rc = ERR_CRYPTO;
	struct slice plain;
	size_t i;

	for (i = 0; rc == ERR_CRYPTO && i < state->n_keys; i++)
		rc = jwe_open(turn->arena, state->keys[i], sealed, &plain);
	if (rc)
		return problem_set(turn->problem, ERR_INPUT,
		    "field sealed: is not sealed for this relay, or was "
		    "altered");
	if (shape_read(&provided_shape, turn->arena, plain, ret, &problem))
		return problem_set(
		    turn->problem, ERR_INPUT, "field sealed: %s", problem.text);

	return OK;
}
