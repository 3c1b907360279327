#include "systems/network/hiding.h"

#include "base/bug.h"
#include "components/budget/budget.h"

#define BASIS SLICE("番号法23条2項")
#define PAGE 200
#define FOREVER ((struct instant){INT64_MAX})

/* --- Withholding ---------------------------------------------------------- */

bool
hiding_is_by_two(const struct hiding *h)
{
	return !slice_is_empty(h->officer) && !slice_is_empty(h->second) &&
	    !slice_equal(h->officer, h->second);
}

/* Marks of an earlier day have no names. */
static enum err
check_two(const struct hiding *h, struct slice ground, struct problem *problem)
{
	if (withholding_needs_two(h->withheld) && !hiding_is_by_two(h) &&
	    !slice_equal_string(ground, WITHHOLDING_BEFORE) &&
	    !bug_is(BUG_EXISTENCE_BY_ONE))
		return problem_set(problem, ERR_DENIED,
		    "the existence of a record is withheld by two officers; "
		    "expected the names of both");

	return OK;
}

/* *ret_article is the ground's. */
static enum err
check(const struct hiding *h, struct withholding *ret,
    struct slice *ret_article, struct problem *problem)
{
	if (withholding_parse(h->withheld, ret))
		return problem_set(problem, ERR_INPUT,
		    "field withheld: expected grade, ground and last day");
	TRY(withholding_check(h->affair, ret, h->from, ret_article, problem));

	return check_two(h, ret->ground, problem);
}

enum err
hiding_check(const struct hiding *hiding, struct problem *problem)
{
	struct withholding w;
	struct slice article;

	return check(hiding, &w, &article, problem);
}

enum err
hiding_put(struct turn *turn, struct slice record, const struct hiding *hiding)
{
	struct withholding w;
	struct slice article;

	TRY(check(hiding, &w, &article, turn->problem));
	TRY(network_withholding_put(turn->store,
	    &(struct network_withholding_put){.record = record,
		.side = slice_of(hiding->side),
		.organisation = hiding->organisation,
		.grade = w.grade,
		.ground = w.ground,
		.article = article,
		.ends = withholding_end(&w),
		.officer = hiding->officer,
		.second = hiding->second,
		.since = turn->now}));

	return network_record_hide(turn->store, record);
}

enum err
hiding_report(struct turn *turn, const struct provision_report *report,
    const struct network_record_row *permit)
{
	const struct hiding hiding = {.side = HIDING_PROVIDER,
	    .organisation = permit->provider,
	    .affair = WITHHOLDING_MARK,
	    .withheld = report->withheld,
	    .officer = report->officer,
	    .second = report->second,
	    .from = date_in_japan(report->at)};
	struct problem why = {0};
	struct budget budget;
	bool is_within;

	if (slice_is_empty(report->withheld))
		return OK;
	if (hiding_check(&hiding, &why)) {
		turn_note(turn, "withheld-refused", permit->provider, &why);
		return OK;
	}
	TRY(budget_open(
	    turn, BUDGET_WITHHELD_ANSWERS, permit->provider, &budget));
	TRY(budget_take(turn, &budget, 1, &is_within));
	TRY(budget_close(turn, &budget));

	return hiding_put(turn, permit->record, &hiding);
}

enum err
hiding_end(struct turn *turn, struct slice record)
{
	TRY(network_withholding_end(turn->store, turn->now, record));

	return network_record_hide(turn->store, record);
}

/* --- The resident's view --------------------------------------------------- */

static enum err
list(struct turn *turn, struct query *q, struct records_answer *answer)
{
	struct records_answer_withheld *all = NULL;
	struct network_records_withheld_row row;
	size_t n = 0, room = 0;
	enum err rc;

	while ((rc = network_records_withheld_next(q, &row)) == OK) {
		all = arena_grow(turn->arena, all, n, &room, sizeof(*all));
		all[n++] = (struct records_answer_withheld){
		    arena_copy(turn->arena, row.record),
		    withholding_last_day(row.contents_until)};
	}
	answer->withheld = all;
	answer->n_withheld = n;

	return rows_end(rc);
}

enum err
hiding_show(struct turn *turn, const struct record_code *person,
    struct instant now, struct records_answer *answer)
{
	struct query q;

	network_records_withheld_rows(
	    turn->store, person, now, RECORDS_MAX, &q);

	return list(turn, &q, answer);
}

enum err
hiding_was(struct turn *turn, struct records_answer_record *record)
{
	struct network_withholding_last_row row;
	enum err rc = network_withholding_last(
	    turn->store, turn->arena, record->record, &row);

	if (rc)
		return rows_end(rc);
	record->withheld_until = withholding_last_day(row.ends);
	record->ground = row.ground;
	record->withheld_article = row.article;

	return OK;
}

/* --- The officer's list ----------------------------------------------------- */

struct hiding_page {
	struct slice organisation, outcome, after;
	struct date ends_before;
};
static const struct field page_fields[] = {
    OPTION(hiding_page, organisation, ORGANISATION,
	"only what this organisation withholds"),
    OPTION(hiding_page, outcome, NAME_OF, "only records of this outcome"),
    OPTION(hiding_page, ends_before, DATE,
	"only what is shown on this day, or before"),
    OPTION(hiding_page, after, TEXT(48),
	"the page after this: `next` of the one before"),
};
const struct shape hiding_page_shape = SHAPE(hiding_page, page_fields);

/* A row's place in the list. */
struct place {
	struct instant ends;
	int64_t seq;
};

static enum err
read_place(struct turn *turn, struct slice text, struct place *ret)
{
	struct slice rest = text;
	uint64_t ends, seq;

	*ret = (struct place){turn->now, INT64_MAX};
	if (slice_is_empty(text))
		return OK;
	if (slice_to_u64(slice_cut(&rest, '-'), INT64_MAX, &ends) ||
	    slice_to_u64(rest, INT64_MAX, &seq))
		return problem_set(turn->problem, ERR_INPUT,
		    "field after: is not `next` of a page of this list");
	*ret = (struct place){{(int64_t)ends}, (int64_t)seq};

	return OK;
}

static void
describe(struct json_out *o, const struct network_hidden_page_row *row)
{
	json_out_object(o, NULL);
	json_out_text(o, "record", row->record);
	json_out_text(o, "organisation", row->organisation);
	json_out_text(o, "side", row->side);
	json_out_text(o, "grade", row->grade);
	json_out_text(o, "ground", row->ground);
	json_out_text(o, "article", row->article);
	json_out_date(o, "until", withholding_last_day(row->ends));
	json_out_text(o, "officer", row->officer);
	json_out_text(o, "second", row->second);
	json_out_text(o, "inquirer", row->inquirer);
	json_out_text(o, "provider", row->provider);
	json_out_text(o, "affair", row->affair);
	json_out_text(o, "item", row->item);
	json_out_text(o, "unit", row->unit);
	json_out_text(o, "outcome", row->outcome);
	json_out_instant(o, "requested", row->requested);
	json_out_end(o);
}

static enum err
write_page(struct turn *turn, const struct hiding_page *page, struct place from,
    struct json_out *o)
{
	struct instant latest = page->ends_before.year == 0
	    ? FOREVER
	    : date_begin(page->ends_before);
	struct network_hidden_page_row row;
	struct query q;
	enum err rc;
	int n = 0;

	json_out_array(o, "records");
	network_hidden_page_rows(turn->store,
	    &(struct network_hidden_page){.now = turn->now,
		.latest = latest,
		.ends = from.ends,
		.seq = from.seq,
		.organisation = page->organisation,
		.outcome = page->outcome,
		.limit = PAGE},
	    &q);
	while ((rc = network_hidden_page_next(&q, &row)) == OK) {
		describe(o, &row);
		from = (struct place){row.ends, row.seq};
		n++;
	}
	TRY(rows_end(rc));
	json_out_end(o);
	if (n == PAGE)
		json_out_text(o, "next",
		    arena_printf(turn->arena, "%lld-%lld",
			(long long)from.ends.ms, (long long)from.seq));

	return OK;
}

static enum err
write_counts(struct turn *turn, struct json_out *o)
{
	struct network_hidden_counts_row row;
	struct query q;
	enum err rc;

	json_out_array(o, "organisations");
	network_hidden_counts_rows(turn->store, turn->now, &q);
	while ((rc = network_hidden_counts_next(&q, &row)) == OK) {
		json_out_object(o, NULL);
		json_out_text(o, "organisation", row.organisation);
		json_out_int(o, "withheld", row.n);
		json_out_int(o, "provided", row.n_provided);
		json_out_int(o, "refused", row.n_refused);
		json_out_end(o);
	}
	TRY(rows_end(rc));
	json_out_end(o);

	return OK;
}

enum err
hiding_route_list(
    struct turn *turn, const struct input *in, struct reply *reply)
{
	const struct hiding_page *page = INPUT(in, hiding_page);
	struct json_out *o = reply_object(reply, 200);
	struct place from;

	TRY(read_place(turn, page->after, &from));
	TRY(write_page(turn, page, from, o));
	if (slice_is_empty(page->after))
		TRY(write_counts(turn, o));

	return turn_audit(turn, "records.hidden", SLICE(""), BASIS);
}

enum err
hiding_count(struct turn *turn, struct counting *counts)
{
	struct network_count_hidden_row row;

	TRY(network_count_hidden(turn->store, turn->now, &row));
	counting_add(counts, "withheld", row.n);

	return OK;
}
