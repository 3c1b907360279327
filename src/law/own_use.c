#include "law/own_use.h"

#include "law/difference.h"
#include "law/table.h"

/* --- Notation ------------------------------------------------------------- */

bool
own_use_is_id(struct slice affair)
{
	return slice_has_prefix(affair, OWN_USE_PREFIX) &&
	    affair.len > OWN_USE_PREFIX.len && affair.len <= OWN_USE_ID_MAX &&
	    law_is_word(affair);
}

static enum err
parse_id(struct shape_text *t, void *to)
{
	*(struct slice *)to = t->text;

	return own_use_is_id(t->text) ? OK : ERR_INPUT;
}

static enum err
parse_word(struct shape_text *t, void *to)
{
	*(struct slice *)to = t->text;

	return t->text.len > 0 && t->text.len <= OWN_USE_ID_MAX &&
		law_is_word(t->text)
	    ? OK
	    : ERR_INPUT;
}

static void
write_text(struct json_out *o, const char *key, const void *from)
{
	json_out_text(o, key, *(const struct slice *)from);
}

const struct kind kind_own_use_id = {.name = "own-use affair",
    .expected = "\"own-\" and at most 44 of a-z, 0-9 and hyphens",
    .example = "own-medical-children",
    .schema = "string",
    .parse = parse_id,
    .write = write_text,
    .size = sizeof(struct slice),
    .is_slice = true};

const struct kind kind_own_use_word = {.name = "id",
    .expected = "an id: at most 48 of a-z, 0-9 and hyphens",
    .example = "local-tax",
    .schema = "string",
    .parse = parse_word,
    .write = write_text,
    .size = sizeof(struct slice),
    .is_slice = true};

/* --- Deciding ------------------------------------------------------------- */

bool
own_use_may_declare(const struct law *law, const struct law_names *names)
{
	static const struct slice local[] = {SLICE("市町村長"),
	    SLICE("都道府県知事"), SLICE("市町村教育委員会"),
	    SLICE("都道府県教育委員会")};
	struct law_names name;
	size_t i;

	for (i = 0; i < sizeof(local) / sizeof(local[0]); i++) {
		if (law_party(law, local[i], &name) == OK &&
		    law_names_meet(&name, names))
			return true;
	}

	return false;
}

/* The names of all kinds of providers that are declared. */
static struct law_names
declared_providers(const struct law *law, const struct own_use *own_use)
{
	struct law_names all = {{0}}, kind;
	size_t i;

	for (i = 0; i < own_use->n_providers; i++) {
		if (law_capacities(law, own_use->providers[i], &kind) == OK)
			law_names_join(&all, &kind);
	}

	return all;
}

static bool
has_item(const struct own_use *own_use, struct slice item)
{
	size_t i;

	for (i = 0; i < own_use->n_items; i++) {
		if (slice_equal(own_use->items[i], item))
			return true;
	}

	return false;
}

/*
 * Does the row to which the affair corresponds allow the item?  The row's
 * inquirers do not matter: the local government asks, and the row gives
 * providers and information.
 *
 * The Commission's rule for 番号法19条9号 (平成28年個人情報保護委員会規則第6号)
 * sets this range.  We have not read the rule and write it from memory; only
 * this function depends on it.
 */
static void
decide_by_row(const struct law *law, unsigned int row,
    const struct law_names *provider, struct slice item,
    struct law_decision *ret)
{
	struct law_question question = {.row = row, .provider = *provider};
	struct law_item found;
	size_t i;

	for (i = 0; i < LAW_NAMES_MAX / 64; i++)
		question.inquirer.bits[i] = UINT64_MAX;
	question.kind =
	    law_item(law, item, &found) == OK ? found.number : LAW_KINDS_MAX;
	law_decide(law, &question, ret);
}

/* May the organisation that declared it ask this provider for this item? */
static void
decide(const struct law *law, const struct own_use_case *inquiry,
    struct law_decision *ret)
{
	struct law_names names = declared_providers(law, inquiry->own_use);
	size_t i;

	/* A provider acts under a name that the declaration has, too. */
	for (i = 0; i < LAW_NAMES_MAX / 64; i++)
		names.bits[i] &= inquiry->provider.bits[i];
	decide_by_row(law, inquiry->row, &names, inquiry->item, ret);
	if (ret->allowed && !has_item(inquiry->own_use, inquiry->item)) {
		ret->allowed = false;
		ret->sub = 0;
		ret->missing = LAW_MISSING_INFORMATION;
	}
}

unsigned int
own_use_row(const struct own_use *own_use, const struct law *declared,
    const struct law *law)
{
	unsigned int row;

	if (law_row(declared, own_use->row, &row))
		return 0;

	return law_row_there(declared, row, law);
}

enum err
own_use_check(const struct law *law, const struct own_use *own_use,
    unsigned int row, struct problem *problem)
{
	struct law_names kind, all = declared_providers(law, own_use);
	struct law_decision decision;
	size_t i;

	for (i = 0; i < own_use->n_providers; i++) {
		if (law_capacities(law, own_use->providers[i], &kind))
			return problem_set(problem, ERR_INPUT,
			    "field providers: entry %zu is not a kind of "
			    "organisation (data/capacities.tsv)",
			    i + 1);
	}
	for (i = 0; i < own_use->n_items; i++) {
		decide_by_row(law, row, &all, own_use->items[i], &decision);
		if (!decision.allowed)
			return problem_set(problem, ERR_INPUT,
			    "item %.*s in row %.*s: %s",
			    SLICE_ARG(own_use->items[i]),
			    SLICE_ARG(own_use->row),
			    law_missing_text(decision.missing));
	}

	return OK;
}

void
own_use_cite(const struct own_use *own_use, struct buf *ret)
{
	buf_printf(ret, "番号法19条9号、%.*s（%.*s）",
	    SLICE_ARG(own_use->ordinance), SLICE_ARG(own_use->number));
}

enum refusal
own_use_judge(const struct law *law, const struct own_use_case *inquiry,
    struct law_decision *ret_decision, struct buf *ret_article,
    const char **ret_text)
{
	const struct own_use *own_use = inquiry->own_use;

	*ret_decision = (struct law_decision){.missing = LAW_MISSING_ROW};
	*ret_text = "この独自利用事務は届け出られていません / the inquirer has "
		    "declared no such affair";
	if (own_use == NULL) {
		buf_add_string(ret_article, "番号法19条9号");
		return REFUSED_NO_BASIS;
	}
	own_use_cite(own_use, ret_article);
	*ret_text = refusal_info(REFUSED_OWN_USE)->text;
	if (!inquiry->is_confirmed)
		return REFUSED_OWN_USE;
	*ret_text =
	    "条例がまだ施行されていません / the ordinance is not in force "
	    "yet";
	if (date_compare(own_use->effective, inquiry->day) > 0)
		return REFUSED_NO_BASIS;
	decide(law, inquiry, ret_decision);
	*ret_text = law_missing_text(ret_decision->missing);
	if (!ret_decision->allowed)
		return REFUSED_NO_BASIS;
	if (slice_is_empty(inquiry->limit_ordinance))
		return REFUSED_NOT;
	buf_clear(ret_article);
	buf_printf(ret_article, "番号法26条、%.*s（%.*s）",
	    SLICE_ARG(inquiry->limit_ordinance),
	    SLICE_ARG(inquiry->limit_number));
	*ret_text = refusal_info(REFUSED_OWN_USE_LIMITED)->text;

	return REFUSED_OWN_USE_LIMITED;
}
