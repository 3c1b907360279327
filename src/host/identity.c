/* Whether the database is the one that the mark names, at the start; and the
 * mark renewed while the node works. */
#include <string.h>

#include "base/encode.h"
#include "host/node_internal.h"
#include "host_rows.h"

/* The database as a start finds it. */
struct found {
	bool has_row;
	struct host_identity_row row; /* of the database */
	bool is_empty;                /* no entry of the audit */
	struct merkle_tree ledger;
};

enum err
mark_keep(struct node *node, const struct mark *mark, struct problem *problem)
{
	if (node->place != NULL)
		TRY(node->place->save(node->place->state, mark, problem));
	node->mark = *mark;

	return OK;
}

enum err
mark_load(struct node *node, struct problem *problem)
{
	enum err rc;

	node->mark.ledger.root = merkle_empty();
	if (node->place == NULL)
		return OK;
	rc = node->place->load(node->place->state, &node->mark, problem);
	node->worked_before = rc == OK && node->mark.worked;

	return rows_end(rc);
}

/* --- The ledger ---------------------------------------------------------- */

/* The tree of the first `size` entries, or of all if that is UINT64_MAX. */
static enum err
ledger_at(struct turn *turn, uint64_t size, struct merkle_tree *ret)
{
	const struct node *node = turn->node;
	size_t i;

	*ret = (struct merkle_tree){0, merkle_empty()};
	for (i = 0; i < node->n_parts; i++) {
		if (node->parts[i].component->ledger != NULL)
			return node->parts[i].component->ledger(
			    turn, size, ret);
	}

	return OK;
}

/* The same; a damaged ledger has no entries. */
static enum err
sound_ledger_at(struct turn *turn, uint64_t size, struct merkle_tree *ret)
{
	enum err rc = ledger_at(turn, size, ret);

	if (rc != ERR_CORRUPT)
		return rc;
	*ret = (struct merkle_tree){0, merkle_empty()};

	return OK;
}

/* --- Beginning ----------------------------------------------------------- */

static enum err
put_identity(struct turn *turn, struct slice reason)
{
	const struct node *node = turn->node;

	return host_identity_put(turn->store,
	    &(struct host_identity_put){.id = slice_of(node->mark.id),
		.system = &node->id,
		.born = turn->now,
		.adopted = slice_is_empty(reason) ? NULL : &turn->now,
		.reason = reason});
}

/* The id stands in the mark before it stands in the database, so that a start
 * that is cut off between the two is repeated. */
static enum err
begin(struct turn *turn)
{
	struct node *node = turn->node;
	struct mark mark = node->mark;
	struct slice id;

	if (mark.id[0] == '\0') {
		id = turn_new_id(turn);
		memcpy(mark.id, id.data, sizeof(mark.id) - 1);
		mark.time = turn->now;
		TRY(mark_keep(node, &mark, turn->problem));
	}

	return put_identity(turn, SLICE(""));
}

/* --- Adopting ------------------------------------------------------------ */

/* Two steps, as in begin(). */
static enum err
adopt_empty(struct turn *turn, struct slice reason)
{
	struct node *node = turn->node;
	struct mark mark = node->mark;
	struct slice id = turn_new_id(turn);

	if (mark.worked)
		memcpy(mark.id, id.data, sizeof(mark.id) - 1);
	mark.worked = false;
	mark.ledger = (struct merkle_tree){0, merkle_empty()};
	mark.time = turn->now;
	TRY(mark_keep(node, &mark, turn->problem));
	node->is_adopted = true;
	TRY(put_identity(turn, reason));

	return turn_audit(
	    turn, "database.adopt-empty", slice_of(mark.id), reason);
}

/* The mark follows with the end of the start (identity_keep). */
static enum err
adopt_older(struct turn *turn, const struct found *f, struct slice reason)
{
	struct node *node = turn->node;
	struct slice id = f->row.id;

	if (f->has_row) {
		memcpy(node->mark.id, id.data, sizeof(node->mark.id) - 1);
		TRY(host_identity_adopt(turn->store, turn->now, reason));
	} else {
		id = slice_of(node->mark.id);
		TRY(put_identity(turn, reason));
	}
	node->mark.ledger = f->ledger;
	node->mark.worked = false; /* until it is written (mark_committed) */
	node->worked_before = node->is_adopted = true;

	return turn_audit(turn, "database.adopt-older", id, reason);
}

/* --- Judging ------------------------------------------------------------- */

static enum err
find(struct turn *turn, struct found *ret)
{
	struct host_audit_newest_row newest;
	enum err rc = host_identity(turn->store, turn->arena, &ret->row);

	TRY(rows_end(rc));
	ret->has_row = rc == OK;
	rc = host_audit_newest(turn->store, &newest);
	TRY(rows_end(rc));
	ret->is_empty = rc == ERR_NOT_FOUND;

	return sound_ledger_at(turn, UINT64_MAX, &ret->ledger);
}

/* The database of another system, or of another nation, is never adopted. */
static enum err
check_owner(struct turn *turn, const struct found *f)
{
	const struct node *node = turn->node;

	if (!f->has_row)
		return OK;
	if (!system_id_equal(&f->row.system, &node->id))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "%s is that of %s, and not of %s: put the right one in its "
		    "place",
		    node->database, f->row.system.text, node->id.text);
	if (node->mark.id[0] != '\0' &&
	    !slice_equal_string(f->row.id, node->mark.id))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "%s is another database of %s than the one that its keys "
		    "have worked with: it has the identity %.*s, and %s "
		    "expects %s; put the right one in its place",
		    node->database, node->id.text, SLICE_ARG(f->row.id),
		    node->place->name, node->mark.id);

	return OK;
}

/* Why the ledger is not the one of the mark, in the arena; NULL if it is. */
static enum err
doubt_ledger(struct turn *turn, const struct found *f, const char **ret)
{
	const struct mark *mark = &turn->node->mark;
	unsigned long long size = mark->ledger.size, has = f->ledger.size;
	struct merkle_tree then;

	if (has < size) {
		*ret = arena_printf(turn->arena,
		    "its ledger has %llu entries, and had %llu", has, size)
			   .data;
		return OK;
	}
	TRY(sound_ledger_at(turn, size, &then));
	if (!digest_equal(&then.root, &mark->ledger.root))
		*ret = arena_printf(turn->arena,
		    "its ledger of %llu entries does not continue the one "
		    "that had %llu",
		    has, size)
			   .data;

	return OK;
}

/* Why this database is not the one of the mark; *ret is NULL if it is. */
static enum err
doubt(struct turn *turn, const struct found *f, const char **ret)
{
	const struct node *node = turn->node;

	*ret = NULL;
	if (node->mark.id[0] == '\0' && f->has_row)
		*ret = "it has worked before, and the mark is missing";
	else if (node->mark.worked && !f->has_row)
		*ret = "it has no identity, and had one";
	else if (node->mark.worked)
		return doubt_ledger(turn, f, ret);

	return OK;
}

static enum err
refuse(struct turn *turn, const char *why)
{
	const struct node *node = turn->node;

	return problem_set(turn->problem, ERR_CONFLICT,
	    "%s is not the database of %s that %s names: %s; restore the "
	    "newest copies of both; to go on with what is there, start with "
	    "--adopt-older REASON: what was done since is forgotten",
	    node->database, node->id.text, node->place->name, why);
}

/* A start that adopted an empty database was cut off between its two steps. */
static bool
was_adopting(const struct mark *mark, const struct adoption *adoption)
{
	return mark->id[0] != '\0' && !mark->worked &&
	    (mark->given[MARK_SERIAL] > 0 ||
		mark->given[MARK_ORGANISATION] > 0 ||
		adoption->what == ADOPT_EMPTY);
}

enum err
identity_check(struct turn *turn, const struct adoption *adoption)
{
	struct slice reason = slice_of(adoption->reason);
	struct node *node = turn->node;
	struct found f = {0};
	const char *why;

	if (node->place == NULL)
		return OK;
	TRY(find(turn, &f));
	TRY(check_owner(turn, &f));
	node->is_adopted = f.has_row && f.row.has_adopted;
	TRY(doubt(turn, &f, &why));
	if (!f.has_row && was_adopting(&node->mark, adoption))
		return adopt_empty(turn,
		    slice_is_empty(reason) ? SLICE("as begun before") : reason);
	if (why == NULL)
		return f.has_row ? OK : begin(turn);
	if (!f.has_row && f.is_empty && adoption->what == ADOPT_EMPTY)
		return adopt_empty(turn, reason);
	if ((f.has_row || !f.is_empty) && adoption->what == ADOPT_OLDER)
		return adopt_older(turn, &f, reason);

	return refuse(turn, why);
}

/* --- Renewing ------------------------------------------------------------ */

/* The mark is written when the batch is committed: it must not name entries
 * that the database does not have. */
enum err
mark_renew(struct turn *turn)
{
	struct node *node = turn->node;

	if (node->place == NULL)
		return OK;
	TRY(ledger_at(turn, UINT64_MAX, &node->renewed));
	node->is_renewed = true;

	return OK;
}

void
mark_committed(struct node *node, enum err committed)
{
	struct problem problem = {0};
	struct mark mark = node->mark;

	if (!node->is_renewed)
		return;
	node->is_renewed = false;
	if (committed != OK ||
	    (mark.worked && mark.ledger.size == node->renewed.size))
		return;
	mark.worked = true;
	mark.ledger = node->renewed;
	mark.time = node->now;
	if (mark_keep(node, &mark, &problem))
		node_note(node, "mark", slice_of("not renewed"), &problem);
}
