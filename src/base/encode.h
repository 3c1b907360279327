/*
 * Bytes as text: hexadecimal, and base64url without padding (RFC 4648 §5).
 *
 * Decoding is strict: an odd length, a foreign character, or base64url bits
 * that should be zero are ERR_INPUT.
 */
#ifndef BANGO_BASE_ENCODE_H
#define BANGO_BASE_ENCODE_H

#include "base/arena.h"
#include "base/slice.h"

/* The value of a hexadecimal digit, of either case; -1 for another character. */
int hex_value(char c);
void hex_encode(struct slice bytes, struct buf *ret);
MUST_USE enum err hex_decode(struct slice hex, struct buf *ret);
/* Exactly `len` bytes into `ret`. */
MUST_USE enum err hex_decode_exact(struct slice hex, void *ret, size_t len);

void base64url_encode(struct slice bytes, struct buf *ret);
MUST_USE enum err base64url_decode(struct slice text, struct buf *ret);
MUST_USE enum err
base64url_decode_exact(struct slice text, void *ret, size_t len);

#endif
