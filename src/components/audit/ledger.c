#include "components/audit/ledger.h"

#include <string.h>

#include "base/bug.h"
#include "base/secret.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/state.h"
#include "components/audit/witness.h"

#define PART 1000 /* entries in one turn */
#define WAIT_MS 1000
/* An entry of the audit is kept longer than any record that it is about. */
#define ENTRY_KEEP_MS (10 * 365 * 24 * 3600ll * 1000)

/* --- The newest end of the log, while it grows ----------------------------- */

struct open_tile {
	bool open;
	struct buf hashes;
};

struct growth {
	struct turn *turn;
	uint64_t size;
	int64_t last_seq;
	struct open_tile tiles[TILE_LEVELS];
	bool page_open;
	int64_t first_seq;
	struct buf seqs;
	uint8_t secret[LEAF_SECRET_LEN];
};

static void
growth_init(struct growth *g, struct turn *turn, const struct ledger_head *head)
{
	unsigned int level;

	*g = (struct growth){
	    .turn = turn, .size = head->size, .last_seq = head->last_seq};
	for (level = 0; level < TILE_LEVELS; level++)
		buf_init(&g->tiles[level].hashes);
	buf_init(&g->seqs);
}

static void
growth_done(struct growth *g)
{
	unsigned int level;

	for (level = 0; level < TILE_LEVELS; level++)
		buf_done(&g->tiles[level].hashes);
	buf_done(&g->seqs);
	secret_wipe(g->secret, sizeof(g->secret));
}

static enum err
write_tile(struct growth *g, unsigned int level, uint64_t number)
{
	return audit_tile_put(g->turn->store, level, (int64_t)number,
	    buf_slice(&g->tiles[level].hashes));
}

/* One more hash at the end of each level that it completes. */
static enum err
add_hash(struct growth *g, struct digest hash)
{
	struct open_tile *t;
	unsigned int level;
	uint64_t count;
	enum err rc = OK;

	for (level = 0; rc == OK && level < TILE_LEVELS; level++) {
		t = &g->tiles[level];
		count = tile_hashes(level, g->size);
		if (!t->open && count % TILE_WIDTH > 0)
			rc = ledger_load_tile(g->turn->store, level,
			    count / TILE_WIDTH, &t->hashes);
		if (rc == OK &&
		    t->hashes.len != count % TILE_WIDTH * sizeof(hash.bytes))
			rc = ERR_CORRUPT;
		if (rc)
			break;
		t->open = true;
		buf_add(&t->hashes, digest_slice(&hash));
		if (t->hashes.len < TILE_BYTES)
			break;
		hash = ledger_tile_root(buf_slice(&t->hashes));
		rc = write_tile(g, level, count / TILE_WIDTH);
		buf_clear(&t->hashes);
		t->open = false;
	}

	return rc;
}

/* --- Pages --------------------------------------------------------------- */

/* Read a page that was begun before. */
static enum err
load_page(struct growth *g, int64_t number)
{
	struct audit_page_row row;
	struct query q;
	enum err rc;

	audit_page_rows(g->turn->store, number, &q);
	rc = audit_page_next(&q, &row);
	if (rc)
		return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
	g->first_seq = row.first_seq;
	buf_add(&g->seqs, row.seqs);
	if (row.secret.len == sizeof(g->secret))
		memcpy(g->secret, row.secret.data, row.secret.len);
	else
		rc = ERR_CORRUPT;
	query_done(&q);

	return rc;
}

static enum err
open_page(struct growth *g, int64_t seq)
{
	g->page_open = true;
	buf_clear(&g->seqs);
	if (g->size % TILE_WIDTH == 0) {
		g->first_seq = seq;
		random_bytes(&g->turn->random, g->secret, sizeof(g->secret));
		return OK;
	}
	TRY(load_page(g, (int64_t)(g->size / TILE_WIDTH)));

	return g->seqs.len == g->size % TILE_WIDTH * SEQ_LEN ? OK : ERR_CORRUPT;
}

static enum err
write_page(struct growth *g, uint64_t number)
{
	return audit_page_put(g->turn->store, (int64_t)number, g->first_seq,
	    buf_slice(&g->seqs), slice_bytes(g->secret, sizeof(g->secret)));
}

static void
add_seq(struct buf *seqs, int64_t seq)
{
	int i;

	for (i = SEQ_LEN - 1; i >= 0; i--)
		buf_add_char(seqs, (char)((uint64_t)seq >> (8 * i)));
}

/* --- Growing ------------------------------------------------------------- */

static enum err
add_entry(struct growth *g, const struct leaf_entry *entry)
{
	uint8_t salt[LEAF_SALT_LEN];
	enum err rc = OK;

	if (!g->page_open)
		rc = open_page(g, entry->seq);
	if (rc)
		return rc;
	leaf_salt(g->secret, entry->seq, salt);
	rc = add_hash(g, leaf_hash(salt, entry));
	if (rc)
		return rc;
	add_seq(&g->seqs, entry->seq);
	g->last_seq = entry->seq;
	g->size++;
	if (g->size % TILE_WIDTH > 0)
		return OK;
	g->page_open = false;

	return write_page(g, g->size / TILE_WIDTH - 1);
}

/* The entries after the newest leaf, at most PART of them. */
static enum err
add_entries(struct growth *g)
{
	struct audit_entry_row row;
	struct leaf_entry entry;
	struct query q;
	enum err rc;

	audit_entries_after_rows(g->turn->store, g->last_seq, PART, &q);
	while ((rc = audit_entries_after_next(&q, &row)) == OK) {
		entry = ledger_entry_of(&row);
		entry.subject =
		    bug_is(BUG_LEAF_NAMELESS) ? SLICE("") : entry.subject;
		if (!bug_is(BUG_LEDGER_GAP) || entry.seq % 16 != 7)
			rc = add_entry(g, &entry);
		if (rc)
			break;
	}
	query_done(&q);

	return rows_end(rc);
}

/* Write the tiles and the page that are not full. */
static enum err
write_rest(struct growth *g)
{
	unsigned int level;
	enum err rc = OK;

	for (level = 0; rc == OK && level < TILE_LEVELS; level++) {
		if (g->tiles[level].open)
			rc = write_tile(
			    g, level, tile_hashes(level, g->size) / TILE_WIDTH);
	}
	if (rc == OK && g->page_open)
		rc = write_page(g, g->size / TILE_WIDTH);

	return rc;
}

static enum err
sign_head(struct growth *g)
{
	struct turn *turn = g->turn;
	struct merkle_tree tree = {.size = g->size};
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct buf note;
	enum err rc;

	buf_init(&note);
	ledger_reader_init(&reader, turn->store, g->size);
	hashes = ledger_hashes(&reader);
	rc = merkle_root(&hashes, g->size, &tree.root);
	ledger_reader_done(&reader);
	if (rc == OK)
		rc =
		    checkpoint_sign(ledger_origin(turn->arena, turn_self(turn)),
			&tree, turn_signing_key(turn), &note);
	if (rc == OK)
		rc = audit_head_put(turn->store, SLICE("signed"),
		    (int64_t)g->size, g->last_seq, buf_slice(&note));
	buf_done(&note);

	return rc;
}

/* After a rotation the newest checkpoint is still signed by the old key. */
static bool
is_signed(struct turn *turn, const struct ledger_head *head)
{
	json_t *jwk = signing_key_jwk(turn_signing_key(turn));
	struct checkpoint_key *key = NULL;
	struct checkpoint checkpoint;
	bool is =
	    checkpoint_parse(turn->arena, head->note, &checkpoint) == OK &&
	    checkpoint_key_new(checkpoint.origin, jwk, &key) == OK &&
	    checkpoint_verify(&checkpoint, key) == OK;

	checkpoint_key_free(key);
	json_decref(jwk);

	return is;
}

enum err
ledger_grow(struct turn *turn)
{
	struct ledger_head head;
	struct growth g;
	enum err rc;

	rc = ledger_head_load(turn->store, turn->arena, "signed", &head);
	if (rc)
		return rc;
	rc = state_add(turn);
	if (rc)
		return rc;
	growth_init(&g, turn, &head);
	rc = add_entries(&g);
	if (rc == OK && g.size > head.size) {
		rc = write_rest(&g);
		if (rc == OK)
			rc = sign_head(&g);
		witness_soon(turn);
		if (g.size - head.size == PART)
			turn_hurry(turn, LEDGER_TIMER);
	} else if (rc == OK && head.size > 0 && !is_signed(turn, &head))
		rc = sign_head(&g);
	growth_done(&g);
	if (rc == ERR_CORRUPT)
		return problem_set(turn->problem, rc,
		    "the tables of the ledger contradict each other at size "
		    "%llu",
		    (unsigned long long)head.size);

	return rc;
}

void
ledger_soon(struct turn *turn)
{
	turn_hurry_within(turn, LEDGER_TIMER, WAIT_MS);
}

/* --- Erasing ------------------------------------------------------------- */

/* The erasure of entries is an entry itself. */
static enum err
erase_page(struct turn *turn, int64_t number, int64_t last, int64_t *ret_erased)
{
	TRY(audit_entries_erase(turn->store, last));
	*ret_erased = store_changes(turn->store);
	TRY(audit_page_erase(turn->store, number));

	return turn_audit(turn, "audit.erase",
	    arena_printf(turn->arena, "page %lld", (long long)number),
	    SLICE(""));
}

enum err
ledger_erase(struct turn *turn, struct instant before, int64_t *ret_erased)
{
	struct audit_page_oldest_row oldest = {0};
	struct audit_entry_age_row newest;
	int64_t last;

	*ret_erased = 0;
	TRY(rows_end(audit_page_oldest(turn->store, turn->arena, &oldest)));
	if (ledger_seqs_count(oldest.seqs) < TILE_WIDTH)
		return OK;
	last = ledger_seq_at(oldest.seqs, TILE_WIDTH - 1);
	TRY(audit_entry_age(turn->store, last, &newest));
	if (!instant_is_before(newest.at, before))
		return OK;

	return erase_page(turn, oldest.number, last, ret_erased);
}

enum err
ledger_housekeeping(struct turn *turn)
{
	int64_t erased = 0;
	enum err rc;

	rc = ledger_erase(
	    turn, instant_plus(turn->now, -ENTRY_KEEP_MS), &erased);
	if (erased > 0)
		turn_hurry(turn, LEDGER_HOUSEKEEPING_TIMER);

	return rc;
}
