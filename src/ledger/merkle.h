/*
 * Merkle trees over SHA-256, as RFC 6962 §2.1 and RFC 9162 §2.1 have them.
 *
 * A log is a list of leaves that only grows.  Its root commits to all of them
 * in 32 bytes; an inclusion proof shows that a leaf is in a tree of that root,
 * a consistency proof that a later tree begins with all of an earlier one.
 *
 * This module does not store the hashes (tile.h does): it asks for them through
 * a struct merkle_reader.
 */
#ifndef BANGO_LEDGER_MERKLE_H
#define BANGO_LEDGER_MERKLE_H

#include "crypto/hash.h"

/*
 *= rfc6962#2.1
 *# MTH({d(0)}) = SHA-256(0x00 || d(0))
 */
struct digest merkle_leaf(struct slice data);
/*
 *= rfc6962#2.1
 *# MTH(D[n]) = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n]))
 */
struct digest
merkle_node(const struct digest *left, const struct digest *right);
/* The root of the tree without leaves. */
struct digest merkle_empty(void);

/* --- Growing ------------------------------------------------------------- */

#define MERKLE_LEVELS 64

/* The roots of the perfect trees of which a tree consists, by their level. */
struct merkle_frontier {
	uint64_t size;
	struct digest peaks[MERKLE_LEVELS]; /* where size has that bit */
};

void merkle_frontier_init(struct merkle_frontier *f);
/* `leaf` is a merkle_leaf(). */
void merkle_append(struct merkle_frontier *f, const struct digest *leaf);
struct digest merkle_frontier_root(const struct merkle_frontier *f);

/* --- Hashes that are kept ------------------------------------------------ */

/*
 * The root of the perfect tree over the leaves index * 2^level and the
 * 2^level - 1 after it; level 0 is the leaf's own hash.  Asked only for trees
 * that lie within the size that a caller names.
 */
struct merkle_reader {
	enum err (*read)(void *state, unsigned int level, uint64_t index,
	    struct digest *ret);
	void *state;
};

/* All of these pass on the reader's errors. */
MUST_USE enum err merkle_root(
    const struct merkle_reader *reader, uint64_t size, struct digest *ret);

/* --- Proofs -------------------------------------------------------------- */

#define MERKLE_PROOF_MAX (MERKLE_LEVELS + 1)

struct merkle_proof {
	size_t n;
	struct digest hashes[MERKLE_PROOF_MAX]; /* lowest first */
};

/* That leaf `index` is in the tree of `size`.  ERR_INPUT unless index is
 * below size. */
MUST_USE enum err merkle_prove_inclusion(const struct merkle_reader *reader,
    uint64_t index, uint64_t size, struct merkle_proof *ret);
/* That the tree of size `now` begins with the tree of size `before`.  ERR_INPUT
 * if `before` is larger.  From nothing, and from a tree to itself, the proof
 * is empty. */
MUST_USE enum err merkle_prove_consistency(const struct merkle_reader *reader,
    uint64_t before, uint64_t now, struct merkle_proof *ret);

struct merkle_tree {
	uint64_t size;
	struct digest root;
};

/* ERR_CRYPTO unless the proof shows just that (RFC 9162 §2.1.3.2). */
MUST_USE enum err
merkle_verify_inclusion(const struct merkle_tree *tree, uint64_t index,
    const struct digest *leaf, const struct merkle_proof *proof);
/* ERR_CRYPTO unless the proof shows just that (RFC 9162 §2.1.4.2). */
MUST_USE enum err merkle_verify_consistency(const struct merkle_tree *before,
    const struct merkle_tree *now, const struct merkle_proof *proof);

#endif
