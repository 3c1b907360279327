/* The sums that are kept in the database, counted and shown. */
#include <string.h>

#include "base/encode.h"
#include "store/engine.h"
#include "store/typed.h"
#include "store_statements.h"

#define LABEL "bango-rows-v1\n" /* so that the digest is of nothing else */
#define MIGRATIONS "migrations" /* in the place of a table's name */
#define SHOWN 16                /* digits of a table's digest */

/* The parameters of ROW_SUM_PUT, and the columns of ROW_SUMS. */
enum { PUT_NAME, PUT_MIGRATIONS, PUT_SUM };
enum { SUMS_NAME, SUMS_MIGRATIONS, SUMS_SUM };

/* ---- Kept sums ---- */

static struct row_table *
find_table(struct rows *rows, struct slice name)
{
	unsigned int i;

	for (i = 0; i < rows->n_tables; i++) {
		if (slice_equal_string(name, rows->tables[i].name))
			return &rows->tables[i];
	}

	return NULL;
}

/* A sum that cannot be read is one that does not fit. */
static void
take_sum(struct rows *rows, struct query *q)
{
	struct row_table *t = find_table(rows, typed_get_text(q, SUMS_NAME));

	if (t == NULL)
		return;
	t->migrations = typed_get_int(q, SUMS_MIGRATIONS);
	t->is_summed = t->migrations == rows->migrations;
	if (lthash_decode(typed_get_blob(q, SUMS_SUM), &t->sum))
		t->sum = (struct lthash){0};
}

static enum err
count_migrations(struct store *store, int64_t *ret)
{
	struct query q;

	store_query_any(store, STORE_MIGRATION_COUNT, &q);
	TRY(query_step(&q));
	*ret = column_int(&q, "n");
	query_done(&q);

	return OK;
}

static enum err
load_sums(struct store *store)
{
	struct rows *rows = &store->rows;
	struct query q;
	unsigned int i;
	enum err rc;

	for (i = 0; i < rows->n_tables; i++)
		rows->tables[i] =
		    (struct row_table){.name = rows->tables[i].name};
	store_query_any(store, STORE_ROW_SUMS, &q);
	while ((rc = query_step(&q)) == OK)
		take_sum(rows, &q);

	return rows_end(rc);
}

enum err
rows_load(struct store *store)
{
	struct rows *rows = &store->rows;

	if (rows->n_tables == 0)
		return OK;
	TRY(count_migrations(store, &rows->migrations));
	TRY(load_sums(store));
	rows->is_lost = false;

	return OK;
}

static enum err
put_sum(struct store *store, struct row_table *t)
{
	uint8_t sum[LTHASH_BYTES];
	struct query q;

	lthash_encode(&t->sum, sum);
	store_query_any(store, STORE_ROW_SUM_PUT, &q);
	q.prepared->bound = UINT64_MAX;
	typed_text(&q, PUT_NAME, slice_of(t->name));
	typed_int(&q, PUT_MIGRATIONS, store->rows.migrations);
	typed_blob(&q, PUT_SUM, slice_bytes(sum, sizeof(sum)));
	TRY(query_run(&q));
	t->is_changed = false;

	return OK;
}

enum err
rows_store(struct store *store)
{
	struct rows *rows = &store->rows;
	unsigned int i;

	rows_add(rows);
	for (i = 0; i < rows->n_tables; i++) {
		if (rows->tables[i].is_changed)
			TRY(put_sum(store, &rows->tables[i]));
	}

	return OK;
}

/* ---- Counting ---- */

/* The sum of no rows. */
static bool
is_nothing(const struct lthash *sum)
{
	static const struct lthash nothing;

	return memcmp(sum, &nothing, sizeof(nothing)) == 0;
}

/* The sum over the rows as they are now. */
static enum err
count_rows(struct store *store, const char *table, struct lthash *ret)
{
	struct engine *engine = store->engine;

	*ret = (struct lthash){0};

	return engine->ops->sum_rows(engine, table, store->rows.hasher, ret);
}

static enum err
count_table(struct store *store, struct row_table *t, struct row_count *ret)
{
	TRY(count_rows(store, t->name, &t->sum));
	ret->stale |= t->migrations != 0;
	ret->first |= t->migrations == 0 && !is_nothing(&t->sum);
	t->migrations = store->rows.migrations;
	t->is_summed = t->is_changed = true;
	t->is_digested = false;
	store->rows.is_counting = true;

	return OK;
}

enum err
store_rows_count(struct store *store, struct row_count *ret)
{
	struct rows *rows = &store->rows;
	unsigned int i;

	*ret = (struct row_count){0};
	for (i = 0; i < rows->n_tables; i++) {
		if (!rows->tables[i].is_summed)
			TRY(count_table(store, &rows->tables[i], ret));
	}

	return OK;
}

bool
store_rows_unaudited(const struct store *store)
{
	return store->rows.n_changes > store->rows.n_told &&
	    !store->marks[0].has_audited;
}

/* ---- The state of all tables ---- */

static const struct digest *
digest_of_table(struct row_table *t)
{
	uint8_t sum[LTHASH_BYTES];

	if (!t->is_digested) {
		lthash_encode(&t->sum, sum);
		t->digest = digest_of(slice_bytes(sum, sizeof(sum)));
		t->is_digested = true;
	}

	return &t->digest;
}

/* An entry that was written before tells of no change that comes later. */
static void
note_told(struct store *store)
{
	unsigned int i;

	store->rows.n_told = store->rows.n_changes;
	for (i = 0; i <= store->depth; i++)
		store->marks[i].has_audited = false;
}

static void
show_table(struct row_table *t, struct buf *ret)
{
	const struct digest *d = digest_of_table(t);

	buf_printf(ret, ", %s ", t->name);
	hex_encode(slice_bytes(d->bytes, SHOWN / 2), ret);
}

bool
store_rows_state(
    struct store *store, struct digest *ret, struct buf *ret_tables)
{
	struct rows *rows = &store->rows;
	struct row_table *t;
	bool has_rows = false;
	struct buf all;

	rows_add(rows);
	note_told(store);
	buf_init(&all);
	buf_printf(
	    &all, LABEL MIGRATIONS " %lld\n", (long long)rows->migrations);
	buf_printf(ret_tables, MIGRATIONS " %lld", (long long)rows->migrations);
	for (t = rows->tables; t < rows->tables + rows->n_tables; t++) {
		buf_add(&all, slice_of(t->name));
		buf_add_char(&all, '\0');
		buf_add(&all, digest_slice(digest_of_table(t)));
		show_table(t, ret_tables);
		has_rows |= !is_nothing(&t->sum);
	}
	*ret = digest_of(buf_slice(&all));
	buf_done(&all);

	return has_rows;
}

/* ---- Comparing ---- */

/* Whether the table's rows are those of its sum. */
static enum err
compare(struct store *store, const struct row_table *t, bool *ret)
{
	struct lthash now;

	TRY(count_rows(store, t->name, &now));
	*ret = memcmp(&now, &t->sum, sizeof(now)) == 0;

	return OK;
}

enum err
store_rows_verify(struct store *store, const char **ret_table)
{
	struct rows *rows = &store->rows;
	struct row_table *t;
	bool fits;

	*ret_table = NULL;
	for (t = rows->tables; t < rows->tables + rows->n_tables; t++) {
		if (!t->is_summed)
			continue;
		TRY(compare(store, t, &fits));
		if (!fits && *ret_table == NULL)
			*ret_table = t->name;
	}

	return OK;
}

const char *
store_rows_uncounted(const struct store *store)
{
	const struct rows *rows = &store->rows;
	const struct row_table *t;

	for (t = rows->tables; t < rows->tables + rows->n_tables; t++) {
		if (!t->is_summed)
			return t->name;
	}

	return NULL;
}

/* A number that store_rows_state() wrote. */
static int64_t
read_number(struct slice digits)
{
	int64_t n = 0;
	size_t i;

	for (i = 0; i < digits.len && n < INT64_MAX / 10 - 1; i++)
		n = 10 * n + (digits.data[i] - '0');

	return n;
}

static bool
is_sum(struct row_table *t, struct slice digits)
{
	const struct digest *d = digest_of_table(t);
	struct buf now;
	bool is;

	buf_init(&now);
	hex_encode(slice_bytes(d->bytes, SHOWN / 2), &now);
	is = slice_equal(buf_slice(&now), digits);
	buf_done(&now);

	return is;
}

/* The finding about the sum of a table, of which the state tells `digits` and
 * that it was counted after so many migrations; NULL: nothing is wrong. */
static const char *
misfit_of(struct row_table *t, const struct rows_told *told, int64_t migrations,
    struct slice digits)
{
	if (t->migrations == 0)
		return "has lost its sum";
	if (t->migrations < migrations)
		return "has a sum that was set back";
	if (told->is_newest && !is_sum(t, digits))
		return "has another sum";

	return NULL;
}

void
store_rows_compare(
    struct store *store, const struct rows_told *told, struct buf *ret)
{
	struct slice rest = told->tables, digits, name;
	struct row_table *t;
	int64_t migrations = 0;
	const char *misfit;

	rows_add(&store->rows);
	while (rest.len > 0) {
		digits = slice_trim(slice_cut(&rest, ','));
		name = slice_cut(&digits, ' ');
		if (slice_equal_string(name, MIGRATIONS))
			migrations = read_number(digits);
		t = find_table(&store->rows, name);
		if (t == NULL)
			continue;
		misfit = misfit_of(t, told, migrations, digits);
		if (misfit != NULL)
			buf_printf(ret, "%stable %s %s",
			    ret->len > 0 ? ", " : "", t->name, misfit);
	}
}

/* ---- Before migrations ---- */

static enum err
drop_sum(struct store *store, const char *table)
{
	struct query q;

	store_query_any(store, STORE_ROW_SUM_DROP, &q);
	query_text(&q, "name", slice_of(table));

	return query_run(&q);
}

static enum err
check_tables(struct store *store)
{
	struct rows *rows = &store->rows;
	const struct row_table *t;
	bool fits;

	TRY(rows_load(store));
	for (t = rows->tables; t < rows->tables + rows->n_tables; t++) {
		if (!t->is_summed)
			continue;
		TRY(compare(store, t, &fits));
		if (!fits)
			TRY(drop_sum(store, t->name));
	}

	return OK;
}

enum err
rows_check(struct store *store)
{
	enum err rc = store_begin(store);

	if (rc == OK)
		rc = check_tables(store);
	if (rc == OK)
		return store_commit(store);
	store_rollback(store);

	return rc;
}
