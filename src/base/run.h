/*
 * Runs: how many bytes at the beginning of a text are of one kind.  Nearly
 * all text that comes and goes is printable ASCII, and a run of that needs no
 * look at its characters.
 */
#ifndef BANGO_BASE_RUN_H
#define BANGO_BASE_RUN_H

#include "base/slice.h"

size_t run_of_ascii(struct slice s);     /* below 0x80 */
size_t run_of_printable(struct slice s); /* ' ' to '~' */
/* All but controls, quotes and backslashes: in a JSON string, these bytes stand
 * as they are (RFC 8259, section 7). */
size_t run_of_unescaped(struct slice s);

#endif
