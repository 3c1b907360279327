#include "components/audit/witness.h"

#include <string.h>

#include "components/audit/ledger_internal.h"

#define WAIT_MS 30000 /* between two requests */

/* --- Reading and writing ---------------------------------------------------- */

static void
put_proof(json_t *body, const struct merkle_proof *proof)
{
	json_t *list = json_array();
	struct buf text;
	size_t i;

	for (i = 0; i < proof->n; i++) {
		buf_init(&text);
		checkpoint_base64(digest_slice(&proof->hashes[i]), &text);
		json_push_text(list, buf_slice(&text));
		buf_done(&text);
	}
	json_put(body, "proof", list);
}

static enum err
read_hash(const json_t *list, size_t index, struct digest *ret)
{
	struct slice text;
	struct buf bytes;
	enum err rc;

	rc = json_at_text(list, index, &text);
	if (rc)
		return rc;
	buf_init(&bytes);
	rc = checkpoint_unbase64(text, &bytes);
	if (rc == OK && bytes.len != sizeof(ret->bytes))
		rc = ERR_INPUT;
	if (rc == OK)
		memcpy(ret->bytes, bytes.data, bytes.len);
	buf_done(&bytes);

	return rc;
}

static enum err
read_proof(struct turn *turn, const json_t *body, struct merkle_proof *ret)
{
	const json_t *list;
	size_t i, n;
	enum err rc;

	rc = json_get_array(body, "proof", &list, turn->problem);
	if (rc)
		return rc;
	n = json_array_size(list);
	for (i = 0; rc == OK && i < n && i < MERKLE_PROOF_MAX; i++)
		rc = read_hash(list, i, &ret->hashes[i]);
	ret->n = i;
	if (rc || n > MERKLE_PROOF_MAX)
		return problem_set(
		    turn->problem, ERR_INPUT, "field proof: no hashes");

	return OK;
}

/* The keys of a peer, of which it has one for each rotation that we saw. */
static enum err
verify_with_any(struct turn *turn, const struct system_id *peer,
    const struct checkpoint *c,
    enum err (*verify)(
	const struct checkpoint *c, const struct checkpoint_key *key))
{
	struct slice name = ledger_origin(turn->arena, peer);
	struct checkpoint_key *key;
	json_t *jwk;
	struct query q;
	enum err rc, found = ERR_NOT_FOUND;

	store_query(turn->store, AUDIT_PEER_JWKS, &q);
	query_text(&q, "peer", slice_of(peer->text));
	while (found == ERR_NOT_FOUND && (rc = query_step(&q)) == OK) {
		key = NULL;
		jwk = NULL;
		if (json_read(column_text(&q, "jwk"), "peer key", &jwk,
			turn->problem) == OK &&
		    checkpoint_key_new(name, jwk, &key) == OK)
			found = verify(c, key);
		checkpoint_key_free(key);
		json_decref(jwk);
	}
	query_done(&q);
	if (found == ERR_NOT_FOUND && rc != ERR_NOT_FOUND)
		return rc;
	if (found)
		return problem_set(turn->problem, ERR_CRYPTO,
		    "field checkpoint: not signed by %s", peer->text);

	return OK;
}

static enum err
verify_cosignature(const struct checkpoint *c, const struct checkpoint_key *key)
{
	struct instant at;

	return checkpoint_verify_cosignature(c, key, &at);
}

/* --- Asking --------------------------------------------------------------- */

/* ERR_NOT_FOUND if nobody is to be asked. */
static enum err
our_witness(struct turn *turn, struct system_id *ret)
{
	struct slice name = turn_setting(turn, "witness");

	if (slice_is_empty(name))
		return ERR_NOT_FOUND;
	if (system_id_parse(name, ret))
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the setting witness is no system's id");

	return turn_has_peer(turn, ret);
}

static enum err
prove_from(
    struct turn *turn, uint64_t old, uint64_t size, struct merkle_proof *ret)
{
	struct ledger_reader reader;
	struct merkle_reader hashes;
	enum err rc;

	ledger_reader_init(&reader, turn->store, size);
	hashes = ledger_hashes(&reader);
	rc = merkle_prove_consistency(&hashes, old, size, ret);
	ledger_reader_done(&reader);

	return rc;
}

static enum err
send_checkpoint(
    struct turn *turn, const struct system_id *witness, uint64_t old)
{
	struct ledger_head head;
	struct merkle_proof proof;
	json_t *body;
	enum err rc;

	rc = ledger_head_load(turn->store, turn->arena, "signed", &head);
	if (rc)
		return rc;
	if (old > head.size)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the witness %s has seen %llu entries of our ledger, "
		    "which has %llu: was an old database put back?",
		    witness->text, (unsigned long long)old,
		    (unsigned long long)head.size);
	rc = prove_from(turn, old, head.size, &proof);
	if (rc)
		return rc;
	body = json_object();
	json_put_int(body, "old", (int64_t)old);
	put_proof(body, &proof);
	json_put_text(body, "checkpoint", head.note);

	return turn_send(turn, witness, "ledger.checkpoint", body);
}

static enum err
count_waiting(struct turn *turn, const struct system_id *witness, int64_t *ret)
{
	struct query q;
	enum err rc;

	store_query(turn->store, AUDIT_OUTBOX_COUNT, &q);
	query_text(&q, "peer", slice_of(witness->text));
	query_text(&q, "type", SLICE("ledger.checkpoint"));
	rc = query_step(&q);
	if (rc == OK)
		*ret = column_int(&q, "n");
	query_done(&q);

	return rc;
}

enum err
witness_ask(struct turn *turn)
{
	struct ledger_head newest, cosigned;
	struct system_id witness;
	int64_t waiting = 0;
	enum err rc;

	rc = our_witness(turn, &witness);
	if (rc)
		return rc == ERR_NOT_FOUND ? OK : rc;
	rc = ledger_head_load(turn->store, turn->arena, "signed", &newest);
	if (rc == OK)
		rc = ledger_head_load(
		    turn->store, turn->arena, "cosigned", &cosigned);
	if (rc == OK)
		rc = count_waiting(turn, &witness, &waiting);
	if (rc || newest.size == cosigned.size)
		return rc;
	/* It has not even taken the last one: no more for it to lose. */
	if (waiting > 0) {
		witness_soon(turn);
		return OK;
	}

	return send_checkpoint(turn, &witness, cosigned.size);
}

void
witness_soon(struct turn *turn)
{
	if (!slice_is_empty(turn_setting(turn, "witness")))
		turn_hurry_within(turn, WITNESS_TIMER, WAIT_MS);
}

/* --- Witnessing ----------------------------------------------------------- */

enum err
witness_load(struct store *store, struct slice origin, struct witnessed *ret)
{
	struct slice root;
	struct query q;
	enum err rc;

	*ret = (struct witnessed){.tree = {0, merkle_empty()}};
	store_query(store, AUDIT_WITNESSED, &q);
	query_text(&q, "origin", origin);
	rc = query_step(&q);
	if (rc == OK) {
		ret->tree.size = (uint64_t)column_int(&q, "size");
		ret->contradicted = !column_is_null(&q, "contradiction");
		root = column_blob(&q, "root");
		if (root.len == sizeof(ret->tree.root.bytes))
			memcpy(ret->tree.root.bytes, root.data, root.len);
		else
			rc = ERR_CORRUPT;
	}
	query_done(&q);

	return rc == ERR_NOT_FOUND ? OK : rc;
}

/* Both checkpoints together are the evidence; nothing of this log is signed
 * any more until people have looked into it. */
static enum err
keep_contradiction(struct turn *turn, const struct message *m,
    const struct checkpoint *c, struct slice note)
{
	struct problem problem = {0};
	struct query q;
	json_t *body;
	enum err rc;

	store_query(turn->store, AUDIT_CONTRADICTED, &q);
	query_text(&q, "origin", c->origin);
	query_text(&q, "note", note);
	rc = query_run(&q);
	if (rc)
		return rc;
	(void)!problem_set(&problem, ERR_CONFLICT,
	    "its ledger has two histories; both checkpoints are kept");
	turn_note(turn, "witness", slice_of(m->from.text), &problem);
	body = json_object();
	json_put_bool(body, "contradiction", true);

	return turn_send(turn, &m->from, "ledger.cosigned", body);
}

static enum err
answer_old(struct turn *turn, const struct message *m, uint64_t size)
{
	json_t *body = json_object();

	json_put_int(body, "old", (int64_t)size);

	return turn_send(turn, &m->from, "ledger.cosigned", body);
}

static enum err
cosign(struct turn *turn, const struct message *m, const struct checkpoint *c,
    struct slice note)
{
	struct buf line;
	struct query q;
	json_t *body;
	enum err rc;

	store_query(turn->store, AUDIT_WITNESSED_PUT, &q);
	query_text(&q, "origin", c->origin);
	query_int(&q, "size", (int64_t)c->tree.size);
	query_blob(&q, "root", digest_slice(&c->tree.root));
	query_text(&q, "note", note);
	rc = query_run(&q);
	if (rc)
		return rc;
	buf_init(&line);
	rc = checkpoint_cosign(c, ledger_origin(turn->arena, turn_self(turn)),
	    turn_signing_key(turn), turn->now, &line);
	if (rc == OK) {
		body = json_object();
		json_put_text(body, "checkpoint", note);
		json_put_text(body, "signature", buf_slice(&line));
		rc = turn_send(turn, &m->from, "ledger.cosigned", body);
	}
	buf_done(&line);

	return rc;
}

/* As c2sp.org/tlog-witness has it for add-checkpoint, in its order. */
enum err
witness_take_checkpoint(struct turn *turn, const struct message *m)
{
	struct slice note = {0};
	struct merkle_proof proof;
	struct checkpoint c;
	struct witnessed w;
	int64_t old = 0;
	enum err rc;

	rc = json_get_int(m->body, "old", 0, INT64_MAX, &old, turn->problem);
	if (rc == OK)
		rc = json_get_text(m->body, "checkpoint", &note, turn->problem);
	if (rc == OK)
		rc = read_proof(turn, m->body, &proof);
	if (rc)
		return rc;
	if (checkpoint_parse(turn->arena, note, &c) ||
	    !slice_equal(c.origin, ledger_origin(turn->arena, &m->from)) ||
	    (uint64_t)old > c.tree.size)
		return problem_set(turn->problem, ERR_INPUT,
		    "field checkpoint: not one of the sender's ledger");
	rc = verify_with_any(turn, &m->from, &c, checkpoint_verify);
	if (rc == OK)
		rc = witness_load(turn->store, c.origin, &w);
	if (rc)
		return rc;
	if (w.contradicted)
		return problem_set(turn->problem, ERR_DENIED,
		    "this ledger has shown two histories; its witness signs "
		    "nothing more");
	/* Late, or we know more or less than it thinks. */
	if ((uint64_t)old != w.tree.size)
		return answer_old(turn, m, w.tree.size);
	if (merkle_verify_consistency(&w.tree, &c.tree, &proof))
		return keep_contradiction(turn, m, &c, note);

	return cosign(turn, m, &c, note);
}

/* --- What the witness says ------------------------------------------------- */

static enum err
store_cosigned(struct turn *turn, const struct checkpoint *c, struct slice note)
{
	struct ledger_head before;
	struct query q;
	enum err rc;

	rc = ledger_head_load(turn->store, turn->arena, "cosigned", &before);
	if (rc || before.size > c->tree.size)
		return rc;
	store_query(turn->store, AUDIT_HEAD_PUT, &q);
	query_text(&q, "name", SLICE("cosigned"));
	query_int(&q, "size", (int64_t)c->tree.size);
	query_int(&q, "last_seq", 0);
	query_text(&q, "note", note);

	return query_run(&q);
}

/* Is it a checkpoint of ours, of a tree that we have? */
static enum err
check_ours(struct turn *turn, const struct checkpoint *c)
{
	struct ledger_head head;
	struct ledger_reader reader;
	struct merkle_reader hashes;
	struct digest root;
	enum err rc;

	rc = ledger_head_load(turn->store, turn->arena, "signed", &head);
	if (rc)
		return rc;
	if (c->tree.size > head.size ||
	    !slice_equal(
		c->origin, ledger_origin(turn->arena, turn_self(turn))))
		return problem_set(turn->problem, ERR_INPUT,
		    "field checkpoint: not one of our ledger");
	ledger_reader_init(&reader, turn->store, head.size);
	hashes = ledger_hashes(&reader);
	rc = merkle_root(&hashes, c->tree.size, &root);
	ledger_reader_done(&reader);
	if (rc == OK && !digest_equal(&root, &c->tree.root))
		rc = problem_set(turn->problem, ERR_CONFLICT,
		    "field checkpoint: our ledger has another root");

	return rc;
}

static enum err
on_signature(struct turn *turn, const struct message *m)
{
	struct slice text = {0}, line = {0}, note;
	struct checkpoint c;
	enum err rc;

	rc = json_get_text(m->body, "checkpoint", &text, turn->problem);
	if (rc == OK)
		rc = json_get_text(m->body, "signature", &line, turn->problem);
	if (rc)
		return rc;
	note = arena_printf(
	    turn->arena, "%.*s%.*s", SLICE_ARG(text), SLICE_ARG(line));
	if (checkpoint_parse(turn->arena, note, &c))
		return problem_set(turn->problem, ERR_INPUT,
		    "field signature: no line of a note");
	rc = check_ours(turn, &c);
	if (rc == OK)
		rc = verify_with_any(turn, &m->from, &c, verify_cosignature);
	if (rc == OK)
		rc = store_cosigned(turn, &c, note);

	return rc;
}

enum err
witness_take_cosigned(struct turn *turn, const struct message *m)
{
	struct system_id witness;
	int64_t old;
	enum err rc;

	rc = our_witness(turn, &witness);
	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && !system_id_equal(&witness, &m->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "this system is not the witness of our ledger");
	if (rc)
		return rc;
	if (json_object_get(m->body, "contradiction") != NULL)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the witness says that our ledger has two histories");
	if (json_object_get(m->body, "old") == NULL)
		return on_signature(turn, m);
	rc = json_get_int(m->body, "old", 0, INT64_MAX, &old, turn->problem);

	return rc ? rc : send_checkpoint(turn, &witness, (uint64_t)old);
}
