/*
 * The ends of inquiries and the reasons of refusals: the one list of statuses
 * and reasons that systems send to each other and show to people.
 *
 * A refusal names its article.  docs/refusals.md prints this table;
 * tools/check-docs.sh compares the two.
 */
#ifndef BANGO_LAW_REFUSAL_H
#define BANGO_LAW_REFUSAL_H

#include "base/arena.h"

/* The ends of an inquiry, as records name them. */
#define OUTCOME_PROVIDED "provided"
#define OUTCOME_NO_DATA "no-data"
#define OUTCOME_REFUSED "refused"
#define OUTCOME_EXPIRED "expired"
#define OUTCOME_CANCELLED "cancelled"
#define OUTCOME_REVOKED "revoked"

/* In the order of the checks: a later reason means that the earlier checks
 * passed. */
enum refusal {
	REFUSED_NOT,
	REFUSED_MESSAGE,        /* any system on the way: the message itself */
	REFUSED_UNKNOWN_PERSON, /* our own addressee */
	REFUSED_DECEASED,       /* our own addressee */
	REFUSED_CASE,           /* our own relay */
	REFUSED_CASE_OFTEN,     /* our own relay */
	REFUSED_NOT_ACQUIRED,   /* our own relay */
	REFUSED_NO_CODE,        /* the network, as those that follow */
	REFUSED_UNKNOWN_ITEM,
	REFUSED_UNKNOWN_VERSION,
	REFUSED_PROVIDER_UNKNOWN,
	REFUSED_NO_BASIS,
	REFUSED_OWN_USE,         /* own-use affairs (番号法19条9号) */
	REFUSED_OWN_USE_LIMITED, /* by the provider's ordinance */
	REFUSED_ASSESSMENT_INQUIRER,
	REFUSED_ASSESSMENT_PROVIDER,
	REFUSED_WITHHOLDING,
	REFUSED_PROVIDER_NO_CODE,
	REFUSED_BUDGET,
	REFUSED_QUESTION,      /* the provider's relay */
	REFUSED_HOLD,          /* an officer of the provider */
	REFUSED_HOLD_DEADLINE, /* the provider's relay */
	REFUSED_OTHER_VERSION, /* the provider's relay */
	REFUSED_EXPIRED,       /* either relay */
	REFUSED_REVOKED,       /* an officer of the network */
	REFUSED_CANCELLED,     /* our own office */
};
#define REFUSALS (REFUSED_CANCELLED + 1)

struct refusal_info {
	const char *reason;  /* the token: "no-basis" */
	const char *by;      /* the party that says so: "network" */
	const char *article; /* empty where no article is the reason */
	const char *text;    /* for people, Japanese / English */
};

/* no-basis, own-use-unconfirmed and own-use-limited have a more exact article
 * and text in the decision. */
const struct refusal_info *refusal_info(enum refusal refusal);
/* The text, and `why` after it if it is not empty; in the arena. */
struct slice
refusal_text(struct arena *arena, enum refusal refusal, struct slice why);
/* REFUSED_NOT for an unknown token. */
enum refusal refusal_of(struct slice reason);

#endif
