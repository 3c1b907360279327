/*
 * The catalogue of items of information: the form in which an item is provided.
 *
 * An item's form (様式の版) is numbered from 1 and in force from a day, until
 * the next form is (data/item_forms.tsv).  It also says how versions of a
 * replica are named: by the year (of taxation, say), or freely.  The official
 * layouts (データ標準レイアウト) are not public; these forms are ours.
 */
#ifndef BANGO_LAW_CATALOGUE_H
#define BANGO_LAW_CATALOGUE_H

#include "base/slice.h"
#include "base/time.h"

/*
 * The form of the item that is in force on that day.  ERR_INPUT, and the
 * problem says why, if there is no such item, or not on that day, or if a
 * replica of it cannot have that version.  `bango law list items` lists them.
 */
MUST_USE enum err catalogue_check(struct slice item, struct slice version,
    struct date day, unsigned int *ret_form, struct problem *problem);
/* ERR_NOT_FOUND if there is no such item, or it has no form on that day. */
MUST_USE enum err
catalogue_form(struct slice item, struct date day, unsigned int *ret);

#endif
