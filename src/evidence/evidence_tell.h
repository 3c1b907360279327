/* The story of an exchange in words: Japanese, then English. */
#ifndef BANGO_EVIDENCE_EVIDENCE_TELL_H
#define BANGO_EVIDENCE_EVIDENCE_TELL_H

#include "evidence/evidence.h"

/* Appends lines.  The names of items come from the built-in table. */
void evidence_tell(const struct evidence_story *story, struct buf *ret);

#endif
