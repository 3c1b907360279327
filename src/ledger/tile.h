/*
 * Tiles: how a log's hashes are kept and handed out (c2sp.org/tlog-tiles).
 *
 * A tile is up to 256 hashes of one level in a row; those of level 0 are the
 * leaves' hashes, and each hash of a level above is the root of a full tile
 * below.  The hashes in between are computed.
 *
 *   tile/<L>/<N>          a full tile, 8192 bytes
 *   tile/<L>/<N>.p/<W>    the first W hashes of one that is not full
 *
 * There are no entry bundles: a leaf is a salted hash of its entry (leaf.h), so
 * that level 0 is all that the log makes public.
 */
#ifndef BANGO_LEDGER_TILE_H
#define BANGO_LEDGER_TILE_H

#include "ledger/merkle.h"

#define TILE_HEIGHT 8
#define TILE_WIDTH 256
#define TILE_LEVELS (MERKLE_LEVELS / TILE_HEIGHT)
#define TILE_BYTES (TILE_WIDTH * sizeof(struct digest))

struct tile {
	unsigned int level; /* 0..TILE_LEVELS - 1 */
	uint64_t number;
	unsigned int width; /* 1..TILE_WIDTH */
};

/* Append "tile/0/x001/x234/067" or "tile/1/000.p/17". */
void tile_format(const struct tile *tile, struct buf *ret);
/* The one spelling that tile_format() has; ERR_INPUT for any other. */
MUST_USE enum err tile_parse(struct slice path, struct tile *ret);

/* How many hashes level `level` has in a tree of `size`. */
uint64_t tile_hashes(unsigned int level, uint64_t size);

/*
 * Hashes of a tree of `size`, out of tiles.  `load` gives the bytes of a tile
 * of at least the width asked for; they are borrowed until the next load.
 */
struct tile_source {
	enum err (*load)(
	    void *state, const struct tile *tile, struct slice *ret);
	void *state;
	uint64_t size;
};

/* Reads through `source`, which must live as long.  ERR_INPUT beyond the
 * size, ERR_CORRUPT for a tile that is too short. */
struct merkle_reader tile_reader(struct tile_source *source);

#endif
