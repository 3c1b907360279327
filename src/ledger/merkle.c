#include "ledger/merkle.h"

#include <assert.h>
#include <string.h>

struct digest
merkle_leaf(struct slice data)
{
	struct digest digest;
	struct buf b;

	buf_init(&b);
	buf_add_char(&b, '\0');
	buf_add(&b, data);
	digest = digest_of(buf_slice(&b));
	buf_done(&b);

	return digest;
}

struct digest
merkle_node(const struct digest *left, const struct digest *right)
{
	uint8_t bytes[1 + 2 * sizeof(left->bytes)];

	bytes[0] = 1;
	memcpy(bytes + 1, left->bytes, sizeof(left->bytes));
	memcpy(bytes + 1 + sizeof(left->bytes), right->bytes,
	    sizeof(right->bytes));

	return digest_of(slice_bytes(bytes, sizeof(bytes)));
}

struct digest
merkle_empty(void)
{
	return digest_of((struct slice){0});
}

/* --- Growing ------------------------------------------------------------- */

void
merkle_frontier_init(struct merkle_frontier *f)
{
	*f = (struct merkle_frontier){0};
}

void
merkle_append(struct merkle_frontier *f, const struct digest *leaf)
{
	struct digest hash = *leaf;
	unsigned int level;

	assert(f->size < UINT64_MAX);
	for (level = 0; f->size >> level & 1; level++)
		hash = merkle_node(&f->peaks[level], &hash);
	f->peaks[level] = hash;
	f->size++;
}

struct digest
merkle_frontier_root(const struct merkle_frontier *f)
{
	struct digest hash = {0};
	unsigned int level;
	bool begun = false;

	if (f->size == 0)
		return merkle_empty();
	for (level = 0; level < MERKLE_LEVELS; level++) {
		if (!(f->size >> level & 1))
			continue;
		hash = begun ? merkle_node(&f->peaks[level], &hash)
			     : f->peaks[level];
		begun = true;
	}

	return hash;
}

/* --- Hashes that are kept ------------------------------------------------ */

/*
 * Root of the leaves from `begin` on, `n` of them: perfect trees, the largest
 * first.  `begin` is a multiple of the largest of them.
 */
static enum err
read_range(const struct merkle_reader *reader, uint64_t begin, uint64_t n,
    struct digest *ret)
{
	struct digest peaks[MERKLE_LEVELS];
	unsigned int level, count = 0;
	enum err rc = OK;

	assert(n > 0);
	for (level = MERKLE_LEVELS; rc == OK && level-- > 0;) {
		if (!(n >> level & 1))
			continue;
		rc = reader->read(
		    reader->state, level, begin >> level, &peaks[count++]);
		begin += (uint64_t)1 << level;
	}
	if (rc)
		return rc;
	*ret = peaks[--count];
	while (count > 0)
		*ret = merkle_node(&peaks[--count], ret);

	return OK;
}

enum err
merkle_root(
    const struct merkle_reader *reader, uint64_t size, struct digest *ret)
{
	if (size == 0) {
		*ret = merkle_empty();
		return OK;
	}

	return read_range(reader, 0, size, ret);
}

/* --- Proofs -------------------------------------------------------------- */

/* The largest power of two below `n`, which is 2 or more. */
static uint64_t
split(uint64_t n)
{
	uint64_t k = 1;

	while (k < n - k)
		k <<= 1;

	return k;
}

static void
turn_round(struct merkle_proof *proof)
{
	struct digest tmp;
	size_t i;

	for (i = 0; i < proof->n / 2; i++) {
		tmp = proof->hashes[i];
		proof->hashes[i] = proof->hashes[proof->n - 1 - i];
		proof->hashes[proof->n - 1 - i] = tmp;
	}
}

static enum err
add_range(const struct merkle_reader *reader, uint64_t begin, uint64_t n,
    struct merkle_proof *proof)
{
	assert(proof->n < MERKLE_PROOF_MAX);

	return read_range(reader, begin, n, &proof->hashes[proof->n++]);
}

enum err
merkle_prove_inclusion(const struct merkle_reader *reader, uint64_t index,
    uint64_t size, struct merkle_proof *ret)
{
	uint64_t begin = 0, k;
	enum err rc = OK;

	ret->n = 0;
	if (index >= size)
		return ERR_INPUT;
	/* RFC 6962 §2.1.1, from the root down. */
	while (rc == OK && size > 1) {
		k = split(size);
		if (index < k) {
			rc = add_range(reader, begin + k, size - k, ret);
			size = k;
		} else {
			rc = add_range(reader, begin, k, ret);
			begin += k;
			index -= k;
			size -= k;
		}
	}
	turn_round(ret);

	return rc;
}

enum err
merkle_prove_consistency(const struct merkle_reader *reader, uint64_t before,
    uint64_t now, struct merkle_proof *ret)
{
	uint64_t begin = 0, k;
	enum err rc = OK;

	ret->n = 0;
	if (before > now)
		return ERR_INPUT;
	if (before == 0)
		return OK;
	/* RFC 6962 §2.1.2, from the root down; what begins at 0 is known to
	 * the verifier. */
	while (rc == OK && before < now) {
		k = split(now);
		if (before <= k) {
			rc = add_range(reader, begin + k, now - k, ret);
			now = k;
		} else {
			rc = add_range(reader, begin, k, ret);
			begin += k;
			before -= k;
			now -= k;
		}
	}
	if (rc == OK && begin > 0)
		rc = add_range(reader, begin, before, ret);
	turn_round(ret);

	return rc;
}

enum err
merkle_verify_inclusion(const struct merkle_tree *tree, uint64_t index,
    const struct digest *leaf, const struct merkle_proof *proof)
{
	uint64_t fn = index, sn = tree->size - 1;
	struct digest r = *leaf;
	size_t i;

	if (index >= tree->size)
		return ERR_CRYPTO;
	for (i = 0; i < proof->n; i++) {
		if (sn == 0)
			return ERR_CRYPTO;
		if (fn & 1 || fn == sn) {
			r = merkle_node(&proof->hashes[i], &r);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else
			r = merkle_node(&r, &proof->hashes[i]);
		fn >>= 1;
		sn >>= 1;
	}

	return sn == 0 && digest_equal(&r, &tree->root) ? OK : ERR_CRYPTO;
}

/* Both roots from the proof's first hash on (RFC 9162 §2.1.4.2, steps 4 to
 * 7). */
static enum err
climb(const struct merkle_tree *before, const struct merkle_tree *now,
    const struct merkle_proof *proof)
{
	uint64_t fn = before->size - 1, sn = now->size - 1;
	struct digest fr, sr;
	size_t i = 0;

	while (fn & 1) {
		fn >>= 1;
		sn >>= 1;
	}
	/* An old tree that is perfect is its own first hash. */
	fr = sr = fn == 0 ? before->root : proof->hashes[i++];
	for (; i < proof->n; i++) {
		if (sn == 0)
			return ERR_CRYPTO;
		if (fn & 1 || fn == sn) {
			fr = merkle_node(&proof->hashes[i], &fr);
			sr = merkle_node(&proof->hashes[i], &sr);
			while (!(fn & 1) && fn != 0) {
				fn >>= 1;
				sn >>= 1;
			}
		} else
			sr = merkle_node(&sr, &proof->hashes[i]);
		fn >>= 1;
		sn >>= 1;
	}

	return sn == 0 && digest_equal(&fr, &before->root) &&
		digest_equal(&sr, &now->root)
	    ? OK
	    : ERR_CRYPTO;
}

enum err
merkle_verify_consistency(const struct merkle_tree *before,
    const struct merkle_tree *now, const struct merkle_proof *proof)
{
	struct digest empty = merkle_empty();

	if (before->size > now->size || proof->n > MERKLE_PROOF_MAX)
		return ERR_CRYPTO;
	if (before->size == now->size)
		return proof->n == 0 && digest_equal(&before->root, &now->root)
		    ? OK
		    : ERR_CRYPTO;
	if (before->size == 0)
		return proof->n == 0 && digest_equal(&before->root, &empty)
		    ? OK
		    : ERR_CRYPTO;
	if (proof->n == 0)
		return ERR_CRYPTO;

	return climb(before, now, proof);
}
