/*
 * The stack below a test: what functions that have returned left there.  The
 * sanitizers do not see these accesses.
 */
#ifndef BANGO_TESTS_SUPPORT_STACK_H
#define BANGO_TESTS_SUPPORT_STACK_H

#include <stddef.h>
#include <stdint.h>

#include "base/secret.h"

#define STACK_LOOKED_AT (2 * (size_t)STACK_WIPE_BYTES)
#define STACK_PAINT 0xa5

/* The lowest of STACK_LOOKED_AT bytes below the caller, its own frame and those
 * of this module left out. */
volatile uint8_t *stack_below(void);
/* Fill these bytes with STACK_PAINT. */
void stack_paint(volatile uint8_t *below);
/* Copy them to `ret`, which has room for STACK_LOOKED_AT. */
void stack_copy(const volatile uint8_t *below, uint8_t *ret);

#endif
