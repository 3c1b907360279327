#include "law/withholding.h"

#include "base/bug.h"
#include "law/table.h"
#include "law/text.h"

#define GROUND_MAX 32
#define DAYS_MAX 3660

/* --- Notation ------------------------------------------------------------- */

static bool
is_ground(struct slice text)
{
	return text.len > 0 && text.len <= GROUND_MAX && law_is_word(text);
}

static bool
is_grade(struct slice text)
{
	return slice_equal_string(text, WITHHOLDING_CONTENTS) ||
	    slice_equal_string(text, WITHHOLDING_EXISTENCE);
}

enum err
withholding_parse(struct slice text, struct withholding *ret)
{
	struct withholding w;
	struct slice rest = text;
	char until[DATE_TEXT_MAX];

	w.grade = slice_cut(&rest, ':');
	w.ground = slice_cut(&rest, ':');
	if (!is_grade(w.grade) || !is_ground(w.ground) ||
	    date_parse(rest, &w.until) || !date_is_known(w.until))
		return ERR_INPUT;
	date_format(w.until, until); /* there is one spelling */
	if (!slice_equal_string(rest, until))
		return ERR_INPUT;
	*ret = w;

	return OK;
}

struct slice
withholding_text(struct arena *arena, const struct withholding *w)
{
	char until[DATE_TEXT_MAX];

	date_format(w->until, until);

	return arena_printf(arena, "%.*s:%.*s:%s", SLICE_ARG(w->grade),
	    SLICE_ARG(w->ground), until);
}

bool
withholding_needs_two(struct slice text)
{
	struct withholding w;

	return withholding_parse(text, &w) == OK &&
	    slice_equal_string(w.grade, WITHHOLDING_EXISTENCE);
}

struct instant
withholding_end(const struct withholding *w)
{
	return date_begin(date_plus_days(w->until, 1));
}

struct date
withholding_last_day(struct instant end)
{
	return date_in_japan(instant_plus(end, -1));
}

static enum err
parse(struct shape_text *t, void *to)
{
	struct withholding w;

	*(struct slice *)to = t->text;

	return withholding_parse(t->text, &w);
}

static void
write(struct json_out *o, const char *key, const void *from)
{
	json_out_text(o, key, *(const struct slice *)from);
}

const struct kind kind_withholding = {.name = "withholding",
    .expected = "GRADE:GROUND:UNTIL, such as contents:protection:2027-03-31",
    .schema = "string",
    .example = "contents:protection:2027-03-31",
    .parse = parse,
    .write = write,
    .size = sizeof(struct slice),
    .is_slice = true};

/* --- The table ------------------------------------------------------------ */

/* A line of the table; borrowed from the built-in text. */
struct rule {
	struct slice article, grades;
	int days;
};

static enum err
find(struct slice affair, struct slice ground, struct rule *ret)
{
	struct table table;
	uint64_t days;

	TRY(table_open(
	    slice_bytes(law_text_withholding, law_text_withholding_len),
	    "withholding.tsv", "affair\tground\tarticle\tgrades\tdays\tsource",
	    &table, NULL));
	do {
		TRY(table_next_of(&table, affair, NULL));
	} while (!slice_equal(table.columns[1], ground));
	if (slice_to_u64(table.columns[4], DAYS_MAX, &days))
		return ERR_CORRUPT;
	*ret = (struct rule){table.columns[2], table.columns[3], (int)days};

	return OK;
}

static bool
has_grade(const struct rule *rule, struct slice grade)
{
	struct slice rest = rule->grades;

	while (rest.len > 0) {
		if (slice_equal(slice_cut(&rest, '|'), grade))
			return true;
	}

	return false;
}

enum err
withholding_check(struct slice affair, const struct withholding *w,
    struct date from, struct slice *ret_article, struct problem *problem)
{
	struct rule rule = {SLICE("番号法23条2項"), w->grade, DAYS_MAX};
	enum err rc = find(affair, w->ground, &rule);

	if (rc == ERR_NOT_FOUND && !bug_is(BUG_GROUND_UNCHECKED))
		return problem_set(problem, ERR_DENIED,
		    "affair %.*s has no ground \"%.*s\" to withhold a record "
		    "(data/withholding.tsv)",
		    SLICE_ARG(affair), SLICE_ARG(w->ground));
	if (rc != ERR_NOT_FOUND)
		TRY(rc);
	if (!has_grade(&rule, w->grade))
		return problem_set(problem, ERR_DENIED,
		    "the ground \"%.*s\" of affair %.*s withholds the %.*s of "
		    "a record, not its %.*s",
		    SLICE_ARG(w->ground), SLICE_ARG(affair),
		    SLICE_ARG(rule.grades), SLICE_ARG(w->grade));
	if (date_compare(w->until, from) < 0 ||
	    date_compare(w->until, date_plus_days(from, rule.days)) > 0)
		return problem_set(problem, ERR_DENIED,
		    "the ground \"%.*s\" of affair %.*s withholds a record for "
		    "at most %d days; expected a last day until then",
		    SLICE_ARG(w->ground), SLICE_ARG(affair), rule.days);
	*ret_article = rule.article;

	return OK;
}
