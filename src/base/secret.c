#include "base/secret.h"

#include <stdint.h>
#include <string.h>

void
secret_wipe(void *p, size_t len)
{
	explicit_bzero(p, len);
}

/* Its frame covers the frames that were there before. */
__attribute__((noinline)) void
secret_wipe_stack(void)
{
	uint8_t below[STACK_WIPE_BYTES];

	secret_wipe(below, sizeof(below));
}
