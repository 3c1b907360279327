/* Tiles: their paths, and hashes that are read out of them. */
#include "ledger/tile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

#define LEAVES 66000 /* more than 256 * 256: three levels of tiles */

static void
assert_path(struct tile tile, const char *want)
{
	struct tile back = {0};
	struct buf b;

	buf_init(&b);
	tile_format(&tile, &b);
	assert_string_equal(b.data, want);
	assert_int_equal(tile_parse(buf_slice(&b), &back), OK);
	assert_int_equal(back.level, tile.level);
	assert_int_equal(back.number, tile.number);
	assert_int_equal(back.width, tile.width);
	buf_done(&b);
}

static void
paths_are_those_of_the_document(void **state)
{
	(void)state;
	assert_path((struct tile){0, 1234067, 256}, "tile/0/x001/x234/067");
	assert_path((struct tile){0, 0, 256}, "tile/0/000");
	assert_path((struct tile){1, 0, 17}, "tile/1/000.p/17");
	assert_path((struct tile){0, 273, 112}, "tile/0/273.p/112");
	assert_path((struct tile){7, 1000, 1}, "tile/7/x001/000.p/1");
	assert_path((struct tile){3, UINT64_MAX, 255},
	    "tile/3/x018/x446/x744/x073/x709/x551/615.p/255");
}

static void
no_other_spelling_is_taken(void **state)
{
	static const char *const wrong[] = {"", "tile", "tile/0", "tile/0/",
	    "tile//000", "tile/8/000", "tile/00/000", "tile/-1/000", "tile/0/0",
	    "tile/0/0000", "tile/0/x000/000", "tile/0/x001", "tile/0/001/002",
	    "tile/0/x001/x002", "tile/0/000.p", "tile/0/000.p/",
	    "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
	    "tile/0/000.p/1/", "tile/0/000/1", "tile/0/000/", "/tile/0/000",
	    "tile/0/000 ", "tile/0/x001.p/2", "tile/0/x01/000",
	    "tile/entries/000", "tile/3/x018/x446/x744/x073/x709/x551/616",
	    "tile/3/x018/x446/x744/x073/x709/x551/x615/000"};
	struct tile tile = {.level = 5};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		if (tile_parse(slice_of(wrong[i]), &tile) != ERR_INPUT)
			fail_msg("taken: %s", wrong[i]);
		assert_int_equal(tile.level, 5);
	}
}

/* --- Reading ------------------------------------------------------------- */

struct kept {
	struct digest *levels[3];
	uint64_t counts[3];
	unsigned int short_by; /* hashes that the next tile lacks */
	bool broken;
};

static struct kept kept;
static struct merkle_frontier frontier;

/* 70,000 leaves are the document's example; ours are a few less. */
static int
make_tiles(void **state)
{
	struct merkle_frontier part;
	unsigned int level;
	uint64_t i;
	char text[24];

	(void)state;
	for (level = 0; level < 3; level++)
		kept.levels[level] = heap_array(LEAVES, sizeof(struct digest));
	merkle_frontier_init(&frontier);
	for (i = 0; i < LEAVES; i++) {
		snprintf(text, sizeof(text), "%u", (unsigned int)i);
		kept.levels[0][i] = merkle_leaf(slice_of(text));
		merkle_append(&frontier, &kept.levels[0][i]);
	}
	kept.counts[0] = LEAVES;
	merkle_frontier_init(&part);
	for (level = 0; level < 2; level++) {
		for (i = 0; i < kept.counts[level]; i++) {
			merkle_append(&part, &kept.levels[level][i]);
			if (part.size < TILE_WIDTH)
				continue;
			kept.levels[level + 1][kept.counts[level + 1]++] =
			    merkle_frontier_root(&part);
			merkle_frontier_init(&part);
		}
		merkle_frontier_init(&part);
	}

	return 0;
}

static int
free_tiles(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		free(kept.levels[i]);

	return 0;
}

static enum err
load(void *state, const struct tile *tile, struct slice *ret)
{
	struct kept *k = state;

	if (k->broken)
		return ERR_IO;
	assert_true(tile->level < 3);
	assert_true(
	    tile->number * TILE_WIDTH + tile->width <= k->counts[tile->level]);
	*ret = slice_bytes(k->levels[tile->level] + tile->number * TILE_WIDTH,
	    (tile->width - k->short_by) * sizeof(struct digest));

	return OK;
}

static void
a_root_read_out_of_tiles_is_the_tree_s(void **state)
{
	struct tile_source source = {load, &kept, LEAVES};
	struct merkle_reader reader = tile_reader(&source);
	struct merkle_frontier f;
	struct digest root, want;
	uint64_t sizes[] = {1, 255, 256, 257, 511, 65535, 65536, 65537, LEAVES};
	uint64_t done = 0;
	size_t i;

	(void)state;
	merkle_frontier_init(&f);
	for (i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		for (; done < sizes[i]; done++)
			merkle_append(&f, &kept.levels[0][done]);
		want = merkle_frontier_root(&f);
		source.size = sizes[i];
		assert_int_equal(merkle_root(&reader, sizes[i], &root), OK);
		assert_memory_equal(&root, &want, sizeof(want));
		assert_int_equal(
		    merkle_root(&reader, sizes[i] + 1, &root), ERR_INPUT);
	}
}

static void
proofs_out_of_tiles_hold(void **state)
{
	struct tile_source source = {load, &kept, LEAVES};
	struct merkle_reader reader = tile_reader(&source);
	struct merkle_tree before, now = {.size = LEAVES};
	struct merkle_proof proof;
	uint64_t i;

	(void)state;
	now.root = merkle_frontier_root(&frontier);
	for (i = 0; i < LEAVES; i += 997) {
		assert_int_equal(
		    merkle_prove_inclusion(&reader, i, LEAVES, &proof), OK);
		assert_int_equal(merkle_verify_inclusion(
				     &now, i, &kept.levels[0][i], &proof),
		    OK);
		before.size = i;
		assert_int_equal(merkle_root(&reader, i, &before.root), OK);
		assert_int_equal(
		    merkle_prove_consistency(&reader, i, LEAVES, &proof), OK);
		assert_int_equal(
		    merkle_verify_consistency(&before, &now, &proof), OK);
	}
}

static void
the_document_s_example_has_its_tiles(void **state)
{
	(void)state;
	assert_int_equal(tile_hashes(0, 70000), 273 * 256 + 112);
	assert_int_equal(tile_hashes(1, 70000), 256 + 17);
	assert_int_equal(tile_hashes(2, 70000), 1);
	assert_int_equal(tile_hashes(3, 70000), 0);
}

static void
a_tile_that_is_short_or_missing_is_reported(void **state)
{
	struct tile_source source = {load, &kept, LEAVES};
	struct merkle_reader reader = tile_reader(&source);
	struct digest root;

	(void)state;
	kept.short_by = 1;
	assert_int_equal(merkle_root(&reader, LEAVES, &root), ERR_CORRUPT);
	kept.short_by = 0;
	kept.broken = true;
	assert_int_equal(merkle_root(&reader, LEAVES, &root), ERR_IO);
	kept.broken = false;
	assert_int_equal(reader.read(reader.state, 64, 0, &root), ERR_INPUT);
	assert_int_equal(
	    reader.read(reader.state, 5, UINT64_MAX, &root), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(paths_are_those_of_the_document),
	    cmocka_unit_test(no_other_spelling_is_taken),
	    cmocka_unit_test(a_root_read_out_of_tiles_is_the_tree_s),
	    cmocka_unit_test(proofs_out_of_tiles_hold),
	    cmocka_unit_test(the_document_s_example_has_its_tiles),
	    cmocka_unit_test(a_tile_that_is_short_or_missing_is_reported),
	};

	return cmocka_run_group_tests(tests, make_tiles, free_tiles);
}
