#include "systems/offices/record.h"

#include <stdlib.h>
#include <string.h>

#include "law/catalogue.h"
#include "offices_rows.h"

static const struct field record_fields[] = {
    FIELD(office_replica, business_number, BUSINESS_NUMBER,
	"the person's business number"),
    OPTION(office_replica, contents, JSON(MESSAGE_CONTENTS_MAX),
	"the contents, in the item's form"),
};
const struct shape offices_record_shape = SHAPE(office_replica, record_fields);

/* --- Twice ----------------------------------------------------------------- */

static int
compare_rows(const void *a, const void *b)
{
	const struct office_replica *const *x = a, *const *y = b;
	struct slice first = (*x)->business_number;
	struct slice second = (*y)->business_number;
	int order = 0;

	if (first.len != second.len)
		return first.len < second.len ? -1 : 1;
	if (first.len > 0)
		order = memcmp(first.data, second.data, first.len);

	return order != 0 ? order : (*x > *y) - (*x < *y);
}

bool
record_find_twice(struct arena *arena, const struct office_replica *rows,
    size_t n, size_t ret[2])
{
	const struct office_replica **sorted =
	    arena_array(arena, n, sizeof(const struct office_replica *));
	size_t i;

	for (i = 0; i < n; i++)
		sorted[i] = &rows[i];
	if (n > 1)
		qsort(sorted, n, sizeof(*sorted), compare_rows);
	for (i = 1; i < n; i++) {
		if (slice_equal(sorted[i - 1]->business_number,
			sorted[i]->business_number)) {
			ret[0] = (size_t)(sorted[i - 1] - rows);
			ret[1] = (size_t)(sorted[i] - rows);
			return true;
		}
	}

	return false;
}

static enum err
check_once(struct turn *turn, const struct office_replica_put *put)
{
	size_t twice[2];

	if (!record_find_twice(turn->arena, put->items, put->n_items, twice))
		return OK;

	return problem_set(turn->problem, ERR_INPUT,
	    "field items[%zu]: the business number stands in items[%zu], too; "
	    "expected one row a person; nothing was changed",
	    twice[1], twice[0]);
}

/* --- Changing -------------------------------------------------------------- */

static enum err
send(struct turn *turn, const struct office_replica_put *put)
{
	struct system_id addressee = turn_sibling(turn, "addressee");

	return turn_tell(turn, &addressee, office_replica_put, put);
}

static enum err
put_one(struct turn *turn, const struct office_replica_put *put, size_t i)
{
	const struct office_replica *row = &put->items[i];

	if (slice_is_empty(row->contents))
		return problem_set(turn->problem, ERR_INPUT,
		    "field items[%zu]: the contents are missing; nothing was "
		    "changed",
		    i);
	TRY(offices_record_put(turn->store,
	    &(struct offices_record_put){
		.business_number = row->business_number,
		.item = put->item,
		.version = put->version,
		.contents = row->contents,
		.put = put->at,
	    }));

	return turn_audit(turn, "record.put", row->business_number, put->item);
}

static enum err
remove_one(struct turn *turn, const struct office_replica_put *put, size_t i)
{
	struct slice business_number = put->items[i].business_number;

	TRY(offices_record_delete(
	    turn->store, business_number, put->item, put->version));

	return turn_audit(turn, "record.delete", business_number, put->item);
}

/* The rows of a deletion: the message requires contents, which are empty. */
static const struct office_replica *
without_contents(struct turn *turn, const struct office_replica_put *put)
{
	struct office_replica *rows =
	    arena_array(turn->arena, put->n_items, sizeof(*rows));
	size_t i;

	for (i = 0; i < put->n_items; i++)
		rows[i] = (struct office_replica){
		    put->items[i].business_number, SLICE("{}")};

	return rows;
}

enum err
record_change(struct turn *turn, const struct office_replica_put *put)
{
	bool is_deletion = slice_equal_string(put->change, "delete");
	struct office_replica_put told = *put;
	unsigned int form;
	size_t i;

	TRY(catalogue_check(put->item, put->version, date_in_japan(put->at),
	    &form, turn->problem));
	TRY(check_once(turn, put));
	for (i = 0; i < put->n_items; i++)
		TRY(is_deletion ? remove_one(turn, put, i)
				: put_one(turn, put, i));
	if (is_deletion)
		told.items = without_contents(turn, put);

	return put->n_items == 0 ? OK : send(turn, &told);
}

/* --- Refused ones ---------------------------------------------------------- */

static enum err
postpone(struct turn *turn, const struct replica_refused *refused,
    struct slice business_number)
{
	struct offices_record_attempts_row row;
	enum err rc;

	rc = offices_record_attempts(turn->store, business_number,
	    refused->item, refused->version, &row);
	if (rc)
		return rows_end(rc);

	return offices_record_refused(turn->store,
	    &(struct offices_record_refused){
		.state = row.attempts < OFFICES_RETRIES_MAX ? SLICE("refused")
							    : SLICE("given-up"),
		.attempts = row.attempts + 1,
		.retry = instant_plus(
		    turn->now, (int64_t)OFFICES_RETRY_MS << row.attempts),
		.business_number = business_number,
		.item = refused->item,
		.version = refused->version,
	    });
}

enum err
record_refused(struct turn *turn, const struct message *message)
{
	const struct replica_refused *refused =
	    MESSAGE(message, replica_refused);
	size_t i;

	for (i = 0; i < refused->n_items; i++)
		TRY(postpone(turn, refused, refused->items[i].business_number));

	return OK;
}

/* --- Again ----------------------------------------------------------------- */

/* Load the records that are due to be put again; texts are in the arena. */
static enum err
load_due(struct turn *turn, struct offices_record_due_row *ret, size_t *ret_n)
{
	struct arena *arena = turn->arena;
	struct offices_record_due_row row;
	struct query q;
	enum err rc;

	*ret_n = 0;
	offices_record_due_rows(turn->store, turn->now, OFFICES_ROWS_MAX, &q);
	while ((rc = offices_record_due_next(&q, &row)) == OK) {
		row.business_number = arena_copy(arena, row.business_number);
		row.item = arena_copy(arena, row.item);
		row.version = arena_copy(arena, row.version);
		row.contents = arena_copy(arena, row.contents);
		ret[(*ret_n)++] = row;
	}

	return rows_end(rc);
}

/* The number of records at the beginning that fit into one message. */
static size_t
run_length(const struct offices_record_due_row *due, size_t n)
{
	size_t i = 1;

	while (i < n && slice_equal(due[i].item, due->item) &&
	    slice_equal(due[i].version, due->version) &&
	    due[i].put.ms == due->put.ms)
		i++;

	return i;
}

static enum err
send_run(struct turn *turn, const struct offices_record_due_row *due, size_t n)
{
	struct office_replica *rows =
	    arena_array(turn->arena, n, sizeof(*rows));
	size_t i;

	for (i = 0; i < n; i++) {
		rows[i] = (struct office_replica){
		    due[i].business_number, due[i].contents};
		TRY(offices_record_retried(turn->store, due[i].business_number,
		    due->item, due->version));
	}

	return send(turn,
	    &(struct office_replica_put){
		.item = due->item,
		.version = due->version,
		.at = due->put,
		.items = rows,
		.n_items = n,
	    });
}

enum err
record_retry(struct turn *turn)
{
	struct offices_record_due_row *due;
	struct offices_record_is_due_row any;
	size_t n, at, run;
	enum err rc;

	rc = offices_record_is_due(turn->store, turn->arena, turn->now, &any);
	if (rc)
		return rows_end(rc);
	due = arena_array(turn->arena, OFFICES_ROWS_MAX, sizeof(*due));
	TRY(load_due(turn, due, &n));
	TRY(turn_audit(turn, "replica.again", SLICE(""), SLICE("")));
	for (at = 0; at < n; at += run) {
		run = run_length(&due[at], n - at);
		TRY(send_run(turn, &due[at], run));
	}

	return OK;
}
