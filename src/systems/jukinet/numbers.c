#include "systems/jukinet/numbers.h"

#include <string.h>

#include "jukinet_rows.h"
#include "systems/jukinet/ciphers.h"

/* Body of a code and generation, as FF1 takes them. */
static uint64_t
pack(uint64_t code_body, int64_t generation)
{
	return code_body * 10 + (uint64_t)generation;
}

struct individual_number
numbers_of(
    const struct turn *turn, uint64_t code_body, struct generation generation)
{
	uint64_t value = pack(code_body, generation.generation);

	ciphers_encrypt(turn->state, CIPHER_NUMBER,
	    (unsigned int)generation.epoch, &value, 1);

	return individual_number_from_body(value);
}

/* --- Owners --------------------------------------------------------------- */

/* The epoch under which this code's former number of that generation was made; 0
 * if there is none. */
static enum err
former_epoch(
    struct turn *turn, struct serial code, int64_t generation, int64_t *ret)
{
	struct jukinet_number_former_row row = {0};

	TRY(rows_end(
	    jukinet_number_former(turn->store, code, generation, &row)));
	*ret = row.epoch;

	return OK;
}

/* Read the row of the person who has or had a code.  ERR_NOT_FOUND. */
static enum err
read_owner(struct turn *turn, struct serial code,
    struct jukinet_number_current_row *ret, struct number_owner *owner)
{
	TRY(designation_person(turn, code, &owner->read));
	TRY(jukinet_number_current(turn->store, turn->arena, owner->read, ret));
	owner->municipality = ret->municipality;
	owner->attributes = ATTRIBUTES_OF_IDENTITY_OF(*ret);

	return OK;
}

/* Set *ret if a number was made from this code in this generation and epoch. */
static enum err
find_owner(struct turn *turn, struct serial code, struct generation generation,
    struct number_owner *ret)
{
	struct jukinet_number_current_row current;
	int64_t epoch;
	enum err rc = read_owner(turn, code, &current, ret);

	if (rc)
		return rows_end(rc);
	epoch = current.epoch;
	ret->is_current = current.number_serial.value == code.value &&
	    current.generation == generation.generation &&
	    current.epoch == generation.epoch;
	if (!ret->is_current)
		TRY(former_epoch(turn, code, generation.generation, &epoch));
	if (epoch != generation.epoch)
		return OK;
	ret->serial = ret->read;
	ret->code = current.code_serial;

	return OK;
}

enum err
numbers_work_alike(struct turn *turn, struct number_owner *owner)
{
	const struct serial decoy = {1};
	struct jukinet_number_current_row row;
	int64_t epoch;

	if (owner->read.value == 0)
		TRY(rows_end(read_owner(turn, decoy, &row, owner)));
	else if (!owner->is_current)
		return OK; /* it was looked for among the former ones */

	return former_epoch(turn, owner->read, 0, &epoch);
}

/* Set the owners of those numbers that were made under `epoch`. */
static enum err
find_in_epoch(struct turn *turn, unsigned int epoch, const uint64_t *bodies,
    size_t n, struct number_owner *ret)
{
	uint64_t *values = arena_array(turn->arena, n, sizeof(*values));
	uint64_t *codes = arena_array(turn->arena, n, sizeof(*codes));
	struct designated *owners =
	    arena_array(turn->arena, n, sizeof(*owners));
	struct generation generation = {.epoch = epoch};
	size_t i;

	memcpy(values, bodies, n * sizeof(*values));
	ciphers_decrypt(turn->state, CIPHER_NUMBER, epoch, values, n);
	for (i = 0; i < n; i++)
		codes[i] = values[i] / 10;
	TRY(designation_find(turn, codes, n, owners));
	for (i = 0; i < n; i++) {
		if (ret[i].serial.value != 0 || owners[i].serial.value == 0)
			continue;
		generation.generation = (int64_t)(values[i] % 10);
		TRY(find_owner(turn, owners[i].serial, generation, &ret[i]));
		if (ret[i].code.value == owners[i].serial.value)
			ret[i].code_body = codes[i];
		else if (ret[i].serial.value != 0)
			TRY(designation_body(
			    turn, ret[i].code, &ret[i].code_body));
	}

	return OK;
}

static enum err
find_up_to(struct turn *turn, unsigned int newest, const uint64_t *bodies,
    size_t n, struct number_owner *ret)
{
	unsigned int epoch;

	memset(ret, 0, n * sizeof(*ret));
	for (epoch = newest; epoch > 0; epoch--)
		TRY(find_in_epoch(turn, epoch, bodies, n, ret));

	return OK;
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

/* The generations still to be made, and the numbers that result. */
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

	*ret_again = false;
	TRY(find_up_to(turn, epoch - 1, m->bodies, m->n, owners));
	for (i = 0; i < m->n; i++) {
		if (owners[i].serial.value == 0 || is_exhausted(m, i))
			continue;
		m->generations[i].generation++;
		*ret_again = true;
	}

	return OK;
}

enum err
numbers_make(struct turn *turn, const uint64_t *code_bodies, size_t n,
    int64_t first, struct generation *ret_generations,
    struct individual_number *ret)
{
	unsigned int epoch = ciphers_epoch(turn->state, CIPHER_NUMBER);
	struct making m = {.codes = code_bodies,
	    .generations = ret_generations,
	    .bodies = arena_array(turn->arena, n, sizeof(*m.bodies)),
	    .n = n};
	bool again = true;
	size_t i;

	for (i = 0; i < n; i++)
		ret_generations[i] = (struct generation){first, epoch};
	while (again) {
		make_all(turn, &m, epoch);
		TRY(avoid(turn, &m, epoch, &again));
	}
	for (i = 0; i < n; i++)
		ret[i] = individual_number_from_body(m.bodies[i]);

	return OK;
}
