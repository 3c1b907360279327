/*
 * A process that opens a few files for a system in its sandbox.
 *
 * A nation's directory, its holders and its revocation lists are replaced, not
 * written to, and their folders have key stores of others beside them: Landlock
 * can allow the whole folder or a file as it is now, but no file that will have a
 * name later.  So a child of the system, made before it opens its keys, stays
 * outside of the sandbox; asked for one of these names by its number, the child
 * sends an open file or an error, and does nothing else.  It ends with its
 * system.
 *
 * One for each process: file_read() asks it from opener_start() to
 * opener_stop().
 */
#ifndef BANGO_NATION_OPENER_H
#define BANGO_NATION_OPENER_H

#include "base/slice.h"

#define OPENER_PATHS_MAX 8

/* `paths`, `n` of them, are borrowed until opener_stop().  ERR_IO. */
MUST_USE enum err
opener_start(const char *const *paths, size_t n, struct problem *problem);
void opener_stop(void);

#endif
