#include "base/encode.h"

#include <string.h>

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

static int
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
	int high, low;
	size_t i;

	if (hex.len != len * 2)
		return ERR_INPUT;
	for (i = 0; i < len; i++) {
		high = hex_value(hex.data[2 * i]);
		low = hex_value(hex.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return ERR_INPUT;
		to[i] = (uint8_t)(high << 4 | low);
	}

	return OK;
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
		ret->len = before;

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

/* 64 for a character that is none of the alphabet. */
static uint32_t
base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	if (c == '-')
		return 62;
	if (c == '_')
		return 63;

	return 64;
}

enum err
base64url_decode_exact(struct slice text, void *ret, size_t len)
{
	uint8_t *to = ret, *end = to + len;
	uint32_t bits = 0, digit;
	int n_bits = 0;
	size_t i;

	if (text.len % 4 == 1 || text.len * 6 / 8 != len)
		return ERR_INPUT;
	for (i = 0; i < text.len; i++) {
		digit = base64_value(text.data[i]);
		if (digit == 64)
			return ERR_INPUT;
		bits = bits << 6 | digit;
		n_bits += 6;
		if (n_bits >= 8 && to < end) {
			n_bits -= 8;
			*to++ = (uint8_t)(bits >> n_bits);
		}
	}

	return (bits & ((1u << n_bits) - 1)) == 0 ? OK : ERR_INPUT;
}

enum err
base64url_decode(struct slice text, struct buf *ret)
{
	size_t before = ret->len, len = text.len * 6 / 8;
	enum err rc;

	rc = base64url_decode_exact(text, buf_extend(ret, len), len);
	if (rc)
		ret->len = before;

	return rc;
}
