#include "tests/support/stack.h"

#define NEAR ((size_t)1024) /* frames of this module and of a wipe */

#define RAW __attribute__((noinline, no_sanitize("address", "undefined")))

RAW volatile uint8_t *
stack_below(void)
{
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	return (volatile uint8_t *)(here - NEAR - STACK_LOOKED_AT);
}

RAW void
stack_paint(volatile uint8_t *below)
{
	size_t i;

	for (i = 0; i < STACK_LOOKED_AT; i++)
		below[i] = STACK_PAINT;
}

RAW void
stack_copy(const volatile uint8_t *below, uint8_t *ret)
{
	size_t i;

	for (i = 0; i < STACK_LOOKED_AT; i++)
		ret[i] = below[i];
}
