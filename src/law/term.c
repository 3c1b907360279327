#include "law/term.h"

#include <string.h>

static const struct slice open_paren = SLICE("（");
static const struct slice close_paren = SLICE("）");

static const struct slice separators[] = {SLICE("、"), SLICE("又は"),
    SLICE("若しくは"), SLICE("及び"), SLICE("並びに")};

static const struct slice kind_ends[] = {SLICE("情報"), SLICE("事項")};

static const struct slice name_ends[] = {SLICE("大臣"), SLICE("長"),
    SLICE("長官"), SLICE("知事"), SLICE("機構"), SLICE("組合"), SLICE("連合会"),
    SLICE("協会"), SLICE("事業団"), SLICE("基金"), SLICE("広域連合"),
    SLICE("委員会"), SLICE("等"), SLICE("者")};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A cell being taken apart. */
struct cell {
	struct slice rest;
	struct buf term; /* of the term so far, without parentheses */
	struct slice members;
	const struct slice *ends;
	size_t n_ends;
	enum err (*parenthesis)(struct cell *c);
	struct arena *arena;
	struct terms *terms;
};

/* --- Slices --------------------------------------------------------------- */

static struct slice
after(struct slice s, size_t n)
{
	return (struct slice){s.data + n, s.len - n};
}

static bool
has_suffix(struct slice s, struct slice suffix)
{
	return s.len >= suffix.len &&
	    slice_equal(after(s, s.len - suffix.len), suffix);
}

/* Where `what` first stands in `s`; s.len if nowhere. */
static size_t
find(struct slice s, struct slice what)
{
	const char *at = NULL;

	if (s.len >= what.len)
		at = memmem(s.data, s.len, what.data, what.len);

	return at == NULL ? s.len : (size_t)(at - s.data);
}

/* The part before `what`; empty if it does not occur. */
static struct slice
before(struct slice s, struct slice what)
{
	size_t at = find(s, what);

	return at == s.len ? (struct slice){0} : (struct slice){s.data, at};
}

/* The part after the last `what`; empty if it does not occur. */
static struct slice
after_last(struct slice s, struct slice what)
{
	struct slice found = {0};
	size_t at;

	while ((at = find(s, what)) < s.len) {
		s = after(s, at + what.len);
		found = s;
	}

	return found;
}

struct slice
term_unqualified(struct slice name)
{
	struct slice is = after_last(name, SLICE("である"));
	struct slice does = after_last(name, SLICE("を行う"));

	if (slice_is_empty(is) || (does.len > 0 && does.len < is.len))
		return does;

	return is;
}

struct slice
term_example(struct slice name)
{
	return before(name, SLICE("その他の"));
}

/* --- Pieces --------------------------------------------------------------- */

/* Is the rest of the cell only the reference to the detailing article? */
static bool
is_reference(struct slice s)
{
	struct slice reference;

	if (!slice_has_prefix(s, SLICE("であって")))
		return false;
	reference = after(s, SLICE("であって").len);

	return (slice_has_prefix(reference, SLICE("第")) ||
		   slice_has_prefix(reference, SLICE("次条")) ||
		   slice_has_prefix(reference, SLICE("同条"))) &&
	    has_suffix(reference, SLICE("で定めるもの")) &&
	    find(reference, open_paren) == reference.len;
}

/* The separator that the rest begins with; empty if it begins with none. */
static struct slice
separator_at(struct slice s)
{
	size_t i;

	for (i = 0; i < COUNT(separators); i++) {
		if (slice_has_prefix(s, separators[i]))
			return separators[i];
	}

	return (struct slice){0};
}

static bool
is_whole(const struct cell *c)
{
	struct slice term = buf_slice(&c->term);
	size_t i;

	for (i = 0; i < c->n_ends; i++) {
		if (has_suffix(term, c->ends[i]))
			return true;
	}

	return false;
}

static enum err
add(struct cell *c, struct slice name)
{
	struct terms *t = c->terms;

	if (t->n == TERMS_MAX)
		return ERR_TOO_LARGE;
	t->terms[t->n] = (struct term){
	    .name = arena_copy(c->arena, name), .members = c->members};
	t->n++;
	c->members = (struct slice){0};

	return OK;
}

static enum err
end_term(struct cell *c)
{
	enum err rc;

	if (c->term.len == 0)
		return OK;
	rc = add(c, buf_slice(&c->term));
	buf_clear(&c->term);

	return rc;
}

/* Take a parenthesis and what is in it off the rest. */
static enum err
take_parenthesis(struct cell *c, struct slice *ret_inner)
{
	struct slice s = c->rest;
	size_t at = 0, depth = 0;

	while (at < s.len) {
		if (slice_has_prefix(after(s, at), open_paren)) {
			depth++;
			at += open_paren.len;
		} else if (slice_has_prefix(after(s, at), close_paren)) {
			depth--;
			at += close_paren.len;
			if (depth == 0)
				break;
		} else
			at++;
	}
	if (depth > 0)
		return ERR_INPUT;
	*ret_inner = (struct slice){
	    s.data + open_paren.len, at - open_paren.len - close_paren.len};
	c->rest = after(s, at);

	return OK;
}

/* X of 「以下…「X」という。」; empty if it is no such parenthesis. */
static struct slice
abbreviation(struct slice inner)
{
	struct slice quoted, rest;
	size_t at = find(inner, SLICE("「"));

	if (!slice_has_prefix(inner, SLICE("以下")) || at == inner.len)
		return (struct slice){0};
	rest = after(inner, at + SLICE("「").len);
	quoted = before(rest, SLICE("」という。"));

	return quoted;
}

/* Does the rest go on with the same term? */
static bool
goes_on(const struct cell *c)
{
	if (c->rest.len == 0 || is_reference(c->rest))
		return false;

	return slice_is_empty(separator_at(c->rest)) || !is_whole(c);
}

/* Move one byte of the rest to the term; characters stay whole, as nothing
 * ends within one. */
static void
take_byte(struct cell *c)
{
	buf_add_char(&c->term, c->rest.data[0]);
	c->rest = after(c->rest, 1);
}

static enum err
take_terms(struct cell *c)
{
	struct slice separator;
	enum err rc = OK;

	if (c->rest.len > CELL_MAX)
		return ERR_TOO_LARGE;
	while (rc == OK && c->rest.len > 0 && !is_reference(c->rest)) {
		separator = separator_at(c->rest);
		if (slice_has_prefix(c->rest, open_paren))
			rc = c->parenthesis(c);
		else if (slice_has_prefix(c->rest, close_paren))
			rc = ERR_INPUT;
		else if (separator.len > 0 &&
		    (c->term.len == 0 || is_whole(c))) {
			c->rest = after(c->rest, separator.len);
			rc = end_term(c);
		} else
			take_byte(c);
	}
	if (rc == OK)
		rc = end_term(c);
	if (rc == OK && c->terms->n == 0)
		rc = ERR_INPUT;

	return rc;
}

static enum err
take_cell(struct cell *c)
{
	enum err rc;

	c->terms->n = 0;
	buf_init(&c->term);
	rc = take_terms(c);
	buf_done(&c->term);

	return rc;
}

/* --- Kinds of information ------------------------------------------------- */

static enum err
parenthesis_in_kind(struct cell *c)
{
	struct slice inner, name;
	enum err rc;

	rc = take_parenthesis(c, &inner);
	if (rc)
		return rc;
	name = abbreviation(inner);
	if (slice_is_empty(name))
		return OK;
	buf_clear(&c->term);

	return add(c, name);
}

enum err
term_kinds(struct arena *arena, struct slice cell, struct terms *ret)
{
	struct cell c = {.rest = cell,
	    .ends = kind_ends,
	    .n_ends = COUNT(kind_ends),
	    .parenthesis = parenthesis_in_kind,
	    .arena = arena,
	    .terms = ret};

	return take_cell(&c);
}

/* --- Names ---------------------------------------------------------------- */

/* 「（以下「X」という。）」 names the term before it, if that ends in X, and
 * otherwise all terms of the cell so far. */
static enum err
abbreviate(struct cell *c, struct slice name)
{
	enum err rc;

	if (has_suffix(buf_slice(&c->term), name)) {
		buf_clear(&c->term);
		return add(c, name);
	}
	rc = end_term(c);
	if (rc)
		return rc;
	if (c->terms->n == 0)
		return ERR_INPUT;
	c->terms->terms[c->terms->n - 1].alias_of_all =
	    arena_copy(c->arena, name);

	return OK;
}

static enum err
parenthesis_in_name(struct cell *c)
{
	struct slice inner, name;
	enum err rc;

	rc = take_parenthesis(c, &inner);
	if (rc)
		return rc;
	name = abbreviation(inner);
	if (!slice_is_empty(name))
		return abbreviate(c, name);
	if (goes_on(c))
		return OK;
	name = before(inner, SLICE("を含む。"));
	if (!slice_is_empty(name)) {
		rc = end_term(c);
		return rc ? rc : add(c, name);
	}
	/* The list ends at the last 「をいう。」: it may hold definitions. */
	name = after_last(inner, SLICE("をいう。"));
	if (name.data != NULL && find(name, close_paren) == name.len)
		c->members = (struct slice){inner.data,
		    (size_t)(name.data - inner.data) - SLICE("をいう。").len};

	return OK;
}

enum err
term_names(struct arena *arena, struct slice cell, struct terms *ret)
{
	struct cell c = {.rest = cell,
	    .ends = name_ends,
	    .n_ends = COUNT(name_ends),
	    .parenthesis = parenthesis_in_name,
	    .arena = arena,
	    .terms = ret};

	return take_cell(&c);
}
