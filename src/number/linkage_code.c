#include "number/linkage_code.h"

#include "crypto/hash.h"

/* -1 if `c` is no lower-case hex digit. */
static int
digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;

	return -1;
}

enum err
linkage_code_parse(struct slice text, struct linkage_code *ret)
{
	struct linkage_code code;
	int high, low;
	size_t i;

	if (text.len != LINKAGE_CODE_DIGITS)
		return ERR_INPUT;
	for (i = 0; i < LINKAGE_CODE_LEN; i++) {
		high = digit_value(text.data[2 * i]);
		low = digit_value(text.data[2 * i + 1]);
		if (high < 0 || low < 0)
			return ERR_INPUT;
		code.bytes[i] = (uint8_t)(high << 4 | low);
	}
	*ret = code;

	return OK;
}

enum err
linkage_code_from_bytes(struct slice bytes, struct linkage_code *ret)
{
	return slice_copy_exact(bytes, ret->bytes, sizeof(ret->bytes));
}

void
linkage_code_format(
    const struct linkage_code *code, char ret[LINKAGE_CODE_DIGITS + 1])
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < LINKAGE_CODE_LEN; i++) {
		ret[2 * i] = digits[code->bytes[i] >> 4];
		ret[2 * i + 1] = digits[code->bytes[i] & 15];
	}
	ret[LINKAGE_CODE_DIGITS] = '\0';
}

struct slice
linkage_code_slice(const struct linkage_code *code)
{
	return slice_bytes(code->bytes, sizeof(code->bytes));
}

bool
linkage_code_equal(const struct linkage_code *a, const struct linkage_code *b)
{
	return secret_equal(a->bytes, b->bytes, sizeof(a->bytes));
}
