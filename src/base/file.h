/*
 * Files, whole: read them with a bound, write them so that a crash leaves the
 * old or the new, never a mixture.
 */
#ifndef BANGO_BASE_FILE_H
#define BANGO_BASE_FILE_H

#include "base/slice.h"

/* ERR_NOT_FOUND, ERR_TOO_LARGE over `max` bytes, ERR_IO. */
MUST_USE enum err file_read(
    const char *path, size_t max, struct buf *ret, struct problem *problem);
/* Open what file_read() reads, from now on, by a function like open(2) for
 * reading: an open file, or -1 with errno.  NULL: by open(2) again. */
void file_read_by(int (*opens)(const char *path));
/* Before long work: ERR_INPUT if `output` is the very file that is read (NULL:
 * none is), or the error that file_replace() would meet there now. */
MUST_USE enum err file_check_output(
    const char *output, const char *input, struct problem *problem);
/* Before work whose result begins with `start`: ERR_INPUT if `output` is a file that
 * begins otherwise, and would be lost.  An empty one may be, and no file at all. */
MUST_USE enum err file_check_lost(
    const char *output, struct slice start, struct problem *problem);
/* Write beside, fsync, rename, fsync the folder.  A link stays, and its target is
 * replaced; a device, a pipe, and an open file by its name in /proc, such as
 * /dev/stdout, is written to as it is.  ERR_FULL, ERR_IO, also where the folder
 * is missing. */
MUST_USE enum err file_replace(const char *path, struct slice content,
    unsigned int mode, struct problem *problem);
/* Remove the file that file_replace() would replace; all else that it writes to,
 * and links, stay, as does a file that cannot be removed. */
void file_remove(const char *path);
/* mkdir; an existing folder is fine.  ERR_FULL, ERR_IO. */
MUST_USE enum err
folder_make(const char *path, unsigned int mode, struct problem *problem);
/* Remove a folder with all that is in it, and no target of a link; what cannot
 * be removed stays. */
void folder_remove(const char *path);
/*
 * Append the path of the file `name` in the folder of the running program,
 * links resolved, whether there is such a file or not.  ERR_IO without /proc.
 */
MUST_USE enum err
file_beside_program(const char *name, struct buf *ret, struct problem *problem);
/* ERR_FULL for ENOSPC and EDQUOT, ERR_NOT_FOUND for ENOENT, else ERR_IO. */
enum err err_of_errno(int error);

#endif
