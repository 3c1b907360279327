#include "ledger/leaf.h"

#include <string.h>

#include "ledger/merkle.h"

static void
put_int(uint64_t value, size_t bytes, uint8_t *ret)
{
	while (bytes-- > 0) {
		ret[bytes] = (uint8_t)value;
		value >>= 8;
	}
}

void
leaf_salt(const uint8_t secret[LEAF_SECRET_LEN], int64_t seq,
    uint8_t ret[LEAF_SALT_LEN])
{
	uint8_t bytes[8];
	struct digest d;

	put_int((uint64_t)seq, sizeof(bytes), bytes);
	d = digest_keyed(slice_bytes(secret, LEAF_SECRET_LEN),
	    slice_bytes(bytes, sizeof(bytes)));
	memcpy(ret, d.bytes, LEAF_SALT_LEN);
}

static void
add_int(uint64_t value, size_t bytes, struct buf *ret)
{
	put_int(value, bytes, (uint8_t *)buf_extend(ret, bytes));
}

static void
add_text(struct slice text, struct buf *ret)
{
	add_int(text.len, 4, ret);
	buf_add(ret, text);
}

static void
encode(const struct leaf_entry *entry, struct buf *ret)
{
	buf_add(ret, SLICE("bango-audit-v1\n"));
	add_int((uint64_t)entry->seq, 8, ret);
	add_int((uint64_t)entry->at.ms, 8, ret);
	add_text(entry->actor, ret);
	add_text(entry->action, ret);
	add_text(entry->subject, ret);
	add_text(entry->basis, ret);
	add_text(entry->request, ret);
}

struct digest
leaf_data(const uint8_t salt[LEAF_SALT_LEN], const struct leaf_entry *entry)
{
	struct digest digest;
	struct buf b;

	buf_init(&b);
	buf_add(&b, slice_bytes(salt, LEAF_SALT_LEN));
	encode(entry, &b);
	digest = digest_of(buf_slice(&b));
	buf_done(&b);

	return digest;
}

struct digest
leaf_hash(const uint8_t salt[LEAF_SALT_LEN], const struct leaf_entry *entry)
{
	struct digest data = leaf_data(salt, entry);

	return merkle_leaf(digest_slice(&data));
}
