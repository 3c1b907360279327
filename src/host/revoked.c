/* Revoked keys: a newer list is taken in one turn, with all that follows. */
#include <string.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "host_rows.h"

/* A peer is asked for its list once in this time, whatever number it claims. */
#define WISH_MS (60 * 1000)

/* --- Taking a list -------------------------------------------------------- */

/* Does the entry end more than the key? */
static bool
is_of_system(struct slice reason)
{
	return !slice_equal_string(reason, REVOKED_SUPERSEDED);
}

/* Whether the entry ends the system, and no earlier list did. */
static bool
ends_system(const struct directory *d, const struct revoked_entry *e)
{
	const struct revoked_key *before = directory_revoked(d, revoked_key(e));

	return is_of_system(e->reason) &&
	    (before == NULL || !slice_equal_string(e->reason, before->reason));
}

static enum err
drop_outbox(
    struct turn *turn, const struct system_id *system, struct slice reason)
{
	struct slice basis;

	TRY(host_outbox_drop(turn->store, system));
	basis = arena_printf(turn->arena, "%.*s; %lld messages erased",
	    SLICE_ARG(reason), (long long)store_changes(turn->store));

	return turn_audit(turn, "peer.revoke", slice_of(system->text), basis);
}

/* Messages that the components leave for the system in this turn are erased with
 * the rest. */
static enum err
end_system(
    struct turn *turn, const struct system_id *system, struct slice reason)
{
	struct node *node = turn->node;
	const struct part *part;

	for (part = node->parts; part < node->parts + node->n_parts; part++) {
		turn->state = part->state;
		if (part->component->revoked != NULL)
			TRY(part->component->revoked(turn, system));
	}

	return drop_outbox(turn, system, reason);
}

/* The first entry that ends this system in this list? */
static bool
is_first(const struct directory *d, const struct revoked_list *list, size_t at)
{
	size_t i;

	for (i = 0; i < at; i++) {
		if (slice_equal(
			list->entries[i].system, list->entries[at].system) &&
		    ends_system(d, &list->entries[i]))
			return false;
	}

	return true;
}

static enum err
take_entry(struct turn *turn, const struct revoked_list *list, size_t at)
{
	const struct revoked_entry *e = &list->entries[at];
	const struct directory *d = turn->node->directory;
	struct system_id system;

	TRY(host_revoked_key_put(turn->store,
	    &(struct host_revoked_key_put){.key = revoked_key(e),
		.system = e->system,
		.reason = e->reason,
		.since = e->since,
		.listed = list->number}));
	if (!ends_system(d, e) || !is_first(d, list, at) ||
	    system_id_parse(e->system, &system) ||
	    !turn_has_peer(turn, &system))
		return OK;

	return end_system(turn, &system, e->reason);
}

static enum err
take(struct turn *turn, const struct revoked_list *list, struct slice text)
{
	size_t i;

	for (i = 0; i < list->n_entries; i++)
		TRY(take_entry(turn, list, i));

	return host_revoked_list_put(
	    turn->store, list->number, list->time, text);
}

static enum err
perform(struct node *node, const struct revoked_list *list, struct slice text,
    struct problem *problem)
{
	struct caller caller = {.role = ROLE_HOST, .request = SLICE("revoked")};
	struct turn turn;
	enum err rc = turn_open(node, &caller, problem, &turn);

	return rc ? rc : turn_close(&turn, take(&turn, list, text));
}

enum err
node_take_revoked(struct node *node, const struct revoked_list *list,
    struct slice text, struct instant now, struct problem *problem)
{
	int64_t known = node->directory->revoked_number;
	enum err rc;

	if (list->number == known)
		return OK;
	if (list->number < known && !bug_is(BUG_REVOKED_LIST_OLDER))
		return problem_set(problem, ERR_CONFLICT,
		    "the list of revoked keys has the number %lld; a list of "
		    "the number %lld is in force already",
		    (long long)list->number, (long long)known);
	rc = node_begin(node, now);
	if (rc)
		return problem_set(problem, rc,
		    "the database takes no work now; try again later");
	rc = perform(node, list, text, problem);
	if (rc) {
		node_abort(node);
		return rc;
	}
	TRY(node_commit(node, problem));
	TRY(directory_reload(node, problem));

	return backlogs_load(node);
}

/* --- Questions ------------------------------------------------------------ */

int64_t
node_revoked_number(const struct node *node)
{
	return node->directory->revoked_number;
}

bool
node_is_revoked(const struct node *node, const struct fingerprint *fingerprint)
{
	return directory_revoked_certificate(node->directory, fingerprint) !=
	    NULL;
}

size_t
node_wish_revoked(struct node *node)
{
	struct directory *d = node->directory;
	size_t i;

	for (i = 0; i < d->n_peers; i++) {
		if (!d->peers[i].wish)
			continue;
		d->peers[i].wish = false;
		if (!peer_is_revoked(&d->peers[i]))
			return i;
	}

	return SIZE_MAX;
}

bool
turn_is_revoked(const struct turn *turn, const struct system_id *id)
{
	const struct peer_entry *p = directory_peer(turn->node->directory, id);

	return p != NULL && peer_is_revoked(p);
}

int64_t
turn_revoked_number(const struct turn *turn)
{
	return turn->node->directory->revoked_number;
}

void
turn_hear_revoked(
    struct turn *turn, const struct system_id *peer, int64_t number)
{
	struct peer_entry *p = directory_peer(turn->node->directory, peer);

	if (p == NULL || number <= turn_revoked_number(turn) ||
	    turn->now.ms - p->wished.ms < WISH_MS)
		return;
	p->wish = true;
	p->wished = turn->now;
}
