#include "components/budget/writing.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 16

/* Rows, or bytes, of today. */
struct written {
	int64_t n;       /* since the start, or midnight */
	int64_t looked;  /* the same, when the budget was opened last */
	int64_t earlier; /* of the budget, before our start */
};

/* Nothing here is undone with a batch: a budget that was undone is used by all
 * that is missing when it is opened next. */
struct writer {
	char organisation[SYSTEM_ID_MAX + 1];
	struct instant midnight; /* when the day ends */
	struct instant until;    /* it waits; 0: it does not */
	bool has_earlier;
	struct written rows, bytes;
};

struct writers {
	struct writer *all; /* by organisation */
	size_t n, room;
};

enum err
writing_start(struct turn *turn, void **ret_state)
{
	(void)turn;
	*ret_state = heap_array(1, sizeof(struct writers));

	return OK;
}

void
writing_stop(void *state)
{
	struct writers *w = state;

	free(w->all);
	free(w);
}

/* --- The table ------------------------------------------------------------ */

static int
compare(const struct writer *writer, struct slice organisation)
{
	int order =
	    strncmp(writer->organisation, organisation.data, organisation.len);

	return order != 0 ? order : writer->organisation[organisation.len];
}

static size_t
place_of(const struct writers *w, struct slice organisation)
{
	size_t low = 0, high = w->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&w->all[middle], organisation) < 0)
			low = middle + 1;
		else
			high = middle;
	}

	return low;
}

/* One place for each organisation, which it keeps. */
static struct writer *
writer_of(struct writers *w, struct slice organisation)
{
	size_t at = place_of(w, organisation);

	if (at < w->n && compare(&w->all[at], organisation) == 0)
		return &w->all[at];
	if (w->n == w->room) {
		w->room = w->room == 0 ? ROOM_FIRST : 2 * w->room;
		w->all = heap_grow(w->all, w->room, sizeof(*w->all));
	}
	memmove(&w->all[at + 1], &w->all[at], (w->n++ - at) * sizeof(*w->all));
	w->all[at] = (struct writer){.rows = 0};
	memcpy(w->all[at].organisation, organisation.data, organisation.len);

	return &w->all[at];
}

/* --- Budgets -------------------------------------------------------------- */

/* Take from a budget all that it does not know yet. */
static enum err
settle(struct turn *turn, struct writer *w, enum budget_kind kind,
    struct written *written, bool *ret_within)
{
	int64_t unit = kind == BUDGET_KIB ? 1024 : 1, more;
	struct budget b;

	TRY(budget_open(turn, kind, slice_of(w->organisation), &b));
	if (!w->has_earlier)
		written->earlier = b.used;
	written->looked = written->n;
	more = written->earlier + written->n / unit - b.used;
	TRY(budget_take(turn, &b, more > 0 ? more : 0, ret_within));

	return budget_close(turn, &b);
}

/* Take what has come together; past a budget the next turn waits. */
static enum err
settle_both(struct turn *turn, struct writer *w)
{
	struct instant again = instant_plus(turn->now, WRITING_AGAIN_MS);
	bool rows_within, bytes_within;

	TRY(settle(turn, w, BUDGET_ROWS, &w->rows, &rows_within));
	TRY(settle(turn, w, BUDGET_KIB, &w->bytes, &bytes_within));
	w->has_earlier = true;
	w->until.ms = 0;
	if (!rows_within || !bytes_within)
		w->until =
		    instant_is_before(w->midnight, again) ? w->midnight : again;

	return OK;
}

/* The sender is a system of which the nation has one. */
static enum err
find_single(struct turn *turn, bool *ret)
{
	static const char *const usual[] = {
	    "jlis/jukinet", "digital/network", "digital/portal"};
	struct slice name;
	struct system_id id;
	size_t i;

	*ret = false;
	if (turn->caller.role != ROLE_PEER)
		return OK;
	name = system_id_name(&turn->caller.peer);
	for (i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
		if (!slice_equal_string(name, strchr(usual[i], '/') + 1))
			continue;
		TRY(turn_single(turn, usual[i], &id));
		*ret = system_id_equal(&id, &turn->caller.peer);
	}

	return OK;
}

static void
begin_day(const struct turn *turn, struct writer *w)
{
	w->midnight = budget_renews(turn);
	w->until.ms = 0;
	w->has_earlier = false;
	w->rows = w->bytes = (struct written){.n = 0};
}

/* Enough has come together. */
static bool
is_due(const struct writer *w)
{
	return w->rows.n - w->rows.looked >= WRITING_ROWS ||
	    w->bytes.n - w->bytes.looked >= WRITING_BYTES;
}

/* It was past a budget: look whether an officer has granted more. */
static enum err
look_again(struct turn *turn, struct writer *w)
{
	if (!instant_is_before(turn->now, w->until))
		TRY(settle_both(turn, w));
	if (w->until.ms == 0)
		return OK;

	return problem_set(turn->problem, ERR_BUSY,
	    "%s has made this system write more today than its budget of "
	    "`rows` or `kib` allows; send it again after midnight",
	    w->organisation);
}

enum err
writing_note(struct turn *turn, struct slice organisation,
    const struct store_written *written)
{
	struct writer *w;
	bool is_single;

	TRY(find_single(turn, &is_single));
	if (is_single)
		return OK;
	w = writer_of(turn->state, organisation);
	if (!instant_is_before(turn->now, w->midnight))
		begin_day(turn, w);
	if (w->until.ms != 0)
		TRY(look_again(turn, w));
	w->rows.n += written->rows;
	w->bytes.n += written->bytes;

	return written->rows > 0 && is_due(w) ? settle_both(turn, w) : OK;
}
