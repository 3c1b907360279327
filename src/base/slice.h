/*
 * Text and bytes: slice (borrowed), buf (being built), reader (being parsed).
 *
 * These three and nothing else.  A slice never owns its bytes and need not be
 * NUL-terminated.  A buf owns its bytes on the heap until buf_done().  A
 * reader walks a slice with a sticky error, so that a parser may read on and
 * ask once at the end.
 */
#ifndef BANGO_BASE_SLICE_H
#define BANGO_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct slice {
	const char *data;
	size_t len;
};

/* For printf("%.*s", SLICE_ARG(s)). */
#define SLICE_ARG(s) (int)(s).len, (s).data
/* A slice of a string literal. */
#define SLICE(literal) ((struct slice){"" literal, sizeof(literal) - 1})

struct slice slice_of(const char *string); /* NULL gives the empty slice */
struct slice slice_bytes(const void *data, size_t len);
bool slice_is_empty(struct slice s);
bool slice_equal(struct slice a, struct slice b);
bool slice_equal_string(struct slice a, const char *b);
bool slice_has_prefix(struct slice s, struct slice prefix);
/* Without leading and trailing ASCII white space. */
struct slice slice_trim(struct slice s);
/*
 * Cut `*rest` at the first `separator`: returns the part before it and leaves
 * the part after it in `*rest`.  Without a separator, all of it, and `*rest`
 * becomes the empty slice with data NULL.
 */
struct slice slice_cut(struct slice *rest, char separator);
/* Exactly `len` bytes, copied into `ret`; ERR_INPUT if there are more or fewer. */
MUST_USE enum err slice_copy_exact(struct slice s, void *ret, size_t len);
/* Decimal digits only, no sign, no white space; ERR_INPUT otherwise. */
MUST_USE enum err slice_to_u64(struct slice s, uint64_t max, uint64_t *ret);

struct buf {
	char *data; /* always NUL-terminated once anything was added */
	size_t len;
	size_t cap;
};

void buf_init(struct buf *b);
void buf_done(struct buf *b); /* wipes and frees */
void buf_clear(struct buf *b);
void buf_add(struct buf *b, struct slice s);
void buf_add_string(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* `n` uninitialised bytes to be filled in by the caller. */
char *buf_extend(struct buf *b, size_t n);
struct slice buf_slice(const struct buf *b);

struct reader {
	const char *at;
	const char *end;
	enum err err; /* sticky */
};

void reader_init(struct reader *r, struct slice s);
/* After an error each of these returns zero or an empty slice. */
uint8_t reader_u8(struct reader *r);
uint16_t reader_u16(struct reader *r); /* big-endian */
uint32_t reader_u32(struct reader *r);
uint64_t reader_u64(struct reader *r);
struct slice reader_take(struct reader *r, size_t n);
/* The next byte must be `c`. */
void reader_expect(struct reader *r, char c);
/* ERR_INPUT also if bytes are left over. */
MUST_USE enum err reader_finish(struct reader *r);

#endif
