#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/secret.h"

#ifdef __SANITIZE_ADDRESS__
#define POISONING
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POISONING
#endif
#endif
#ifdef POISONING
#include <sanitizer/asan_interface.h>
/* Memory not handed out is poisoned; a gap follows each allocation. */
#define GAP ALIGN
#define POISON(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define GAP 0
#define POISON(p, n) (void)(p)
#define UNPOISON(p, n) (void)(p)
#endif

#define CHUNK_MIN (16u << 10)
#define CHUNK_MAX (1u << 20)
#define ALIGN 16

struct chunk {
	struct chunk *next;
	size_t size;
	size_t used;
	_Alignas(ALIGN) char data[];
};

struct arena {
	struct chunk *first; /* kept on reset */
	struct chunk *last;
	size_t used;
};

static void
out_of_memory(void)
{
	static const char text[] = "bango: out of memory\n";

	fputs(text, stderr);
	abort();
}

void *
heap_alloc(size_t size)
{
	void *p = malloc(size == 0 ? 1 : size);

	if (p == NULL)
		out_of_memory();

	return p;
}

void *
heap_array(size_t count, size_t size)
{
	void *p = calloc(count == 0 ? 1 : count, size == 0 ? 1 : size);

	if (p == NULL)
		out_of_memory();

	return p;
}

void *
heap_grow(void *old, size_t count, size_t size)
{
	void *p =
	    reallocarray(old, count == 0 ? 1 : count, size == 0 ? 1 : size);

	if (p == NULL)
		out_of_memory();

	return p;
}

char *
heap_string(struct slice from)
{
	char *s = heap_alloc(from.len + 1);

	if (from.len > 0)
		memcpy(s, from.data, from.len);
	s[from.len] = '\0';

	return s;
}

static struct chunk *
chunk_new(size_t size)
{
	struct chunk *c;
	size_t whole;

	if (__builtin_add_overflow(sizeof(*c), size, &whole))
		out_of_memory();
	c = heap_array(1, whole);
	c->size = size;
	POISON(c->data, size);

	return c;
}

struct arena *
arena_new(void)
{
	struct arena *a = heap_array(1, sizeof(*a));

	a->first = a->last = chunk_new(CHUNK_MIN);

	return a;
}

/* Zero what was handed out, so that it is zero when handed out again. */
static void
chunk_wipe(struct chunk *c)
{
	UNPOISON(c->data, c->size);
	secret_wipe(c->data, c->used);
	c->used = 0;
}

void
arena_reset(struct arena *arena)
{
	struct chunk *c = arena->first->next, *next;

	for (; c != NULL; c = next) {
		next = c->next;
		chunk_wipe(c);
		free(c);
	}
	chunk_wipe(arena->first);
	POISON(arena->first->data, arena->first->size);
	arena->first->next = NULL;
	arena->last = arena->first;
	arena->used = 0;
}

void
arena_free(struct arena *arena)
{
	if (arena == NULL)
		return;
	arena_reset(arena);
	UNPOISON(arena->first->data, arena->first->size);
	free(arena->first);
	free(arena);
}

static struct chunk *
add_chunk(struct arena *arena, size_t size)
{
	size_t want = arena->last->size * 2;
	struct chunk *c;

	if (want > CHUNK_MAX)
		want = CHUNK_MAX;
	if (want < size)
		want = size;
	c = chunk_new(want);
	arena->last->next = c;
	arena->last = c;

	return c;
}

/* The bytes that an allocation takes from its chunk. */
static size_t
round_up(size_t size)
{
	size_t rounded;

	if (__builtin_add_overflow(size, (size_t)ALIGN - 1 + GAP, &rounded))
		out_of_memory();

	return rounded & ~((size_t)ALIGN - 1);
}

void *
arena_alloc(struct arena *arena, size_t size)
{
	struct chunk *c = arena->last;
	size_t rounded = round_up(size);
	void *p;

	if (rounded > c->size - c->used)
		c = add_chunk(arena, rounded);
	p = c->data + c->used;
	UNPOISON(p, size);
	c->used += rounded;
	arena->used += size;

	return p;
}

bool
arena_extend(struct arena *arena, void *p, size_t old, size_t size)
{
	struct chunk *c = arena->last;
	uintptr_t at = (uintptr_t)p - (uintptr_t)c->data;

	if (at >= c->used || at + round_up(old) != c->used ||
	    round_up(size) > c->size - at)
		return false;
	UNPOISON(p, size);
	c->used = at + round_up(size);
	arena->used += size - old;

	return true;
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		out_of_memory();

	return arena_alloc(arena, bytes);
}

void *
arena_grow(struct arena *arena, void *all, size_t n, size_t *room, size_t size)
{
	void *more;

	if (n < *room)
		return all;
	*room = *room == 0 ? 2 : 4 * *room;
	more = arena_array(arena, *room, size);
	if (n > 0)
		memcpy(more, all, n * size);

	return more;
}

struct slice
arena_copy(struct arena *arena, struct slice from)
{
	return (struct slice){arena_string(arena, from), from.len};
}

char *
arena_string(struct arena *arena, struct slice from)
{
	char *s = arena_alloc(arena, from.len + 1);

	if (from.len > 0)
		memcpy(s, from.data, from.len);

	return s;
}

struct slice
arena_printf(struct arena *arena, const char *fmt, ...)
{
	va_list ap, again;
	char *s;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	s = arena_alloc(arena, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);

	return (struct slice){s, (size_t)n};
}

size_t
arena_used(const struct arena *arena)
{
	return arena->used;
}
