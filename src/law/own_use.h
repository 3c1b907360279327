/*
 * Own-use affairs (独自利用事務): affairs in which a local government uses
 * Individual Numbers by an ordinance of its own (番号法9条2項).  It may ask
 * others for information as in the affair of the table to which its own affair
 * corresponds (19条9号, 26条).
 *
 * An own-use affair is declared as an object:
 *
 *   {"affair": "own-medical-children", "title": "子ども医療費の助成に関する事務",
 *    "ordinance": "新宿区子ども医療費助成条例", "number": "平成10年条例第5号",
 *    "effective": "2026-04-01", "row": "106", "items": ["local-tax"],
 *    "providers": ["municipality"]}
 *
 * `providers` are kinds of organisations; `row` is the number of a row in the
 * edition of the day on which it was declared.  This module knows the form of
 * declarations and decides by them; it does not know whether the Commission has
 * confirmed one, or which limits a provider has set.
 */
#ifndef BANGO_LAW_OWN_USE_H
#define BANGO_LAW_OWN_USE_H

#include "base/shape.h"
#include "law/law.h"
#include "law/refusal.h"

/* An affair of that prefix is an own-use affair, any other a row. */
#define OWN_USE_PREFIX SLICE("own-")
#define OWN_USE_ID_MAX 48    /* bytes, with the prefix */
#define OWN_USE_TEXT_MAX 200 /* characters of title, ordinance, number */
#define OWN_USE_LIST_MAX 16  /* items, providers */

struct own_use {
	struct slice affair, title, ordinance, number;
	struct date effective;
	struct slice row;
	const struct slice *items, *providers;
	size_t n_items, n_providers;
};

extern const struct kind kind_own_use_id, kind_own_use_word;

/* "own-medical-children"; and a word of that notation without the prefix */
#define OWN_USE_ID struct slice, .kind = &kind_own_use_id
#define OWN_USE_WORD struct slice, .kind = &kind_own_use_word
#define OWN_USE_TEXT TEXT(OWN_USE_TEXT_MAX)

/* The fields of a `struct own_use` that is a member; there is no shape of one
 * alone. */
#define OWN_USE(tag, member)                                                   \
	FIELD_AS(tag, member.affair, "affair", OWN_USE_ID, "the affair's id"), \
	    FIELD_AS(tag, member.title, "title", OWN_USE_TEXT,                 \
		"the affair's title"),                                         \
	    FIELD_AS(tag, member.ordinance, "ordinance", OWN_USE_TEXT,         \
		"the ordinance that adds the affair"),                         \
	    FIELD_AS(tag, member.number, "number", OWN_USE_TEXT,               \
		"the ordinance's number"),                                     \
	    FIELD_AS(tag, member.effective, "effective", DATE,                 \
		"the day from which the ordinance is in force"),               \
	    FIELD_AS(tag, member.row, "row", OWN_USE_TEXT,                     \
		"the row of the table that the affair corresponds to"),        \
	    LIST_AS(tag, member.items, member.n_items, "items", OWN_USE_WORD,  \
		1, OWN_USE_LIST_MAX, "items of information"),                  \
	    LIST_AS(tag, member.providers, member.n_providers, "providers",    \
		OWN_USE_WORD, 1, OWN_USE_LIST_MAX, "kinds of organisations")

bool own_use_is_id(struct slice affair);
/* May an organisation of these names declare an own-use affair?  Only local
 * governments may (地方公共団体, 番号法9条2項). */
bool own_use_may_declare(const struct law *law, const struct law_names *names);
/* The number of the affair's row in the edition `law`, if it was declared under
 * the edition `declared`: rows move.  0 if the row is gone. */
unsigned int own_use_row(const struct own_use *own_use,
    const struct law *declared, const struct law *law);
/*
 * Does the declaration stay within the row to which it corresponds: may each
 * item be had in the row from one of the kinds of providers?  ERR_INPUT names
 * the first entry that does not.
 */
MUST_USE enum err own_use_check(const struct law *law,
    const struct own_use *own_use, unsigned int row, struct problem *problem);
/* "番号法19条9号、新宿区…条例（平成10年条例第5号）"; appended. */
void own_use_cite(const struct own_use *own_use, struct buf *ret);

/* An inquiry in an own-use affair, and the facts that decide it. */
struct own_use_case {
	const struct own_use *own_use; /* NULL: the inquirer declared none */
	bool is_confirmed;             /* by the Commission */
	struct date declared_under;    /* the edition whose row it names */
	unsigned int row;              /* own_use_row(), in today's */
	/* The provider's ordinance that limits it; empty: none does. */
	struct slice limit_ordinance, limit_number;
	struct law_names provider;
	struct slice item;
	struct date day;
};

/*
 * The whole decision, for the network and for `bango law may`: REFUSED_NOT,
 * REFUSED_NO_BASIS, REFUSED_OWN_USE or REFUSED_OWN_USE_LIMITED.  The article is
 * appended, the text (the reason of a refusal) static.
 */
enum refusal own_use_judge(const struct law *law,
    const struct own_use_case *inquiry, struct law_decision *ret_decision,
    struct buf *ret_article, const char **ret_text);

#endif
