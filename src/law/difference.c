#include "law/difference.h"

#include <string.h>

/* One edition, for comparing. */
struct side {
	const struct law *law;
	unsigned int partner[LAW_ROWS_MAX + 1]; /* the row in the other; or 0 */
	size_t first[LAW_ROWS_MAX + 1];         /* its first provision */
};

struct comparison {
	struct side old_side, new_side;
	void (*report)(void *context, const struct law_difference *difference);
	void *context;
	size_t n;
};

/* --- Rows ----------------------------------------------------------------- */

/* The affair without the clause that cites the detailing article. */
static struct slice
affair_key(const struct law *law, unsigned int row)
{
	static const char clause[] = "であって";
	struct slice s = law_affair(law, row);
	size_t len = sizeof(clause) - 1, i;

	for (i = s.len; i >= len; i--) {
		if (memcmp(s.data + i - len, clause, len) == 0)
			return slice_bytes(s.data, i - len);
	}

	return s;
}

/* Whether a set has the word; `at` gives the word of each bit. */
static bool
set_has(const uint64_t *bits, const struct law *law,
    struct slice (*at)(const struct law *law, size_t i), struct slice word)
{
	struct slice s;
	size_t i;

	for (i = 0; !slice_is_empty(s = at(law, i)); i++) {
		if ((bits[i / 64] >> (i % 64) & 1) != 0 && slice_equal(s, word))
			return true;
	}

	return false;
}

static bool
row_has_inquirer(const struct side *side, unsigned int row, struct slice name)
{
	const struct law_provision *p;
	size_t i;

	for (i = side->first[row]; i < law_provisions(side->law); i++) {
		p = law_provision_at(side->law, i);
		if (p->row != row)
			break;
		if (set_has(p->inquirers.bits, side->law, law_name_at, name))
			return true;
	}

	return false;
}

static bool
row_has_pair(const struct side *side, unsigned int row, struct slice kind,
    struct slice provider)
{
	const struct law_provision *p;
	size_t i;

	for (i = side->first[row]; i < law_provisions(side->law); i++) {
		p = law_provision_at(side->law, i);
		if (p->row != row)
			break;
		if (set_has(p->kinds, side->law, law_kind_at, kind) &&
		    set_has(
			p->providers.bits, side->law, law_name_at, provider))
			return true;
	}

	return false;
}

/* Every inquirer of the one row is one of the other. */
static bool
inquirers_within(const struct side *one, unsigned int row,
    const struct side *other, unsigned int row_there)
{
	struct slice name;
	size_t i;

	for (i = 0; !slice_is_empty(name = law_name_at(one->law, i)); i++) {
		if (row_has_inquirer(one, row, name) &&
		    !row_has_inquirer(other, row_there, name))
			return false;
	}

	return true;
}

static bool
same_inquirers(const struct side *a, unsigned int row_a, const struct side *b,
    unsigned int row_b)
{
	return inquirers_within(a, row_a, b, row_b) &&
	    inquirers_within(b, row_b, a, row_a);
}

/* --- Pairing rows --------------------------------------------------------- */

static bool
same_row(const struct comparison *c, unsigned int o, unsigned int n)
{
	return slice_equal(affair_key(c->old_side.law, o),
		   affair_key(c->new_side.law, n)) &&
	    same_inquirers(&c->old_side, o, &c->new_side, n);
}

static bool
same_affair(const struct comparison *c, unsigned int o, unsigned int n)
{
	return slice_equal(
	    affair_key(c->old_side.law, o), affair_key(c->new_side.law, n));
}

static bool
same_number(const struct comparison *c, unsigned int o, unsigned int n)
{
	(void)c;

	return o == n;
}

static bool
is_open(const struct side *side, unsigned int row)
{
	return side->partner[row] == 0 &&
	    !slice_is_empty(law_affair(side->law, row));
}

/* The provisions of a row follow each other. */
static void
side_index(struct side *side)
{
	size_t i;

	for (i = law_provisions(side->law); i-- > 0;)
		side->first[law_provision_at(side->law, i)->row] = i;
}

/* Join the rows that are still alone and alike in this way. */
static void
join_rows(struct comparison *c,
    bool (*alike)(const struct comparison *c, unsigned int o, unsigned int n))
{
	unsigned int o, n;

	for (o = 1; o <= LAW_ROWS_MAX; o++) {
		if (!is_open(&c->old_side, o))
			continue;
		for (n = 1; n <= LAW_ROWS_MAX; n++) {
			if (!is_open(&c->new_side, n) || !alike(c, o, n))
				continue;
			c->old_side.partner[o] = n;
			c->new_side.partner[n] = o;
			break;
		}
	}
}

/* --- Telling -------------------------------------------------------------- */

static void
tell(struct comparison *c, struct law_difference difference)
{
	c->report(c->context, &difference);
	c->n++;
}

/* Report inquirers and provisions of row_a that its partner row_b lacks. */
static void
tell_lacking(struct comparison *c, const struct side *a, unsigned int row_a,
    const struct side *b, unsigned int row_b)
{
	bool removed = a == &c->old_side;
	struct law_difference d = {.old_row = removed ? row_a : row_b,
	    .new_row = removed ? row_b : row_a};
	size_t i, j;

	d.change = removed ? LAW_INQUIRER_REMOVED : LAW_INQUIRER_ADDED;
	for (i = 0; !slice_is_empty(d.name = law_name_at(a->law, i)); i++) {
		if (row_has_inquirer(a, row_a, d.name) &&
		    !row_has_inquirer(b, row_b, d.name))
			tell(c, d);
	}
	d.change = removed ? LAW_PROVISION_REMOVED : LAW_PROVISION_ADDED;
	for (j = 0; !slice_is_empty(d.kind = law_kind_at(a->law, j)); j++) {
		for (i = 0; !slice_is_empty(d.name = law_name_at(a->law, i));
		     i++) {
			if (row_has_pair(a, row_a, d.kind, d.name) &&
			    !row_has_pair(b, row_b, d.kind, d.name))
				tell(c, d);
		}
	}
}

static void
tell_row(struct comparison *c, unsigned int n)
{
	unsigned int o = c->new_side.partner[n];
	struct law_difference d = {.old_row = o, .new_row = n};

	if (o == 0) {
		d.change = LAW_ROW_ADDED;
		tell(c, d);
		return;
	}
	if (o != n) {
		d.change = LAW_ROW_MOVED;
		tell(c, d);
	}
	if (!same_affair(c, o, n)) {
		d.change = LAW_AFFAIR_CHANGED;
		tell(c, d);
	}
	tell_lacking(c, &c->old_side, o, &c->new_side, n);
	tell_lacking(c, &c->new_side, n, &c->old_side, o);
}

size_t
law_compare(const struct law *old_law, const struct law *new_law,
    void (*report)(void *context, const struct law_difference *difference),
    void *context)
{
	struct comparison c = {.old_side = {.law = old_law},
	    .new_side = {.law = new_law},
	    .report = report,
	    .context = context};
	unsigned int row;

	if (old_law == new_law)
		return 0;
	side_index(&c.old_side);
	side_index(&c.new_side);
	join_rows(&c, same_row);
	join_rows(&c, same_affair);
	join_rows(&c, same_number);
	for (row = 1; row <= LAW_ROWS_MAX; row++) {
		if (is_open(&c.old_side, row))
			tell(&c,
			    (struct law_difference){
				.change = LAW_ROW_REMOVED, .old_row = row});
	}
	for (row = 1; row <= LAW_ROWS_MAX; row++) {
		if (!slice_is_empty(law_affair(new_law, row)))
			tell_row(&c, row);
	}

	return c.n;
}

unsigned int
law_row_there(
    const struct law *old_law, unsigned int row, const struct law *new_law)
{
	struct comparison c = {
	    .old_side = {.law = old_law}, .new_side = {.law = new_law}};
	unsigned int n, found = 0;

	if (slice_is_empty(law_affair(old_law, row)))
		return 0;
	if (old_law == new_law)
		return row;
	side_index(&c.old_side);
	side_index(&c.new_side);
	for (n = 1; n <= LAW_ROWS_MAX; n++) {
		if (slice_is_empty(law_affair(new_law, n)) ||
		    !same_row(&c, row, n))
			continue;
		if (found != 0)
			return 0;
		found = n;
	}

	return found;
}

const char *
law_change_name(enum law_change change)
{
	switch (change) {
	case LAW_ROW_ADDED:
		return "row-added";
	case LAW_ROW_REMOVED:
		return "row-removed";
	case LAW_ROW_MOVED:
		return "row-moved";
	case LAW_AFFAIR_CHANGED:
		return "affair-changed";
	case LAW_INQUIRER_ADDED:
		return "inquirer-added";
	case LAW_INQUIRER_REMOVED:
		return "inquirer-removed";
	case LAW_PROVISION_ADDED:
		return "provision-added";
	case LAW_PROVISION_REMOVED:
		return "provision-removed";
	}

	return "";
}
