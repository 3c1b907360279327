#include "host/turn.h"

#include <assert.h>
#include <string.h>

#include "base/bug.h"
#include "base/encode.h"
#include "host/node_internal.h"
#include "host_rows.h"

const struct system_id *
turn_self(const struct turn *turn)
{
	return &turn->node->id;
}

struct slice
turn_organisation(const struct turn *turn)
{
	return system_id_organisation(&turn->node->id);
}

struct slice
turn_first_holder(const struct turn *turn)
{
	return slice_is_empty(turn->caller.first) ? turn->caller.name
						  : turn->caller.first;
}

struct system_id
turn_sibling(const struct turn *turn, const char *name)
{
	struct system_id id;
	enum err rc = system_id_of(turn_organisation(turn), name, &id);

	assert(rc == OK);

	return id;
}

const struct signing_key *
turn_signing_key(const struct turn *turn)
{
	return turn->node->signing;
}

const struct setting *
turn_settings(const struct turn *turn)
{
	return turn->node->settings;
}

struct slice
node_setting(const struct node *node, const char *name)
{
	const struct setting *s;

	for (s = node->settings; s != NULL && s->name != NULL; s++) {
		if (strcmp(s->name, name) == 0)
			return slice_of(s->value);
	}

	return (struct slice){0};
}

struct slice
turn_setting(const struct turn *turn, const char *name)
{
	return node_setting(turn->node, name);
}

enum err
turn_single(struct turn *turn, const char *usual, struct system_id *ret)
{
	const char *slash = strchr(usual, '/'), *name;
	struct slice id;

	assert(slash != NULL);
	name = slash + 1;
	id = turn_setting(turn, name);
	if (slice_is_empty(id))
		id = slice_of(usual);
	if (system_id_parse(id, ret))
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the setting %s is not the id of a system, such as %s",
		    name, usual);

	return OK;
}

enum err
turn_check_past(struct turn *turn, const struct shape *shape, const void *input)
{
	const struct field *f =
	    shape_ahead(shape, input, turn->now, CLOCK_AHEAD_MS);

	if (f == NULL || bug_is(BUG_FUTURE_BELIEVED))
		return OK;

	return problem_set(turn->problem, ERR_INPUT,
	    "field %s: the instant has not come yet; expected one that has "
	    "passed; set the sender's clock",
	    f->name);
}

bool
turn_has_peer(const struct turn *turn, const struct system_id *id)
{
	return directory_peer(turn->node->directory, id) != NULL;
}

const struct verify_key *
turn_peer_key(const struct turn *turn, const struct system_id *peer,
    const struct key_id *key, struct instant at)
{
	const struct directory *d = turn->node->directory;
	const struct peer_key *found = directory_key(d, key);

	if (found == NULL || !system_id_equal(&d->peers[found->peer].id, peer))
		return NULL;
	if (found->revoked.ms != 0 && !instant_is_before(at, found->revoked))
		return NULL;

	return found->key;
}

static struct slice
actor(const struct turn *turn)
{
	const struct caller *c = &turn->caller;

	switch (c->role) {
	case ROLE_PUBLIC:
		return SLICE("public");
	case ROLE_RESIDENT:
		return SLICE("resident");
	case ROLE_HOLDER:
		return arena_printf(turn->arena, "%.*s:%.*s",
		    SLICE_ARG(c->organisation), SLICE_ARG(c->name));
	case ROLE_PEER:
		return slice_of(c->peer.text);
	case ROLE_HOST:
		return SLICE("host");
	}

	return SLICE("unknown");
}

enum err
turn_audit(struct turn *turn, const char *action, struct slice subject,
    struct slice basis)
{
	turn_tell_audited(turn);

	return host_audit_put(turn->store,
	    &(struct host_audit_put){.at = turn->now,
		.actor = turn->actor,
		.action = slice_of(action),
		.subject = bug_is(BUG_AUDIT_NAMELESS) ? SLICE("") : subject,
		.basis = basis,
		.request = turn->caller.request});
}

void
turn_wake(struct turn *turn, struct slice key)
{
	buf_add(&turn->node->wakes, key);
	buf_add_char(&turn->node->wakes, '\0');
}

void
counting_add(struct counting *counting, const char *name, int64_t value)
{
	assert(counting->n < COUNTING_MAX);
	counting->all[counting->n].name = name;
	counting->all[counting->n++].value = value;
}

int64_t
counting_of(const struct counting *counting, const char *name)
{
	size_t i;

	for (i = 0; i < counting->n; i++) {
		if (strcmp(counting->all[i].name, name) == 0)
			return counting->all[i].value;
	}

	return 0;
}

enum err
turn_counts(
    struct turn *turn, const struct figure *figures, struct counting *counting)
{
	const struct figure *f;
	int64_t rows;
	enum err rc;

	for (f = figures; f->name != NULL; f++) {
		rc = counts_rows(
		    &turn->node->counts, turn->store, turn->now, f, &rows);
		if (rc)
			return rc;
		counting_add(counting, f->name, rows);
	}

	return OK;
}

#define TIME_BYTES 6

struct message_id
turn_make_id(struct turn *turn)
{
	uint64_t ms = (uint64_t)turn->now.ms;
	struct message_id id;
	size_t i;

	for (i = 0; i < TIME_BYTES; i++)
		id.bytes[i] = (uint8_t)(ms >> (8 * (TIME_BYTES - 1 - i)));
	random_bytes(&turn->random, id.bytes + TIME_BYTES,
	    sizeof(id.bytes) - TIME_BYTES);

	return id;
}

struct slice
message_id_text(struct arena *arena, const struct message_id *id)
{
	char text[33];

	message_id_format(id, text);

	return arena_copy(arena, slice_of(text));
}

struct slice
turn_new_id(struct turn *turn)
{
	struct message_id id = turn_make_id(turn);

	return message_id_text(turn->arena, &id);
}

enum err
turn_open(struct node *node, const struct caller *caller,
    struct problem *problem, struct turn *ret)
{
	enum err rc;

	arena_reset(node->arena);
	problem_clear(problem);
	node->n_turns++;
	node->sheet_before = node->sheet;
	node->backlog_changes = node->backlogs.n_changes;
	node->told = store_written(node->store);
	rc = store_mark(node->store);
	if (rc)
		return problem_set(problem, rc,
		    "the database takes no work now; try again later");
	*ret = (struct turn){.node = node,
	    .arena = node->arena,
	    .store = node->store,
	    .now = node->now,
	    .random = node->random,
	    .caller = *caller,
	    .problem = problem,
	    .keys = node->keys};
	ret->actor = actor(ret);

	return OK;
}

enum err
turn_tell_written(struct turn *turn, struct slice organisation)
{
	struct node *node = turn->node;
	struct store_written now = store_written(turn->store), w = now;
	const struct part *part;
	void *state = turn->state;

	if (slice_equal(organisation, turn_organisation(turn)))
		return OK;
	w.rows -= node->told.rows;
	w.bytes -= node->told.bytes;
	node->told = now;
	for (part = node->parts; part < node->parts + node->n_parts; part++) {
		if (part->component->wrote == NULL)
			continue;
		turn->state = part->state;
		TRY(part->component->wrote(turn, organisation, &w));
	}
	turn->state = state;

	return OK;
}

/* Copy the store's problem to the turn if the handler reported none. */
static enum err
tell(struct turn *turn, enum err err)
{
	const struct problem *from = store_problem(turn->store);

	if (turn->problem->text[0] == '\0' && from->err == err)
		*turn->problem = *from;
	problem_complete(turn->problem, err);

	return err;
}

enum err
turn_close(struct turn *turn, enum err err)
{
	if (err == OK) {
		err = store_keep(turn->store);
		if (err == OK)
			return OK;
	}
	err = tell(turn, err);
	turn->node->sheet = turn->node->sheet_before;
	backlogs_undo(&turn->node->backlogs, turn->node->backlog_changes);
	store_undo(turn->store);

	return err;
}

const void *
message_input(const struct message *message, const struct message_type *type)
{
	assert(message->is == type);

	return message->input;
}

#define ERASE_MAX 1000 /* rows in one turn */

enum err
turn_erase(struct turn *turn, erase_function *erase, struct instant before,
    bool *ret_more)
{
	TRY(erase(turn->store, ERASE_MAX, before));
	if (store_changes(turn->store) == ERASE_MAX)
		*ret_more = true;

	return OK;
}
