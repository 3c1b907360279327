#include "systems/jukinet/numbers.h"

#include <string.h>

#include "jukinet_statements.h"
#include "systems/jukinet/ciphers.h"
#include "systems/jukinet/person.h"

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

/* Under which epoch a former number was made of this code; 0: never. */
static enum err
former_epoch(struct turn *turn, struct serial code, unsigned int generation,
    unsigned int *ret)
{
	struct query q;
	enum err rc;

	*ret = 0;
	store_query(turn->store, JUKINET_NUMBER_FORMER, &q);
	query_int(&q, "number_serial", code.value);
	query_int(&q, "generation", generation);
	rc = query_step(&q);
	if (rc == OK)
		*ret = (unsigned int)column_int(&q, "epoch");
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* What is current of a person. */
struct current {
	struct serial code;        /* of today */
	struct serial number_code; /* what the number was made of */
	struct generation number;
};

static enum err
load_current(struct turn *turn, struct serial person, struct current *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, JUKINET_NUMBER_CURRENT, &q);
	query_int(&q, "serial", person.value);
	rc = query_step(&q);
	if (rc == OK) {
		ret->code.value = column_int(&q, "code_serial");
		ret->number_code.value = column_int(&q, "number_serial");
		ret->number.generation =
		    (unsigned int)column_int(&q, "generation");
		ret->number.epoch = (unsigned int)column_int(&q, "epoch");
	}
	query_done(&q);

	return rc;
}

/* Was a number made of this code in this generation and epoch?  Then enter
 * its owner. */
static enum err
find_owner(struct turn *turn, struct serial code, struct generation generation,
    struct number_owner *ret)
{
	struct current current;
	struct serial person;
	unsigned int epoch;
	enum err rc;

	rc = person_serial(turn, code, &person);
	if (rc == OK)
		rc = load_current(turn, person, &current);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	if (current.number_code.value == code.value &&
	    current.number.generation == generation.generation) {
		epoch = current.number.epoch;
		ret->is_current = epoch == generation.epoch;
	} else if ((rc = former_epoch(
			turn, code, generation.generation, &epoch)))
		return rc;
	if (epoch != generation.epoch)
		return OK;
	ret->serial = person;
	ret->code = current.code;

	return OK;
}

/* Enter the body of the code that an owner has today; `made_of` is the
 * number's. */
static enum err
enter_code(struct turn *turn, struct serial made_of, uint64_t body,
    struct number_owner *owner)
{
	struct resident_code code;
	enum err rc;

	owner->code_body = body;
	if (owner->code.value == made_of.value)
		return OK;
	rc = designation_code(turn, owner->code, &code);
	if (rc)
		return rc;
	owner->code_body = resident_code_body(&code);
	resident_code_wipe(&code);

	return OK;
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
		rc = find_owner(turn, owners[i].serial, generation, &ret[i]);
		if (rc == OK && ret[i].serial.value != 0)
			rc = enter_code(
			    turn, owners[i].serial, codes[i], &ret[i]);
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
