/*
 * Deliberate bugs, so that the tests of the tests have something to find.
 *
 * A program built with BANGO_BUGS can be told to behave as if one of these
 * mistakes had been made; the simulator must notice each of them (tests/model/
 * test_bugs.c).  A live process takes the name of its bug from the environment
 * variable BANGO_BUG (tests/attack).  Without BANGO_BUGS, as in packages,
 * bug_is() is the constant false and none of them exists (tests/e2e/bugs.sh).
 *
 * In the code, a bug is part of an expression: `&& !bug_is(BUG_X)`.  One that
 * needs more is a wrapper that the linker puts around a function of ours:
 * tests/support/bugs.c.
 */
#ifndef BANGO_BASE_BUG_H
#define BANGO_BASE_BUG_H

#include <stdbool.h>

enum bug {
	BUG_NONE,
	BUG_INBOX_FORGETS,        /* a repeated envelope is applied again */
	BUG_RECEIPT_UNCHECKED,    /* a receipt counts whoever signed it */
	BUG_POSTED_IS_DELIVERED,  /* the outbox forgets what it posted */
	BUG_LATER_IS_DONE,        /* "later" is taken for "accepted" */
	BUG_ENVELOPE_UNCHECKED,   /* an altered envelope is believed */
	BUG_MISDIRECTED,          /* an envelope for others is applied */
	BUG_COMMIT_UNCHECKED,     /* answers leave after a failed commit */
	BUG_AUDIT_NAMELESS,       /* the audit does not say who was seen */
	BUG_PERMIT_KEPT,          /* a used permit works once more */
	BUG_PERMIT_FOREVER,       /* a permit works after its time */
	BUG_LAW_SKIPPED,          /* an inquiry without basis is permitted */
	BUG_ACQUISITION_KEPT,     /* the acquisition number stays */
	BUG_PORTAL_CACHE,         /* one resident sees another's records */
	BUG_NUMBER_TWICE,         /* a repeated request gets another number */
	BUG_REPLICA_OLDEST,       /* a late old replica replaces a newer one */
	BUG_REPORT_WRONG,         /* the network is told another outcome */
	BUG_DELETED_KEPT,         /* a deletion deletes nothing */
	BUG_HOLD_IGNORED,         /* an answer marked to be held is given */
	BUG_DEADLINE_RELEASES,    /* an undecided answer is given in the end */
	BUG_MARK_IGNORED,         /* an item marked undisclosed is disclosed */
	BUG_REVOCATION_FORGOTTEN, /* a revoked permit still works */
	BUG_CANCELLED_DELIVERED,  /* a cancelled inquiry gets its contents */
	BUG_SEARCH_UNLAWFUL,      /* a search names forbidden providers */
	BUG_FILE_AGAIN,           /* a line of a file is asked once more */
	BUG_CODE_SHARED,          /* all organisations have the same code */
	BUG_NUMBER_ALONG,         /* the relay is told the Individual Number */
	BUG_LEAF_NAMELESS,        /* a leaf is made without the subject */
	BUG_LEDGER_GAP,           /* some entries never become leaves */
	BUG_HISTORY_FORKED,       /* a witness is shown another ledger */
	BUG_EVIDENCE_FIRST,       /* only one of several exchanges is kept */
	BUG_TIMER_READS,          /* a timer at rest reads about persons */
	/* Those that only an organisation that lies, or whose keys are stolen,
	 * can use. */
	BUG_OWNER_UNCHECKED, /* a number gets its owner's code, whoever asks */
	BUG_CASE_UNCHECKED,  /* an inquiry needs no case */
	BUG_REVOKED_HEARD,   /* a revoked key is heard */
	BUG_REVOKED_CONNECTED,  /* its connections stay open */
	BUG_REVOKED_LIST_OLDER, /* an older list replaces a newer one */
	BUG_BUDGET_ENDLESS,     /* nobody is ever over a budget */
	BUG_MARK_MISSING,       /* the database alone knows what was given */
	BUG_MARK_LATE,          /* the mark is raised after the row */
	BUG_POOL_ENDLESS,     /* a municipality may hold any number of codes */
	BUG_DUTIES_ABROAD,    /* duties count in all organisations */
	BUG_FUTURE_BELIEVED,  /* an instant of the year 9999 has passed */
	BUG_NOTICE_AGAIN,     /* a notice of a move works after its end */
	BUG_ANOTHERS_TOLD,    /* another's code is told from an unknown one */
	BUG_ARRIVAL_UNASKED,  /* an arrival counts before jukinet's answer */
	BUG_CLAIM_UNSIGNED,   /* a claim about our history needs no signature */
	BUG_CLAIM_IGNORED,    /* a longer history of ours stops nothing */
	BUG_SENDER_UNCHECKED, /* anybody speaks of somebody's residents */
	BUG_CLAIM_BELIEVED,   /* a likeness is enough to have come back */
	BUG_CLAIM_UNASKED,    /* nobody is asked about a claim */
	BUG_CLAIM_SILENCE,    /* silence settles a claim */
	BUG_CLAIM_REVOKED,    /* one of a revoked registry goes on */
	BUG_SUPPORT_IGNORED,  /* a support measure keeps nobody hidden */
	BUG_CLAIM_ANYBODY_AGREES, /* anybody agrees to a claim */
	BUG_DUTIES_UNCHECKED,  /* a route needs no duty and no second holder */
	BUG_SECOND_IS_FIRST,   /* the first holder is the second one, too */
	BUG_QUESTION_UNSIGNED, /* a permit needs no signed question */
	BUG_QUESTION_TWICE,    /* a question is answered once more */
	BUG_QUESTION_OF_ANOTHER, /* a question may be about anybody */
	BUG_ROWS_IN_THE_CLEAR,   /* values of both sides are not sealed */
	BUG_ANONYMOUS_AUDITED,   /* anybody adds to the audit */
	BUG_WITNESS_SILENT,      /* one silent witness stops an export */
	BUG_CHANGES_ENDLESS,     /* a person's number and code change at will */
	BUG_LAPSED_USED,         /* a code that was given back is used */
	BUG_TOKEN_LEFT_OUT,      /* a report lacks its last token */
	BUG_TOKENS_UNCOMPARED,   /* a keeper raises no alarm */
	BUG_TOKENS_OF_OTHERS,    /* a relay reports for others, too */
	BUG_KEEPER_ANYBODY,      /* anybody raises alarms */
	BUG_PASSPHRASE_SHARED,   /* one passphrase opens all key stores */
	BUG_SANDBOX_MISSING,     /* a system at work reaches all its user can */
	BUG_GROUND_UNCHECKED,    /* an inquiry is withheld without a ground */
	BUG_EXISTENCE_BY_ONE,    /* one officer withholds its existence */
	BUG_WITHHELD_FOREVER,    /* a withheld record is never shown */
	BUG_KEY_UNANNOUNCED, /* a new key is used before the others know it */
	BUG_RENEW_ENDED,     /* a wrong clock renews everything */
	BUG_CERTIFICATE_UNTIMELY, /* one of a wrong clock keeps others out */
	BUG_REQUEST_UNPROVED, /* a certificate for a key without its holder */
	BUG_REQUEST_UNANNOUNCED, /* one for whoever brings the request */
	BUG_OUTBOX_ENDLESS,      /* an outbox takes whatever a peer asks for */
	BUG_OLD_CODE_TAKEN,      /* a code counts after its epoch */
	BUG_RENEWED_BY_ANYBODY,  /* anybody gives a relay other codes */
	BUG_TAKEN_FOR_OTHERS,  /* a relay confirms codes that are not its own */
	BUG_BODY_BEFORE_RIGHT, /* a body is read, then the right is checked */
	BUG_TICKET_AGAIN,      /* a ticket works more than once */
	BUG_TICKET_FOREVER,    /* a ticket works after its time */
	BUG_ENDED_SIGNS_IN,    /* a sign-in works after its end */
	BUG_SESSION_OUTLIVES,  /* a session goes on after that end */
	BUG_ADDRESS_ENDLESS,   /* an address may guess without end */
	BUG_ADDRESS_SHARED,    /* all addresses are one */
	BUG_ORDER_AHEAD,       /* a clock ahead keeps later orders out */
	BUG_WAITING_GUESS,     /* a guess that waits is no miss */
	BUG_POSTING_WHOLE,     /* a posting holds all others up to its end */
	BUG_NOBODY_KEPT,       /* records of nobody are kept for seven years */
	BUG_ROWS_UNCOMPARED,   /* nobody compares rows with their sums */
	BUG_SUMS_UNCOMPARED,   /* a start takes any sum, or none */
	BUG_COUNT,
};

#ifdef BANGO_BUGS
bool bug_is(enum bug bug);
/* Whether this program has bugs to choose from. */
bool bug_is_possible(void);
/* Behave so from now on; BUG_NONE ends it.  Does nothing if impossible. */
void bug_set(enum bug bug);
/* How often bug_set() was called: for a bug that remembers something. */
unsigned int bug_epoch(void);
/* A name such as "inbox-forgets". */
const char *bug_name(enum bug bug);
/* False if there is none of that name. */
bool bug_find(const char *name, enum bug *ret);
/* Behave as the variable BANGO_BUG of the environment says: for tests of
 * processes. */
void bug_take_environment(void);
#else
static inline bool
bug_is(enum bug bug)
{
	(void)bug;

	return false;
}

static inline bool
bug_is_possible(void)
{
	return false;
}

static inline void
bug_set(enum bug bug)
{
	(void)bug;
}

static inline unsigned int
bug_epoch(void)
{
	return 0;
}

static inline const char *
bug_name(enum bug bug)
{
	(void)bug;

	return "none";
}

static inline bool
bug_find(const char *name, enum bug *ret)
{
	(void)name;
	(void)ret;

	return false;
}

static inline void
bug_take_environment(void)
{
}
#endif

#endif
