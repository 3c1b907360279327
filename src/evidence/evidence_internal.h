/* The parts of the judge (evidence.h); inside evidence/ only. */
#ifndef BANGO_EVIDENCE_EVIDENCE_INTERNAL_H
#define BANGO_EVIDENCE_EVIDENCE_INTERNAL_H

#include "crypto/sign.h"
#include "evidence/evidence.h"
#include "ledger/leaf.h"
#include "pki/attest.h"
#include "wire/envelope.h"

#define EVIDENCE_FINDINGS_MAX \
	(EVIDENCE_KEYS_MAX + 2 * EVIDENCE_MESSAGES_MAX + 8)

/* A certified key of a system. */
struct evidence_key {
	struct system_id id;
	struct attested_key attested;
	struct verify_key *key;
};

/* A message of the archive. */
struct exhibit {
	struct envelope envelope;
	const struct message_type *type; /* by its part in the story */
	const void *body;                /* of that type */
	bool is_sent;                    /* by the holder; else received */
	const json_t *proof;
	struct leaf_entry entry; /* of the turn in the holder's ledger */
	struct instant accepted; /* sent: when the receiver signed for it */
};

struct judging {
	struct arena *arena;
	const json_t *document;
	struct system_id holder;
	struct slice exchange;
	int format;           /* 1 or 2 */
	struct slice of_case; /* format 2, the inquirer's: its text */
	struct evidence_key keys[EVIDENCE_KEYS_MAX];
	size_t n_keys;
	struct exhibit exhibits[EVIDENCE_MESSAGES_MAX];
	size_t n_exhibits;
	bool has_failed;        /* one of the checks */
	struct problem problem; /* why the current check failed */
	struct evidence_finding findings[EVIDENCE_FINDINGS_MAX];
	struct evidence *ret;
};

/* ERR_CORRUPT, with the reason in the problem. */
MUST_USE enum err
evidence_wrong(struct judging *j, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The certified key of that id of that system. */
MUST_USE enum err
evidence_find_key(struct judging *j, const struct system_id *id,
    const struct key_id *name, const struct evidence_key **ret);
/* A certified key of that system at that instant. */
MUST_USE enum err evidence_in_time(
    struct judging *j, const struct evidence_key *key, struct instant at);

/* Read and check the proof that the turn of this message is in the holder's
 * ledger, which another organisation has witnessed.  *ret_text describes the
 * result. */
MUST_USE enum err evidence_check_proof(
    struct judging *j, struct exhibit *exhibit, struct slice *ret_text);

/* Check that all messages tell one story, each in its place, and fill in the
 * story. */
MUST_USE enum err evidence_check_story(struct judging *j);

#endif
