/*
 * Memory that dies together.
 *
 * An arena hands out memory that is released all at once when it is reset or
 * freed.  A turn has one; an object that lives longer has a _new and a _free.
 *
 * Out of memory ends the process: every size that comes from outside is
 * bounded before it gets here.  Not for secrets that must be wiped early;
 * arena_reset() and arena_free() do wipe everything they held.
 */
#ifndef BANGO_BASE_ARENA_H
#define BANGO_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/slice.h"

struct arena;

struct arena *arena_new(void);
void arena_free(struct arena *arena); /* NULL is fine */
void arena_reset(struct arena *arena);

/* `size` zeroed bytes, aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);
/* Make the allocation of `old` bytes at `p` `size` bytes long, where it stands.
 * False, and nothing is changed, unless it is the newest one and has room behind
 * it. */
bool arena_extend(struct arena *arena, void *p, size_t old, size_t size);
/* arena_alloc() of `count` elements; overflow ends the process. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/* An array with room for one element more than the `n` of `size` bytes that are
 * at `all` (0: NULL is fine); *room begins with 0.  The array may move. */
void *
arena_grow(struct arena *arena, void *all, size_t n, size_t *room, size_t size);

/* Copies; the copy is NUL-terminated, the NUL not counted. */
struct slice arena_copy(struct arena *arena, struct slice from);
char *arena_string(struct arena *arena, struct slice from);
struct slice
arena_printf(struct arena *arena, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Bytes handed out since the last reset, for limits and tests. */
size_t arena_used(const struct arena *arena);

/* malloc, calloc and realloc that end the process instead of failing. */
void *heap_alloc(size_t size);
void *heap_array(size_t count, size_t size);
void *heap_grow(void *old, size_t count, size_t size);
char *heap_string(struct slice from);

#endif
