/*
 * The ledger: a Merkle log of the audit, one leaf for each entry.
 *
 * Turns write their audit entries and do nothing else.  Within about a second
 * a timer takes the entries that are new, in the order of their numbers, makes
 * leaves of them (ledger/leaf.h), adds these to the tiles and signs a
 * checkpoint: all in one transaction.  An entry that was altered or removed
 * before that can show no trace; afterwards, ledger_verify() finds it.
 *
 * Numbers may have gaps (PostgreSQL): the number of each leaf's entry is kept
 * beside the tiles, in pages of 256.
 */
#ifndef BANGO_COMPONENTS_AUDIT_LEDGER_H
#define BANGO_COMPONENTS_AUDIT_LEDGER_H

#include "host/system.h"
#include "ledger/checkpoint.h"
#include "ledger/leaf.h"
#include "ledger/tile.h"

/* "bango/131041/relay": the log's origin and its key's name. */
struct slice ledger_origin(struct arena *arena, const struct system_id *id);

/* --- Within a node ------------------------------------------------------- */

#define LEDGER_TIMER "audit.ledger"
#define LEDGER_HOUSEKEEPING_TIMER "audit.housekeeping"

/* A timer: make leaves of new entries, some of them in one turn. */
MUST_USE enum err ledger_grow(struct turn *turn);
/* Run that timer soon: there is a new entry. */
void ledger_soon(struct turn *turn);
/*
 * Erase the oldest entries, a whole page at most, if all entries of the page
 * are older than `before`; their leaves stay.  *ret_erased is the number of
 * entries erased.
 */
MUST_USE enum err
ledger_erase(struct turn *turn, struct instant before, int64_t *ret_erased);
/* A timer: erase entries older than ten years. */
MUST_USE enum err ledger_housekeeping(struct turn *turn);

/* --- Reading ------------------------------------------------------------- */

/* In the database of a system: turn->store, or one that system_open_store()
 * opened. */

struct ledger_head {
	uint64_t size;
	int64_t last_seq;
	struct slice note; /* in the arena; empty without a checkpoint */
};

/* The newest checkpoint; `name` is "signed" or "cosigned".  An empty ledger
 * has size 0. */
MUST_USE enum err ledger_head_load(struct store *store, struct arena *arena,
    const char *name, struct ledger_head *ret);

/* The tree of the first `size` entries, or of all entries that are in it if it
 * has fewer: the hook `ledger` of struct component. */
MUST_USE enum err
ledger_tree(struct turn *turn, uint64_t size, struct merkle_tree *ret);

/* Reads hashes out of a store's tiles. */
struct ledger_reader {
	struct store *store;
	struct tile_source source;
	struct tile tile;  /* in `hashes` */
	struct buf hashes; /* of the tile that was read last */
};
void ledger_reader_init(
    struct ledger_reader *reader, struct store *store, uint64_t size);
void ledger_reader_done(struct ledger_reader *reader);
struct merkle_reader ledger_hashes(struct ledger_reader *reader);

/* The place of an entry in the log, and the data that prove it. */
struct ledger_proof {
	struct leaf_entry entry; /* in the arena */
	uint8_t salt[LEAF_SALT_LEN];
	uint64_t index;
	struct ledger_head head;
	struct merkle_proof inclusion;
};
/* ERR_NOT_FOUND if there is no such entry, or it is not in the ledger yet. */
MUST_USE enum err ledger_prove(struct store *store, struct arena *arena,
    int64_t seq, struct ledger_proof *ret);
/* The members of a proof: entry, salt, leaf, index, hashes, checkpoint. */
void ledger_proof_write(const struct ledger_proof *proof, struct json_out *o);

struct ledger_findings {
	uint64_t leaves;  /* in the tree */
	uint64_t entries; /* of them, found again in the audit */
	uint64_t erased;  /* of them, whose entries were erased */
	uint64_t waiting; /* entries that are not in the tree yet */
	uint64_t state; /* the newest entry about the rows (state.h); 0: none */
};
/*
 * Compute the whole tree again: every leaf from its entry, every tile from the
 * one below, the root, and the signature by one of the `n_keys` public keys; and
 * the sums over the rows of protected tables (state.h).  ERR_CORRUPT with the first
 * thing that does not fit.  Reads all of the audit and of these tables.
 */
MUST_USE enum err ledger_verify(struct store *store, const struct system_id *id,
    const json_t *const *keys, size_t n_keys, struct ledger_findings *ret,
    struct problem *problem);

#endif
