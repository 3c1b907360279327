#include "systems/network/organisation.h"

#include <stdlib.h>

#include "host/mark.h"
#include "network_rows.h"
#include "systems/network/network.h"

#define PREFIX SLICE("organisation.")

/* Organisations as the database has them. */
struct known_list {
	struct network_organisations_row *all; /* in the arena */
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
	struct arena *arena = turn->arena;
	struct network_organisations_row row;
	struct query q;
	enum err rc;

	*ret = (struct known_list){
	    arena_array(arena, ORGANISATIONS_KNOWN_MAX, sizeof(*ret->all)), 0};
	network_organisations_rows(turn->store, &q);
	while ((rc = network_organisations_next(&q, &row)) == OK) {
		if (ret->n == ORGANISATIONS_KNOWN_MAX) {
			query_done(&q);
			return ERR_TOO_LARGE;
		}
		ret->all[ret->n++] =
		    (struct network_organisations_row){.number = row.number,
			.id = arena_copy(arena, row.id),
			.kind = arena_copy(arena, row.kind),
			.name = arena_copy(arena, row.name)};
	}

	return rows_end(rc);
}

static bool
is_taken(const struct known_list *list, int64_t number)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (list->all[i].number == number)
			return true;
	}

	return number == 0;
}

static const struct network_organisations_row *
find_known(const struct known_list *list, struct slice id)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		if (slice_equal(list->all[i].id, id))
			return &list->all[i];
	}

	return NULL;
}

/* Store `given` if it is new or changed, and set its permanent index. */
static enum err
remember(struct turn *turn, struct known_list *list,
    struct network_organisations_row *given)
{
	const struct network_organisations_row *old =
	    find_known(list, given->id);

	if (old != NULL) {
		given->number = old->number;
		if (slice_equal(old->kind, given->kind) &&
		    slice_equal(old->name, given->name))
			return OK;
	} else {
		if (list->n == ORGANISATIONS_KNOWN_MAX)
			return ERR_TOO_LARGE;
		given->number =
		    turn_mark_next(turn, MARK_ORGANISATION, given->number);
		while (is_taken(list, given->number))
			given->number++;
		TRY(turn_mark_raise(
		    turn, MARK_ORGANISATION, given->number + 1));
		list->all[list->n++] = *given;
	}

	return network_organisation_put(
	    turn->store, given->number, given->id, given->kind, given->name);
}

/* --- Settings ------------------------------------------------------------- */

/* "3 municipality 旭川市" */
static enum err
read_setting(struct turn *turn, const struct setting *setting,
    struct network_organisations_row *ret)
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
	ret->number = (int64_t)number;
	ret->kind = slice_cut(&rest, ' ');
	ret->name = slice_trim(rest);
	if (slice_is_empty(ret->id) || slice_is_empty(ret->kind) ||
	    slice_is_empty(ret->name))
		return problem_set(turn->problem, ERR_INPUT,
		    "setting %s: expected index, kind and name", setting->name);

	return OK;
}

/* An organisation without a setting counts as assessed: the Commission's
 * register is not part of this nation yet. */
static bool
is_assessed(struct turn *turn, struct slice id)
{
	struct slice name =
	    arena_printf(turn->arena, "assessment.%.*s", SLICE_ARG(id));
	struct slice state = turn_setting(turn, name.data);

	return slice_is_empty(state) ||
	    slice_equal_string(state, NETWORK_FILED);
}

static enum err
add(struct turn *turn, struct network *network,
    const struct network_organisations_row *k)
{
	struct organisation *o =
	    &network->organisations[network->n_organisations];

	if (organisation_find(network, k->id) != NULL)
		return problem_set(turn->problem, ERR_INPUT,
		    "setting organisation.%.*s: set twice", SLICE_ARG(k->id));
	o->id = heap_string(k->id);
	o->kind = heap_string(k->kind);
	o->number = (uint32_t)k->number;
	o->is_assessed = is_assessed(turn, k->id);
	network->n_organisations++;

	return OK;
}

enum err
organisations_read(struct turn *turn, struct network *network)
{
	const struct setting *s = turn_settings(turn);
	struct known_list list;
	struct network_organisations_row given;
	size_t n = 0;

	TRY(read_known(turn, &list));
	if (list.n > 0) /* in the order of their indexes */
		TRY(turn_mark_raise(
		    turn, MARK_ORGANISATION, list.all[list.n - 1].number + 1));
	while (s != NULL && s[n].name != NULL)
		n++;
	network->organisations =
	    heap_array(n + 1, sizeof(*network->organisations));
	for (; s != NULL && s->name != NULL; s++) {
		if (!slice_has_prefix(slice_of(s->name), PREFIX))
			continue;
		TRY(read_setting(turn, s, &given));
		TRY(remember(turn, &list, &given));
		TRY(add(turn, network, &given));
	}

	return OK;
}

void
organisations_free(struct network *network)
{
	size_t i;

	for (i = 0; i < network->n_organisations; i++) {
		free(network->organisations[i].id);
		free(network->organisations[i].kind);
	}
	free(network->organisations);
}
