#include "systems/network/amendment.h"

#include <stdlib.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "law/difference.h"
#include "network_rows.h"
#include "systems/network/network.h"
#include "systems/network/organisation.h"

#define BASIS SLICE("番号法19条8号")

/* A table that was read. */
struct reading {
	struct digest digest;
	struct law *law;
};

struct amendments {
	struct digest digest; /* of the built-in table */
	struct law *built_in;
	struct reading all[EDITIONS_MAX];
	size_t n;
};

static struct slice
digest_text(struct turn *turn, const struct digest *digest)
{
	struct slice text;
	struct buf hex;

	buf_init(&hex);
	hex_encode(digest_slice(digest), &hex);
	text = arena_copy(turn->arena, buf_slice(&hex));
	buf_done(&hex);

	return text;
}

/* --- Tables that were read ------------------------------------------------ */

enum err
amendments_new(struct amendments **ret, struct problem *problem)
{
	struct amendments *a = heap_array(1, sizeof(*a));
	struct law_text text = law_text_built_in();
	enum err rc;

	a->digest = digest_of(text.provisions);
	rc = law_load(&text, &a->built_in, problem);
	if (rc) {
		amendments_free(a);
		return rc;
	}
	*ret = a;

	return OK;
}

void
amendments_free(struct amendments *amendments)
{
	size_t i;

	if (amendments == NULL)
		return;
	for (i = 0; i < amendments->n; i++)
		law_free(amendments->all[i].law);
	law_free(amendments->built_in);
	free(amendments);
}

/* Read a table, with our own capacities and items; the table need not name all
 * of them. */
static enum err
read_table(struct slice provisions, struct law **ret, struct problem *problem)
{
	struct law_text text = law_text_built_in();

	text.provisions = provisions;
	text.may_lack_kinds = true;

	return law_load(&text, ret, problem);
}

/* The table that is used moves to the end of the array. */
static struct law *
find_reading(struct amendments *a, const struct digest *digest)
{
	struct reading found;
	size_t i;

	for (i = 0; i < a->n; i++) {
		if (digest_equal(&a->all[i].digest, digest))
			break;
	}
	if (i == a->n)
		return NULL;
	found = a->all[i];
	for (; i + 1 < a->n; i++)
		a->all[i] = a->all[i + 1];
	a->all[i] = found;

	return found.law;
}

/* Keep a table; if there are too many, the least recently used one goes. */
static void
keep_reading(struct amendments *a, const struct digest *digest, struct law *law)
{
	size_t i;

	if (a->n == EDITIONS_MAX) {
		law_free(a->all[0].law);
		for (i = 1; i < a->n; i++)
			a->all[i - 1] = a->all[i];
		a->n--;
	}
	a->all[a->n++] = (struct reading){*digest, law};
}

static enum err
read_stored(
    struct turn *turn, const struct digest *digest, struct edition *edition)
{
	struct network_edition_text_row row;
	struct problem problem = {0};
	char day[DATE_TEXT_MAX];

	if (network_edition_text(
		turn->store, turn->arena, edition->effective, &row) ||
	    read_table(row.provisions, &edition->law, &problem)) {
		date_format(edition->effective, day);
		return problem_set(turn->problem, ERR_CORRUPT,
		    "the edition of %s cannot be read: %s", day, problem.text);
	}
	keep_reading(network_of(turn)->amendments, digest, edition->law);

	return OK;
}

enum err
amendment_on(struct turn *turn, struct date day, struct edition *ret)
{
	struct amendments *a = network_of(turn)->amendments;
	struct network_edition_on_row loaded;
	struct digest digest;
	enum err rc =
	    network_edition_on(turn->store, turn->arena, day, &loaded);

	*ret = (struct edition){EDITION_BUILT_IN, a->built_in};
	if (rc == ERR_NOT_FOUND && date_compare(day, EDITION_BUILT_IN) < 0)
		*ret = (struct edition){0};
	if (rc)
		return rows_end(rc);
	TRY(hex_decode_exact(
	    loaded.digest, digest.bytes, sizeof(digest.bytes)));
	ret->effective = loaded.effective;
	ret->law = find_reading(a, &digest);

	return ret->law != NULL ? OK : read_stored(turn, &digest, ret);
}

/* --- Loading -------------------------------------------------------------- */

struct edition_loading {
	struct date effective;
	struct slice reason;
};
static const struct field loading_fields[] = {
    FIELD(edition_loading, effective, DATE,
	"the day on which the edition takes effect"),
    FIELD(edition_loading, reason, TEXT(NETWORK_REASON_MAX),
	"the reason: the act that amended the order"),
};
const struct shape edition_loading_shape =
    SHAPE(edition_loading, loading_fields);

/* An edition that is being loaded. */
struct loading {
	struct date effective;
	struct slice provisions;
	struct digest digest;
	struct law *law;
	int64_t affairs, changes; /* against the edition before it */
};

static int64_t
count_affairs(const struct law *law)
{
	unsigned int row;
	int64_t n = 0;

	for (row = 1; row <= LAW_ROWS_MAX; row++)
		n += !slice_is_empty(law_affair(law, row));

	return n;
}

static void
ignore(void *context, const struct law_difference *difference)
{
	(void)context;
	(void)difference;
}

/* Check the edition, and count its affairs and its changes. */
static enum err
check(struct turn *turn, struct loading *loading)
{
	struct edition before;

	if (date_compare(loading->effective, EDITION_BUILT_IN) <= 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field effective: an edition takes effect after the one "
		    "that is built in");
	TRY(read_table(loading->provisions, &loading->law, turn->problem));
	loading->affairs = count_affairs(loading->law);
	if (loading->affairs == 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "provision_table.tsv, line 2: is missing; expected one "
		    "row or more");
	TRY(amendment_on(
	    turn, date_plus_days(loading->effective, -1), &before));
	loading->changes =
	    (int64_t)law_compare(before.law, loading->law, ignore, NULL);

	return OK;
}

/* *ret_there: the same table takes effect on that day already. */
static enum err
check_day(struct turn *turn, const struct loading *loading, bool *ret_there)
{
	struct network_edition_of_day_row there;
	struct network_count_editions_row count;
	enum err rc = network_edition_of_day(
	    turn->store, turn->arena, loading->effective, &there);

	*ret_there = rc == OK &&
	    slice_equal(there.digest, digest_text(turn, &loading->digest));
	if (rc == OK && !*ret_there)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another edition takes effect on that day; withdraw it "
		    "first");
	if (rc != ERR_NOT_FOUND)
		return rc;
	TRY(network_count_editions(turn->store, &count));
	if (count.editions >= EDITIONS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "there are %d editions, and no room for more",
		    EDITIONS_MAX);

	return OK;
}

static enum err
store_edition(struct turn *turn, const struct edition_loading *i,
    const struct loading *loading)
{
	TRY(network_edition_add(turn->store,
	    &(struct network_edition_add){.effective = loading->effective,
		.digest = digest_text(turn, &loading->digest),
		.provisions = loading->provisions,
		.affairs = loading->affairs,
		.reason = i->reason,
		.officer = turn->caller.name,
		.loaded = turn->now}));

	return turn_audit(turn, "edition.load", SLICE(""), BASIS);
}

enum err
amendment_route_load(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct edition_loading *i = INPUT(in, edition_loading);
	struct loading loading = {.effective = i->effective,
	    .provisions = input_raw(in),
	    .digest = digest_of(input_raw(in))};
	struct json_out *o = reply_object(reply, 201);
	bool is_there = false;
	enum err rc;

	rc = check(turn, &loading);
	law_free(loading.law);
	TRY(rc);
	TRY(check_day(turn, &loading, &is_there));
	if (!is_there)
		TRY(store_edition(turn, i, &loading));
	json_out_date(o, "effective", loading.effective);
	json_out_text(o, "digest", digest_text(turn, &loading.digest));
	json_out_int(o, "affairs", loading.affairs);
	json_out_int(o, "changes", loading.changes);

	return OK;
}

/* --- Withdrawing ---------------------------------------------------------- */

struct edition_withdrawal {
	struct date effective;
};
static const struct field withdrawal_fields[] = {
    FIELD(edition_withdrawal, effective, DATE,
	"the day on which the edition takes effect"),
};
const struct shape edition_withdrawal_shape =
    SHAPE(edition_withdrawal, withdrawal_fields);

enum err
amendment_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct date effective = INPUT(in, edition_withdrawal)->effective;

	if (date_compare(effective, date_in_japan(turn->now)) <= 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "an edition that has taken effect stays; load another "
		    "one");
	TRY(network_edition_withdraw(turn->store, turn->now, effective));
	if (store_changes(turn->store) == 0)
		return problem_set(turn->problem, ERR_NOT_FOUND,
		    "no edition takes effect on that day; GET "
		    "/law/editions lists them");
	json_out_text(reply_object(reply, 200), "state", SLICE("withdrawn"));

	return turn_audit(turn, "edition.withdraw", SLICE(""), BASIS);
}

/* --- Listing -------------------------------------------------------------- */

static const char *
state_of(struct turn *turn, struct date effective, const struct edition *now)
{
	if (date_compare(effective, date_in_japan(turn->now)) > 0)
		return "coming";

	return date_compare(effective, now->effective) == 0 ? "in-force"
							    : "past";
}

/* Write the members that all editions have; the object is left open. */
static void
describe(struct json_out *o, struct date effective, struct slice digest,
    int64_t affairs, const char *state)
{
	json_out_object(o, NULL);
	json_out_date(o, "effective", effective);
	json_out_text(o, "digest", digest);
	json_out_int(o, "affairs", affairs);
	json_out_text(o, "state", slice_of(state));
}

static void
describe_loaded(struct turn *turn, struct json_out *o,
    const struct network_editions_row *row, const struct edition *now)
{
	describe(o, row->effective, row->digest, row->affairs,
	    row->has_withdrawn ? "withdrawn"
			       : state_of(turn, row->effective, now));
	json_out_text(o, "reason", row->reason);
	json_out_text(o, "officer", row->officer);
	json_out_instant(o, "loaded", row->loaded);
	json_out_end(o);
}

enum err
amendment_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct amendments *a = network_of(turn)->amendments;
	struct json_out *o = reply_object(reply, 200);
	struct network_editions_row row;
	struct edition now;
	struct query q;
	enum err rc;

	(void)in;
	TRY(amendment_on(turn, date_in_japan(turn->now), &now));
	json_out_array(o, "editions");
	describe(o, EDITION_BUILT_IN, digest_text(turn, &a->digest),
	    count_affairs(a->built_in), state_of(turn, EDITION_BUILT_IN, &now));
	json_out_end(o);
	network_editions_rows(turn->store, &q);
	while ((rc = network_editions_next(&q, &row)) == OK)
		describe_loaded(turn, o, &row, &now);

	return rows_end(rc);
}
