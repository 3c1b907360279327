/*
 * A checkpoint and a path of a tile, with arbitrary bytes.
 *
 * Besides not crashing: what is accepted has one spelling only.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ledger/checkpoint.h"
#include "ledger/tile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
try_path(struct slice text)
{
	struct tile tile;
	struct buf again;

	if (tile_parse(text, &tile))
		return;
	buf_init(&again);
	tile_format(&tile, &again);
	assert(slice_equal(buf_slice(&again), text));
	buf_done(&again);
}

static void
try_checkpoint(struct slice text)
{
	struct arena *arena = arena_new();
	struct checkpoint c;
	struct buf again;

	if (checkpoint_parse(arena, text, &c) == OK) {
		buf_init(&again);
		buf_printf(&again, "%.*s\n%llu\n", SLICE_ARG(c.origin),
		    (unsigned long long)c.tree.size);
		checkpoint_base64(digest_slice(&c.tree.root), &again);
		buf_add_char(&again, '\n');
		assert(slice_equal(buf_slice(&again), c.text));
		assert(c.n_signatures > 0);
		buf_done(&again);
	}
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_bytes(data, size);

	try_path(text);
	try_checkpoint(text);

	return 0;
}
