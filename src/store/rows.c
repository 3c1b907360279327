#include "store/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define ROOM 64 /* changes, at first */

/* ---- The tables ---- */

static void
add_tables(struct rows *rows, const struct schema *schema)
{
	unsigned int i;

	if (schema->n_protected == 0)
		return;
	rows->tables = heap_grow(rows->tables,
	    rows->n_tables + schema->n_protected, sizeof(*rows->tables));
	for (i = 0; i < schema->n_protected; i++)
		rows->tables[rows->n_tables++] =
		    (struct row_table){.name = schema->protected_tables[i]};
}

void
rows_init(struct rows *rows, const struct schema *const *schemas,
    unsigned int n_schemas)
{
	unsigned int i;

	*rows = (struct rows){0};
	for (i = 0; i < n_schemas; i++)
		add_tables(rows, schemas[i]);
	if (rows->n_tables > 0)
		rows->hasher = lthasher_new();
}

void
rows_done(struct rows *rows)
{
	lthasher_free(rows->hasher);
	free(rows->tables);
	free(rows->changes);
}

/* ---- Changes ---- */

int
rows_find(const struct rows *rows, const char *name)
{
	unsigned int i;

	for (i = 0; i < rows->n_tables; i++) {
		if (strcmp(rows->tables[i].name, name) == 0)
			return rows->tables[i].is_summed ? (int)i : -1;
	}

	return -1;
}

void
rows_note(struct rows *rows, int table, const struct digest *row,
    enum row_change_kind kind)
{
	if (rows->n_changes == rows->n_room) {
		rows->n_room = rows->n_room == 0 ? ROOM : 2 * rows->n_room;
		rows->changes = heap_grow(
		    rows->changes, rows->n_room, sizeof(*rows->changes));
	}
	rows->changes[rows->n_changes++] =
	    (struct row_change){*row, (unsigned int)table, kind};
}

/* Add what was removed and remove what was added, if `is_undone`. */
static void
apply(struct rows *rows, const struct row_change *change, bool is_undone)
{
	struct row_table *t = &rows->tables[change->table];

	if ((change->kind == ROW_REMOVED) != is_undone)
		lthash_remove(rows->hasher, &change->row, &t->sum);
	else
		lthash_add(rows->hasher, &change->row, &t->sum);
	t->is_changed = true;
	t->is_digested = false;
}

void
rows_add(struct rows *rows)
{
	for (; rows->n_added < rows->n_changes; rows->n_added++)
		apply(rows, &rows->changes[rows->n_added], false);
}

void
rows_back(struct rows *rows, size_t n)
{
	while (rows->n_added > n)
		apply(rows, &rows->changes[--rows->n_added], true);
	if (rows->n_changes > n)
		rows->n_changes = n;
	rows->n_told = 0;
}

void
rows_end_transaction(struct rows *rows, enum err committed)
{
	if (committed == OK)
		rows->n_changes = rows->n_added = 0;
	rows_back(rows, 0);
	rows->is_lost |= committed == ERR_UNCERTAIN ||
	    (committed != OK && rows->is_counting);
	rows->is_counting = false;
}
