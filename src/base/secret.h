/* Secrets in memory: a key, or what else outlives its turn (decision 0032). */
#ifndef BANGO_BASE_SECRET_H
#define BANGO_BASE_SECRET_H

#include <stddef.h>

/* Zero the bytes; the compiler may not drop it. */
void secret_wipe(void *p, size_t len);
/*
 * Zeroed memory for a secret that stays: pages of its own, which are not in a core
 * dump and, as far as RLIMIT_MEMLOCK allows, not in the swap.  For few and
 * lasting ones; copies that libraries make lie elsewhere.  Out of memory ends
 * the process.
 */
void *secret_new(size_t len);
void secret_free(void *p, size_t len); /* wipes; NULL is fine */
/*
 * Zero the stack that lies below the caller's frame, STACK_WIPE_BYTES of it:
 * locals, temporaries and parameters of functions that have returned.  A turn
 * needs a third of that (model.forgotten measures it).
 */
#define STACK_WIPE_BYTES (128u << 10)
void secret_wipe_stack(void);

#endif
