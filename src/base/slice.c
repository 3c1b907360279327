#include "base/slice.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/secret.h"

struct slice
slice_of(const char *string)
{
	return (struct slice){string, string == NULL ? 0 : strlen(string)};
}

struct slice
slice_bytes(const void *data, size_t len)
{
	return (struct slice){data, len};
}

bool
slice_is_empty(struct slice s)
{
	return s.len == 0;
}

bool
slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len &&
	    (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

bool
slice_equal_string(struct slice a, const char *b)
{
	return slice_equal(a, slice_of(b));
}

bool
slice_has_prefix(struct slice s, struct slice prefix)
{
	return s.len >= prefix.len &&
	    (prefix.len == 0 || memcmp(s.data, prefix.data, prefix.len) == 0);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct slice
slice_trim(struct slice s)
{
	while (s.len > 0 && is_space(s.data[0])) {
		s.data++;
		s.len--;
	}
	while (s.len > 0 && is_space(s.data[s.len - 1]))
		s.len--;

	return s;
}

struct slice
slice_cut(struct slice *rest, char separator)
{
	struct slice part = *rest;
	const char *at = NULL;

	if (rest->len > 0)
		at = memchr(rest->data, separator, rest->len);
	if (at == NULL) {
		*rest = (struct slice){0};
		return part;
	}
	part.len = (size_t)(at - rest->data);
	rest->data = at + 1;
	rest->len -= part.len + 1;

	return part;
}

enum err
slice_copy_exact(struct slice s, void *ret, size_t len)
{
	if (s.len != len)
		return ERR_INPUT;
	memcpy(ret, s.data, len);

	return OK;
}

enum err
slice_to_u64(struct slice s, uint64_t max, uint64_t *ret)
{
	uint64_t value = 0, digit;
	size_t i;

	if (s.len == 0)
		return ERR_INPUT;
	for (i = 0; i < s.len; i++) {
		if (s.data[i] < '0' || s.data[i] > '9')
			return ERR_INPUT;
		digit = (uint64_t)(s.data[i] - '0');
		if (digit > max || value > (max - digit) / 10)
			return ERR_INPUT;
		value = value * 10 + digit;
	}
	*ret = value;

	return OK;
}

void
buf_init(struct buf *b)
{
	*b = (struct buf){0};
}

void
buf_done(struct buf *b)
{
	if (b->data != NULL)
		secret_wipe(b->data, b->cap);
	free(b->data);
	*b = (struct buf){0};
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->data != NULL)
		b->data[0] = '\0';
}

/* Make room for `n` more bytes and the NUL.  The old bytes are wiped. */
static void
reserve(struct buf *b, size_t n)
{
	size_t need, cap = b->cap == 0 ? 64 : b->cap;
	char *data;

	if (__builtin_add_overflow(b->len, n, &need) ||
	    __builtin_add_overflow(need, (size_t)1, &need))
		abort();
	if (need <= b->cap)
		return;
	while (cap < need) {
		if (__builtin_mul_overflow(cap, (size_t)2, &cap))
			abort();
	}
	data = heap_alloc(cap);
	if (b->len > 0)
		memcpy(data, b->data, b->len);
	if (b->data != NULL)
		secret_wipe(b->data, b->cap);
	free(b->data);
	b->data = data;
	b->cap = cap;
}

char *
buf_extend(struct buf *b, size_t n)
{
	char *at;

	reserve(b, n);
	at = b->data + b->len;
	b->len += n;
	b->data[b->len] = '\0';

	return at;
}

void
buf_add(struct buf *b, struct slice s)
{
	char *at = buf_extend(b, s.len);

	if (s.len > 0)
		memcpy(at, s.data, s.len);
}

void
buf_add_string(struct buf *b, const char *s)
{
	buf_add(b, slice_of(s));
}

void
buf_add_char(struct buf *b, char c)
{
	*buf_extend(b, 1) = c;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	reserve(b, (size_t)n);
	vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

struct slice
buf_slice(const struct buf *b)
{
	return (struct slice){b->data, b->len};
}

void
reader_init(struct reader *r, struct slice s)
{
	*r = (struct reader){s.data, s.len == 0 ? s.data : s.data + s.len, OK};
}

struct slice
reader_take(struct reader *r, size_t n)
{
	struct slice s = {0};

	if (r->err == OK && n > (size_t)(r->end - r->at))
		r->err = ERR_INPUT;
	if (r->err)
		return s;
	s = slice_bytes(r->at, n);
	if (n > 0)
		r->at += n;

	return s;
}

/* A big-endian number of `n` bytes. */
static uint64_t
number(struct reader *r, size_t n)
{
	struct slice s = reader_take(r, n);
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < s.len; i++)
		value = value << 8 | (uint8_t)s.data[i];

	return value;
}

uint8_t
reader_u8(struct reader *r)
{
	return (uint8_t)number(r, 1);
}

uint16_t
reader_u16(struct reader *r)
{
	return (uint16_t)number(r, 2);
}

uint32_t
reader_u32(struct reader *r)
{
	return (uint32_t)number(r, 4);
}

uint64_t
reader_u64(struct reader *r)
{
	return number(r, 8);
}

void
reader_expect(struct reader *r, char c)
{
	struct slice s = reader_take(r, 1);

	if (r->err == OK && s.data[0] != c)
		r->err = ERR_INPUT;
}

enum err
reader_finish(struct reader *r)
{
	if (r->err == OK && r->at != r->end)
		r->err = ERR_INPUT;

	return r->err;
}
