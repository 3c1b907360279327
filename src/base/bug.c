#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef BANGO_BUGS
static const char *const names[BUG_COUNT] = {
    [BUG_NONE] = "none",
    [BUG_INBOX_FORGETS] = "inbox-forgets",
    [BUG_RECEIPT_UNCHECKED] = "receipt-unchecked",
    [BUG_POSTED_IS_DELIVERED] = "posted-is-delivered",
    [BUG_LATER_IS_DONE] = "later-is-done",
    [BUG_ENVELOPE_UNCHECKED] = "envelope-unchecked",
    [BUG_MISDIRECTED] = "misdirected",
    [BUG_COMMIT_UNCHECKED] = "commit-unchecked",
    [BUG_AUDIT_NAMELESS] = "audit-nameless",
    [BUG_PERMIT_KEPT] = "permit-kept",
    [BUG_PERMIT_FOREVER] = "permit-forever",
    [BUG_LAW_SKIPPED] = "law-skipped",
    [BUG_ACQUISITION_KEPT] = "acquisition-kept",
    [BUG_PORTAL_CACHE] = "portal-cache",
    [BUG_NUMBER_TWICE] = "number-twice",
    [BUG_REPLICA_OLDEST] = "replica-oldest",
    [BUG_REPORT_WRONG] = "report-wrong",
    [BUG_DELETED_KEPT] = "deleted-kept",
    [BUG_HOLD_IGNORED] = "hold-ignored",
    [BUG_DEADLINE_RELEASES] = "deadline-releases",
    [BUG_MARK_IGNORED] = "mark-ignored",
    [BUG_REVOCATION_FORGOTTEN] = "revocation-forgotten",
    [BUG_CANCELLED_DELIVERED] = "cancelled-delivered",
    [BUG_SEARCH_UNLAWFUL] = "search-unlawful",
    [BUG_FILE_AGAIN] = "file-again",
    [BUG_CODE_SHARED] = "code-shared",
    [BUG_NUMBER_ALONG] = "number-along",
    [BUG_LEAF_NAMELESS] = "leaf-nameless",
    [BUG_LEDGER_GAP] = "ledger-gap",
    [BUG_HISTORY_FORKED] = "history-forked",
    [BUG_EVIDENCE_FIRST] = "evidence-first",
    [BUG_TIMER_READS] = "timer-reads",
    [BUG_OWNER_UNCHECKED] = "owner-unchecked",
    [BUG_CASE_UNCHECKED] = "case-unchecked",
    [BUG_REVOKED_HEARD] = "revoked-heard",
    [BUG_REVOKED_CONNECTED] = "revoked-connected",
    [BUG_REVOKED_LIST_OLDER] = "revoked-list-older",
    [BUG_BUDGET_ENDLESS] = "budget-endless",
    [BUG_MARK_MISSING] = "mark-missing",
    [BUG_MARK_LATE] = "mark-late",
    [BUG_LAPSED_USED] = "lapsed-used",
    [BUG_CHANGES_ENDLESS] = "changes-endless",
    [BUG_WITNESS_SILENT] = "witness-silent",
    [BUG_POOL_ENDLESS] = "pool-endless",
    [BUG_DUTIES_ABROAD] = "duties-abroad",
    [BUG_FUTURE_BELIEVED] = "future-believed",
    [BUG_ANONYMOUS_AUDITED] = "anonymous-audited",
    [BUG_TOKEN_LEFT_OUT] = "token-left-out",
    [BUG_TOKENS_UNCOMPARED] = "tokens-uncompared",
    [BUG_TOKENS_OF_OTHERS] = "tokens-of-others",
    [BUG_KEEPER_ANYBODY] = "keeper-anybody",
    [BUG_PASSPHRASE_SHARED] = "passphrase-shared",
    [BUG_SANDBOX_MISSING] = "sandbox-missing",
    [BUG_GROUND_UNCHECKED] = "ground-unchecked",
    [BUG_EXISTENCE_BY_ONE] = "existence-by-one",
    [BUG_WITHHELD_FOREVER] = "withheld-forever",
    [BUG_NOTICE_AGAIN] = "notice-again",
    [BUG_ANOTHERS_TOLD] = "anothers-told",
    [BUG_ARRIVAL_UNASKED] = "arrival-unasked",
    [BUG_CLAIM_UNSIGNED] = "claim-unsigned",
    [BUG_CLAIM_IGNORED] = "claim-ignored",
    [BUG_SENDER_UNCHECKED] = "sender-unchecked",
    [BUG_CLAIM_BELIEVED] = "claim-believed",
    [BUG_CLAIM_UNASKED] = "claim-unasked",
    [BUG_CLAIM_SILENCE] = "claim-silence",
    [BUG_CLAIM_REVOKED] = "claim-revoked",
    [BUG_SUPPORT_IGNORED] = "support-ignored",
    [BUG_CLAIM_ANYBODY_AGREES] = "claim-anybody-agrees",
    [BUG_DUTIES_UNCHECKED] = "duties-unchecked",
    [BUG_SECOND_IS_FIRST] = "second-is-first",
    [BUG_QUESTION_UNSIGNED] = "question-unsigned",
    [BUG_QUESTION_TWICE] = "question-twice",
    [BUG_QUESTION_OF_ANOTHER] = "question-of-another",
    [BUG_ROWS_IN_THE_CLEAR] = "rows-in-the-clear",
    [BUG_KEY_UNANNOUNCED] = "key-unannounced",
    [BUG_RENEW_ENDED] = "renew-ended",
    [BUG_CERTIFICATE_UNTIMELY] = "certificate-untimely",
    [BUG_REQUEST_UNPROVED] = "request-unproved",
    [BUG_REQUEST_UNANNOUNCED] = "request-unannounced",
    [BUG_OUTBOX_ENDLESS] = "outbox-endless",
    [BUG_OLD_CODE_TAKEN] = "old-code-taken",
    [BUG_RENEWED_BY_ANYBODY] = "renewed-by-anybody",
    [BUG_TAKEN_FOR_OTHERS] = "taken-for-others",
    [BUG_BODY_BEFORE_RIGHT] = "body-before-right",
    [BUG_TICKET_AGAIN] = "ticket-again",
    [BUG_TICKET_FOREVER] = "ticket-forever",
    [BUG_ENDED_SIGNS_IN] = "ended-signs-in",
    [BUG_SESSION_OUTLIVES] = "session-outlives",
    [BUG_ADDRESS_ENDLESS] = "address-endless",
    [BUG_ADDRESS_SHARED] = "address-shared",
    [BUG_ORDER_AHEAD] = "order-ahead",
    [BUG_WAITING_GUESS] = "waiting-guess",
    [BUG_POSTING_WHOLE] = "posting-whole",
    [BUG_NOBODY_KEPT] = "nobody-kept",
    [BUG_ROWS_UNCOMPARED] = "rows-uncompared",
    [BUG_SUMS_UNCOMPARED] = "sums-uncompared",
};

static enum bug chosen;
static unsigned int epoch;

/* A test that names no bug of ours would find nothing, for ever. */
static void
choose_from_environment(void)
{
	const char *name = getenv("BANGO_BUG");

	if (name == NULL || bug_find(name, &chosen))
		return;
	fprintf(stderr, "BANGO_BUG=%s: there is no such bug\n", name);
	abort();
}

bool
bug_is(enum bug bug)
{
	static bool asked;

	if (!asked) {
		asked = true;
		if (epoch == 0)
			choose_from_environment();
	}

	return chosen == bug;
}

bool
bug_is_possible(void)
{
	return true;
}

void
bug_set(enum bug bug)
{
	chosen = bug;
	epoch++;
}

unsigned int
bug_epoch(void)
{
	return epoch;
}

const char *
bug_name(enum bug bug)
{
	return names[bug];
}

bool
bug_find(const char *name, enum bug *ret)
{
	unsigned int i;

	for (i = 0; i < BUG_COUNT; i++) {
		if (strcmp(names[i], name) == 0) {
			*ret = (enum bug)i;
			return true;
		}
	}

	return false;
}

void
bug_take_environment(void)
{
	const char *name = getenv("BANGO_BUG");
	enum bug bug;

	if (name != NULL && bug_find(name, &bug))
		bug_set(bug);
}
#endif
