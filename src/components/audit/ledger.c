#include "components/audit/ledger.h"

#include <string.h>

#include "base/bug.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/witness.h"

#define PART 1000 /* entries in one turn */
#define WAIT_MS 1000
/* An entry of the audit is kept longer than any record it speaks of. */
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
	struct query q;

	store_query(g->turn->store, AUDIT_TILE_PUT, &q);
	query_int(&q, "level", level);
	query_int(&q, "number", (int64_t)number);
	query_blob(&q, "hashes", buf_slice(&g->tiles[level].hashes));

	return query_run(&q);
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

static enum err
open_page(struct growth *g, int64_t seq)
{
	struct query q;
	struct slice secret;
	enum err rc;

	g->page_open = true;
	buf_clear(&g->seqs);
	if (g->size % TILE_WIDTH == 0) {
		g->first_seq = seq;
		random_bytes(&g->turn->random, g->secret, sizeof(g->secret));
		return OK;
	}
	store_query(g->turn->store, AUDIT_PAGE, &q);
	query_int(&q, "number", (int64_t)(g->size / TILE_WIDTH));
	rc = query_step(&q);
	if (rc == OK) {
		g->first_seq = column_int(&q, "first_seq");
		buf_add(&g->seqs, column_blob(&q, "seqs"));
		secret = column_blob(&q, "secret");
		if (secret.len == sizeof(g->secret))
			memcpy(g->secret, secret.data, secret.len);
		else
			rc = ERR_CORRUPT;
	}
	query_done(&q);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && g->seqs.len != g->size % TILE_WIDTH * SEQ_LEN))
		return ERR_CORRUPT;

	return rc;
}

static enum err
write_page(struct growth *g, uint64_t number)
{
	struct query q;

	store_query(g->turn->store, AUDIT_PAGE_PUT, &q);
	query_int(&q, "number", (int64_t)number);
	query_int(&q, "first_seq", g->first_seq);
	query_blob(&q, "seqs", buf_slice(&g->seqs));
	query_blob(&q, "secret", slice_bytes(g->secret, sizeof(g->secret)));

	return query_run(&q);
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
	struct leaf_entry entry;
	struct query q;
	enum err rc, step;

	store_query(g->turn->store, AUDIT_ENTRIES_AFTER, &q);
	query_int(&q, "after", g->last_seq);
	query_int(&q, "limit", PART);
	rc = OK;
	while (rc == OK && (step = query_step(&q)) == OK) {
		ledger_entry_of(&q, &entry);
		entry.subject =
		    bug_is(BUG_LEAF_NAMELESS) ? SLICE("") : entry.subject;
		if (!bug_is(BUG_LEDGER_GAP) || entry.seq % 16 != 7)
			rc = add_entry(g, &entry);
	}
	query_done(&q);
	if (rc)
		return rc;

	return step == ERR_NOT_FOUND ? OK : step;
}

/* What is not full. */
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
	struct query q;
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
	if (rc == OK) {
		store_query(turn->store, AUDIT_HEAD_PUT, &q);
		query_text(&q, "name", SLICE("signed"));
		query_int(&q, "size", (int64_t)g->size);
		query_int(&q, "last_seq", g->last_seq);
		query_text(&q, "note", buf_slice(&note));
		rc = query_run(&q);
	}
	buf_done(&note);

	return rc;
}

/* After a rotation the newest checkpoint is still that of the old key, which
 * nobody finds in the directory any more. */
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

static enum err
run_int(struct store *store, int statement, const char *name, int64_t value,
    int64_t *ret_changes)
{
	struct query q;
	enum err rc;

	store_query(store, statement, &q);
	query_int(&q, name, value);
	rc = query_run(&q);
	if (rc == OK)
		*ret_changes = query_changes(&q);

	return rc;
}

/* The oldest full page that still has its entries. */
static enum err
oldest_page(struct store *store, int64_t *ret_number, int64_t *ret_last)
{
	struct slice seqs;
	struct query q;
	enum err rc;

	store_query(store, AUDIT_PAGE_OLDEST, &q);
	rc = query_step(&q);
	if (rc == OK) {
		seqs = column_blob(&q, "seqs");
		*ret_number = column_int(&q, "number");
		if (ledger_seqs_count(seqs) == TILE_WIDTH)
			*ret_last = ledger_seq_at(seqs, TILE_WIDTH - 1);
		else
			rc = ERR_NOT_FOUND;
	}
	query_done(&q);

	return rc;
}

static enum err
newest_of(struct store *store, int64_t last, struct instant *ret)
{
	struct query q;
	enum err rc;

	store_query(store, AUDIT_ENTRY_AGE, &q);
	query_int(&q, "last", last);
	rc = query_step(&q);
	if (rc == OK)
		ret->ms = column_int(&q, "at");
	query_done(&q);

	return rc;
}

enum err
ledger_erase(struct turn *turn, struct instant before, int64_t *ret_erased)
{
	int64_t number, last, pages;
	struct instant newest;
	enum err rc;

	*ret_erased = 0;
	rc = oldest_page(turn->store, &number, &last);
	if (rc == OK)
		rc = newest_of(turn->store, last, &newest);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	if (!instant_is_before(newest, before))
		return OK;
	rc =
	    run_int(turn->store, AUDIT_ENTRIES_ERASE, "last", last, ret_erased);
	if (rc == OK)
		rc = run_int(
		    turn->store, AUDIT_PAGE_ERASE, "number", number, &pages);
	/* That they are gone is an entry itself. */
	if (rc == OK)
		rc = turn_audit(turn, "audit.erase",
		    arena_printf(turn->arena, "page %lld", (long long)number),
		    SLICE(""));

	return rc;
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
