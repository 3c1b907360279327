/* Giving Individual Numbers (番号法7条, 8条). */
#ifndef BANGO_SYSTEMS_JUKINET_NUMBERING_H
#define BANGO_SYSTEMS_JUKINET_NUMBERING_H

#include "host/system.h"

/* numbering.request, from a registry: answers with numbering.answer. */
MUST_USE enum err
numbering_take(struct turn *turn, const struct message *message);

#endif
