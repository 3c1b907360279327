/* Reading the ledger: its head, its hashes, the proof of an entry. */
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
	struct audit_head_row row = {0};

	TRY(rows_end(audit_head(store, arena, slice_of(name), &row)));
	*ret = (struct ledger_head){(uint64_t)row.size, row.last_seq, row.note};

	return OK;
}

/* --- Hashes -------------------------------------------------------------- */

enum err
ledger_load_tile(
    struct store *store, unsigned int level, uint64_t number, struct buf *ret)
{
	struct audit_tile_row row;
	struct query q;
	enum err rc;

	buf_clear(ret);
	audit_tile_rows(store, level, (int64_t)number, &q);
	rc = audit_tile_next(&q, &row);
	if (rc == OK)
		buf_add(ret, row.hashes);
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

enum err
ledger_tree(struct turn *turn, uint64_t size, struct merkle_tree *ret)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct ledger_head head;
	enum err rc;

	TRY(ledger_head_load(turn->store, turn->arena, "signed", &head));
	ret->size = size < head.size ? size : head.size;
	ledger_reader_init(&reader, turn->store, head.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_root(&hashes, ret->size, &ret->root);
	ledger_reader_done(&reader);

	return rc;
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

struct leaf_entry
ledger_entry_of(const struct audit_entry_row *row)
{
	return (struct leaf_entry){.seq = row->seq,
	    .at = row->at,
	    .actor = row->actor,
	    .action = row->action,
	    .subject = row->subject,
	    .basis = row->basis,
	    .request = row->request};
}

/* Find the place of the entry, and its salt.  The row, with the page's secret,
 * is never copied. */
static enum err
find_leaf(struct store *store, struct ledger_proof *proof)
{
	struct audit_page_of_row row;
	struct query q;
	size_t i = 0, n;
	enum err rc;

	audit_page_of_rows(store, proof->entry.seq, &q);
	rc = audit_page_of_next(&q, &row);
	if (rc)
		return rc;
	n = ledger_seqs_count(row.seqs);
	while (i < n && ledger_seq_at(row.seqs, i) != proof->entry.seq)
		i++;
	proof->index = (uint64_t)row.number * TILE_WIDTH + i;
	if (i == n || row.secret.len != LEAF_SECRET_LEN)
		rc = ERR_NOT_FOUND;
	else
		leaf_salt((const uint8_t *)row.secret.data, proof->entry.seq,
		    proof->salt);
	query_done(&q);

	return rc;
}

enum err
ledger_prove(struct store *store, struct arena *arena, int64_t seq,
    struct ledger_proof *ret)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct audit_entry_row row;
	enum err rc;

	TRY(audit_entry_find(store, arena, seq, &row));
	ret->entry = ledger_entry_of(&row);
	TRY(find_leaf(store, ret));
	TRY(ledger_head_load(store, arena, "signed", &ret->head));
	ledger_reader_init(&reader, store, ret->head.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_prove_inclusion(
	    &hashes, ret->index, ret->head.size, &ret->inclusion);
	ledger_reader_done(&reader);

	return rc == ERR_INPUT ? ERR_NOT_FOUND : rc;
}

static void
put_hex(struct json_out *o, const char *key, const void *bytes, size_t len)
{
	struct buf b;

	buf_init(&b);
	hex_encode(slice_bytes(bytes, len), &b);
	json_out_text(o, key, buf_slice(&b));
	buf_done(&b);
}

static void
put_entry(struct json_out *o, const struct leaf_entry *entry)
{
	json_out_object(o, "entry");
	json_out_int(o, "seq", entry->seq);
	json_out_int(o, "at", entry->at.ms);
	json_out_text(o, "actor", entry->actor);
	json_out_text(o, "action", entry->action);
	json_out_text(o, "subject", entry->subject);
	json_out_text(o, "basis", entry->basis);
	json_out_text(o, "request", entry->request);
	json_out_end(o);
}

void
ledger_proof_write(const struct ledger_proof *proof, struct json_out *o)
{
	struct digest leaf = leaf_hash(proof->salt, &proof->entry);
	size_t i;

	put_entry(o, &proof->entry);
	put_hex(o, "salt", proof->salt, sizeof(proof->salt));
	put_hex(o, "leaf", leaf.bytes, sizeof(leaf.bytes));
	json_out_int(o, "index", (int64_t)proof->index);
	json_out_int(o, "size", (int64_t)proof->head.size);
	json_out_array(o, "inclusion");
	for (i = 0; i < proof->inclusion.n; i++)
		put_hex(o, NULL, proof->inclusion.hashes[i].bytes,
		    sizeof(proof->inclusion.hashes[i].bytes));
	json_out_end(o);
	json_out_text(o, "checkpoint", proof->head.note);
}
