#include "host/backlog.h"

#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "host/node_internal.h"
#include "host_rows.h"

#define MIB (INT64_C(1) << 20)
#define ROOM_FIRST 16

void
backlogs_done(struct backlogs *b)
{
	free(b->all);
	free(b->changes);
	*b = (struct backlogs){0};
}

/* --- The table ------------------------------------------------------------ */

static int
compare(const struct backlog *a, const struct system_id *cause,
    const struct system_id *to)
{
	int order = strcmp(a->cause.text, cause->text);

	return order != 0 ? order : strcmp(a->to.text, to->text);
}

/* The place of a backlog, or where it would be. */
static size_t
place_of(const struct backlogs *b, const struct system_id *cause,
    const struct system_id *to)
{
	size_t low = 0, high = b->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&b->all[middle], cause, to) < 0)
			low = middle + 1;
		else
			high = middle;
	}

	return low;
}

/* NULL if nothing waits. */
static struct backlog *
find(const struct backlogs *b, const struct system_id *cause,
    const struct system_id *to)
{
	size_t at = place_of(b, cause, to);

	return at < b->n && compare(&b->all[at], cause, to) == 0 ? &b->all[at]
								 : NULL;
}

/* Room for one more: without those that are empty, if that suffices. */
static void
make_room(struct backlogs *b)
{
	size_t i, kept = 0;

	if (b->n < b->room)
		return;
	for (i = 0; i < b->n; i++) {
		if (b->all[i].messages > 0)
			b->all[kept++] = b->all[i];
	}
	b->n = kept;
	if (b->n <= b->room / 2 && b->room > 0)
		return;
	b->room = b->room == 0 ? ROOM_FIRST : 2 * b->room;
	b->all = heap_grow(b->all, b->room, sizeof(*b->all));
}

static void
change(struct backlogs *b, const struct backlog *by, int sign)
{
	struct backlog *found = find(b, &by->cause, &by->to);
	size_t at;

	if (found == NULL) {
		make_room(b);
		at = place_of(b, &by->cause, &by->to);
		found = &b->all[at];
		memmove(found + 1, found, (b->n++ - at) * sizeof(*found));
		*found = (struct backlog){.cause = by->cause, .to = by->to};
	}
	found->messages += sign * by->messages;
	found->bytes += sign * by->bytes;
}

/* Change a backlog, and remember that until the batch ends. */
static void
note(struct backlogs *b, const struct backlog *by)
{
	change(b, by, 1);
	if (b->n_changes == b->changes_room) {
		b->changes_room =
		    b->changes_room == 0 ? ROOM_FIRST : 2 * b->changes_room;
		b->changes =
		    heap_grow(b->changes, b->changes_room, sizeof(*b->changes));
	}
	b->changes[b->n_changes++] = *by;
}

void
backlogs_undo(struct backlogs *b, size_t n)
{
	while (b->n_changes > n)
		change(b, &b->changes[--b->n_changes], -1);
}

void
backlogs_keep(struct backlogs *b)
{
	b->n_changes = 0;
}

/* --- Counting ------------------------------------------------------------- */

int64_t
backlog_bound(struct slice setting)
{
	uint64_t mib;

	if (slice_to_u64(setting, BACKLOG_MIB_MAX, &mib))
		mib = BACKLOG_MIB_USUAL;

	return (int64_t)mib * MIB;
}

enum err
backlogs_load(struct node *node)
{
	struct host_outbox_backlogs_row row;
	struct backlog b;
	struct query q;
	enum err rc;

	node->backlogs.n = node->backlogs.n_changes = 0;
	host_outbox_backlogs_rows(node->store, &q);
	while ((rc = host_outbox_backlogs_next(&q, &row)) == OK) {
		b = (struct backlog){.cause = row.cause,
		    .to = row.peer,
		    .messages = row.n,
		    .bytes = row.total};
		change(&node->backlogs, &b, 1);
	}

	return rows_end(rc);
}

/* --- Messages ------------------------------------------------------------- */

const struct system_id *
backlog_cause(const struct turn *turn)
{
	const struct system_id *peer = &turn->caller.peer;

	if (turn->caller.role != ROLE_PEER ||
	    slice_equal(system_id_organisation(peer),
		system_id_organisation(&turn->node->id)))
		return NULL;

	return peer;
}

static bool
is_full(const struct backlogs *b, const struct backlog *backlog)
{
	return backlog != NULL && backlog->bytes >= b->bound &&
	    !bug_is(BUG_OUTBOX_ENDLESS);
}

enum err
backlog_add(struct turn *turn, const struct system_id *to, size_t len,
    int64_t *ret_bytes)
{
	struct backlogs *b = &turn->node->backlogs;
	struct backlog more = {.cause = *backlog_cause(turn),
	    .to = *to,
	    .messages = 1,
	    .bytes = (int64_t)len};

	if (is_full(b, find(b, &more.cause, to))) {
		turn->node->n.put_off++;
		return problem_set(turn->problem, ERR_BUSY,
		    "%lld MiB of messages for %s that %s asked for wait "
		    "already; send it again when %s has taken some",
		    (long long)(b->bound / MIB), to->text, more.cause.text,
		    to->text);
	}
	if (more.bytes < BACKLOG_MESSAGE_BYTES)
		more.bytes = BACKLOG_MESSAGE_BYTES;
	note(b, &more);
	*ret_bytes = more.bytes;

	return OK;
}

void
backlog_take(struct node *node, const struct system_id *cause,
    const struct system_id *to, int64_t bytes)
{
	const struct backlog less = {
	    .cause = *cause, .to = *to, .messages = -1, .bytes = -bytes};

	note(&node->backlogs, &less);
}
