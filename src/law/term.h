/*
 * The language of the table: splits a cell into its terms.
 *
 * A cell lists terms (「A、B又はC」), some of them with a definition in
 * parentheses.  The terms returned have no parentheses, no reference to the
 * detailing article (「であって第百八条で定めるもの」), and the name that the
 * table uses for them later.
 *
 * Separators stand within terms too (「支給又は徴収に関する情報」).  A
 * separator ends a term only if the text before it ends as such terms end:
 * kinds of information in 情報 or 事項, names in the words of `name_ends`
 * (term.c).
 */
#ifndef BANGO_LAW_TERM_H
#define BANGO_LAW_TERM_H

#include "base/arena.h"
#include "base/slice.h"

#define TERMS_MAX 32  /* in one cell */
#define CELL_MAX 4096 /* bytes */

struct term {
	struct slice name;
	/* A group's members, if it is defined here (「…をいう。」); else empty. */
	struct slice members;
	/* An alias for all terms up to this one, where one is defined
	 * (「以下…「X」という。」); else empty. */
	struct slice alias_of_all;
};

struct terms {
	struct term terms[TERMS_MAX];
	size_t n;
};

/*
 * The kinds of information in a cell.  If the cell defines an abbreviation for
 * a kind, the abbreviation is its name.  ERR_INPUT if there is no kind or
 * parentheses do not match, ERR_TOO_LARGE.
 */
MUST_USE enum err
term_kinds(struct arena *arena, struct slice cell, struct terms *ret);
/* The names of inquirers or providers.  「Yを含む。」 adds the name Y. */
MUST_USE enum err
term_names(struct arena *arena, struct slice cell, struct terms *ret);
/* The part after the last 「である」 or 「を行う」, or empty: the name after a
 * qualification, if it is a name (「事業主体である市町村長」). */
struct slice term_unqualified(struct slice name);
/* The part before 「その他の」, or empty. */
struct slice term_example(struct slice name);

#endif
