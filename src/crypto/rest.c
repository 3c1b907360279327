#include "crypto/rest.h"

#include <string.h>

#include "crypto/aead.h"

#define EPOCH_LEN 4
#define HEAD_LEN (EPOCH_LEN + AEAD_NONCE_LEN)

bool
rest_renew(
    struct keystore *keys, const struct random *random, struct instant now)
{
	const struct stored_key *newest = keystore_current(keys, REST_PURPOSE);

	if (newest != NULL &&
	    instant_is_before(now, instant_plus(newest->made, REST_YEAR_MS)))
		return false;
	keystore_add_symmetric(keys, REST_PURPOSE, random, now, NULL);

	return true;
}

uint32_t
rest_epoch(const struct keystore *keys)
{
	const struct stored_key *key = keystore_current(keys, REST_PURPOSE);

	return key == NULL ? 0 : key->epoch;
}

static enum err
find(const struct keystore *keys, uint32_t epoch, enum key_use use,
    const struct digest **ret)
{
	const struct stored_key *key =
	    keystore_epoch(keys, REST_PURPOSE, epoch);

	if (key == NULL)
		return ERR_NOT_FOUND;
	*ret = &key->uses[use];

	return OK;
}

enum err
rest_tag_of(const struct keystore *keys, uint32_t epoch, struct slice value,
    struct rest_tag *ret)
{
	const struct digest *key;
	struct digest mac;

	TRY(find(keys, epoch, KEY_USE_TAG, &key));
	mac = digest_keyed(digest_slice(key), value);
	memcpy(ret->bytes, mac.bytes, sizeof(ret->bytes));

	return OK;
}

struct slice
rest_tag_slice(const struct rest_tag *tag)
{
	return slice_bytes(tag->bytes, sizeof(tag->bytes));
}

enum err
rest_seal(struct arena *arena, const struct keystore *keys,
    const struct random *random, struct slice plain, struct slice *ret)
{
	uint32_t epoch = rest_epoch(keys);
	uint8_t head[HEAD_LEN] = {(uint8_t)(epoch >> 24),
	    (uint8_t)(epoch >> 16), (uint8_t)(epoch >> 8), (uint8_t)epoch};
	uint8_t tag[AEAD_TAG_LEN];
	const struct digest *key;
	struct buf sealed;

	TRY(find(keys, epoch, KEY_USE_SEAL, &key));
	random_bytes(random, head + EPOCH_LEN, AEAD_NONCE_LEN);
	buf_init(&sealed);
	buf_add(&sealed, slice_bytes(head, sizeof(head)));
	aead_seal(key->bytes, head + EPOCH_LEN, SLICE(""), plain, &sealed, tag);
	buf_add(&sealed, slice_bytes(tag, sizeof(tag)));
	*ret = arena_copy(arena, buf_slice(&sealed));
	buf_done(&sealed);

	return OK;
}

static uint32_t
read_epoch(const uint8_t *head)
{
	return (uint32_t)head[0] << 24 | (uint32_t)head[1] << 16 |
	    (uint32_t)head[2] << 8 | head[3];
}

enum err
rest_open(struct arena *arena, const struct keystore *keys, struct slice sealed,
    struct slice *ret)
{
	const uint8_t *head = (const uint8_t *)sealed.data, *tag;
	struct slice text;
	const struct digest *key;
	struct buf plain;
	enum err rc;

	if (sealed.len < HEAD_LEN + AEAD_TAG_LEN)
		return ERR_CRYPTO;
	TRY(find(keys, read_epoch(head), KEY_USE_SEAL, &key));
	text =
	    slice_bytes(head + HEAD_LEN, sealed.len - HEAD_LEN - AEAD_TAG_LEN);
	tag = head + sealed.len - AEAD_TAG_LEN;
	buf_init(&plain);
	rc = aead_open(
	    key->bytes, head + EPOCH_LEN, SLICE(""), text, tag, &plain);
	if (rc == OK)
		*ret = arena_copy(arena, buf_slice(&plain));
	buf_done(&plain);

	return rc;
}
