/* The whole ledger, computed again from the audit. */
#include <string.h>

#include "base/secret.h"
#include "components/audit/ledger_internal.h"
#include "components/audit/state.h"

struct check {
	struct store *store;
	struct arena *arena;
	struct arena *told; /* of `state` */
	struct problem *problem;
	struct ledger_findings *found;
	struct ledger_head head;
	struct merkle_frontier tree;
	struct buf levels[TILE_LEVELS]; /* hashes of the tiles begun */
	int64_t last;                   /* of the page before */
	struct state_told state;
	int64_t misfit; /* the first entry of rows that did not fit; 0: none */
	struct slice misfits;
};

/* The contents of a page, as stored. */
struct page {
	uint64_t number;
	unsigned int width;
	struct buf seqs;
	struct buf leaves; /* of its tile */
	bool has_secret;
	uint8_t secret[LEAF_SECRET_LEN];
};

static enum err
corrupt(struct check *c, const char *what, uint64_t which)
{
	return problem_set(c->problem, ERR_CORRUPT, "%s %llu", what,
	    (unsigned long long)which);
}

/* --- Tiles --------------------------------------------------------------- */

/* Check that the tile begun at `level` equals the stored one. */
static enum err
compare_tile(struct check *c, unsigned int level, uint64_t number)
{
	struct buf kept;
	bool same;
	enum err rc;

	buf_init(&kept);
	rc = ledger_load_tile(c->store, level, number, &kept);
	same = slice_equal(buf_slice(&kept), buf_slice(&c->levels[level]));
	buf_done(&kept);
	if (rc && rc != ERR_CORRUPT)
		return rc;
	if (rc || !same)
		return problem_set(c->problem, ERR_CORRUPT,
		    "tile %llu of level %u is not what the tiles below it "
		    "make",
		    (unsigned long long)number, level);

	return OK;
}

/* A full tile gives a hash to the level above. */
static enum err
pile_up(struct check *c, unsigned int level)
{
	struct digest root;
	uint64_t number;
	enum err rc = OK;

	while (rc == OK && c->levels[level].len == TILE_BYTES) {
		number = tile_hashes(level, c->tree.size) / TILE_WIDTH - 1;
		rc = compare_tile(c, level, number);
		root = ledger_tile_root(buf_slice(&c->levels[level]));
		buf_clear(&c->levels[level]);
		if (++level == TILE_LEVELS)
			break;
		buf_add(&c->levels[level], digest_slice(&root));
	}

	return rc;
}

static enum err
compare_rest(struct check *c)
{
	unsigned int level;
	enum err rc = OK;

	for (level = 0; rc == OK && level < TILE_LEVELS; level++) {
		if (c->levels[level].len > 0)
			rc = compare_tile(c, level,
			    tile_hashes(level, c->tree.size) / TILE_WIDTH);
	}

	return rc;
}

static enum err
add_leaf(struct check *c, const struct digest *leaf)
{
	merkle_append(&c->tree, leaf);
	buf_add(&c->levels[0], digest_slice(leaf));

	return pile_up(c, 0);
}

/* --- Pages --------------------------------------------------------------- */

static void
page_init(struct page *page, uint64_t number, uint64_t size)
{
	uint64_t rest = size - number * TILE_WIDTH;

	*page = (struct page){.number = number,
	    .width = rest < TILE_WIDTH ? (unsigned int)rest : TILE_WIDTH};
	buf_init(&page->seqs);
	buf_init(&page->leaves);
}

static void
page_done(struct page *page)
{
	buf_done(&page->seqs);
	buf_done(&page->leaves);
	secret_wipe(page->secret, sizeof(page->secret));
}

static enum err
read_page(struct check *c, struct page *page)
{
	struct audit_page_row row;
	struct query q;

	audit_page_rows(c->store, (int64_t)page->number, &q);
	TRY(audit_page_next(&q, &row));
	buf_add(&page->seqs, row.seqs);
	page->has_secret = row.secret.len == sizeof(page->secret);
	if (page->has_secret)
		memcpy(page->secret, row.secret.data, row.secret.len);
	query_done(&q);

	return OK;
}

static enum err
load_page(struct check *c, struct page *page)
{
	enum err rc = read_page(c, page);

	if (rc && rc != ERR_NOT_FOUND)
		return rc;
	if (rc || ledger_seqs_count(buf_slice(&page->seqs)) != page->width)
		return corrupt(c, "there is no whole page", page->number);
	rc = ledger_load_tile(c->store, 0, page->number, &page->leaves);
	if (rc && rc != ERR_CORRUPT)
		return rc;
	if (rc || page->leaves.len != page->width * sizeof(struct digest))
		return corrupt(c, "there is no whole tile", page->number);

	return OK;
}

static int64_t
seq_of(const struct page *page, uint64_t index)
{
	return ledger_seq_at(
	    buf_slice(&page->seqs), (size_t)(index % TILE_WIDTH));
}

static struct digest
leaf_of(const struct page *page, uint64_t index)
{
	struct digest leaf;

	memcpy(leaf.bytes,
	    page->leaves.data + index % TILE_WIDTH * sizeof(leaf.bytes),
	    sizeof(leaf.bytes));

	return leaf;
}

/* All entries of the page are erased: take its leaves as they are. */
static enum err
take_erased(struct check *c, const struct page *page)
{
	struct audit_entry_count_row left;
	struct digest leaf;
	unsigned int i;

	if (c->found->entries > 0)
		return corrupt(c,
		    "the oldest entries are there, but erased is page",
		    page->number);
	c->last = seq_of(page, page->width - 1);
	TRY(audit_entry_count(c->store, c->last, &left));
	if (left.n > 0)
		return corrupt(
		    c, "there are entries of the erased page", page->number);
	for (i = 0; i < page->width; i++) {
		leaf = leaf_of(page, i);
		TRY(add_leaf(c, &leaf));
		c->found->erased++;
	}

	return OK;
}

/* The entry is borrowed; what was told before is dropped. */
static void
note_state(struct check *c, const struct leaf_entry *entry)
{
	if (!slice_equal_string(entry->action, STATE_ACTION))
		return;
	arena_reset(c->told);
	c->state = (struct state_told){.seq = entry->seq,
	    .subject = arena_copy(c->told, entry->subject),
	    .rows.tables = arena_copy(c->told, entry->basis)};
}

/* The entry is borrowed. */
static void
note_misfit(struct check *c, const struct leaf_entry *entry)
{
	if (c->misfit != 0 || !slice_equal_string(entry->action, MISFIT_ACTION))
		return;
	c->misfit = entry->seq;
	c->misfits = arena_copy(c->arena, entry->basis);
}

static enum err
take_entry(
    struct check *c, const struct page *page, const struct leaf_entry *entry)
{
	int64_t want = seq_of(page, c->tree.size);
	struct digest kept = leaf_of(page, c->tree.size), leaf;
	uint8_t salt[LEAF_SALT_LEN];

	if (entry->seq > want)
		return corrupt(c, "the audit lacks entry", (uint64_t)want);
	if (entry->seq < want)
		return corrupt(
		    c, "the ledger never had entry", (uint64_t)entry->seq);
	leaf_salt(page->secret, entry->seq, salt);
	leaf = leaf_hash(salt, entry);
	if (!digest_equal(&leaf, &kept))
		return corrupt(c, "the leaf in the ledger is not that of entry",
		    (uint64_t)entry->seq);
	note_state(c, entry);
	note_misfit(c, entry);
	c->last = entry->seq;
	c->found->entries++;

	return add_leaf(c, &leaf);
}

static enum err
take_entries(struct check *c, const struct page *page)
{
	struct audit_entry_row row;
	struct leaf_entry entry;
	struct query q;
	uint64_t end = c->tree.size + page->width;
	enum err rc;

	audit_entries_after_rows(c->store, c->last, page->width, &q);
	while ((rc = audit_entries_after_next(&q, &row)) == OK) {
		entry = ledger_entry_of(&row);
		rc = take_entry(c, page, &entry);
		if (rc)
			break;
	}
	query_done(&q);
	TRY(rows_end(rc));
	if (c->tree.size < end)
		return corrupt(c, "the audit lacks entry",
		    (uint64_t)seq_of(page, c->tree.size));

	return OK;
}

static enum err
take_page(struct check *c, uint64_t number)
{
	struct page page;
	enum err rc;

	page_init(&page, number, c->head.size);
	rc = load_page(c, &page);
	if (rc == OK)
		rc = page.has_secret ? take_entries(c, &page)
				     : take_erased(c, &page);
	page_done(&page);

	return rc;
}

/* --- Checkpoints --------------------------------------------------------- */

static enum err
check_signature(struct check *c, const struct checkpoint *checkpoint,
    const json_t *const *keys, size_t n_keys)
{
	struct checkpoint_key *key = NULL;
	enum err rc = ERR_NOT_FOUND;
	size_t i;

	for (i = 0; rc == ERR_NOT_FOUND && i < n_keys; i++) {
		rc = checkpoint_key_new(checkpoint->origin, keys[i], &key);
		if (rc)
			return problem_set(c->problem, rc,
			    "a public key of this system is not a P-256 key");
		rc = checkpoint_verify(checkpoint, key);
		checkpoint_key_free(key);
	}
	if (rc)
		return problem_set(c->problem, ERR_CORRUPT,
		    "the checkpoint is not signed by this system");

	return OK;
}

/* A checkpoint of ours that was given out: the tree has that root. */
static enum err
check_head(struct check *c, const struct ledger_head *head,
    const struct system_id *id, struct checkpoint *ret)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct digest root = {0};
	enum err rc;

	if (checkpoint_parse(c->arena, head->note, ret) ||
	    !slice_equal(ret->origin, ledger_origin(c->arena, id)) ||
	    ret->tree.size != head->size || head->size > c->tree.size)
		return problem_set(c->problem, ERR_CORRUPT,
		    "there is no checkpoint of this system for size %llu",
		    (unsigned long long)head->size);
	ledger_reader_init(&reader, c->store, c->tree.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_root(&hashes, head->size, &root);
	ledger_reader_done(&reader);
	if (rc)
		return rc;
	if (!digest_equal(&root, &ret->tree.root))
		return corrupt(
		    c, "the checkpoint has another root for size", head->size);

	return OK;
}

static enum err
check_heads(struct check *c, const struct system_id *id,
    const json_t *const *keys, size_t n_keys)
{
	struct digest root = merkle_frontier_root(&c->tree);
	struct checkpoint checkpoint;
	struct ledger_head cosigned;
	enum err rc;

	rc = ledger_head_load(c->store, c->arena, "cosigned", &cosigned);
	if (rc == OK && cosigned.size > 0)
		rc = check_head(c, &cosigned, id, &checkpoint);
	if (rc || c->head.size == 0)
		return rc;
	rc = check_head(c, &c->head, id, &checkpoint);
	if (rc)
		return rc;
	if (!digest_equal(&root, &checkpoint.tree.root))
		return corrupt(c, "the checkpoint has another root for size",
		    c->head.size);

	return check_signature(c, &checkpoint, keys, n_keys);
}

/* --- All of it ----------------------------------------------------------- */

static enum err
count_waiting(struct check *c)
{
	struct audit_entry_count_row all;

	TRY(audit_entry_count(c->store, INT64_MAX, &all));
	c->found->waiting = (uint64_t)all.n - c->found->entries;

	return OK;
}

static enum err
check_rows(struct check *c)
{
	c->found->state = (uint64_t)c->state.seq;
	c->state.rows.is_newest = c->found->waiting == 0;
	TRY(state_verify(c->store, &c->state, c->problem));
	if (c->misfit != 0)
		return problem_set(c->problem, ERR_CORRUPT,
		    "entry %lld found rows that another program had changed: "
		    "%.*s",
		    (long long)c->misfit, SLICE_ARG(c->misfits));

	return OK;
}

static enum err
check_all(struct check *c, const struct system_id *id,
    const json_t *const *keys, size_t n_keys)
{
	uint64_t number;
	enum err rc;

	rc = ledger_head_load(c->store, c->arena, "signed", &c->head);
	for (number = 0; rc == OK && number * TILE_WIDTH < c->head.size;
	     number++)
		rc = take_page(c, number);
	if (rc == OK)
		rc = compare_rest(c);
	if (rc == OK)
		rc = check_heads(c, id, keys, n_keys);
	if (rc == OK && c->head.size > 0 && c->head.last_seq != c->last)
		rc = corrupt(c, "the newest leaf is not that of entry",
		    (uint64_t)c->head.last_seq);
	if (rc == OK)
		rc = count_waiting(c);
	if (rc == OK)
		rc = check_rows(c);
	c->found->leaves = c->tree.size;

	return rc;
}

enum err
ledger_verify(struct store *store, const struct system_id *id,
    const json_t *const *keys, size_t n_keys, struct ledger_findings *ret,
    struct problem *problem)
{
	struct check c = {.store = store,
	    .problem = problem,
	    .found = ret,
	    .last = INT64_MIN};
	unsigned int level;
	enum err rc;

	*ret = (struct ledger_findings){0};
	problem_clear(problem);
	c.arena = arena_new();
	c.told = arena_new();
	merkle_frontier_init(&c.tree);
	for (level = 0; level < TILE_LEVELS; level++)
		buf_init(&c.levels[level]);
	rc = check_all(&c, id, keys, n_keys);
	if (rc && problem->text[0] == '\0')
		rc = problem_set(
		    problem, rc, "the ledger of %s cannot be read", id->text);
	for (level = 0; level < TILE_LEVELS; level++)
		buf_done(&c.levels[level]);
	arena_free(c.arena);
	arena_free(c.told);

	return rc;
}
