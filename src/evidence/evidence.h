/*
 * Evidence of an exchange, judged: an archive as docs/evidence.md has it,
 * against the certificate of the nation's authority and nothing else.
 *
 * The archive is a claim of the person who hands it over; nothing of it is
 * believed unless a signature confirms it.  Everything has one spelling: an
 * archive in which anything was altered does not hold.
 *
 * Not judged: whether the archive is complete (a message can be left out of
 * it), whether a certificate was revoked, and whether the law allowed what the
 * network permitted (`bango law may`).
 */
#ifndef BANGO_EVIDENCE_EVIDENCE_H
#define BANGO_EVIDENCE_EVIDENCE_H

#include "base/arena.h"
#include "base/time.h"
#include "crypto/hash.h"

#define EVIDENCE_ARCHIVE_MAX (64u << 20) /* bytes */
#define EVIDENCE_MESSAGES_MAX 32
#define EVIDENCE_SYSTEMS_MAX 32
#define EVIDENCE_KEYS_MAX 64 /* of all systems together */

/* The result of one check. */
struct evidence_finding {
	bool holds;
	struct slice text;
};

/* An organisation as the authority has certified it, if the archive has a
 * certificate of one of its systems. */
struct evidence_party {
	struct slice organisation; /* "131041" */
	struct slice name;         /* "新宿区"; or empty */
};

/* The events that signatures confirm.  A time is 0 if the event is missing. */
struct evidence_story {
	struct evidence_party inquirer, provider, network;
	struct slice holder;          /* the relay whose archive it is */
	struct slice inquiry, permit; /* of the holder's side; or empty */
	struct slice affair, item, unit;
	struct digest question; /* both sides know the exchange by it */
	bool has_question;      /* false in format 1 */
	struct slice article;   /* of the permit; or empty */
	struct instant requested, permitted, expires, refused, answered;
	struct slice outcome; /* of the answer; or empty */
	struct slice reason;  /* of a refusal by either side; or empty */
	struct slice refusal_article;
	/* The request at the inquirer's relay, the answer at the provider's:
	 * the other side's receipt for it; the answer at the inquirer's: that
	 * relay's entry in its ledger. */
	struct slice accepted_by;
	struct instant accepted;
	size_t n_witnesses;   /* other organisations that signed the ledger */
	struct slice witness; /* the one that signed last */
	struct instant witnessed;
};

struct evidence {
	bool holds; /* all findings do */
	const struct evidence_finding *findings;
	size_t n_findings;
	struct evidence_story story; /* to be told only if all holds */
};

/* Everything that is returned lies in the arena.  `anchor_pem` is the
 * authority's certificate. */
void evidence_judge(struct arena *arena, struct slice archive,
    struct slice anchor_pem, struct evidence *ret);

/* Whether the stories of two archives that hold are the two sides of one
 * exchange: one question, one network, one outcome.  NULL if so, else the
 * difference in words. */
const char *
evidence_differ(const struct evidence_story *a, const struct evidence_story *b);

#endif
