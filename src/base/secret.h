/* Wiping secrets: a key, or what else outlives its turn (decision 0032). */
#ifndef BANGO_BASE_SECRET_H
#define BANGO_BASE_SECRET_H

#include <stddef.h>

/* Zero the bytes; the compiler may not drop it. */
void secret_wipe(void *p, size_t len);
/*
 * Zero the stack that lies below the caller's frame, STACK_WIPE_BYTES of it:
 * locals, temporaries and parameters of functions that have returned.  A turn
 * needs a third of that (model.forgotten measures it).
 */
#define STACK_WIPE_BYTES (128u << 10)
void secret_wipe_stack(void);

#endif
