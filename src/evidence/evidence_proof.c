/* Whether the turn of a message is in the ledger of the archive's holder. */
#include <string.h>

#include "base/encode.h"
#include "evidence/evidence_internal.h"
#include "ledger/checkpoint.h"

#define ORIGIN "bango/"

/* --- Reading ------------------------------------------------------------- */

/* Lower case, as it is written. */
static enum err
read_hex(struct slice text, void *ret, size_t len)
{
	struct buf again;
	bool is;

	if (hex_decode_exact(text, ret, len))
		return ERR_INPUT;
	buf_init(&again);
	hex_encode(slice_bytes(ret, len), &again);
	is = slice_equal(buf_slice(&again), text);
	buf_done(&again);

	return is ? OK : ERR_INPUT;
}

static enum err
get_hex(struct judging *j, const json_t *object, const char *key, void *ret,
    size_t len)
{
	struct slice text = {0};
	enum err rc = json_get_text(object, key, &text, &j->problem);

	if (rc == OK && read_hex(text, ret, len))
		rc = evidence_wrong(j, "field %s of the proof: malformed", key);

	return rc;
}

static enum err
read_entry(struct judging *j, const json_t *entry, struct leaf_entry *ret)
{
	const struct {
		const char *key;
		struct slice *to;
	} texts[] = {{"actor", &ret->actor}, {"action", &ret->action},
	    {"subject", &ret->subject}, {"basis", &ret->basis},
	    {"request", &ret->request}};
	enum err rc;
	size_t i;

	if (json_object_size(entry) != 7)
		return evidence_wrong(
		    j, "the entry has missing or unknown fields");
	rc = json_get_int(entry, "seq", 0, INT64_MAX, &ret->seq, &j->problem);
	if (rc == OK)
		rc = json_get_int(
		    entry, "at", 0, INT64_MAX, &ret->at.ms, &j->problem);
	for (i = 0; rc == OK && i < sizeof(texts) / sizeof(texts[0]); i++)
		rc = json_get_text(
		    entry, texts[i].key, texts[i].to, &j->problem);

	return rc;
}

static enum err
read_inclusion(struct judging *j, const json_t *list, struct merkle_proof *ret)
{
	struct slice text;

	if (json_array_size(list) > MERKLE_PROOF_MAX)
		return evidence_wrong(j, "the proof is too long");
	for (ret->n = 0; ret->n < json_array_size(list); ret->n++) {
		if (json_at_text(list, ret->n, &text) ||
		    read_hex(text, &ret->hashes[ret->n],
			sizeof(ret->hashes[ret->n])))
			return evidence_wrong(
			    j, "a hash of the proof is malformed");
	}

	return OK;
}

struct proof {
	uint8_t salt[LEAF_SALT_LEN];
	struct digest leaf;
	int64_t index, size;
	struct merkle_proof inclusion;
	struct checkpoint checkpoint;
};

static enum err
read_checkpoint(struct judging *j, const json_t *object, struct checkpoint *ret)
{
	struct slice text = {0};
	enum err rc = json_get_text(object, "checkpoint", &text, &j->problem);

	if (rc == OK && checkpoint_parse(j->arena, text, ret))
		rc = evidence_wrong(
		    j, "the proof's checkpoint is not a signed checkpoint");

	return rc;
}

static enum err
read_proof(struct judging *j, const json_t *object, struct leaf_entry *entry,
    struct proof *ret)
{
	const json_t *part = NULL;
	enum err rc;

	if (json_is_null(object))
		return evidence_wrong(j,
		    "the message was not in the ledger yet when the archive "
		    "was made");
	if (json_object_size(object) != 7)
		return evidence_wrong(
		    j, "the message's proof has missing or unknown fields");
	rc = json_get_object(object, "entry", &part, &j->problem);
	if (rc == OK)
		rc = read_entry(j, part, entry);
	if (rc == OK)
		rc = get_hex(j, object, "salt", ret->salt, sizeof(ret->salt));
	if (rc == OK)
		rc = get_hex(j, object, "leaf", &ret->leaf, sizeof(ret->leaf));
	if (rc == OK)
		rc = json_get_int(
		    object, "index", 0, INT64_MAX, &ret->index, &j->problem);
	if (rc == OK)
		rc = json_get_int(
		    object, "size", 0, INT64_MAX, &ret->size, &j->problem);
	if (rc == OK)
		rc = json_get_array(object, "inclusion", &part, &j->problem);
	if (rc == OK)
		rc = read_inclusion(j, part, &ret->inclusion);
	if (rc == OK)
		rc = read_checkpoint(j, object, &ret->checkpoint);

	return rc;
}

/* --- Signatures ---------------------------------------------------------- */

/* The holder's signature fits only its own ledger's checkpoint.  *ret_time is
 * left alone if it is not a witness's. */
static enum err
verify_one(const struct judging *j, const struct checkpoint *c,
    struct slice name, const struct evidence_key *k, struct instant *ret_time)
{
	struct checkpoint_key *key = NULL;
	enum err rc;

	if (k->key == NULL || checkpoint_key_new(name, k->attested.jwk, &key))
		return ERR_NOT_FOUND;
	rc = system_id_equal(&k->id, &j->holder)
	    ? checkpoint_verify(c, key)
	    : checkpoint_verify_cosignature(c, key, ret_time);
	checkpoint_key_free(key);

	return rc;
}

/* One line of the note is signed with one of the keys of that system. */
static enum err
verify_line(struct judging *j, const struct checkpoint *c, struct slice name,
    const struct evidence_key **ret_key, struct instant *ret_time)
{
	struct slice id = {0};
	size_t i;
	enum err rc;

	if (slice_has_prefix(name, SLICE(ORIGIN)))
		id = slice_bytes(
		    name.data + strlen(ORIGIN), name.len - strlen(ORIGIN));
	for (i = 0; i < j->n_keys; i++) {
		if (!slice_equal_string(id, j->keys[i].id.text))
			continue;
		rc = verify_one(j, c, name, &j->keys[i], ret_time);
		if (rc == OK) {
			*ret_key = &j->keys[i];
			return OK;
		}
		if (rc != ERR_NOT_FOUND)
			return evidence_wrong(j,
			    "the checkpoint's signature by %.*s does not fit",
			    SLICE_ARG(name));
	}

	return evidence_wrong(j,
	    "the key with which %.*s signed the checkpoint has no certificate",
	    SLICE_ARG(name));
}

/* Each name may sign once: a second line would not be checked. */
static bool
is_named_twice(const struct checkpoint *c, size_t index)
{
	size_t i;

	for (i = 0; i < index; i++) {
		if (slice_equal(
			c->signatures[i].name, c->signatures[index].name))
			return true;
	}

	return false;
}

/* A witness belongs to another organisation: two systems of one operator can
 * agree on anything. */
static bool
is_of_holder(const struct judging *j, const struct evidence_key *key)
{
	return slice_equal(system_id_organisation(&key->id),
	    system_id_organisation(&j->holder));
}

struct signers {
	const struct evidence_key *holder;
	const struct evidence_key *witness; /* signed last */
	struct instant witnessed;
	struct slice organisations[CHECKPOINT_SIGNATURES_MAX]; /* that did */
	size_t n;
};

/* Two systems of one organisation are one witness. */
static void
count_organisation(struct signers *s, struct slice organisation)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		if (slice_equal(s->organisations[i], organisation))
			return;
	}
	s->organisations[s->n++] = organisation;
}

static void
take_witness(
    struct signers *s, const struct evidence_key *key, struct instant at)
{
	count_organisation(s, system_id_organisation(&key->id));
	if (instant_is_before(s->witnessed, at)) {
		s->witness = key;
		s->witnessed = at;
	}
}

static enum err
verify_lines(struct judging *j, const struct checkpoint *c, struct signers *ret)
{
	const struct evidence_key *key = NULL;
	struct instant at;
	enum err rc;
	size_t i;

	for (i = 0; i < c->n_signatures; i++) {
		if (is_named_twice(c, i))
			return evidence_wrong(
			    j, "the checkpoint has two signatures of one name");
		at = (struct instant){0};
		rc = verify_line(j, c, c->signatures[i].name, &key, &at);
		if (rc)
			return rc;
		if (system_id_equal(&key->id, &j->holder)) {
			ret->holder = key;
			continue;
		}
		rc = evidence_in_time(j, key, at);
		if (rc)
			return rc;
		if (!is_of_holder(j, key))
			take_witness(ret, key, at);
	}

	return OK;
}

static enum err
check_signatures(
    struct judging *j, const struct checkpoint *c, struct signers *ret)
{
	enum err rc = verify_lines(j, c, ret);

	if (rc)
		return rc;
	if (ret->holder == NULL)
		return evidence_wrong(
		    j, "%s has not signed the checkpoint", j->holder.text);
	if (ret->witness == NULL)
		return evidence_wrong(
		    j, "no other organisation has signed the checkpoint");

	return evidence_in_time(j, ret->holder, ret->witnessed);
}

/* --- The proof ----------------------------------------------------------- */

static enum err
check_inclusion(struct judging *j, const struct proof *proof,
    const struct leaf_entry *entry)
{
	const struct merkle_tree *tree = &proof->checkpoint.tree;
	struct digest leaf = leaf_hash(proof->salt, entry);

	if (!digest_equal(&leaf, &proof->leaf))
		return evidence_wrong(j, "the leaf belongs to another entry");
	if ((uint64_t)proof->size != tree->size ||
	    merkle_verify_inclusion(
		tree, (uint64_t)proof->index, &leaf, &proof->inclusion))
		return evidence_wrong(
		    j, "the entry is not in the ledger of the checkpoint");

	return OK;
}

/* The entry of a received message names its envelope; the entry of a sent one
 * was written at the instant that the envelope has. */
static enum err
check_entry(struct judging *j, const struct exhibit *x)
{
	const struct envelope *e = &x->envelope;
	char id[33];

	message_id_format(&e->id, id);
	if (x->is_sent ? x->entry.at.ms == e->time.ms
		       : slice_equal_string(x->entry.request, id) &&
		    slice_equal_string(x->entry.actor, e->from.text))
		return OK;

	return evidence_wrong(j, "the entry belongs to another message");
}

enum err
evidence_check_proof(
    struct judging *j, struct exhibit *x, struct slice *ret_text)
{
	struct evidence_story *story = &j->ret->story;
	char at[INSTANT_TEXT_MAX];
	struct signers signers = {0};
	struct proof proof;
	enum err rc;

	rc = read_proof(j, x->proof, &x->entry, &proof);
	if (rc == OK)
		rc = check_inclusion(j, &proof, &x->entry);
	if (rc == OK)
		rc = check_signatures(j, &proof.checkpoint, &signers);
	if (rc == OK)
		rc = check_entry(j, x);
	if (rc)
		return rc;
	story->witness =
	    arena_copy(j->arena, slice_of(signers.witness->id.text));
	story->witnessed = signers.witnessed;
	story->n_witnesses = signers.n;
	instant_format(signers.witnessed, at);
	*ret_text = arena_printf(j->arena,
	    "entry %lld is number %lld of %llu in the ledger of %s, which %s "
	    "signed, too, %s (signatures of other organisations: %zu)",
	    (long long)x->entry.seq, (long long)proof.index + 1,
	    (unsigned long long)proof.checkpoint.tree.size, j->holder.text,
	    signers.witness->id.text, at, signers.n);

	return OK;
}
