/* What happened in an exchange, in words: Japanese, then English. */
#ifndef BANGO_EVIDENCE_EVIDENCE_TELL_H
#define BANGO_EVIDENCE_EVIDENCE_TELL_H

#include "evidence/evidence.h"

/* Appends lines.  Names of items are of the table that bango was built with. */
void evidence_tell(const struct evidence_story *story, struct buf *ret);

#endif
