/* For tests of functions that end the process, as their contract says. */
#ifndef BANGO_TESTS_SUPPORT_DIES_H
#define BANGO_TESTS_SUPPORT_DIES_H

#include <stdbool.h>

/* Call `function` in a child: true if it ends that process, with `word` on
 * standard error; NULL: any text. */
bool dies(void (*function)(void), const char *word);

#endif
