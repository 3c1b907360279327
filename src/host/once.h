/*
 * Ids that callers choose, so that a request which is sent twice is done once.
 *
 * The row that a request makes keeps a digest of the request's content beside
 * the id.  The same id with the same content is a repetition and changes
 * nothing; the same id with other content is a conflict.  The digest is erased
 * with the row.  It hides nothing: a content that can be guessed can be found
 * from it, so it stands beside that content, and never covers an Individual
 * Number.
 */
#ifndef BANGO_HOST_ONCE_H
#define BANGO_HOST_ONCE_H

#include "base/shape.h"
#include "host/turn.h"

/* SHA-256 of what the shape writes of `request`; 32 bytes in the arena.  Members
 * that a repetition may change are zero, such as how long to wait. */
struct slice
once_content(struct turn *turn, const struct shape *shape, const void *request);
/*
 * Compare the content kept beside an id with that of a request under the same
 * id.  ERR_CONFLICT if they differ; the problem names `field`.  An empty `kept`
 * is a row that an earlier program wrote, and equals every content.
 */
MUST_USE enum err once_check(
    struct turn *turn, const char *field, struct slice kept, struct slice said);

#endif
