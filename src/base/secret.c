#include "base/secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void
secret_wipe(void *p, size_t len)
{
	explicit_bzero(p, len);
}

/* The kernel's refusal to lock or to leave out is no reason to fail. */
void *
secret_new(size_t len)
{
	void *p = mmap(NULL, len, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		abort();
	(void)mlock(p, len);
	(void)madvise(p, len, MADV_DONTDUMP);

	return p;
}

void
secret_free(void *p, size_t len)
{
	if (p == NULL)
		return;
	secret_wipe(p, len);
	munmap(p, len);
}

/* Its frame covers the frames that were there before. */
__attribute__((noinline)) void
secret_wipe_stack(void)
{
	uint8_t below[STACK_WIPE_BYTES];

	secret_wipe(below, sizeof(below));
}
