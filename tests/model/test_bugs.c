/*
 * The simulator finds each of the mistakes in base/bug.h; and each of its
 * invariants is what finds one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lab/simulate/simulate.h"
#include "tests/support/part.h"

#define SEEDS 80
#define STEPS 70

#define ALL FAULTS_ALL
#define LATE (1u << FAULT_SLEEP | 1u << FAULT_SLOW | 1u << FAULT_DELAY)
#define TORN (1u << FAULT_TORN | 1u << FAULT_DELAY)
#define LIES (1u << FAULT_LYING)

/*
 * By which invariant (NULL: one or another), and under which faults it is easy
 * to see.  `alone`: without that one, nothing is found.  Otherwise the mistake
 * upsets so much that others find it as well; then `blind` is left out, to
 * show this one.  The search begins at `seed`, which found it last.
 */
static const struct {
	enum bug bug;
	const char *invariant;
	bool alone;
	const char *blind;
	unsigned int faults;
	uint64_t seed;
	int insiders; /* organisations that lie, who alone can use it */
} expected[] = {
    {BUG_INBOX_FORGETS, "applied-once", false, "completes", ALL, 1},
    {BUG_RECEIPT_UNCHECKED, NULL, false, NULL, ALL, 1},
    {BUG_POSTED_IS_DELIVERED, "completes", false, NULL, ALL, 1},
    {BUG_LATER_IS_DONE, NULL, false, NULL, TORN, 1},
    {BUG_ENVELOPE_UNCHECKED, NULL, false, NULL, ALL, 2},
    {BUG_MISDIRECTED, "delivered-once", false, NULL, ALL, 2},
    {BUG_COMMIT_UNCHECKED, NULL, false, NULL, ALL, 1},
    {BUG_AUDIT_NAMELESS, "audited", true, NULL, ALL, 1},
    {BUG_PERMIT_KEPT, "permit-once", true, NULL, LIES, 27},
    {BUG_PERMIT_FOREVER, "permit-in-time", false, NULL, LATE, 6},
    {BUG_LAW_SKIPPED, "legal-basis", true, NULL, ALL, 1},
    {BUG_ACQUISITION_KEPT, "acquisition-gone", false, "completes", ALL, 1},
    {BUG_PORTAL_CACHE, "own-records", true, NULL, ALL, 6},
    {BUG_NUMBER_TWICE, "one-number", true, NULL, ALL, 4},
    {BUG_REPLICA_OLDEST, "replica-newest", true, NULL, LIES, 29},
    {BUG_REPORT_WRONG, "records-agree", false, "keeper-agrees", ALL, 6},
    {BUG_TOKEN_LEFT_OUT, "keeper-agrees", true, NULL, ALL, 2},
    {BUG_DELETED_KEPT, "replica-newest", false, "own-records", ALL, 1},
    {BUG_HOLD_IGNORED, "marks-kept", true, NULL, ALL, 13},
    {BUG_DEADLINE_RELEASES, "hold-kept", false, "records-agree", ALL, 23},
    {BUG_MARK_IGNORED, "marks-kept", true, NULL, ALL, 9},
    {BUG_REVOCATION_FORGOTTEN, "taken-back", true, NULL, ALL, 36},
    {BUG_CANCELLED_DELIVERED, "taken-back", true, NULL, ALL, 1},
    {BUG_SEARCH_UNLAWFUL, "search-true", true, NULL, ALL, 1},
    {BUG_FILE_AGAIN, "answered-holds", true, NULL, ALL, 1},
    {BUG_CODE_SHARED, "codes-apart", true, NULL, ALL, 1},
    {BUG_NUMBER_ALONG, "number-or-code", true, NULL, ALL, 1},
    {BUG_LEAF_NAMELESS, "ledger-verifies", true, NULL, ALL, 1},
    {BUG_LEDGER_GAP, "ledger-verifies", true, NULL, ALL, 1},
    {BUG_HISTORY_FORKED, "one-history", true, NULL, ALL, 1},
    {BUG_EVIDENCE_FIRST, "evidence-kept", true, NULL, ALL, 23},
    {BUG_TIMER_READS, "timers-run", true, NULL, ALL, 1},
    {BUG_OWNER_UNCHECKED, "insider-learns", false, NULL, 0, 1, 2},
    {BUG_SENDER_UNCHECKED, "insider-moves", false, NULL, 0, 3, 2},
};
#define EXPECTED (sizeof(expected) / sizeof(expected[0]))

/*
 * Checks against an organisation that lies, or has stolen keys: honest systems under
 * faults do not miss them.  The test that attacks, fails, and succeeds with the
 * bug.
 */
static const struct {
	enum bug bug;
	const char *test;
} attacked[] = {
    {BUG_NONE, ""},
    {BUG_CASE_UNCHECKED, "unit.relay.relay"},
    {BUG_REVOKED_HEARD, "unit.host.revoked, model.revoked"},
    {BUG_REVOKED_CONNECTED, "e2e.revoked"},
    {BUG_REVOKED_LIST_OLDER, "unit.host.revoked"},
    {BUG_BUDGET_ENDLESS,
	"unit.budget.budget, unit.budget.writing, unit.jukinet.budgets, "
	"unit.network.waiting"},
    {BUG_MARK_MISSING, "model.lost"},
    {BUG_MARK_LATE, "model.lost"},
    {BUG_POOL_ENDLESS, "unit.jukinet.budgets"},
    {BUG_LAPSED_USED, "unit.jukinet.outstanding"},
    {BUG_CHANGES_ENDLESS, "unit.jukinet.changing"},
    {BUG_WITNESS_SILENT, "unit.audit.witness"},
    {BUG_DUTIES_ABROAD, "unit.nation.duties"},
    {BUG_FUTURE_BELIEVED, "unit.relay.outdated"},
    {BUG_ANONYMOUS_AUDITED, "unit.host.anonymous"},
    {BUG_NOTICE_AGAIN, "unit.jukinet.transfer"},
    {BUG_ANOTHERS_TOLD, "unit.jukinet.update, unit.jukinet.arrival"},
    {BUG_ARRIVAL_UNASKED, "unit.registry.transfer"},
    {BUG_CLAIM_UNSIGNED, "unit.audit.greeting"},
    {BUG_CLAIM_IGNORED, "unit.audit.greeting"},
    {BUG_CLAIM_BELIEVED, "unit.jukinet.arrival"},
    {BUG_PASSPHRASE_SHARED, "e2e.passphrase"},
    {BUG_SANDBOX_MISSING, "attack.sandbox, unit.live.sandbox"},
    {BUG_CLAIM_UNASKED, "unit.jukinet.claim, model.claims"},
    {BUG_CLAIM_SILENCE, "unit.jukinet.claim, model.claims"},
    {BUG_CLAIM_REVOKED, "unit.jukinet.claim"},
    {BUG_SUPPORT_IGNORED, "unit.registry.claimed"},
    {BUG_CLAIM_ANYBODY_AGREES, "unit.jukinet.claim, model.claims"},
    {BUG_DUTIES_UNCHECKED, "model.duties"},
    {BUG_SECOND_IS_FIRST, "unit.host.pending, model.duties"},
    {BUG_QUESTION_UNSIGNED, "attack.unasked, unit.relay.question"},
    {BUG_QUESTION_TWICE, "unit.relay.question"},
    {BUG_QUESTION_OF_ANOTHER, "unit.network.question"},
    {BUG_ROWS_IN_THE_CLEAR, "unit.relay.apart"},
    {BUG_TOKENS_UNCOMPARED, "unit.keeper.keeper, model.discrepancies"},
    {BUG_TOKENS_OF_OTHERS, "unit.keeper.keeper"},
    {BUG_KEEPER_ANYBODY, "unit.keeper.keeper"},
    {BUG_GROUND_UNCHECKED,
	"attack.withheld, unit.law.withholding, unit.network.hiding"},
    {BUG_EXISTENCE_BY_ONE, "unit.network.hiding, unit.offices.withheld"},
    {BUG_WITHHELD_FOREVER, "unit.network.hiding, unit.offices.withheld"},
    {BUG_KEY_UNANNOUNCED, "unit.nation.renew"},
    {BUG_RENEW_ENDED, "unit.nation.renew"},
    {BUG_CERTIFICATE_UNTIMELY, "unit.nation.request"},
    {BUG_REQUEST_UNPROVED, "unit.pki.request"},
    {BUG_REQUEST_UNANNOUNCED, "e2e.certificate"},
    {BUG_NOBODY_KEPT, "unit.network.network"},
    {BUG_OUTBOX_ENDLESS, "unit.host.backlog, model.backlog, attack.deaf"},
    {BUG_OLD_CODE_TAKEN, "unit.network.relinking"},
    {BUG_RENEWED_BY_ANYBODY, "unit.relay.renewal, unit.portal.portal"},
    {BUG_TAKEN_FOR_OTHERS, "unit.network.relinking"},
    {BUG_BODY_BEFORE_RIGHT, "e2e.bodies"},
    {BUG_POSTING_WHOLE, "unit.host.intake"},
    {BUG_ROWS_UNCOMPARED, "unit.audit.ledger"},
    {BUG_SUMS_UNCOMPARED, "unit.audit.ledger"},
    {BUG_TICKET_AGAIN, "unit.portal.portal"},
    {BUG_TICKET_FOREVER, "unit.portal.portal"},
    {BUG_ENDED_SIGNS_IN, "unit.portal.portal"},
    {BUG_SESSION_OUTLIVES, "unit.portal.portal"},
    {BUG_ADDRESS_ENDLESS, "unit.host.guesses"},
    {BUG_ADDRESS_SHARED, "unit.host.guesses, attack.enrolments"},
    {BUG_ORDER_AHEAD, "unit.portal.portal"},
    {BUG_WAITING_GUESS, "unit.host.guesses, attack.enrolments"},
};

static void
run(const struct simulate_options *o, struct simulate_report *ret)
{
	struct problem problem = {0};

	if (simulate_run(o, ret, &problem))
		fail_msg("%s", problem.text);
}

/* Whether one of so many seeds from o->seed on finds it. */
static bool
find(struct simulate_options *o, struct simulate_report *report)
{
	uint64_t end = o->seed + SEEDS;

	do
		run(o, report);
	while (report->invariant[0] == '\0' && ++o->seed < end);

	return report->invariant[0] != '\0';
}

/* True if it is found as expected; says how. */
static bool
is_found(size_t i)
{
	struct simulate_options o = {.seed = expected[i].seed,
	    .steps = STEPS,
	    .organisations = 2,
	    .insiders = expected[i].insiders,
	    .faults = expected[i].faults,
	    .bug = expected[i].bug,
	    .blind = expected[i].blind};
	struct simulate_report report, without = {.trace = 0};
	bool as_expected;

	as_expected = find(&o, &report) &&
	    (expected[i].invariant == NULL ||
		strcmp(report.invariant, expected[i].invariant) == 0);
	if (as_expected && expected[i].alone) {
		o.blind = expected[i].invariant;
		run(&o, &without);
	}
	print_message("%-20s seed %2d: %s: %s%s%s\n", bug_name(o.bug),
	    (int)o.seed, report.invariant, report.finding,
	    without.invariant[0] == '\0' ? "" : "; also ", without.invariant);

	return as_expected && without.invariant[0] == '\0';
}

static void
each_bug_is_found(void **state)
{
	size_t i, missed = 0;

	(void)state;
	if (!bug_is_possible())
		skip();
	for (i = 0; i < EXPECTED; i++)
		missed += part_has(i) && !is_found(i);
	assert_int_equal(missed, 0);
}

static void
each_bug_and_each_invariant_is_tried(void **state)
{
	bool has_bug[BUG_COUNT] = {false}, found;
	size_t i, j;

	(void)state;
	for (i = 0; i < EXPECTED; i++)
		has_bug[expected[i].bug] = true;
	for (i = 0; i < sizeof(attacked) / sizeof(attacked[0]); i++)
		has_bug[attacked[i].bug] = true;
	for (i = 0; i < BUG_COUNT; i++)
		assert_true(has_bug[i]);
	for (j = 0; simulate_invariants[j] != NULL; j++) {
		found = false;
		for (i = 0; i < EXPECTED; i++)
			found = found ||
			    (expected[i].invariant != NULL &&
				strcmp(expected[i].invariant,
				    simulate_invariants[j]) == 0);
		if (!found)
			fail_msg("no bug for %s", simulate_invariants[j]);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_bug_and_each_invariant_is_tried),
	    cmocka_unit_test(each_bug_is_found),
	};

	part_read(argc, argv);

	return cmocka_run_group_tests(tests, NULL, NULL);
}
