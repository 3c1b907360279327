/*
 * Checkpoints: the signed head of a log (c2sp.org/tlog-checkpoint), as a
 * signed note (c2sp.org/signed-note).
 *
 *   bango/131041/relay                          origin
 *   1729                                        size
 *   CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=   root
 *                                               an empty line
 *   — bango/131041/relay BASE64                 the log's signature
 *   — bango/jlis/jukinet BASE64                 a witness's
 *
 * The log signs with ES256, the note's signature type 0x02: the key id is the
 * first 4 bytes of SHA-256 over the public key's SPKI in DER, and the signature
 * an ECDSA-Sig-Value in DER (RFC 3279 §2.2.3) over the SHA-256 of the text.
 *
 * A witness confirms that a log's head continues every head of that log which
 * the witness has seen before.  It signs the text of c2sp.org/tlog-cosignature:
 * "cosignature/v1", a line with the time, and the note's text.  That document
 * knows no ECDSA, so our type is 0xff followed by a name of its own; the
 * signature is the time, 8 bytes, and then the same DER.
 *
 * A key's name is the origin of its system's log.  Signatures of names and
 * keys that a reader does not know are passed over, as the note wants it.
 */
#ifndef BANGO_LEDGER_CHECKPOINT_H
#define BANGO_LEDGER_CHECKPOINT_H

#include "base/arena.h"
#include "base/time.h"
#include "crypto/sign.h"
#include "ledger/merkle.h"

#define CHECKPOINT_MAX 8192 /* bytes of a note that is read */
#define CHECKPOINT_SIGNATURES_MAX 16
#define CHECKPOINT_NAME_MAX 128
#define CHECKPOINT_COSIGNATURE_TYPE "bango.ecdsa-p256-sha256/cosignature/v1"

struct checkpoint_signature {
	struct slice name;
	uint32_t key_id;
	struct slice bytes; /* those after the key id */
};

/* A note that was taken apart: nothing of it is trusted yet. */
struct checkpoint {
	struct slice origin;
	struct merkle_tree tree;
	struct slice text; /* the signed text, with its last line feed */
	struct checkpoint_signature signatures[CHECKPOINT_SIGNATURES_MAX];
	size_t n_signatures;
};

/* A possible signer: a name and its public key. */
struct checkpoint_key;

/* `jwk` is a public key as for verify_key_from_jwk(); ERR_CRYPTO if it is not,
 * ERR_INPUT if the name is empty, too long, or has a space or a plus. */
MUST_USE enum err checkpoint_key_new(
    struct slice name, const json_t *jwk, struct checkpoint_key **ret);
void checkpoint_key_free(struct checkpoint_key *key); /* NULL is fine */

/* Append the whole note with the log's own signature.  ERR_INPUT for an
 * origin that is no name. */
MUST_USE enum err
checkpoint_sign(struct slice origin, const struct merkle_tree *tree,
    const struct signing_key *key, struct buf *ret);
/* Append a witness's line for a checkpoint that was parsed. */
MUST_USE enum err
checkpoint_cosign(const struct checkpoint *checkpoint, struct slice name,
    const struct signing_key *key, struct instant now, struct buf *ret);

/* Slices point into `text` or the arena.  ERR_INPUT if it is no checkpoint with
 * a signature, is longer than CHECKPOINT_MAX, or has lines of extension. */
MUST_USE enum err checkpoint_parse(
    struct arena *arena, struct slice text, struct checkpoint *ret);
/* The log's own signature.  ERR_NOT_FOUND if there is none by this key,
 * ERR_CRYPTO if it does not fit. */
MUST_USE enum err checkpoint_verify(
    const struct checkpoint *checkpoint, const struct checkpoint_key *key);
/* The same for a witness's; *ret_time is when it signed, to the second. */
MUST_USE enum err
checkpoint_verify_cosignature(const struct checkpoint *checkpoint,
    const struct checkpoint_key *key, struct instant *ret_time);

/* Base64 of RFC 4648 §4, with padding, as in notes.  Appends. */
void checkpoint_base64(struct slice bytes, struct buf *ret);
/* Decode the spelling that checkpoint_base64() has; ERR_INPUT for any other. */
MUST_USE enum err checkpoint_unbase64(struct slice text, struct buf *ret);

#endif
