/*
 * The changes from one edition of the law's table to another.
 *
 * Rows are compared by what they allow, not by their wording: by inquirers,
 * and by pairs of information and provider with all abbreviations resolved.
 * A row that only has another number now is the same row.  The words of an
 * affair that cite the detailing article (「であって第…条で定めるもの」) are
 * not compared, because they change with the row's number.
 */
#ifndef BANGO_LAW_DIFFERENCE_H
#define BANGO_LAW_DIFFERENCE_H

#include "law/law.h"

enum law_change {
	LAW_ROW_ADDED,
	LAW_ROW_REMOVED,
	LAW_ROW_MOVED, /* has another number */
	LAW_AFFAIR_CHANGED,
	LAW_INQUIRER_ADDED,
	LAW_INQUIRER_REMOVED,
	LAW_PROVISION_ADDED, /* a pair of information and provider */
	LAW_PROVISION_REMOVED,
};

struct law_difference {
	enum law_change change;
	unsigned int old_row; /* 0 if added */
	unsigned int new_row; /* 0 if removed */
	struct slice name;    /* inquirer or provider, where one changed */
	struct slice kind;    /* of information, of a provision */
};

/*
 * Report each difference: removed rows first, then by the number of the new
 * row.  A row that was added or removed is reported once, without its
 * provisions.  The texts are borrowed from the laws.  Returns the number of
 * differences.
 */
size_t law_compare(const struct law *old_law, const struct law *new_law,
    void (*report)(void *context, const struct law_difference *difference),
    void *context);

/*
 * The number of a row of the old edition in the new one, where it is the only
 * row with the same affair and inquirers.  0 if there is no such row, or more
 * than one, or if the old edition does not have the row.
 */
unsigned int law_row_there(
    const struct law *old_law, unsigned int row, const struct law *new_law);

/* A word such as "row-added"; static. */
const char *law_change_name(enum law_change change);

#endif
