#include "systems/network/amendment.h"

#include <stdlib.h>

#include "base/encode.h"
#include "crypto/hash.h"
#include "law/difference.h"
#include "network_statements.h"
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

/* --- Days and digests as the database has them ---------------------------- */

int64_t
amendment_number(struct date day)
{
	return (int64_t)day.year * 10000 + day.month * 100 + day.day;
}

struct date
amendment_day(int64_t number)
{
	return (struct date){(int16_t)(number / 10000),
	    (int8_t)(number / 100 % 100), (int8_t)(number % 100)};
}

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

/* A table with our own capacities and items; it may know less than they do. */
static enum err
read_table(struct slice provisions, struct law **ret, struct problem *problem)
{
	struct law_text text = law_text_built_in();

	text.provisions = provisions;
	text.may_lack_kinds = true;

	return law_load(&text, ret, problem);
}

/* The one used last stands last. */
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

/* Keep it; if there are too many, the one goes that nobody used for longest. */
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
read_stored(struct turn *turn, int64_t effective, const struct digest *digest,
    struct law **ret)
{
	struct problem problem = {0};
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_EDITION_TEXT, &q);
	query_int(&q, "effective", effective);
	rc = query_step(&q);
	if (rc == OK &&
	    read_table(column_text(&q, "provisions"), ret, &problem))
		rc = ERR_CORRUPT;
	query_done(&q);
	if (rc)
		return problem_set(turn->problem, ERR_CORRUPT,
		    "the edition of %lld cannot be read: %s",
		    (long long)effective, problem.text);
	keep_reading(network_of(turn)->amendments, digest, *ret);

	return OK;
}

enum err
amendment_on(struct turn *turn, struct date day, struct edition *ret)
{
	struct amendments *a = network_of(turn)->amendments;
	struct digest digest = {{0}};
	int64_t effective = 0;
	struct query q;
	enum err rc;

	*ret = (struct edition){EDITION_BUILT_IN, a->built_in};
	store_query(turn->store, NETWORK_EDITION_ON, &q);
	query_int(&q, "day", amendment_number(day));
	rc = query_step(&q);
	if (rc == OK) {
		effective = column_int(&q, "effective");
		rc = hex_decode_exact(column_text(&q, "digest"), digest.bytes,
		    sizeof(digest.bytes));
	} else if (rc == ERR_NOT_FOUND)
		rc = OK;
	query_done(&q);
	if (rc)
		return rc;
	if (effective == 0) {
		if (date_compare(day, EDITION_BUILT_IN) < 0)
			*ret = (struct edition){0};
		return OK;
	}
	ret->effective = amendment_day(effective);
	ret->law = find_reading(a, &digest);

	return ret->law != NULL
	    ? OK
	    : read_stored(turn, effective, &digest, &ret->law);
}

/* --- Loading -------------------------------------------------------------- */

/* An edition that is being loaded. */
struct loading {
	struct date effective;
	struct slice provisions;
	struct digest digest;
	struct law *law;
	size_t affairs, changes; /* against the edition before it */
};

static size_t
count_affairs(const struct law *law)
{
	unsigned int row;
	size_t n = 0;

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

/* All that can be wrong with it. */
static enum err
check(struct turn *turn, struct loading *loading)
{
	struct edition before;
	enum err rc;

	if (date_compare(loading->effective, EDITION_BUILT_IN) <= 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "field effective: an edition takes effect after the one "
		    "that is built in");
	rc = read_table(loading->provisions, &loading->law, turn->problem);
	if (rc)
		return rc;
	loading->affairs = count_affairs(loading->law);
	if (loading->affairs == 0)
		return problem_set(turn->problem, ERR_INPUT,
		    "provision_table.tsv, line 2: there is no row");
	rc =
	    amendment_on(turn, date_plus_days(loading->effective, -1), &before);
	if (rc == OK)
		loading->changes =
		    law_compare(before.law, loading->law, ignore, NULL);

	return rc;
}

/* *ret_there: the same table takes effect on that day already. */
static enum err
check_day(struct turn *turn, const struct loading *loading, bool *ret_there)
{
	struct query q;
	int64_t n = 0;
	enum err rc;

	*ret_there = false;
	store_query(turn->store, NETWORK_EDITION_OF_DAY, &q);
	query_int(&q, "effective", amendment_number(loading->effective));
	rc = query_step(&q);
	if (rc == OK)
		*ret_there = slice_equal(column_text(&q, "digest"),
		    digest_text(turn, &loading->digest));
	query_done(&q);
	if (rc == OK && !*ret_there)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "another edition takes effect on that day; withdraw it "
		    "first");
	if (rc != ERR_NOT_FOUND)
		return rc;
	store_query(turn->store, NETWORK_COUNT_EDITIONS, &q);
	rc = query_step(&q);
	if (rc == OK)
		n = column_int(&q, "editions");
	query_done(&q);
	if (rc == OK && n >= EDITIONS_MAX)
		return problem_set(turn->problem, ERR_TOO_LARGE,
		    "there are %d editions, and no room for more",
		    EDITIONS_MAX);

	return rc;
}

static enum err
store_edition(
    struct turn *turn, const struct input *in, const struct loading *loading)
{
	struct query q;
	enum err rc;

	store_query(turn->store, NETWORK_EDITION_ADD, &q);
	query_int(&q, "effective", amendment_number(loading->effective));
	query_text(&q, "digest", digest_text(turn, &loading->digest));
	query_text(&q, "provisions", loading->provisions);
	query_int(&q, "affairs", (int64_t)loading->affairs);
	query_text(&q, "reason", input_text(in, "reason"));
	query_text(&q, "officer", turn->caller.name);
	query_text(&q, "role", input_text(in, "role"));
	query_int(&q, "loaded", turn->now.ms);
	rc = query_run(&q);

	return rc ? rc : turn_audit(turn, "edition.load", SLICE(""), BASIS);
}

static void
reply_loaded(
    struct turn *turn, const struct loading *loading, struct reply *reply)
{
	char day[DATE_TEXT_MAX];
	json_t *body = json_object();

	date_format(loading->effective, day);
	json_put_text(body, "effective", slice_of(day));
	json_put_text(body, "digest", digest_text(turn, &loading->digest));
	json_put_int(body, "affairs", (int64_t)loading->affairs);
	json_put_int(body, "changes", (int64_t)loading->changes);
	reply_json(reply, 201, body);
}

enum err
amendment_route_load(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct loading loading = {.effective = input_date(in, "effective"),
	    .provisions = input_raw(in)};
	bool is_there = false;
	enum err rc;

	loading.digest = digest_of(loading.provisions);
	rc = check(turn, &loading);
	if (rc == OK)
		rc = check_day(turn, &loading, &is_there);
	if (rc == OK && !is_there)
		rc = store_edition(turn, in, &loading);
	law_free(loading.law);
	if (rc == OK)
		reply_loaded(turn, &loading, reply);

	return rc;
}

/* --- Withdrawing ---------------------------------------------------------- */

enum err
amendment_route_withdraw(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	struct date effective = input_date(in, "effective");
	struct query q;
	json_t *body;
	enum err rc;

	if (date_compare(effective, date_in_japan(turn->now)) <= 0)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "an edition that has taken effect stays; load another "
		    "one");
	store_query(turn->store, NETWORK_EDITION_WITHDRAW, &q);
	query_int(&q, "effective", amendment_number(effective));
	query_int(&q, "withdrawn", turn->now.ms);
	rc = query_run(&q);
	if (rc == OK && query_changes(&q) == 0)
		rc = problem_set(turn->problem, ERR_NOT_FOUND,
		    "no edition takes effect on that day");
	if (rc == OK)
		rc = turn_audit(turn, "edition.withdraw", SLICE(""), BASIS);
	if (rc)
		return rc;
	body = json_object();
	json_put_text(body, "state", SLICE("withdrawn"));
	reply_json(reply, 200, body);

	return OK;
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

static json_t *
describe(struct date effective, struct slice digest, int64_t affairs,
    const char *state)
{
	char day[DATE_TEXT_MAX];
	json_t *row = json_object();

	date_format(effective, day);
	json_put_text(row, "effective", slice_of(day));
	json_put_text(row, "digest", digest);
	json_put_int(row, "affairs", affairs);
	json_put_text(row, "state", slice_of(state));

	return row;
}

static json_t *
describe_loaded(struct turn *turn, struct query *q, const struct edition *now)
{
	static const char *const texts[] = {"reason", "officer", "role"};
	struct date effective = amendment_day(column_int(q, "effective"));
	const char *state = column_is_null(q, "withdrawn")
	    ? state_of(turn, effective, now)
	    : "withdrawn";
	char loaded[INSTANT_TEXT_MAX];
	json_t *row = describe(effective, column_text(q, "digest"),
	    column_int(q, "affairs"), state);
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		json_put_text(row, texts[i], column_text(q, texts[i]));
	instant_format((struct instant){column_int(q, "loaded")}, loaded);
	json_put_text(row, "loaded", slice_of(loaded));

	return row;
}

enum err
amendment_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct amendments *a = network_of(turn)->amendments;
	json_t *rows, *body;
	struct edition now;
	struct query q;
	enum err rc;

	(void)in;
	rc = amendment_on(turn, date_in_japan(turn->now), &now);
	if (rc)
		return rc;
	rows = json_array();
	json_array_append_new(rows,
	    describe(EDITION_BUILT_IN, digest_text(turn, &a->digest),
		(int64_t)count_affairs(a->built_in),
		state_of(turn, EDITION_BUILT_IN, &now)));
	store_query(turn->store, NETWORK_EDITIONS, &q);
	while ((rc = query_step(&q)) == OK)
		json_array_append_new(rows, describe_loaded(turn, &q, &now));
	query_done(&q);
	if (rc != ERR_NOT_FOUND) {
		json_decref(rows);
		return rc;
	}
	body = json_object();
	json_put(body, "editions", rows);
	reply_json(reply, 200, body);

	return OK;
}
