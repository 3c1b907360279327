#include "components/audit/witness.h"

#include <string.h>

#include "base/bug.h"
#include "components/audit/greeting.h"
#include "components/audit/ledger_internal.h"
#include "messages/ledger.h"

#define WAIT_MS 30000      /* between two requests */
#define SIGNATURES_KEPT 16 /* of one witness */

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

/* Our witnesses, of whom the directory may lack some. */
struct witnesses {
	struct system_id all[WITNESSES_MAX];
	size_t n;
};

static enum err
load_witnesses(struct turn *turn, struct witnesses *ret)
{
	static const char *const settings[WITNESSES_MAX] = {
	    "witness", "witness2", "witness3"};
	struct slice name;
	size_t i;

	ret->n = 0;
	for (i = 0; i < WITNESSES_MAX; i++) {
		name = turn_setting(turn, settings[i]);
		if (slice_is_empty(name))
			continue;
		if (system_id_parse(name, &ret->all[ret->n++]))
			return problem_set(turn->problem, ERR_INTERNAL,
			    "the setting %s is not the id of a system, such "
			    "as 131041/relay",
			    settings[i]);
	}

	return OK;
}

/* One of them may be silent, unless it is the only one. */
static size_t
quorum(const struct witnesses *w)
{
	return w->n > 1 && !bug_is(BUG_WITNESS_SILENT) ? w->n - 1 : w->n;
}

static bool
is_witness(const struct witnesses *w, const struct system_id *id)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (system_id_equal(&w->all[i], id))
			return true;
	}

	return false;
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

static enum err
ask_one(struct turn *turn, const struct system_id *witness,
    const struct ledger_head *newest)
{
	struct audit_cosignature_last_row last;
	struct audit_outbox_count_row waiting;

	if (!turn_has_peer(turn, witness))
		return OK;
	TRY(audit_cosignature_last(turn->store, witness, &last));
	TRY(audit_outbox_count(turn->store, witness,
	    slice_of(message_ledger_checkpoint.name), &waiting));
	if ((uint64_t)last.size == newest->size)
		return OK;
	/* The witness has not taken our last request: send no further one. */
	if (waiting.n > 0) {
		witness_soon(turn);
		return OK;
	}

	return send_checkpoint(turn, witness, (uint64_t)last.size);
}

enum err
witness_ask(struct turn *turn)
{
	struct ledger_head newest;
	struct witnesses w;
	size_t i;

	TRY(load_witnesses(turn, &w));
	TRY(ledger_head_load(turn->store, turn->arena, "signed", &newest));
	for (i = 0; i < w.n; i++)
		TRY(ask_one(turn, &w.all[i], &newest));

	return OK;
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

static enum err
greet_one(struct turn *turn, const struct system_id *witness,
    const struct ledger_head *newest)
{
	struct audit_cosignature_last_row last;
	struct merkle_proof proof;

	TRY(audit_cosignature_last(turn->store, witness, &last));
	TRY(prove_from(turn, (uint64_t)last.size, newest->size, &proof));
	greeting_sent(turn);

	return turn_tell(turn, witness, ledger_checkpoint,
	    &(struct ledger_checkpoint){.old = last.size,
		.proof = write_proof(turn->arena, &proof),
		.n_proof = proof.n,
		.checkpoint = newest->note});
}

enum err
witness_greet(struct turn *turn)
{
	struct ledger_head newest;
	struct witnesses w;
	size_t i;

	TRY(load_witnesses(turn, &w));
	if (w.n == 0 || !greeting_is_owed(turn))
		return OK;
	TRY(ledger_head_load(turn->store, turn->arena, "signed", &newest));
	if (newest.size == 0)
		TRY(sign_nothing(turn, &newest.note));
	/* The directory may have those soon that it lacks. */
	for (i = 0; i < w.n; i++) {
		if (turn_has_peer(turn, &w.all[i]))
			TRY(greet_one(turn, &w.all[i], &newest));
	}

	return OK;
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

/* The checkpoint with the lines of all witnesses of ours that signed it; how
 * many they are. */
static enum err
join_lines(struct turn *turn, const struct witnesses *w,
    const struct checkpoint *c, struct slice *note, size_t *ret_n)
{
	struct audit_cosignatures_row row;
	struct slice checkpoint = *note;
	struct query q;
	enum err rc;

	*ret_n = 0;
	audit_cosignatures_rows(
	    turn->store, (int64_t)c->tree.size, checkpoint, &q);
	while ((rc = audit_cosignatures_next(&q, &row)) == OK) {
		if (!is_witness(w, &row.witness))
			continue;
		*note = arena_printf(turn->arena, "%.*s%.*s", SLICE_ARG(*note),
		    SLICE_ARG(row.line));
		*ret_n += 1;
	}

	return rows_end(rc);
}

/* The head that counts as cosigned is the newest that enough of them signed. */
static enum err
store_cosigned(struct turn *turn, const struct witnesses *w,
    const struct checkpoint *c, struct slice note)
{
	struct ledger_head before;
	size_t n;

	TRY(join_lines(turn, w, c, &note, &n));
	TRY(ledger_head_load(turn->store, turn->arena, "cosigned", &before));
	if (n < quorum(w) || before.size > c->tree.size)
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
on_signature(
    struct turn *turn, const struct message *m, const struct witnesses *w)
{
	const struct ledger_cosigned *said = MESSAGE(m, ledger_cosigned);
	struct slice note = arena_printf(turn->arena, "%.*s%.*s",
	    SLICE_ARG(said->checkpoint), SLICE_ARG(said->signature));
	struct checkpoint c;

	if (checkpoint_parse(turn->arena, note, &c) || c.n_signatures != 2)
		return problem_set(turn->problem, ERR_INPUT,
		    "field signature: is not one signature line of a note");
	TRY(check_ours(turn, &c));
	TRY(verify_with_any(turn, &m->from, &c, verify_cosignature));
	greeting_confirmed(turn);
	TRY(audit_cosignature_put(turn->store, &m->from, (int64_t)c.tree.size,
	    said->checkpoint, said->signature));
	TRY(audit_cosignatures_forget(turn->store, &m->from, SIGNATURES_KEPT));

	return store_cosigned(turn, w, &c, said->checkpoint);
}

enum err
witness_take_cosigned(struct turn *turn, const struct message *m)
{
	const struct ledger_cosigned *said = MESSAGE(m, ledger_cosigned);
	struct witnesses w;
	bool is_halted = false;

	TRY(load_witnesses(turn, &w));
	if (!is_witness(&w, &m->from))
		return problem_set(turn->problem, ERR_DENIED,
		    "this system is no witness of our ledger");
	turn_hear_revoked(turn, &m->from, said->revocations);
	if (!slice_is_empty(said->newest))
		TRY(greeting_hear(turn, &m->from, said->newest, &is_halted));
	else if (said->has_old)
		greeting_confirmed(turn); /* the witness has nothing of ours */
	if (is_halted)
		return OK;
	if (said->contradiction)
		return problem_set(turn->problem, ERR_CONFLICT,
		    "the witness says that our ledger has two histories");
	if (said->has_old)
		return send_checkpoint(turn, &m->from, (uint64_t)said->old);

	return on_signature(turn, m, &w);
}
