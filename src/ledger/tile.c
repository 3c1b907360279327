#include "ledger/tile.h"

#include <assert.h>
#include <string.h>

/* 1000^6 is the last power below 2^63: no index of a tile needs more. */
#define PATH_PARTS_MAX 7

void
tile_format(const struct tile *tile, struct buf *ret)
{
	unsigned int parts[PATH_PARTS_MAX];
	uint64_t rest = tile->number;
	size_t n = 0;

	assert(tile->level < TILE_LEVELS && tile->width > 0 &&
	    tile->width <= TILE_WIDTH);
	do {
		parts[n++] = (unsigned int)(rest % 1000);
		rest /= 1000;
	} while (rest > 0);
	buf_printf(ret, "tile/%u", tile->level);
	while (n-- > 0)
		buf_printf(ret, n > 0 ? "/x%03u" : "/%03u", parts[n]);
	if (tile->width < TILE_WIDTH)
		buf_printf(ret, ".p/%u", tile->width);
}

/* The number in "x001/x234/067": reads on until a part without an x. */
static enum err
parse_number(struct slice *rest, uint64_t *ret)
{
	struct slice part;
	uint64_t n = 0, value;
	bool more;
	int parts;

	for (parts = 0; parts < PATH_PARTS_MAX; parts++) {
		part = slice_cut(rest, '/');
		more = part.len > 0 && part.data[0] == 'x';
		if (more)
			part = slice_bytes(part.data + 1, part.len - 1);
		else if (part.len == 5 && memcmp(part.data + 3, ".p", 2) == 0)
			part.len = 3;
		if (part.len != 3 || slice_to_u64(part, 999, &value) ||
		    n > (UINT64_MAX - value) / 1000)
			return ERR_INPUT;
		n = n * 1000 + value;
		if (!more) {
			*ret = n;
			return OK;
		}
	}

	return ERR_INPUT;
}

enum err
tile_parse(struct slice path, struct tile *ret)
{
	struct slice rest = path;
	struct tile tile = {.width = TILE_WIDTH};
	uint64_t level, width = TILE_WIDTH;
	struct buf again;
	enum err rc;

	if (!slice_equal_string(slice_cut(&rest, '/'), "tile") ||
	    slice_to_u64(slice_cut(&rest, '/'), TILE_LEVELS - 1, &level) ||
	    parse_number(&rest, &tile.number))
		return ERR_INPUT;
	if (rest.data != NULL &&
	    (slice_to_u64(rest, TILE_WIDTH - 1, &width) || width == 0))
		return ERR_INPUT;
	tile.level = (unsigned int)level;
	tile.width = (unsigned int)width;
	/* One spelling only: no zero in front, ".p" and a width together. */
	buf_init(&again);
	tile_format(&tile, &again);
	rc = slice_equal(buf_slice(&again), path) ? OK : ERR_INPUT;
	buf_done(&again);
	if (rc == OK)
		*ret = tile;

	return rc;
}

uint64_t
tile_hashes(unsigned int level, uint64_t size)
{
	assert(level < TILE_LEVELS);

	return size >> (level * TILE_HEIGHT);
}

static enum err
read_hash(void *state, unsigned int level, uint64_t index, struct digest *ret)
{
	const struct tile_source *source = state;
	struct tile tile = {.level = level / TILE_HEIGHT};
	unsigned int height = level % TILE_HEIGHT, offset, i, step;
	struct digest fold[TILE_WIDTH / 2];
	uint64_t first, have;
	struct slice bytes;
	enum err rc;

	if (level >= MERKLE_LEVELS || index > UINT64_MAX >> height)
		return ERR_INPUT;
	first = index << height;
	tile.number = first / TILE_WIDTH;
	offset = (unsigned int)(first % TILE_WIDTH);
	have = tile_hashes(tile.level, source->size);
	if (first >= have || have - first < (uint64_t)1 << height)
		return ERR_INPUT;
	have -= tile.number * TILE_WIDTH;
	tile.width = have < TILE_WIDTH ? (unsigned int)have : TILE_WIDTH;
	rc = source->load(source->state, &tile, &bytes);
	if (rc)
		return rc;
	if (bytes.len < tile.width * sizeof(*fold))
		return ERR_CORRUPT;
	memcpy(
	    fold, bytes.data + offset * sizeof(*fold), sizeof(*fold) << height);
	for (step = 1u << height; step > 1; step /= 2) {
		for (i = 0; i < step / 2; i++)
			fold[i] = merkle_node(&fold[2 * i], &fold[2 * i + 1]);
	}
	*ret = fold[0];

	return OK;
}

struct merkle_reader
tile_reader(struct tile_source *source)
{
	return (struct merkle_reader){read_hash, source};
}
