#include "systems/jukinet/numbers.h"

#include <string.h>

#include "jukinet_statements.h"
#include "systems/jukinet/ciphers.h"

/* Body of a code and generation, as FF1 takes them. */
static uint64_t
pack(uint64_t code_body, unsigned int generation)
{
	return code_body * 10 + generation;
}

struct individual_number
numbers_of(
    const struct turn *turn, uint64_t code_body, struct generation generation)
{
	uint64_t value = pack(code_body, generation.generation);

	ciphers_encrypt(
	    turn->state, CIPHER_NUMBER, generation.epoch, &value, 1);

	return individual_number_from_body(value);
}

/* --- Whose ---------------------------------------------------------------- */

/* Under which epoch a person's former number was made; 0: never. */
static enum err
former_epoch(struct turn *turn, struct serial serial, unsigned int generation,
    unsigned int *ret)
{
	struct query q;
	enum err rc;

	*ret = 0;
	store_query(turn->store, JUKINET_NUMBER_FORMER, &q);
	query_int(&q, "serial", serial.value);
	query_int(&q, "generation", generation);
	rc = query_step(&q);
	if (rc == OK)
		*ret = (unsigned int)column_int(&q, "epoch");
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* Was this generation made for the person under this epoch? */
static enum err
was_made(struct turn *turn, struct serial serial, struct generation generation,
    bool *ret_made, bool *ret_current)
{
	struct generation current = {0};
	unsigned int epoch;
	struct query q;
	enum err rc;

	*ret_made = *ret_current = false;
	store_query(turn->store, JUKINET_NUMBER_CURRENT, &q);
	query_int(&q, "serial", serial.value);
	rc = query_step(&q);
	if (rc == OK) {
		current.generation = (unsigned int)column_int(&q, "generation");
		current.epoch = (unsigned int)column_int(&q, "epoch");
	}
	query_done(&q);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	if (current.generation == generation.generation) {
		*ret_made = *ret_current = current.epoch == generation.epoch;
		return OK;
	}
	rc = former_epoch(turn, serial, generation.generation, &epoch);
	*ret_made = epoch == generation.epoch;

	return rc;
}

/* Enter the owners of those numbers that `epoch` made. */
static enum err
find_in_epoch(struct turn *turn, unsigned int epoch, const uint64_t *bodies,
    size_t n, struct number_owner *ret)
{
	uint64_t *values = arena_array(turn->arena, n, sizeof(*values));
	uint64_t *codes = arena_array(turn->arena, n, sizeof(*codes));
	struct designated *owners =
	    arena_array(turn->arena, n, sizeof(*owners));
	struct generation generation = {.epoch = epoch};
	bool made;
	size_t i;
	enum err rc;

	memcpy(values, bodies, n * sizeof(*values));
	ciphers_decrypt(turn->state, CIPHER_NUMBER, epoch, values, n);
	for (i = 0; i < n; i++)
		codes[i] = values[i] / 10;
	rc = designation_find(turn, codes, n, owners);
	for (i = 0; rc == OK && i < n; i++) {
		if (ret[i].serial.value != 0 || owners[i].serial.value == 0)
			continue;
		generation.generation = (unsigned int)(values[i] % 10);
		rc = was_made(turn, owners[i].serial, generation, &made,
		    &ret[i].is_current);
		if (rc || !made)
			continue;
		ret[i].serial = owners[i].serial;
		ret[i].code_body = codes[i];
	}

	return rc;
}

static enum err
find_up_to(struct turn *turn, unsigned int newest, const uint64_t *bodies,
    size_t n, struct number_owner *ret)
{
	unsigned int epoch;
	enum err rc = OK;

	memset(ret, 0, n * sizeof(*ret));
	for (epoch = newest; rc == OK && epoch > 0; epoch--)
		rc = find_in_epoch(turn, epoch, bodies, n, ret);

	return rc;
}

enum err
numbers_find(struct turn *turn, const struct individual_number *numbers,
    size_t n, struct number_owner *ret)
{
	uint64_t *bodies = arena_array(turn->arena, n, sizeof(*bodies));
	size_t i;

	for (i = 0; i < n; i++)
		bodies[i] = individual_number_body(&numbers[i]);

	return find_up_to(
	    turn, ciphers_epoch(turn->state, CIPHER_NUMBER), bodies, n, ret);
}

/* --- Making --------------------------------------------------------------- */

/* The generations still to be made, and the numbers that they give. */
struct making {
	const uint64_t *codes;
	struct generation *generations;
	uint64_t *bodies;
	size_t n;
};

static bool
is_exhausted(const struct making *m, size_t i)
{
	return m->generations[i].generation > GENERATION_MAX;
}

static void
make_all(struct turn *turn, const struct making *m, unsigned int epoch)
{
	size_t i;

	for (i = 0; i < m->n; i++)
		m->bodies[i] = is_exhausted(m, i)
		    ? 0
		    : pack(m->codes[i], m->generations[i].generation);
	ciphers_encrypt(turn->state, CIPHER_NUMBER, epoch, m->bodies, m->n);
}

/* Take the next generation where an older epoch made the same number. */
static enum err
avoid(struct turn *turn, const struct making *m, unsigned int epoch,
    bool *ret_again)
{
	struct number_owner *owners =
	    arena_array(turn->arena, m->n, sizeof(*owners));
	size_t i;
	enum err rc;

	*ret_again = false;
	rc = find_up_to(turn, epoch - 1, m->bodies, m->n, owners);
	for (i = 0; rc == OK && i < m->n; i++) {
		if (owners[i].serial.value == 0 || is_exhausted(m, i))
			continue;
		m->generations[i].generation++;
		*ret_again = true;
	}

	return rc;
}

enum err
numbers_make(struct turn *turn, const uint64_t *code_bodies, size_t n,
    unsigned int first, struct generation *ret_generations,
    struct individual_number *ret)
{
	unsigned int epoch = ciphers_epoch(turn->state, CIPHER_NUMBER);
	struct making m = {.codes = code_bodies,
	    .generations = ret_generations,
	    .bodies = arena_array(turn->arena, n, sizeof(*m.bodies)),
	    .n = n};
	bool again = true;
	size_t i;
	enum err rc = OK;

	for (i = 0; i < n; i++)
		ret_generations[i] = (struct generation){first, epoch};
	while (rc == OK && again) {
		make_all(turn, &m, epoch);
		rc = avoid(turn, &m, epoch, &again);
	}
	for (i = 0; i < n; i++)
		ret[i] = individual_number_from_body(m.bodies[i]);

	return rc;
}
