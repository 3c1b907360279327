#include "host/counts.h"

#include <assert.h>

static struct count *
count_of(struct counts *counts, int statement)
{
	size_t i;

	for (i = 0; i < counts->n; i++) {
		if (counts->of[i].statement == statement)
			return &counts->of[i];
	}
	assert(counts->n < COUNTS_MAX);
	counts->of[counts->n] = (struct count){.statement = statement};

	return &counts->of[counts->n++];
}

static bool
is_good(const struct count *count, struct instant now)
{
	return count->rows > COUNTS_ALWAYS &&
	    now.ms - count->at.ms < count->rows / COUNTS_ROWS_PER_MS;
}

static enum err
take(struct count *count, struct store *store, struct instant now)
{
	struct query q;
	enum err rc;

	store_query(store, count->statement, &q);
	rc = query_step(&q);
	if (rc == OK) {
		count->rows = column_int(&q, "n");
		count->at = now;
	}
	query_done(&q);

	return rc;
}

enum err
counts_rows(struct counts *counts, struct store *store, struct instant now,
    const struct figure *figure, int64_t *ret)
{
	struct count *all = count_of(counts, figure->statement), *less;
	int64_t rows;
	enum err rc = OK;

	if (!is_good(all, now))
		rc = take(all, store, now);
	rows = all->rows;
	if (rc == OK && figure->less != 0) {
		/* Both counts must be of the same moment to be subtracted. */
		less = count_of(counts, figure->less);
		if (!is_good(all, now) || less->at.ms != all->at.ms)
			rc = take(less, store, all->at);
		rows -= less->rows;
	}
	if (rc == OK)
		*ret = rows;

	return rc;
}

void
counts_forget(struct counts *counts)
{
	counts->n = 0;
}
