#include "base/encode.h"

#include <string.h>

#include "base/secret.h"

static const char hex_digits[] = "0123456789abcdef";
static const char base64_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "abcdefghijklmnopqrstuvwxyz0123456789-_";

void
hex_encode(struct slice bytes, struct buf *ret)
{
	char *to = buf_extend(ret, bytes.len * 2);
	size_t i;

	for (i = 0; i < bytes.len; i++) {
		*to++ = hex_digits[(uint8_t)bytes.data[i] >> 4];
		*to++ = hex_digits[(uint8_t)bytes.data[i] & 15];
	}
}

int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;

	return -1;
}

enum err
hex_decode_exact(struct slice hex, void *ret, size_t len)
{
	uint8_t *to = ret;
	size_t i;

	if (hex.len % 2 != 0 || hex.len / 2 != len)
		return ERR_INPUT;
	for (i = 0; i < hex.len; i++) {
		if (hex_value(hex.data[i]) < 0)
			return ERR_INPUT;
	}
	for (i = 0; i < len; i++)
		to[i] = (uint8_t)(hex_value(hex.data[2 * i]) << 4 |
		    hex_value(hex.data[2 * i + 1]));

	return OK;
}

/* Take back what was extended for a text that turned out wrong. */
static void
cut_back(struct buf *b, size_t len)
{
	secret_wipe(b->data + len, b->len - len);
	b->len = len;
}

enum err
hex_decode(struct slice hex, struct buf *ret)
{
	size_t before = ret->len;
	enum err rc;

	if (hex.len % 2 != 0)
		return ERR_INPUT;
	rc = hex_decode_exact(hex, buf_extend(ret, hex.len / 2), hex.len / 2);
	if (rc)
		cut_back(ret, before);

	return rc;
}

void
base64url_encode(struct slice bytes, struct buf *ret)
{
	const uint8_t *from = (const uint8_t *)bytes.data;
	size_t left = bytes.len;
	char *to = buf_extend(ret, (left * 8 + 5) / 6);
	uint32_t v;

	for (; left >= 3; left -= 3, from += 3) {
		v = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
		*to++ = base64_digits[v >> 18];
		*to++ = base64_digits[v >> 12 & 63];
		*to++ = base64_digits[v >> 6 & 63];
		*to++ = base64_digits[v & 63];
	}
	if (left == 0)
		return;
	v = (uint32_t)from[0] << 16;
	if (left == 2)
		v |= (uint32_t)from[1] << 8;
	*to++ = base64_digits[v >> 18];
	*to++ = base64_digits[v >> 12 & 63];
	if (left == 2)
		*to++ = base64_digits[v >> 6 & 63];
}

/* The values of '-' to 'z'; 64 for those that are none of the alphabet. */
static const uint8_t base64_values[] = {62, 64, 64, 52, 53, 54, 55, 56, 57, 58,
    59, 60, 61, 64, 64, 64, 64, 64, 64, 64, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 64, 64, 64, 64,
    63, 64, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42,
    43, 44, 45, 46, 47, 48, 49, 50, 51};

static uint32_t
base64_value(char c)
{
	size_t at = (size_t)(uint8_t)c - '-';

	return at < sizeof(base64_values) ? base64_values[at] : 64;
}

/* Bytes in `n` characters. */
static size_t
base64url_size(size_t n)
{
	return n / 4 * 3 + n % 4 * 3 / 4;
}

/* The first `n` bytes, 1 to 3, of four digits; the bits that belong to no byte
 * must be zero. */
static inline bool
take_digits(const char digits[4], size_t n, uint8_t *ret)
{
	uint32_t a = base64_value(digits[0]), b = base64_value(digits[1]),
		 c = base64_value(digits[2]), d = base64_value(digits[3]);
	uint32_t v = a << 18 | b << 12 | c << 6 | d;
	size_t i;

	if (((a | b | c | d) & 64) != 0 || (v & 0xffffffu >> 8 * n) != 0)
		return false;
	for (i = 0; i < n; i++)
		ret[i] = (uint8_t)(v >> (16 - 8 * i));

	return true;
}

enum err
base64url_decode_exact(struct slice text, void *ret, size_t len)
{
	char last[] = "AAAA"; /* zeros */
	const char *from = text.data;
	uint8_t *to = ret;

	if (base64url_size(text.len) != len || text.len % 4 == 1)
		return ERR_INPUT;
	for (; len >= 3; len -= 3, from += 4, to += 3) {
		if (!take_digits(from, 3, to))
			return ERR_INPUT;
	}
	if (len == 0)
		return OK;
	memcpy(last, from, text.len % 4);

	return take_digits(last, len, to) ? OK : ERR_INPUT;
}

enum err
base64url_decode(struct slice text, struct buf *ret)
{
	size_t before = ret->len, len = base64url_size(text.len);
	enum err rc;

	rc = base64url_decode_exact(text, buf_extend(ret, len), len);
	if (rc)
		cut_back(ret, before);

	return rc;
}
