/* Merkle trees: the published vectors, and a naive twin. */
#include "ledger/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/encode.h"

#define SIZE_MAX_TRIED 70

static struct digest
digest_of_hex(const char *hex)
{
	struct digest d;

	assert_int_equal(
	    hex_decode_exact(slice_of(hex), d.bytes, sizeof(d.bytes)), OK);

	return d;
}

static void
assert_digest(const struct digest *d, const char *hex)
{
	struct digest want = digest_of_hex(hex);

	assert_memory_equal(d->bytes, want.bytes, sizeof(want.bytes));
}

/* --- The vectors of the implementations of certificate transparency ------- */

static const char *const leaves[] = {"", "00", "10", "2021", "3031", "40414243",
    "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

static const struct vector {
	uint64_t first, second; /* leaf and size, or two sizes */
	const char *proof[4];
} inclusions[] = {
    {0, 8,
	{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e"
	    "4"}},
    {5, 8,
	{"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
	    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b"
	    "7"}},
    {2, 3,
	{"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c12"
	 "5"}},
    {1, 5,
	{"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6"
	    "b"}},
};

static const struct vector consistencies[] = {
    {1, 1, {NULL}},
    {1, 8,
	{"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
	    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e"
	    "4"}},
    {6, 8,
	{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
	    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b"
	    "7"}},
    {2, 5,
	{"5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
	    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6"
	    "b"}},
    {6, 7,
	{"0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
	    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
	    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b"
	    "7"}},
};

/* --- A log in memory, and what the RFC says of it, word for word ----------- */

struct memory_log {
	struct digest leaves[SIZE_MAX_TRIED];
	uint64_t size;
	int reads_left; /* until one fails; negative: never */
};

static uint64_t
half(uint64_t n)
{
	uint64_t k = 1;

	while (k * 2 < n)
		k *= 2;

	return k;
}

static struct digest
naive_root(const struct digest *d, uint64_t n)
{
	struct digest left, right;

	if (n == 0)
		return digest_of(SLICE(""));
	if (n == 1)
		return d[0];
	left = naive_root(d, half(n));
	right = naive_root(d + half(n), n - half(n));

	return merkle_node(&left, &right);
}

static void
naive_add(struct merkle_proof *proof, struct digest d)
{
	proof->hashes[proof->n++] = d;
}

static void
naive_path(
    uint64_t m, const struct digest *d, uint64_t n, struct merkle_proof *ret)
{
	uint64_t k = half(n);

	if (n == 1)
		return;
	if (m < k) {
		naive_path(m, d, k, ret);
		naive_add(ret, naive_root(d + k, n - k));
	} else {
		naive_path(m - k, d + k, n - k, ret);
		naive_add(ret, naive_root(d, k));
	}
}

static void
naive_subproof(uint64_t m, const struct digest *d, uint64_t n, bool known,
    struct merkle_proof *ret)
{
	uint64_t k = half(n);

	if (m == n) {
		if (!known)
			naive_add(ret, naive_root(d, n));
		return;
	}
	if (m <= k) {
		naive_subproof(m, d, k, known, ret);
		naive_add(ret, naive_root(d + k, n - k));
	} else {
		naive_subproof(m - k, d + k, n - k, false, ret);
		naive_add(ret, naive_root(d, k));
	}
}

static enum err
read_memory(void *state, unsigned int level, uint64_t index, struct digest *ret)
{
	struct memory_log *log = state;

	assert_true(level < 63 && (index + 1) << level <= log->size);
	if (log->reads_left == 0)
		return ERR_IO;
	log->reads_left--;
	*ret = naive_root(log->leaves + (index << level), (uint64_t)1 << level);

	return OK;
}

static struct merkle_reader
reader_of(struct memory_log *log)
{
	return (struct merkle_reader){read_memory, log};
}

static void
fill(struct memory_log *log, uint64_t size)
{
	char text[16];
	uint64_t i;

	log->size = size;
	log->reads_left = -1;
	for (i = 0; i < size; i++) {
		snprintf(text, sizeof(text), "leaf %u", (unsigned int)i);
		log->leaves[i] = merkle_leaf(slice_of(text));
	}
}

static void
fill_published(struct memory_log *log)
{
	struct buf b;
	size_t i;

	log->size = 8;
	log->reads_left = -1;
	for (i = 0; i < 8; i++) {
		buf_init(&b);
		assert_int_equal(hex_decode(slice_of(leaves[i]), &b), OK);
		log->leaves[i] = merkle_leaf(buf_slice(&b));
		buf_done(&b);
	}
}

static void
assert_proof(const struct merkle_proof *proof, const char *const *want)
{
	size_t i;

	for (i = 0; i < 4 && want[i] != NULL; i++) {
		assert_true(i < proof->n);
		assert_digest(&proof->hashes[i], want[i]);
	}
	assert_int_equal(proof->n, i);
}

static void
assert_same(const struct merkle_proof *a, const struct merkle_proof *b)
{
	assert_int_equal(a->n, b->n);
	if (a->n > 0)
		assert_memory_equal(
		    a->hashes, b->hashes, a->n * sizeof(*a->hashes));
}

/* --- Tests --------------------------------------------------------------- */

static void
published_roots_come_out(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_frontier f;
	struct digest root;
	size_t i;

	(void)state;
	fill_published(&log);
	merkle_frontier_init(&f);
	for (i = 0; i <= 8; i++) {
		root = merkle_frontier_root(&f);
		assert_digest(&root, roots[i]);
		assert_int_equal(merkle_root(&reader, i, &root), OK);
		assert_digest(&root, roots[i]);
		if (i < 8)
			merkle_append(&f, &log.leaves[i]);
	}
	root = merkle_empty();
	assert_digest(&root, roots[0]);
}

static void
published_inclusion_proofs_come_out(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_proof proof;
	struct merkle_tree tree;
	size_t i;

	(void)state;
	fill_published(&log);
	for (i = 0; i < sizeof(inclusions) / sizeof(*inclusions); i++) {
		const struct vector *v = &inclusions[i];

		assert_int_equal(merkle_prove_inclusion(
				     &reader, v->first, v->second, &proof),
		    OK);
		assert_proof(&proof, v->proof);
		tree.size = v->second;
		tree.root = digest_of_hex(roots[v->second]);
		assert_int_equal(merkle_verify_inclusion(&tree, v->first,
				     &log.leaves[v->first], &proof),
		    OK);
	}
}

static void
published_consistency_proofs_come_out(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_tree before, now;
	struct merkle_proof proof;
	size_t i;

	(void)state;
	fill_published(&log);
	for (i = 0; i < sizeof(consistencies) / sizeof(*consistencies); i++) {
		const struct vector *v = &consistencies[i];

		assert_int_equal(merkle_prove_consistency(
				     &reader, v->first, v->second, &proof),
		    OK);
		assert_proof(&proof, v->proof);
		before.size = v->first;
		before.root = digest_of_hex(roots[v->first]);
		now.size = v->second;
		now.root = digest_of_hex(roots[v->second]);
		assert_int_equal(
		    merkle_verify_consistency(&before, &now, &proof), OK);
	}
}

static void
frontiers_and_roots_agree_with_the_definition(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_frontier f;
	struct digest want, root;
	uint64_t n;

	(void)state;
	fill(&log, SIZE_MAX_TRIED);
	merkle_frontier_init(&f);
	for (n = 0; n < SIZE_MAX_TRIED; n++) {
		want = naive_root(log.leaves, n);
		root = merkle_frontier_root(&f);
		assert_memory_equal(&root, &want, sizeof(want));
		assert_int_equal(merkle_root(&reader, n, &root), OK);
		assert_memory_equal(&root, &want, sizeof(want));
		merkle_append(&f, &log.leaves[n]);
	}
}

/* Every way to be wrong that a proof of this size has. */
static void
assert_inclusion_bites(const struct memory_log *log,
    const struct merkle_tree *tree, uint64_t index, struct merkle_proof proof)
{
	struct digest other = merkle_leaf(SLICE("another leaf"));
	struct merkle_tree wrong = *tree;
	size_t i;

	assert_int_equal(
	    merkle_verify_inclusion(tree, index, &other, &proof), ERR_CRYPTO);
	assert_int_equal(merkle_verify_inclusion(
			     tree, tree->size, &log->leaves[index], &proof),
	    ERR_CRYPTO);
	if (tree->size > 1)
		assert_int_equal(
		    merkle_verify_inclusion(tree, (index + 1) % tree->size,
			&log->leaves[index], &proof),
		    ERR_CRYPTO);
	wrong.root.bytes[31] ^= 1;
	assert_int_equal(
	    merkle_verify_inclusion(&wrong, index, &log->leaves[index], &proof),
	    ERR_CRYPTO);
	for (i = 0; i < proof.n; i++) {
		proof.hashes[i].bytes[0] ^= 1;
		assert_int_equal(merkle_verify_inclusion(
				     tree, index, &log->leaves[index], &proof),
		    ERR_CRYPTO);
		proof.hashes[i].bytes[0] ^= 1;
	}
	proof.hashes[proof.n++] = other;
	assert_int_equal(
	    merkle_verify_inclusion(tree, index, &log->leaves[index], &proof),
	    ERR_CRYPTO);
	if (proof.n >= 2) {
		proof.n -= 2;
		assert_int_equal(merkle_verify_inclusion(
				     tree, index, &log->leaves[index], &proof),
		    ERR_CRYPTO);
	}
}

static void
inclusion_is_provable_for_every_leaf_and_for_nothing_else(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_proof proof, want;
	struct merkle_tree tree;
	uint64_t index;

	(void)state;
	fill(&log, SIZE_MAX_TRIED);
	for (tree.size = 1; tree.size <= SIZE_MAX_TRIED; tree.size++) {
		tree.root = naive_root(log.leaves, tree.size);
		for (index = 0; index < tree.size; index++) {
			assert_int_equal(merkle_prove_inclusion(
					     &reader, index, tree.size, &proof),
			    OK);
			want.n = 0;
			naive_path(index, log.leaves, tree.size, &want);
			assert_same(&proof, &want);
			assert_int_equal(merkle_verify_inclusion(&tree, index,
					     &log.leaves[index], &proof),
			    OK);
			assert_inclusion_bites(&log, &tree, index, proof);
		}
	}
}

static void
assert_consistency_bites(const struct merkle_tree *before,
    const struct merkle_tree *now, struct merkle_proof proof)
{
	struct merkle_tree wrong = *before;
	size_t i;

	wrong.root.bytes[0] ^= 1;
	assert_int_equal(
	    merkle_verify_consistency(&wrong, now, &proof), ERR_CRYPTO);
	wrong = *now;
	wrong.root.bytes[0] ^= 1;
	/* Everything continues the tree without leaves. */
	assert_int_equal(merkle_verify_consistency(before, &wrong, &proof),
	    before->size == 0 && now->size > 0 ? OK : ERR_CRYPTO);
	if (before->size < now->size)
		assert_int_equal(
		    merkle_verify_consistency(now, before, &proof), ERR_CRYPTO);
	for (i = 0; i < proof.n; i++) {
		proof.hashes[i].bytes[7] ^= 1;
		assert_int_equal(
		    merkle_verify_consistency(before, now, &proof), ERR_CRYPTO);
		proof.hashes[i].bytes[7] ^= 1;
	}
	proof.hashes[proof.n++] = now->root;
	assert_int_equal(
	    merkle_verify_consistency(before, now, &proof), ERR_CRYPTO);
	if (proof.n >= 2) {
		proof.n -= 2;
		assert_int_equal(
		    merkle_verify_consistency(before, now, &proof), ERR_CRYPTO);
	}
}

static void
consistency_is_provable_between_all_sizes_and_for_nothing_else(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_tree before, now;
	struct merkle_proof proof, want;

	(void)state;
	fill(&log, SIZE_MAX_TRIED);
	for (now.size = 0; now.size <= SIZE_MAX_TRIED; now.size++) {
		now.root = naive_root(log.leaves, now.size);
		for (before.size = 0; before.size <= now.size; before.size++) {
			before.root = naive_root(log.leaves, before.size);
			assert_int_equal(merkle_prove_consistency(&reader,
					     before.size, now.size, &proof),
			    OK);
			want.n = 0;
			if (before.size > 0)
				naive_subproof(before.size, log.leaves,
				    now.size, true, &want);
			assert_same(&proof, &want);
			assert_int_equal(
			    merkle_verify_consistency(&before, &now, &proof),
			    OK);
			assert_consistency_bites(&before, &now, proof);
		}
	}
}

static void
a_reader_that_fails_is_heard(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_proof proof;
	struct digest root;

	(void)state;
	fill(&log, 7);
	log.reads_left = 1;
	assert_int_equal(merkle_root(&reader, 7, &root), ERR_IO);
	log.reads_left = 1;
	assert_int_equal(merkle_prove_inclusion(&reader, 3, 7, &proof), ERR_IO);
	log.reads_left = 1;
	assert_int_equal(
	    merkle_prove_consistency(&reader, 3, 7, &proof), ERR_IO);
}

static void
what_is_not_in_the_tree_cannot_be_proved(void **state)
{
	struct memory_log log;
	struct merkle_reader reader = reader_of(&log);
	struct merkle_proof proof;

	(void)state;
	fill(&log, 7);
	assert_int_equal(
	    merkle_prove_inclusion(&reader, 7, 7, &proof), ERR_INPUT);
	assert_int_equal(
	    merkle_prove_inclusion(&reader, 0, 0, &proof), ERR_INPUT);
	assert_int_equal(
	    merkle_prove_consistency(&reader, 7, 6, &proof), ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(published_roots_come_out),
	    cmocka_unit_test(published_inclusion_proofs_come_out),
	    cmocka_unit_test(published_consistency_proofs_come_out),
	    cmocka_unit_test(frontiers_and_roots_agree_with_the_definition),
	    cmocka_unit_test(
		inclusion_is_provable_for_every_leaf_and_for_nothing_else),
	    cmocka_unit_test(
		consistency_is_provable_between_all_sizes_and_for_nothing_else),
	    cmocka_unit_test(a_reader_that_fails_is_heard),
	    cmocka_unit_test(what_is_not_in_the_tree_cannot_be_proved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
