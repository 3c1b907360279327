#include "systems/network/person.h"

#include <string.h>

#include "base/encode.h"
#include "host/turn.h"

int64_t
id_code_to_int64(struct id_code id)
{
	return (int64_t)id.value;
}

struct id_code
id_code_of_int64(int64_t value)
{
	return (struct id_code){(uint64_t)value};
}

struct slice
record_code_slice(const struct record_code *code)
{
	static const struct record_code nobody;

	return slice_bytes(code->bytes,
	    memcmp(code, &nobody, sizeof(nobody)) == 0 ? 0 : RECORD_CODE_LEN);
}

enum err
record_code_from_bytes(struct slice bytes, struct record_code *ret)
{
	if (bytes.len != 0 && bytes.len != RECORD_CODE_LEN)
		return ERR_INPUT;
	*ret = (struct record_code){{0}};
	if (bytes.len > 0)
		memcpy(ret->bytes, bytes.data, bytes.len);

	return OK;
}

struct slice
record_code_text(struct turn *turn, const struct record_code *code)
{
	struct buf text;
	struct slice copy;

	buf_init(&text);
	hex_encode(record_code_slice(code), &text);
	copy = arena_copy(turn->arena, buf_slice(&text));
	buf_done(&text);

	return copy;
}
