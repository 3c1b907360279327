#include "components/audit/witness.h"

#include <string.h>

#include "components/audit/greeting.h"
#include "components/audit/ledger_internal.h"
#include "messages/ledger.h"

#define WAIT_MS 30000 /* between two requests */

/* --- Reading and writing ---------------------------------------------------- */

/* As base64, in the arena. */
static const struct slice *
write_proof(struct arena *arena, const struct merkle_proof *proof)
{
	struct slice *list = arena_array(arena, proof->n, sizeof(*list));
	struct buf text;
	size_t i;

	for (i = 0; i < proof->n; i++) {
		buf_init(&text);
		checkpoint_base64(digest_slice(&proof->hashes[i]), &text);
		list[i] = arena_copy(arena, buf_slice(&text));
		buf_done(&text);
	}

	return list;
}

static enum err
read_hash(struct slice text, struct digest *ret)
{
	struct buf bytes;
	enum err rc;

	buf_init(&bytes);
	rc = checkpoint_unbase64(text, &bytes);
	if (rc == OK)
		rc = digest_from_bytes(buf_slice(&bytes), ret);
	buf_done(&bytes);

	return rc;
}

static enum err
read_proof(struct turn *turn, const struct ledger_checkpoint *m,
    struct merkle_proof *ret)
{
	size_t i;

	ret->n = m->n_proof;
	for (i = 0; i < m->n_proof; i++) {
		if (i >= MERKLE_PROOF_MAX ||
		    read_hash(m->proof[i], &ret->hashes[i]))
			return problem_set(turn->problem, ERR_INPUT,
			    "field proof[%zu]: expected the base64 of a hash",
			    i);
	}

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
	struct audit_peer_jwks_row row;
	struct checkpoint_key *key;
	json_t *jwk;
	struct query q;
	enum err rc, found = ERR_NOT_FOUND;

	audit_peer_jwks_rows(turn->store, peer, &q);
	while (found == ERR_NOT_FOUND &&
	    (rc = audit_peer_jwks_next(&q, &row)) == OK) {
		key = NULL;
		jwk = NULL;
		if (json_read(row.jwk, "peer key", &jwk, turn->problem) == OK &&
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
		    "field checkpoint: is not signed by %s", peer->text);

	return OK;
}

static enum err
verify_cosignature(const struct checkpoint *c, const struct checkpoint_key *key)
{
	struct instant at;

	return checkpoint_verify_cosignature(c, key, &at);
}

/* --- Asking --------------------------------------------------------------- */

/* ERR_NOT_FOUND if no witness is set, or the directory lacks it. */
static enum err
our_witness(struct turn *turn, struct system_id *ret)
{
	struct slice name = turn_setting(turn, "witness");

	if (slice_is_empty(name))
		return ERR_NOT_FOUND;
	if (system_id_parse(name, ret))
		return problem_set(turn->problem, ERR_INTERNAL,
		    "the setting witness is not the id of a system, such as "
		    "131041/relay");

	return turn_has_peer(turn, ret) ? OK : ERR_NOT_FOUND;
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

	TRY(ledger_head_load(turn->store, turn->arena, "signed", &head));
	if (old > head.size)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the witness %s has seen %llu entries of our ledger, "
		    "which has %llu: was an old database put back?",
		    witness->text, (unsigned long long)old,
		    (unsigned long long)head.size);
	TRY(prove_from(turn, old, head.size, &proof));

	return turn_tell(turn, witness, ledger_checkpoint,
	    &(struct ledger_checkpoint){.old = (int64_t)old,
		.proof = write_proof(turn->arena, &proof),
		.n_proof = proof.n,
		.checkpoint = head.note,
		.revocations = turn_revoked_number(turn)});
}

enum err
witness_ask(struct turn *turn)
{
	struct ledger_head newest, cosigned;
	struct audit_outbox_count_row waiting;
	struct system_id witness;
	enum err rc = our_witness(turn, &witness);

	if (rc)
		return rows_end(rc);
	TRY(ledger_head_load(turn->store, turn->arena, "signed", &newest));
	TRY(ledger_head_load(turn->store, turn->arena, "cosigned", &cosigned));
	TRY(audit_outbox_count(turn->store, &witness,
	    slice_of(message_ledger_checkpoint.name), &waiting));
	if (newest.size == cosigned.size)
		return OK;
	/* The witness has not taken our last request: send no further one. */
	if (waiting.n > 0) {
		witness_soon(turn);
		return OK;
	}

	return send_checkpoint(turn, &witness, cosigned.size);
}

/* The checkpoint of the empty tree, which is not kept. */
static enum err
sign_nothing(struct turn *turn, struct slice *ret)
{
	struct merkle_tree none = {0, merkle_empty()};
	struct buf note;
	enum err rc;

	buf_init(&note);
	rc = checkpoint_sign(ledger_origin(turn->arena, turn_self(turn)), &none,
	    turn_signing_key(turn), &note);
	*ret = arena_copy(turn->arena, buf_slice(&note));
	buf_done(&note);

	return rc;
}

enum err
witness_greet(struct turn *turn)
{
	struct ledger_head newest, cosigned;
	struct merkle_proof proof;
	struct system_id witness;
	enum err rc;

	if (slice_is_empty(turn_setting(turn, "witness")) ||
	    !greeting_is_owed(turn))
		return OK;
	rc = our_witness(turn, &witness);
	if (rc)
		return rows_end(rc); /* the directory may have it soon */
	TRY(ledger_head_load(turn->store, turn->arena, "signed", &newest));
	TRY(ledger_head_load(turn->store, turn->arena, "cosigned", &cosigned));
	if (newest.size == 0)
		TRY(sign_nothing(turn, &newest.note));
	TRY(prove_from(turn, cosigned.size, newest.size, &proof));
	greeting_sent(turn);

	return turn_tell(turn, &witness, ledger_checkpoint,
	    &(struct ledger_checkpoint){.old = (int64_t)cosigned.size,
		.proof = write_proof(turn->arena, &proof),
		.n_proof = proof.n,
		.checkpoint = newest.note});
}

void
witness_soon(struct turn *turn)
{
	if (!slice_is_empty(turn_setting(turn, "witness")))
		turn_hurry_within(turn, WITNESS_TIMER, WAIT_MS);
}

/* --- Witnessing ----------------------------------------------------------- */

enum err
witness_load(struct store *store, struct arena *arena, struct slice origin,
    struct witnessed *ret)
{
	struct audit_witnessed_row row;
	struct query q;
	enum err rc;

	*ret = (struct witnessed){.tree = {0, merkle_empty()}};
	audit_witnessed_rows(store, origin, &q);
	rc = audit_witnessed_next(&q, &row);
	if (rc == OK)
		*ret =
		    (struct witnessed){.tree = {(uint64_t)row.size, row.root},
			.note = arena_copy(arena, row.note),
			.contradicted = row.contradiction.data != NULL};
	query_done(&q);

	return rows_end(rc);
}

/* Both checkpoints together are the evidence; no checkpoint of this log is
 * signed any more until people have examined it. */
static enum err
keep_contradiction(struct turn *turn, const struct message *m,
    const struct witnessed *w, struct slice note)
{
	struct problem problem = {0};

	TRY(audit_contradicted(
	    turn->store, note, ledger_origin(turn->arena, &m->from)));
	(void)!problem_set(&problem, ERR_CONFLICT,
	    "its ledger has two histories; both checkpoints are kept");
	turn_note(turn, "witness", slice_of(m->from.text), &problem);

	return turn_tell(turn, &m->from, ledger_cosigned,
	    &(struct ledger_cosigned){.contradiction = true,
		.newest = w->note,
		.revocations = turn_revoked_number(turn)});
}

static enum err
cosign(struct turn *turn, const struct message *m, const struct checkpoint *c,
    struct slice note)
{
	struct buf line;
	enum err rc;

	TRY(audit_witnessed_put(turn->store, c->origin, (int64_t)c->tree.size,
	    &c->tree.root, note));
	buf_init(&line);
	rc = checkpoint_cosign(c, ledger_origin(turn->arena, turn_self(turn)),
	    turn_signing_key(turn), turn->now, &line);
	if (rc == OK)
		rc = turn_tell(turn, &m->from, ledger_cosigned,
		    &(struct ledger_cosigned){.checkpoint = note,
			.signature = buf_slice(&line),
			.revocations = turn_revoked_number(turn)});
	buf_done(&line);

	return rc;
}

/* The checks of c2sp.org/tlog-witness for add-checkpoint, in its order. */
enum err
witness_take_checkpoint(struct turn *turn, const struct message *m)
{
	const struct ledger_checkpoint *asked = MESSAGE(m, ledger_checkpoint);
	struct slice note = asked->checkpoint;
	uint64_t old = (uint64_t)asked->old;
	struct merkle_proof proof;
	struct checkpoint c;
	struct witnessed w;

	turn_hear_revoked(turn, &m->from, asked->revocations);
	TRY(read_proof(turn, asked, &proof));
	if (checkpoint_parse(turn->arena, note, &c) ||
	    !slice_equal(c.origin, ledger_origin(turn->arena, &m->from)) ||
	    old > c.tree.size)
		return problem_set(turn->problem, ERR_INPUT,
		    "field checkpoint: is not a checkpoint of the sender's "
		    "ledger");
	TRY(verify_with_any(turn, &m->from, &c, checkpoint_verify));
	TRY(witness_load(turn->store, turn->arena, c.origin, &w));
	if (w.contradicted)
		return problem_set(turn->problem, ERR_DENIED,
		    "this ledger has shown two histories; its witness signs "
		    "nothing more");
	/* The message is late, or the log is wrong about what we cosigned. */
	if (old != w.tree.size)
		return turn_tell(turn, &m->from, ledger_cosigned,
		    &(struct ledger_cosigned){.old = (int64_t)w.tree.size,
			.has_old = true,
			.newest = w.note,
			.revocations = turn_revoked_number(turn)});
	if (merkle_verify_consistency(&w.tree, &c.tree, &proof))
		return keep_contradiction(turn, m, &w, note);

	return cosign(turn, m, &c, note);
}

/* --- Answers of the witness ------------------------------------------------ */

static enum err
store_cosigned(struct turn *turn, const struct checkpoint *c, struct slice note)
{
	struct ledger_head before;

	TRY(ledger_head_load(turn->store, turn->arena, "cosigned", &before));
	if (before.size > c->tree.size)
		return OK;

	return audit_head_put(
	    turn->store, SLICE("cosigned"), (int64_t)c->tree.size, 0, note);
}

/* Is it a checkpoint of ours, of a tree that we have? */
static enum err
check_ours(struct turn *turn, const struct checkpoint *c)
{
	struct merkle_tree tree;

	TRY(ledger_tree(turn, c->tree.size, &tree));
	if (c->tree.size != tree.size ||
	    !slice_equal(
		c->origin, ledger_origin(turn->arena, turn_self(turn))))
		return problem_set(turn->problem, ERR_INPUT,
		    "field checkpoint: is not a checkpoint of our ledger");
	if (!digest_equal(&tree.root, &c->tree.root))
		return problem_set(turn->problem, ERR_CONFLICT,
		    "field checkpoint: has another root than our ledger at "
		    "this size");

	return OK;
}

static enum err
on_signature(struct turn *turn, const struct message *m)
{
	const struct ledger_cosigned *said = MESSAGE(m, ledger_cosigned);
	struct slice note = arena_printf(turn->arena, "%.*s%.*s",
	    SLICE_ARG(said->checkpoint), SLICE_ARG(said->signature));
	struct checkpoint c;

	if (checkpoint_parse(turn->arena, note, &c))
		return problem_set(turn->problem, ERR_INPUT,
		    "field signature: is not a signature line of a note");
	TRY(check_ours(turn, &c));
	TRY(verify_with_any(turn, &m->from, &c, verify_cosignature));
	greeting_confirmed(turn);

	return store_cosigned(turn, &c, note);
}

enum err
witness_take_cosigned(struct turn *turn, const struct message *m)
{
	const struct ledger_cosigned *said = MESSAGE(m, ledger_cosigned);
	struct system_id witness;
	bool is_halted = false;
	enum err rc = our_witness(turn, &witness);

	if (rc == ERR_NOT_FOUND ||
	    (rc == OK && !system_id_equal(&witness, &m->from)))
		return problem_set(turn->problem, ERR_DENIED,
		    "this system is not the witness of our ledger");
	TRY(rc);
	turn_hear_revoked(turn, &m->from, said->revocations);
	if (!slice_is_empty(said->newest))
		TRY(greeting_hear(turn, &witness, said->newest, &is_halted));
	else if (said->has_old)
		greeting_confirmed(turn); /* the witness has nothing of ours */
	if (is_halted)
		return OK;
	if (said->contradiction)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the witness says that our ledger has two histories");
	if (said->has_old)
		return send_checkpoint(turn, &witness, (uint64_t)said->old);

	return on_signature(turn, m);
}
