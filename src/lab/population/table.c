#include "lab/population/table.h"

#include <stdlib.h>

#include "base/arena.h"

extern const char embedded_family_names[], embedded_family_names_end[];
extern const char embedded_given_names[], embedded_given_names_end[];
extern const char embedded_towns[], embedded_towns_end[];
extern const char embedded_local_governments[],
    embedded_local_governments_end[];

static struct slice
between(const char *begin, const char *end)
{
	return slice_bytes(begin, (size_t)(end - begin));
}

struct slice
table_family_names(void)
{
	return between(embedded_family_names, embedded_family_names_end);
}

struct slice
table_given_names(void)
{
	return between(embedded_given_names, embedded_given_names_end);
}

struct slice
table_towns(void)
{
	return between(embedded_towns, embedded_towns_end);
}

struct slice
table_local_governments(void)
{
	return between(
	    embedded_local_governments, embedded_local_governments_end);
}

void
table_read(struct table *ret, struct slice text,
    bool (*keep)(const struct slice *row, const void *state), const void *state)
{
	struct slice row[TABLE_COLUMNS_MAX], line;
	size_t i, c;

	*ret = (struct table){0};
	slice_cut(&text, '\n');
	while (!slice_is_empty(text)) {
		line = slice_cut(&text, '\n');
		for (c = 0; c < TABLE_COLUMNS_MAX; c++)
			row[c] = slice_cut(&line, '\t');
		if (keep != NULL && !keep(row, state))
			continue;
		if ((ret->n & (ret->n - 1)) == 0) /* it is full */
			ret->rows = heap_grow(
			    ret->rows, ret->n * 2 + 1, sizeof(*ret->rows));
		for (i = 0; i < TABLE_COLUMNS_MAX; i++)
			ret->rows[ret->n][i] = row[i];
		ret->n++;
	}
}

void
table_done(struct table *table)
{
	free(table->rows);
	*table = (struct table){0};
}
