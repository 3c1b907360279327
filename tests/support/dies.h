/* Does a function end the process, as its contract says?  In a child. */
#ifndef BANGO_TESTS_SUPPORT_DIES_H
#define BANGO_TESTS_SUPPORT_DIES_H

#include <stdbool.h>

/* ... and say `word` on standard error?  NULL: whatever it says. */
bool dies(void (*function)(void), const char *word);

#endif
