/* What happened in an exchange, in words: Japanese, then English. */
#ifndef BANGO_MAIN_EVIDENCE_TELL_H
#define BANGO_MAIN_EVIDENCE_TELL_H

#include "main/evidence.h"

/* Appends lines.  Names of items, and the article where the archive does not
 * have it, are of the table that bango was built with. */
void evidence_tell(const struct evidence_story *story, struct buf *ret);

#endif
