#include "law/law.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "law/table.h"
#include "law/term.h"
#include "law/text.h"

#define PROVISIONS_MAX 4096
#define CAPACITIES_MAX 64
#define GROUPS_MAX 16

/* A kind of organisation, or a name in the table that stands for others. */
struct named_set {
	struct slice name;
	struct law_names names;
};

struct row {
	unsigned int first; /* in provisions */
	unsigned int n;     /* 0: no such row */
	struct slice affair;
};

struct law {
	struct arena *arena; /* holds every text below */
	struct slice names[LAW_NAMES_MAX];
	struct slice kinds[LAW_KINDS_MAX];
	struct named_set capacities[CAPACITIES_MAX];
	struct named_set groups[GROUPS_MAX];
	struct law_item items[LAW_ITEMS_MAX];
	struct law_provision *provisions;
	struct row rows[LAW_ROWS_MAX + 1];
	size_t n_names, n_kinds, n_capacities, n_groups, n_items;
	size_t n_provisions;
	bool may_lack_kinds;
};

struct law_text
law_text_built_in(void)
{
	return (struct law_text){.provisions = slice_bytes(law_text_provisions,
				     law_text_provisions_len),
	    .capacities =
		slice_bytes(law_text_capacities, law_text_capacities_len),
	    .items = slice_bytes(law_text_items, law_text_items_len)};
}

/* --- Sets ----------------------------------------------------------------- */

static void
set_add(struct law_names *set, size_t index)
{
	set->bits[index / 64] |= UINT64_C(1) << (index % 64);
}

void
law_names_join(struct law_names *set, const struct law_names *other)
{
	size_t i;

	for (i = 0; i < LAW_NAMES_MAX / 64; i++)
		set->bits[i] |= other->bits[i];
}

bool
law_names_meet(const struct law_names *a, const struct law_names *b)
{
	uint64_t both = 0;
	size_t i;

	for (i = 0; i < LAW_NAMES_MAX / 64; i++)
		both |= a->bits[i] & b->bits[i];

	return both != 0;
}

/* The index of `text` in a list, which grows by it if it is new. */
static enum err
intern(struct law *law, struct slice *list, size_t *n, size_t max,
    struct slice text, size_t *ret)
{
	size_t i;

	for (i = 0; i < *n; i++) {
		if (slice_equal(list[i], text)) {
			*ret = i;
			return OK;
		}
	}
	if (*n == max)
		return ERR_TOO_LARGE;
	list[*n] = arena_copy(law->arena, text);
	*ret = (*n)++;

	return OK;
}

static enum err
intern_name(struct law *law, struct slice text, size_t *ret)
{
	return intern(law, law->names, &law->n_names, LAW_NAMES_MAX, text, ret);
}

static struct named_set *
find_set(struct named_set *sets, size_t n, struct slice name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (slice_equal(sets[i].name, name))
			return &sets[i];
	}

	return NULL;
}

/* The set of that name, made empty if it is new; NULL if there are too many. */
static struct named_set *
make_set(struct law *law, struct named_set *sets, size_t *n, size_t max,
    struct slice name)
{
	struct named_set *set = find_set(sets, *n, name);

	if (set == NULL && *n < max) {
		set = &sets[(*n)++];
		set->name = arena_copy(law->arena, name);
	}

	return set;
}

/* --- Names of the table --------------------------------------------------- */

/* A name that some kind of organisation has, without what qualifies it. */
static struct slice
plain_name(const struct law *law, struct slice name)
{
	struct slice plain = term_unqualified(name);
	size_t i;

	for (i = 0; i < law->n_names && !slice_is_empty(plain); i++) {
		if (slice_equal(law->names[i], plain))
			return plain;
	}

	return name;
}

/* Add to `set` the names that a term without a definition stands for. */
static enum err
resolve(struct law *law, struct slice name, struct law_names *set)
{
	struct slice example = term_example(name);
	struct named_set *group;
	size_t index;
	enum err rc;

	group = find_set(law->groups, law->n_groups, name);
	if (group != NULL) {
		law_names_join(set, &group->names);
		return OK;
	}
	/* 「医療保険者その他の…者」: these, and the others it describes. */
	group = find_set(law->groups, law->n_groups, example);
	if (group != NULL)
		law_names_join(set, &group->names);
	rc = intern_name(law, plain_name(law, name), &index);
	if (rc == OK)
		set_add(set, index);

	return rc;
}

static enum err
define(struct law *law, struct slice name, const struct law_names *names)
{
	struct named_set *group =
	    make_set(law, law->groups, &law->n_groups, GROUPS_MAX, name);

	if (group == NULL)
		return ERR_TOO_LARGE;
	law_names_join(&group->names, names);

	return OK;
}

static enum err
read_members(struct law *law, struct slice cell, struct law_names *ret)
{
	struct terms members;
	size_t i;
	enum err rc;

	*ret = (struct law_names){{0}};
	rc = term_names(law->arena, cell, &members);
	for (i = 0; rc == OK && i < members.n; i++)
		rc = resolve(law, members.terms[i].name, ret);

	return rc;
}

static enum err
read_names(struct law *law, struct slice cell, struct law_names *ret)
{
	struct law_names members;
	struct terms terms;
	const struct term *t;
	size_t i;
	enum err rc;

	rc = term_names(law->arena, cell, &terms);
	for (i = 0; rc == OK && i < terms.n; i++) {
		t = &terms.terms[i];
		if (!slice_is_empty(t->members)) {
			rc = read_members(law, t->members, &members);
			if (rc == OK)
				rc = define(law, t->name, &members);
		}
		if (rc == OK)
			rc = resolve(law, t->name, ret);
		if (rc == OK && !slice_is_empty(t->alias_of_all))
			rc = define(law, t->alias_of_all, ret);
	}

	return rc;
}

static enum err
read_kinds(struct law *law, struct slice cell, uint64_t *bits)
{
	struct terms terms;
	size_t i, index;
	enum err rc;

	rc = term_kinds(law->arena, cell, &terms);
	for (i = 0; rc == OK && i < terms.n; i++) {
		rc = intern(law, law->kinds, &law->n_kinds, LAW_KINDS_MAX,
		    terms.terms[i].name, &index);
		if (rc == OK)
			bits[index / 64] |= UINT64_C(1) << (index % 64);
	}

	return rc;
}

/* --- The files ------------------------------------------------------------ */

static enum err
complain(const struct table *table, enum err err, const char *column,
    struct problem *problem)
{
	return problem_set(problem, err, "%s, line %u: column %s %s",
	    table->name, table->line, column,
	    err == ERR_TOO_LARGE
		? "has more entries than allowed, or one that is there already"
		: "does not have the form that data/README.md gives");
}

/* The provisions of a row follow each other, subs counting from 1. */
static enum err
place(struct law *law, const struct table *table, unsigned int *ret_row,
    unsigned int *ret_sub)
{
	uint64_t row, sub;
	struct row *r;

	if (slice_to_u64(table->columns[0], LAW_ROWS_MAX, &row) || row == 0 ||
	    slice_to_u64(table->columns[1], PROVISIONS_MAX, &sub))
		return ERR_INPUT;
	r = &law->rows[row];
	if (sub != r->n + 1 ||
	    (r->n > 0 && r->first + r->n != law->n_provisions))
		return ERR_INPUT;
	if (r->n == 0) {
		r->first = (unsigned int)law->n_provisions;
		r->affair = arena_copy(law->arena, table->columns[3]);
	}
	*ret_row = (unsigned int)row;
	*ret_sub = (unsigned int)sub;

	return OK;
}

static enum err
read_provision(
    struct law *law, const struct table *table, struct problem *problem)
{
	struct law_provision p = {0};

	if (law->n_provisions == PROVISIONS_MAX)
		return complain(table, ERR_TOO_LARGE, "row", problem);
	if (place(law, table, &p.row, &p.sub))
		return complain(table, ERR_INPUT, "row or sub", problem);
	if (read_names(law, table->columns[2], &p.inquirers))
		return complain(table, ERR_INPUT, "inquirer", problem);
	if (read_names(law, table->columns[4], &p.providers))
		return complain(table, ERR_INPUT, "provider", problem);
	if (read_kinds(law, table->columns[5], p.kinds))
		return complain(table, ERR_INPUT, "information", problem);
	law->provisions[law->n_provisions++] = p;
	law->rows[p.row].n++;

	return OK;
}

static enum err
read_capacity(
    struct law *law, const struct table *table, struct problem *problem)
{
	struct named_set *kind = make_set(law, law->capacities,
	    &law->n_capacities, CAPACITIES_MAX, table->columns[0]);
	size_t index;

	if (kind == NULL)
		return complain(table, ERR_TOO_LARGE, "kind", problem);
	if (intern_name(law, table->columns[1], &index))
		return complain(table, ERR_TOO_LARGE, "name", problem);
	set_add(&kind->names, index);

	return OK;
}

static enum err
read_item(struct law *law, const struct table *table, struct problem *problem)
{
	struct law_item item = {.number = LAW_KINDS_MAX}, other;
	unsigned int i;

	if (law->n_items == LAW_ITEMS_MAX ||
	    law_item(law, table->columns[0], &other) == OK)
		return complain(table, ERR_TOO_LARGE, "id", problem);
	for (i = 0; i < law->n_kinds; i++) {
		if (slice_equal(law->kinds[i], table->columns[1]))
			item.number = i;
	}
	if (item.number == LAW_KINDS_MAX && !law->may_lack_kinds)
		return problem_set(problem, ERR_INPUT,
		    "%s, line %u: column kind: the law's table has no such "
		    "kind of information",
		    table->name, table->line);
	item.id = arena_copy(law->arena, table->columns[0]);
	item.kind = arena_copy(law->arena, table->columns[1]);
	item.title = arena_copy(law->arena, table->columns[2]);
	item.title_en = arena_copy(law->arena, table->columns[3]);
	law->items[law->n_items++] = item;

	return OK;
}

static enum err
read_file(struct law *law, struct slice text, const char *name,
    const char *header,
    enum err (*read)(
	struct law *law, const struct table *table, struct problem *problem),
    struct problem *problem)
{
	struct table table;
	enum err rc;

	rc = table_open(text, name, header, &table, problem);
	if (rc)
		return rc;
	while ((rc = table_next(&table, problem)) == OK) {
		rc = read(law, &table, problem);
		if (rc)
			return rc;
	}

	return rc == ERR_NOT_FOUND ? OK : rc;
}

enum err
law_load(const struct law_text *text, struct law **ret, struct problem *problem)
{
	struct law *law = heap_array(1, sizeof(*law));
	enum err rc;

	law->arena = arena_new();
	law->may_lack_kinds = text->may_lack_kinds;
	law->provisions = heap_array(PROVISIONS_MAX, sizeof(*law->provisions));
	/* In this order: names are plain if an organisation has them, and
	 * items name kinds of the table. */
	rc = read_file(law, text->capacities, "capacities.tsv",
	    "kind\tname\twhy", read_capacity, problem);
	if (rc == OK)
		rc = read_file(law, text->provisions, "provision_table.tsv",
		    "row\tsub\tinquirer\taffair\tprovider\tinformation",
		    read_provision, problem);
	if (rc == OK)
		rc = read_file(law, text->items, "items.tsv",
		    "id\tkind\ttitle\ttitle_en", read_item, problem);
	if (rc) {
		law_free(law);
		return rc;
	}
	*ret = law;

	return OK;
}

void
law_free(struct law *law)
{
	if (law == NULL)
		return;
	arena_free(law->arena);
	free(law->provisions);
	free(law);
}

/* --- Looking up ----------------------------------------------------------- */

enum err
law_capacities(const struct law *law, struct slice kind, struct law_names *ret)
{
	size_t i;

	for (i = 0; i < law->n_capacities; i++) {
		if (slice_equal(law->capacities[i].name, kind)) {
			*ret = law->capacities[i].names;
			return OK;
		}
	}

	return ERR_NOT_FOUND;
}

enum err
law_party(const struct law *law, struct slice word, struct law_names *ret)
{
	size_t i;

	if (law_capacities(law, word, ret) == OK)
		return OK;
	for (i = 0; i < law->n_names; i++) {
		if (!slice_equal(law->names[i], word))
			continue;
		*ret = (struct law_names){{0}};
		set_add(ret, i);
		return OK;
	}

	return ERR_NOT_FOUND;
}

struct slice
law_capacity_at(const struct law *law, size_t index)
{
	return index < law->n_capacities ? law->capacities[index].name
					 : (struct slice){0};
}

enum err
law_item(const struct law *law, struct slice id, struct law_item *ret)
{
	size_t i;

	for (i = 0; i < law->n_items; i++) {
		if (slice_equal(law->items[i].id, id)) {
			*ret = law->items[i];
			return OK;
		}
	}

	return ERR_NOT_FOUND;
}

size_t
law_items(const struct law *law)
{
	return law->n_items;
}

struct law_item
law_item_at(const struct law *law, size_t index)
{
	return law->items[index];
}

enum err
law_row(const struct law *law, struct slice affair, unsigned int *ret)
{
	uint64_t row;

	if (affair.len > 0 && affair.data[0] == '0')
		return ERR_NOT_FOUND;
	if (slice_to_u64(affair, LAW_ROWS_MAX, &row) || law->rows[row].n == 0)
		return ERR_NOT_FOUND;
	*ret = (unsigned int)row;

	return OK;
}

struct slice
law_affair(const struct law *law, unsigned int row)
{
	return row <= LAW_ROWS_MAX ? law->rows[row].affair : (struct slice){0};
}

size_t
law_provisions(const struct law *law)
{
	return law->n_provisions;
}

const struct law_provision *
law_provision_at(const struct law *law, size_t index)
{
	return &law->provisions[index];
}

struct slice
law_name_at(const struct law *law, size_t index)
{
	return index < law->n_names ? law->names[index] : (struct slice){0};
}

struct slice
law_kind_at(const struct law *law, size_t index)
{
	return index < law->n_kinds ? law->kinds[index] : (struct slice){0};
}

/* --- Deciding ------------------------------------------------------------- */

bool
law_provision_has(const struct law_provision *p, unsigned int kind)
{
	return kind < LAW_KINDS_MAX &&
	    (p->kinds[kind / 64] >> (kind % 64) & 1) != 0;
}

/* The reason why one line of the table does not allow the inquiry. */
static enum law_missing
judge(const struct law_provision *p, const struct law_question *question)
{
	if (!law_names_meet(&p->inquirers, &question->inquirer))
		return LAW_MISSING_INQUIRER;
	if (!law_provision_has(p, question->kind))
		return LAW_MISSING_INFORMATION;
	if (!law_names_meet(&p->providers, &question->provider))
		return LAW_MISSING_PROVIDER;

	return LAW_MISSING_NOTHING;
}

void
law_decide(const struct law *law, const struct law_question *question,
    struct law_decision *ret)
{
	const struct law_provision *p;
	enum law_missing missing;
	const struct row *r;
	unsigned int i;

	*ret = (struct law_decision){.missing = LAW_MISSING_ROW};
	if (question->row > LAW_ROWS_MAX || law->rows[question->row].n == 0)
		return;
	r = &law->rows[question->row];
	ret->row = question->row;
	/* Row n is detailed in article n + 2. */
	ret->article = question->row + 2;
	ret->missing = LAW_MISSING_INQUIRER;
	for (i = 0; i < r->n; i++) {
		p = &law->provisions[r->first + i];
		missing = judge(p, question);
		if (missing == LAW_MISSING_NOTHING) {
			ret->allowed = true;
			ret->sub = p->sub;
			ret->missing = missing;
			return;
		}
		/* The line that fits best gives the reason. */
		if (missing > ret->missing)
			ret->missing = missing;
	}
}

void
law_cite(const struct law_decision *decision, struct buf *ret)
{
	buf_add_string(ret, "番号法19条8号");
	if (decision->row != 0)
		buf_printf(
		    ret, "、令和6年命令第9号2条の表%uの項", decision->row);
}

const char *
law_missing_text(enum law_missing missing)
{
	switch (missing) {
	case LAW_MISSING_NOTHING:
		return "";
	case LAW_MISSING_ROW:
		return "この事務は表にありません / the table has no such "
		       "affair";
	case LAW_MISSING_INQUIRER:
		return "照会者がこの事務を処理する者として定められていません / "
		       "the affair is not one of this inquirer's";
	case LAW_MISSING_INFORMATION:
		return "この事務のために提供を求めることができる情報ではありません / "
		       "this information may not be asked for this affair";
	case LAW_MISSING_PROVIDER:
		return "この情報の提供者として定められていません / this "
		       "provider is not the one named for this information";
	}

	return "";
}
