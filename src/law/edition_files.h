/*
 * Editions of the law's table in a folder: each is a file YYYY-MM-DD.tsv, named
 * by the day on which it takes effect, in the form of data/provision_table.tsv.
 */
#ifndef BANGO_LAW_EDITION_FILES_H
#define BANGO_LAW_EDITION_FILES_H

#include "law/edition.h"

/*
 * Add the folder's editions; files of other names are ignored.  ERR_INPUT if
 * a name is not a day, ERR_NOT_FOUND or ERR_IO if the folder cannot be read; else
 * as editions_add() and file_read().  After an error, some may have been added.
 */
MUST_USE enum err editions_read(
    struct editions *editions, const char *folder, struct problem *problem);

#endif
