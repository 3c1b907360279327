/*
 * Own-use affairs (独自利用事務): affairs in which a local government uses
 * Individual Numbers by an ordinance of its own (番号法9条2項), and for which
 * it may ask others as in the affair of the table to which they correspond
 * (19条9号, 26条).
 *
 * One is declared as an object:
 *
 *   {"affair": "own-medical-children", "title": "子ども医療費の助成に関する事務",
 *    "ordinance": "新宿区子ども医療費助成条例", "number": "平成10年条例第5号",
 *    "effective": "2026-04-01", "row": "106", "items": ["local-tax"],
 *    "providers": ["municipality"]}
 *
 * `providers` are kinds of organisations.  This module reads declarations and
 * decides by them; it does not know whether the Commission has confirmed one,
 * or what a provider has limited.
 */
#ifndef BANGO_LAW_OWN_USE_H
#define BANGO_LAW_OWN_USE_H

#include "base/json.h"
#include "base/time.h"
#include "law/law.h"

/* An affair of that prefix is an own-use affair, any other a row. */
#define OWN_USE_PREFIX SLICE("own-")
#define OWN_USE_ID_MAX 48    /* bytes, with the prefix */
#define OWN_USE_TEXT_MAX 200 /* bytes of title, ordinance, number */
#define OWN_USE_LIST_MAX 16  /* items, providers */

struct own_use {
	struct slice affair, title, ordinance, number, row; /* borrowed */
	struct date effective;
	const json_t *items, *providers; /* borrowed arrays of texts, 1.. */
};

bool own_use_is_id(struct slice affair);
/* Form and limits alone.  ERR_INPUT with the field's name. */
MUST_USE enum err own_use_read(
    const json_t *object, struct own_use *ret, struct problem *problem);
/* May an organisation of these names declare one? (地方公共団体, 番号法9条2項) */
bool own_use_may_declare(const struct law *law, const struct law_names *names);
/*
 * Does the declaration stay within the row to which it corresponds: may each
 * item be had in the row from one of the kinds of providers?  ERR_INPUT with
 * what does not.
 */
MUST_USE enum err own_use_check(const struct law *law,
    const struct own_use *own_use, struct problem *problem);
/*
 * May the one who declared it ask this provider for this item?  The decision
 * has the row to which the affair corresponds.
 */
void own_use_decide(const struct law *law, const struct own_use *own_use,
    const struct law_names *provider, struct slice item,
    struct law_decision *ret);
/* "番号法19条9号、新宿区…条例（平成10年条例第5号）"; appended. */
void own_use_cite(const struct own_use *own_use, struct buf *ret);

#endif
