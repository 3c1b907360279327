/* Looking into the ledger: its head, its hashes, the proof of an entry. */
#include <string.h>

#include "base/encode.h"
#include "components/audit/ledger_internal.h"

struct slice
ledger_origin(struct arena *arena, const struct system_id *id)
{
	return arena_printf(arena, "bango/%s", id->text);
}

enum err
ledger_head_load(struct store *store, struct arena *arena, const char *name,
    struct ledger_head *ret)
{
	struct query q;
	enum err rc;

	*ret = (struct ledger_head){0};
	store_query(store, AUDIT_HEAD, &q);
	query_text(&q, "name", slice_of(name));
	rc = query_step(&q);
	if (rc == OK) {
		ret->size = (uint64_t)column_int(&q, "size");
		ret->last_seq = column_int(&q, "last_seq");
		ret->note = arena_copy(arena, column_text(&q, "note"));
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* --- Hashes -------------------------------------------------------------- */

enum err
ledger_load_tile(
    struct store *store, unsigned int level, uint64_t number, struct buf *ret)
{
	struct query q;
	enum err rc;

	buf_clear(ret);
	store_query(store, AUDIT_TILE, &q);
	query_int(&q, "level", level);
	query_int(&q, "number", (int64_t)number);
	rc = query_step(&q);
	if (rc == OK)
		buf_add(ret, column_blob(&q, "hashes"));
	query_done(&q);

	return rc == ERR_NOT_FOUND ? ERR_CORRUPT : rc;
}

struct digest
ledger_tile_root(struct slice hashes)
{
	struct merkle_frontier f;
	struct digest d;
	size_t at;

	merkle_frontier_init(&f);
	for (at = 0; at + sizeof(d.bytes) <= hashes.len;
	     at += sizeof(d.bytes)) {
		memcpy(d.bytes, hashes.data + at, sizeof(d.bytes));
		merkle_append(&f, &d);
	}

	return merkle_frontier_root(&f);
}

static enum err
load_tile(void *state, const struct tile *tile, struct slice *ret)
{
	struct ledger_reader *reader = state;
	enum err rc = OK;

	if (reader->tile.width == 0 || reader->tile.level != tile->level ||
	    reader->tile.number != tile->number) {
		reader->tile.width = 0;
		rc = ledger_load_tile(
		    reader->store, tile->level, tile->number, &reader->hashes);
	}
	if (rc)
		return rc;
	reader->tile = *tile;
	*ret = buf_slice(&reader->hashes);

	return OK;
}

void
ledger_reader_init(
    struct ledger_reader *reader, struct store *store, uint64_t size)
{
	*reader = (struct ledger_reader){
	    .store = store, .source = {load_tile, reader, size}};
	buf_init(&reader->hashes);
}

void
ledger_reader_done(struct ledger_reader *reader)
{
	buf_done(&reader->hashes);
}

struct merkle_reader
ledger_hashes(struct ledger_reader *reader)
{
	return tile_reader(&reader->source);
}

/* --- Proofs -------------------------------------------------------------- */

int64_t
ledger_seq_at(struct slice seqs, size_t index)
{
	struct reader r;

	reader_init(&r, slice_bytes(seqs.data + index * SEQ_LEN, SEQ_LEN));

	return (int64_t)reader_u64(&r);
}

size_t
ledger_seqs_count(struct slice seqs)
{
	return seqs.len / SEQ_LEN;
}

void
ledger_entry_of(struct query *q, struct leaf_entry *ret)
{
	ret->seq = column_int(q, "seq");
	ret->at.ms = column_int(q, "at");
	ret->actor = column_text(q, "actor");
	ret->action = column_text(q, "action");
	ret->subject = column_text(q, "subject");
	ret->basis = column_text(q, "basis");
	ret->request = column_text(q, "request");
}

static enum err
find_entry(struct store *store, struct arena *arena, int64_t seq,
    struct leaf_entry *ret)
{
	struct query q;
	enum err rc;

	store_query(store, AUDIT_ENTRY_FIND, &q);
	query_int(&q, "seq", seq);
	rc = query_step(&q);
	if (rc == OK) {
		ledger_entry_of(&q, ret);
		ret->actor = arena_copy(arena, ret->actor);
		ret->action = arena_copy(arena, ret->action);
		ret->subject = arena_copy(arena, ret->subject);
		ret->basis = arena_copy(arena, ret->basis);
		ret->request = arena_copy(arena, ret->request);
	}
	query_done(&q);

	return rc;
}

/* Where the entry stands, and its salt. */
static enum err
find_leaf(struct store *store, struct ledger_proof *proof)
{
	struct slice seqs, secret;
	struct query q;
	size_t i, n;
	enum err rc;

	store_query(store, AUDIT_PAGE_OF, &q);
	query_int(&q, "seq", proof->entry.seq);
	rc = query_step(&q);
	if (rc == OK) {
		seqs = column_blob(&q, "seqs");
		secret = column_blob(&q, "secret");
		n = ledger_seqs_count(seqs);
		for (i = 0; i < n; i++) {
			if (ledger_seq_at(seqs, i) == proof->entry.seq)
				break;
		}
		proof->index =
		    (uint64_t)column_int(&q, "number") * TILE_WIDTH + i;
		if (i == n || secret.len != LEAF_SECRET_LEN)
			rc = ERR_NOT_FOUND;
		else
			leaf_salt((const uint8_t *)secret.data,
			    proof->entry.seq, proof->salt);
	}
	query_done(&q);

	return rc;
}

enum err
ledger_prove(struct store *store, struct arena *arena, int64_t seq,
    struct ledger_proof *ret)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	enum err rc;

	rc = find_entry(store, arena, seq, &ret->entry);
	if (rc == OK)
		rc = find_leaf(store, ret);
	if (rc == OK)
		rc = ledger_head_load(store, arena, "signed", &ret->head);
	if (rc)
		return rc;
	ledger_reader_init(&reader, store, ret->head.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_prove_inclusion(
	    &hashes, ret->index, ret->head.size, &ret->inclusion);
	ledger_reader_done(&reader);

	return rc == ERR_INPUT ? ERR_NOT_FOUND : rc;
}

static void
put_hex(json_t *object, const char *name, const void *bytes, size_t len)
{
	struct buf b;

	buf_init(&b);
	hex_encode(slice_bytes(bytes, len), &b);
	json_put_text(object, name, buf_slice(&b));
	buf_done(&b);
}

static json_t *
entry_json(const struct leaf_entry *entry)
{
	json_t *object = json_object();

	json_put_int(object, "seq", entry->seq);
	json_put_int(object, "at", entry->at.ms);
	json_put_text(object, "actor", entry->actor);
	json_put_text(object, "action", entry->action);
	json_put_text(object, "subject", entry->subject);
	json_put_text(object, "basis", entry->basis);
	json_put_text(object, "request", entry->request);

	return object;
}

json_t *
ledger_proof_json(const struct ledger_proof *proof)
{
	struct digest leaf = leaf_hash(proof->salt, &proof->entry);
	json_t *object = json_object(), *hashes = json_array();
	struct buf hex;
	size_t i;

	json_put(object, "entry", entry_json(&proof->entry));
	put_hex(object, "salt", proof->salt, sizeof(proof->salt));
	put_hex(object, "leaf", leaf.bytes, sizeof(leaf.bytes));
	json_put_int(object, "index", (int64_t)proof->index);
	json_put_int(object, "size", (int64_t)proof->head.size);
	json_put(object, "inclusion", hashes);
	for (i = 0; i < proof->inclusion.n; i++) {
		buf_init(&hex);
		hex_encode(digest_slice(&proof->inclusion.hashes[i]), &hex);
		json_push_text(hashes, buf_slice(&hex));
		buf_done(&hex);
	}
	json_put_text(object, "checkpoint", proof->head.note);

	return object;
}
