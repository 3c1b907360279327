#include "systems/network/organisation.h"

#include <stdlib.h>

#include "network_statements.h"
#include "systems/network/amendment.h"

#define PREFIX SLICE("organisation.")

/* An organisation as the database has it. */
struct known {
	struct slice id, kind, name;
	uint32_t number;
};

struct known_list {
	struct known *all; /* in the arena */
	size_t n;
};

const struct network *
network_of(const struct turn *turn)
{
	return turn->state;
}

const struct organisation *
organisation_find(const struct network *network, struct slice id)
{
	size_t i;

	for (i = 0; i < network->n_organisations; i++) {
		if (slice_equal_string(id, network->organisations[i].id))
			return &network->organisations[i];
	}

	return NULL;
}

struct law_names
organisation_names(
    const struct organisation *organisation, const struct law *law)
{
	struct law_names names;

	if (law_party(law, slice_of(organisation->kind), &names))
		names = (struct law_names){{0}};

	return names;
}

/* --- Indexes -------------------------------------------------------------- */

static enum err
read_known(struct turn *turn, struct known_list *ret)
{
	struct query q;
	enum err rc;

	ret->n = 0;
	ret->all = arena_array(
	    turn->arena, ORGANISATIONS_KNOWN_MAX, sizeof(*ret->all));
	store_query(turn->store, NETWORK_ORGANISATIONS, &q);
	while ((rc = query_step(&q)) == OK) {
		struct known *k = &ret->all[ret->n];

		if (ret->n == ORGANISATIONS_KNOWN_MAX) {
			rc = ERR_TOO_LARGE;
			break;
		}
		k->number = (uint32_t)column_int(&q, "number");
		k->id = arena_copy(turn->arena, column_text(&q, "id"));
		k->kind = arena_copy(turn->arena, column_text(&q, "kind"));
		k->name = arena_copy(turn->arena, column_text(&q, "name"));
		ret->n++;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

static bool
is_taken(const struct known_list *list, uint32_t number)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->all[i].number == number)
			return true;
	}

	return number == 0;
}

static struct known *
find_known(const struct known_list *list, struct slice id)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (slice_equal(list->all[i].id, id))
			return &list->all[i];
	}

	return NULL;
}

static enum err
store_known(struct turn *turn, const struct known *k)
{
	struct query q;

	store_query(turn->store, NETWORK_ORGANISATION_PUT, &q);
	query_int(&q, "number", k->number);
	query_text(&q, "id", k->id);
	query_text(&q, "kind", k->kind);
	query_text(&q, "name", k->name);

	return query_run(&q);
}

/* Write what is new about `given`, and give it its index for ever. */
static enum err
remember(struct turn *turn, struct known_list *list, struct known *given)
{
	struct known *old = find_known(list, given->id);

	if (old != NULL) {
		given->number = old->number;
		if (slice_equal(old->kind, given->kind) &&
		    slice_equal(old->name, given->name))
			return OK;
	} else {
		if (list->n == ORGANISATIONS_KNOWN_MAX)
			return ERR_TOO_LARGE;
		while (is_taken(list, given->number))
			given->number++;
		list->all[list->n++] = *given;
	}

	return store_known(turn, given);
}

/* --- Settings ------------------------------------------------------------- */

/* "3 municipality 旭川市" */
static enum err
read_setting(
    struct turn *turn, const struct setting *setting, struct known *ret)
{
	struct slice rest = slice_of(setting->value);
	struct slice name = slice_of(setting->name);
	uint64_t number;

	ret->id = (struct slice){name.data + PREFIX.len, name.len - PREFIX.len};
	if (slice_to_u64(slice_cut(&rest, ' '), UINT32_MAX - 1, &number) ||
	    number == 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "setting %s: begin with an index from 1, then kind and "
		    "name",
		    setting->name);
	ret->number = (uint32_t)number;
	ret->kind = slice_cut(&rest, ' ');
	ret->name = slice_trim(rest);
	if (slice_is_empty(ret->id) || slice_is_empty(ret->kind) ||
	    slice_is_empty(ret->name))
		return problem_set(turn->problem, ERR_INPUT,
		    "setting %s: expected index, kind and name", setting->name);

	return OK;
}

/* Without a setting, filed: the commission's register is not part of this
 * nation yet. */
static bool
is_assessed(struct turn *turn, struct slice id)
{
	struct slice name =
	    arena_printf(turn->arena, "assessment.%.*s", SLICE_ARG(id));
	struct slice state = turn_setting(turn, name.data);

	return slice_is_empty(state) || slice_equal_string(state, "filed");
}

static enum err
add(struct turn *turn, struct network *network, const struct known *k)
{
	struct organisation *o =
	    &network->organisations[network->n_organisations];

	if (organisation_find(network, k->id) != NULL)
		return problem_set(turn->problem, ERR_INPUT,
		    "setting organisation.%.*s: set twice", SLICE_ARG(k->id));
	o->id = heap_string(k->id);
	o->kind = heap_string(k->kind);
	o->number = k->number;
	o->is_assessed = is_assessed(turn, k->id);
	network->n_organisations++;

	return OK;
}

static enum err
read_settings(struct turn *turn, struct network *network)
{
	const struct setting *s = turn_settings(turn);
	struct known_list list;
	struct known given;
	size_t n = 0;
	enum err rc;

	rc = read_known(turn, &list);
	for (; rc == OK && s != NULL && s[n].name != NULL; n++)
		continue;
	network->organisations =
	    heap_array(n + 1, sizeof(*network->organisations));
	for (; rc == OK && s != NULL && s->name != NULL; s++) {
		if (!slice_has_prefix(slice_of(s->name), PREFIX))
			continue;
		rc = read_setting(turn, s, &given);
		if (rc == OK)
			rc = remember(turn, &list, &given);
		if (rc == OK)
			rc = add(turn, network, &given);
	}

	return rc;
}

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
		rc = read_settings(turn, network);
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
	size_t i;

	if (network == NULL)
		return;
	for (i = 0; i < network->n_organisations; i++) {
		free(network->organisations[i].id);
		free(network->organisations[i].kind);
	}
	free(network->organisations);
	linkage_free(network->linkage);
	amendments_free(network->amendments);
	free(network);
}
